// Verifies a travel permit without a network: see common.credential.document and .travel_permit, which
// this mirrors. Returns the signed content or throws Unverifiable; whether it counts at this hour and
// place is for verdict.js.
import { decode as base45 } from './base45.js';
import { decode } from './cbor.js';
import { hex, verify } from './cose.js';
import { Unverifiable } from './refusal.js';
import { isInstant, keyAt } from './trust-list.js';

const PREFIX = 'TP1:', LONGEST_TEXT = 1200, CLOCK_SKEW = 300;
const CLAIMS = [1, 4, 5, 6, 7, -65537], REQUIRED = [1, 2, 3, 4, 5, 6], OPTIONAL = [7, 8];
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;
const DISTRICTS_FROM = 100000, PROVINCES_FROM = 200000, MOST_AREAS = 40, MOST_WINDOWS = 4;
const SERIAL = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

export async function verifyPermit(text, trusted, now) {
  if (text.length > LONGEST_TEXT) throw new Unverifiable('too-long');
  if (!text.startsWith(PREFIX)) throw new Unverifiable('foreign');
  const { payload, key } = await verify(base45(text.slice(PREFIX.length)), kid => keyAt(trusted, kid, now));
  const document = asClaims(() => parsedDocument(decode(payload)));
  if (document.validFrom >= document.validUntil) throw new Unverifiable('bad-claims', 'ends before it starts');
  if (document.issuedAt > now + CLOCK_SKEW) throw new Unverifiable('issued-in-future');
  const isInPeriod = document.issuedAt >= key.notBefore && document.issuedAt <= key.notAfter;
  if (!isInPeriod || document.validUntil > key.acceptUntil) throw new Unverifiable('outside-key-period');
  const permit = asClaims(() => ({ ...document, body: undefined, ...parsedBody(document.body) }));
  checkScope(permit, key);
  return permit;
}

// Ten bytes as the sixteen letters that are printed under the code.
export function serialOf(cti) {
  let number = BigInt(`0x${hex(cti)}`), serial = '';
  for (let k = 0; k < 16; k += 1, number >>= 5n) serial = SERIAL[Number(number & 31n)] + serial;
  return serial;
}

// What somebody typed as a permit number, or null if it cannot be one.
export function typedSerial(typed) {
  const serial = typed.trim().toUpperCase().replace(/[- ]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');
  return serial.length === 16 && [...serial].every(letter => SERIAL.includes(letter)) ? serial : null;
}

function asClaims(parse) {
  try {
    return parse();
  } catch (error) {
    throw new Unverifiable('bad-claims', error.message);
  }
}

function need(holds, what) {
  if (!holds) throw new Error(what);
}

function parsedDocument(claims) {
  need(claims instanceof Map && claims.size === CLAIMS.length && CLAIMS.every(key => claims.has(key)), 'claims');
  const [issuer, validUntil, validFrom, issuedAt, cti, body] = CLAIMS.map(key => claims.get(key));
  need(typeof issuer === 'string' && issuer !== '' && [...issuer].length <= 40, 'issuer');
  need(cti instanceof Uint8Array && cti.length === 10, 'number');
  need(body instanceof Map, 'body');
  need([validUntil, validFrom, issuedAt].every(isInstant), 'instant');
  return { issuer, validUntil, validFrom, issuedAt, cti, permitId: serialOf(cti), body };
}

function parsedBody(body) {
  need(REQUIRED.every(key => body.has(key)), 'a claim is missing');
  need([...body.keys()].every(key => REQUIRED.includes(key) || OPTIONAL.includes(key)), 'an unknown claim');
  const [holder, name, idTail, birthYear, category, areas] = REQUIRED.map(key => body.get(key));
  need(holder instanceof Uint8Array && holder.length === 8, 'holder');
  need(typeof name === 'string' && name !== '' && [...name].length <= 100 && !CONTROL.test(name), 'name');
  need(typeof idTail === 'string' && /^([0-9A-Z]{4})?$/.test(idTail), 'id tail');
  return {
    name, idTail, birthYear: between(birthYear, 1890, 2200), category: between(category, 1, 999), areas: areasOf(areas),
    windows: body.has(7) ? windowsOf(body.get(7)) : [], plate: body.has(8) ? plate(body.get(8)) : '',
  };
}

function plate(value) {
  need(typeof value === 'string' && /^[0-9A-ZĐ]{4,12}$/.test(value), 'plate');
  return value;
}

function between(value, least, most) {
  need(Number.isSafeInteger(value) && value >= least && value <= most, 'number');
  return value;
}

export function windowsOf(value) {
  need(Array.isArray(value) && value.length > 0 && value.length <= MOST_WINDOWS, 'windows');
  return value.map(window => {
    need(Array.isArray(window) && window.length === 3, 'window');
    const weekdays = between(window[0], 1, 127), from = between(window[1], 0, 1439), to = between(window[2], 0, 1440);
    need(from !== to, 'an empty window');
    return { weekdays, from, to };
  });
}

export function areasOf(value) {
  need(Array.isArray(value) && value.length > 0 && value.length <= MOST_AREAS, 'areas');
  let number = 0;
  return value.map(step => code(number += between(step, 1, PROVINCES_FROM + 99)));
}

function code(number) {
  const [offset, width] = number > PROVINCES_FROM ? [PROVINCES_FROM, 2]
    : number > DISTRICTS_FROM ? [DISTRICTS_FROM, 3] : [0, 5];
  const found = String(number - offset).padStart(width, '0');
  need(found.length === width, 'area');
  return found;
}

function checkScope(permit, key) {
  const isCategoryOutside = key.categories.length > 0 && !key.categories.includes(permit.category);
  const isAreaOutside = key.areas.length > 0 && !permit.areas.every(area => key.areas.includes(area));
  if (isCategoryOutside || isAreaOutside) throw new Unverifiable('key-not-allowed');
}
