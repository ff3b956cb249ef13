// Phones of people: the officer gives a code, sees who uses it, blocks a lost phone. Quarantine keeps them: pages of other
// services ask there (`at`), and only when somebody wants to know.
import { Dialog, html, useEffect, useState } from './ui.js';
import { call, hasRole } from './auth.js';
import { dayHm, freshId } from './kit.js';
import { t } from './i18n.js';

const WHEN = { waiting: 'expires_at', enrolled: 'enrolled_at', revoked: 'revoked_at', expired: 'expires_at' };
const words = fault => (fault.status ? fault.message : t('phone.away'));

function Give({ at, item, members, close }) {
  const others = members.filter(one => one.person_id !== item.person_id), [key] = useState(freshId);
  const [given, setGiven] = useState(null), [fault, setFault] = useState('');
  const make = async event => {
    event.preventDefault();
    const chosen = [...new FormData(event.target).keys()];
    try { setGiven(await call(`${at}/v1/cases/${item.person_id}/enrolments`, { json: { members: chosen }, key })); } catch (refusal) { setFault(words(refusal)); }
  };
  return html`<${Dialog} title=${t('phone.for', { name: item.person.full_name })} onClose=${close}>
    ${given ? html`<div class="code" id="code"><p>${t('phone.code', { at: dayHm(given.expires_at) })}</p><b class="num">${given.code}</b><img src=${given.qr_svg} alt=${t('phone.qr')} width="240" height="240" /><p class="mut">${given.link.split('#')[0]}</p></div>
      <p>${t('phone.how')}</p><button type="button" class="btn" onClick=${() => print()}>${t('phone.print')}</button>`
    : html`<form onSubmit=${make}>${others.length > 0 && html`<fieldset class="field"><legend>${t('phone.members')}</legend>${others.map(one => html`<label class="pick" key=${one.person_id}><input type="checkbox" name=${one.person_id} defaultChecked />${one.person.full_name} (${one.person.birth_year ?? '?'})</label>`)}</fieldset>`}
      ${fault && html`<p class="wrong" role="alert">${fault}</p>`}<button class="btn pri">${t('phone.make')}</button></form>`}</${Dialog}>`;
}

export function Phones({ at = '', item, members = [], lazy = false }) {
  const [phones, set] = useState(null), [asking, ask] = useState(false), [fault, setFault] = useState('');
  const load = () => call(`${at}/v1/cases/${item.person_id}/enrolments`).then(found => { set(found.items); setFault(''); }).catch(refusal => { set([]); setFault(words(refusal)); });
  useEffect(() => { set(null); setFault(''); ask(false); if (!lazy) load(); }, [item.person_id]);
  const block = async phone => {
    try { await call(`${at}/v1/enrolments/${phone.device_id}/revocation`, { json: {}, key: freshId() }); await load(); } catch (refusal) { setFault(words(refusal)); }
  };
  return html`<section class="card phones"><div class="row"><h2>${t('phone.title')}</h2><span class="sp"></span>${hasRole('health_officer') && html`<button type="button" class="btn" onClick=${() => ask(true)}>${t('phone.give')}</button>`}</div>
    ${fault && html`<p class="wrong" role="alert">${fault}</p>`}
    ${!phones && lazy && html`<button type="button" class="btn text" onClick=${load}>${t('phone.see')}</button>`}
    ${phones?.length === 0 && !fault && html`<p class="mut">${t('phone.none')}</p>`}
    <ul>${(phones ?? []).map(one => html`<li key=${one.device_id}><div><b>${t(`phone.${one.status}`, { at: dayHm(one[WHEN[one.status]]) })}</b><small>${t('phone.people', { n: one.people.length })}</small></div>
      ${hasRole('health_officer') && ['waiting', 'enrolled'].includes(one.status) && html`<button type="button" class="btn" onClick=${() => block(one)}>${t('phone.block')}</button>`}</li>`)}</ul>
    ${asking && html`<${Give} at=${at} item=${item} members=${members} close=${() => { ask(false); load(); }} />`}</section>`;
}
