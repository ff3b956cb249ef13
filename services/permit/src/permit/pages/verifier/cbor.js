// CBOR as our issuer writes it, and nothing else: see common.credential.strict_cbor, which this mirrors.
// Maps become Map, byte strings Uint8Array; everything that a lenient decoder would forgive is refused.
import { damaged } from './refusal.js';

const UNSIGNED = 0, NEGATIVE = 1, BYTES = 2, TEXT = 3, ARRAY = 4, MAP = 5;
const SHORTEST = { 1: 24, 2: 2 ** 8, 4: 2 ** 16, 8: 2 ** 32 };
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export const DOCUMENT = { depth: 6, items: 256, stringBytes: 512 };
export const LIST = { depth: 6, items: 4096, stringBytes: 65535 };

export function decode(bytes, limits = DOCUMENT) {
  const reader = new Reader(bytes, limits);
  const value = reader.item(1);
  if (reader.at !== bytes.length) throw damaged('bytes after the end');
  return value;
}

class Reader {
  constructor(bytes, limits) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.limits = limits;
    this.left = limits.items;
    this.at = 0;
  }

  item(depth) {
    this.left -= 1;
    if (this.left < 0 || depth > this.limits.depth) throw damaged('too many items or levels');
    if (this.at >= this.bytes.length) throw damaged('cut short');
    const first = this.bytes[this.at++];
    const kind = first >> 5;
    const number = (first & 31) < 24 ? first & 31 : this.longNumber(first & 31);
    switch (kind) {
      case UNSIGNED: return safe(number, Number.MAX_SAFE_INTEGER);
      case NEGATIVE: return -1 - safe(number, Number.MAX_SAFE_INTEGER - 1);
      case BYTES: return this.string(number);
      case TEXT: return text(this.string(number));
      case ARRAY: return this.array(number, depth);
      case MAP: return this.map(number, depth);
      default: throw damaged('a tag, float or simple value');
    }
  }

  longNumber(code) {
    if (code > 27) throw damaged('an indefinite or reserved length');
    const size = 1 << (code - 24);
    if (this.at + size > this.bytes.length) throw damaged('cut short');
    const at = this.at;
    this.at += size;
    const number = size === 1 ? this.view.getUint8(at) : size === 2 ? this.view.getUint16(at)
      : size === 4 ? this.view.getUint32(at) : Number(this.view.getBigUint64(at));
    if (number < SHORTEST[size]) throw damaged('a number in more bytes than it needs');
    return number;
  }

  string(size) {
    const end = this.at + size;
    if (size > this.limits.stringBytes || end > this.bytes.length) throw damaged('a string too long or cut short');
    const found = this.bytes.slice(this.at, end);
    this.at = end;
    return found;
  }

  array(count, depth) {
    if (count > this.left) throw damaged('too many items');
    const found = [];
    for (let k = 0; k < count; k += 1) found.push(this.item(depth + 1));
    return found;
  }

  map(count, depth) {
    if (2 * count > this.left) throw damaged('too many items');
    const found = new Map();
    let previous = new Uint8Array();
    for (let k = 0; k < count; k += 1) {
      const from = this.at;
      const key = this.item(depth + 1);
      if (!Number.isSafeInteger(key) && typeof key !== 'string') throw damaged('a key that is neither integer nor text');
      const encoded = this.bytes.subarray(from, this.at);
      if (!isAfter(encoded, previous)) throw damaged('keys repeated or out of order');
      previous = encoded;
      found.set(key, this.item(depth + 1));
    }
    return found;
  }
}

function safe(number, most) {
  if (number > most) throw damaged('an integer beyond 2**53 - 1');
  return number;
}

function text(bytes) {
  try {
    return UTF8.decode(bytes);
  } catch {
    throw damaged('text that is not UTF-8');
  }
}

function isAfter(a, b) {
  const shared = Math.min(a.length, b.length);
  for (let at = 0; at < shared; at += 1) if (a[at] !== b[at]) return a[at] > b[at];
  return a.length > b.length;
}
