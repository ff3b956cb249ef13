// Đo lại: what was doubtful is measured again after half a minute, on the page that says so. The server
// names the fields; what comes sooner than its seconds would be the same reading twice, so it is not taken.
import { PRESSURE, VITALS, readVital } from './vitals.js';
import { language, t } from 'shell/i18n.js';
import { hm, mmss } from 'shell/kit.js';

const AFTER_SECONDS = 30, WITHIN_SECONDS = 60, MOST = 2;
const $ = selector => document.querySelector(selector);
const prefix = 'second-';
let counting = null, earliest = 0, asked = [], times = 0, shownFor = null;

/** Seconds that are still to wait before a reading counts as a second one; 0 when it may be read. */
export const secondsLeft = from => Math.max(0, Math.ceil((from - Date.now()) / 1000));

/** Count down in `place`: first until a reading may be taken, then to the end of the minute. */
export function countDown(place, { after = AFTER_SECONDS, within = WITHIN_SECONDS, ready }) {
  clearInterval(counting);
  earliest = Date.now() + after * 1000;
  const until = Date.now() + within * 1000;
  const tick = () => {
    const wait = secondsLeft(earliest), left = secondsLeft(until);
    place.textContent = left ? mmss(left) : t('declare.again-now');
    place.parentElement.dataset.early = wait ? '1' : '';
    if (wait === 0 && ready) { ready(); ready = null; }
    if (!left) clearInterval(counting);
  };
  tick();
  counting = setInterval(tick, 1000);
}
export const stopCounting = () => clearInterval(counting);
/** The refusal of a reading that comes too early; null when it may be taken. */
export const tooEarly = () => (secondsLeft(earliest) ? { key: 'declare.too-early', values: { n: secondsLeft(earliest) } } : null);

const kindOf = name => [...VITALS, ...PRESSURE].find(kind => kind.name === name);
export const startAnew = () => { times = 0; shownFor = null; stopCounting(); };

/** Show or hide the request of `receipt` on the page that thanks; `field(kind, name)` makes one input. */
export function paintAgain(receipt, field) {
  const wanted = receipt?.ask_remeasure ? (receipt.remeasure ?? []).map(kindOf).filter(Boolean) : [];
  const isOpen = wanted.length > 0 && times < MOST;
  $('#ask-again').hidden = !isOpen;
  $('#ask-staff').hidden = !(receipt?.ask_remeasure && !isOpen);
  if (!isOpen) return;
  $('#ask-again-text').textContent = language() === 'vi' && receipt.advice ? receipt.advice : t('declare.ask-again');
  $('#ask-again-by').textContent = receipt.remeasure_by ? t('declare.again-by', { at: hm(receipt.remeasure_by) }) : '';
  const typed = Object.fromEntries(asked.map(kind => [kind.name, $(`#${prefix}${kind.name}`)?.value ?? '']));
  asked = wanted;
  $('#second-values').replaceChildren(...asked.map(kind => field(kind, prefix + kind.name)));
  for (const kind of asked) $(`#${prefix}${kind.name}`).value = typed[kind.name] ?? '';
  if (shownFor === receipt.report_id) return;
  shownFor = receipt.report_id;
  countDown($('#second-countdown'), { after: receipt.remeasure_after_seconds, within: receipt.remeasure_within_seconds, ready: () => $(`#${prefix}${asked[0].name}`)?.focus() });
}

/** The second reading: {values} by field name, or {fault} as key and values of a text. */
export function secondValues() {
  const early = tooEarly();
  if (early) return { fault: early };
  const values = {};
  for (const kind of asked) {
    const input = $(`#${prefix}${kind.name}`), read = readVital(kind, input.value);
    if (read.fault || read.value == null) {
      input.focus();
      return { fault: { key: read.fault ?? 'declare.missing', values: { name: t(`declare.vital.${kind.name}`), low: kind.low, high: kind.high } } };
    }
    values[kind.name] = read.value;
  }
  times += 1;
  stopCounting();
  return { values };
}
