// What the inbox knows: alerts in an order that does not move under the reader. No drawing here.
import { now } from 'shell/kit.js';

export const KINDS = ['risk-rising', 'quarantine-breached', 'patient-silent', 'contact-silent', 'permit-forged', 'permit-flagged', 'care-uncovered', 'knock-asked', 'self-declaration-unanswered', 'stock-low', 'transfer-overdue', 'supervision-climbed', 'channel-dead', 'system-trouble', 'commune-silent', 'source-silent'];
const RANK = { critical: 3, warning: 2, info: 1 };
/** Colour class of a severity: the same scale as risk levels. */
export const shade = severity => `r${RANK[severity] + 1}`;
export const rank = severity => RANK[severity];

export const isOpen = alert => !alert.ended;
export const isWaiting = alert => isOpen(alert) && !alert.taken;
/** What can wait is listed at night and rung in the morning: its step begins then. */
export const isResting = alert => isWaiting(alert) && called(alert) > now();
export const here = alert => alert.ladder[alert.step];
const called = alert => Date.parse(alert.step_at);

/** Whether the rung that is called now is this person: its role, and its area or a smaller one inside it. */
export function callsYou(alert, who) {
  const rung = here(alert);
  if (!isWaiting(alert) || alert.snoozed || isResting(alert) || !who?.roles?.includes(rung.role)) return false;
  if (rung.role === 'doctor' && alert.carer_id) return alert.carer_id === who.sub;
  const codes = [alert.commune_code, alert.district_code, '19'];
  const reached = codes.slice(0, ['commune', 'district', 'province'].indexOf(rung.reach) + 1);
  return reached.some(code => who.areas?.includes(code));
}

const before = (a, b) => RANK[b.severity] - RANK[a.severity] || called(a) - called(b);
const sorted = alerts => [...alerts].sort(before);

export const nothing = () => ({ order: [], byId: new Map(), fresh: new Map(), total: 0, since: null });

/** First snapshot: shown at once. A later one (after a break): what is new waits, what has gone is marked. */
export function withSnapshot(box, { items, total, server_now }) {
  const told = new Map(items.map(alert => [alert.alert_id, alert]));
  if (box.since === null) {
    return { order: sorted(items).map(alert => alert.alert_id), byId: told, fresh: new Map(), total, since: Date.now() };
  }
  const byId = new Map(), fresh = new Map();
  for (const [id, alert] of box.byId) byId.set(id, told.get(id) ?? gone(alert, server_now));
  for (const [id, alert] of told) if (!byId.has(id)) fresh.set(id, alert);
  return { ...box, byId, fresh, total };
}
const gone = (alert, at) => (alert.ended ? alert : { ...alert, ended: { resolution: 'healed', at, by: '' } });

/** Changes: a known alert is updated where it stands, a new one waits behind the button, unless nothing is there to move. In a storm hundreds come at once. */
export function withAlerts(box, alerts) {
  const known = { ...box, byId: new Map(box.byId), fresh: new Map(box.fresh) };
  for (const alert of alerts) {
    const id = alert.alert_id, was = known.byId.get(id) ?? known.fresh.get(id);
    known.total += Number(isOpen(alert)) - Number(was ? isOpen(was) : false);
    if (known.byId.has(id)) known.byId.set(id, alert);
    else isOpen(alert) ? known.fresh.set(id, alert) : known.fresh.delete(id);
  }
  return known.order.length ? known : shown(known);
}

/** The reader asked: new ones in, finished ones out, worst first again. */
export function shown(box) {
  const open = sorted([...box.byId.values(), ...box.fresh.values()].filter(isOpen));
  return { ...box, order: open.map(alert => alert.alert_id), byId: new Map(open.map(a => [a.alert_id, a])), fresh: new Map() };
}

/** Alerts by kind in the order of the list; the kind whose worst alert is worst comes first. */
export function groups(box) {
  const list = box.order.map(id => box.byId.get(id)).filter(Boolean);
  const worst = kind => Math.min(...list.map((alert, place) => (alert.condition === kind ? place : Infinity)));
  return KINDS.filter(kind => worst(kind) < Infinity).sort((a, b) => worst(a) - worst(b))
    .map(kind => ({ kind, list: list.filter(alert => alert.condition === kind) }));
}

/** Without accents and case: people type "dai tu" for "Đại Từ". */
const plain = text => text.normalize('NFD').replace(/[\u0300-\u036f]/g, '').replace(/[đĐ]/g, 'd').toLowerCase();

/** The groups that a reader asked for: all, those that nobody took, or those that call them; in places that are named so. */
export function filtered(parts, { which, place }, me) {
  const wanted = plain(place.trim());
  const fits = alert => (which === 'all' || (which === 'mine' ? callsYou(alert, me) : isWaiting(alert)))
    && (!wanted || plain(`${alert.commune_name ?? ''} ${alert.district_name ?? ''}`).includes(wanted));
  return parts.map(part => ({ ...part, list: part.list.filter(fits) })).filter(part => part.list.length);
}

/** Places where somebody still waits for an answer, the longest first. */
export function unanswered(box, now) {
  const places = new Map();
  for (const alert of [...box.byId.values(), ...box.fresh.values()].filter(isWaiting)) {
    const place = places.get(alert.commune_code) ?? { name: alert.commune_name, waiting: 0, minutes: 0 };
    place.waiting += 1;
    place.minutes = Math.max(place.minutes, Math.floor((now - Date.parse(alert.called_at)) / 60000));
    places.set(alert.commune_code, place);
  }
  return [...places.values()].sort((a, b) => b.minutes - a.minutes);
}
