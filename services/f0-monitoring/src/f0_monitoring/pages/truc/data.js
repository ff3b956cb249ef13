// The plan as the page needs it: days as columns, Vietnamese local times in and out.
import { call } from 'shell/auth.js';
import { wordsOf } from 'shell/files.js';
import { freshId, localDay, now } from 'shell/kit.js';
import { t } from 'shell/i18n.js';

export const DAYS = 7, HOUR = 3600e3, DAY = 24 * HOUR;
export const words = fault => wordsOf(fault, t('truc.no-answer'));

/** The local days that the table shows, today first. */
export const daysShown = () => Array.from({ length: DAYS }, (_, n) => localDay(now() + n * DAY));
/** Under which day a shift stands: a night belongs to the evening on which it begins, one that lasts to today. */
export const dayOf = shift => { const begun = localDay(shift.from_at), today = localDay(now()); return begun < today ? today : begun; };
export const shiftsOn = (doctor, day) => doctor.shifts.filter(shift => dayOf(shift) === day);

/** What a field of date and time shows, and the instant that it means; Vietnam keeps +07:00 all year. */
export const toField = at => new Date(Date.parse(at) + 7 * HOUR).toISOString().slice(0, 16);
export const fromField = text => new Date(`${text}:00+07:00`).toISOString();
/** The usual hours: 7 to 19 by day, 19 to 7 at night; a day that has begun starts now. */
export function usual(day, kind) {
  const from = Date.parse(`${day}T${kind === 'night' ? '19' : '07'}:00:00+07:00`);
  return { from_at: new Date(from).toISOString(), until_at: new Date(from + 12 * HOUR).toISOString() };
}

/** A shift that fills a gap: all of it, or its first twelve hours when nobody could serve so long. */
export function hoursOf(gap) {
  const from = Date.parse(gap.from_at), until = Date.parse(gap.until_at), hour = new Date(from + 7 * HOUR).getUTCHours();
  const ends = until - from > DAY ? from + 12 * HOUR : Math.ceil(until / 60e3) * 60e3;   // a form knows minutes only: none may be left over
  return { from_at: gap.from_at, until_at: new Date(ends).toISOString(), kind: hour >= 17 || hour < 5 ? 'night' : 'day' };
}

export const readPlan = () => call(`/v1/duty-plan?days=${DAYS}`);
const path = (doctor, shiftId) => `/v1/doctors/${encodeURIComponent(doctor.doctor_id)}/shifts/${encodeURIComponent(shiftId)}`;
export const keepShift = (doctor, shiftId, json) => call(path(doctor, shiftId), { method: 'PUT', json, key: freshId() });
export const dropShift = (doctor, shiftId) => call(path(doctor, shiftId), { method: 'DELETE', key: freshId() });
export const changeDuty = (doctor, json) => call(`/v1/doctors/${encodeURIComponent(doctor.doctor_id)}/duty`, { json, key: freshId() });

/** The same shifts a week later. Answers how many were planned and what was said of the others. */
export async function repeatWeek(doctor) {
  const until = now() + DAYS * DAY, later = at => new Date(Date.parse(at) + DAYS * DAY).toISOString();
  let done = 0;
  const refused = [];
  for (const shift of doctor.shifts.filter(each => Date.parse(each.from_at) < until)) {
    const { from_at: from, until_at: to, kind, commune_codes, district_codes, specialities, capacity } = shift;
    const json = { from_at: later(from), until_at: later(to), kind, commune_codes, district_codes, specialities, capacity };
    try { await keepShift(doctor, freshId(), json); done += 1; } catch (fault) { refused.push(words(fault)); }
  }
  return { done, refused };
}
