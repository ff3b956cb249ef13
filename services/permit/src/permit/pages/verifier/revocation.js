// Lists of permits that do not count although their code is genuine: see common.credential.listing and
// .revocation, which this mirrors. A list here is { oldestWeek, shards: Map(week => { barred, watched }) }, both
// Maps of row (16 hex letters) to mark. Times are seconds.
import { decode, LIST } from './cbor.js';
import { hex, importKey, kidOf, verify } from './cose.js';
import { damaged, Unverifiable } from './refusal.js';
import { isInstant } from './trust-list.js';

const HASH = 8, ROW = 9, WEEK_SECONDS = 604800, DIGEST = 32, ES256 = -7;
const [KIND, SEQUENCE, ISSUED, LIST_HASH, NEXT, BEFORE, OLDEST, MOVES] = [1, 2, 3, 4, 5, 6, 7, 8];
const HEAD = { kind: 'revocation-head', keys: [KIND, SEQUENCE, ISSUED, LIST_HASH, NEXT] };
const DELTA = { kind: 'revocation-delta', keys: [KIND, SEQUENCE, ISSUED, LIST_HASH, BEFORE, OLDEST, MOVES] };
const MARKS = { 1: 'not-valid-now', 2: 'revoked' };
const REV = new TextEncoder().encode('rev');

export const emptyList = () => ({ oldestWeek: 0, shards: new Map() });
export const weekOf = validUntil => Math.floor(validUntil / WEEK_SECONDS);
const sha256 = async bytes => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
export const hashOf = async list => hex(await sha256(packed(list)));

export async function rowOf(cti) {
  const bytes = new Uint8Array(REV.length + cti.length);
  bytes.set(REV);
  bytes.set(cti, REV.length);
  return hex((await sha256(bytes)).subarray(0, HASH));
}

/** Why a permit does not count ('not-valid-now', 'revoked') or null, and whether its holder's paper needs care. */
export async function lookUp(list, cti, validUntil) {
  const shard = list.shards.get(weekOf(validUntil)), row = await rowOf(cti);
  return { reason: MARKS[shard?.barred.get(row)] ?? null, isWatched: shard?.watched.has(row) ?? false };
}

export async function readHead(signed, root, newestSeen = 0) {
  const claims = await claimsOf(signed, root, HEAD);
  const [sequence, issuedAt, nextAt] = [SEQUENCE, ISSUED, NEXT].map(key => claims.get(key));
  if (!isCount(sequence) || !isInstant(issuedAt) || !isInstant(nextAt)) throw wrong('not a head');
  const head = { sequence, issuedAt, listHash: digest(claims, LIST_HASH) };
  if (sequence < newestSeen) throw new Unverifiable('list-rolled-back');
  return head;
}

export async function readDelta(signed, root) {
  const claims = await claimsOf(signed, root, DELTA);
  const [sequence, issuedAt, oldestWeek, moves] = [SEQUENCE, ISSUED, OLDEST, MOVES].map(key => claims.get(key));
  if (!isCount(sequence) || !isInstant(issuedAt) || !isCount(oldestWeek) || !(moves instanceof Map)) throw wrong('not a change');
  const found = [...moves].map(([week, rows]) => {
    if (!isCount(week) || !Array.isArray(rows) || rows.length !== 4) throw wrong('not moves');
    return [week, { barred: rowsOf(rows[0], wrong), released: hashesOf(rows[1]), watched: rowsOf(rows[2], wrong), unwatched: hashesOf(rows[3]) }];
  });
  return { sequence, issuedAt, oldestWeek, before: digest(claims, BEFORE), listHash: digest(claims, LIST_HASH), moves: found };
}

/** A full list: { head, list }. */
export async function readFull(bytes, root, newestSeen = 0) {
  if (bytes.length < 4) throw damaged('cut short');
  const end = 4 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  const head = await readHead(bytes.subarray(4, end), root, newestSeen), body = bytes.subarray(end);
  if (hex(await sha256(body)) !== head.listHash) throw damaged('not the list that was signed');
  return { head, list: unpacked(body) };
}

/** The list after a change, { head, list }; 'list-gap' when the full list is needed. */
export async function apply(list, head, delta) {
  if (delta.sequence <= head.sequence) throw new Unverifiable('list-rolled-back');
  if (delta.sequence !== head.sequence + 1 || delta.before !== head.listHash) throw new Unverifiable('list-gap');
  const changed = after(list, delta);
  if (await hashOf(changed) !== delta.listHash) throw damaged('not the list that was signed');
  return { list: changed, head: { sequence: delta.sequence, issuedAt: delta.issuedAt, listHash: delta.listHash } };
}

/** Signed messages that were sent one after the other, each with its length before it. */
export function* inARow(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < bytes.length;) {
    if (at + 4 > bytes.length) throw damaged('cut short');
    const end = at + 4 + view.getUint32(at);
    if (end > bytes.length) throw damaged('cut short');
    yield bytes.subarray(at + 4, end);
    at = end;
  }
}

export function packed(list) {
  const weeks = [...list.shards].sort(([a], [b]) => a - b);
  const size = weeks.reduce((sum, [, shard]) => sum + 12 + ROW * (shard.barred.size + shard.watched.size), 4);
  const bytes = new Uint8Array(size), view = new DataView(bytes.buffer);
  view.setUint32(0, list.oldestWeek);
  let at = 4;
  for (const [week, shard] of weeks) {
    [week, shard.barred.size, shard.watched.size].forEach((number, k) => view.setUint32(at + 4 * k, number));
    at += 12;
    for (const rows of [shard.barred, shard.watched]) {
      for (const row of [...rows.keys()].sort()) {
        for (let k = 0; k < HASH; k += 1) bytes[at++] = parseInt(row.slice(2 * k, 2 * k + 2), 16);
        bytes[at++] = rows.get(row);
      }
    }
  }
  return bytes;
}

export function unpacked(bytes) {
  if (bytes.length < 4) throw damaged('cut short');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const list = { oldestWeek: view.getUint32(0), shards: new Map() };
  for (let at = 4; at < bytes.length;) {
    if (at + 12 > bytes.length) throw damaged('cut short');
    const [week, barred, watched] = [0, 4, 8].map(k => view.getUint32(at + k));
    const middle = at + 12 + barred * ROW, end = middle + watched * ROW;
    if (end > bytes.length) throw damaged('cut short');
    list.shards.set(week, { barred: rowsOf(bytes.subarray(at + 12, middle), damaged), watched: rowsOf(bytes.subarray(middle, end), damaged) });
    at = end;
  }
  const again = packed(list);
  if (again.length !== bytes.length || again.some((byte, at) => byte !== bytes[at])) throw damaged('another spelling of a list');
  return list;
}

function after(list, { oldestWeek, moves }) {
  const shards = new Map([...list.shards].filter(([week]) => week >= oldestWeek));
  for (const [week, change] of moves) {
    const shard = shards.get(week) ?? { barred: new Map(), watched: new Map() };
    const barred = changed(shard.barred, change.released, change.barred), watched = changed(shard.watched, change.unwatched, change.watched);
    if (barred.size || watched.size) shards.set(week, { barred, watched });
    else shards.delete(week);
  }
  return { oldestWeek, shards };
}

function changed(rows, gone, put) {
  const found = new Map(rows);
  for (const row of gone) found.delete(row);
  for (const [row, mark] of put) found.set(row, mark);
  return found;
}

function rowsOf(bytes, fault) {
  if (!(bytes instanceof Uint8Array) || bytes.length % ROW) throw fault('rows of the wrong length');
  const rows = new Map();
  for (let at = 0; at < bytes.length; at += ROW) rows.set(hex(bytes.subarray(at, at + HASH)), bytes[at + HASH]);
  return rows;
}

function hashesOf(bytes) {
  if (!(bytes instanceof Uint8Array) || bytes.length % HASH) throw wrong('hashes of the wrong length');
  return Array.from({ length: bytes.length / HASH }, (_, k) => hex(bytes.subarray(k * HASH, (k + 1) * HASH)));
}

async function claimsOf(signed, root, { kind, keys }) {
  const pinned = { kid: await kidOf(root), algorithm: ES256, verifier: await importKey(root) };
  const { payload } = await verify(signed, kid => {
    if (kid !== pinned.kid) throw new Unverifiable('unknown-key');
    return pinned;
  }, LIST);
  const claims = decode(payload, LIST);
  const isKnown = claims instanceof Map && claims.size === keys.length && keys.every(key => claims.has(key));
  if (!isKnown || claims.get(KIND) !== kind) throw wrong(`not a ${kind}`);
  return claims;
}

function digest(claims, key) {
  const found = claims.get(key);
  if (!(found instanceof Uint8Array) || found.length !== DIGEST) throw wrong('not a hash');
  return hex(found);
}

function wrong(detail) { return new Unverifiable('bad-claims', detail); }
const isCount = value => Number.isSafeInteger(value) && value >= 0;
