// Chuyển tuyến on the patient's record: ask for a bed, see whether there is one, say that the patient has set out.
import { call } from 'shell/auth.js';
import { freshId, hm } from 'shell/kit.js';
import { t } from 'shell/i18n.js';
import { Dialog, html, useEffect, useState } from 'shell/ui.js';

const KINDS = ['ordinary', 'oxygen', 'icu'], WHY = ['worse', 'needs_oxygen', 'needs_icu', 'alone_at_home', 'better', 'other'], OVER = ['arrived', 'cancelled'], LOOK_MS = 10000;

/** The last transfer of a patient; asked again while it is open, because others move it. */
function useTransfer(id) {
  const [state, set] = useState({ id: null, transfer: null });
  const look = () => call(`/v1/patients/${id}/transfer`).then(({ transfer }) => set({ id, transfer })).catch(() => {});
  useEffect(() => { look(); const timer = setInterval(() => document.visibilityState === 'visible' && look(), LOOK_MS); return () => clearInterval(timer); }, [id]);
  return { transfer: state.id === id ? state.transfer : null, keep: transfer => set({ id, transfer }) };
}

function Ask({ p, keep, onClose }) {
  const [key] = useState(freshId), [fault, setFault] = useState(''), [busy, setBusy] = useState(false), [places, setPlaces] = useState([]), [tier, setTier] = useState('2'), [kind, setKind] = useState('oxygen');
  useEffect(() => { call('/v1/facilities').then(({ items }) => setPlaces(items.filter(place => place.kind === 'hospital' && place.is_open))).catch(() => {}); }, []);
  const free = place => place.beds.filter(each => KINDS.indexOf(each.bed_kind) >= KINDS.indexOf(kind)).reduce((sum, each) => sum + each.free, 0);
  const fit = places.filter(place => place.tier >= Number(tier)).sort((a, b) => free(b) - free(a));
  const send = async event => {
    event.preventDefault();
    const form = event.target.elements;
    setBusy(true);
    try {
      keep(await call(`/v1/patients/${p.person_id}/transfers`, { json: { tier: Number(tier), bed_kind: kind, is_emergency: form.emergency.checked, reason: form.reason.value, facility_id: form.place.value || null }, key }));
      onClose();
    } catch (refused) { setFault(refused.message); setBusy(false); }
  };
  return html`<${Dialog} title=${`${t('doctor.transfer')}: ${p.person.full_name}`} onClose=${onClose}><form onSubmit=${send} id="ask-transfer">
    <label class="field"><span>${t('doctor.tier')}</span><select name="tier" value=${tier} onChange=${event => setTier(event.target.value)}>${['1', '2', '3'].map(n => html`<option value=${n}>${t(`doctor.tier.${n}`)}</option>`)}</select></label>
    <label class="field"><span>${t('doctor.bed')}</span><select name="kind" value=${kind} onChange=${event => setKind(event.target.value)}>${KINDS.map(code => html`<option value=${code}>${t(`doctor.bed.${code}`)}</option>`)}</select></label>
    <label class="field"><span>${t('doctor.place')}</span><select name="place"><option value="">${t('doctor.any-place')}</option>${fit.map(place => html`<option value=${place.facility_id}>${t('doctor.place-free', { name: place.name, n: free(place) })}</option>`)}</select></label>
    <label class="field"><span>${t('doctor.reason')}</span><select name="reason">${WHY.map(code => html`<option value=${code}>${t(`doctor.why-transfer.${code}`)}</option>`)}</select></label>
    <label class="pick"><input type="checkbox" name="emergency" />${t('doctor.emergency')}</label>
    ${fault && html`<p class="problem" role="alert">${fault}</p>`}
    <button class="btn pri" disabled=${busy}>${t('doctor.ask-bed')}</button></form></${Dialog}>`;
}

export function Transfer({ p }) {
  const { transfer, keep } = useTransfer(p.person_id), [asking, setAsking] = useState(false), [fault, setFault] = useState('');
  const step = async (name, more = {}) => {
    try { keep(await call(`/v1/patients/${p.person_id}/transfer/${name}`, { json: { transfer_id: transfer.transfer_id, ...more }, key: freshId() })); setFault(''); } catch (refused) { setFault(refused.message); }
  };
  const open = transfer && !OVER.includes(transfer.state), may = name => transfer?.may.includes(name);
  return html`<section class="card" id="transfer" data-state=${transfer?.state ?? ''}><div class="head"><h2>${t('doctor.transfer')}</h2>${open && transfer.is_emergency && html`<span class="r4"><span class="tag full">${t('doctor.emergency')}</span></span>`}</div>
    ${transfer ? html`<p><b>${t(`doctor.transfer.${transfer.state}`)}</b>${transfer.facility_name && ` · ${transfer.facility_name}`}${transfer.facility_phone && html` <a href=${`tel:${transfer.facility_phone}`}>${transfer.facility_phone}</a>`}
      <br /><small>${t(`doctor.tier.${transfer.tier}`)} · ${t(`doctor.bed.${transfer.bed_kind}`)}${transfer.reserved_until ? ` · ${t('doctor.kept-until', { at: hm(transfer.reserved_until) })}` : ''}</small></p>` : html`<p class="mut">${t('doctor.no-transfer')}</p>`}
    ${transfer?.late_since && html`<p class="quiet">▲ ${t('doctor.transfer-late')}</p>`}
    ${fault && html`<p class="problem" role="alert">${fault}</p>`}
    <div class="row">${may('departure') && html`<button type="button" class="btn pri" onClick=${() => step('departure')}>${t('doctor.set-out')}</button>`}
      ${may('arrival') && html`<button type="button" class="btn pri" onClick=${() => step('arrival')}>${t('doctor.is-there')}</button>`}
      ${may('cancellation') && html`<button type="button" class="btn" onClick=${() => step('cancellation', { reason: 'other' })}>${t('doctor.call-off')}</button>`}
      ${!open && !p.closed_on && html`<button type="button" class="btn" onClick=${() => setAsking(true)}>${t('doctor.ask-bed')}</button>`}<a class="btn text" href="/co-so">${t('doctor.all-beds')}</a></div>
    ${asking && html`<${Ask} p=${p} keep=${keep} onClose=${() => setAsking(false)} />`}</section>`;
}
