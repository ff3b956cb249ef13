// Stock: the hours that are left keep falling while nobody reports; a report puts them right.
import { dayHm, now, num } from 'shell/kit.js';
import { language, t } from 'shell/i18n.js';
import { Empty, html, useState } from 'shell/ui.js';
import { useAct } from './act.js';

export const nameOf = (counted, item) => { const row = counted.find(each => each.item === item); return row ? row[`name_${language()}`] : t(`fac.staff.${item}`); };
const unitOf = (counted, item) => counted.find(each => each.item === item)?.[`unit_${language()}`] ?? '';
const TONE = { ok: 'ok', warn: 'warn', critical: 'critical', empty: 'empty-now' };

/** Hours until it is used up, from the instant at which it will be: nothing that was stored. */
const hoursLeft = row => (row.empty_at == null ? null : Math.max(0, (Date.parse(row.empty_at) - now()) / 3600e3));
const lasts = hours => (hours == null ? t('fac.not-used') : hours <= 0 ? t('fac.used-up') : hours < 72 ? t('fac.hours', { n: num(hours, hours < 10 ? 1 : 0) }) : t('fac.days', { n: num(hours / 24, 0) }));

function Report({ place, counted, done, close }) {
  const act = useAct(done), known = item => place.stock.find(each => each.item === item);
  const send = event => {
    event.preventDefault();
    const data = new FormData(event.target), typed = (item, name) => data.get(`${item}-${name}`)?.replace(',', '.').trim();
    const lines = counted.filter(each => typed(each.item, 'quantity')).map(each => ({ item: each.item, quantity: Number(typed(each.item, 'quantity')), used_per_day: Number(typed(each.item, 'used') || 0) }));
    if (lines.length) act.send(`/v1/facilities/${place.facility_id}/stock`, { lines }, 'fac.did.stock').then(ok => ok && close());
  };
  const field = (item, name, value) => html`<label class="field"><span>${t(`fac.stock.${name}`)}</span><input name=${`${item}-${name}`} inputmode="decimal" pattern="[0-9]+([.,][0-9]+)?" maxlength="10" autocomplete="off" defaultValue=${value} aria-label=${`${nameOf(counted, item)}: ${t(`fac.stock.${name}`)}`} /></label>`;
  return html`<form onSubmit=${send}><p class="mut">${t('fac.stock.hint')}</p><fieldset class="lines"><legend>${t('fac.stock.title')}</legend>${counted.map(({ item }) => html`<div class="line"><b>${nameOf(counted, item)}<br /><small class="mut">${unitOf(counted, item)}</small></b>${field(item, 'quantity', '')}${field(item, 'used', known(item)?.used_per_day ?? '')}</div>`)}</fieldset>
    ${act.fault && html`<p class="wrong" role="alert">${act.fault}</p>`}
    <div class="row"><button class="btn pri" disabled=${act.busy}>${t('fac.save')}</button><button type="button" class="btn" onClick=${close}>${t('fac.back')}</button></div></form>`;
}

function Ask({ place, counted, done, close }) {
  const act = useAct(done), items = [...counted.map(each => each.item), 'doctor', 'nurse', 'volunteer'];
  const send = event => {
    event.preventDefault();
    const data = new FormData(event.target), lines = items.map(item => ({ item, amount: Number((data.get(item) ?? '').replace(',', '.') || 0) })).filter(each => each.amount > 0);
    if (lines.length) act.send(`/v1/facilities/${place.facility_id}/supply-requests`, { lines, is_urgent: data.has('urgent') }, 'fac.did.ask').then(ok => ok && close());
  };
  return html`<form onSubmit=${send}><fieldset class="lines"><legend>${t('fac.ask.title')}</legend>${items.map(item => html`<div class="line one"><b>${nameOf(counted, item)} <small class="mut">${unitOf(counted, item)}</small></b><input class="inp" name=${item} inputmode="decimal" pattern="[0-9]+([.,][0-9]+)?" maxlength="10" autocomplete="off" aria-label=${nameOf(counted, item)} /></div>`)}</fieldset>
    <label class="pick"><input type="checkbox" name="urgent" /><span>${t('fac.urgent')}</span></label>
    ${act.fault && html`<p class="wrong" role="alert">${act.fault}</p>`}
    <div class="row"><button class="btn pri" disabled=${act.busy}>${t('fac.ask.send')}</button><button type="button" class="btn" onClick=${close}>${t('fac.back')}</button></div></form>`;
}

function One({ place, counted, done }) {
  const [form, setForm] = useState(''), close = () => setForm('');
  return html`<article class="card" id=${`stock-${place.facility_id}`}><div class="head"><h2>${place.name}</h2><span class="mut">${place.commune_name}</span></div>
    ${place.stock.length ? html`<ul class="plain stock">${place.stock.map(row => html`<li data-item=${row.item}><span>${nameOf(counted, row.item)}</span><b class=${TONE[row.level]}>${row.level === 'ok' ? '' : '▲ '}${lasts(hoursLeft(row))}</b>
      <small>${t('fac.stock.left', { n: num(row.left, 0), unit: unitOf(counted, row.item), used: num(row.used_per_day, 0) })}</small><small>${dayHm(row.reported_at)}</small></li>`)}</ul>` : html`<p class="mut">${t('fac.stock.never')}</p>`}
    ${form === 'report' ? html`<${Report} place=${place} counted=${counted} done=${done} close=${close} />` : form === 'ask' ? html`<${Ask} place=${place} counted=${counted} done=${done} close=${close} />`
    : html`<div class="row"><button type="button" class="btn pri" onClick=${() => setForm('report')}>${t('fac.stock.open')}</button><button type="button" class="btn" onClick=${() => setForm('ask')}>${t('fac.ask.open')}</button></div>`}</article>`;
}

const soonest = place => Math.min(...place.stock.map(row => hoursLeft(row) ?? Infinity), Infinity);

export function Stock({ all, done }) {
  const mine = all.places.filter(place => place.is_mine).sort((a, b) => soonest(a) - soonest(b) || a.name.localeCompare(b.name, 'vi'));
  if (!mine.length) return html`<${Empty} title=${t('fac.no-places')}>${t('fac.no-places-hint')}</${Empty}>`;
  return html`<div class="grid">${mine.map(place => html`<${One} key=${place.facility_id} place=${place} counted=${all.counted} done=${done} />`)}</div>`;
}
