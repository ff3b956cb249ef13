// How somebody gets into the room: by a link that opens once, by the ticket this tab already has, or signed in.
import { call, requireSignIn } from 'shell/auth.js';
import { param } from 'shell/kit.js';

const KEY = 'lachan.room';
const kept = () => { try { return JSON.parse(sessionStorage.getItem(KEY)); } catch { return null; } };
function keep(entry) {
  sessionStorage.setItem(KEY, JSON.stringify(entry));          // the tab alone: a shared phone keeps nothing
  const query = new URLSearchParams(location.search);
  query.set('c', entry.consultation_id);
  history.replaceState(null, '', `${location.pathname}?${query}`);   // the link's secret leaves the address at once
  return entry;
}
export const forgetEntry = () => sessionStorage.removeItem(KEY);

/** Enter afresh as whoever is signed in. */
export async function enterSignedIn() {
  await requireSignIn();
  return keep(await call(`/v1/consultations/${encodeURIComponent(param('c', ''))}/entry`, { json: {} }));
}
/** The entry of this page; throws what the server refuses. */
export async function enter() {
  const link = location.hash.slice(1);
  if (link) return keep(await call('/v1/room-entries', { json: { link } }));
  const mine = kept();
  if (mine && mine.consultation_id === param('c') && Date.parse(mine.expires_at) > Date.now()) return mine;
  return enterSignedIn();
}

let servers = null;
/** Where browsers find each other: asked for again before the relay's credentials end. */
export async function iceServers(ticket) {
  if (servers && Date.parse(servers.expires_at) - Date.now() > 5 * 60_000) return servers.ice_servers;
  try { servers = await call('/v1/ice-servers', { json: { ticket } }); } catch { return servers?.ice_servers ?? []; }
  return servers.ice_servers;
}
