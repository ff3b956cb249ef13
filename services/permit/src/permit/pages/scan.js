// The checkpoint: camera, hand scanner or typed number in, one verdict out that fills the screen.
import { call, claims, hasRole, Refused, requireSignIn } from 'shell/auth.js';
import { dayHm, hm, localDay, now, remember } from 'shell/kit.js';
import { loadTexts, paintTexts, t } from 'shell/i18n.js';
import { onOutbox, startOutbox } from 'shell/outbox.js';
import { watch } from './camera.js';
import { check, shownAs } from './check.js';
import { listAge, startTrust } from './trusted.js';
import { typedSerial } from './verifier/travel-permit.js';

const $ = selector => document.querySelector(selector);
const MARKS = { allowed: 'M28 52l16 16 30-36', refused: 'M32 32l36 36M68 32l-36 36', check: 'M50 26v30M50 72v2' };
const WORDS = { allowed: 'scan.allowed', refused: 'scan.refused', check: 'scan.check-word' };
const AGAIN_MS = 3000, OLD_SECONDS = 86400, WEDGE_GAP_MS = 1000, WEDGE_LEAST = 8;
let post = null, isBusy = false, last = { text: '', at: 0 };

// ---- the verdict ----------------------------------------------------------------------------------------
const ageText = seconds => (seconds < 7200 ? t('age.minutes', { n: Math.round(seconds / 60) }) : t('age.hours', { n: Math.round(seconds / 3600) }));

function rowsOf({ person, terms }) {
  if (!person) return [];
  return [
    ['scan.name', person.name], ['scan.born', person.birthYear], ['scan.paper', person.idTail], ['scan.vehicle', terms?.plate],
    ['scan.where', terms?.places.join(', ')], ['scan.hours', terms?.hours.join('; ')], ['scan.until', terms && dayHm(terms.until)],
  ].filter(([, value]) => value);
}

function show(found) {
  const dialog = $('#verdict');
  dialog.className = found.verdict;
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
  $('#how').textContent = found.isOnline ? t('scan.how-online', { at: hm(now()) }) : t('scan.how-offline', { age: ageText(found.age ?? 0) });
  dialog.dataset.reason = found.reason;
  if (!dialog.open) dialog.showModal();
  $('#word').focus();
  signal(found.verdict);
  count();
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

function count() {
  const key = `lachan.scans.${localDay(now())}`, sum = Number(remember.get(key) ?? 0) + 1;
  remember.set(key, String(sum));
  $('#count').textContent = sum;
}

// ---- one check at a time ------------------------------------------------------------------------------------
async function present(text, plate = '') {
  if (isBusy || !post || $('#verdict').open) return;
  if (text === last.text && Date.now() - last.at < AGAIN_MS) return;
  isBusy = true;
  try {
    show(await check(shownAs(text), post, plate));
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

// ---- a hand scanner types fast and ends with Enter ----------------------------------------------------------------
let typed = '', typedAt = 0;
addEventListener('keydown', event => {
  if (event.target.closest?.('input') || event.ctrlKey || event.metaKey || event.altKey) return;
  if (Date.now() - typedAt > WEDGE_GAP_MS) typed = '';
  typedAt = Date.now();
  if (event.key === 'Enter' && typed.length >= WEDGE_LEAST) {
    event.preventDefault();
    $('#verdict').close();
    present(typed);
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
  present(number, form.get('plate').trim());
});

// ---- where am I ------------------------------------------------------------------------------------------------------
async function choosePost(isAsked) {
  const mine = new Set(claims().areas ?? []);
  const posts = (await call('/v1/checkpoints').catch(() => ({ items: JSON.parse(remember.get('lachan.posts') ?? '[]') }))).items
    .filter(each => [each.commune_code, each.district_code, each.province_code].some(code => mine.has(code)));
  if (posts.length) remember.set('lachan.posts', JSON.stringify(posts));
  const known = posts.find(each => each.checkpoint_id === remember.get('lachan.post')) ?? (posts.length === 1 ? posts[0] : null);
  if (known && !isAsked) { standAt(known); return; }
  if (!posts.length) { say(t('scan.no-posts')); return; }
  $('#post-list').replaceChildren(...posts.map(each => {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'btn';
    button.textContent = each.name;
    button.addEventListener('click', () => { standAt(each); $('#posts').close(); });
    return button;
  }));
  $('#posts').showModal();
}
function standAt(chosen) {
  post = chosen;
  remember.set('lachan.post', chosen.checkpoint_id);
  $('#post').textContent = chosen.name;
}
$('#choose').addEventListener('click', () => choosePost(true));

// ---- what the officer should know ---------------------------------------------------------------------------------------
function paintNet() {
  $('#net').className = `pill${navigator.onLine ? '' : ' off'}`;
  $('#net').textContent = t(navigator.onLine ? 'scan.online' : 'scan.offline');
}
function paintList() {
  const age = listAge();
  $('#list').textContent = age == null ? '—' : t('scan.list-age', { age: ageText(age) });
  $('#list').className = age == null || age > OLD_SECONDS ? 'old' : '';
}

async function start() {
  await loadTexts('/pages/locales');
  paintTexts();
  const me = await requireSignIn();
  if (!hasRole('checkpoint_officer')) { say(t('scan.not-officer')); return; }
  $('#officer').textContent = t('scan.officer', { name: me.name ?? me.sub });
  $('#count').textContent = remember.get(`lachan.scans.${localDay(now())}`) ?? '0';
  addEventListener('online', paintNet);
  addEventListener('offline', paintNet);
  paintNet();
  startOutbox();
  onOutbox(({ waiting }) => { $('#waiting').textContent = waiting ? t('scan.waiting', { count: waiting }) : ''; });
  await startTrust(paintList);
  setInterval(paintList, 30000);
  await choosePost(false);
  const torch = await watch($('#cam'), () => isBusy || !post || !!document.querySelector('dialog[open]'), present)
    .then(found => { say(t('scan.aim')); return found; }, () => say(t('scan.no-camera')));
  $('#torch').hidden = !torch;
  if (torch) $('#torch').addEventListener('click', torch);
  document.documentElement.dataset.ready = '1';
}
start();
