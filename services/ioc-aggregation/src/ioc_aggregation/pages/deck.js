// The lower middle of the wall: units, oxygen and beds, checkpoints, roll-out. Keys 1 to 4 choose; ?turn=20 turns by itself.
import { html, useEffect, useKeys, useState, useTick } from 'shell/ui.js';
import { call } from 'shell/auth.js';
import { dayHm, now, num, param } from 'shell/kit.js';
import { hasText, language, t } from 'shell/i18n.js';
import { children } from './board.js';
import { bare } from './map.js';
import { Units } from './parts.js';

const NAMES = ['units', 'oxygen', 'posts', 'rollout'];
const REFRESH_MS = 10000;

/** What `path` says now: asked again every ten seconds, and at once when the line is back. */
function usePolled(path, isConnected) {
  const [found, set] = useState(null);
  useEffect(() => {
    let gone = false;
    const load = () => call(path).then(body => { if (!gone && body.server_now) set({ path, body }); }).catch(() => {});
    load();
    const timer = setInterval(load, REFRESH_MS);
    return () => { gone = true; clearInterval(timer); };
  }, [path, isConnected]);
  return found?.path === path ? found.body : null;
}
const Heading = ({ id, title, small }) => html`<h2 class="heading" id=${id}>${title} <small>${small}</small></h2>`;
/** Hours until it is empty, on this clock: they fall although nobody reports. */
const hoursTo = end => (end == null ? null : Math.max(0, (new Date(end) - now()) / 3600000));
const inWords = item => (language() === 'vi' ? item?.name_vi : item?.name_en);

function Stock({ row }) {
  const hours = hoursTo(row.empty_at), level = hours === 0 ? 'empty' : row.level;
  const place = row.facility_name || `${t(`deck.kind-${row.kind || 'station'}`)} ${bare(row.commune_name)}`;
  return html`<tr class=${level}><td>${place} <small>${bare(row.district_name)}</small></td>
    <td>${hours == null ? '—' : hours === 0 ? t('deck.empty') : t('deck.hours', { n: num(hours, hours < 10 ? 1 : 0) })}</td>
    <td>${num(row.left, 0)}</td><td class=${row.is_old ? 'stale' : ''}>${row.is_old ? '? ' : ''}${dayHm(row.reported_at)}</td></tr>`;
}
function Oxygen({ area, isConnected }) {
  useTick(15000);
  const found = usePolled(`/v1/areas/${area.code}/resources?item=oxygen&limit=5`, isConnected);
  if (!found) return html`<section class="card units"><${Heading} title=${t('deck.oxygen')} small=${area.name} /><p class="none">${t('wall.no-data')}</p></section>`;
  const { oxygen } = found, names = Object.fromEntries(found.counted.map(item => [item.item, item]));
  const open = found.requests.filter(state => state.requests && !['refused', 'withdrawn'].includes(state.state));
  const given = state => ({ asked: 'asked', approved: 'approved', sent: 'sent', received: 'received' })[state];
  const amount = state => state.lines.map(line => `${inWords(names[line.item]) ?? (hasText(`deck.staff-${line.item}`) ? t(`deck.staff-${line.item}`) : line.item)} ${num(line[given(state.state)], 0)}${state.state === 'asked' ? '' : `/${num(line.asked, 0)}`}`).join(', ');
  return html`<section class="card units oxygen" tabindex="0" aria-labelledby="deck-title"><${Heading} id="deck-title" title=${t('deck.oxygen')} small=${area.name} />
    <table><thead><tr><th scope="col">${t('deck.place')}</th><th scope="col">${t('deck.lasts')}</th><th scope="col">${t('deck.left')}</th><th scope="col">${t('deck.counted')}</th></tr></thead>
    <tbody>${found.stocks.length ? found.stocks.map(row => html`<${Stock} key=${row.facility_id} row=${row} />`) : html`<tr><td colspan="4">${t('deck.no-stock')}</td></tr>`}</tbody></table>
    <dl><dt>${t('deck.beds')}</dt><dd>${found.beds.length ? found.beds.map(kind => html`<span key=${kind.bed_kind}>${t(`deck.bed-${kind.bed_kind}`)} <b class=${kind.free ? '' : 'worse'}>${num(kind.free)}</b>/${num(kind.beds)}</span> `) : '—'}</dd>
    <dt>${t('deck.requests')}</dt><dd>${open.length ? open.map(state => html`<span key=${state.state}>${t(`deck.state-${state.state}`)} <b>${num(state.requests)}</b>${state.urgent ? html` <b class="worse">▲ ${t('deck.urgent', { n: state.urgent })}</b>` : ''} (${amount(state)})</span> `) : t('deck.no-requests')}</dd>
    <dt>${t('deck.need')}</dt><dd>${oxygen.need.map(need => html`<span key=${need.hours}>${t('deck.need-in', { h: need.hours })} <b>${num(need.litres, 0)}</b> ${t('deck.litres')} (${num(need.litres_lowest, 0)}–${num(need.litres_highest, 0)}; ${num(need.cylinders, 0)} ${t('deck.cylinders')})</span> `)}
      <span>${t('deck.left-now', { n: num(oxygen.left_litres, 0) })}</span>${oxygen.is_confirmed ? '' : html` <span>${t('deck.to-confirm')}</span>`}</dd></dl></section>`;
}
function Posts({ board, area }) {
  const within = [...board.areas.values()].filter(row => row.level === 'commune' && (area.level === 'province' || row.code === area.code || row.parent_code === area.code));
  const rows = within.filter(row => row.metrics.scans || row.yesterday.scans).sort((a, b) => b.metrics.scans - a.metrics.scans || a.code.localeCompare(b.code)).slice(0, 8);
  const share = row => (row.metrics.scans ? `${num(100 * row.metrics.scans_refused / row.metrics.scans, 1)} %` : '—');
  return html`<section class="card units" tabindex="0" aria-labelledby="deck-title"><${Heading} id="deck-title" title=${t('deck.posts')} small=${t('deck.posts-where', { area: area.name })} />
    <table><thead><tr><th scope="col">${t('wall.unit')}</th>${['scans', 'yesterday', 'refused', 'refused-share', 'check', 'offline'].map(name => html`<th scope="col" key=${name}>${t(`deck.${name}`)}</th>`)}</tr></thead>
    <tbody>${[area, ...rows.filter(row => row.code !== area.code)].map(row => html`<tr key=${row.code} class=${row === area ? 'total' : ''}><td>${row === area ? row.name : bare(row.name)}</td><td>${num(row.metrics.scans)}</td><td>${num(row.yesterday.scans)}</td>
      <td>${num(row.metrics.scans_refused)}</td><td>${share(row)}</td><td>${num(row.metrics.scans_check)}</td><td>${num(row.metrics.scans_offline)}</td></tr>`)}</tbody></table></section>`;
}
export const scoreText = unit => (unit.is_silent ? `? ${t('rollout.silent')}` : unit.score == null ? '—' : num(unit.score, 0));
function Rollout({ board, area, isConnected }) {
  const found = usePolled('/v1/rollout', isConnected), inside = new Set(children(board, area.code).map(row => row.code));
  const rows = (found?.items ?? []).filter(unit => inside.has(unit.code)).sort((a, b) => (a.score ?? -1) - (b.score ?? -1) || a.code.localeCompare(b.code)).slice(0, 9);
  const part = (unit, name) => { const share = unit.parts.find(each => each.part === name).percent; return share == null ? '—' : `${num(share, 0)} %`; };
  return html`<section class="card units" tabindex="0" aria-labelledby="deck-title"><${Heading} id="deck-title" title=${t('deck.rollout')} small=${html`<a href="/trien-khai">${t('deck.rollout-more')}</a>`} />
    ${rows.length ? html`<table><thead><tr><th scope="col">${t('wall.unit')}</th><th scope="col">${t('rollout.score')}</th>${['staff', 'declaring', 'contact'].map(name => html`<th scope="col" key=${name}>${t(`rollout.part-${name}`)}</th>`)}<th scope="col">${t('rollout.silent-units')}</th></tr></thead>
    <tbody>${rows.map(unit => html`<tr key=${unit.code} class=${unit.is_silent ? 'lost' : ''}><td>${bare(unit.name)}</td><td>${scoreText(unit)}</td>${['staff', 'declaring', 'contact'].map(name => html`<td key=${name}>${part(unit, name)}</td>`)}<td>${num(unit.silent_units)}/${num(unit.units)}</td></tr>`)}</tbody></table>` : html`<p class="none">${t('wall.no-data')}</p>`}</section>`;
}
export function Deck({ board, area, listed, isConnected, onChoose }) {
  const [at, setAt] = useState(Math.max(0, NAMES.indexOf(param('panel')))), seconds = Number(param('turn')) || 0;
  useKeys(Object.fromEntries(NAMES.map((_, i) => [String(i + 1), () => setAt(i)])));
  useEffect(() => {
    if (!seconds) return undefined;
    const timer = setInterval(() => document.querySelector('.deck:focus-within, .deck:hover') || setAt(known => (known + 1) % NAMES.length), 1000 * seconds);
    return () => clearInterval(timer);
  }, [seconds]);
  if (!area) return null;
  const shown = NAMES[at];
  return html`<div class="deck"><div class="tabs" role="tablist" aria-label=${t('deck.tabs')}>${NAMES.map((name, i) => html`<button type="button" role="tab" key=${name} aria-selected=${i === at} onClick=${() => setAt(i)}><kbd>${i + 1}</kbd> ${t(`deck.tab-${name}`)}</button>`)}</div>
    ${shown === 'units' && html`<${Units} board=${board} area=${listed} onChoose=${onChoose} />`}
    ${shown === 'oxygen' && html`<${Oxygen} area=${area} isConnected=${isConnected} />`}
    ${shown === 'posts' && html`<${Posts} board=${board} area=${area} />`}
    ${shown === 'rollout' && html`<${Rollout} board=${board} area=${area} isConnected=${isConnected} />`}</div>`;
}
