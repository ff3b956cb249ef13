// What the services know about one person. What arrives is kept sealed on the phone, for the time without a network.
import { call, Refused } from 'shell/auth.js';
import { dataAddress, fetchFile } from 'shell/files.js';
import { keepSkew, meta, now, setServerNow } from 'shell/kit.js';
import { keepSealed, keptSealed } from 'shell/sealed.js';

export const F0 = meta('f0-url'), PERMIT = meta('permit-url');

/** The answer; null when that service has nothing about the person; undefined when it could not be asked. */
async function ask(address, person) {
  try { return await call(address, { person: person ?? undefined }); } catch (fault) {
    if (fault instanceof Refused && fault.status === 401) throw fault;
    return fault instanceof Refused && [403, 404].includes(fault.status) ? null : undefined;
  }
}
async function withPicture(permits, person) {
  const best = permits?.items?.find(one => one.status === 'issued') ?? permits?.items?.[0];
  if (!best) return permits === undefined ? undefined : null;
  const picture = best.status === 'issued' && best.qr ? await fetchFile(`${PERMIT}/v1/permits/${best.permit_id}/qr.png`, { person: person ?? undefined }).then(dataAddress).catch(() => null) : null;
  return { ...best, picture };
}
export async function loadPerson(person) {
  const name = `me.${person ?? 'self'}`, before = (await keptSealed(name).catch(() => null)) ?? {};
  try {
    const [quarantine, f0, permits, checks, visits] = await Promise.all([ask('/v1/me', person), ask(`${F0}/v1/me`, person), ask(`${PERMIT}/v1/permits?limit=5`, person), ask('/v1/me/check-ins', person), person ? ask(`${F0}/v1/me/consultations`, person) : undefined]);
    const permit = await withPicture(permits, person);
    const isOld = quarantine === undefined;
    const me = { quarantine: isOld ? before.quarantine : quarantine, f0: f0 === undefined ? before.f0 : f0, permit: permit === undefined ? before.permit : permit, visit: visits && (visits.items.find(one => !one.is_over && one.person_id === person) ?? null), checkIn: checks?.items.find(one => one.person_id === quarantine?.person_id) ?? null, at: isOld ? before.at : now() };
    const served = quarantine ?? f0;
    if (served?.as_of) { setServerNow(served.as_of); keepSkew(); }
    if (!isOld) await keepSealed(name, me).catch(() => {});
    return { ...me, isOld };
  } catch (fault) {
    return { ...before, isOld: true, isRefused: fault instanceof Refused && fault.status === 401 ? fault.message : null };
  }
}
/** Is the person cared for as an F0 now? Then the duty is F0 care's. */
export const isPatient = me => Boolean(me.f0?.patient && !me.f0.patient.closed_on);
/** Is something owed today? null while it is not known. */
export function owes(me) {
  if (isPatient(me)) return Boolean(me.f0.duty) && Date.parse(me.f0.duty.opens_at) <= now();
  return me.quarantine ? ['due', 'late'].includes(me.quarantine.case.duty.state) : me.at ? false : null;
}
