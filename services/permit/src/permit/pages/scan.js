// The checkpoint: camera, hand scanner or typed number in, one verdict out that fills the screen.
import { claims, hasRole, Refused, signIn, token } from 'shell/auth.js';
import { dayHm, hm, now } from 'shell/kit.js';
import { loadTexts, paintTexts, t } from 'shell/i18n.js';
import { watch } from './camera.js';
import { check, shownAs } from './check.js';
import { askReason, startReasons, tellAct } from './scanner/acts.js';
import { startClock } from './scanner/clock.js';
import { ageText, paintList, paintNet, paintWarnings } from './scanner/status.js';
import { startLists } from './scanner/lists.js';
import { onQueue, startQueue } from './scanner/queue.js';
import { count, counts, currentShift, loadShift, scansOf } from './scanner/shift.js';
import { choosePost, startDuty } from './scanner/duty.js';
import { typedSerial } from './verifier/travel-permit.js';

const $ = selector => document.querySelector(selector);
const MARKS = { allowed: 'M28 52l16 16 30-36', refused: 'M32 32l36 36M68 32l-36 36', check: 'M50 26v30M50 72v2' };
const WORDS = { allowed: 'scan.allowed', refused: 'scan.refused', check: 'scan.check-word' };
const AGAIN_MS = 3000, WEDGE_GAP_MS = 1000, WEDGE_LEAST = 8;
const told = new Set();
let isBusy = false, last = { text: '', at: 0 }, present = null;

// ---- the verdict ----------------------------------------------------------------------------------------
function rowsOf({ person, terms }) {
  if (!person) return [];
  return [
    ['scan.name', person.name], ['scan.born', person.birthYear], ['scan.paper', person.idTail], ['scan.vehicle', terms?.plate],
    ['scan.where', terms?.places.join(', ')], ['scan.hours', terms?.hours.join('; ')], ['scan.until', terms && dayHm(terms.until)],
  ].filter(([, value]) => value);
}

/** Show what was found; the same scan a second time corrects what was shown, unless somebody else stands there by now. */
function show(found) {
  const before = present?.scanId === found.scanId ? present : null;
  if (!before && told.has(found.scanId)) { tellLate(found); return; }
  told.add(found.scanId);
  const isCorrected = before !== null && before.verdict !== found.verdict;
  if (!before || isCorrected) count(found.verdict, before?.verdict);
  present = found;
  paint(found);
  $('#changed').hidden = !isCorrected;
  if (isCorrected) $('#changed').textContent = t('scan.corrected');
  if (before && !isCorrected) return;
  $('#noted').textContent = '';
  const dialog = $('#verdict');
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
  $('#word').focus();
  signal(found.verdict);
  $('#count').textContent = scansOf(counts());
}

/** Somebody else stands there by now: the officer can still call the one before back. */
function tellLate(found) {
  if (!found.isOnline || found.verdict === 'allowed') return;
  $('#changed').textContent = t('scan.late', { name: found.person?.name ?? '—', word: t(WORDS[found.verdict]) });
  $('#changed').hidden = false;
}

function paint(found) {
  const dialog = $('#verdict');
  dialog.className = found.verdict;
  dialog.dataset.reason = found.reason;
  $('#mark').setAttribute('d', MARKS[found.verdict]);
  $('#word').textContent = t(WORDS[found.verdict]);
  $('#why').textContent = found.message;
  $('#next-step').textContent = found.next;
  $('#facts').replaceChildren(...rowsOf(found).map(([key, value]) => {
    const row = document.createElement('div'), name = document.createElement('dt'), text = document.createElement('dd');
    name.textContent = t(key);
    text.textContent = value;
    row.append(name, text);
    return row;
  }));
  $('#identity').hidden = !found.person || found.verdict === 'refused';
  $('#override').textContent = t(found.verdict === 'allowed' ? 'scan.turned-back' : 'scan.let-pass');
  $('#how').textContent = found.isOnline ? t('scan.how-online', { at: hm(now()) })
    : t(found.isAsking ? 'scan.how-asking' : 'scan.how-offline', { age: found.age == null ? '—' : ageText(found.age) });
}

function signal(verdict) {
  navigator.vibrate?.(verdict === 'allowed' ? 80 : [120, 80, 120, 80, 300]);
  try {
    const sound = new AudioContext(), tone = sound.createOscillator();
    tone.frequency.value = { allowed: 880, check: 520, refused: 240 }[verdict];
    tone.connect(sound.destination);
    tone.start();
    tone.stop(sound.currentTime + (verdict === 'allowed' ? 0.12 : 0.4));
    tone.onended = () => sound.close();
  } catch { /* a device without sound */ }
}

// ---- one check at a time; the next code needs no tap --------------------------------------------------------
async function take(text, plate = '') {
  if (isBusy || !currentShift()) return;
  if (text === last.text && Date.now() - last.at < AGAIN_MS) { last.at = Date.now(); return; }
  isBusy = true;
  try {
    await check(shownAs(text), currentShift().post, plate, show);
  } catch (fault) {
    say(fault instanceof Refused ? fault.message : String(fault));
  } finally {
    last = { text, at: Date.now() };
    isBusy = false;
  }
}
const say = text => { $('#hint').textContent = text; };
$('#verdict').addEventListener('close', () => { last.at = Date.now(); });
$('#next').addEventListener('click', () => $('#verdict').close());

// ---- what the officer does about it ----------------------------------------------------------------------------
$('#matched').addEventListener('click', () => {
  tellAct('matched', present);
  $('#noted').textContent = t('scan.noted-matched');
  $('#identity').hidden = true;
});
$('#differed').addEventListener('click', () => {
  tellAct('differed', present);
  present = { ...present, verdict: 'refused', reason: 'differed', message: t('scan.differed-why'), next: t('scan.differed-next') };
  paint(present);
  signal('refused');
  $('#noted').textContent = t('scan.noted');
});
$('#override').addEventListener('click', () => {
  askReason(present.verdict === 'allowed' ? 'turned-back' : 'let-pass', present, () => { $('#noted').textContent = t('scan.noted'); });
});
$('#emergency').addEventListener('click', () => {
  if (currentShift()) askReason('emergency', null, () => say(t('scan.noted-emergency')));
});

// ---- a hand scanner types fast and ends with Enter ----------------------------------------------------------------
let typed = '', typedAt = 0;
addEventListener('keydown', event => {
  if (event.target.closest?.('input,textarea') || event.ctrlKey || event.metaKey || event.altKey) return;
  if (Date.now() - typedAt > WEDGE_GAP_MS) typed = '';
  typedAt = Date.now();
  if (event.key === 'Enter' && typed.length >= WEDGE_LEAST) {
    event.preventDefault();
    take(typed);
    typed = '';
  } else if (event.key.length === 1) {
    if (typed) event.preventDefault();
    typed += event.key;
  }
});

// ---- a typed number ------------------------------------------------------------------------------------------------
$('#manual').addEventListener('click', () => { $('#wrong').hidden = true; $('#typing').showModal(); });
$('#cancel').addEventListener('click', () => $('#typing').close());
$('#typed').addEventListener('submit', event => {
  event.preventDefault();
  const form = new FormData(event.target), number = form.get('number');
  if (!typedSerial(number)) {
    $('#wrong').textContent = t('scan.bad-number');
    $('#wrong').hidden = false;
    return;
  }
  $('#typing').close();
  event.target.reset();
  last.text = '';
  take(number, form.get('plate').trim());
});

/** Who is on duty: whoever is signed in; without a network, whose shift is open on this device. */
async function officerOnDuty() {
  if (!(await token())) {
    if (!currentShift() && navigator.onLine) await signIn();
    return currentShift()?.officer ?? null;
  }
  return hasRole('checkpoint_officer') ? { sub: claims().sub, name: claims().name ?? claims().sub } : undefined;
}

async function start() {
  await Promise.all([loadTexts('/pages/locales'), startClock(), loadShift()]);
  paintTexts();
  navigator.serviceWorker?.register('/scan-worker.js', { scope: '/scan' }).catch(() => {});
  const officer = await officerOnDuty().catch(() => currentShift()?.officer ?? null);
  if (!officer) { say(t(officer === null ? 'scan.sign-in-first' : 'scan.not-officer')); return; }
  $('#officer').textContent = t('scan.officer', { name: officer.name });
  startReasons();
  startDuty(officer);
  onQueue(({ waiting, others, refused }) => {
    $('#waiting').textContent = [waiting && t('scan.waiting', { count: waiting }), others && t('scan.others', { count: others }), refused && t('scan.refused-uploads', { count: refused })].filter(Boolean).join(' ');
  });
  startQueue();
  const repaint = () => { paintNet(); paintList(); paintWarnings(); };
  addEventListener('online', repaint);
  addEventListener('offline', repaint);
  setInterval(repaint, 10000);
  const listed = startLists(repaint);
  repaint();
  await choosePost(false);
  const isPaused = () => isBusy || !currentShift() || !!document.querySelector('dialog[open]:not(#verdict)');
  say(t('scan.preparing'));
  const camera = await watch($('#cam'), isPaused, take).catch(() => say(t('scan.no-camera')));
  $('#torch').hidden = !camera?.torch;
  if (camera?.torch) $('#torch').addEventListener('click', camera.torch);
  const reads = camera?.reads.then(() => say(t('scan.aim')));
  await Promise.all([listed, Promise.race([reads, new Promise(done => { setTimeout(done, 3000); })])]);
  document.documentElement.dataset.ready = '1';
}
start();
