// An enrolled phone: a key pair that this browser made and no script can read out. With it the phone answers
// challenges and gets tokens of ten minutes for its own people, without an account. See docs/decisions/0021.
import { meta } from './kit.js';

const MAY_BE_HERE = meta('enrolled-phones') === 'yes';
const EC = { name: 'ECDSA', namedCurve: 'P-256' }, SIGN = { name: 'ECDSA', hash: 'SHA-256' };
let opened;
const database = () => (opened ??= new Promise((ok, no) => {
  const open = indexedDB.open('lachan-device', 1);
  open.onupgradeneeded = () => open.result.createObjectStore('values');
  open.onsuccess = () => ok(open.result);
  open.onerror = () => no(open.error);
}));
async function transact(mode, work) {
  const transaction = (await database()).transaction('values', mode), request = work(transaction.objectStore('values'));
  return new Promise((ok, no) => {
    transaction.oncomplete = () => ok(request.result);
    transaction.onerror = transaction.onabort = () => no(transaction.error);
  });
}
/** As phones kept it before a second code could be used: one code for all of its people, the first is its holder. */
const asKept = phone => phone && { ...phone, people: phone.people.map((one, at) => ({ device_id: phone.device_id, is_holder: at === 0, ...one })) };
/** {device_id, people: [{person_id, full_name, device_id, is_holder}], keys} of this phone, or null. */
export const enrolledPhone = () => (MAY_BE_HERE ? transact('readonly', store => store.get('phone')).then(found => asKept(found) ?? null).catch(() => null) : Promise.resolve(null));

const base64url = bytes => btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
async function post(path, json) {
  const reply = await fetch(path, { method: 'POST', signal: AbortSignal.timeout(15000), headers: { accept: 'application/json', 'content-type': 'application/json' }, body: JSON.stringify(json ?? {}) });
  const body = await reply.json().catch(() => ({}));
  if (!reply.ok) throw Object.assign(new Error(body.detail ?? `HTTP ${reply.status}`), { status: reply.status, problem: body });
  return body;
}
/** The keys are kept before the code is used: if the answer is lost, the same phone may ask again. */
async function ownKeys() {
  const kept = await transact('readonly', store => store.get('keys'));
  if (kept) return kept;
  const made = await crypto.subtle.generateKey(EC, false, ['sign', 'verify']);
  await transact('readwrite', store => store.put(made, 'keys'));
  return made;
}
/** Further codes add their people: each is asked for under the newest code that names them. */
function joined(known, bound) {
  const added = bound.people.map((one, at) => ({ ...one, device_id: bound.device_id, is_holder: at === 0 || Boolean(known?.people.find(was => was.person_id === one.person_id)?.is_holder) }));
  const before = (known?.people ?? []).filter(was => !added.some(one => one.person_id === was.person_id));
  return { device_id: known?.device_id ?? bound.device_id, people: [...before, ...added] };
}
/** One code, one enrolment with its own consents; one key pair, one phone. */
export async function enrol(code, consents) {
  const keys = await ownKeys(), { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', keys.publicKey);
  const bound = await post('/v1/devices', { code, public_key: { kty, crv, x, y }, consents });
  const phone = { ...joined(await enrolledPhone(), bound), keys };
  await transact('readwrite', store => store.put(phone, 'phone'));
  tokens.clear();
  navigator.storage?.persist?.().catch(() => {});
  return phone;
}
/** A code that is no longer good here is left with its people; the phone without them, or null if nobody is left. */
export async function leaveCode(device) {
  const known = await enrolledPhone(), people = known?.people.filter(one => one.device_id !== device) ?? [];
  const rest = people.length ? { ...known, device_id: people[0].device_id, people } : null;
  await transact('readwrite', store => (rest ? store.put(rest, 'phone') : store.delete('phone')));
  return rest;
}
export const forgetPhone = () => transact('readwrite', store => store.clear());

const tokens = new Map();
/** A token for `person` (the phone's holder if none is named); throws with `status` when it is refused. */
export async function tokenOf(phone, person, { anew = false } = {}) {
  const who = person ?? phone.people[0].person_id, known = tokens.get(who);
  const device = phone.people.find(one => one.person_id === who)?.device_id ?? phone.device_id;
  if (known && !anew && known.until > performance.now()) return known.token;
  const { challenge } = await post('/v1/device-challenges');
  const text = new TextEncoder().encode(`la-chan-token|${device}|${who}|${challenge}`);
  const signature = base64url(await crypto.subtle.sign(SIGN, phone.keys.privateKey, text));
  const { access_token, expires_in } = await post(`/v1/devices/${device}/tokens`, { person_id: who, challenge, signature });
  tokens.set(who, { token: access_token, until: performance.now() + (expires_in - 60) * 1000 });
  return access_token;
}
