// COSE_Sign1 with exactly one shape: see common.credential.cose, which this mirrors.
import { decode, DOCUMENT } from './cbor.js';
import { damaged, Unverifiable } from './refusal.js';

const TAG_18 = 0xd2, ALGORITHM = 1, KEY_ID = 4;
const ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551n;
const ECDSA = { name: 'ECDSA', hash: 'SHA-256' };
const CONTEXT = new TextEncoder().encode('Signature1');

// keyOf(kid in hex) returns { algorithm, verifier: CryptoKey } or throws Unverifiable.
export async function verify(message, keyOf, limits = DOCUMENT) {
  if (message[0] !== TAG_18) throw damaged('not COSE_Sign1');
  const frame = decode(message.subarray(1), limits);
  if (!Array.isArray(frame) || frame.length !== 4) throw damaged('not the four parts of COSE_Sign1');
  const [protectedHeader, unprotected, payload, signature] = frame;
  const areBytes = [protectedHeader, payload, signature].every(part => part instanceof Uint8Array);
  if (!areBytes || !(unprotected instanceof Map) || unprotected.size) throw damaged('a part of the wrong type');
  const { algorithm, kid } = header(decode(protectedHeader));
  const key = keyOf(kid);
  if (algorithm !== key.algorithm) throw new Unverifiable('wrong-algorithm');
  const signed = toBeSigned(protectedHeader, payload);
  if (!isInGroup(signature) || !(await crypto.subtle.verify(ECDSA, key.verifier, signature, signed))) {
    throw new Unverifiable('bad-signature');
  }
  return { payload, key };
}

export const hex = bytes => Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');

export const importKey = spki =>
  crypto.subtle.importKey('spki', spki, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify']);

export async function kidOf(spki) {
  return hex(new Uint8Array(await crypto.subtle.digest('SHA-256', spki)).subarray(0, 8));
}

function header(found) {
  if (!(found instanceof Map) || found.size !== 2 || !found.has(ALGORITHM) || !found.has(KEY_ID)) {
    throw damaged('a header that is not algorithm and key id');
  }
  const algorithm = found.get(ALGORITHM), kid = found.get(KEY_ID);
  if (!Number.isSafeInteger(algorithm) || !(kid instanceof Uint8Array) || kid.length !== 8) {
    throw damaged('a header of the wrong type');
  }
  return { algorithm, kid: hex(kid) };
}

function isInGroup(signature) {
  if (signature.length !== 64) return false;
  const r = BigInt(`0x${hex(signature.subarray(0, 32))}`), s = BigInt(`0x${hex(signature.subarray(32))}`);
  return r > 0n && r < ORDER && s > 0n && s < ORDER;
}

function toBeSigned(protectedHeader, payload) {
  const parts = [[0x84], head(3, CONTEXT.length), CONTEXT, head(2, protectedHeader.length), protectedHeader,
    head(2, 0), head(2, payload.length), payload];
  return Uint8Array.from(parts.flatMap(part => Array.from(part)));
}

function head(kind, size) {
  if (size < 24) return [kind << 5 | size];
  if (size < 256) return [kind << 5 | 24, size];
  return [kind << 5 | 25, size >> 8, size & 255];
}
