// The daily declaration: well = 3 taps, ill = 5, works with no network, sent exactly once in effect.
import { DANGER, MEASURE_AGAIN_AT, PRESSURE, SIGNS, VITALS, looksSwapped, readVital } from './vitals.js';
import { countDown, paintAgain, secondValues, startAnew, stopCounting, tooEarly } from './again.js';
import { whoDeclares } from './person.js';
import { claims, signIn } from 'shell/auth.js';
import { day, dayHm, meta, now, num, param } from 'shell/kit.js';
import { language, loadTexts, onLanguage, otherLanguage, paintTexts, switchLanguage, t } from 'shell/i18n.js';
import { flush, forget, keep, onOutbox, startOutbox } from 'shell/outbox.js';

const ELSEWHERE = param('loai') === 'f0' && meta('declare-kind') !== 'f0';   // the citizen's app declares to F0 care, too
const IS_F0 = ELSEWHERE || meta('declare-kind') === 'f0', BASE = ELSEWHERE ? meta('f0-url') : '';
const STEP_OF = { feel: 1, signs: 1, vitals: 2, again: 2, check: 3 };
const $ = selector => document.querySelector(selector);
const all = selector => [...document.querySelectorAll(selector)];
const fresh = () => ({ well: null, symptoms: [], values: {}, repeat: null, confirmedSwap: false });
let answers = fresh(), person = null, sentId = null, receipt = null, sentReport = null, step = 'feel', box = { waiting: 0, refused: [] };

const show = (element, visible) => { (typeof element === 'string' ? $(element) : element).hidden = !visible; };
const fail = (where, key, values) => { const box = $(`#${where}-error`); box.textContent = key ? t(key, values) : ''; show(box, Boolean(key)); return !key; };

function vitalField(kind, name = kind.name) {
  const unit = kind.unit.startsWith('declare.') ? t(kind.unit) : kind.unit;
  const row = document.createElement('div');
  row.className = 'vital';
  const label = document.createElement('label'), hint = document.createElement('small'), input = document.createElement('input'), units = document.createElement('span');
  label.htmlFor = input.id = name;
  label.textContent = t(`declare.vital.${kind.name}`);
  hint.textContent = t(`declare.vital.${kind.name}.hint`);
  label.append(hint);
  Object.assign(input, { name, inputMode: kind.step < 1 ? 'decimal' : 'numeric', autocomplete: 'off', maxLength: 6 });
  units.className = 'unit';
  units.textContent = unit;
  row.append(label, input, units);
  return row;
}
function sign(code) {
  const label = document.createElement('label'), box = document.createElement('input');
  Object.assign(box, { type: 'checkbox', value: code, checked: answers.symptoms.includes(code) });
  label.append(box, t(`declare.sign.${code}`));
  return label;
}
const typed = () => Object.fromEntries(all('.vital input').map(input => [input.name, input.value]));

function paint() {
  const before = typed();
  paintTexts();
  $('#language').textContent = otherLanguage().toUpperCase();
  $('#language').setAttribute('aria-label', otherLanguage() === 'en' ? 'English' : 'Tiếng Việt');
  $('#danger-signs').replaceChildren(...DANGER.map(sign));
  $('#other-signs').replaceChildren(...SIGNS.map(sign));
  $('#vitals').replaceChildren(...(IS_F0 ? VITALS : VITALS.slice(1, 2)).map(kind => vitalField(kind)));
  $('#pressure').replaceChildren(...PRESSURE.map(kind => vitalField(kind)));
  $('#again-value').replaceChildren(vitalField(VITALS[0], 'again'));
  all('.vital input').forEach(input => { input.value = before[input.name] ?? ''; });
  all('[data-f0]').forEach(element => show(element, IS_F0 && !(ELSEWHERE && element.matches('p'))));
  if (person) $('#who').textContent = [person.name, person.commune].filter(Boolean).join(' · ');
  net();
  summary();
  if (sentId) done();
}
function net() {
  const online = navigator.onLine;
  $('#net').classList.toggle('off', !online);
  const waiting = box.waiting ? ` · ${t('declare.waiting', { n: box.waiting })}` : '';
  $('#net').textContent = (online ? `● ${t('declare.online')}` : `○ ${t('declare.offline')}`) + waiting;
  show('#needs-sign-in', box.needsSignIn);
  const problem = box.refused[0];
  show('#refused', problem);
  if (problem) $('#refused').replaceChildren(refusal(problem));
}
function refusal(record) {
  const part = document.createElement('div'), text = document.createElement('p'), close = document.createElement('button');
  text.textContent = `${t('declare.refused', { at: dayHm(record.at) })} ${record.refused.detail} ${record.refused.errors.map(e => e.message).join(' ')}`;
  Object.assign(close, { type: 'button', className: 'btn', textContent: t('declare.refused-read'), onclick: () => forget(record.id) });
  part.append(text, close);
  return part;
}
function summary() {
  const values = { ...answers.values };
  const rows = [[t('declare.health'), answers.symptoms.length ? answers.symptoms.map(code => t(`declare.sign.${code}`)).join(', ') : t(answers.well === 'no' ? 'declare.ill' : 'declare.well')]];
  for (const kind of [...VITALS, ...PRESSURE]) {
    const again = kind.name === 'spo2_percent' && answers.repeat != null ? ` → ${answers.repeat}` : '';
    const unit = kind.unit.startsWith('declare.') ? t(kind.unit) : kind.unit;
    if (values[kind.name] != null) rows.push([t(`declare.vital.${kind.name}`), `${num(values[kind.name])}${again} ${unit}`]);
  }
  rows.push([t('declare.date'), day(now())]);
  $('#summary').replaceChildren(...rows.map(([name, value]) => {
    const row = document.createElement('div'), dt = document.createElement('dt'), dd = document.createElement('dd');
    dt.textContent = name;
    dd.textContent = value;
    row.append(dt, dd);
    return row;
  }));
}
function goTo(name) {
  step = name;
  stopCounting();
  all('fieldset').forEach(part => show(part, part.dataset.step === name));
  $('#steps').querySelectorAll('i').forEach((bar, i) => bar.classList.toggle('on', i < STEP_OF[name]));
  if (name === 'again') measureAgain();
  summary();
  scrollTo(0, 0);
  $(`fieldset[data-step="${name}"] h1`).focus();
}
function measureAgain() {
  $('#again-why').textContent = t('declare.again-why', { value: answers.values.spo2_percent });
  countDown($('#countdown'), { ready: () => $('#again').focus() });
}
const take = {
  signs() {
    answers.symptoms = all('.signs :checked').map(box => box.value);
    if (fail('signs', answers.symptoms.length ? null : 'declare.choose-one')) goTo('vitals');
  },
  vitals() {
    const values = {};
    for (const kind of IS_F0 ? [...VITALS, ...PRESSURE] : VITALS.slice(1, 2)) {
      const input = $(`#${kind.name}`), read = readVital(kind, input.value);
      input.closest('.vital').classList.toggle('wrong', Boolean(read.fault));
      if (read.fault) { fail('vitals', read.fault, { name: t(`declare.vital.${kind.name}`), low: kind.low, high: kind.high }); input.focus(); return; }
      values[kind.name] = read.value;
    }
    if (!complete(values) || !notSwapped(values)) return;
    answers.values = values;
    fail('vitals', null);
    goTo(values.spo2_percent != null && values.spo2_percent <= MEASURE_AGAIN_AT && answers.repeat == null ? 'again' : 'check');
  },
  again() {
    const read = readVital(VITALS[0], $('#again').value);
    if (read.fault || read.value == null) { fail('again', read.fault ?? 'declare.not-a-number', { name: 'SpO₂', low: 50, high: 100 }); return; }
    const early = tooEarly();
    if (early) { fail('again', early.key, early.values); return; }
    answers.repeat = read.value;
    fail('again', null);
    goTo('check');
  },
  'again-skip'() { answers.repeat = null; goTo('check'); },
};
function complete(values) {
  if (!IS_F0) return true;
  const missing = VITALS.find(kind => values[kind.name] == null && !(kind.name === 'spo2_percent' && $('#no-oximeter').checked));
  if (!missing) return true;
  fail('vitals', 'declare.missing', { name: t(`declare.vital.${missing.name}`) });
  $(`#${missing.name}`).focus();
  return false;
}
function notSwapped(values) {
  if (!looksSwapped(values) || answers.confirmedSwap) return true;
  fail('vitals', 'declare.swapped', { spo2: values.spo2_percent, pulse: values.pulse_per_minute });
  const right = Object.assign(document.createElement('button'), { type: 'button', className: 'btn', textContent: t('declare.swapped-right') });
  right.onclick = () => { answers.confirmedSwap = true; take.vitals(); };
  $('#vitals-error').append(right);
  $('#spo2_percent').focus();
  return false;
}
function report() {
  const common = { reported_at: new Date(now()).toISOString(), declared_by: all('[name=by]').find(input => input.checked).value, symptoms: answers.symptoms };
  const measured = Object.fromEntries(Object.entries(answers.values).filter(([, value]) => value != null));
  if (!IS_F0) return { ...common, ...measured };
  const repeat = answers.repeat == null ? {} : { spo2_repeat_percent: answers.repeat };
  return { ...common, ...measured, ...repeat, on_oxygen: $('#on-oxygen').checked, consciousness: answers.symptoms.includes('drowsy') ? 'confused' : 'alert' };
}
function done() {
  const sent = receipt !== null;
  show('#work', false);
  show('#done', true);
  $('#done').classList.toggle('wait', !sent);
  $('#done-title').textContent = t(sent ? 'declare.sent' : 'declare.saved');
  $('#done-text').textContent = t(sent ? 'declare.sent-text' : 'declare.saved-text');
  $('#done-path').setAttribute('d', sent ? 'M10 28l12 11 20-25' : 'M26 8v26M14 24l12 12 12-12M10 44h32');
  $('#receipt').textContent = receipt?.receipt ?? sentId.slice(0, 8).toUpperCase();
  show('#late', receipt?.is_late);
  paintAgain(receipt, vitalField);
  show('#care', answers.symptoms.length > 0 || receipt?.has_danger_sign);
}
function onBox(state) {
  box = state;
  if (state.sent?.id === sentId) { receipt = state.sent.answer ?? {}; done(); }
  if (state.refused.some(record => record.id === sentId)) { sentId = null; show('#done', false); show('#work', true); goTo('check'); }
  net();
}
/** What was measured again, with how the person feels: a declaration of its own, so that both are kept. */
function secondReport(values) {
  const { spo2_repeat_percent: _, ...first } = sentReport;
  for (const kind of [...VITALS, ...PRESSURE]) delete first[kind.name];
  return { ...first, ...values, reported_at: new Date(now()).toISOString() };
}
async function sendAgain() {
  const { values, fault } = secondValues();
  if (!fail('second', fault?.key, fault?.values)) return;
  await deliver(secondReport(values));
}
const send = event => { event.preventDefault(); return deliver(report()); };
async function deliver(body) {
  const folder = IS_F0 ? 'patients' : 'cases';
  receipt = null;
  sentReport = body;
  sentId = await keep(`${BASE}/v1/${folder}/${encodeURIComponent(person.person_id)}/reports`, body, 'declaration', person.person);
  done();
  $('#done-title').focus();
  flush();
}
function press(event) {
  const button = event.target.closest('button');
  if (!button) return;
  if (button.dataset.well) { answers.well = button.dataset.well; if (answers.well === 'yes') answers.symptoms = []; goTo(answers.well === 'yes' ? 'vitals' : 'signs'); }
  else if (button.dataset.next) take[button.dataset.next]();
  else if (button.dataset.back) { answers.repeat = null; goTo(button.dataset.back); }
}
function wire() {
  document.addEventListener('click', press);
  $('#form').addEventListener('submit', send);
  $('#send-again').onclick = sendAgain;
  $('#form').addEventListener('change', () => {
    show('fieldset[data-step=signs] [data-emergency]', all('#danger-signs :checked').length > 0);
  });
  $('#language').onclick = switchLanguage;
  for (const id of ['#sign-in', '#nobody-sign-in']) $(id).onclick = () => signIn().catch(() => {});
  $('#another').onclick = () => { startAnew(); answers = fresh(); sentId = null; receipt = null; $('#form').reset(); if (person?.isHolder === false) $('[name=by][value=relative]').checked = true; show('#done', false); show('#work', true); paint(); goTo('feel'); };
  addEventListener('online', net);
  addEventListener('offline', net);
  onLanguage(paint);
}
/** The app asked "well?" already, so three taps remain three; and it knows who holds the phone. */
function onOwnPhone() {
  show('#home', true);
  if (!person.isHolder) $('[name=by][value=relative]').checked = true;
  if (param('khoe')) { answers.well = 'yes'; goTo('vitals'); }
}
async function open() {
  wire();
  await loadTexts('/static/declare/locales');
  paint();
  navigator.serviceWorker?.register('/sw.js').catch(() => {});
  const found = await whoDeclares(BASE);
  person = found.person ?? null;
  if (person?.person) onOwnPhone();
  show('#work', person);
  show('#nobody', !person);
  if (!person) {
    $('#nobody-title').textContent = t(`declare.${found.nothing}`);
    $('#nobody-text').textContent = t(`declare.${found.nothing}-text`);
    show('#nobody-sign-in', found.nothing !== 'no-duty' && !claims());
  }
  paint();
  onOutbox(onBox);
  startOutbox();
  document.documentElement.dataset.ready = language();
}
open();
