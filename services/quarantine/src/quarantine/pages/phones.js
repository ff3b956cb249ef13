// Phones of people: the officer gives a code, sees who uses it, blocks a lost phone.
import { Dialog, html, useEffect, useState } from 'shell/ui.js';
import { call, hasRole } from 'shell/auth.js';
import { dayHm, freshId } from 'shell/kit.js';
import { t } from 'shell/i18n.js';

const can = role => hasRole(role), words = refusal => refusal.message;

const WHEN = { waiting: 'expires_at', enrolled: 'enrolled_at', revoked: 'revoked_at', expired: 'expires_at' };

function Give({ item, members, close }) {
  const others = members.filter(one => one.person_id !== item.person_id), [key] = useState(freshId);
  const [given, setGiven] = useState(null), [fault, setFault] = useState('');
  const make = async event => {
    event.preventDefault();
    const chosen = [...new FormData(event.target).keys()];
    try { setGiven(await call(`/v1/cases/${item.person_id}/enrolments`, { json: { members: chosen }, key })); } catch (refusal) { setFault(words(refusal)); }
  };
  return html`<${Dialog} title=${t('cases.phone.for', { name: item.person.full_name })} onClose=${close}>
    ${given ? html`<div class="code" id="code"><p>${t('cases.phone.code', { at: dayHm(given.expires_at) })}</p><b class="num">${given.code}</b><img src=${given.qr_svg} alt=${t('cases.phone.qr')} width="240" height="240" /><p class="mut">${given.link.split('#')[0]}</p></div>
      <p>${t('cases.phone.how')}</p><button type="button" class="btn" onClick=${() => print()}>${t('cases.phone.print')}</button>`
    : html`<form onSubmit=${make}>${others.length > 0 && html`<fieldset class="field"><legend>${t('cases.phone.members')}</legend>${others.map(one => html`<label class="pick" key=${one.person_id}><input type="checkbox" name=${one.person_id} defaultChecked />${one.person.full_name} (${one.person.birth_year ?? '?'})</label>`)}</fieldset>`}
      ${fault && html`<p class="wrong" role="alert">${fault}</p>`}<button class="btn pri">${t('cases.phone.make')}</button></form>`}</${Dialog}>`;
}

export function Phones({ item, members }) {
  const [phones, set] = useState(null), [asking, ask] = useState(false), [fault, setFault] = useState('');
  const load = () => call(`/v1/cases/${item.person_id}/enrolments`).then(found => set(found.items)).catch(() => set([]));
  useEffect(() => { set(null); load(); }, [item.person_id]);
  const block = async phone => {
    try { await call(`/v1/enrolments/${phone.device_id}/revocation`, { json: {}, key: freshId() }); setFault(''); } catch (refusal) { setFault(words(refusal)); }
    load();
  };
  return html`<section class="card"><div class="row"><h2>${t('cases.phone.title')}</h2><span class="sp"></span>${can('health_officer') && html`<button type="button" class="btn" onClick=${() => ask(true)}>${t('cases.phone.give')}</button>`}</div>
    ${fault && html`<p class="wrong" role="alert">${fault}</p>`}
    ${phones?.length === 0 && html`<p class="mut">${t('cases.phone.none')}</p>`}
    <ul class="mems">${(phones ?? []).map(one => html`<li class="mem" key=${one.device_id}><div><b>${t(`cases.phone.${one.status}`, { at: dayHm(one[WHEN[one.status]]) })}</b><small>${t('cases.phone.people', { n: one.people.length })}</small></div>
      ${can('health_officer') && ['waiting', 'enrolled'].includes(one.status) && html`<button type="button" class="btn" onClick=${() => block(one)}>${t('cases.phone.block')}</button>`}</li>`)}</ul>
    ${asking && html`<${Give} item=${item} members=${members} close=${() => { ask(false); load(); }} />`}</section>`;
}
