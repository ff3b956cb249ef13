// Supervision on the officer's page: whom to call, to visit, to help; the longest waiting first.
import { call, hasRole, Refused } from 'shell/auth.js';
import { dayHm, hm, num } from 'shell/kit.js';
import { t } from 'shell/i18n.js';
import { Empty, html, useEffect, useState } from 'shell/ui.js';

export { SupervisionFile } from './file.js';

/** Lists of the server with their colour, in the order of the counters. */
const LISTS = { tasks: 'r4', missed: 'r3', breaches: 'r4', help: 'r2', unreachable: 'r2' };
export const mayWatch = () => hasRole('health_officer', 'administrator', 'doctor');
const mayOpen = () => hasRole('health_officer', 'administrator');
const words = fault => (fault instanceof Refused ? fault.message : t('watch.no-answer'));

export const WatchButton = ({ item, ask }) => html`<button type="button" class="btn" onClick=${() => ask('watch', item)} aria-label=${t('watch.open-name', { name: item.person.full_name })}>${t('watch.open')}</button>`;

/** What to do, in a few words: the rung first, then what else is open. */
function what(row) {
  const parts = [];
  if (row.rung) parts.push(t(`watch.do.${row.rung}`));
  if (row.missed) parts.push(t('watch.missed-n', { n: row.missed }));
  if (row.breaches) parts.push(t('watch.breaches-n', { n: row.breaches }));
  if (row.needs.length) parts.push(`${t('watch.needs')}: ${[...new Set(row.needs)].map(kind => t(`watch.need.${kind}`)).join(', ')}`);
  if (row.is_unreachable) parts.push(t('watch.unreachable'));
  return parts;
}
function Row({ row, shade, ask }) {
  const [first, ...more] = what(row);
  return html`<li class="duty ${shade}"><div><b class="who">${row.full_name}</b><small>${row.birth_year ?? ''} · ${row.address ?? ''}, ${row.commune_name}</small></div>
    <div class="what">${first}<small>${more.join(' · ')}${row.climbs_at ? ` · ${t('watch.climbs', { at: dayHm(row.climbs_at) })}` : ''}</small></div><b class="num">${dayHm(row.since)}</b>
    <div class="row do">${row.phone && html`<a class="btn" href=${`tel:${row.phone}`} aria-label=${t('watch.call-name', { name: row.full_name })}>${t('watch.call')}</a>`}
    ${mayOpen() && html`<button type="button" class="btn pri" onClick=${() => ask('watch', row)} aria-label=${t('watch.open-name', { name: row.full_name })}>${t('watch.see-to')}</button>`}</div></li>`;
}

export function Watch({ ask, refreshed }) {
  const [status, setStatus] = useState('tasks'), [data, set] = useState(null), [fault, setFault] = useState('');
  const read = async () => {
    try {
      const [counts, page] = await Promise.all([call('/v1/supervision-counts'), call(`/v1/supervision?status=${status}&limit=40`)]);
      set({ counts: counts.counts, items: page.items, next: page.next, at: counts.as_of });
      setFault('');
    } catch (refusal) { setFault(words(refusal)); }
  };
  useEffect(() => { read(); }, [status, refreshed]);
  const more = () => call(`/v1/supervision?status=${status}&limit=40&cursor=${encodeURIComponent(data.next)}`)
    .then(page => set({ ...data, items: [...data.items, ...page.items], next: page.next })).catch(refusal => setFault(words(refusal)));
  return html`<section class="watch" aria-label=${t('watch.tab')}>
    <div class="counts" role="group" aria-label=${t('watch.filter')}>${Object.entries(LISTS).map(([name, shade]) => html`<button type="button" class=${shade} aria-pressed=${status === name} onClick=${() => setStatus(name)}><b class="num">${num(data?.counts[name])}</b>${t(`watch.list.${name}`)}</button>`)}</div>
    ${fault && html`<p class="wrong" role="alert">${fault}</p>`}
    ${!data ? html`<p role="status">…</p>` : data.items.length ? html`<ul class="duties">${data.items.map(row => html`<${Row} key=${row.person_id} row=${row} shade=${LISTS[status]} ask=${ask} />`)}</ul>
      ${data.next && html`<p class="more"><button type="button" class="btn" onClick=${more}>${t('watch.more')}</button></p>`}`
    : html`<div class="card"><${Empty} title=${t('watch.none')}>${t(`watch.none.${status}`, { at: hm(data.at) })}</${Empty}></div>`}</section>`;
}
