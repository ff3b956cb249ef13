// Hẹn bác sĩ: the patient, or whoever cares for them, asks to be seen, sees the hour, enters the room, reads the advice.
import { Failed, LanguageButton, html, render, useEffect, useLanguage, useRef, useState } from 'shell/ui.js';
import { call, requireSignIn } from 'shell/auth.js';
import { day, dayHm, freshId, hm, localDay, minutesSince, now, setServerNow } from 'shell/kit.js';
import { loadTexts, t } from 'shell/i18n.js';

const LOOK_MS = 15000;
const words = fault => fault.problem?.detail ?? fault.message;

function useMine() {
  const [state, set] = useState({ items: null, people: [], fault: null });
  const read = () => call('/v1/me/consultations').then(({ items, people, as_of }) => { setServerNow(as_of); set({ items, people, fault: null }); }, fault => set(before => ({ ...before, fault })));
  useEffect(() => { read(); const id = setInterval(() => document.visibilityState === 'visible' && read(), LOOK_MS); return () => clearInterval(id); }, []);
  return [state, read];
}

function hourOf(c) {
  if (!c.starts_at) return t('hen.no-hour');
  const left = -minutesSince(0) + Math.floor(Date.parse(c.starts_at) / 60000);
  const at = `${localDay(c.starts_at) === localDay(now()) ? t('kham.today') : day(c.starts_at)} ${hm(c.starts_at)}`;
  return left > 0 && left <= 90 ? `${at} · ${t('hen.in-minutes', { n: left })}` : at;
}

function Current({ c, read, several }) {
  const [fault, set] = useState(''), [sure, setSure] = useState(false);
  const cancel = async () => { try { await call(`/v1/consultations/${c.consultation_id}/cancellation`, { json: { reason: 'patient-better' }, key: freshId() }); read(); } catch (refused) { set(words(refused)); } };
  return html`<section class="card stack" data-id=${c.consultation_id}><h2>${several ? c.patient_name : t('hen.yours')}</h2>
    <p><span class="tag">${t(`kham.state.${c.state}`)}</span></p><p class="when">${hourOf(c)}</p>
    <p>${c.doctor_name ? t('hen.with', { name: c.doctor_name }) : t('hen.no-doctor')} · ${t(`kham.way.${c.way}`)}</p>${c.wish && html`<p class="mut">“${c.wish}”</p>`}
    ${c.way === 'phone' ? html`<p>${t('hen.by-phone')}</p>` : html`<a class="btn pri big" href=${`/kham/phong?c=${c.consultation_id}`}>${t('hen.enter')}</a><p class="mut">${t('hen.enter-hint')}</p>`}
    ${fault && html`<p class="wrong" role="alert">${fault}</p>`}
    ${sure ? html`<div class="acts"><button type="button" class="btn bad" onClick=${cancel}>${t('hen.cancel-yes')}</button><button type="button" class="btn" onClick=${() => setSure(false)}>${t('hen.cancel-no')}</button></div>`
    : html`<button type="button" class="btn text" onClick=${() => setSure(true)}>${t('hen.cancel')}</button>`}</section>`;
}

function Wish({ people, read }) {
  const [fault, set] = useState(''), [busy, setBusy] = useState(false), key = useRef(freshId());
  const send = async event => {
    event.preventDefault();
    const form = new FormData(event.target);
    setBusy(true);
    try { await call(`/v1/patients/${form.get('person')}/consultations`, { json: { way: form.get('way'), wish: form.get('wish').trim() }, key: key.current }); key.current = freshId(); read(); }
    catch (refused) { set(words(refused)); }
    setBusy(false);
  };
  return html`<section class="card"><form class="stack" id="wish" onSubmit=${send}><h2>${t('hen.ask')}</h2>
    ${people.length > 1 ? html`<label class="field"><span>${t('hen.for')}</span><select name="person" class="inp">${people.map(p => html`<option value=${p.person_id}>${p.full_name}</option>`)}</select></label>` : html`<input type="hidden" name="person" defaultValue=${people[0].person_id} />`}
    <fieldset><legend>${t('kham.how')}</legend>${['video', 'audio', 'phone'].map((way, i) => html`<label class="pick"><input type="radio" name="way" value=${way} defaultChecked=${!i} />${t(`hen.way.${way}`)}</label>`)}</fieldset>
    <label class="field"><span>${t('hen.wish')}</span><textarea name="wish" rows="3" maxlength="500"></textarea></label>
    ${fault && html`<p class="wrong" role="alert">${fault}</p>`}<button class="btn pri big" disabled=${busy}>${t('hen.send')}</button></form></section>`;
}

const Past = ({ c, several }) => html`<li><p><b>${dayHm(c.history.at(-1).at)}</b> · ${t(`kham.state.${c.state}`)}${several ? ` · ${c.patient_name}` : ''}${c.duration_seconds != null ? ` · ${t('kham.lasted', { minutes: Math.max(1, Math.round(c.duration_seconds / 60)) })}` : ''}</p>
  ${c.advice && html`<p class="said">${c.advice}</p>`}${c.prescription_ref && html`<p class="mut">${t('hen.ref', { ref: c.prescription_ref })}</p>`}</li>`;

function App() {
  useLanguage();
  const [state, read] = useMine();
  if (!state.items && state.fault) return html`<${Failed} title=${t('kham.failed')} onRetry=${read}>${words(state.fault)}</${Failed}>`;
  if (!state.items) return html`<main class="mine"><p role="status">…</p></main>`;
  const open = state.items.filter(c => !c.is_over), over = state.items.filter(c => c.is_over), asking = new Set(open.map(c => c.person_id));
  const free = state.people.filter(p => !asking.has(p.person_id)), several = state.people.length > 1, doctor = state.people.find(p => p.doctor_phone);
  return html`<main class="mine">
    ${state.fault && html`<p class="banner" role="status">${t('hen.offline')}</p>`}
    ${open.map(c => html`<${Current} key=${c.consultation_id} c=${c} read=${read} several=${several} />`)}
    ${free.length > 0 && html`<${Wish} people=${free} read=${read} />`}
    ${!state.people.length && html`<section class="card stack"><h2>${t('hen.nobody')}</h2><p>${t('hen.nobody-advice')}</p></section>`}
    ${over.length > 0 && html`<section class="card"><h2>${t('hen.past')}</h2><ul class="stack">${over.map(c => html`<${Past} key=${c.consultation_id} c=${c} several=${several} />`)}</ul></section>`}
    <p><a href="/khai-bao">${t('hen.declare')}</a></p></main>
    <footer class="foot">${doctor && html`<a class="btn" href=${`tel:${doctor.doctor_phone}`}>☎ ${t('room.call-doctor')}</a>`}<a class="btn bad" href="tel:115">☎ ${t('room.call-115')}</a></footer>`;
}
const Page = () => { useLanguage(); return html`<header class="bar"><h1>${t('hen.title')}</h1><${LanguageButton} /></header><${App} />`; };

async function open() {
  await requireSignIn();
  await loadTexts('/pages/kham/locales');
  document.title = `${t('hen.title')} · Lá Chắn`;
  render(html`<${Page} />`, document.getElementById('app'), document.querySelector('#app > main'));
  document.documentElement.dataset.ready = '1';
}
open();
