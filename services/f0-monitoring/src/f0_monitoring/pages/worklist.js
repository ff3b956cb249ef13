// What is shown in which order. Nothing moves under the reader: new data changes rows in place, a new order
// waits until it is asked for.
import { num } from 'shell/kit.js';
import { t } from 'shell/i18n.js';
import { said } from './said.js';

export const RANK = { low: 1, medium: 2, high: 3, very_high: 4 };
export const heardAt = p => p.last_report_at ?? p.declared_at;
export const isUrgent = p => RANK[p.risk_level] > 2;
export const FILTERS = { act: isUrgent, quiet: p => p.is_silent, all: () => true };

const byRiskThenSilence = (a, b) => RANK[b.risk_level] - RANK[a.risk_level] || Date.parse(heardAt(a)) - Date.parse(heardAt(b));
export const sorted = patients => [...patients].sort(byRiskThenSilence);

/** Keep the order on the screen; `fresh` counts what would stand elsewhere or is not there yet. */
export function merged(shown, arrived) {
  const byId = new Map(arrived.map(p => [p.person_id, p])), known = new Set(shown.map(p => p.person_id));
  const kept = shown.filter(p => byId.has(p.person_id)).map(p => byId.get(p.person_id));
  const worse = shown.filter(p => byId.has(p.person_id) && RANK[byId.get(p.person_id).risk_level] > RANK[p.risk_level]).length;
  const added = arrived.filter(p => !known.has(p.person_id)).length;
  return { kept, fresh: worse + added };
}

/** The one line that says why somebody is where they are in the list. */
export function shortReason(p) {
  const measured = r => r.at && typeof r.value === 'number' && r.criterion !== 'silence-after-bad-value';
  const reasons = p.risk.reasons.slice(0, 2).map(r => (measured(r) ? `${said(r, 'label')} ${num(r.value)}` : said(r, 'label')));
  if (p.is_silent && p.missed_in_a_row > 1) reasons.unshift(t('doctor.missed', { n: p.missed_in_a_row }));
  return reasons.join(' · ') || t('doctor.no-signs');
}

/** "12 phút", "10 giờ 20", "3 ngày": how long ago, in whole minutes. */
export function span(minutes) {
  if (minutes < 60) return t('doctor.minutes', { n: minutes });
  if (minutes < 2880) return t('doctor.hours', { h: Math.floor(minutes / 60), m: String(minutes % 60).padStart(2, '0') });
  return t('doctor.days', { n: Math.floor(minutes / 1440) });
}
