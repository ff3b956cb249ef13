// Taking over and handing over a shift.
import { call, claims, signedIn } from 'shell/auth.js';
import { dayHm } from 'shell/kit.js';
import { t } from 'shell/i18n.js';
import { keepValue, kept } from './keep.js';
import { listAge, syncLists } from './lists.js';
import { flush } from './queue.js';
import { closeShift, counts, currentShift, openShift, scansOf } from './shift.js';
import { ageText, paintList, paintWarnings } from './status.js';

const $ = selector => document.querySelector(selector);
let officer = null;

async function postsOfMine() {
  const mine = new Set(claims()?.areas ?? []);
  const all = await call('/v1/checkpoints').catch(() => null);
  if (!all) return await kept('posts') ?? [];
  const posts = all.items.filter(each => [each.commune_code, each.district_code, each.province_code].some(code => mine.has(code)));
  await keepValue('posts', posts);
  return posts;
}

/** Go on with the shift that is open here, or ask where the officer stands. */
export async function choosePost() {
  const shift = currentShift();
  if (shift && shift.officer.sub === officer.sub) return standAt(shift.post);
  if (shift) await closeShift('');  // another officer signed in without a handover
  const posts = await postsOfMine();
  if (!posts.length) { $('#hint').textContent = t('scan.no-posts'); return null; }
  $('#post-list').replaceChildren(...posts.map(post => {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'btn';
    button.textContent = post.name;
    button.addEventListener('click', async () => { await openShift(post, officer); standAt(post); $('#posts').close(); tellLast(post); });
    return button;
  }));
  $('#posts').showModal();
  return null;
}

function standAt(post) {
  $('#post').textContent = post.name;
  $('#count').textContent = scansOf(counts());
}

/** What the last officer wrote for this one. */
async function tellLast(post) {
  const page = await call('/v1/shifts?limit=20').catch(() => ({ items: [] }));
  const last = page.items.find(shift => shift.checkpoint_id === post.checkpoint_id && shift.closed_at);
  if (last?.note) $('#hint').textContent = t('scan.last-note', { at: dayHm(last.closed_at), note: last.note });
}

function paintShift() {
  const { allowed, refused, check, overridden, emergencies } = counts(), age = listAge();
  const rows = [
    ['scan.post', currentShift().post.name], ['scan.since', dayHm(currentShift().openedAt)],
    ['scan.allowed-count', allowed], ['scan.refused-count', refused], ['scan.check-count', check],
    ['scan.overridden-count', overridden], ['scan.emergency-count', emergencies],
    ['scan.list', age == null ? '—' : ageText(age)],
  ];
  $('#shift-facts').replaceChildren(...rows.flatMap(([key, value]) => {
    const name = document.createElement('dt'), text = document.createElement('dd');
    name.textContent = t(key);
    text.textContent = value;
    return [name, text];
  }));
}

export function startDuty(who) {
  officer = who;
  $('#posts').addEventListener('cancel', event => event.preventDefault());
  $('#duty').addEventListener('click', () => {
    if (!currentShift()) { choosePost(); return; }
    paintShift();
    $('#shift').showModal();
  });
  $('#shift-back').addEventListener('click', () => $('#shift').close());
  $('#refresh').addEventListener('click', async () => { await syncLists(); flush(); paintShift(); paintList(); paintWarnings(); });
  $('#shift form').addEventListener('submit', async event => {
    event.preventDefault();
    const note = new FormData(event.target).get('note').trim();
    await closeShift(note);
    $('#shift').close();
    event.target.reset();
    $('#post').textContent = t('scan.title');
    $('#hint').textContent = t('scan.handed-over');
    if (signedIn()) await choosePost();
  });
}
