// Answering a check-in: one button, the phone says where it is. Whatever keeps it from that is told kindly.
import { call, Refused } from 'shell/auth.js';
import { dataAddress } from 'shell/files.js';
import { freshId, hm, mmss, now, num } from 'shell/kit.js';
import { t } from 'shell/i18n.js';
import { flush, forget, keep, onOutbox, waitingRecord } from 'shell/outbox.js';
import { smallPicture } from 'shell/picture.js';
import { html, useEffect, useRef, useState, useTick } from 'shell/ui.js';

const PATIENCE_MS = 20000, PHOTO_BYTES = 250000;
export const PHOTOS = '/v1/check-in-photos';
const REASONS = { 1: 'denied', 2: 'unavailable', 3: 'timeout' };
const words = fault => (fault instanceof Refused ? fault.message : t('check.no-network'));

/** Where the phone is: { place } or { because: denied, unavailable, timeout }. */
export function locate() {
  if (!navigator.geolocation) return Promise.resolve({ because: 'unavailable' });
  return new Promise(tell => navigator.geolocation.getCurrentPosition(
    ({ coords }) => tell({ place: { latitude: coords.latitude, longitude: coords.longitude, accuracy_metres: coords.accuracy } }),
    fault => tell({ because: REASONS[fault.code] ?? 'unavailable' }),
    { enableHighAccuracy: true, timeout: PATIENCE_MS, maximumAge: 0 }));
}

function Left({ until }) {
  useTick(1000);
  const seconds = Math.floor((Date.parse(until) - now()) / 1000);
  return seconds >= 0 ? html`<p class="left" role="timer">${mmss(seconds)}</p>` : html`<p><b>${t('check.over')}</b></p>`;
}
function Told({ answer }) {
  const shade = { inside: '', unclear: 'wait', outside: 'off' }[answer.verdict];
  const ref = useRef();
  useEffect(() => { ref.current.focus(); }, []);
  return html`<section class="card told stack ${shade}" id="told"><h2 tabindex="-1" ref=${ref}>${answer.name ? `${answer.name}: ` : ''}${t(`check.told.${answer.verdict}`)}</h2>
    <p>${t(answer.is_home_registered ? 'check.told.registered' : `check.told.${answer.verdict}-text`)}</p>${answer.is_late && html`<p>${t('check.told.late')}</p>`}
    <p class="mut">${t('check.received', { at: hm(answer.answered_at) })}</p>
    ${answer.verdict === 'outside' && html`<a class="btn" href="tel:1022">${t('check.call')}</a>`}</section>`;
}

/** A picture of one's own will: shown before it is sent, and gone with one press. */
function Photo({ photo, set, busy }) {
  const [fault, setFault] = useState('');
  const chosen = async event => {
    const [file] = event.target.files;
    if (!file) return;
    try { set(await smallPicture(file, { most: PHOTO_BYTES })); setFault(''); } catch { setFault(t('check.photo-bad')); }
  };
  const shown = useRef('');
  useEffect(() => () => URL.revokeObjectURL(shown.current), [photo]);
  if (photo) shown.current ||= URL.createObjectURL(photo); else shown.current = '';
  return photo ? html`<div class="photo"><img src=${shown.current} alt=${t('check.photo-yours')} /><button type="button" class="btn" disabled=${busy} onClick=${() => set(null)}>${t('check.photo-drop')}</button></div>`
    : html`<details><summary>${t('check.photo-add')}</summary><label class="field"><span>${t('check.photo')}</span><input type="file" accept="image/*" capture="user" disabled=${busy} onChange=${chosen} /><small>${t('check.photo-hint')}</small></label>${fault && html`<p class="wrong" role="alert">${fault}</p>`}</details>`;
}

/**
 * The open request, from asking to the answer. `done` is told once the server has it. The answer is kept on the phone
 * until then, also when the page is closed; a photo waits behind it and never holds it back.
 */
export function CheckIn({ name, request, done }) {
  const [state, set] = useState({ step: 'ready' }), [photo, setPhoto] = useState(null), kept = useRef(''), key = useRef(freshId());
  const path = `/v1/cases/${request.person_id}/check-ins/${request.request_id}/answer`;
  // Whoever sees it needs no text message; if this does not arrive, a message too many does no harm.
  useEffect(() => { call(path.replace(/answer$/, 'seen'), { json: {}, key: freshId(), person: request.as }).catch(() => {}); }, []);
  useEffect(() => onOutbox(({ sent, refused }) => {
    if (sent && sent.id === kept.current) done(sent.answer);
    const no = refused.find(record => record.id === kept.current);
    if (no) { forget(no.id); kept.current = ''; set(was => ({ ...was, step: 'failed', fault: no.refused.detail })); }
  }), []);
  const waits = async body => { if (await waitingRecord(kept.current)) set({ step: 'kept', body }); };
  const send = async body => {
    set({ step: 'sending', body });
    try {
      kept.current ||= await keep(path, body, t('check.note'), request.as);
      if (photo) await keep(PHOTOS, { person_id: request.person_id, request_id: request.request_id, image: (await dataAddress(photo)).split(',')[1] }, t('check.photo-note'), request.as);
    } catch { await directly(body); return; }
    setPhoto(null);
    await flush();
    await waits(body);
  };
  /** A browser that keeps nothing (a private window): as good as the line is. */
  const directly = async body => {
    try { done(await call(path, { json: body, key: key.current, person: request.as })); } catch (fault) { set({ step: 'failed', body, fault: words(fault) }); }
  };
  const look = async () => {
    set({ step: 'looking' });
    const { place, because } = await locate();
    if (because) set({ step: 'blind', because });
    else if (place.accuracy_metres > request.accuracy_at_most_metres) set({ step: 'vague', place });
    else await send({ place });
  };
  const busy = state.step === 'looking' || state.step === 'sending';
  return html`<section class="card stack" id="check-in"><h2>${name ? t('check.asked-of', { name }) : t('check.asked')}</h2><p>${t('check.until', { at: hm(request.answer_by) })}</p><${Left} until=${request.answer_by} />
    ${request.is_first && html`<p>${t('check.first')}</p>`}
    ${state.step === 'blind' && html`<div class="stack" role="alert"><h3>${t(`check.${state.because}`)}</h3><p>${t(`check.${state.because}-text`)}</p></div>`}
    ${state.step === 'vague' && html`<div class="stack" role="alert"><h3>${t('check.vague', { metres: num(state.place.accuracy_metres, 0) })}</h3><p>${t('check.vague-text')}</p></div>`}
    ${(state.step === 'ready' || state.step === 'blind' || state.step === 'vague') && html`<${Photo} photo=${photo} set=${setPhoto} busy=${busy} />`}
    ${state.step === 'kept' ? html`<p role="alert"><b>${t('check.kept')}</b></p><button type="button" class="btn pri big" onClick=${() => flush().then(() => waits(state.body))}>${t('check.send-again')}</button>`
    : state.step === 'failed' ? html`<p class="wrong" role="alert">${state.fault}</p><button type="button" class="btn pri big" onClick=${() => send(state.body)}>${t('check.send-again')}</button>`
    : html`<button type="button" class="btn pri big" disabled=${busy} onClick=${look}>${t(busy ? `check.${state.step}` : state.step === 'ready' ? (name ? 'check.here-of' : 'check.here') : 'check.again')}</button>`}
    ${state.step === 'blind' && html`<button type="button" class="btn" onClick=${() => send({ no_place_because: state.because })}>${t('check.without')}</button>`}
    ${state.step === 'vague' && html`<button type="button" class="btn" onClick=${() => send({ place: state.place })}>${t('check.send-vague')}</button>`}
    <p class="mut">${t('check.who-sees')}</p></section>`;
}
export { Told };
