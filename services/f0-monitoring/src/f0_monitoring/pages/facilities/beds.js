// Beds by kind: free, kept for somebody on the way, in use; own facilities can be counted anew.
import { num } from 'shell/kit.js';
import { t } from 'shell/i18n.js';
import { Empty, html, useState } from 'shell/ui.js';
import { useAct } from './act.js';

const KINDS = ['ordinary', 'oxygen', 'icu'];

function Count({ place, done, close }) {
  const act = useAct(done), known = kind => place.beds.find(each => each.bed_kind === kind) ?? { beds: 0, others: 0 };
  const send = event => {
    event.preventDefault();
    const data = new FormData(event.target), beds = KINDS.map(kind => ({ bed_kind: kind, beds: Number(data.get(`${kind}-beds`)), others: Number(data.get(`${kind}-others`)) }));
    act.send(`/v1/facilities/${place.facility_id}/beds`, { beds: beds.filter(each => each.beds || known(each.bed_kind).beds) }, 'fac.did.count').then(ok => ok && close());
  };
  const field = (kind, name) => html`<label class="field"><span>${t(`fac.count.${name}`)}</span><input name=${`${kind}-${name}`} type="number" inputmode="numeric" min="0" max="2000" required defaultValue=${known(kind)[name]} aria-label=${`${t(`fac.bed.${kind}`)}: ${t(`fac.count.${name}`)}`} /></label>`;
  return html`<form onSubmit=${send}><fieldset class="lines"><legend>${t('fac.count.title')}</legend>${KINDS.map(kind => html`<div class="line"><b>${t(`fac.bed.${kind}`)}</b>${field(kind, 'beds')}${field(kind, 'others')}</div>`)}</fieldset>
    ${act.fault && html`<p class="wrong" role="alert">${act.fault}</p>`}
    <div class="row"><button class="btn pri" disabled=${act.busy}>${t('fac.save')}</button><button type="button" class="btn" onClick=${close}>${t('fac.back')}</button></div></form>`;
}

function One({ place, done }) {
  const [counting, setCounting] = useState(false), station = place.kind === 'station';
  return html`<article class="card" id=${`beds-${place.facility_id}`}><div class="head"><h2>${place.name}</h2><span class="row"><span class="tag">${station ? t('fac.station') : t('fac.tier', { n: place.tier })}</span>${!place.is_open && html`<span class="tag full r4">${t('fac.closed')}</span>`}</span></div>
    <p class="mut">${place.commune_name}, ${place.district_name}${place.phone && html` · <a href=${`tel:${place.phone}`}>${place.phone}</a>`} · ${t('fac.people', { doctors: num(place.doctors), staff: num(place.staff) })}</p>
    ${station && place.at_home != null && html`<p>${t('fac.at-home')}: <b class=${place.at_home > place.capacity ? 'late' : ''}>${num(place.at_home)} / ${num(place.capacity)}</b></p>`}
    ${place.beds.length > 0 && html`<div class="scroll"><table class="beds num"><thead><tr><th scope="col">${t('fac.kind')}</th><th scope="col">${t('fac.free')}</th><th scope="col">${t('fac.reserved')}</th><th scope="col">${t('fac.occupied')}</th><th scope="col">${t('fac.total')}</th></tr></thead>
      <tbody>${place.beds.map(each => html`<tr data-kind=${each.bed_kind}><th scope="row">${t(`fac.bed.${each.bed_kind}`)}</th><td class=${`free ${each.free ? '' : 'none'}`}>${num(each.free)}</td><td>${num(each.reserved)}</td><td>${num(each.occupied)}</td><td>${num(each.beds)}</td></tr>`)}</tbody></table></div>`}
    ${place.is_mine && !station && (counting ? html`<${Count} place=${place} done=${done} close=${() => setCounting(false)} />` : html`<div><button type="button" class="btn" onClick=${() => setCounting(true)}>${t('fac.count.open')}</button></div>`)}</article>`;
}

export function Beds({ all, done }) {
  if (!all.places.length) return html`<${Empty} title=${t('fac.no-places')}>${t('fac.no-places-hint')}</${Empty}>`;
  return html`<div class="grid">${all.places.map(place => html`<${One} key=${place.facility_id} place=${place} done=${done} />`)}</div>`;
}
