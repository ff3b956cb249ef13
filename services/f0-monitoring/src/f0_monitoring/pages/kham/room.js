// Phòng khám từ xa: one page for both sides. First look at oneself, then wait, then talk, then an end with a next step.
import { call as ask } from 'shell/auth.js';
import { freshId, hm, param } from 'shell/kit.js';
import { loadTexts, t } from 'shell/i18n.js';
import { LanguageButton, html, render, useEffect, useLanguage, useRef, useState, useTick } from 'shell/ui.js';
import { Call } from './call.js';
import { enter, forgetEntry } from './entry.js';
import { devices, openMedia, openTrack, stop } from './media.js';
import { ResultForm } from './result.js';

const mmss = s => `${String(Math.floor(s / 60)).padStart(2, '0')}:${String(s % 60).padStart(2, '0')}`;
const minutes = seconds => Math.max(1, Math.round(seconds / 60));

/** A stream on the screen; one's own is silent and mirrored. */
function Picture({ stream, own, hidden, label }) {
  const ref = useRef();
  useEffect(() => { if (ref.current.srcObject !== stream) ref.current.srcObject = stream; ref.current.play?.().catch(() => {}); }, [stream, stream?.getTracks().length]);
  return html`<video ref=${ref} class=${own ? 'own' : 'other'} autoplay playsinline muted=${own} hidden=${hidden} aria-label=${label}></video>`;
}

/** The ordinary telephone is always there: it needs no camera, no permission and little network. */
function Phones({ entry }) {
  return html`<nav class="phones" aria-label=${t('room.phones')}>
    ${entry?.call_number && html`<a class="btn" href=${`tel:${entry.call_number}`}>☎ ${t(entry.seat === 'doctor' ? 'room.call-patient' : 'room.call-doctor')}</a>`}
    ${entry?.seat !== 'doctor' && html`<a class="btn bad" href="tel:115">☎ ${t('room.call-115')}</a>`}</nav>`;
}

const Advice = ({ name }) => html`<div class="banner bad" role="alert"><div><h2>${t(`room.fault.${name}`)}</h2><p class="lines">${t(`room.fault.${name}.advice`)}</p></div></div>`;

function Devices({ choose, media }) {
  const [found, set] = useState({ audioinput: [], videoinput: [] });
  useEffect(() => { devices().then(set); const again = () => devices().then(set); navigator.mediaDevices?.addEventListener?.('devicechange', again); return () => navigator.mediaDevices?.removeEventListener?.('devicechange', again); }, [media]);
  const now = kind => media?.getTracks().find(track => track.kind === kind)?.getSettings().deviceId;
  const field = (kind, list) => list.length > 1 && html`<label class="field"><span>${t(`room.${kind}`)}</span><select value=${now(kind)} onChange=${event => choose(kind, event.target.value)}>
    ${list.map((one, i) => html`<option key=${one.deviceId} value=${one.deviceId} selected=${one.deviceId === now(kind)}>${one.label || `${t(`room.${kind}`)} ${i + 1}`}</option>`)}</select></label>`;
  return html`${field('video', found.videoinput)}${field('audio', found.audioinput)}`;
}

/** Before: see oneself, hear that the microphone works, know what to do when the browser says no. */
function Ready({ entry, media, retry, choose, go }) {
  const { stream, fault, withoutPicture } = media ?? {};
  const picture = stream?.getVideoTracks().length > 0;
  return html`<main class="ready"><section class="card stack">
    <h1 tabindex="-1">${t(entry.seat === 'doctor' ? 'room.ready-doctor' : 'room.ready-patient', { name: entry.other_name })}</h1>
    ${!media && html`<p role="status">${t('room.asking')}</p><p class="mut">${t('room.asking-why')}</p>`}
    ${fault && html`<${Advice} name=${fault} /><button type="button" class="btn pri" onClick=${retry}>${t('room.try-again')}</button>`}
    ${stream && html`<div class=${`stage small ${picture ? '' : 'dark'}`}><${Picture} stream=${stream} own hidden=${!picture} label=${t('room.own-picture')} />${!picture && html`<p>${t('room.sound-only')}</p>`}</div>
      ${withoutPicture && withoutPicture !== 'chosen' && html`<p class="banner">${t(`room.no-picture.${withoutPicture}`)}</p>`}
      <${Devices} media=${stream} choose=${choose} />
      <button type="button" class="btn pri big" onClick=${() => go(true)}>${t(entry.seat === 'doctor' ? 'room.enter-doctor' : 'room.enter-patient')}</button>
      ${picture && html`<button type="button" class="btn" onClick=${() => go(false)}>${t('room.enter-sound')}</button>`}`}
    <p class="mut">${t('room.nothing-kept')}</p></section><${Phones} entry=${entry} /></main>`;
}

function Waiting({ state, entry, call }) {
  const there = state.room?.peer, isDoctor = entry.seat === 'doctor';
  if (isDoctor && there && !state.room.is_admitted)
    return html`<div class="over" role="status"><h2>${t('room.patient-waits', { name: entry.other_name })}</h2>
      <button type="button" class="btn pri big" onClick=${() => call.admit(true)}>${t('room.let-in')}</button></div>`;
  const key = isDoctor ? 'room.nobody-yet' : there && !state.room.is_admitted ? 'room.doctor-is-here' : there ? 'room.connecting' : 'room.doctor-comes';
  return html`<div class="over" role="status"><h2>${t(key, { name: entry.other_name })}</h2><p>${t(isDoctor ? 'room.nobody-yet.advice' : 'room.stay')}</p></div>`;
}

function Clock({ since }) { useTick(1000); return html`<span class="num">${mmss(Math.max(0, Math.floor((Date.now() - since) / 1000)))}</span>`; }

const SIGNS = { line: 'room.saved.line', peer: 'room.saved.peer' };
function Talk({ state, entry, call, media }) {
  const [muted, setMuted] = useState(false), [facing, setFacing] = useState('user'), [menu, setMenu] = useState(false), [sure, setSure] = useState(false), [since, setSince] = useState(null);
  const connected = state.call === 'connected', isDoctor = entry.seat === 'doctor', hasCamera = media.stream.getVideoTracks().length > 0;
  useEffect(() => { if (connected && !since) setSince(Date.now()); if (state.call === 'none') setSince(null); }, [state.call]);
  const mute = () => { call.mute(!muted); setMuted(!muted); };
  const choose = async (kind, device) => { try { await call.setTrack(await openTrack(kind, { device })); } catch { /* the device that works stays */ } };
  const turn = async () => { const next = facing === 'user' ? 'environment' : 'user'; try { await call.setTrack(await openTrack('video', { facing: next })); setFacing(next); } catch { /* one camera */ } };
  const picture = async () => {
    if (state.way === 'audio' && !hasCamera) { try { await call.setTrack(await openTrack('video')); } catch { return; } }
    await call.setWay(state.way === 'video' ? 'audio' : 'video');
  };
  return html`<main class="talk" data-call=${state.call} data-way=${state.way} data-quality=${state.quality}>
    <div class="stage"><${Picture} stream=${state.remote} hidden=${!connected || state.peerWay === 'audio'} label=${t('room.other-picture', { name: entry.other_name })} />
      ${connected && state.peerWay === 'audio' && html`<div class="over"><h2>${t('room.only-voice', { name: entry.other_name })}</h2></div>`}
      ${!connected && (state.call === 'lost' ? html`<div class="over" role="alert"><h2>${state.room?.peer ? t('room.lost') : t('room.gone', { name: entry.other_name })}</h2><p>${t('room.lost.advice')}</p></div>` : html`<${Waiting} state=${state} entry=${entry} call=${call} />`)}
      <${Picture} stream=${media.stream} own hidden=${state.way === 'audio' || !hasCamera} label=${t('room.own-picture')} />
      <p class="line" role="status">${connected && since && html`<${Clock} since=${since} /> · `}${!state.line ? `○ ${t('room.line-away')}` : connected ? t(`room.quality.${state.quality}`) : ''}</p></div>
    ${state.saved && html`<p class="banner" role="status">${t(SIGNS[state.saved])}</p>`}
    ${state.problem && html`<p class="banner bad" role="alert">${state.problem}</p>`}
    <div class="controls" role="group" aria-label=${t('room.controls')}>
      <button type="button" class="btn" aria-pressed=${muted} onClick=${mute}>${t(muted ? 'room.unmute' : 'room.mute')}</button>
      <button type="button" class="btn" id="picture" onClick=${picture}>${t(state.way === 'video' ? 'room.picture-off' : 'room.picture-on')}</button>
      ${hasCamera && state.way === 'video' && html`<button type="button" class="btn" onClick=${turn}>${t('room.turn')}</button>`}
      <button type="button" class="btn" aria-expanded=${menu} onClick=${() => setMenu(!menu)}>${t('room.devices')}</button>
      ${isDoctor && state.room?.is_admitted && html`<button type="button" class="btn" onClick=${() => call.admit(false)}>${t('room.send-back')}</button>`}
      <button type="button" class="btn bad" id="hang-up" onClick=${() => (isDoctor ? setSure(true) : call.leave())}>${t(isDoctor ? 'room.end' : 'room.leave')}</button></div>
    ${sure && html`<div class="banner" role="alert"><span>${t('room.end-sure')}</span><span class="sp"></span><button type="button" class="btn bad" id="end" onClick=${() => { setSure(false); call.end(); }}>${t('room.end-yes')}</button><button type="button" class="btn" onClick=${() => call.leave()}>${t('room.end-later')}</button><button type="button" class="btn" onClick=${() => setSure(false)}>${t('room.end-no')}</button></div>`}
    ${menu && html`<div class="card stack"><${Devices} media=${media.stream} choose=${choose} /></div>`}
    <${Phones} entry=${entry} /></main>`;
}

function Ended({ ended, entry, again }) {
  const isDoctor = entry.seat === 'doctor', left = ended.state === 'left';
  return html`<main class="ready"><section class="card stack" id="ended"><h1 tabindex="-1">${t(left ? 'room.you-left' : ended.state === 'cancelled' ? 'room.was-cancelled' : 'room.is-over')}</h1>
    ${ended.duration_seconds != null && html`<p>${t('room.lasted', { minutes: minutes(ended.duration_seconds) })}</p>`}
    ${left && html`<button type="button" class="btn pri big" onClick=${again}>${t('room.come-back')}</button>`}
    ${isDoctor && ended.state === 'held' && html`<${ResultForm} save=${body => ask(`/v1/consultations/${entry.consultation_id}/result`, { json: body, key: freshId() })} />`}
    ${!isDoctor && !left && html`<p>${t('room.advice-later')}</p>`}
    <a class="btn" href=${isDoctor ? '/kham' : '/hen-kham'}>${t(isDoctor ? 'room.to-list' : 'room.to-mine')}</a></section><${Phones} entry=${entry} /></main>`;
}

const Refusal = ({ title, detail, entry }) => html`<main class="ready"><section class="card stack"><div class="banner bad" role="alert"><div><h1 tabindex="-1">${title}</h1><p>${detail}</p></div></div>
  <button type="button" class="btn pri" onClick=${() => location.reload()}>${t('room.try-again')}</button></section><${Phones} entry=${entry} /></main>`;

function App({ entry }) {
  useLanguage();
  const [media, setMedia] = useState(null), [state, setState] = useState(null), [call, setCall] = useState(null);
  const open = () => { setMedia(null); openMedia().then(setMedia); };
  useEffect(open, []);
  useEffect(() => {
    if (!state || state.ended || state.refused) return undefined;
    let lock;                                             // a phone that falls asleep would hang up
    navigator.wakeLock?.request('screen').then(held => { lock = held; }).catch(() => {});
    return () => lock?.release();
  }, [Boolean(state), state?.ended, state?.refused]);
  useEffect(() => { document.querySelector('h1[tabindex]')?.focus({ preventScroll: true }); }, [Boolean(media), Boolean(state), Boolean(state?.ended)]);
  const choose = async (kind, device) => {
    const track = await openTrack(kind, { device }).catch(() => null), old = media.stream.getTracks().find(one => one.kind === kind);
    if (!track) return;
    if (old) { media.stream.removeTrack(old); old.stop(); }
    media.stream.addTrack(track);
    setMedia({ ...media });
  };
  const go = withPicture => {
    media.stream.getVideoTracks().forEach(track => { track.enabled = withPicture; });
    const started = new Call(entry, media.stream, { relayOnly: param('relay') === '1', withPicture: withPicture && media.stream.getVideoTracks().length > 0, onChange: setState });
    setCall(started);
    setState({ ...started.state });
  };
  if (state?.ended || state?.refused) stop(media.stream);
  if (state?.ended) { if (state.ended.state !== 'left') forgetEntry(); return html`<${Ended} ended=${state.ended} entry=${entry} again=${() => location.reload()} />`; }
  if (state?.refused) return html`<${Refusal} entry=${entry} title=${state.refused.title ?? t(`room.refused.${state.refused.slug}`)} detail=${state.refused.detail ?? t('room.refused.advice')} />`;
  if (state) return html`<${Talk} state=${state} entry=${entry} call=${call} media=${media} />`;
  return html`<${Ready} entry=${entry} media=${media} retry=${open} choose=${choose} go=${go} />`;
}

const Page = ({ entry, children }) => { useLanguage(); return html`<header class="bar"><h1>${t('room.title')}<small>${entry?.other_name ?? ''}</small></h1><${LanguageButton} /></header>${children}`; };

async function open() {
  const root = document.getElementById('app'), first = document.querySelector('#app > main');
  await loadTexts('/pages/kham/locales');
  document.title = `${t('room.title')} · Lá Chắn`;
  try {
    const entry = await enter();
    render(html`<${Page} entry=${entry}><${App} entry=${entry} /></${Page}>`, root, first);
  } catch (fault) {
    const problem = fault.problem ?? {};
    render(html`<${Page}><${Refusal} title=${problem.title ?? t('room.failed')} detail=${problem.detail ?? t('room.refused.advice')} /></${Page}>`, root, first);
  }
  document.documentElement.dataset.ready = '1';
}
open();
