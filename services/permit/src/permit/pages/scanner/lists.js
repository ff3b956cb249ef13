// The lists on this device: believed keys, and permits that do not count. The root key is pinned at the first
// visit: a list of another root is never taken, nor one that is older than the newest seen here.
import { call, Refused, token } from 'shell/auth.js';
import { apply, emptyList, inARow, lookUp, packed, readDelta, readFull, readHead, unpacked } from '../verifier/revocation.js';
import { readTrustList } from '../verifier/trust-list.js';
import { heardServer, proven, trustedNow } from './clock.js';
import { keepValue, kept } from './keep.js';

export const OLD_SECONDS = 24 * 3600, TOO_OLD_SECONDS = 72 * 3600;
const EVERY_MS = 60000, SOON_MS = 5000, MOST_AT_ONCE = 400, PATIENCE_MS = 15000;
const bytes = text => Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
let trust = null, known = { list: emptyList(), head: null }, root = null, fault = '', running = null, isTried = false;

export const trustedList = () => trust;
export const standingOf = permit => lookUp(known.list, permit.cti);
/** Seconds since the list was known to be the newest; null without one. */
export const listAge = () => (known.head ? Math.max(0, trustedNow() - known.head.issuedAt) : null);
/** Tells whether the centre was asked at least once since this page opened. */
export const wasAsked = () => isTried;
/** Why the centre's lists were not taken at the last try, or ''. */
export const listFault = () => fault;

async function load() {
  const trusted = await kept('trust'), revoked = await kept('revoked');
  if (trusted) {
    root = bytes(trusted.root);
    // How old it is is judged by its date; an old list still tells whose signature it is.
    trust = await readTrustList(bytes(trusted.cose), root, 0, trusted.sequence);
    proven(trust.issuedAt);
  }
  if (revoked) {
    known = { list: unpacked(revoked.packed), head: revoked.head };
    proven(revoked.head.issuedAt);
  }
}

async function takeTrust() {
  const view = await call('/v1/trust-list'), pinned = root ?? bytes(view.root), seen = (await kept('trust'))?.sequence ?? 0;
  const found = await readTrustList(bytes(view.cose), pinned, 0, seen);
  [root, trust] = [pinned, found];
  heardServer(view.server_now, found.issuedAt);
  await keepValue('trust', { root: btoa(String.fromCharCode(...pinned)), cose: view.cose, sequence: found.sequence });
}

async function takeRevoked() {
  const newest = await readHead(await got('head'), root, known.head?.sequence ?? 0);
  let next = known.head ? known : await full();
  if (newest.sequence - next.head.sequence > MOST_AT_ONCE) next = await full();
  if (newest.sequence > next.head.sequence) next = await changed(next, newest.sequence).catch(async reason => {
    if (!(reason instanceof Refused && reason.status === 404) && reason.reason !== 'list-gap') throw reason;
    return full();
  });
  if (next.head.sequence === newest.sequence) {
    // The same number with another content is another history: only the full list can tell.
    if (next.head.listHash !== newest.listHash) next = await full();
    next = { ...next, head: { ...next.head, issuedAt: Math.max(next.head.issuedAt, newest.issuedAt) } };
  }
  known = next;
  proven(known.head.issuedAt);
  await keepValue('revoked', { packed: packed(known.list), head: known.head });
}
const full = async () => readFull(await got('full'), root, known.head?.sequence ?? 0);

async function changed(from, last) {
  let next = from;
  for (const signed of inARow(await got(`changes/${from.head.sequence + 1}/${last}`))) {
    next = await apply(next.list, next.head, await readDelta(signed, root));
  }
  return next;
}

async function got(path) {
  const reply = await fetch(`/v1/revocations/${path}`, {
    headers: { authorization: `Bearer ${await token()}` }, signal: AbortSignal.timeout(PATIENCE_MS),
  });
  if (!reply.ok) throw new Refused(reply.status, await reply.json().catch(() => ({})));
  return new Uint8Array(await reply.arrayBuffer());
}

/** Bring the lists up to date; without a network the kept ones stay. */
export function syncLists() {
  running ??= (async () => {
    try {
      await takeTrust();
      await takeRevoked();
      fault = '';
    } catch (reason) {
      fault = reason.reason ?? '';
    } finally {
      running = null;
      isTried = true;
    }
  })();
  return running;
}

export async function startLists(tell) {
  await load();
  const round = async () => { await syncLists(); tell(); };
  // Without any list a device lets nobody pass offline: it asks again soon.
  const next = () => { setTimeout(() => round().finally(next), known.head ? EVERY_MS : SOON_MS); };
  addEventListener('online', round);
  const first = round();
  first.finally(next);
  return first;
}
