// Lists of permits that do not count although their code is genuine: see common.credential.listing and
// .revocation, which this mirrors. A list here is { oldestWeek, shards: Map(week => { barred, watched, narrowed }) }:
// Maps of row (16 hex letters) to mark, and to the packed terms in hex. Times are seconds.
import { decode, LIST } from './cbor.js';
import { hex, importKey, kidOf, verify } from './cose.js';
import { narrowingOf } from './narrowing.js';
import { damaged, Unverifiable } from './refusal.js';
import { isInstant } from './trust-list.js';

const HASH = 8, ROW = 9, DIGEST = 32, ES256 = -7, NARROWED = 2 ** 31;
const [KIND, SEQUENCE, ISSUED, LIST_HASH, NEXT, BEFORE, OLDEST, MOVES] = [1, 2, 3, 4, 5, 6, 7, 8];
const HEAD = { kind: 'revocation-head', keys: [KIND, SEQUENCE, ISSUED, LIST_HASH, NEXT] };
const DELTA = { kind: 'revocation-delta', keys: [KIND, SEQUENCE, ISSUED, LIST_HASH, BEFORE, OLDEST, MOVES] };
const MARKS = { 1: 'not-valid-now', 2: 'revoked' };
const REV = new TextEncoder().encode('rev');

export const emptyList = () => ({ oldestWeek: 0, shards: new Map() });
const sha256 = async bytes => new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
export const hashOf = async list => hex(await sha256(packed(list)));

export async function rowOf(cti) {
  const bytes = new Uint8Array(REV.length + cti.length);
  bytes.set(REV);
  bytes.set(cti, REV.length);
  return hex((await sha256(bytes)).subarray(0, HASH));
}

/** Why a permit does not count ('not-valid-now', 'revoked') or null, whether its holder's paper needs care, and
    the terms that are others now than in an old code of it, or null. */
export async function lookUp(list, cti) {
  const row = await rowOf(cti), shards = [...list.shards.values()];
  const found = rows => shards.find(shard => shard[rows].has(row))?.[rows].get(row);
  const terms = found('narrowed');
  return {
    reason: MARKS[found('barred')] ?? null, isWatched: found('watched') !== undefined,
    narrowing: terms === undefined ? null : narrowingOf(unhex(terms)),
  };
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
  if (!isCount(sequence) || !isInstant(issuedAt) || !isWeek(oldestWeek) || !(moves instanceof Map)) throw wrong('not a change');
  const found = [...moves].map(([week, rows]) => {
    if (!isWeek(week) || !Array.isArray(rows) || ![4, 6].includes(rows.length)) throw wrong('not moves');
    const [barred, released, watched, unwatched, narrowed = [], widened = new Uint8Array()] = rows;
    return [week, {
      barred: rowsOf(barred, wrong), released: hashesOf(released, wrong), watched: rowsOf(watched, wrong),
      unwatched: hashesOf(unwatched, wrong), narrowed: termsOf(narrowed), widened: hashesOf(widened, wrong),
    }];
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
  const weeks = [...list.shards].sort(([a], [b]) => a - b), parts = [numbers(list.oldestWeek)];
  for (const [week, { barred, watched, narrowed }] of weeks) {
    if (barred.size || watched.size) {
      parts.push(numbers(week, barred.size, watched.size));
      for (const rows of [barred, watched]) parts.push(rowBytes(rows));
    }
    if (narrowed.size) parts.push(...narrowedParts(week, narrowed));
  }
  return joined(parts);
}

function rowBytes(rows) {
  const bytes = new Uint8Array(ROW * rows.size);
  let at = 0;
  for (const row of [...rows.keys()].sort()) {
    at = putHex(bytes, at, row);
    bytes[at++] = rows.get(row);
  }
  return bytes;
}

// Each spelling of terms once, in order, with the rows of all who share it.
function narrowedParts(week, narrowed) {
  const groups = new Map();
  for (const [row, terms] of narrowed) (groups.get(terms) ?? groups.set(terms, []).get(terms)).push(row);
  const parts = [numbers(week + NARROWED, groups.size)];
  for (const terms of [...groups.keys()].sort()) {
    const rows = groups.get(terms).sort(), size = terms.length / 2;
    parts.push(Uint8Array.of(size >> 8, size & 255), numbers(rows.length), unhex(terms), unhex(rows.join('')));
  }
  return parts;
}

function numbers(...values) {
  const bytes = new Uint8Array(4 * values.length), view = new DataView(bytes.buffer);
  values.forEach((value, k) => view.setUint32(4 * k, value));
  return bytes;
}

function putHex(bytes, at, text) {
  for (let k = 0; k < text.length; k += 2) bytes[at++] = parseInt(text.slice(k, k + 2), 16);
  return at;
}

function unhex(text) {
  const bytes = new Uint8Array(text.length / 2);
  putHex(bytes, 0, text);
  return bytes;
}

function joined(parts) {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  parts.reduce((at, part) => { bytes.set(part, at); return at + part.length; }, 0);
  return bytes;
}

export function unpacked(bytes) {
  if (bytes.length < 4) throw damaged('cut short');
  const reader = new Records(bytes), list = { oldestWeek: reader.number(), shards: new Map() };
  while (reader.at < bytes.length) {
    const week = reader.number();
    if (week >= NARROWED) {
      const shard = list.shards.get(week - NARROWED) ?? { barred: new Map(), watched: new Map() };
      list.shards.set(week - NARROWED, { ...shard, narrowed: reader.narrowed() });
    } else {
      const [barred, watched] = [reader.number(), reader.number()].map(count => reader.take(count * ROW));
      list.shards.set(week, { barred: rowsOf(barred, damaged), watched: rowsOf(watched, damaged), narrowed: new Map() });
    }
  }
  const again = packed(list);
  if (again.length !== bytes.length || again.some((byte, at) => byte !== bytes[at])) throw damaged('another spelling of a list');
  return list;
}

class Records {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }

  take(size) {
    if (this.at + size > this.bytes.length) throw damaged('cut short');
    return this.bytes.subarray(this.at, this.at += size);
  }

  number(size = 4) {
    return this.take(size).reduce((value, byte) => value * 256 + byte, 0);
  }

  narrowed() {
    const found = new Map();
    for (let groups = this.number(); groups > 0; groups -= 1) {
      const size = this.number(2), rows = this.number();
      for (const [row, terms] of termsOf([this.take(size), this.take(rows * HASH)], damaged)) found.set(row, terms);
    }
    return found;
  }
}

function after(list, { oldestWeek, moves }) {
  const shards = new Map([...list.shards].filter(([week]) => week >= oldestWeek));
  for (const [week, change] of moves) {
    const shard = shards.get(week) ?? { barred: new Map(), watched: new Map(), narrowed: new Map() };
    const barred = changed(shard.barred, change.released, change.barred), watched = changed(shard.watched, change.unwatched, change.watched);
    const narrowed = changed(shard.narrowed, change.widened, change.narrowed);
    if (barred.size || watched.size || narrowed.size) shards.set(week, { barred, watched, narrowed });
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

function hashesOf(bytes, fault) {
  if (!(bytes instanceof Uint8Array) || bytes.length % HASH) throw fault('hashes of the wrong length');
  return Array.from({ length: bytes.length / HASH }, (_, k) => hex(bytes.subarray(k * HASH, (k + 1) * HASH)));
}

// A spelling of terms, the rows that share it, the next spelling.
function termsOf(groups, fault = wrong) {
  if (!Array.isArray(groups) || groups.length % 2) throw fault('terms without rows');
  const found = new Map();
  for (let k = 0; k < groups.length; k += 2) {
    const [terms, rows] = groups.slice(k, k + 2);
    if (!(terms instanceof Uint8Array)) throw fault('terms that are no bytes');
    try {
      narrowingOf(terms);
    } catch (error) {
      throw fault(error.message);
    }
    for (const row of hashesOf(rows, fault)) found.set(row, hex(terms));
  }
  return found;
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
const isWeek = value => isCount(value) && value < NARROWED;
