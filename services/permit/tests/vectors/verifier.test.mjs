// The JavaScript verifier on the vectors that the Python one runs too:  node --test services/permit/tests/vectors/
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import { verifyPermit, serialOf, typedSerial } from '../../src/permit/pages/verifier/travel-permit.js';
import { shownAs, wordsFor } from '../../src/permit/pages/verifier/shown.js';
import { readTrustList } from '../../src/permit/pages/verifier/trust-list.js';
import { asItIsNow, narrowingOf } from '../../src/permit/pages/verifier/narrowing.js';
import { apply, lookUp, readDelta, readFull } from '../../src/permit/pages/verifier/revocation.js';
import { judge } from '../../src/permit/pages/verifier/verdict.js';

const here = path => new URL(path, import.meta.url);
const vectors = JSON.parse(await readFile(here('permit.json'), 'utf8'));
const words = JSON.parse(await readFile(here('../../src/permit/pages/verifier/words.json'), 'utf8'));
const bytes = text => Uint8Array.from(text.match(/../g) ?? [], pair => parseInt(pair, 16));
const root = bytes(vectors.root_spki);
const trusted = await readTrustList(bytes(vectors.trust_list), root, vectors.now);

const outcome = async act => {
  try {
    await act();
    return null;
  } catch (error) {
    if (!error.reason) throw error;  // a crash is never a refusal
    return error.reason;
  }
};

for (const { name, expect, text } of vectors.texts) {
  test(`text: ${name}`, async () => {
    assert.equal(await outcome(() => verifyPermit(text, trusted, vectors.now)) ?? 'verified', expect);
  });
}

for (const { name, expect, data, now, newest_seen: newestSeen } of vectors.lists) {
  test(`list: ${name}`, async () => {
    assert.equal(await outcome(() => readTrustList(bytes(data), root, now, newestSeen)) ?? 'believed', expect);
  });
}

for (const { name, expect, text, codes, plate, now } of vectors.judgements) {
  test(`judgement: ${name}`, async () => {
    const permit = await verifyPermit(text, trusted, vectors.now);
    const { verdict, reason } = judge(permit, { codes }, plate, now);
    assert.equal(reason, expect);
    assert.equal(verdict, words[expect].verdict);
  });
}

for (const { name, expect, data, newest_seen: newestSeen } of vectors.full_lists) {
  test(`full list: ${name}`, async () => {
    assert.equal(await outcome(() => readFull(bytes(data), root, newestSeen)) ?? 'believed', expect);
  });
}

for (const { name, expect, full, changes, newest_seen: newestSeen, list_hash: listHash, says } of vectors.changes) {
  test(`changes: ${name}`, async () => {
    let known = await readFull(bytes(full), root, newestSeen);
    const reason = await outcome(async () => {
      for (const signed of changes) known = await apply(known.list, known.head, await readDelta(bytes(signed), root));
    });
    assert.equal(reason ?? 'believed', expect);
    if (reason) return;
    assert.equal(known.head.listHash, listHash);
    for (const { text, mark, is_watched: isWatched, terms } of says) {
      const permit = await verifyPermit(text, trusted, vectors.now);
      const found = await lookUp(known.list, permit.cti);
      const windows = terms?.windows?.map(([weekdays, from, to]) => ({ weekdays, from, to })) ?? null;
      const narrowing = terms && { validUntil: terms.until, windows, areas: terms.areas };
      assert.deepEqual(found, { reason: { 1: 'not-valid-now', 2: 'revoked' }[mark] ?? null, isWatched, narrowing });
    }
  });
}

for (const { name, expect, text, standing, narrowing, is_watched: isWatched, codes, now } of vectors.listed_judgements) {
  test(`judgement with lists: ${name}`, async () => {
    const signed = await verifyPermit(text, trusted, vectors.now);
    const permit = narrowing ? asItIsNow(signed, narrowingOf(bytes(narrowing))) : signed;
    const reason = { suspended: 'not-valid-now', revoked: 'revoked' }[standing] ?? null;
    const found = judge(permit, { codes }, '', now, { reason, isWatched });
    assert.equal(found.reason, expect);
    assert.equal(found.verdict, words[expect].verdict);
  });
}

test('a code after a change of its terms is the same as an old one with the new terms', async () => {
  const permit = await verifyPermit(vectors.texts[0].text, trusted, vectors.now);
  assert.equal(asItIsNow(permit, null), permit);
  const narrowing = { validUntil: null, windows: [{ weekdays: 127, from: 480, to: 960 }], areas: null };
  assert.deepEqual(asItIsNow(asItIsNow(permit, narrowing), narrowing), asItIsNow(permit, narrowing));
});

test('five thousand damaged changes are refused and none breaks the verifier', async () => {
  const { full, changes: [genuine] } = vectors.changes[0];
  const known = await readFull(bytes(full), root);
  let seed = 20220115;
  const random = most => (seed = (seed * 1103515245 + 12345) % 2147483648) % most;
  for (let round = 0; round < 5000; round += 1) {
    const found = bytes(genuine);
    found[random(found.length)] ^= 1 + random(255);
    assert.ok(await outcome(async () => apply(known.list, known.head, await readDelta(found, root))));
  }
});

test('every reason has words', () => {
  const reasons = [vectors.texts, vectors.lists, vectors.judgements, vectors.full_lists, vectors.changes, vectors.listed_judgements]
    .flat().map(vector => vector.expect);
  for (const reason of new Set(reasons)) {
    if (!['verified', 'believed'].includes(reason)) assert.ok(words[reason]?.vi && words[reason]?.next, reason);
  }
});

test('the signed content is read as it was written', async () => {
  const permit = await verifyPermit(vectors.texts[0].text, trusted, vectors.now);
  assert.equal(permit.name, 'NGUYỄN VĂN MẪU');
  assert.deepEqual(permit.areas, ['05431', '05440', '05443', '164', '165', '172']);
  assert.deepEqual(permit.windows, [{ weekdays: 127, from: 300, to: 1200 }]);
  assert.equal(permit.permitId, serialOf(Uint8Array.from({ length: 10 }, (_, at) => at)));
});

test('a typed number is read whatever its spaces, dashes and look-alikes', () => {
  assert.equal(typedSerial(' 000g-40r4 0m30 e2o9 '), '000G40R40M30E209');
  assert.equal(typedSerial('000G-40R4'), null);
  assert.equal(typedSerial('https://example.org'), null);
});

test('five thousand damaged copies are refused and none breaks the verifier', async () => {
  const genuine = vectors.texts[0].text;
  let seed = 20220115;
  const random = most => (seed = (seed * 1103515245 + 12345) % 2147483648) % most;
  for (let round = 0; round < 5000; round += 1) {
    const letters = [...genuine];
    for (let times = 1 + random(3); times > 0; times -= 1) {
      letters[4 + random(letters.length - 4)] = String.fromCharCode(32 + random(96));
    }
    const text = letters.join('');
    if (text !== genuine) assert.ok(await outcome(() => verifyPermit(text, trusted, vectors.now)), text);
  }
});

test('of a recovery certificate nothing is kept but that it is one, and it is named without a verdict on it', () => {
  const certificate = vectors.texts.find(one => one.name === 'a recovery certificate').text;
  assert.ok(certificate.startsWith('RC1:') && certificate.length > 100);
  for (const text of [certificate, `${certificate}\r\n`, `~${certificate}`]) {
    const shown = shownAs(text);
    assert.deepEqual(shown, { qr: 'RC1:' });
    const said = words[wordsFor('foreign', shown.qr)];
    assert.equal(said.vi, 'Đây là giấy xác nhận khỏi bệnh, không phải giấy đi đường');
    assert.doesNotMatch(said.vi + said.next, /hợp lệ|hiệu lực|thật|hết hạn/);
  }
});

test('what is no certificate is read and named as before', () => {
  const permit = vectors.texts[0].text;
  assert.deepEqual(shownAs(permit), { qr: permit });
  assert.deepEqual(shownAs(`junk${permit}\r`), { qr: permit });
  assert.deepEqual(shownAs('000G-40R4-0M30-E2O9'), { permit_id: '000G40R40M30E209' });
  assert.equal(wordsFor('foreign', 'https://example.org'), 'foreign');
  assert.equal(wordsFor('damaged', 'RC1:'), 'damaged');
});
