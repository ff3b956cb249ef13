// Where the roll-out stands, unit by unit, and the form with which a unit declares its numbers.
import { html, render, useEffect, useLanguage, useState, Failed, Shell } from 'shell/ui.js';
import { call, claims, hasRole, requireSignIn } from 'shell/auth.js';
import { wordsOf } from 'shell/files.js';
import { day, freshId, localDay, now, num, setServerNow } from 'shell/kit.js';
import { loadTexts, t } from 'shell/i18n.js';

const PARTS = ['staff', 'devices', 'apps', 'declaring', 'permits', 'contact'];
const COUNTS = ['staff_ready', 'staff_needed', 'devices_ready', 'devices_needed', 'app_c_thainguyen', 'app_bluezone', 'app_vhd', 'app_so_suc_khoe', 'paper_permits'];
/** The app as facts name it, and what units declare of it; ours, of enrolled phones, is declared by nobody. */
const APPS = [['app:c-thainguyen', 'app_c_thainguyen'], ['app:bluezone', 'app_bluezone'], ['app:vhd', 'app_vhd'], ['app:so-suc-khoe', 'app_so_suc_khoe'], ['app:la-chan', null]];
const percent = value => (value == null ? '—' : `${num(value, 0)} %`);
const score = unit => (unit.is_silent ? `? ${t('rollout.silent')}` : num(unit.score, 0));
const nameOf = (unit, all) => (unit.level === 'commune' ? `${unit.name}, ${all.find(each => each.code === unit.parent_code)?.name ?? ''}` : unit.name).replace(/, $/, '');

function Declare({ communes, all, onDone }) {
  const [code, setCode] = useState(communes[0].code), [state, setState] = useState({}), [key, setKey] = useState(freshId());
  const unit = communes.find(each => each.code === code), values = unit.counts;
  const send = async event => {
    event.preventDefault();
    const form = new FormData(event.target), json = { on: form.get('on') };
    for (const name of COUNTS) json[name] = Number(form.get(name));
    setState({ busy: true });
    try { await call(`/v1/rollout/${code}`, { json, method: 'PUT', key }); setKey(freshId()); setState({ done: unit.name }); onDone(); }
    catch (fault) { setState({ fault }); }
  };
  return html`<section class="card"><h2>${t('rollout.declare')}</h2><p class="mut">${t('rollout.declare-hint')}</p>
    <form key=${code} onSubmit=${send}><div class="numbers">
      <label>${t('rollout.unit')}<select value=${code} onChange=${event => { setCode(event.target.value); setState({}); setKey(freshId()); }}>${communes.map(each => html`<option key=${each.code} value=${each.code}>${nameOf(each, all)}</option>`)}</select></label>
      <label>${t('rollout.on')}<input type="date" name="on" defaultValue=${localDay(now())} max=${localDay(now())} required /></label>
      ${COUNTS.map(name => html`<label key=${name}>${t(`rollout.${name}`)}<input type="number" inputmode="numeric" min="0" step="1" name=${name} defaultValue=${values[name] ?? ''} required /></label>`)}
    </div><p><button class="btn pri" disabled=${!!state.busy}>${t(state.busy ? 'rollout.sending' : 'rollout.send')}</button></p>
    <div role="status">${state.done && html`<div class="banner ok">${t('rollout.sent', { unit: state.done })}</div>`}</div>
    ${state.fault && html`<div class="banner bad" role="alert">${wordsOf(state.fault, t('report.no-answer'))}</div>`}</form></section>`;
}
function Table({ found, code, onOpen }) {
  const top = found.items.find(unit => unit.code === code);
  const rows = found.items.filter(unit => unit.parent_code === code).sort((a, b) => (a.score ?? -1) - (b.score ?? -1) || a.code.localeCompare(b.code));
  const row = (unit, isTotal) => html`<tr key=${unit.code} class=${`${isTotal ? 'total' : ''} ${unit.is_silent ? 'silent' : ''}`}>
    <th scope="row">${unit.level === 'district' && !isTotal ? html`<button type="button" class="btn text" onClick=${() => onOpen(unit.code)}>${unit.name}</button>` : unit.name}
      <span class="sub">${unit.level === 'commune' ? (unit.repeated_since ? html`<b class="again">▲ ${t('rollout.repeated', { day: day(unit.declared_on), since: day(unit.repeated_since) })}</b>` : unit.declared_on ? t('rollout.declared-on', { day: day(unit.declared_on) }) : t('rollout.never')) : t('rollout.silent-of', { n: unit.silent_units, all: unit.units })}</span></th>
    <td class="score">${score(unit)}</td>
    ${PARTS.map(name => { const part = unit.parts.find(each => each.part === name); return html`<td key=${name}>${percent(part.percent)}<span class="sub">${part.percent == null ? '' : `${num(part.have, 0)}/${num(part.of, 0)}`}</span></td>`; })}
    <td>${unit.contact_hours == null ? '—' : t('deck.hours', { n: num(unit.contact_hours) })}</td><td>${num(unit.permits_active)}</td></tr>`;
  return html`<section class="card"><h2 id="units">${t('rollout.units')}</h2>
    <div class="wide-table" tabindex="0" role="region" aria-labelledby="units"><table class="num"><thead><tr><th scope="col">${t('rollout.unit')}</th><th scope="col">${t('rollout.score')}</th>
      ${PARTS.map(name => html`<th scope="col" key=${name}>${t(`rollout.part-${name}`)}</th>`)}<th scope="col">${t('rollout.first-contact')}</th><th scope="col">${t('rollout.permits-active')}</th></tr></thead>
      <tbody>${top && row(top, true)}${rows.map(unit => row(unit, false))}</tbody></table></div></section>`;
}
/** What units declare of each app, beside the persons whom the system heard through it. */
function Apps({ found, code }) {
  const top = found.items.find(unit => unit.code === code), rows = found.items.filter(unit => unit.parent_code === code).sort((a, b) => a.code.localeCompare(b.code));
  const row = (unit, isTotal) => html`<tr key=${unit.code} class=${isTotal ? 'total' : ''}><th scope="row">${unit.name}</th>
    ${APPS.map(([app, declared]) => html`<td key=${app}>${declared && html`${unit.is_silent ? '?' : num(unit.counts[declared] ?? 0)}<span class="sub">${t('rollout.declared')}</span>`}</td>
      <td>${num(unit.users[app] ?? 0)}<span class="sub">${t('rollout.heard')}</span></td>`)}</tr>`;
  return html`<section class="card"><h2 id="apps">${t('rollout.apps')}</h2><p class="mut">${t('rollout.apps-how', { days: found.app_use_days })}</p>
    <div class="wide-table" tabindex="0" role="region" aria-labelledby="apps"><table class="num apps"><thead><tr><th scope="col">${t('rollout.unit')}</th>
      ${APPS.map(([app]) => html`<th scope="colgroup" colspan="2" key=${app}><abbr title=${t('rollout.heard-why', { app: t(`rollout.${app}`), days: found.app_use_days })}>${t(`rollout.${app}`)}</abbr></th>`)}</tr></thead>
      <tbody>${top && row(top, true)}${rows.map(unit => row(unit, false))}</tbody></table></div></section>`;
}
function Page() {
  useLanguage();
  const [found, set] = useState(null), [fault, setFault] = useState(null), [open, setOpen] = useState(null);
  const load = () => call('/v1/rollout').then(body => { if (!body.items) return; setServerNow(body.server_now); set(body); setFault(null); }, setFault);
  useEffect(() => { load(); const timer = setInterval(load, 30000); return () => clearInterval(timer); }, []);
  const top = found?.items[0], code = open ?? top?.code;
  const communes = (found?.items ?? []).filter(unit => unit.level === 'commune');
  const weights = top?.parts.map(part => `${t(`rollout.part-${part.part}`)} × ${part.weight}`).join(' · ');
  return html`<${Shell} title=${t('rollout.page')} sub=${claims().name} live=${{ connected: !fault, heardAt: found?.server_now }}><main class="page">
    ${fault && html`<div class="banner bad" role="alert">${wordsOf(fault, t('report.no-answer'))}</div>`}
    ${found && !top && html`<div class="banner bad">${t('report.no-area')}</div>`}
    ${top && html`<section class="card"><h2>${t('rollout.how')}</h2><p>${found.formula}</p><p>${weights}</p><p class="mut">${t('rollout.notes', { days: found.fresh_days, share: num(found.app_target_percent) })} ${found.document}</p></section>
      ${hasRole('health_officer', 'administrator') && communes.length > 0 && html`<${Declare} communes=${communes} all=${found.items} onDone=${load} />`}
      ${open && html`<p><button type="button" class="btn" onClick=${() => setOpen(null)}>← ${top.name}</button></p>`}
      <${Table} found=${found} code=${code} onOpen=${setOpen} /><${Apps} found=${found} code=${code} />`}
  </main></${Shell}>`;
}
async function start() {
  const screen = document.getElementById('app');
  await loadTexts('/pages/locales');
  try { await requireSignIn(); render(html`<${Page} />`, screen); }
  catch (fault) { render(html`<${Failed} title=${t('rollout.failed')} onRetry=${start}>${wordsOf(fault, t('report.no-answer'))}</${Failed}>`, screen); }
  document.documentElement.dataset.ready = '1';
}
start();
