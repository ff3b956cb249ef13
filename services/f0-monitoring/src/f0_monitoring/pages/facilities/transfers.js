// Transfers: emergencies first. A facility keeps a bed or says why not; both sides note the way.
import { dayHm, hm, minutesSince } from 'shell/kit.js';
import { hasText, t } from 'shell/i18n.js';
import { Empty, html, useState } from 'shell/ui.js';
import { useAct } from './act.js';

const ORDER = ['ordinary', 'oxygen', 'icu'], RANK = { low: 1, medium: 2, high: 3, very_high: 4 };
const WHY_NOT = ['no_bed', 'no_staff', 'no_oxygen', 'other'], CANCEL = ['better', 'declined', 'no_transport', 'mistake', 'other'];
const freeOf = (place, kind) => place.beds.find(each => each.bed_kind === kind)?.free ?? 0;

/** Own facilities of the wanted tier or above, with the kinds of bed that would do and are free. */
const choices = (one, places) => places.filter(place => place.is_mine && place.is_open && place.kind === 'hospital' && place.tier >= one.tier)
  .flatMap(place => ORDER.slice(ORDER.indexOf(one.bed_kind)).filter(kind => freeOf(place, kind) > 0).map(kind => ({ place, kind })));

function Accept({ one, places, act }) {
  const found = choices(one, places), first = found.find(each => each.place.facility_id === one.wished_facility_id) ?? found[0];
  const [at, choose] = useState(null), value = at ?? (first ? `${first.place.facility_id} ${first.kind}` : '');
  const body = () => { const [facility, kind] = value.split(' '); return { transfer_id: one.transfer_id, facility_id: facility, bed_kind: kind }; };
  if (!found.length) return html`<p class="wrong">${t('fac.no-own-bed')}</p>`;
  return html`<label class="field"><span>${t('fac.keep-where')}</span><select value=${value} onChange=${event => choose(event.target.value)}>${found.map(({ place, kind }) => html`<option value=${`${place.facility_id} ${kind}`}>${place.name} · ${t(`fac.bed.${kind}`)} (${t('fac.free-n', { n: freeOf(place, kind) })})</option>`)}</select></label>
    <button type="button" class="btn pri" disabled=${act.busy} onClick=${() => act.send(`/v1/patients/${one.person_id}/transfer/acceptance`, body(), 'fac.did.acceptance')}>${t('fac.act.acceptance')}</button>`;
}

/** Refusing and cancelling need a reason first. */
function Reasoned({ one, name, codes, act, more = {} }) {
  const [open, setOpen] = useState(false), [reason, choose] = useState(codes[0]);
  if (!open) return html`<button type="button" class="btn" onClick=${() => setOpen(true)}>${t(`fac.act.${name}`)}</button>`;
  const send = event => { event.preventDefault(); act.send(`/v1/patients/${one.person_id}/transfer/${name}`, { transfer_id: one.transfer_id, reason, ...more }, `fac.did.${name}`).then(ok => ok && setOpen(false)); };
  return html`<form class="reasoned" onSubmit=${send}><label class="field"><span>${t('fac.why-not')}</span><select value=${reason} onChange=${event => choose(event.target.value)}>${codes.map(code => html`<option value=${code}>${t(`fac.whynot.${code}`)}</option>`)}</select></label>
    <div class="row"><button class="btn bad" disabled=${act.busy}>${t(`fac.act.${name}`)}</button><button type="button" class="btn" onClick=${() => setOpen(false)}>${t('fac.back')}</button></div></form>`;
}

const wait = since => { const minutes = minutesSince(since); return minutes < 60 ? t('fac.minutes', { n: minutes }) : t('fac.hours-minutes', { h: Math.floor(minutes / 60), m: minutes % 60 }); };
const why = code => (hasText(`fac.why.${code}`) ? t(`fac.why.${code}`) : hasText(`fac.whynot.${code}`) ? t(`fac.whynot.${code}`) : '');

function One({ one, places, done }) {
  const act = useAct(done), may = name => one.may.includes(name), mine = places.find(place => place.is_mine && place.facility_id === (one.facility_id ?? place.facility_id) && place.kind === 'hospital');
  const step = name => html`<button type="button" class="btn pri" disabled=${act.busy} onClick=${() => act.send(`/v1/patients/${one.person_id}/transfer/${name}`, { transfer_id: one.transfer_id }, `fac.did.${name}`)}>${t(`fac.act.${name}`)}</button>`;
  return html`<article class=${`card ${one.is_emergency ? 'emergency' : ''}`} id=${`transfer-${one.person_id}`} data-state=${one.state}>
    <div class="head"><h2>${one.full_name || t('fac.unnamed', { sex: t(`fac.sex.${one.sex}`), age: one.age_years })}</h2><span class="row">${one.is_emergency && html`<span class="tag full r4">${t('fac.emergency')}</span>`}<span class=${`r${RANK[one.risk_level]}`}><span class="tag">${t(`fac.risk.${one.risk_level}`)}</span></span></span></div>
    <p>${one.full_name && `${t(`fac.sex.${one.sex}`)} ${one.age_years} · `}${one.commune_name}, ${one.district_name}${one.lies_in && ` · ${t('fac.lies-in', { name: one.lies_in })}`}${one.phone && html` · <a href=${`tel:${one.phone}`}>${one.phone}</a>`}</p>
    <dl class="kv"><dt>${t('fac.needs')}</dt><dd>${t('fac.tier', { n: one.tier })}, ${t(`fac.bed.${one.bed_kind}`)}</dd><dt>${t('fac.because')}</dt><dd>${why(one.reason)}</dd>
      <dt>${t('fac.state')}</dt><dd>${t(`fac.transfer.${one.state}`)}${one.facility_name && ` · ${one.facility_name}`}${one.facility_phone && html` <a href=${`tel:${one.facility_phone}`}>${one.facility_phone}</a>`}</dd>
      <dt>${t('fac.asked')}</dt><dd>${dayHm(one.requested_at)} (${wait(one.requested_at)})</dd>
      ${one.reserved_until && html`<dt>${t('fac.kept-until')}</dt><dd>${hm(one.reserved_until)}</dd>`}</dl>
    ${one.late_since && html`<p class="late">▲ ${t(`fac.late.${one.state}`, { span: wait(one.late_since) })}</p>`}
    ${may('acceptance') && html`<${Accept} one=${one} places=${places} act=${act} />`}
    <div class="row">${may('departure') && step('departure')}${may('arrival') && step('arrival')}
      ${may('refusal') && mine && html`<${Reasoned} one=${one} name="refusal" codes=${WHY_NOT} act=${act} more=${{ facility_id: mine.facility_id }} />`}
      ${may('cancellation') && html`<${Reasoned} one=${one} name="cancellation" codes=${CANCEL} act=${act} />`}</div>
    ${act.fault && html`<p class="wrong" role="alert">${act.fault}</p>`}
    <details><summary>${t('fac.history')}</summary><ol class="plain">${one.history.map(s => html`<li>${dayHm(s.at)} · ${t(`fac.transfer.${s.to_state}`)} · ${s.by === 'machine' ? t('fac.machine') : s.by}${why(s.reason) && ` · ${why(s.reason)}`}</li>`)}</ol></details></article>`;
}

export function Transfers({ all, done }) {
  if (!all.transfers.length) return html`<${Empty} title=${t('fac.no-transfers')}>${t('fac.no-transfers-hint')}</${Empty}>`;
  return html`<div class="grid" id="transfers">${all.transfers.map(one => html`<${One} key=${one.person_id} one=${one} places=${all.places} done=${done} />`)}</div>`;
}
