// Lịch trực cảnh báo: when I am on call, changes by hand, and who is on call in each unit now.
import { html, render, Failed, Shell, useEffect, useLanguage, useState, useToast } from 'shell/ui.js';
import { dayHm, freshId, now, setServerNow } from 'shell/kit.js';
import { call, claims, Refused, requireSignIn } from 'shell/auth.js';
import { loadTexts, t } from 'shell/i18n.js';

const DUTY = '/v1/recipients/me/duty', DAYS = [0, 1, 2, 3, 4, 5, 6], SPANS = [2, 4, 8, 12, 24, 72, 168];
const live = { connected: true, heardAt: Date.now() };
const LOOK_MS = 30000;

/** What counts now, and the two ways to change it at once. */
function Now({ seen, act, busy }) {
  const [span, setSpan] = useState(12), { by_hand: said } = seen;
  const until = () => new Date(now() + span * 3600000).toISOString();
  const standing = seen.is_on ? (seen.until ? t('duty.on-until', { at: dayHm(seen.until) }) : t('duty.on')) : t('duty.off');
  return html`<section class="card" aria-labelledby="now-title"><h2 id="now-title">${t('duty.now')}</h2>
    <p id="duty-now" role="status" class=${seen.is_on ? 'standing on' : 'standing'}><span aria-hidden="true">${seen.is_on ? '●' : '○'}</span> <b>${standing}</b></p>
    ${!seen.is_reachable && html`<p class="bad" role="alert">▲ ${t('duty.unreachable')} <a href="/toi-nhan">${t('calls.title')}</a></p>`}
    ${said && html`<p>${t(said.is_on ? 'duty.said-on' : 'duty.said-off', { at: dayHm(said.until) })}</p>`}
    <label class="field"><span>${t('duty.span')}</span><select value=${span} onChange=${event => setSpan(Number(event.target.value))}>${SPANS.map(hours => html`<option value=${hours}>${hours < 48 ? t('duty.hours', { n: hours }) : t('duty.days', { n: hours / 24 })}</option>`)}</select></label>
    <div class="row">${!seen.is_on && html`<button type="button" class="btn pri" disabled=${busy} onClick=${() => act.swap(true, until())}>${t('duty.take')}</button>`}
      ${seen.is_on && html`<button type="button" class="btn" disabled=${busy} onClick=${() => act.swap(false, until())}>${t('duty.rest')}</button>`}
      ${said && html`<button type="button" class="btn text" disabled=${busy} onClick=${act.unswap}>${t('duty.by-plan')}</button>`}</div></section>`;
}

function Turn({ turn, change, drop }) {
  const field = (name, label) => html`<label class="field"><span>${t(label)}</span><input type="time" required value=${turn[name]} onInput=${event => change({ [name]: event.target.value })} /></label>`;
  const note = turn.end === turn.start ? t('duty.whole-day') : turn.end < turn.start ? t('duty.next-day') : '';
  return html`<li class="turn"><label class="field"><span>${t('duty.day')}</span><select value=${turn.weekday} onChange=${event => change({ weekday: Number(event.target.value) })}>${DAYS.map(day => html`<option value=${day}>${t(`weekday.${day}`)}</option>`)}</select></label>
    ${field('start', 'duty.from')}${field('end', 'duty.to')}
    <button type="button" class="btn text" aria-label=${t('duty.drop-this', { day: t(`weekday.${turn.weekday}`), from: turn.start })} onClick=${drop}>${t('duty.drop')}</button>
    ${note && html`<p class="mut across">${note}</p>`}</li>`;
}

/** The week as one writes it down; nothing counts before it is saved. */
function Week({ hours, most, save, busy }) {
  const [turns, set] = useState(hours), [dirty, setDirty] = useState(false);
  useEffect(() => { if (!dirty) set(hours); }, [JSON.stringify(hours)]);
  const edit = next => { set(next); setDirty(true); };
  const more = () => { const last = turns.at(-1); edit([...turns, last ? { ...last, weekday: (last.weekday + 1) % 7 } : { weekday: 0, start: '07:00', end: '19:00' }]); };
  const send = async event => { event.preventDefault(); if (await save(turns)) setDirty(false); };
  return html`<form onSubmit=${send}><section class="card" aria-labelledby="week-title"><h2 id="week-title">${t('duty.week')}</h2><p class="mut">${t('duty.week-why')}</p>
    ${!turns.length && html`<p>${t('duty.no-plan')}</p>`}
    <ul class="plain">${turns.map((turn, place) => html`<${Turn} key=${place} turn=${turn} change=${what => edit(turns.map((each, at) => (at === place ? { ...each, ...what } : each)))} drop=${() => edit(turns.filter((_, at) => at !== place))} />`)}</ul>
    <div><button type="button" class="btn" disabled=${turns.length >= most} onClick=${more}>${t('duty.more')}</button></div>
    ${dirty && html`<p class="bad" role="status">${t('duty.not-saved')}</p>`}
    <button class="btn pri big" disabled=${busy || !dirty}>${t('duty.save')}</button></section></form>`;
}

const Person = ({ person }) => html`<li><b>${person.subject}</b>${person.until && html` <span class="mut">${t('duty.until', { at: dayHm(person.until) })}</span>`}</li>`;

function Units({ units }) {
  return html`<section class="card" aria-labelledby="units-title"><h2 id="units-title">${t('duty.units')}</h2><p class="mut">${t('duty.units-why')}</p>
    ${!units.length && html`<p>${t('duty.nobody')}</p>`}
    ${units.map(unit => html`<article key=${`${unit.code}${unit.role}`} class="unit" aria-label=${`${unit.name}, ${t(`role.${unit.role}`)}`}><h3>${unit.name} <span class="mut">· ${t(`role.${unit.role}`)}</span></h3>
      ${unit.on_call.length ? html`<ul class="plain tight">${unit.on_call.map(each => html`<${Person} key=${each.subject} person=${each} />`)}</ul>` : html`<p class="warn">▲ ${t('duty.gap')}</p>`}
      ${unit.substitutes.length > 0 && html`<p class="mut">${t(unit.on_call.length ? 'duty.substitutes' : 'duty.everybody', { who: unit.substitutes.map(each => each.subject).join(', ') })}</p>`}</article>`)}</section>`;
}

function Duty({ first, firstUnits }) {
  useLanguage();
  const [seen, setSeen] = useState(first), [units, setUnits] = useState(firstUnits), [busy, setBusy] = useState(false), [wrong, setWrong] = useState(''), [toast, say] = useToast();
  const look = async () => { const [mine, all] = await Promise.all([call(DUTY), call('/v1/on-call')]); setServerNow(mine.server_now); setSeen(mine); setUnits(all.items); };
  useEffect(() => { document.documentElement.dataset.ready = '1'; const id = setInterval(() => look().catch(() => {}), LOOK_MS); return () => clearInterval(id); }, []);
  const doing = async (deed, done) => {
    setBusy(true);
    setWrong('');
    try { await deed(); say(t(done)); await look(); return true; } catch (fault) { setWrong(fault instanceof Refused ? fault.message : t('calls.no-network')); return false; } finally { setBusy(false); }
  };
  const act = {
    swap: (is_on, until) => doing(() => call(`${DUTY}/by-hand`, { json: { is_on, until } }), is_on ? 'duty.taken' : 'duty.rested'),
    unswap: () => doing(() => call(`${DUTY}/by-hand`, { method: 'DELETE' }), 'duty.planned'),
  };
  const save = hours => doing(() => call(DUTY, { json: { hours }, method: 'PUT', key: freshId() }), 'duty.saved');
  return html`<${Shell} title=${t('duty.title')} sub=${claims()?.name ?? ''} live=${live}><main class="calls">
    <p class="row"><a href="/inbox">‹ ${t('calls.back')}</a><a href="/toi-nhan">${t('calls.title')}</a></p>
    ${wrong && html`<div class="banner bad" role="alert">${wrong}</div>`}
    <${Now} seen=${seen} act=${act} busy=${busy} /><${Week} hours=${seen.hours} most=${seen.hours_max} save=${save} busy=${busy} /><${Units} units=${units} />
    <p class="mut">${t('duty.reach')}</p></main>${toast}</${Shell}>`;
}

async function open() {
  await Promise.all([loadTexts('/pages/calls/locales'), requireSignIn()]);
  const app = document.getElementById('app');
  try {
    await call('/v1/recipients/me/presence', { method: 'POST' });
    const [first, units] = await Promise.all([call(DUTY), call('/v1/on-call')]);
    setServerNow(first.server_now);
    render(html`<${Duty} first=${first} firstUnits=${units.items} />`, app, app.querySelector('main'));
  } catch (fault) {
    render(html`<${Failed} title=${t('calls.failed')} onRetry=${() => location.reload()}>${fault instanceof Refused ? fault.message : t('calls.no-network')}</${Failed}>`, app, app.querySelector('main'));
  }
}
open();
