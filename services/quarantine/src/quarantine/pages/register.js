// Registering one person: the protocol in force gives the days; a likely duplicate is shown before anything is saved.
import { call, Refused } from 'shell/auth.js';
import { day, freshId, localDay, now } from 'shell/kit.js';
import { t } from 'shell/i18n.js';
import { flush, keep } from 'shell/outbox.js';
import { html, useEffect, useState } from 'shell/ui.js';

const DUPLICATE = 'urn:la-chan:problem:possible-duplicate';
const CATEGORIES = ['f1', 'f2', 'entrant', 'suspect'];
const ORIGINS = ['affected_area', 'locked_area', 'abroad'];
const today = () => localDay(now());

function bodyOf(form, beside) {
  const text = name => form.get(name)?.trim() || undefined;
  const born = text('birth')?.replace(/\s/g, ''), parts = born?.match(/^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/);
  const person = { full_name: text('full_name'), cccd: text('cccd'), passport: text('passport'), phone: text('phone'), sex: form.get('sex'),
    ...(parts ? { birth_date: `${parts[3]}-${parts[2].padStart(2, '0')}-${parts[1].padStart(2, '0')}` } : { birth_year: born ? Number(born) : undefined }) };
  return { person, commune_code: form.get('commune_code'), address: text('address'), category: form.get('category'), place: form.get('place'),
    last_exposure_on: form.get('last_exposure_on'), vaccination_doses: Number(form.get('doses') || 0), last_dose_on: text('last_dose_on'), order_number: text('order_number'),
    household_id: beside?.household_id, index_person_id: beside?.index_person_id, ...(form.get('category') === 'entrant' ? { arrived_from: form.get('arrived_from') } : {}) };
}
const Field = ({ label, name, faults, hint, children }) => html`<label class="field ${faults[name] ? 'bad' : ''}"><span>${label}</span>${children}${hint && html`<small>${hint}</small>`}${faults[name] && html`<small class="wrong" role="alert">${faults[name]}</small>`}</label>`;

export function Register({ beside, done }) {
  const [communes, setCommunes] = useState([]), [category, setCategory] = useState(beside?.category ?? 'f1'), [problem, setProblem] = useState(null), [asked, setAsked] = useState(null), [busy, setBusy] = useState(false), known = beside?.contact ? beside.person : {};
  useEffect(() => { call('/v1/communes').then(found => setCommunes(found.items)).catch(() => {}); }, []);
  const faults = Object.fromEntries((problem?.errors ?? []).map(e => [e.field.split('.').at(-1), e.message]));
  const send = async (body, key) => {
    setBusy(true);
    try {
      const made = await call('/v1/cases', { json: body, key });
      if (beside?.contact) { await keep(`/v1/contacts/${beside.contact.contact_id}/file`, { person_id: made.person_id }, made.person.full_name); await flush(); }   // kept and sent again if the line is gone
      done(t('cases.registered', { name: made.person.full_name, on: day(made.ends_on) }));
    } catch (fault) {
      setAsked(body);
      setProblem(fault instanceof Refused ? fault.problem : { detail: t('cases.no-answer') });
      setTimeout(() => document.getElementById('problem')?.focus(), 50);
    } finally { setBusy(false); }
  };
  const submit = event => { event.preventDefault(); send(bodyOf(new FormData(event.target), beside), freshId()); };
  return html`<section class="card"><h2>${beside ? t(beside.contact ? 'cases.chain.order-for' : 'cases.new-beside', { name: beside.person.full_name }) : t('cases.new')}</h2>
    ${problem && html`<div class="banner bad" id="problem" tabindex="-1" role="alert"><div><b>${problem.title}</b> ${problem.detail}</div>
      ${problem.type === DUPLICATE && html`<span class="sp"></span><button type="button" class="btn" disabled=${busy} onClick=${() => send({ ...asked, confirm: true }, freshId())}>${t('cases.two-people')}</button>`}</div>`}
    <form class="register" onSubmit=${submit}>
      <fieldset><legend>${t('cases.who')}</legend>
        <${Field} label=${t('cases.full-name')} name="full_name" faults=${faults}><input name="full_name" required autocomplete="off" maxlength="100" defaultValue=${known.full_name ?? ''} /></${Field}>
        <div class="three"><${Field} label="CCCD" name="cccd" faults=${faults}><input name="cccd" inputmode="numeric" autocomplete="off" maxlength="20" defaultValue=${known.cccd ?? ''} /></${Field}>
          <${Field} label=${t('cases.passport')} name="passport" faults=${faults}><input name="passport" autocomplete="off" maxlength="20" /></${Field}>
          <${Field} label=${t('cases.phone')} name="phone" faults=${faults}><input name="phone" type="tel" autocomplete="off" maxlength="24" defaultValue=${known.phone ?? ''} /></${Field}></div>
        <div class="two"><${Field} label=${t('cases.birth')} name="birth_year" faults=${faults} hint=${t('cases.birth-hint')}><input name="birth" inputmode="numeric" defaultValue=${known.birth_year ?? ''} required autocomplete="off" pattern="[0-9]{4}|[0-9]{1,2}(/|-|[.])[0-9]{1,2}(/|-|[.])[0-9]{4}" /></${Field}>
          <${Field} label=${t('cases.sex')} name="sex" faults=${faults}><select name="sex"><option value="female">${t('cases.female')}</option><option value="male">${t('cases.male')}</option></select></${Field}></div></fieldset>
      <fieldset><legend>${t('cases.where')}</legend>
        <div class="two"><${Field} label=${t('cases.commune')} name="commune_code" faults=${faults}><select name="commune_code" required>${communes.map(c => html`<option value=${c.code} selected=${beside?.commune_code === c.code}>${c.name} · ${c.district_name}</option>`)}</select></${Field}>
          <${Field} label=${t('cases.place')} name="place" faults=${faults}><select name="place"><option value="home">${t('cases.place.home')}</option><option value="facility">${t('cases.place.facility')}</option></select></${Field}></div>
        <${Field} label=${t('cases.address')} name="address" faults=${faults}><input name="address" required maxlength="200" autocomplete="off" defaultValue=${beside?.person.address ?? ''} /></${Field}></fieldset>
      <fieldset><legend>${t('cases.why')}</legend>
        <div class="two"><${Field} label=${t('cases.category')} name="category" faults=${faults}><select name="category" value=${category} onChange=${e => setCategory(e.target.value)}>${CATEGORIES.map(c => html`<option value=${c}>${t(`cases.category.${c}`)}</option>`)}</select></${Field}>
          ${category === 'entrant' ? html`<${Field} label=${t('cases.arrived-from')} name="arrived_from" faults=${faults}><select name="arrived_from">${ORIGINS.map(o => html`<option value=${o}>${t(`cases.origin.${o}`)}</option>`)}</select></${Field}>` : html`<span></span>`}</div>
        <div class="three"><${Field} label=${t(category === 'entrant' ? 'cases.arrived-on' : 'cases.exposed')} name="last_exposure_on" faults=${faults}><input name="last_exposure_on" type="date" required max=${today()} defaultValue=${beside?.contact ? beside.last_exposure_on : ''} /></${Field}>
          <${Field} label=${t('cases.doses')} name="vaccination_doses" faults=${faults}><select name="doses">${[0, 1, 2, 3, 4].map(n => html`<option>${n}</option>`)}</select></${Field}>
          <${Field} label=${t('cases.last-dose')} name="last_dose_on" faults=${faults}><input name="last_dose_on" type="date" max=${today()} /></${Field}></div>
        <${Field} label=${t('cases.paper')} name="order_number" faults=${faults} hint=${t('cases.paper-hint')}><input name="order_number" maxlength="60" autocomplete="off" /></${Field}></fieldset>
      <p class="mut">${t('cases.register-hint')}</p>
      <button class="btn pri" disabled=${busy}>${t('cases.sign-and-send')}</button></form></section>`;
}
