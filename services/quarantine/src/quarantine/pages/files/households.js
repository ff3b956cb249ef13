// Hộ gia đình: families instead of rows; one act for all of them, with every name in sight.
import { call, hasRole } from 'shell/auth.js';
import { day, freshId, localDay, now, num } from 'shell/kit.js';
import { t } from 'shell/i18n.js';
import { flush, keep } from 'shell/outbox.js';
import { Dialog, Empty, html, useEffect, useState } from 'shell/ui.js';
import { ends } from '../parts.js';
import { words } from './common.js';

const DONE = 'done';
/** Everybody well: one declaration each, by name; whoever is not well is left out and declared alone. */
function AllWell({ home, close, done }) {
  const owing = home.members.filter(m => m.duty.state !== DONE);
  const send = async event => {
    event.preventDefault();
    const form = new FormData(event.target), chosen = home.members.filter(m => form.getAll('who').includes(m.person_id));
    const reported_at = new Date(now()).toISOString();
    for (const member of chosen) await keep(`/v1/cases/${member.person_id}/reports`, { reported_at, declared_by: 'officer', symptoms: [] }, member.person.full_name);
    flush();
    done(t('cases.home.declared', { n: chosen.length }));
  };
  return html`<${Dialog} title=${t('cases.home.all-well')} onClose=${close}><form onSubmit=${send}><p>${t('cases.home.all-well-text')}</p>
    <fieldset class="signs one"><legend>${home.address ?? t('cases.household')}</legend>${home.members.map(m => html`<label class="pick"><input type="checkbox" name="who" value=${m.person_id} defaultChecked=${owing.includes(m) && !m.duty.has_symptoms} />${m.person.full_name} <span class="mut">${m.person.birth_year ?? ''}${m.duty.has_symptoms ? ` · ${t('cases.kind.abnormal')}` : m.duty.state === DONE ? ` · ${t('cases.what.done')}` : ''}</span></label>`)}</fieldset>
    <button class="btn pri">${t('cases.send')}</button></form></${Dialog}>`;
}

function Home({ home, ask, act, add }) {
  const [isOpen, setOpen] = useState(false), title = home.address ?? t('cases.household');
  return html`<li class="home ${home.abnormal ? 'r4' : home.owed ? 'r2' : 'r1'}"><div class="who"><button type="button" class="link" aria-expanded=${isOpen} onClick=${() => setOpen(!isOpen)}>${title}</button>
      <small>${home.commune_name} · ${t('cases.home.people', { n: num(home.people) })} · ${home.owed ? t('cases.home.owed', { n: num(home.owed) }) : t('cases.home.none-owed')}${home.abnormal ? ` · ${t('cases.home.abnormal', { n: num(home.abnormal) })}` : ''}</small>
      <small>${home.members.map(m => m.person.full_name).join(', ')}</small></div>
    ${hasRole('health_officer') && html`<div class="row">${home.owed > 0 && html`<button type="button" class="btn pri" onClick=${() => act(home)} aria-label=${t('cases.home.all-well-at', { address: title })}>${t('cases.home.all-well')}</button>`}<button type="button" class="btn" onClick=${() => add(home)} aria-label=${t('cases.home.order-at', { address: title })}>${t('cases.home.order')}</button></div>`}
    ${isOpen && html`<ul class="mems">${home.members.map(m => html`<li class="mem" key=${m.person_id}><div><b>${m.person.full_name}</b> <span class="mut">${m.person.birth_year}</span> <span class="tag r2">${t(`cases.category.${m.category}`)}</span><small>${ends(m)}</small></div>
      ${hasRole('health_officer') && html`<div class="row"><button type="button" class="btn" onClick=${() => ask('declare', m)} aria-label=${t('cases.declare-for', { name: m.person.full_name })}>${t('cases.do.declare')}</button><button type="button" class="btn" onClick=${() => ask('order', m)} aria-label=${t('cases.order-for', { name: m.person.full_name })}>${t('cases.do.order')}</button></div>`}</li>`)}</ul>`}</li>`;
}

/** Households of the officer's areas, those that owe most first. */
export function Homes({ ask, refreshed, add, said }) {
  const [seen, setSeen] = useState(null), [fault, setFault] = useState(''), [well, setWell] = useState(null);
  useEffect(() => { call('/v1/households').then(found => { setSeen(found); setFault(''); }).catch(refusal => setFault(words(refusal))); }, [refreshed]);
  if (fault) return html`<p class="wrong" role="alert">${fault}</p>`;
  if (!seen) return html`<p role="status">…</p>`;
  return html`<section aria-label=${t('cases.home.tab')}><div class="row"><h2>${t('cases.home.title', { homes: num(seen.items.length), people: num(seen.people) })}</h2><span class="sp"></span>${hasRole('health_officer') && html`<button type="button" class="btn" onClick=${() => add(null)}>${t('cases.home.order-new')}</button>`}</div>
    ${seen.items.length ? html`<ul class="duties homes">${seen.items.map(home => html`<${Home} key=${home.household_id} home=${home} ask=${ask} act=${setWell} add=${add} />`)}</ul>` : html`<div class="card"><${Empty} title=${t('cases.home.none')}>${t('cases.home.none-text')}</${Empty}></div>`}
    ${well && html`<${AllWell} home=${well} close=${() => setWell(null)} done=${text => { setWell(null); said(text); }} />`}</section>`;
}

const blank = () => ({ id: freshId() });
function memberOf(form, row) {
  const text = name => form.get(`${name}-${row}`)?.trim() || undefined, born = text('birth')?.replace(/\s/g, ''), parts = born?.match(/^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/);
  return { full_name: text('full_name'), cccd: text('cccd'), phone: text('phone'), sex: form.get(`sex-${row}`),
    ...(parts ? { birth_date: `${parts[3]}-${parts[2].padStart(2, '0')}-${parts[1].padStart(2, '0')}` } : { birth_year: born ? Number(born) : undefined }) };
}

/** One form for a whole household: what holds for all, then one row per person; refused rows stay and are sent again. */
export function OrderHome({ home, done }) {
  const [rows, setRows] = useState([blank(), blank()]), [communes, setCommunes] = useState([]), [results, setResults] = useState(null), [fault, setFault] = useState(''), [busy, setBusy] = useState(false), [key, setKey] = useState(freshId());
  useEffect(() => { call('/v1/communes').then(found => setCommunes(found.items)).catch(() => {}); }, []);
  const confirmed = new Set((results?.items ?? []).filter(r => r.problem?.endsWith('possible-duplicate')).map(r => r.row));
  const send = async event => {
    event.preventDefault();
    const form = new FormData(event.target), people = rows.map(row => ({ person: memberOf(form, row.id), vaccination_doses: Number(form.get(`doses-${row.id}`) || 0), confirm: form.get(`confirm-${row.id}`) === 'on' }));
    const shared = { ...people[0], commune_code: form.get('commune_code'), address: form.get('address').trim(), category: form.get('category'), place: form.get('place'), last_exposure_on: form.get('last_exposure_on'), order_number: form.get('order_number')?.trim() || undefined, household_id: home?.household_id };
    setBusy(true);
    try {
      const told = await call('/v1/household-orders', { json: { shared, members: people.slice(1) }, key });
      setFault(''); setResults(told); setKey(freshId());
      if (told.items.every(item => item.is_ordered)) done(t('cases.home.ordered', { n: told.items.length }));
    } catch (refusal) { setFault(refusal.problem?.errors?.map(one => `${one.field}: ${one.message}`).join(' ') || words(refusal)); } finally { setBusy(false); }
  };
  const result = at => results?.items.find(item => item.row === at + 1);
  return html`<section class="card"><h2>${t('cases.home.order-title')}</h2><p class="mut">${t('cases.home.order-text')}</p><form class="register wide" onSubmit=${send}>
    <fieldset><legend>${t('cases.home.for-all')}</legend>
      <div class="two"><label class="field"><span>${t('cases.commune')}</span><select name="commune_code" required>${communes.map(c => html`<option value=${c.code} selected=${home?.members[0]?.commune_code === c.code}>${c.name} · ${c.district_name}</option>`)}</select></label><label class="field"><span>${t('cases.address')}</span><input name="address" required minlength="2" maxlength="200" autocomplete="off" defaultValue=${home?.address ?? ''} /></label></div>
      <div class="three"><label class="field"><span>${t('cases.category')}</span><select name="category"><option value="f1">${t('cases.category.f1')}</option><option value="f2">${t('cases.category.f2')}</option></select></label><label class="field"><span>${t('cases.place')}</span><select name="place"><option value="home">${t('cases.place.home')}</option><option value="facility">${t('cases.place.facility')}</option></select></label><label class="field"><span>${t('cases.exposed')}</span><input name="last_exposure_on" type="date" required max=${localDay(now())} /></label></div>
      <label class="field"><span>${t('cases.paper')}</span><input name="order_number" maxlength="60" autocomplete="off" /></label></fieldset>
    <fieldset><legend>${t('cases.home.members')}</legend>${rows.map((row, at) => { const told = result(at); return html`<fieldset class="member" key=${row.id}><legend>${t('cases.home.member', { n: at + 1 })}</legend>
      <label class="field"><span>${t('cases.full-name')}</span><input name=${`full_name-${row.id}`} required maxlength="100" autocomplete="off" /></label>
      <label class="field"><span>${t('cases.birth')}</span><input name=${`birth-${row.id}`} required inputmode="numeric" autocomplete="off" pattern="[0-9]{4}|[0-9]{1,2}(/|-|[.])[0-9]{1,2}(/|-|[.])[0-9]{4}" /></label>
      <label class="field"><span>${t('cases.sex')}</span><select name=${`sex-${row.id}`}><option value="female">${t('cases.female')}</option><option value="male">${t('cases.male')}</option></select></label>
      <label class="field"><span>CCCD</span><input name=${`cccd-${row.id}`} inputmode="numeric" maxlength="20" autocomplete="off" /></label>
      <label class="field"><span>${t('cases.phone')}</span><input name=${`phone-${row.id}`} type="tel" maxlength="24" autocomplete="off" /></label>
      <label class="field"><span>${t('cases.doses')}</span><select name=${`doses-${row.id}`}>${[0, 1, 2, 3, 4].map(n => html`<option>${n}</option>`)}</select></label>
      ${rows.length > 1 && html`<button type="button" class="btn text" onClick=${() => setRows(rows.filter(one => one !== row))} aria-label=${t('cases.home.remove', { n: at + 1 })}>✕</button>`}
      ${told && html`<p class=${told.is_ordered ? 'fine' : 'wrong'} role=${told.is_ordered ? 'status' : 'alert'}>${told.is_ordered ? t('cases.home.row-ordered') : told.detail}</p>`}
      ${confirmed.has(at + 1) && html`<label class="pick"><input type="checkbox" name=${`confirm-${row.id}`} />${t('cases.two-people')}</label>`}</fieldset>`; })}
      <button type="button" class="btn" disabled=${rows.length >= 20} onClick=${() => setRows([...rows, blank()])}>${t('cases.home.more')}</button></fieldset>
    ${fault && html`<p class="wrong" role="alert">${fault}</p>`}<button class="btn pri" disabled=${busy}>${t('cases.sign-and-send')}</button></form></section>`;
}
