// Requests for oxygen, equipment, staff: asked, granted, sent, received, each with its quantity.
import { dayHm, num } from 'shell/kit.js';
import { t } from 'shell/i18n.js';
import { Empty, html } from 'shell/ui.js';
import { useAct } from './act.js';
import { nameOf } from './stock.js';

const AMOUNTS = ['asked', 'approved', 'sent', 'received'], DOOR = { approved: 'approval', sent: 'dispatch', received: 'receipt' }, END = { refused: 'refusal', withdrawn: 'withdrawal' };
const latest = line => [...AMOUNTS].reverse().map(name => line[name]).find(amount => amount != null);

function One({ one, counted, done }) {
  const act = useAct(done), step = one.next.find(state => DOOR[state]), ends = one.next.filter(state => END[state]);
  const send = event => {
    event.preventDefault();
    const data = new FormData(event.target), lines = one.lines.map(line => ({ item: line.item, amount: Number((data.get(line.item) ?? '').replace(',', '.')) }));
    act.send(`/v1/supply-requests/${one.request_id}/${DOOR[step]}`, { lines }, `fac.did.${step}`);
  };
  return html`<article class=${`card ${one.is_urgent ? 'emergency' : ''}`} id=${`request-${one.request_id}`} data-state=${one.state}><div class="head"><h2>${one.facility_name}</h2><span class="row">${one.is_urgent && html`<span class="tag full r4">${t('fac.urgent')}</span>`}<span class="tag">${t(`fac.supply.${one.state}`)}</span></span></div>
    <div class="scroll"><table class="beds num"><thead><tr><th scope="col">${t('fac.what')}</th>${AMOUNTS.map(name => html`<th scope="col">${t(`fac.amount.${name}`)}</th>`)}</tr></thead>
      <tbody>${one.lines.map(line => html`<tr><th scope="row">${nameOf(counted, line.item)}</th>${AMOUNTS.map(name => html`<td>${num(line[name])}</td>`)}</tr>`)}</tbody></table></div>
    ${step && html`<form key=${one.state} onSubmit=${send}><fieldset class="lines"><legend>${t(`fac.step.${step}`)}</legend>${one.lines.map(line => html`<div class="line one"><b>${nameOf(counted, line.item)}</b><input class="inp" name=${line.item} inputmode="decimal" required pattern="[0-9]+([.,][0-9]+)?" maxlength="10" autocomplete="off" defaultValue=${latest(line)} aria-label=${nameOf(counted, line.item)} /></div>`)}</fieldset><button class="btn pri" disabled=${act.busy}>${t(`fac.do.${step}`)}</button></form>`}
    ${ends.length > 0 && html`<div class="row">${ends.map(state => html`<button type="button" class="btn" disabled=${act.busy} onClick=${() => act.send(`/v1/supply-requests/${one.request_id}/${END[state]}`, { reason: 'other' }, `fac.did.${state}`)}>${t(`fac.do.${state}`)}</button>`)}</div>`}
    ${act.fault && html`<p class="wrong" role="alert">${act.fault}</p>`}
    <details><summary>${t('fac.history')}</summary><ol class="plain">${one.history.map(s => html`<li>${dayHm(s.at)} · ${t(`fac.supply.${s.to_state}`)} · ${s.by}</li>`)}</ol></details></article>`;
}

export function Requests({ all, done }) {
  if (!all.supplies.length) return html`<${Empty} title=${t('fac.no-requests')}>${t('fac.no-requests-hint')}</${Empty}>`;
  return html`<div class="grid">${all.supplies.map(one => html`<${One} key=${one.request_id} one=${one} counted=${all.counted} done=${done} />`)}</div>`;
}
