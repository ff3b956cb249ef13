// The state of the board in the page: a snapshot, then deltas. Nothing here knows about the screen.
import { setServerNow } from 'shell/kit.js';

const FEED_MAX = 50;
export const PROVINCE = '19';

export const empty = () => ({ areas: new Map(), alerts: [], system: null, isWhole: false, loaded: false });

/** Merge one area's delta: figures by name, the rest by field. */
function merged(known, delta) {
  const next = { ...known, ...delta };
  for (const part of ['metrics', 'yesterday', 'week_ago']) if (delta[part]) next[part] = { ...known?.[part], ...delta[part] };
  return next;
}
export const take = {
  snapshot(_, data) {
    setServerNow(data.server_now);
    return { areas: new Map(data.areas.map(area => [area.code, area])), alerts: data.alerts, system: null, isWhole: data.is_whole, loaded: true };
  },
  area(board, delta) {
    const areas = new Map(board.areas);
    areas.set(delta.code, merged(areas.get(delta.code), delta));
    return { ...board, areas };
  },
  alert(board, row) {
    const rest = board.alerts.filter(known => known.alert_id !== row.alert_id);
    const at = alert => alert.raised_at ?? alert.at;
    return { ...board, alerts: [row, ...rest].sort((a, b) => at(b).localeCompare(at(a))).slice(0, FEED_MAX) };
  },
  system(board, system) { setServerNow(system.server_now); return { ...board, system }; },
};
const RANK = { province: 0, district: 1, commune: 2 };
/** The largest area that the reader may see. */
export const root = board => [...board.areas.values()].sort((a, b) => RANK[a.level] - RANK[b.level] || a.code.localeCompare(b.code))[0];
export const children = (board, code) => [...board.areas.values()].filter(area => area.parent_code === code);
/** How a commune shows on the map. */
export function face(area) {
  if (!area) return { kind: 'hidden-area', mark: '' };
  if (area.silent_since) return { kind: 'silent', mark: '?' };
  if (area.spread_level == null) return { kind: 'quiet', mark: '·' };
  return { kind: `l${area.spread_level}`, mark: area.spread_level === 1 ? '·' : String(area.spread_level) };
}
