// My data: who read it, taking it along, deleting it, this phone.
import { Dialog, html, useEffect, useState } from 'shell/ui.js';
import { call } from 'shell/auth.js';
import { forgetPhone } from 'shell/device.js';
import { dayHm, freshId, localDay, now } from 'shell/kit.js';
import { hasText, language, t } from 'shell/i18n.js';
import { clearOutbox } from 'shell/outbox.js';
import { forgetSealed } from 'shell/sealed.js';
import { F0 } from './load.js';

const SHOWN = 5;
const role = name => (hasText(`toi.role.${name}`) ? t(`toi.role.${name}`) : name);
const asFile = (content, name) => {
  const address = URL.createObjectURL(new Blob([JSON.stringify(content, null, 2)], { type: 'application/json' }));
  Object.assign(document.createElement('a'), { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
};
async function leavePhone() {
  await clearOutbox();
  await forgetSealed();
  await forgetPhone();
  Object.keys(localStorage).filter(name => name.startsWith('lachan.declares-for')).forEach(name => localStorage.removeItem(name));
}

function Readings({ who }) {
  const [rows, set] = useState(null), [all, showAll] = useState(false);
  useEffect(() => {
    set(null);
    const ask = address => call(address, { person: who ?? undefined }).then(found => found.items).catch(() => []);
    Promise.all([ask('/v1/me/readings'), ask(`${F0}/v1/me/readings`)]).then(both => set(both.flat().sort((a, b) => b.at.localeCompare(a.at))));
  }, [who]);
  if (!rows) return html`<p class="mut">…</p>`;
  if (!rows.length) return html`<p class="mut">${t('toi.nobody-read')}</p>`;
  return html`<ul class="line">${rows.slice(0, all ? undefined : SHOWN).map(one => html`<li><span>${one.roles.map(role).join(', ')} · ${one.purpose}</span><b>${dayHm(one.at)}</b></li>`)}</ul>
    ${rows.length > SHOWN && !all && html`<button type="button" class="btn text" onClick=${() => showAll(true)}>${t('toi.see-all', { n: rows.length })}</button>`}`;
}

const Kept = ({ kept }) => html`<ul class="line" id="kept">${kept.map(one => html`<li key=${one.code}><span>${one[language()]}</span><b>${one.can_be_erased ? t('toi.deleted-now') : t('toi.kept-days', { n: one.keep_days })}</b></li>`)}</ul>`;

function Erase({ phone, box, close, left }) {
  const [fault, setFault] = useState(''), [kept, setKept] = useState(null), [key] = useState(freshId);
  const erase = async () => {
    try {
      // Each code that this phone used is forgotten by its own holder; a person signed in without a phone is one.
      const holders = phone?.people.filter(one => one.is_holder).map(one => one.person_id) ?? [undefined];
      const answers = await Promise.all(holders.map((person, at) => call('/v1/me/erasure', { json: {}, key: `${key}-${at}`, person })));
      await leavePhone();
      setKept(answers[0].kept);
    } catch (refusal) { setFault(refusal.message); }
  };
  return html`<${Dialog} title=${t('toi.erase')} onClose=${() => { close(); if (kept) left(); }}>
    ${kept ? html`<p role="status"><b>${t('toi.erased')}</b></p><p>${t('toi.erased-kept')}</p><${Kept} kept=${kept} />`
    : html`<p>${t('toi.erase-text')}</p>${box.waiting > 0 && html`<p class="wrong">${t('toi.erase-waiting', { n: box.waiting })}</p>`}${fault && html`<p class="wrong" role="alert">${fault}</p>`}
      <div class="one"><button type="button" class="btn bad" onClick=${erase}>${t('toi.erase-do')}</button></div>`}</${Dialog}>`;
}

export function MyData({ who, phone, box, left, add }) {
  const [asking, ask] = useState(false), [fault, setFault] = useState('');
  const take = async () => {
    try {
      const person = who ?? undefined, missing = () => null, list = address => call(`${F0}${address}`, { person }).then(found => found.items).catch(() => []);
      const [quarantine, f0] = await Promise.all([call('/v1/me/data', { person }), call(`${F0}/v1/me`, { person }).catch(missing)]);
      const [declarations, readings] = f0 ? await Promise.all([list(`/v1/patients/${f0.person_id}/reports`), list('/v1/me/readings')]) : [];
      asFile({ quarantine, f0_monitoring: f0 && { me: f0, declarations, readings } }, `la-chan-${localDay(now())}.json`);
      setFault('');
    } catch (refusal) { setFault(refusal.message); }
  };
  return html`<section class="card"><h2>${t('toi.who-read')}</h2><${Readings} who=${who} /></section>
    <section class="card"><h2>${t('toi.my-data')}</h2><p>${t(phone ? 'toi.phone-text' : 'toi.my-data-text')}</p>${fault && html`<p class="wrong" role="alert">${fault}</p>`}
      <div class="pair"><button type="button" class="btn" onClick=${take}>${t('toi.download')}</button><button type="button" class="btn" onClick=${() => ask(true)}>${t('toi.erase')}</button></div>
      ${phone && html`<div class="one"><button type="button" class="btn" onClick=${add}>${t('toi.add')}</button></div>`}</section>
    ${asking && html`<${Erase} phone=${phone} box=${box} close=${() => ask(false)} left=${left} />`}`;
}
