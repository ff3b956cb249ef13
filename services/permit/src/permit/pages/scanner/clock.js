// The time that verdicts are made with. A phone may be wrong, or be set back to revive an old permit: the time
// here is corrected by what the centre last told, and is never before anything that this device has proof of
// (the lists, the last word of the centre, the last scan).
import { setServerNow } from 'shell/kit.js';
import { keepValue, kept } from './keep.js';

const KEY = 'clock', WRONG_MS = 120000;
const started = { wall: Date.now(), steady: performance.now() };
let skewMs = 0, floor = 0, offMs = 0;
/** A clock that is set back while the page is open does not go back; one that is set forward does go forward. */
const wall = () => Math.max(Date.now(), started.wall + performance.now() - started.steady);

export async function startClock() {
  const known = await kept(KEY);
  if (known) ({ skewMs, floor, offMs } = known);
  tellShell();
}
const tellShell = () => setServerNow(new Date(wall() + skewMs).toISOString());
const save = () => keepValue(KEY, { skewMs, floor, offMs });

/** Seconds. */
export const trustedNow = () => Math.max(Math.floor((wall() + skewMs) / 1000), floor);

/** The centre's word is final: it also undoes what a phone that ran ahead had made us believe. */
export function heardServer(iso, provenSeconds = 0) {
  const server = Date.parse(iso);
  if (!Number.isFinite(server)) return;
  offMs = Date.now() - server;
  skewMs = server - wall();
  floor = Math.max(Math.floor(server / 1000), provenSeconds);
  tellShell();
  save();
}
/** Time is not before this: a list's date, a scan. */
export function proven(seconds) {
  if (seconds <= floor) return;
  floor = seconds;
  save();
}
/** Minutes by which this device's clock was off when it last heard the centre; 0 when that does not matter. */
export const minutesOff = () => (Math.abs(offMs) > WRONG_MS ? Math.round(offMs / 60000) : 0);
