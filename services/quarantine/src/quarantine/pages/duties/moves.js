// Người trong nhà cần quyết định, and what other communes hand over to us or we to them.
import { call } from 'shell/auth.js';
import { day, dayHm } from 'shell/kit.js';
import { t } from 'shell/i18n.js';
import { Dialog, Empty, html, useEffect, useState } from 'shell/ui.js';
import { post, useLook, Waiting, Who, words } from './kit.js';

/** Words that somebody will read, then one act. */
function Reason({ title, hint, act, close, done }) {
  const [fault, setFault] = useState('');
  const send = async event => {
    event.preventDefault();
    try { await act(new FormData(event.target).get('reason').trim()); done(); } catch (refusal) { setFault(words(refusal)); }
  };
  return html`<${Dialog} title=${title} onClose=${close}><form onSubmit=${send}><label class="field"><span>${hint}</span><textarea name="reason" rows="2" required minlength="5" maxlength="500"></textarea></label>
    ${fault && html`<p class="wrong" role="alert">${fault}</p>`}<button class="btn pri">${t('cases.hand.send')}</button></form></${Dialog}>`;
}

export function Proposals({ say }) {
  const [found, fault, look] = useLook('/v1/home-proposals'), [dismissed, setDismissed] = useState(null), [wrong, setWrong] = useState('');
  const order = one => post(`/v1/home-proposals/${one.person_id}/order`, {}, `home-${one.person_id}-${one.exposed_on}`)
    .then(made => { setWrong(''); say(t('cases.registered', { name: one.person.full_name, on: day(made.ends_on) })); look(); }).catch(refusal => { setWrong(words(refusal)); look(); });
  const name = dismissed?.person.full_name;
  return html`<section class="card" aria-label=${t('cases.proposal.title')}><h2>${t('cases.proposal.title')}</h2><p class="mut">${t('cases.proposal.text')}</p>
    ${wrong && html`<p class="wrong" role="alert">${wrong}</p>`}
    ${!found ? html`<${Waiting} fault=${fault} />` : found.items.length ? html`<ul class="mems">${found.items.map(one => html`<li class="mem" key=${one.person_id}><${Who} person=${one.person}>${one.person.address ?? ''}, ${one.commune_name} · ${t('cases.proposal.exposed', { on: day(one.exposed_on) })} · ${t('cases.proposal.until', { on: day(one.ends_on), document: one.document })}</${Who}>
      <div class="row"><button type="button" class="btn pri" onClick=${() => order(one)} aria-label=${t('cases.proposal.order-for', { name: one.person.full_name })}>${t('cases.proposal.order')}</button>
      <button type="button" class="btn" onClick=${() => setDismissed(one)} aria-label=${t('cases.proposal.dismiss-for', { name: one.person.full_name })}>${t('cases.proposal.dismiss')}</button></div></li>`)}</ul>` : html`<${Empty} title=${t('cases.proposal.none')}>${t('cases.proposal.none-text')}</${Empty}>`}
    ${dismissed && html`<${Reason} title=${t('cases.proposal.dismiss-for', { name })} hint=${t('cases.proposal.dismiss-why')} close=${() => setDismissed(null)} act=${reason => post(`/v1/home-proposals/${dismissed.person_id}/dismissal`, { reason })} done=${() => { setDismissed(null); say(t('cases.proposal.dismissed', { name })); look(); }} />`}</section>`;
}

/** Offer somebody, or the whole household, to another commune. */
export function Handover({ item, close, done }) {
  const [communes, setCommunes] = useState(null), [fault, setFault] = useState('');
  useEffect(() => { call('/v1/all-communes').then(found => setCommunes(found.items)).catch(refusal => setFault(words(refusal))); }, []);
  const send = async event => {
    event.preventDefault();
    const form = new FormData(event.target), text = name => form.get(name).trim();
    try {
      const { items } = await post(`/v1/cases/${item.person_id}/handover`, { to_commune_code: text('to'), address: text('address'), reason: text('reason'), household: form.has('household') });
      const refused = items.find(one => !one.is_recorded);
      if (refused) setFault(refused.detail); else done(t('cases.hand.asked', { n: items.length }));
    } catch (refusal) { setFault(words(refusal)); }
  };
  return html`<${Dialog} title=${t('cases.hand.of', { name: item.person.full_name })} onClose=${close}><form onSubmit=${send}>
    <label class="field"><span>${t('cases.hand.to')}</span><select name="to" required><option value="">—</option>${(communes ?? []).filter(c => c.code !== item.commune_code).map(c => html`<option value=${c.code}>${c.name} · ${c.district_name}</option>`)}</select></label>
    <label class="field"><span>${t('cases.hand.address')}</span><input name="address" required minlength="2" maxlength="200" autocomplete="off" /></label>
    <label class="field"><span>${t('cases.hand.why')}</span><textarea name="reason" rows="2" required minlength="5" maxlength="500"></textarea></label>
    <label class="pick"><input type="checkbox" name="household" />${t('cases.hand.household')}</label>
    <p class="mut">${t('cases.hand.hint')}</p>${fault && html`<p class="wrong" role="alert">${fault}</p>`}<button class="btn pri">${t('cases.hand.ask')}</button></form></${Dialog}>`;
}

function Offers({ side, say }) {
  const [found, fault, look] = useLook(`/v1/handovers?direction=${side}&all=true`), [asked, setAsked] = useState(null), [wrong, setWrong] = useState('');
  const answer = (one, verb, reason) => post(`/v1/handovers/${one.person_id}/${verb}`, { handover_id: one.handover_id, ...(reason ? { reason } : {}) });
  const accept = one => answer(one, 'acceptance').then(() => { setWrong(''); say(t('cases.hand.accepted', { name: one.person.full_name })); look(); }).catch(refusal => { setWrong(words(refusal)); look(); });
  return html`<section class="card" aria-label=${t(`cases.hand.${side}`)}><h2>${t(`cases.hand.${side}`)}</h2>${wrong && html`<p class="wrong" role="alert">${wrong}</p>`}
    ${!found ? html`<${Waiting} fault=${fault} />` : found.items.length ? html`<ul class="mems">${found.items.map(one => html`<li class="mem" key=${one.handover_id}><${Who} person=${one.person}>${one.from_commune_name} → ${one.to_commune_name}, ${one.new_address} · ${t('cases.hand.until', { on: day(one.ends_on) })} · ${dayHm(one.asked_at)}<br />“${one.reason}”${one.answer && html`<br />${t('cases.hand.answer')}: “${one.answer}”`}</${Who}>
      <div class="row">${one.state !== 'pending' && html`<span class="tag">${t(`cases.hand.state.${one.state}`)}</span>`}
        ${side === 'in' && one.can_answer && html`<button type="button" class="btn pri" onClick=${() => accept(one)} aria-label=${t('cases.hand.accept-name', { name: one.person.full_name })}>${t('cases.hand.accept')}</button><button type="button" class="btn" onClick=${() => setAsked([one, 'rejection'])} aria-label=${t('cases.hand.reject-name', { name: one.person.full_name })}>${t('cases.hand.reject')}</button>`}
        ${side === 'out' && one.can_withdraw && html`<button type="button" class="btn" onClick=${() => setAsked([one, 'withdrawal'])} aria-label=${t('cases.hand.withdraw-name', { name: one.person.full_name })}>${t('cases.hand.withdraw')}</button>`}</div></li>`)}</ul>` : html`<p class="mut">${t('cases.hand.none')}</p>`}
    ${asked && html`<${Reason} title=${t(asked[1] === 'rejection' ? 'cases.hand.reject-name' : 'cases.hand.withdraw-name', { name: asked[0].person.full_name })} hint=${t('cases.hand.answer-why')} close=${() => setAsked(null)} act=${reason => answer(asked[0], asked[1], reason)} done=${() => { setAsked(null); look(); }} />`}</section>`;
}

export const Moves = ({ say }) => html`<div class="moves"><${Proposals} say=${say} /><${Offers} side="in" say=${say} /><${Offers} side="out" say=${say} /></div>`;
