// Beside the record: who covers now and tonight, who looks after this patient, what is lent.
import { html } from 'shell/ui.js';
import { day, hm, meta } from 'shell/kit.js';
import { Phones } from 'shell/phones.js';
import { t } from 'shell/i18n.js';
import { Certificate } from './certificate.js';
import { Transfer } from './transfer.js';

function Team({ p, care, act }) {
  const lead = care?.lead_id && care.lead_id !== care.carer_id;
  return html`<section class="card"><div class="head"><h2>${t('doctor.team')}</h2></div><dl class="kv people">
    <dt>${t('doctor.carer')}</dt><dd>${p.doctor ? html`${p.doctor.name} <a href=${`tel:${p.doctor.phone}`}>${p.doctor.phone}</a><small>${t(`doctor.found.${p.doctor.reason}`)}${care?.is_pinned ? ` · ${t('doctor.pinned')}` : ''}</small>` : t('doctor.nobody')}</dd>
    ${lead && html`<dt>${t('doctor.lead')}</dt><dd>${care.lead_name}<small>${t('doctor.covered')}</small></dd>`}
    ${(care?.team ?? []).map(h => html`<dt>${t(`doctor.role.${h.role}`)}</dt><dd>${h.name}${h.phone && html` <a href=${`tel:${h.phone}`}>${h.phone}</a>`}<button type="button" class="btn text" aria-label=${t('doctor.remove', { name: h.name })} onClick=${() => act('leave', h.staff_id)}>✕</button></dd>`)}</dl>
    ${!p.closed_on && html`<div class="row"><button type="button" class="btn" onClick=${() => act('doctor')}>${t('doctor.doctor')}</button><button type="button" class="btn" onClick=${() => act('team')}>${t('doctor.add')}</button></div>`}</section>`;
}

function Devices({ p, care, act }) {
  const devices = care?.devices ?? [];
  return html`<section class="card"><div class="head"><h2>${t('doctor.devices')}</h2></div>
    ${devices.length ? html`<ul class="plain">${devices.map(d => html`<li><b>${t(`doctor.device.${d.kind}`)}</b> ${d.serial}<small class=${d.is_overdue ? 'quiet' : ''}>${d.is_overdue ? '▲ ' : ''}${t('doctor.due-back', { on: day(d.due_back_at) })}</small>
      <button type="button" class="btn" onClick=${() => act('returned', d)}>${t('doctor.returned')}</button></li>`)}</ul>` : html`<p class="mut">${t('doctor.nothing-lent')}</p>`}
    ${!p.closed_on && html`<button type="button" class="btn" onClick=${() => act('lend')}>${t('doctor.lend')}</button>`}</section>`;
}

/** Codes are given by the service that believes phones; it knows this person from our own facts. */
const ENROLS = new URL(meta('quarantine-url'), location.href).origin;

const hours = c => (c.from_at ? `${hm(c.from_at)}–${hm(c.until_at)}` : t('doctor.no-plan'));

function Cover({ cover, me, act }) {
  const mine = cover.roster.find(d => d.doctor_id === me);
  return html`<section class="card"><div class="head"><h2>${t('doctor.cover')}</h2></div><dl class="kv people">
    ${cover.items.map(c => html`<dt>${c.is_present ? t('doctor.now-on') : hours(c)}</dt><dd>${c.doctor_id === me ? t('doctor.you') : c.name}${c.phone && c.doctor_id !== me && html` <a href=${`tel:${c.phone}`}>${c.phone}</a>`}<small>${c.is_present ? `${c.load}/${c.capacity}${c.until_at ? ` · ${t('doctor.until', { at: hm(c.until_at) })}` : ''}` : ''}${c.is_night ? ` ☾ ${t('doctor.night')}` : ''}</small></dd>`)}
    ${!cover.fault && !cover.items.some(c => c.is_present) && html`<dt>${t('doctor.now-on')}</dt><dd class="quiet">${t('doctor.nobody-on-duty')}</dd>`}
    <dt>${t('doctor.backup')}</dt><dd><a href="tel:115">115</a></dd></dl>
    ${cover.fault && html`<p class="problem" role="alert">${t('doctor.cover-failed')}</p><button type="button" class="btn" onClick=${cover.again}>${t('failed.retry')}</button>`}
    ${mine && html`<button type="button" class="btn" onClick=${() => act(mine.on_duty ? 'go-off' : 'come-on')}>${t(mine.on_duty ? 'doctor.go-off' : 'doctor.come-on')}</button>`}</section>`;
}

export const Rail = ({ p, care, cover, me, act }) => html`<aside class="pane care rail stack" aria-label=${t('doctor.beside')} tabindex="0">
  ${p.care_state === 'recovered' && html`<${Certificate} p=${p} />`}<${Transfer} p=${p} /><${Team} p=${p} care=${care} act=${act} />${!p.closed_on && html`<${Phones} at=${ENROLS} item=${p} lazy />`}<${Cover} cover=${cover} me=${me} act=${act} /><${Devices} p=${p} care=${care} act=${act} /></aside>`;
