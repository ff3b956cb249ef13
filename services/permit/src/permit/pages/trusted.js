// The list of believed keys on this device. The root key is pinned at the first visit: a list signed by
// another root is never taken, nor one that is older than the newest seen here.
import { call } from 'shell/auth.js';
import { now, remember, setServerNow } from 'shell/kit.js';
import { readTrustList } from './verifier/trust-list.js';

const KEY = 'lachan.trust-list', EVERY = 5 * 60 * 1000;
const bytes = text => Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
const seconds = () => Math.floor(now() / 1000);
let kept = JSON.parse(remember.get(KEY) ?? 'null');
let list = null;
/** How far this device's clock is off, as the centre last told: it holds without a network too. */
const setSkew = ms => setServerNow(new Date(Date.now() + ms).toISOString());
if (kept) setSkew(kept.skewMs ?? 0);

/** A clock that is never behind what the list proves: a phone set back does not revive an old permit. */
export const trustedNow = () => Math.max(seconds(), list?.issuedAt ?? 0);
export const listAge = () => (list ? Math.max(0, seconds() - list.issuedAt) : null);
export const trustedList = () => list;

async function take(view) {
  const root = kept?.root ?? view.root, skewMs = view.server_now ? Date.parse(view.server_now) - Date.now() : view.skewMs ?? 0;
  setSkew(skewMs);
  const found = await readTrustList(bytes(view.cose), bytes(root), seconds() - 300, kept?.sequence ?? 0);
  list = found;
  kept = { root, cose: view.cose, skewMs, sequence: Math.max(found.sequence, kept?.sequence ?? 0) };
  remember.set(KEY, JSON.stringify(kept));
}

/** Fetch the newest list; without a network the kept one stays. */
export async function refreshTrust() {
  try {
    await take(await call('/v1/trust-list'));
  } catch {
    if (!list && kept) await take(kept).catch(() => {});
  }
}

export async function startTrust(tell) {
  const round = async () => { await refreshTrust(); tell(); };
  setInterval(round, EVERY);
  addEventListener('online', round);
  await round();
}
