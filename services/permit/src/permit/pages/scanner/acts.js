// What the officer does about a verdict: the paper is or is not the person's, another decision with its reason, an
// emergency without a permit. Told to the centre when there is a network.
import { freshId } from 'shell/kit.js';
import { t } from 'shell/i18n.js';
import { trustedNow } from './clock.js';
import { enqueue } from './queue.js';
import { count, currentShift } from './shift.js';

/** As views/gate_requests.py has them. */
const REASONS = {
  'let-pass': ['on-the-way-home', 'office-confirmed', 'scanner-fault', 'other'],
  'turned-back': ['paper-doubtful', 'purpose-doubtful', 'other'],
  emergency: ['urgent-care', 'rescue', 'priority-vehicle', 'disaster', 'other'],
};
const LEAST_WORDS = 5;
const $ = selector => document.querySelector(selector);
let asked = null;

export function tellAct(act, found = null, more = {}) {
  const shift = currentShift(), id = freshId();
  const about = found ? { scan_id: found.scanId, told: found.reason, ...(found.permitId ? { permit_id: found.permitId } : {}) } : {};
  if (act === 'emergency') count('emergencies');
  else if (act in REASONS) count('overridden');
  return enqueue('act', id, {
    action_id: id, act, checkpoint_id: shift.post.checkpoint_id, acted_at: new Date(trustedNow() * 1000).toISOString(), ...about, ...more,
  }, shift.officer.sub);
}

/** Ask for the reason, record the act, then call `done`. */
export function askReason(act, found, done) {
  asked = { act, found, done };
  $('#reason-title').textContent = t(`scan.${act}`);
  $('#reason-list').replaceChildren(...REASONS[act].map((code, at) => {
    const label = document.createElement('label'), input = document.createElement('input'), words = document.createElement('span');
    label.className = 'pick';
    Object.assign(input, { type: 'radio', name: 'code', value: code, required: true, checked: at === 0 });
    words.textContent = t(`reason.${code}`);
    label.append(input, words);
    return label;
  }));
  $('#reason-plate').hidden = act !== 'emergency';
  $('#reason-wrong').hidden = true;
  $('#reason').showModal();
}

export function startReasons() {
  $('#reason-cancel').addEventListener('click', () => $('#reason').close());
  $('#reason form').addEventListener('submit', async event => {
    event.preventDefault();
    const form = new FormData(event.target), note = form.get('note').trim(), plate = form.get('plate').trim().slice(0, 20);
    if (form.get('code') === 'other' && note.length < LEAST_WORDS) {
      $('#reason-wrong').hidden = false;
      return;
    }
    await tellAct(asked.act, asked.found, { reason_code: form.get('code'), note, ...(plate ? { plate } : {}) });
    $('#reason').close();
    event.target.reset();
    asked.done();
  });
}
