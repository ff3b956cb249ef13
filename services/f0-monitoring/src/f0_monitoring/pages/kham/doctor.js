// Tư vấn từ xa: who waits in a room now, who asks, what is ahead, and what was held of late.
import { Dialog, Empty, Failed, Shell, html, render, useEffect, useRef, useState, useToast } from 'shell/ui.js';
import { day, dayHm, freshId, hm, localDay, now, num, param, setServerNow } from 'shell/kit.js';
import { call, claims, hasRole, requireSignIn } from 'shell/auth.js';
import { hasText, loadTexts, t } from 'shell/i18n.js';
import { ResultForm } from './result.js';

const LOOK_MS = 4000, READ_EVERY = 5, SOON_MINUTES = 30;
const words = fault => [fault.problem?.title, ...(fault.problem?.errors?.map(one => one.message) ?? [fault.message])].filter(Boolean).join('. ');
const path = (c, act = '') => `/v1/consultations/${c.consultation_id}${act && `/${act}`}`;

/** The list, read again now and then (reading is noted); who sits in a room is looked at every few seconds. */
function useConsultations() {
  const [state, set] = useState({ items: null, waiting: {}, fault: null, connected: false, heardAt: null });
  const latest = useRef(state), looks = useRef(0);
  const put = changes => { latest.current = { ...latest.current, ...changes }; set(latest.current); };
  const read = async () => {
    try {
      const { items, as_of } = await call('/v1/consultations');
      setServerNow(as_of);
      put({ items, fault: null, connected: true, heardAt: Date.now() });
    } catch (fault) { put({ fault, connected: false }); }
  };
  const look = async () => {
    if (document.visibilityState !== 'visible') return;
    looks.current += 1;
    try {
      const waiting = hasRole('doctor') ? (await call('/v1/consultations/waiting')).items : {};
      const known = new Set((latest.current.items ?? []).map(c => c.consultation_id));
      put({ waiting, connected: true, heardAt: Date.now() });
      if (looks.current % READ_EVERY === 0 || Object.keys(waiting).some(id => !known.has(id))) await read();
    } catch { put({ connected: false }); }
  };
  useEffect(() => { read().then(look); const id = setInterval(look, LOOK_MS); return () => clearInterval(id); }, []);
  return [state, read];
}

function when(c) {
  if (c.duration_seconds != null) return `${dayHm(c.history.at(-1).at)} · ${t('kham.lasted', { minutes: Math.max(1, Math.round(c.duration_seconds / 60)) })}`;
  if (c.starts_at) return `${localDay(c.starts_at) === localDay(now()) ? t('kham.today') : day(c.starts_at)} ${hm(c.starts_at)}–${hm(c.ends_at)}`;
  return t('kham.asked-at', { at: dayHm(c.requested_at) });
}
const line = c => c.is_over && c.quality && [t(`room.quality.${c.quality.grade}`), c.quality.is_relayed && t('kham.relayed'), c.quality.loss_percent != null && t('kham.loss', { n: num(c.quality.loss_percent) })].filter(Boolean).join(' · ');

function Card({ c, seats = [], act }) {
  const waits = seats.includes('patient'), soon = !c.is_over && c.starts_at && Date.parse(c.starts_at) - now() < SOON_MINUTES * 60000;
  const isDoctor = c.as_party === 'doctor';
  return html`<article class=${`card consultation ${waits ? 'waits' : soon ? 'soon' : ''}`} data-id=${c.consultation_id}>
    <div class="row"><h3>${c.patient_name}</h3><span class="tag">${t(`kham.state.${c.state}`)}</span>${c.is_over || html`<span class="mut">${t(`kham.way.${c.way}`)}</span>`}</div>
    ${waits && html`<p class="saved" role="status">● ${t('kham.in-room')}</p>`}
    <p class="when">${when(c)}</p>${c.reminder && !c.is_over && html`<p class=${c.reminder.state === 'failed' || c.reminder.state === 'expired' ? 'problem' : 'mut'}>${t(`kham.reminder.${c.reminder.state}`, { at: c.reminder.at ? hm(c.reminder.at) : '' })}${hasText(`kham.reminder.${c.reminder.fault}`) && c.reminder.state === 'failed' ? ` ${t(`kham.reminder.${c.reminder.fault}`)}` : ''}</p>`}
    <p class="mut">${[c.commune_name, t(`kham.by.${c.requested_by}`), !isDoctor && c.doctor_name].filter(Boolean).join(' · ')}</p>
    ${c.wish && html`<p>“${c.wish}”</p>`}${c.note && html`<p>${c.note}</p>`}${line(c) && html`<p class="mut">${line(c)}</p>`}
    <div class="acts">
      ${!c.is_over && isDoctor && html`<a class="btn pri" href=${`/kham/phong?c=${c.consultation_id}`}>${t('kham.open-room')}</a>`}
      ${!c.is_over && html`<button type="button" class="btn" onClick=${() => act('hour', c)}>${t(c.starts_at ? 'kham.other-hour' : 'kham.hour')}</button>
        <button type="button" class="btn" onClick=${() => act('link', c)}>${t('kham.link')}</button>`}
      ${c.call_number && html`<a class="btn" href=${`tel:${c.call_number}`}>☎ ${t('kham.phone')}</a>`}
      ${!c.is_over && isDoctor && html`<button type="button" class="btn" onClick=${() => act('phoned', c)}>${t('kham.phoned')}</button>`}
      ${c.state === 'held' && isDoctor && html`<button type="button" class="btn" onClick=${() => act('note', c)}>${t(c.noted_at ? 'kham.change-note' : 'kham.write-note')}</button>`}
      ${!c.is_over && html`<button type="button" class="btn text" onClick=${() => act('cancel', c)}>${t('kham.cancel')}</button>`}</div></article>`;
}

function Form({ send, children, button }) {
  const [fault, set] = useState(''), key = useRef(freshId());
  const submit = async event => {
    event.preventDefault();
    try { await send(new FormData(event.target), key.current); } catch (refused) { set(words(refused)); key.current = freshId(); }
  };
  return html`<form class="stack" onSubmit=${submit}>${children}${fault && html`<p class="wrong" role="alert">${fault}</p>`}<button class="btn pri">${button}</button></form>`;
}
/** Vietnam's wall clock, whatever the zone of the machine. */
const hour = (form, name) => `${form.get(name)}:00+07:00`;
const local = at => `${localDay(at)}T${hm(at)}`;

function Hour({ c, done }) {
  const first = c.starts_at ?? new Date(Math.ceil((now() + 10 * 60000) / 300000) * 300000).toISOString();
  return html`<${Form} button=${t('kham.save-hour')} send=${async (form, key) => done(await call(path(c, 'appointments'), { json: { starts_at: hour(form, 'at'), minutes: Number(form.get('minutes')), way: form.get('way') }, key }))}>
    <label class="field"><span>${t('kham.at')}</span><input type="datetime-local" name="at" required defaultValue=${local(first)} /></label>
    <label class="field"><span>${t('kham.minutes')}</span><select name="minutes">${[10, 15, 20, 30, 45, 60].map(n => html`<option value=${n} selected=${n === (c.minutes || 15)}>${n}</option>`)}</select></label>
    <label class="field"><span>${t('kham.how')}</span><select name="way">${['video', 'audio', 'phone'].map(way => html`<option value=${way} selected=${way === c.way}>${t(`kham.way.${way}`)}</option>`)}</select></label></${Form}>`;
}

/** A link that opens once, to be sent by whatever reaches the patient. */
function LinkSheet({ c }) {
  const [made, set] = useState(null), [fault, setFault] = useState(''), [copied, setCopied] = useState(false);
  useEffect(() => { call(path(c, 'links'), { json: {} }).then(set, refused => setFault(words(refused))); }, []);
  if (fault) return html`<p class="wrong" role="alert">${fault}</p>`;
  if (!made) return html`<p role="status">…</p>`;
  const address = location.origin + made.path, text = t('kham.message', { address, until: hm(made.expires_at) });
  const copy = async () => { await navigator.clipboard?.writeText(text).catch(() => {}); setCopied(true); };
  return html`<div class="stack"><p>${t('kham.link-once', { until: hm(made.expires_at) })}</p><p class="link" id="link">${address}</p>
    <div class="acts"><button type="button" class="btn pri" onClick=${copy}>${t(copied ? 'kham.copied' : 'kham.copy')}</button>
    ${made.phone && html`<a class="btn" href=${`sms:${made.phone}?body=${encodeURIComponent(text)}`}>${t('kham.sms')}</a>`}
    ${navigator.share && html`<button type="button" class="btn" onClick=${() => navigator.share({ text }).catch(() => {})}>${t('kham.share')}</button>`}</div></div>`;
}

function Cancel({ c, done }) {
  return html`<${Form} button=${t('kham.cancel')} send=${async (form, key) => done(await call(path(c, 'cancellation'), { json: { reason: form.get('reason') }, key }))}>
    ${['patient-better', 'went-to-hospital', 'not-reached', 'asked-by-mistake', 'other'].map((reason, i) => html`<label class="pick"><input type="radio" name="reason" value=${reason} defaultChecked=${!i} />${t(`kham.reason.${reason}`)}</label>`)}</${Form}>`;
}

/** A consultation that the doctor begins: one of the own patients. */
function Begin({ done }) {
  const [people, set] = useState(null);
  useEffect(() => { call('/v1/patients?mine=true&limit=200').then(({ items }) => set(items), () => set([])); }, []);
  if (!people) return html`<p role="status">…</p>`;
  return html`<${Form} button=${t('kham.begin')} send=${async (form, key) => done(await call(`/v1/patients/${form.get('person')}/consultations`, { json: { way: form.get('way') }, key }))}>
    <label class="field"><span>${t('kham.patient')}</span><select name="person" required>${people.map(p => html`<option value=${p.person_id} selected=${p.person_id === param('person')}>${p.person.full_name} · ${p.commune_name}</option>`)}</select></label>
    <label class="field"><span>${t('kham.how')}</span><select name="way">${['video', 'audio', 'phone'].map(way => html`<option value=${way}>${t(`kham.way.${way}`)}</option>`)}</select></label></${Form}>`;
}

const SHEETS = {
  hour: ({ c, done }) => html`<${Hour} c=${c} done=${done} />`,
  link: ({ c }) => html`<${LinkSheet} c=${c} />`,
  cancel: ({ c, done }) => html`<${Cancel} c=${c} done=${done} />`,
  begin: ({ done }) => html`<${Begin} done=${done} />`,
  note: ({ c, done }) => html`<${ResultForm} kept=${c} done=${done} save=${json => call(path(c, 'result'), { json, key: freshId() })} />`,
  phoned: ({ c, done }) => html`<${ResultForm} byPhone kept=${c} done=${done} save=${json => call(path(c, 'result'), { json, key: freshId() })} />`,
};

function Column({ name, items, waiting, act, open }) {
  return html`<section aria-label=${t(`kham.column.${name}`)} id=${name}><h2>${t(`kham.column.${name}`)} <small class="num">${items.length}</small></h2>
    ${items.length ? items.map(c => html`<${Card} key=${c.consultation_id} c=${c} seats=${waiting[c.consultation_id]} act=${act} />`) : html`<p class="none">${t(`kham.none.${name}`)}</p>`}${open}</section>`;
}

function App() {
  const [state, read] = useConsultations(), [sheet, setSheet] = useState(param('person') ? { name: 'begin' } : null), [toast, say] = useToast();
  const items = state.items ?? [], waits = c => (state.waiting[c.consultation_id] ?? []).includes('patient');
  const by = at => (a, b) => waits(b) - waits(a) || Date.parse(at(a)) - Date.parse(at(b));
  const asked = items.filter(c => !c.is_over && !c.starts_at).sort(by(c => c.requested_at)), ahead = items.filter(c => !c.is_over && c.starts_at).sort(by(c => c.starts_at));
  const over = items.filter(c => c.is_over).sort((a, b) => Date.parse(b.history.at(-1).at) - Date.parse(a.history.at(-1).at));
  const done = () => { setSheet(null); read(); say(t('kham.done')); };
  const act = (name, c) => setSheet({ name, c });
  const extra = html`${hasRole('doctor') && html`<button type="button" onClick=${() => setSheet({ name: 'begin' })}>${t('kham.new')}</button>`}<a class="btn" href="/doctor">${t('kham.desk')}</a>`;
  if (state.fault && !state.items) return html`<${Shell} title=${t('kham.title')} sub=${claims()?.name ?? ''} live=${state}><${Failed} title=${t('kham.failed')} onRetry=${read}>${state.fault.problem?.detail ?? t('kham.failed-advice')}</${Failed}></${Shell}>`;
  const Sheet = sheet && SHEETS[sheet.name];
  return html`<${Shell} title=${t('kham.title')} sub=${claims()?.name ?? ''} live=${state} extra=${extra}>
    ${state.items && !items.length ? html`<${Empty} title=${t('kham.nothing')}>${t('kham.nothing-advice')}</${Empty}>` : html`<main class="columns">
      <${Column} name="ahead" items=${ahead} waiting=${state.waiting} act=${act} /><${Column} name="asked" items=${asked} waiting=${state.waiting} act=${act} /><${Column} name="over" items=${over} waiting=${{}} act=${act} /></main>`}
    ${Sheet && html`<${Dialog} title=${sheet.c ? `${t(`kham.sheet.${sheet.name}`)}: ${sheet.c.patient_name}` : t('kham.new')} onClose=${() => setSheet(null)}><${Sheet} c=${sheet.c} done=${done} /></${Dialog}>`}${toast}</${Shell}>`;
}

async function open() {
  await requireSignIn();
  await loadTexts('/pages/kham/locales');
  render(html`<${App} />`, document.getElementById('app'), document.querySelector('#app > main'));
  document.documentElement.dataset.ready = '1';
}
open();
