// What this device has yet to tell the centre: scans, acts, shifts. Sealed while they wait; sent in any order, late
// or twice, each counts once, because each has the id that was made here. What the centre refuses is kept and shown.
import { call, claims, Refused } from 'shell/auth.js';
import { dropQueued, markQueued, putSealed, queued, unsealed } from './keep.js';

const LONGEST_HOLD_MS = 60000, BATCH = 50, SOONEST_MS = 2000, LATEST_MS = 300000;
const LATER = new Set([401, 408, 425, 429]);
const PATHS = { scan: '/v1/scans', act: '/v1/gate-actions' };
const listeners = new Set();
let busy = false, wanted = false, waitMs = SOONEST_MS, timer = 0;

/** Called with { waiting, refused, others }: of this officer, refused by the centre, of other officers. */
export function onQueue(tell) { listeners.add(tell); report(); }
async function report() {
  const all = await queued(), open = all.filter(record => !record.refused);
  const found = { waiting: open.filter(isMine).length, others: open.filter(record => !isMine(record)).length, refused: all.length - open.length };
  listeners.forEach(tell => tell(found));
}
/** Held for a moment; a date far ahead means that the clock was set back since. */
const isHeld = ({ heldUntil }) => heldUntil > Date.now() && heldUntil < Date.now() + LONGEST_HOLD_MS;
const isMine = record => !claims()?.sub || record.subject === claims().sub;

/**
 * Keep `item` until the centre has it. `subject` is who did it: sent only while that officer is signed in. It is not sent
 * for `heldMs`: what the centre is being asked at this moment must not arrive there as already decided.
 */
export async function enqueue(kind, id, item, subject, heldMs = 0) {
  await putSealed(id, { kind, subject, at: Date.now(), heldUntil: Date.now() + heldMs }, item);
  report();
  flushSoon(heldMs);
}
/** The centre has it already. */
export async function settled(id) { await dropQueued(id); report(); }
/** The centre did not answer after all. */
export async function release(id) {
  const record = (await queued()).find(each => each.id === id);
  if (record) await markQueued({ ...record, heldUntil: 0 });
  flushSoon(0);
}

function flushSoon(ms) {
  clearTimeout(timer);
  timer = setTimeout(flush, ms);
}
/** Send what waits; safe to call at any moment. */
export async function flush() {
  wanted = true;
  if (busy) return;
  busy = true;
  try {
    while (wanted) { wanted = false; await sendAll(); }
    waitMs = SOONEST_MS;
  } catch {
    // Half of the wait is chance, so that forty phones that come back together do not call together.
    flushSoon(waitMs / 2 + Math.random() * waitMs / 2);
    waitMs = Math.min(2 * waitMs, LATEST_MS);
  } finally {
    busy = false;
    report();
  }
}

async function sendAll() {
  const isDue = record => !record.refused && isMine(record) && !isHeld(record);
  const mine = (await queued()).filter(isDue).sort((a, b) => a.at - b.at);
  for (const record of mine.filter(each => each.kind === 'shift')) await sendShift(record);
  for (const kind of Object.keys(PATHS)) {
    const records = mine.filter(each => each.kind === kind);
    for (let at = 0; at < records.length; at += BATCH) await sendBatch(kind, records.slice(at, at + BATCH));
  }
}

async function sendShift(record) {
  const { shift_id: shiftId, ...json } = await unsealed(record);
  await tried(record, () => call(`/v1/shifts/${shiftId}`, { method: 'PUT', json }));
}

async function sendBatch(kind, records) {
  const items = await Promise.all(records.map(unsealed));
  try {
    const answer = await call(PATHS[kind], { json: { items } });
    await Promise.all(answer.items.map((row, at) => settle(records[at], row.outcome === 'refused' ? row.reason : null)));
  } catch (fault) {
    if (!isFinal(fault)) throw fault;
    if (records.length === 1) return settle(records[0], fault.message);
    for (const record of records) await sendBatch(kind, [record]);  // one that is broken must not hold up the others
  }
}

async function tried(record, send) {
  try {
    await send();
    await settle(record, null);
  } catch (fault) {
    if (!isFinal(fault)) throw fault;
    await settle(record, fault.message);
  }
}
const isFinal = fault => fault instanceof Refused && fault.status < 500 && !LATER.has(fault.status);
const settle = (record, refused) => (refused == null ? dropQueued(record.id) : markQueued({ ...record, refused }));

export function startQueue() {
  addEventListener('online', () => { waitMs = SOONEST_MS; flush(); });
  document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && flush());
  flush();
}
