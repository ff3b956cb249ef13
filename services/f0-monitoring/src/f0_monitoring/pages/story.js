// Diễn biến: everything that happened to a patient, newest first: who, when, what.
import { html } from 'shell/ui.js';
import { dayHm, hm, num } from 'shell/kit.js';
import { hasText, t } from 'shell/i18n.js';

const SHOWN = 80, NOBODY = new Set(['', 'machine', 'timer']);
const risk = level => t(`doctor.risk.${level}`);
const word = (group, code) => (hasText(`doctor.${group}.${code}`) ? t(`doctor.${group}.${code}`) : code ?? '');

/** A fact in words; `d` are its codes as the service kept them. */
const TELL = {
  'patient-declared': d => t('doctor.fact.patient-declared', { level: risk(d.risk_level) }),
  'risk-escalated': d => (d.from_level === d.to_level ? t('doctor.fact.danger-again', { level: risk(d.to_level) }) : t('doctor.fact.risk-escalated', { from: risk(d.from_level), to: risk(d.to_level) })),
  'risk-lowered': d => t('doctor.fact.risk-lowered', { from: risk(d.from_level), to: risk(d.to_level) }),
  'doctor-assigned': d => `${t('doctor.fact.doctor-assigned', { name: d.doctor_name })} (${[word('because', d.because), word('found', d.reason)].filter(Boolean).join(', ')})`,
  'patient-moved': d => t('doctor.fact.patient-moved', { from: word('care', d.from_state), to: word('care', d.to_state) }),
  'patient-closed': d => t('doctor.fact.patient-closed', { outcome: word('care', d.outcome) }),
  'declaration-missed': d => t('doctor.fact.declaration-missed', { n: d.missed_in_a_row }),
  'carers-changed': d => t(`doctor.fact.${d.joined === 'true' ? 'carer-joined' : 'carer-left'}`, { name: d.staff_name, role: word('role', d.role) }),
  'patient-acknowledged': d => t(`doctor.fact.${d.is_taken === 'true' ? 'taken' : 'given-back'}`),
  'patient-snoozed': d => t('doctor.fact.snoozed', { at: dayHm(d.until_at) }),
  'snooze-ended': d => t(`doctor.fact.awake.${d.because}`),
  'call-logged': d => t(`doctor.fact.call.${d.result}`, { n: d.unanswered_in_a_row }),
  'medicine-given': d => (d.bag ? t('doctor.fact.medicine', { bag: d.bag }) : t('doctor.fact.prescription')),
  'knock-asked': d => t('doctor.fact.knock-asked', { at: dayHm(d.due_at) }),
  'knock-answered': d => t(`doctor.fact.knock.${d.result ?? 'withdrawn'}`),
  'transfer-requested': d => `${t('doctor.fact.transfer-requested', { tier: d.tier, bed: word('bed', d.bed_kind) })}${d.is_emergency === 'true' ? ` · ${t('doctor.emergency')}` : ''}`,
  'transfer-refused': d => t('doctor.fact.transfer-refused', { place: d.facility_id }),
  'transfer-accepted': d => t('doctor.fact.transfer-accepted', { place: d.facility_id, at: dayHm(d.reserved_until_at) }),
  'transfer-lapsed': d => t('doctor.fact.transfer-lapsed', { place: d.facility_id }),
  'transfer-started': d => t('doctor.fact.transfer-started', { place: d.facility_id }),
  'transfer-arrived': d => t('doctor.fact.transfer-arrived', { place: d.facility_id }),
  'transfer-cancelled': () => t('doctor.fact.transfer-cancelled'),
  'equipment-lent': d => t('doctor.fact.lent', { kind: word('device', d.kind), no: d.equipment_id.split('.').slice(1).join('.') }),
  'equipment-returned': d => t('doctor.fact.returned', { kind: word('device', d.kind), no: d.equipment_id.split('.').slice(1).join('.') }),
};
export const told = entry => (TELL[entry.what] ? TELL[entry.what](entry.details) : entry.what);

const measured = r => ({ id: r.report_id, at: r.reported_at, what: [`SpO₂ ${num(r.spo2_percent)}${r.spo2_repeat_percent != null ? ` → ${num(r.spo2_repeat_percent)}` : ''} %`, `${num(r.temperature_celsius)} °C`, ...r.symptoms].join(' · '),
  small: [t(`doctor.by.${r.declared_by}`), r.is_late && `▲ ${t('doctor.late', { at: hm(r.received_at) })}`].filter(Boolean).join(' · ') });

export function Story({ p, rows, care }) {
  const reasons = new Map(p.history.map(s => [s.to_state, s.reason]));
  const facts = (care?.timeline ?? []).map(e => {
    const why = e.what === 'patient-moved' ? reasons.get(e.details.to_state) : e.what === 'patient-closed' ? reasons.get(e.details.outcome) : '';
    return { id: e.entry_id, at: e.at, what: told(e), small: [e.note || why, NOBODY.has(e.by) ? '' : e.by_name].filter(Boolean).join(' · ') };
  });
  const all = [...facts, ...rows.map(measured)].sort((a, b) => Date.parse(b.at) - Date.parse(a.at)).slice(0, SHOWN);
  return html`<section class="card"><h2>${t('doctor.story')}</h2><ol class="time">${all.map(s => html`<li key=${s.id}><time class="num">${dayHm(s.at)}</time><div>${s.what}${s.small && html`<small>${s.small}</small>`}</div></li>`)}</ol></section>`;
}
