// Chuỗi lây F0 → F1 → F2: a tree of who met whom, what became of each, and one tap to an order.
import { call, hasRole } from 'shell/auth.js';
import { day, freshId, localDay, now } from 'shell/kit.js';
import { t } from 'shell/i18n.js';
import { Empty, html, useEffect, useState } from 'shell/ui.js';
import { ask, words } from './common.js';

const NEAR = ['touched', 'unmasked_near', 'masked_near', 'cared', 'farther'];
const PLACES = ['home', 'work', 'school', 'transport', 'market', 'care', 'other'];
const SHADES = { became_f0: 'r4', to_reach: 'r2', declined: 'r3', ordered: 'r1', ended: 'r0' };

/** What the form of an order is filled in with. */
const prefilled = (contact, index) => ({ contact, index_person_id: index, category: contact.degree === 1 ? 'f1' : 'f2', commune_code: contact.commune_code,
  last_exposure_on: contact.met_on, person: { full_name: contact.full_name, address: contact.address, phone: contact.phone, cccd: contact.cccd, birth_year: contact.birth_year } });

function Node({ one, index, order, act, add }) {
  const name = one.is_elsewhere ? t('cases.chain.elsewhere') : one.full_name, mine = hasRole('health_officer') && !one.is_elsewhere;
  const says = [one.minutes != null && t('cases.chain.minutes', { n: one.minutes }), one.commune_name, one.ends_on && one.reached === 'ordered' && t('cases.chain.until', { on: day(one.ends_on) })].filter(Boolean).join(' · ');
  return html`<li class="node ${SHADES[one.reached]}"><div class="who"><div><b>${name}</b> <span class="tag ${one.reached === 'became_f0' ? 'r4' : 'r2'}">${one.reached === 'became_f0' ? 'F0' : `F${one.degree}`}</span> <span class="state">${t(`cases.chain.reached.${one.reached}`)}</span>
      <small>${day(one.met_on)} · ${t(`cases.chain.near.${one.closeness}`)} · ${t(`cases.chain.place.${one.setting}`)}${says && ` · ${says}`}</small>
      ${one.declined && html`<small>${one.declined}</small>`}
      ${one.proposal === 'raise_to_f1' && html`<small class="wrong">${t('cases.chain.raise-why')}</small>`}</div>
    ${mine && html`<div class="row">${one.phone && html`<a class="btn" href=${`tel:${one.phone}`} aria-label=${t('cases.call-name', { name })}>${t('cases.do.call')}</a>`}
      ${one.proposal === 'order' && html`<button type="button" class="btn pri" onClick=${() => order(prefilled(one, index))} aria-label=${t('cases.order-for', { name })}>${t('cases.do.order')}</button>`}
      ${one.proposal === 'raise_to_f1' && html`<button type="button" class="btn pri" onClick=${() => act(`/v1/contacts/${one.contact_id}/raise`, {}, t('cases.chain.raised', { name }))}>${t('cases.chain.raise')}</button>`}
      ${one.reached === 'to_reach' && html`<button type="button" class="btn" onClick=${() => act(`/v1/contacts/${one.contact_id}/decline`, { json: { reason: t('cases.chain.no-answer-said') } }, t('cases.chain.declined', { name }))} aria-label=${t('cases.chain.decline-for', { name })}>${t('cases.chain.decline')}</button>`}
      ${one.person_id && html`<button type="button" class="btn" onClick=${() => add(one.person_id, name)} aria-label=${t('cases.chain.add-for', { name })}>${t('cases.chain.add')}</button>`}</div>`}</div>
    ${one.below.length > 0 && html`<ul>${one.below.map(below => html`<${Node} key=${below.contact_id} one=${below} index=${one.person_id} order=${order} act=${act} add=${add} />`)}</ul>`}</li>`;
}

function Add({ of, communes, done, close }) {
  const [fault, setFault] = useState(''), [key, setKey] = useState(freshId()), [busy, setBusy] = useState(false);
  const send = async event => {
    event.preventDefault();
    const form = new FormData(event.target), text = name => form.get(name)?.trim() || undefined, number = name => (text(name) ? Number(text(name)) : undefined);
    const json = { full_name: text('full_name'), phone: text('phone'), cccd: text('cccd'), birth_year: number('birth_year'), commune_code: form.get('commune_code'), address: text('address'),
      met_on: form.get('met_on'), setting: form.get('setting'), closeness: form.get('closeness'), minutes: number('minutes') };
    setBusy(true);
    try { await call(`/v1/cases/${of.id}/contacts`, { json, key }); setKey(freshId()); setFault(''); event.target.reset(); done(t('cases.chain.added', { name: json.full_name })); event.target.elements.full_name.focus(); } catch (refusal) { setFault(refusal.problem?.errors?.map(one => one.message).join(' ') || words(refusal)); } finally { setBusy(false); }
  };
  return html`<form class="register card" onSubmit=${send} aria-label=${t('cases.chain.add-for', { name: of.name })}><h3>${t('cases.chain.add-for', { name: of.name })}</h3>
    <div class="two"><label class="field"><span>${t('cases.full-name')}</span><input name="full_name" required minlength="2" maxlength="100" autocomplete="off" /></label><label class="field"><span>${t('cases.phone')}</span><input name="phone" type="tel" autocomplete="off" maxlength="24" /></label></div>
    <div class="three"><label class="field"><span>${t('cases.birth-year')}</span><input name="birth_year" inputmode="numeric" pattern="(19|20)[0-9][0-9]" autocomplete="off" /></label><label class="field"><span>CCCD</span><input name="cccd" inputmode="numeric" autocomplete="off" maxlength="20" /></label><label class="field"><span>${t('cases.commune')}</span><select name="commune_code" required>${communes.map(c => html`<option value=${c.code}>${c.name} · ${c.district_name}</option>`)}</select></label></div>
    <label class="field"><span>${t('cases.address')}</span><input name="address" maxlength="200" autocomplete="off" /></label>
    <div class="two"><label class="field"><span>${t('cases.chain.met-on')}</span><input name="met_on" type="date" required max=${localDay(now())} /></label><label class="field"><span>${t('cases.chain.minutes-asked')}</span><input name="minutes" inputmode="numeric" pattern="[0-9]{1,4}" autocomplete="off" /></label></div>
    <div class="two"><label class="field"><span>${t('cases.chain.near')}</span><select name="closeness">${NEAR.map(k => html`<option value=${k}>${t(`cases.chain.near.${k}`)}</option>`)}</select></label><label class="field"><span>${t('cases.chain.place')}</span><select name="setting">${PLACES.map(k => html`<option value=${k}>${t(`cases.chain.place.${k}`)}</option>`)}</select></label></div>
    ${fault && html`<p class="wrong" role="alert">${fault}</p>`}<div class="row"><button class="btn pri" disabled=${busy}>${t('cases.chain.keep')}</button><button type="button" class="btn text" onClick=${close}>${t('toast.close')}</button></div></form>`;
}

/** What waits for an officer: F2 who are F1 since the person they met became an F0. */
function Proposals({ act, refreshed }) {
  const [items, setItems] = useState([]);
  useEffect(() => { call('/v1/contact-proposals').then(found => setItems(found.items)).catch(() => {}); }, [refreshed]);
  if (!items.length) return null;
  return html`<section class="card"><h2>${t('cases.chain.proposals', { n: items.length })}</h2><ul class="mems">${items.map(({ contact, index_name: index, index_became_f0_on: since }) => html`<li class="mem" key=${contact.contact_id}><div><b>${contact.full_name}</b><small>${t('cases.chain.proposal', { index: index ?? t('cases.chain.elsewhere'), since: since ? day(since) : '', met: day(contact.met_on) })}</small></div>
    ${hasRole('health_officer') && html`<button type="button" class="btn pri" onClick=${() => act(`/v1/contacts/${contact.contact_id}/raise`, {}, t('cases.chain.raised', { name: contact.full_name }))}>${t('cases.chain.raise')}</button>`}</li>`)}</ul></section>`;
}

/** The chain below one person; without a person only what waits. */
export function Chain({ person, order, say }) {
  const [seen, setSeen] = useState(null), [fault, setFault] = useState(''), [adding, setAdding] = useState(null), [communes, setCommunes] = useState([]), [refreshed, setRefreshed] = useState(0);
  const look = () => { setRefreshed(n => n + 1); return person && call(`/v1/cases/${person}/chain?${ask({ depth: 3 })}`).then(found => { setSeen(found); setFault(''); }).catch(refusal => setFault(words(refusal))); };
  useEffect(() => { look(); setAdding(null); }, [person]);
  useEffect(() => { call('/v1/communes').then(found => setCommunes(found.items)).catch(() => {}); }, []);
  const act = async (path, options, text) => { try { await call(path, { method: 'POST', key: freshId(), ...options }); say(text); look(); } catch (refusal) { say(words(refusal)); } };
  const name = seen?.full_name ?? t('cases.chain.elsewhere');
  return html`<div class="chain"><${Proposals} act=${act} refreshed=${refreshed} />
    ${fault && html`<p class="wrong" role="alert">${fault}</p>`}
    ${!person && html`<section class="card"><${Empty} title=${t('cases.chain.none-chosen')}>${t('cases.chain.none-chosen-text')}</${Empty}></section>`}
    ${seen && html`<section class="card"><div class="row"><h2 id="chain" tabindex="-1">${t('cases.chain.of', { name })}</h2>${seen.is_f0 && html`<span class="tag r4">F0</span>`}<span class="sp"></span>${hasRole('health_officer') && !seen.is_elsewhere && html`<button type="button" class="btn" onClick=${() => setAdding({ id: seen.person_id, name })}>${t('cases.chain.add')}</button>`}</div>
      ${seen.contacts.length ? html`<ul class="tree">${seen.contacts.map(one => html`<${Node} key=${one.contact_id} one=${one} index=${seen.person_id} order=${order} act=${act} add=${(id, who) => setAdding({ id, name: who })} />`)}</ul>` : html`<p class="mut">${t('cases.chain.nobody')}</p>`}</section>`}
    ${adding && html`<${Add} key=${adding.id} of=${adding} communes=${communes} done=${text => { say(text); look(); }} close=${() => setAdding(null)} />`}</div>`;
}
