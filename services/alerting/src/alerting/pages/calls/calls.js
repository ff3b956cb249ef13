// Cách tôi được gọi: channels in one's own order, this browser, quiet hours, and whether the channels work.
import { html, render, Failed, Shell, useEffect, useLanguage, useState, useToast } from 'shell/ui.js';
import { dayHm, freshId } from 'shell/kit.js';
import { call, claims, Refused, requireSignIn } from 'shell/auth.js';
import { loadTexts, t } from 'shell/i18n.js';
import { keepUp, pushState, turnOff, turnOn } from './push.js';

const KIND = { sms: 'tel', email: 'email', webhook: 'url', chat: 'url' };
const live = { connected: true, heardAt: Date.now() };

/** Push on this browser: one button, or why there is none. */
function ThisBrowser({ seen, here, act, busy }) {
  const words = state => html`<p id="push-state" role="status">${t(`push.${state}`)}</p>`;
  if (!seen.push_key) return html`<section class="card" aria-labelledby="push-title"><h2 id="push-title">${t('push.title')}</h2>${words('off-here')}</section>`;
  return html`<section class="card" aria-labelledby="push-title"><h2 id="push-title">${t('push.title')}</h2><p class="mut">${t('push.what')}</p>
    ${words(here.state)}
    ${here.state === 'denied' && html`<ol class="steps"><li>${t('push.denied-1')}</li><li>${t('push.denied-2')}</li><li>${t('push.denied-3')}</li></ol>`}
    ${here.state === 'off' && html`<button type="button" class="btn pri" disabled=${busy} onClick=${act.on}>${t('push.turn-on')}</button>`}
    ${here.state === 'on' && html`<button type="button" class="btn" disabled=${busy} onClick=${act.off}>${t('push.turn-off')}</button>`}
    ${seen.devices.length > 0 && html`<h3>${t('push.devices')}</h3><ul class="plain">${seen.devices.map(each => html`<li key=${each.device_id} class="row"><span><b>${each.label || t('push.unnamed')}</b> <span class="mut">${t('push.since', { at: dayHm(each.added_at) })}</span></span><span class="sp"></span>
      <button type="button" class="btn text" disabled=${busy} onClick=${() => act.forget(each)}>${t('push.forget')}</button></li>`)}</ul>`}</section>`;
}

function ContactRow({ contact, place, count, change, move, test, line, busy }) {
  const { channel } = contact, id = `to-${channel}`;
  return html`<li class="contact" aria-label=${t(`channel.${channel}`)}>
    <div class="row"><span class="place num" aria-hidden="true">${contact.is_on ? place + 1 : '–'}</span>
      <label class="row name"><input type="checkbox" checked=${contact.is_on} disabled=${!contact.is_installed} onChange=${event => change({ is_on: event.target.checked })} /><b>${t(`channel.${channel}`)}</b></label><span class="sp"></span>
      ${contact.is_installed && html`<button type="button" class="btn text arrow" disabled=${place === 0} aria-label=${t('calls.up', { channel: t(`channel.${channel}`) })} onClick=${() => move(-1)}>▲</button>
      <button type="button" class="btn text arrow" disabled=${place === count - 1} aria-label=${t('calls.down', { channel: t(`channel.${channel}`) })} onClick=${() => move(1)}>▼</button>`}</div>
    ${!contact.is_installed ? html`<p class="mut">${t('calls.not-installed')}</p>` : html`
      ${line?.is_dead && html`<p class="bad">▲ ${t('calls.dead')}</p>`}
      ${KIND[channel] ? html`<label class="field" for=${id}><span>${t(`address.${channel}`)}</span><input id=${id} type=${KIND[channel]} maxlength="500" autocomplete="off" required=${contact.is_on} value=${contact.address} onInput=${event => change({ address: event.target.value })} /></label>` : html`<p class="mut">${t('calls.push-is-above')}</p>`}
      ${contact.secret && html`<p class="mut">${t('calls.secret')} <code class="secret">${contact.secret}</code></p>`}
      ${contact.is_on && html`<div><button type="button" class="btn" disabled=${busy} onClick=${test}>${t('calls.test')}</button></div>`}`}</li>`;
}

function Quiet({ quiet, set }) {
  const field = (name, label) => html`<label class="field"><span>${t(label)}</span><input type="time" required value=${quiet[name]} onInput=${event => set({ ...quiet, [name]: event.target.value })} /></label>`;
  return html`<fieldset class="card quiet"><legend><h2>${t('quiet.title')}</h2></legend>
    <label class="row"><input type="checkbox" checked=${Boolean(quiet)} onChange=${event => set(event.target.checked ? { start: '22:00', end: '05:00' } : null)} />${t('quiet.on')}</label>
    ${quiet && html`<div class="two">${field('start', 'quiet.start')}${field('end', 'quiet.end')}</div>`}
    <p class="mut">${t('quiet.urgent')}</p></fieldset>`;
}

function Calls({ first, lines }) {
  useLanguage();
  const [seen, setSeen] = useState(first), [contacts, setContacts] = useState(first.contacts), [quiet, setQuiet] = useState(first.quiet);
  const [here, setHere] = useState({ state: 'off' }), [busy, setBusy] = useState(false), [dirty, setDirty] = useState(false), [wrong, setWrong] = useState(''), [toast, say] = useToast();
  const look = async () => setHere(await pushState());
  const take = (next, isPushOnly) => { setSeen(next); if (!isPushOnly || !dirty) { setContacts(next.contacts); setQuiet(next.quiet); } };
  useEffect(() => {
    pushState().then(async now => {
      setHere(now);
      const known = now.subscription && await keepUp(now.subscription, first.devices).catch(() => null);
      if (known) take(known, true);
      document.documentElement.dataset.ready = '1';
    });
  }, []);
  const doing = deed => async () => {
    setBusy(true);
    setWrong('');
    try { await deed(); } catch (fault) { setWrong(fault instanceof Refused ? fault.message : t('calls.no-network')); } finally { setBusy(false); }
  };
  const act = {
    on: doing(async () => {
      const next = await turnOn(seen.push_key);
      await look();
      if (next) { take(next, true); say(t('push.done-on')); }
    }),
    off: doing(async () => { const next = await turnOff(here.subscription, seen.devices); await look(); if (next) take(next, true); say(t('push.done-off')); }),
    forget: device => doing(async () => { take(await call(`/v1/recipients/me/devices/${device.device_id}`, { method: 'DELETE' }), true); say(t('push.done-off')); })(),
  };
  const edit = next => { setContacts(next); setDirty(true); };
  const change = place => what => edit(contacts.map((each, at) => (at === place ? { ...each, ...what } : each)));
  const move = place => by => { const next = [...contacts]; next.splice(place + by, 0, ...next.splice(place, 1)); edit(next); };
  const save = event => {
    event.preventDefault();
    doing(async () => {
      const json = { contacts: contacts.filter(each => each.is_on || each.address).map(({ channel, is_on, address }) => ({ channel, is_on, address })), quiet };
      const next = await call('/v1/recipients/me', { json, method: 'PUT', key: freshId() });
      setSeen(next); setContacts(next.contacts); setQuiet(next.quiet); setDirty(false);
      say(t('calls.saved'));
    })();
  };
  const test = channel => (dirty ? () => setWrong(t('calls.save-first'))
    : doing(async () => { await call('/v1/recipients/me/trials', { json: { channel } }); say(t('calls.tested', { channel: t(`channel.${channel}`) })); }));
  return html`<${Shell} title=${t('calls.title')} sub=${claims()?.name ?? ''} live=${live}><main class="calls">
    <p class="row"><a href="/inbox">‹ ${t('calls.back')}</a><a href="/truc-canh-bao">${t('duty.title')}</a></p>
    ${wrong && html`<div class="banner bad" role="alert">${wrong}</div>`}
    <${ThisBrowser} seen=${seen} here=${here} act=${act} busy=${busy} />
    <form onSubmit=${save}><section class="card" aria-labelledby="order-title"><h2 id="order-title">${t('calls.order')}</h2><p class="mut">${t('calls.order-why')}</p>
      <ol class="plain">${contacts.map((each, place) => html`<${ContactRow} key=${each.channel} contact=${each} place=${place} count=${contacts.length} change=${change(place)} move=${move(place)} test=${test(each.channel)} line=${lines.find(line => line.channel === each.channel)} busy=${busy} />`)}</ol></section>
      <${Quiet} quiet=${quiet} set=${next => { setQuiet(next); setDirty(true); }} />
      <button class="btn pri big" disabled=${busy}>${t('calls.save')}</button></form>
    <p class="mut">${t('calls.lapse')}</p></main>${toast}</${Shell}>`;
}

async function open() {
  await Promise.all([loadTexts('/pages/calls/locales'), requireSignIn()]);
  const app = document.getElementById('app');
  try {
    const [first, lines] = await Promise.all([call('/v1/recipients/me/presence', { method: 'POST' }), call('/v1/channels')]);
    render(html`<${Calls} first=${first} lines=${lines.items} />`, app, app.querySelector('main'));
  } catch (fault) {
    render(html`<${Failed} title=${t('calls.failed')} onRetry=${() => location.reload()}>${fault instanceof Refused ? fault.message : t('calls.no-network')}</${Failed}>`, app, app.querySelector('main'));
  }
}
open();
