// Whose shift it is, where, and what was counted in it. Kept on the device, so that a page that starts with no
// network goes on with the shift that was opened with one.
import { freshId } from 'shell/kit.js';
import { trustedNow } from './clock.js';
import { keepValue, kept } from './keep.js';
import { enqueue } from './queue.js';

const KEY = 'shift', NONE = { allowed: 0, refused: 0, check: 0, overridden: 0, emergencies: 0 };
let shift = null;

export const currentShift = () => shift;
export const counts = () => shift?.counts ?? NONE;
export const scansOf = ({ allowed, refused, check }) => allowed + refused + check;
export async function loadShift() { return (shift = await kept(KEY) ?? null); }

const iso = () => new Date(trustedNow() * 1000).toISOString();
const save = () => keepValue(KEY, shift);
const tell = more => enqueue('shift', `${shift.shiftId}${more.closed_at ? '-end' : ''}`, {
  shift_id: shift.shiftId, checkpoint_id: shift.post.checkpoint_id, opened_at: shift.openedAt, counts: shift.counts, ...more,
}, shift.officer.sub);

export async function openShift(post, officer) {
  shift = { shiftId: freshId(), post, officer, openedAt: iso(), counts: { ...NONE } };
  await save();
  await tell({});
}
export async function closeShift(note) {
  await tell({ closed_at: iso(), note });
  shift = null;
  await save();
}
/** Count one more of `what`; `before` is what was counted for the same scan and is taken back. */
export function count(what, before = null) {
  if (!shift) return;
  if (before) shift.counts[before] -= 1;
  shift.counts[what] += 1;
  save();
}
