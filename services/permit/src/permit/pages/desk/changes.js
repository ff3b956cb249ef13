// Chỉ thị: what a change of directive or policy would do, seen before it is ordered; and how far each change is.
import { call, claims, hasRole } from 'shell/auth.js';
import { day, dayHm, freshId, hm, num } from 'shell/kit.js';
import { t } from 'shell/i18n.js';
import { Dialog, Empty, html, useEffect, useState } from 'shell/ui.js';
import { Planned } from './planned.js';
import { named, query, useSending, words } from './parts.js';

const DIRECTIVES = ['16', '15', '19', 'none'];
const when = at => `${hm(at)} ${day(at)}`;
const instant = local => (local ? `${local}:00+07:00` : undefined);   // the province's clock, whatever the device's

function Effects({ title, rows }) {
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${title}><table><thead><tr><th scope="col">${title}</th>${['stops', 'narrows', 'returns', 'unchanged'].map(each => html`<th scope="col" class="n" key=${each}>${t(`desk.${each}`)}</th>`)}</tr></thead>
    <tbody>${rows.map(row => html`<tr key=${row.code}><th scope="row">${row.name}</th><td class="n num ${row.stops ? 'bad' : ''}">${num(row.stops)}</td><td class="n num">${num(row.narrows)}</td><td class="n num">${num(row.returns)}</td><td class="n num">${num(row.unchanged)}</td></tr>`)}</tbody></table></div>`;
}

function Sample({ line }) {
  return html`<li class="shift"><b class="num">${line.number}</b><span class="tag effect-${line.effect}">${t(`desk.${line.effect}`)}</span><span>${line.category_title} · ${line.commune_name}</span>
    ${line.effect === 'narrows' && html`<small class="num">${line.from_hours.join('; ')}, ${dayHm(line.from_until)} → <b>${line.to_hours.join('; ')}, ${dayHm(line.to_until)}</b></small>`}${line.reason && html`<small lang="vi">${line.reason}</small>`}</li>`;
}

function Seen({ seen, order }) {
  const { counts } = seen, kept = counts.unchanged + counts.narrows + counts.returns;
  return html`<section class="card"><p class="mut">${t('desk.dry-run', { n: num(kept + counts.stops), at: hm(seen.as_of), area: seen.area_name })}</p>
    <h2 class="big">${t('desk.what-changes', { at: when(seen.applies_at) })}</h2>
    <div class="nums"><span class="ok"><b class="num">${num(kept)}</b>${t('desk.still-valid')}</span><span class="warn"><b class="num">${num(counts.narrows)}</b>${t('desk.of-them-narrower')}</span><span class="bad"><b class="num">${num(counts.stops)}</b>${t('desk.stops')}</span>${counts.returns > 0 && html`<span class="ok"><b class="num">${num(counts.returns)}</b>${t('desk.returns')}</span>`}</div>
    <p role="status" lang="vi">${seen.text}</p>
    ${seen.moves.length > 0 && html`<h3>${t('desk.moves')}</h3><ul class="moves">${seen.moves.map(each => html`<li key=${each.rule + each.effect + each.from_status}><b class="num">${num(each.permits)}</b> ${named('status', each.from_status)} → <b>${t(`desk.${each.effect}`)}</b>${each.rule && html` <span class="mut num">${each.policy} · ${each.rule}</span>`}<span lang="vi">${each.reason}</span></li>`)}</ul>`}
    ${order && html`<div class="row"><button type="button" class="btn pri" onClick=${order}>${t('desk.order')}</button><span class="mut">${t('desk.nothing-yet')}</span></div>`}
    ${!seen.can_order && seen.directive && html`<p class="mut">${t('desk.leader-orders')}</p>`}</section>
  ${seen.communes.length > 0 && html`<section class="card"><h2>${t('desk.by-place')}</h2><${Effects} title=${t('desk.place')} rows=${seen.communes.slice(0, 40)} /><h2>${t('desk.by-category')}</h2><${Effects} title=${t('permits.category')} rows=${seen.categories} /></section>`}
  ${seen.samples.length > 0 && html`<section class="card"><h2>${t('desk.samples', { n: seen.samples.length })}</h2><ol class="shifts">${seen.samples.map(line => html`<${Sample} line=${line} key=${line.permit_id} />`)}</ol></section>`}`;
}

function Order({ asked, seen, close, done }) {
  const [key] = useState(freshId()), { busy, said, send } = useSending();
  const order = event => {
    event.preventDefault();
    const document = new FormData(event.target).get('document').trim();
    send(async () => { await call(`/v1/directives/${asked.area_code}`, { method: 'PUT', json: { directive: asked.directive, document, ...(asked.effective_at ? { effective_at: asked.effective_at } : {}) }, key }); done(); });
  };
  return html`<${Dialog} title=${t('desk.order')} onClose=${close}><form onSubmit=${order}><p lang="vi">${seen.text}</p>
    <label class="field"><span>${t('desk.order-document')}</span><input name="document" required minlength="3" maxlength="200" autocomplete="off" /></label><p class="mut">${t('desk.order-hint', { at: when(seen.applies_at) })}</p>
    ${said}<button class="btn bad" disabled=${busy}>${t('desk.order')}</button></form></${Dialog}>`;
}

function Rollouts({ rows }) {
  const state = row => t(row.withdrawn_at ? 'desk.taken-back' : row.finished_at ? 'desk.finished' : row.started_at ? 'desk.running' : 'desk.planned');
  return html`<section class="card"><h2>${t('desk.rollouts')}</h2>${rows.length ? html`<ul class="moves">${rows.map(row => html`<li key=${row.rollout_id}><b class="num">${when(row.due_at)}</b> ${row.area_name} · <span lang="vi">${row.document}</span> · <b>${state(row)}</b>${row.started_at && html` <span class="mut">${t('desk.progress', { seen: num(row.seen), stops: num(row.stops), narrows: num(row.narrows), returns: num(row.returns) })}</span>`}</li>`)}</ul>` : html`<p class="mut">${t('desk.no-rollouts')}</p>`}</section>`;
}

export function Changes({ online, say }) {
  const [asked, setAsked] = useState(null), [seen, setSeen] = useState(null), [ordering, setOrdering] = useState(false), [rollouts, setRollouts] = useState([]), [orders, setOrders] = useState([]), [fault, setFault] = useState('');
  const { busy, said, send } = useSending();
  const look = () => Promise.all([call('/v1/permit-changes/rollouts').then(found => setRollouts(found.items)), call('/v1/directives').then(found => setOrders(found.items))]).then(() => setFault('')).catch(found => setFault(words(found)));
  useEffect(() => { look(); const id = setInterval(look, 5000); return () => clearInterval(id); }, []);
  const preview = event => {
    event.preventDefault();
    const form = Object.fromEntries(new FormData(event.target)), question = { area_code: form.area.trim(), directive: form.directive, effective_at: instant(form.at) };
    send(async () => { setSeen(await call(`/v1/permit-changes?${query(question)}`)); setAsked(question); });
  };
  const area = claims()?.areas?.[0] ?? '19';
  return html`<div class="changes"><section class="card"><h2>${t('desk.try')}</h2><form class="asked" onSubmit=${preview}>
      <label class="field"><span>${t('desk.area')}</span><input name="area" inputmode="numeric" pattern="\\d{2}|\\d{3}|\\d{5}" required defaultValue=${area} /></label>
      <label class="field"><span>${t('desk.directive')}</span><select name="directive">${DIRECTIVES.map(each => html`<option value=${each} key=${each}>${t(`directive.${each}`)}</option>`)}<option value="">${t('directive.as-ordered')}</option></select></label>
      <label class="field"><span>${t('desk.from')}</span><input type="datetime-local" name="at" /></label><button class="btn pri" disabled=${busy || !online}>${t('desk.preview')}</button></form>${said}
      ${!online && html`<p class="banner" role="status">${t('desk.offline')}</p>`}${fault && html`<p class="wrong" role="alert">${fault}</p>`}
      <h3>${t('desk.in-force')}</h3>${orders.length ? html`<ul class="moves">${orders.map(each => html`<li key=${each.area_code}>${each.name}: <b>${t(`directive.${each.directive}`)}</b> <span class="mut">${each.effective_at ? when(each.effective_at) : t('desk.later')} · <span lang="vi">${each.document}</span></span></li>`)}</ul>` : html`<p class="mut">${t('desk.no-orders')}</p>`}
      <${Planned} orders=${orders} online=${online} done=${each => { say(t('desk.withdrawn-now', { area: each.area.name })); look(); }} /></section>
    ${seen ? html`<${Seen} seen=${seen} order=${seen.can_order && hasRole('leader', 'administrator') && (() => setOrdering(true))} />` : html`<section class="card"><${Empty} title=${t('desk.ask-first')}>${t('desk.ask-first-hint')}</${Empty}></section>`}
    <${Rollouts} rows=${rollouts} />
    ${ordering && html`<${Order} asked=${asked} seen=${seen} close=${() => setOrdering(false)} done=${() => { setOrdering(false); say(t('desk.ordered', { at: when(seen.applies_at) })); look(); }} />`}</div>`;
}
