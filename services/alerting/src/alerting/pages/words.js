// Alerts in words, without a name: the owner of the record shows that to those who may see it.
import { hasText, t } from 'shell/i18n.js';

export const clock = seconds => {
  const s = Math.abs(seconds), minus = seconds < 0 ? '−' : '';
  const two = n => String(n).padStart(2, '0');
  return s >= 5400 ? `${minus}${Math.floor(s / 3600)}g${two(Math.floor(s / 60) % 60)}` : `${minus}${Math.floor(s / 60)}:${two(Math.floor(s % 60))}`;
};
export const span = minutes => (minutes < 60 ? t('time.minutes', { n: minutes })
  : t('time.hours', { h: Math.floor(minutes / 60), m: String(minutes % 60).padStart(2, '0') }));

const number = text => (/^-?\d+(\.\d+)?$/.test(text) ? text.replace('.', ',') : text);
const named = (group, word) => (hasText(`${group}.${word}`) ? t(`${group}.${word}`) : word);
export const level = word => named('level', word);
export const rungName = rung => named('rung', `${rung.role}.${rung.reach}`);
export const roleName = role => named('role', role);

/** Codes of criteria name the measure and the limit (spo2-under-94, warning-breaths-5-12); people read the measure. */
const MEASURES = ['spo2', 'breaths', 'pulse', 'systolic', 'diastolic', 'news2', 'temperature'];
const measure = code => MEASURES.find(stem => code.includes(stem));
function criterion(code) {
  const sign = code.replace(/^(warning|child)-/, '');
  return hasText(`criterion.${sign}`) ? t(`criterion.${sign}`) : measure(code) ? t(`measure.${measure(code)}`) : sign.replace(/[-_]/g, ' ');
}
/** What says most: a measure such as "SpO₂ 91", else the first sign. */
function firstReason(alert) {
  const { reasons } = alert.evidence;
  const measured = reasons.find(each => measure(each.criterion) && /^\d/.test(each.value)), first = measured ?? reasons[0];
  return first ? ` · ${criterion(first.criterion)}${measured ? ` ${number(measured.value)}` : ''}` : '';
}
export function what(alert) {
  const { evidence, condition } = alert;
  if (condition === 'risk-rising') return t('what.risk-rising', { level: level(evidence.level) }) + firstReason(alert);
  if (condition === 'patient-silent') return t('what.patient-silent', { n: evidence.missed_in_a_row, level: level(evidence.level) });
  if (condition === 'contact-silent') return t('what.contact-silent', { n: evidence.missed_in_a_row });
  if (condition === 'quarantine-breached') return named('what', evidence.breach);
  if (condition === 'permit-flagged') return t('what.permit-flagged', { signs: [...new Set(evidence.reasons.map(each => criterion(each.criterion)))].join(', '), checkpoint: evidence.checkpoint_name });
  if (condition === 'care-uncovered') return t('what.care-uncovered', { n: evidence.patients, level: level(evidence.level) });
  if (condition === 'knock-asked') return t('what.knock-asked', { level: level(evidence.level) });
  if (condition === 'supervision-climbed') return t(`what.rung-${evidence.reason_code}`, { n: evidence.missed_in_a_row });
  if (condition === 'self-declaration-unanswered') return t(`what.overdue-${evidence.reason_code}`);
  if (condition === 'stock-low') return t('what.stock-low', { item: t(`item.${evidence.reason_code}`), level: t(`stock.${evidence.level}`) });
  if (condition === 'transfer-overdue') return t(`what.transfer-${evidence.reason_code}`);
  if (condition === 'channel-dead') return t('what.channel-dead', { channel: named('channel', evidence.reason_code) });
  if (condition === 'system-trouble') return t(`what.trouble-${evidence.reason_code}`, { part: evidence.part, n: evidence.count });
  if (condition === 'source-silent') return t('what.source-silent', { source: named('source', evidence.part) });
  if (condition === 'commune-silent') return t('what.commune-silent');
  return t('what.permit-forged', { checkpoint: evidence.checkpoint_name });
}
const isPatient = alert => ['risk-rising', 'patient-silent', 'knock-asked'].includes(alert.condition);
export const subject = alert => (!alert.person_id ? ''
  : t(isPatient(alert) ? 'subject.patient' : 'subject.contact', { id: alert.person_id.slice(-4) }));
export const place = alert => [...new Set([alert.commune_name, alert.district_name])].filter(Boolean).join(', ');
export const recordUrl = (alert, patients, cases) => (!alert.person_id ? null
  : `${isPatient(alert) ? patients : cases}?person=${encodeURIComponent(alert.person_id)}`);

export function reasonLine(reason) {
  const values = { criterion: criterion(reason.criterion), value: number(reason.value), threshold: number(reason.threshold), document: reason.document };
  return t(!reason.value ? 'why.sign' : reason.threshold ? 'why.threshold' : 'why.criterion', values);
}
