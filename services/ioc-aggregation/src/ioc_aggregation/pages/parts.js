// The parts of the wall beside the map: headline figures, trend, table of units, alert feed, the system itself.
import { html, useEffect, useMemo, useRef, useState } from 'shell/ui.js';
import { call, hasRole } from 'shell/auth.js';
import { dailyChart } from 'shell/chart.js';
import { hm, minutesSince, num } from 'shell/kit.js';
import { hasText, t } from 'shell/i18n.js';
import { children } from './board.js';
import { bare, short } from './map.js';

const DAYS = 28, REFRESH_MS = 60000;

// "more" is bad for cases and good for declarations: colour follows meaning, the arrow follows the number.
function Change({ now, before, moreIsWorse = true }) {
  if (now == null || before == null) return null;
  const by = now - before;
  if (by === 0) return html`<b aria-label=${t('wall.same')}>=</b>`;
  return html`<b class=${(by > 0) === moreIsWorse ? 'worse' : 'better'}>${by > 0 ? '▲' : '▼'} ${num(Math.abs(by))}</b>`;
}
/** Who may look behind a number gets a link to the facts that made it. */
export const mayTrace = () => hasRole('ioc_operator', 'leader', 'administrator', 'health_officer');
function Kpi({ title, value, tip, alarm, why, children: below }) {
  return html`<article class=${`card kpi ${alarm ? 'alarm' : ''}`}>
    <h2><button type="button" class="define" aria-describedby=${`tip-${title}`}>${title}</button><span class="tip" role="tooltip" id=${`tip-${title}`}>${tip}</span></h2>
    ${why && mayTrace() ? html`<a class="n" href=${why} aria-label=${`${title}: ${num(value)}. ${t('wall.why')}`}>${num(value)}</a>` : html`<div class="n">${num(value)}</div>`}<div class="d">${below}</div></article>`;
}
const stockPast = (area, name) => html`<span><${Change} now=${area.metrics[name]} before=${area.yesterday[name]} /> ${t('wall.than-yesterday')}</span> <span><${Change} now=${area.metrics[name]} before=${area.week_ago[name]} /> ${t('wall.than-last-week')}</span>`;
const flowPast = (area, name) => html`<span>${t('wall.whole-yesterday')} <b>${num(area.yesterday[name])}</b></span> <span>${t('wall.whole-week-ago')} <b>${num(area.week_ago[name])}</b></span>`;

export function Kpis({ area, definitions }) {
  const m = area?.metrics ?? {};
  const about = (...names) => names.map(name => definitions[name]?.definition).filter(Boolean).join(' ');
  const tip = (...names) => `${about(...names)} ${area?.as_of ? t('wall.as-of', { at: hm(area.as_of) }) : ''}${area && !area.is_complete ? ` ${t('wall.incomplete', { n: area.silent_communes })}` : ''}`;
  const why = metric => (area ? `/vi-sao?area=${area.code}&metric=${metric}` : null);
  const reports = area ? m.reports_f0 + m.reports_quarantine : null;
  return html`<section class="kpis" aria-label=${t('wall.kpis')}>
    <${Kpi} title=${t('wall.f0-active')} why=${why('f0_active')} value=${m.f0_active} tip=${tip('f0_active', 'f0_at_home')}>${area && html`<span>${t('wall.at-home')} <b>${num(m.f0_at_home)}</b></span> ${stockPast(area, 'f0_active')}`}<//>
    <${Kpi} title=${t('wall.f0-new')} why=${why('f0_new')} value=${m.f0_new} tip=${tip('f0_new')}>${area && html`${area.restated.includes('f0_new') ? html`<span><b>${t('wall.restated')}</b></span> ` : ''}${flowPast(area, 'f0_new')}`}<//>
    <${Kpi} title=${t('wall.quarantine')} why=${why('quarantine_active')} value=${m.quarantine_active} tip=${tip('quarantine_active')}>${area && stockPast(area, 'quarantine_active')}<//>
    <${Kpi} title=${t('wall.reports')} why=${why('reports_f0')} value=${reports} tip=${tip('reports_f0', 'reports_quarantine', 'reports_missed')}>${area && html`<span><b class=${m.reports_missed ? 'worse' : ''}>${num(m.reports_missed)}</b> ${t('wall.missed')}</span> <span><b>${num(m.reports_late)}</b> ${t('wall.late')}</span>`}<//>
    <${Kpi} title=${t('wall.waiting')} why=${why('alerts_raised')} value=${m.alerts_waiting} alarm=${m.alerts_waiting > 0} tip=${tip('alerts_waiting', 'alerts_open_critical', 'f0_very_high')}>${area && html`<span><b class=${m.alerts_open_critical ? 'worse' : ''}>${num(m.alerts_open_critical)}</b> ${t('wall.critical-open')}</span> <span><b>${num(m.f0_very_high)}</b> ${t('wall.very-high')}</span>`}<//>
  </section>`;
}

export function Trend({ area }) {
  const box = useRef(), chart = useRef(), [points, setPoints] = useState(null);
  const code = area?.code, today = area?.metrics.f0_new;
  useEffect(() => {
    if (!code) return undefined;
    let gone = false;
    const load = () => call(`/v1/areas/${code}/series?metric=f0_new&days=${DAYS}`).then(body => gone || setPoints(body.items)).catch(() => {});
    load();
    const timer = setInterval(load, REFRESH_MS);
    return () => { gone = true; clearInterval(timer); };
  }, [code]);
  useEffect(() => {
    if (!points) return;
    chart.current ??= dailyChart(box.current, { label: back => (back === 0 ? t('wall.today') : t('wall.days-ago', { n: back })) });
    const live = points.map((point, i) => (i === points.length - 1 && today != null ? { ...point, value: today } : point));
    chart.current.update(live.map(point => point.value), live.map(point => point.restated));
  }, [points, today]);
  useEffect(() => () => chart.current?.destroy(), []);
  const late = points?.filter(point => point.restated).length ?? 0;
  const spoken = points ? t('wall.trend-spoken', { today: num(today), late, list: points.map(point => num(point.value)).join('; ') }) : t('wall.no-data');
  return html`<section class="card chart"><h2 class="heading">${t('wall.trend')} <small><span class="key-day">${t('wall.per-day')}</span>  <span class="key-late">${t('wall.restated-days')}</span>  <span class="key-mean">${t('wall.mean-7')}</span></small></h2>
    <div class="plot" ref=${box} role="img" aria-label=${spoken}>${!points && html`<p class="none">${t('wall.no-data')}</p>`}</div></section>`;
}

export function Units({ board, area, onChoose }) {
  const rows = useMemo(() => (area ? children(board, area.code).sort((a, b) => b.metrics.f0_active - a.metrics.f0_active || a.code.localeCompare(b.code)) : []), [board, area?.code]);
  const most = Math.max(1, ...rows.map(row => row.metrics.f0_active));
  if (!rows.length) return null;
  const isDistricts = rows[0].level === 'district';
  return html`<section class="card units" tabindex="0" aria-labelledby="units-title"><h2 class="heading" id="units-title">${t(isDistricts ? 'wall.districts' : 'wall.communes')} <small>${area.name}</small></h2>
    <table><thead><tr><th scope="col">${t('wall.unit')}</th><th scope="col" class="wide-only"><span class="sr">${t('wall.share')}</span></th><th scope="col">F0</th><th scope="col">${t('wall.new')}</th><th scope="col">${t('wall.very-high-short')}</th><th scope="col">${t('wall.quarantine-short')}</th><th scope="col">${t('wall.heard')}</th></tr></thead>
    <tbody>${rows.map(row => html`<tr key=${row.code} class=${row.is_complete ? '' : 'lost'}>
      <td><button type="button" class="pick-area" onClick=${() => onChoose(row.code)}>${bare(row.name)}</button></td>
      <td class="wide-only"><svg width="90" height="16" aria-hidden="true"><rect width=${90 * row.metrics.f0_active / most} height="16" /></svg></td>
      <td>${num(row.metrics.f0_active)}</td><td>${num(row.metrics.f0_new)} <${Change} now=${row.metrics.f0_new} before=${row.yesterday.f0_new} /></td>
      <td>${num(row.metrics.f0_very_high)}</td><td>${num(row.metrics.quarantine_active)}</td>
      <td>${row.silent_communes ? t(isDistricts ? 'wall.silent-communes' : 'wall.silent-since', { n: row.silent_communes, at: row.silent_since ? hm(row.silent_since) : '' }) : row.heard_at ? hm(row.heard_at) : '—'}</td></tr>`)}</tbody></table></section>`;
}

export function Feed({ alerts, area, board }) {
  const within = code => !area || area.level === 'province' || code === area.code || board.areas.get(code)?.parent_code === area.code;
  const rows = alerts.filter(row => within(row.commune_code)).slice(0, 12);
  const what = condition => (hasText(`wall.condition.${condition}`) ? t(`wall.condition.${condition}`) : condition);
  return html`<section class="card" aria-labelledby="feed-title"><h2 class="heading" id="feed-title">${t('wall.feed')}</h2>
    <ol class="feed" aria-live="polite" aria-relevant="additions">${rows.length ? rows.map(row => html`<li key=${row.alert_id} class=${`${row.severity}${row.state === 'resolved' ? ' over' : ''}`}>
      <time>${hm(row.raised_at ?? row.at)}</time><div><span class="severity">${t(`wall.severity.${row.severity}`)}</span> <span>· ${t(`wall.state.${row.state}`, { n: minutesSince(row.raised_at ?? row.at) })}</span>
      <b>${what(row.condition)}</b><span>${row.commune_name} · ${short(row.district_name)}</span></div></li>`) : html`<li><span></span><span class="none">${t('wall.no-alerts')}</span></li>`}</ol></section>`;
}

export function System({ system }) {
  if (!system) return null;
  const lag = system.groups.reduce((sum, group) => sum + group.lag, 0), dead = system.groups.reduce((sum, group) => sum + group.dead_letters, 0);
  const bus = system.bus_is_reachable ? { tone: 'good', text: `✓ ${t('wall.bus-ok')}` }
    : system.bus_seen_at ? { tone: 'bad', text: `✗ ${t('wall.bus-lost', { at: hm(system.bus_seen_at) })}` }
      : { tone: '', text: `… ${t('wall.bus-unseen')}` };
  const stale = system.sources.filter(source => source.is_stale);
  return html`<section class="card system" aria-labelledby="system-title"><h2 class="heading" id="system-title">${t('wall.system')}</h2>
    <div role="status"><ul><li class=${bus.tone}>${bus.text}</li>
      <li class=${lag > 1000 ? 'bad' : ''}>${lag > 1000 ? '▲ ' : ''}${t('wall.lag', { n: num(lag) })} · <span class=${dead ? 'bad' : ''}>${dead ? '▲ ' : ''}${t('wall.dead', { n: num(dead) })}</span></li>
      <li class=${stale.length ? 'bad' : ''}>${stale.length ? `▲ ${t('wall.stale', { list: stale.map(source => t(`wall.source.${source.topic}`)).join(', ') })}` : t('wall.fresh')}</li></ul></div>
    <details><summary>${t('wall.by-group')}</summary><table><thead><tr><th scope="col">${t('wall.group')}</th><th scope="col">${t('wall.behind')}</th><th scope="col">${t('wall.letters')}</th></tr></thead>
      <tbody>${system.groups.map(group => html`<tr key=${group.group}><td>${group.group}</td><td>${num(group.lag)}</td><td>${num(group.dead_letters)}</td></tr>`)}</tbody></table></details></section>`;
}
