// An independent COSE implementation (cose-js: its own CBOR, its own elliptic curve) reads our permits, and what it
// signs is judged by ours. A format that only its makers can read proves nothing.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { test } from 'node:test';

import { decode as fromBase45 } from '../../src/permit/pages/verifier/base45.js';
import { hex, importKey, kidOf } from '../../src/permit/pages/verifier/cose.js';
import { verifyPermit } from '../../src/permit/pages/verifier/travel-permit.js';
import { readTrustList } from '../../src/permit/pages/verifier/trust-list.js';

const require = createRequire(import.meta.url);
const cose = require('cose-js'), cbor = require('cbor'), crypto = require('node:crypto');
const vectors = JSON.parse(await readFile(new URL('permit.json', import.meta.url), 'utf8'));
const bytes = text => Uint8Array.from(text.match(/../g) ?? [], pair => parseInt(pair, 16));
const trusted = await readTrustList(bytes(vectors.trust_list), bytes(vectors.root_spki), vectors.now);
const LETTERS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';
const FIRST_FRAME_BYTE = 0xd2, HEADER = { p: { alg: 'ES256' } };

function toBase45(data) {
  let text = '';
  for (let at = 0; at < data.length; at += 2) {
    const number = at + 1 < data.length ? data[at] * 256 + data[at + 1] : data[at];
    text += LETTERS[number % 45] + LETTERS[Math.floor(number / 45) % 45] + (at + 1 < data.length ? LETTERS[Math.floor(number / 2025)] : '');
  }
  return text;
}
const outcome = text => verifyPermit(text, trusted, vectors.now).then(() => 'verified', error => { if (!error.reason) throw error; return error.reason; });
const genuine = vectors.texts.filter(each => each.expect === 'verified');
const message = text => Buffer.from(fromBase45(text.slice(4)));

/** The public parts of the keys that the list trusts, as cose-js wants them. */
async function pointOf(kid) {
  const list = cbor.decodeFirstSync(Buffer.from(vectors.trust_list, 'hex')).value[2];
  for (const entry of cbor.decodeFirstSync(list).get(4)) {
    if (hex(entry.get(1)) === kid) { const point = entry.get(3).subarray(-64); return { x: point.subarray(0, 32), y: point.subarray(32) }; }
  }
  throw new Error(`no key ${kid}`);
}
const kidIn = data => hex(cbor.decodeFirstSync(cbor.decodeFirstSync(data).value[0]).get(4));
const theirs = async data => cose.sign.verify(data, { key: await pointOf(kidIn(data)) });

/** A key pair of a stranger, and a trust list on which only that stranger stands. */
async function stranger() {
  const pair = crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = pair.publicKey.export({ format: 'der', type: 'spki' }), jwk = pair.privateKey.export({ format: 'jwk' });
  const kid = await kidOf(spki), [, known] = [...trusted.keys][0];
  const key = { ...known, kid, verifier: await importKey(spki), status: 'active', categories: [], areas: [] };
  return { kid: Buffer.from(kid, 'hex'), d: Buffer.from(jwk.d, 'base64url'), list: { ...trusted, keys: new Map([[kid, key]]) } };
}
const claims = (() => cbor.decodeFirstSync(message(genuine[0].text)).value[2])();
const sign = (headers, signer) => cose.sign.create(headers, claims, { key: { d: signer.d } });
const asText = data => `TP1:${toBase45(data)}`;

for (const { name, text } of genuine) {
  test(`the independent implementation verifies: ${name}`, async () => {
    const payload = await theirs(message(text));
    const found = cbor.decodeFirstSync(payload), ours = await verifyPermit(text, trusted, vectors.now);
    assert.equal(found.get(-65537).get(2), ours.name);
    assert.equal(found.get(1), 'VN-19');
  });
}

test('it refuses whatever was changed after signing, as ours does', async () => {
  const data = message(genuine[0].text);
  for (const at of [40, 80, 120, data.length - 64, data.length - 1]) {
    const changed = Buffer.from(data);
    changed[at] ^= 1;
    await assert.rejects(theirs(changed));
    assert.notEqual(await outcome(asText(changed)), 'verified');
  }
});

test('what it signs in our shape under a trusted key is a permit to ours', async () => {
  const signer = await stranger();
  const data = await sign({ p: { alg: 'ES256', kid: signer.kid } }, signer);
  assert.equal(data[0], FIRST_FRAME_BYTE);
  const permit = await verifyPermit(asText(data), signer.list, vectors.now);
  assert.equal(permit.name, 'NGUYỄN VĂN MẪU');
});

test('its forgeries are refused, each for its reason', async () => {
  const signer = await stranger(), ourKid = Buffer.from(kidIn(message(genuine[0].text)), 'hex');
  const forgeries = {
    'bad-signature': [{ p: { alg: 'ES256', kid: ourKid } }],
    'unknown-key': [{ p: { alg: 'ES256', kid: signer.kid } }],
    damaged: [HEADER, { ...HEADER, u: { kid: ourKid } }, { p: { alg: 'ES256', kid: ourKid }, u: { kid: ourKid } }, { p: { alg: 'ES256', kid: ourKid, crit: [1] } }, { p: { kid: ourKid }, u: { alg: 'ES256' } }],
  };
  for (const [reason, shapes] of Object.entries(forgeries)) {
    for (const shape of shapes) assert.equal(await outcome(asText(await sign(shape, signer))), reason, JSON.stringify(shape));
  }
  const good = await sign({ p: { alg: 'ES256', kid: ourKid } }, signer);
  assert.equal(await outcome(asText(good.subarray(1))), 'damaged', 'no tag');
  const mac = await cose.mac.create({ p: { alg: 'SHA-256_64' } }, claims, { key: Buffer.alloc(32, 7) });
  assert.equal(await outcome(asText(mac)), 'damaged', 'a MAC is no signature');
});
