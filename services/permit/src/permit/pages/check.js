// One check. The device judges at once by its lists; the centre is asked at the same time. Whoever is first within a
// short wait is shown; when the centre is slow, the device's verdict shows and is corrected if the centre says otherwise.
// The scan is kept under one id from the moment a verdict of the device shows, so it counts once, and is never lost.
import { call, Refused } from 'shell/auth.js';
import { freshId } from 'shell/kit.js';
import { t } from 'shell/i18n.js';
import { proven, trustedNow } from './scanner/clock.js';
import { listAge, standingOf, syncLists, TOO_OLD_SECONDS, trustedList } from './scanner/lists.js';
import { enqueue, release, settled } from './scanner/queue.js';
import { currentShift } from './scanner/shift.js';
import { asItIsNow } from './verifier/narrowing.js';
import { shownAs, wordsFor } from './verifier/shown.js';
import { verifyPermit } from './verifier/travel-permit.js';
import { judge, normalPlate } from './verifier/verdict.js';

const SHOW_AFTER_MS = 700, GIVE_UP_MS = 8000, HELD_MS = 10000;
const ASK_LATER = new Set([401, 408, 425, 429]);
const read = async path => (await fetch(path)).json();
const words = await read('/pages/verifier/words.json'), places = await read('/scan-places.json');
export { shownAs };

/** Calls `tell` with { scanId, verdict, reason, message, next, person, terms, isOnline, isAsking }, once or twice. */
export async function check(shown, post, plate, tell) {
  const scan = { ...shown, checkpoint_id: post.checkpoint_id, scan_id: freshId(), ...(plate ? { plate } : {}) };
  const asked = ask(scan);
  const judgedHere = judged(scan, post, plate);
  judgedHere.catch(() => {});
  const first = await Promise.race([asked.catch(fault => finally4xx(fault)), after(SHOW_AFTER_MS)]);
  if (first) return tell(first);
  const here = await judgedHere, age = listAge(), at = trustedNow();
  proven(at);
  const found = { ...here, scanId: scan.scan_id, isOnline: false, age };
  await enqueue('scan', scan.scan_id, {
    ...scan, verdict: here.verdict, reason_code: here.reason, scanned_at: new Date(at * 1000).toISOString(),
    ...(age == null ? {} : { list_age_seconds: age }),
  }, currentShift()?.officer.sub ?? null, HELD_MS);
  let isOver = false;
  asked.then(
    answer => { isOver = true; settled(scan.scan_id); tell(answer); },
    () => { isOver = true; release(scan.scan_id); tell(found); },
  );
  await Promise.resolve();
  if (!isOver) tell({ ...found, isAsking: true });
}
const after = ms => new Promise(done => { setTimeout(done, ms, null); });

/** What the centre refuses for good is for the officer to read; anything else leaves it to the device. */
function finally4xx(fault) {
  if (fault instanceof Refused && fault.status < 500 && !ASK_LATER.has(fault.status)) throw fault;
  return null;
}

async function ask(scan) {
  const answer = await call('/v1/verifications', { json: scan, key: scan.scan_id, signal: AbortSignal.timeout(GIVE_UP_MS) });
  return online(answer, scan.scan_id);
}

function online(answer, scanId) {
  const { shown } = answer;
  return {
    scanId, permitId: answer.permit_id, isOnline: true, verdict: answer.verdict, reason: answer.reason_code,
    message: answer.message_vi, next: answer.next_vi,
    person: answer.person && { name: answer.person.full_name, birthYear: answer.person.birth_year, idTail: answer.person.id_tail },
    terms: shown && {
      plate: shown.plate, places: shown.areas.map(area => area.name), hours: shown.hours, until: Date.parse(shown.valid_until),
    },
  };
}

async function judged(scan, post, plate) {
  if (!scan.qr) return unsure('number-offline', 'scan.number-offline');
  if (!trustedList()) return unsure('no-list', 'scan.no-list');
  try {
    const signed = await verifyPermit(scan.qr, trustedList(), trustedNow());
    const standing = await standingOf(signed), permit = asItIsNow(signed, standing.narrowing);
    const codes = [post.commune_code, post.district_code, post.province_code];
    const { verdict, reason } = judge(permit, { codes }, normalPlate(plate), trustedNow(), standing);
    const isOlder = standing.narrowing && byTerms.has(reason);
    return { ...byAge(verdict, reason), ...(isOlder ? said('terms-changed') : {}), ...seen(permit) };
  } catch (fault) {
    if (!fault.reason) throw fault;
    // A key may be newer than this device's list: that is a question, not an accusation.
    if (fault.reason !== 'unknown-key') return { ...spoken(words[fault.reason]?.verdict ?? 'refused', fault.reason), ...said(wordsFor(fault.reason, scan.qr)) };
    syncLists();
    return { ...spoken('check', fault.reason), next: t('scan.key-unknown-next') };
  }
}

/** Old lists cannot say that a permit still counts; what they refuse is refused. */
function byAge(verdict, reason) {
  if (verdict !== 'allowed') return spoken(verdict, reason);
  if (listAge() == null) return unsure('no-list', 'scan.no-list');
  return listAge() > TOO_OLD_SECONDS ? unsure('stale-list', 'scan.stale-list') : spoken(verdict, reason);
}

const unsure = (reason, message) => ({ verdict: 'check', reason, message: t(message), next: t(`${message}-next`) });
const said = reason => ({ message: words[reason]?.vi ?? reason, next: words[reason]?.next ?? '' });
const spoken = (verdict, reason) => ({ verdict, reason, ...said(reason) });
/** What the officer reads of an older code where the terms of the permit are others now. */
const byTerms = new Set(['outside-hours', 'outside-area', 'expired', 'just-expired']);
const clock = minute => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
const seen = permit => ({
  permitId: permit.permitId,
  person: { name: permit.name, birthYear: permit.birthYear, idTail: permit.idTail },
  terms: {
    plate: permit.plate, places: permit.areas.map(code => places[code] ?? code), until: permit.validUntil * 1000,
    hours: permit.windows.map(window => `${clock(window.from)}-${clock(window.to)}`),
  },
});
