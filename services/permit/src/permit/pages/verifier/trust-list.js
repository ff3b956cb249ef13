// Which keys are believed: see common.credential.trust_list, which this mirrors. Times are seconds.
import { decode, LIST } from './cbor.js';
import { hex, importKey, kidOf, verify } from './cose.js';
import { Unverifiable } from './refusal.js';

const LATEST_SECOND = 253402300799;
const STATUSES = ['active', 'retired', 'revoked'];
const ES256 = -7;

export const isInstant = value => Number.isSafeInteger(value) && value > 0 && value <= LATEST_SECOND;

// `root` is the pinned SubjectPublicKeyInfo, `newestSeen` the highest sequence this device ever accepted.
export async function readTrustList(signed, root, now, newestSeen = 0) {
  const pinned = { kid: await kidOf(root), algorithm: ES256, verifier: await importKey(root) };
  const { payload } = await verify(signed, kid => {
    if (kid !== pinned.kid) throw new Unverifiable('unknown-key');
    return pinned;
  }, LIST);
  const list = await parsed(decode(payload, LIST));
  if (list.sequence < newestSeen) throw new Unverifiable('list-rolled-back');
  if (now > list.expiresAt) throw new Unverifiable('list-expired');
  return list;
}

// The key that counts at `now`, or Unverifiable if it is unknown, revoked or out of its time.
export function keyAt(list, kid, now) {
  const key = list.keys.get(kid);
  if (!key) throw new Unverifiable('unknown-key');
  if (key.status === 'revoked') throw new Unverifiable('key-revoked');
  if (now < key.notBefore) throw new Unverifiable('key-not-yet');
  if (now > key.acceptUntil) throw new Unverifiable('key-expired');
  return key;
}

async function parsed(claims) {
  const wrong = () => new Unverifiable('bad-claims', 'not a trust list');
  if (!(claims instanceof Map)) throw wrong();
  const [sequence, issuedAt, expiresAt, entries] = [1, 2, 3, 4].map(key => claims.get(key));
  if (!Number.isSafeInteger(sequence) || !isInstant(issuedAt) || !isInstant(expiresAt) || !Array.isArray(entries)) {
    throw wrong();
  }
  const keys = new Map();
  for (const entry of entries) {
    const key = await parsedEntry(entry).catch(() => { throw wrong(); });
    if (keys.has(key.kid)) throw wrong();
    keys.set(key.kid, key);
  }
  return { sequence, issuedAt, expiresAt, keys };
}

async function parsedEntry(entry) {
  const [kid, algorithm, spki, notBefore, notAfter, acceptUntil, categories, areas, status] =
    [1, 2, 3, 4, 5, 6, 7, 8, 9].map(key => entry.get(key));
  const areTimes = [notBefore, notAfter, acceptUntil].every(isInstant);
  const areLists = Array.isArray(categories) && Array.isArray(areas);
  if (!areTimes || !areLists || algorithm !== ES256 || !STATUSES[status]) throw new Error('entry');
  if (hex(kid) !== await kidOf(spki)) throw new Error('key id');
  return {
    kid: hex(kid), algorithm, verifier: await importKey(spki), notBefore, notAfter, acceptUntil,
    categories, areas, status: STATUSES[status],
  };
}
