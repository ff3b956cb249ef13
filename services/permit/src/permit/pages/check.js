// One check: the centre decides by the newest state; without a network this device verifies the signature,
// the dates, the place and the hours, and the scan is sent later under the same id, so it counts once.
import { call, Refused } from 'shell/auth.js';
import { freshId } from 'shell/kit.js';
import { keep } from 'shell/outbox.js';
import { t } from 'shell/i18n.js';
import { verifyPermit, typedSerial } from './verifier/travel-permit.js';
import { judge, normalPlate } from './verifier/verdict.js';
import { listAge, trustedList, trustedNow } from './trusted.js';

const PATIENCE = 3000;
const words = await (await fetch('/pages/verifier/words.json')).json();

/** What was scanned, typed or sent by a hand scanner, as the server takes it. A blank is a letter of a code. */
export function shownAs(text) {
  const serial = typedSerial(text);
  if (serial) return { permit_id: serial };
  return { qr: text.slice(Math.max(0, text.lastIndexOf('TP1:'))).replace(/[\r\n]+$/, '') };
}

/** Answers { verdict, reason, message, next, person, terms, isOnline }. */
export async function check(shown, post, plate = '') {
  const scan = { ...shown, checkpoint_id: post.checkpoint_id, scan_id: freshId(), ...(plate ? { plate } : {}) };
  try {
    const answer = await call('/v1/verifications', { json: scan, key: scan.scan_id, signal: AbortSignal.timeout(PATIENCE) });
    return online(answer);
  } catch (fault) {
    if (fault instanceof Refused && fault.status < 500) throw fault;
    return offline(scan, post, plate);
  }
}

function online(answer) {
  const { shown } = answer;
  return {
    isOnline: true, verdict: answer.verdict, reason: answer.reason_code, message: answer.message_vi, next: answer.next_vi,
    person: answer.person && { name: answer.person.full_name, birthYear: answer.person.birth_year, idTail: answer.person.id_tail },
    terms: shown && {
      plate: shown.plate, places: shown.areas.map(area => area.name), hours: shown.hours, until: Date.parse(shown.valid_until),
    },
  };
}

async function offline(scan, post, plate) {
  const found = await judged(scan, post, plate);
  const told = { verdict: found.verdict, reason_code: found.reason, scanned_at: new Date(trustedNow() * 1000).toISOString() };
  const age = listAge();
  await keep('/v1/scans', { items: [{ ...scan, ...told, ...(age == null ? {} : { list_age_seconds: age }) }] });
  return { isOnline: false, age, ...found };
}

async function judged(scan, post, plate) {
  const unsure = (reason, message) => ({ verdict: 'check', reason, message: t(message), next: t(`${message}-next`) });
  if (!scan.qr) return unsure('number-offline', 'scan.number-offline');
  if (!trustedList()) return unsure('no-list', 'scan.no-list');
  try {
    const permit = await verifyPermit(scan.qr, trustedList(), trustedNow());
    const codes = [post.commune_code, post.district_code, post.province_code];
    const { verdict, reason } = judge(permit, { codes }, normalPlate(plate), trustedNow());
    return { ...spoken(verdict, reason), ...seen(permit) };
  } catch (fault) {
    if (!fault.reason) throw fault;
    // A key may be newer than this device's list: that is a question, not an accusation.
    if (fault.reason === 'unknown-key') return { ...spoken('check', fault.reason), next: t('scan.key-unknown-next') };
    return spoken(words[fault.reason]?.verdict ?? 'refused', fault.reason);
  }
}

const spoken = (verdict, reason) => ({ verdict, reason, message: words[reason]?.vi ?? reason, next: words[reason]?.next ?? '' });
const clock = minute => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
const seen = permit => ({
  person: { name: permit.name, birthYear: permit.birthYear, idTail: permit.idTail },
  terms: {
    plate: permit.plate, places: permit.areas, until: permit.validUntil * 1000,
    hours: permit.windows.map(window => `${clock(window.from)}-${clock(window.to)}`),
  },
});
