// What is shown in which order. Nothing moves under the reader: new data changes rows in place, a new order
// waits until it is asked for.
import { num } from 'shell/kit.js';
import { t } from 'shell/i18n.js';
import { said } from './said.js';

export const RANK = { low: 1, medium: 2, high: 3, very_high: 4 };
export const TABS = ['act', 'quiet', 'aside', 'knock', 'all'];
export const heardAt = p => p.last_report_at ?? p.declared_at;
/** Put aside until later than now, by the server's clock. */
export const isAside = (p, now) => p.snoozed_until != null && Date.parse(p.snoozed_until) > now;

/** The level at which each row was put where it stands. */
export const placed = items => Object.fromEntries(items.map(p => [p.person_id, p.risk_level]));

/** Keep the order on the screen; `fresh` counts what would stand elsewhere by now, or is not there yet. */
export function merged(shown, arrived, levels) {
  const byId = new Map(arrived.map(p => [p.person_id, p])), known = new Set(shown.map(p => p.person_id));
  const kept = shown.filter(p => byId.has(p.person_id)).map(p => byId.get(p.person_id));
  const worse = kept.filter(p => RANK[p.risk_level] > RANK[levels[p.person_id] ?? p.risk_level]).length;
  const added = arrived.filter(p => !known.has(p.person_id)).length;
  return { kept, fresh: worse + added };
}

/** Put what the stream said of somebody into the row that is shown; who closed the record or is aside leaves on the next look. */
export function patched(shown, change) {
  return shown.map(p => (p.person_id === change.person_id
    ? { ...p, ...change, taken: change.taken_by == null ? null : p.taken?.by === change.taken_by ? p.taken : { by: change.taken_by, name: change.taken_by, is_me: false } } : p));
}

/** The one line that says why somebody is where they are in the list. */
export function shortReason(p) {
  const reasons = p.why.map(r => (r.is_measured && typeof r.value === 'number' && r.criterion !== 'silence-after-bad-value' ? `${said(r, 'label')} ${num(r.value)}` : said(r, 'label')));
  if (p.is_silent && p.missed_in_a_row > 1) reasons.unshift(t('doctor.missed', { n: p.missed_in_a_row }));
  return reasons.join(' · ') || t('doctor.no-signs');
}

/** "12 phút", "10 giờ 20", "3 ngày": how long ago, in whole minutes. */
export function span(minutes) {
  if (minutes < 60) return t('doctor.minutes', { n: minutes });
  if (minutes < 2880) return t('doctor.hours', { h: Math.floor(minutes / 60), m: String(minutes % 60).padStart(2, '0') });
  return t('doctor.days', { n: Math.floor(minutes / 1440) });
}
