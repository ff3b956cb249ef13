// What a person wrote while there was no network, kept on the phone until the server has it.
// Each record carries the idempotency key made here: however often it is sent, it counts once.
// Kept until 2xx: a key that was used before is answered with the first result. A 4xx, also a 409 (the
// record is closed), is shown to the person and not sent again by itself; 401 waits for a sign-in; network faults,
// 408, 425, 429 and 5xx are tried again.
import { call, claims, Refused } from './auth.js';
import { freshId, now } from './kit.js';
import { keepSealed, keptSealed, seal, unseal } from './sealed.js';

const STORE = 'records', EVERY = 30000;
const LATER = new Set([401, 408, 425, 429]);
const database = new Promise((ok, no) => {
  const open = indexedDB.open('lachan-outbox', 1);
  open.onupgradeneeded = () => open.result.createObjectStore(STORE, { keyPath: 'id' });
  open.onsuccess = () => ok(open.result);
  open.onerror = () => no(open.error);
});
async function transact(mode, work) {
  const transaction = (await database).transaction(STORE, mode), request = work(transaction.objectStore(STORE));
  return new Promise((ok, no) => {
    transaction.oncomplete = () => ok(request.result);
    transaction.onerror = transaction.onabort = () => no(transaction.error);
  });
}
const mine = record => !record.subject || !claims()?.sub || record.subject === claims().sub;
const listeners = new Set();
let busy = false, wanted = false, last = { waiting: 0, refused: [], needsSignIn: false };

/** Called with {waiting, refused[], needsSignIn} after every change; `sent` has {id, answer} of what just arrived. */
export function onOutbox(tell) { listeners.add(tell); tell(last); return () => listeners.delete(tell); }
async function report(extra = {}) {
  const records = await transact('readonly', store => store.getAll());
  const refused = records.filter(record => record.refused);
  last = { waiting: records.length - refused.length, refused, needsSignIn: false, ...extra };
  listeners.forEach(tell => tell(last));
}

/** Keep a record that shall be POSTed to `path`; answers its id. `note` says what it is, for the person; `person` is
 *  whom of an enrolled phone's people it concerns. What is declared is sealed where the browser can (crypto needs https). */
export async function keep(path, json, note = '', person = null) {
  const body = crypto.subtle ? await seal(json) : { json };
  const record = { id: freshId(), path, ...body, note, person, at: new Date(now()).toISOString(), subject: claims()?.sub ?? null };
  await transact('readwrite', store => store.put(record));
  navigator.storage?.persist?.().catch(() => {});
  try { await (await navigator.serviceWorker?.getRegistration())?.sync?.register('outbox'); } catch { /* not offered here */ }
  await report();
  return record.id;
}
/** Forget a refused record: the person has read why. */
export async function forget(id) { await transact('readwrite', store => store.delete(id)); await report(); }
export const waitingRecord = id => transact('readonly', store => store.get(id));

// ---- receipts: what the server took, kept when the tab that sent it is long closed ----
const RECEIPTS = 'receipts', MOST_RECEIPTS = 60;
export const receipts = () => keptSealed(RECEIPTS).then(found => found ?? []).catch(() => []);
async function noteReceipt(record, answer) {
  if (!answer.receipt || !crypto.subtle) return;
  const note = { id: record.id, receipt: answer.receipt, at: record.at, person: record.person ?? null, is_late: Boolean(answer.is_late) };
  await keepSealed(RECEIPTS, [note, ...(await receipts()).filter(one => one.id !== note.id)].slice(0, MOST_RECEIPTS)).catch(() => {});
}
/** Everything that waits here is thrown away: the person leaves this phone. */
export async function clearOutbox() { await transact('readwrite', store => store.clear()); await report(); }

async function sendOne(record) {
  try {
    const json = record.sealed ? await unseal(record) : record.json;
    const answer = await call(record.path, { json, key: record.id, person: record.person ?? undefined });
    await noteReceipt(record, answer);
    return { done: true, answer };
  } catch (fault) {
    if (!(fault instanceof Refused)) return { stop: true };
    if (LATER.has(fault.status) || fault.status >= 500) return { stop: true, needsSignIn: fault.status === 401 };
    return { refused: { status: fault.status, detail: fault.message, errors: fault.problem.errors ?? [] } };
  }
}
/** Send what waits, oldest first. Safe to call at any moment: a call during a call makes it look once more. */
export async function flush() {
  wanted = true;
  if (busy) return;
  busy = true;
  try { while (wanted) { wanted = false; await sendAll(); } } finally { busy = false; }
}
async function sendAll() {
  const records = (await transact('readonly', store => store.getAll())).filter(record => !record.refused && mine(record));
  for (const record of records.sort((a, b) => a.at.localeCompare(b.at))) {
    const outcome = await sendOne(record);
    if (outcome.stop) { await report({ needsSignIn: outcome.needsSignIn ?? false }); return; }
    if (outcome.done) await transact('readwrite', store => store.delete(record.id));
    else await transact('readwrite', store => store.put({ ...record, refused: outcome.refused }));
    await report(outcome.done ? { sent: { id: record.id, answer: outcome.answer } } : {});
  }
}
/** Try at start, when the network or the page comes back, when the service worker asks, and every 30 seconds. */
export function startOutbox() {
  addEventListener('online', flush);
  addEventListener('offline', () => report());
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && flush());
  navigator.serviceWorker?.addEventListener('message', event => event.data === 'flush' && flush());
  setInterval(flush, EVERY);
  report().then(flush);
}
