// The report of a day: chosen, read, taken away as PDF or XLSX; and which reports left by themselves.
import { html, render, useEffect, useLanguage, useState, Failed, Shell } from 'shell/ui.js';
import { call, claims, Refused, requireSignIn } from 'shell/auth.js';
import { download, wordsOf } from 'shell/files.js';
import { dayHm, hm, localDay, now, setServerNow } from 'shell/kit.js';
import { language, loadTexts, t } from 'shell/i18n.js';

const HEADS = ['f0_new', 'f0_active', 'f0_very_high', 'quarantine_active', 'f0_recovered', 'f0_died'];
const OPERATORS = ['ioc_operator', 'leader', 'administrator'];
const figure = value => (value === null ? '<5' : value.toLocaleString(language() === 'vi' ? 'vi-VN' : 'en-GB'));
const difference = (value, before) => {
  if (value === null || before === null) return '—';
  return value === before ? '=' : `${value > before ? '+' : '−'}${figure(Math.abs(value - before))}`;
};
const query = asked => new URLSearchParams(asked).toString();

function Ask({ asked, areas, onAsk, onFault }) {
  const [busy, setBusy] = useState(''), set = name => event => onAsk({ ...asked, [name]: event.target.value });
  const take = async form => {
    setBusy(form);
    try { await download(`/v1/reports/daily.${form}?${query(asked)}`, `bao-cao-${asked.version === 'public' ? 'cong-khai' : 'ngay'}-${asked.area}-${asked.day}.${form}`); onFault(null); }
    catch (fault) { onFault(fault); }
    setBusy('');
  };
  return html`<form class="card ask" onSubmit=${event => event.preventDefault()}>
    <label>${t('report.area')}<select value=${asked.area} onChange=${set('area')}>${areas.map(each => html`<option value=${each.code}>${each.level === 'commune' ? '· ' : ''}${each.name}</option>`)}</select></label>
    <label>${t('report.day')}<input type="date" value=${asked.day} max=${localDay(now())} onChange=${set('day')} required /></label>
    <label>${t('report.version')}<select value=${asked.version} onChange=${set('version')}>
      <option value="internal">${t('report.internal')}</option><option value="public">${t('report.public')}</option></select></label>
    <span class="sp"></span>
    ${['pdf', 'xlsx'].map(form => html`<button type="button" class="btn pri" disabled=${!!busy} onClick=${() => take(form)}>${busy === form ? t('report.making') : t('report.take', { form: form.toUpperCase() })}</button>`)}
  </form>`;
}

function Figures({ report, titles }) {
  const { total, yesterday, week_ago: week } = report;
  const row = (line, kind) => html`<tr class=${`${kind} ${line.is_silent ? 'silent' : ''}`}><th scope="row" data-silent=${t('report.silent')}>${line.name}</th>
    ${report.columns.map(name => html`<td>${figure(line.values[name])}${line.restated.includes(name) ? html`<abbr title=${t('report.restated')}>*</abbr>` : ''}</td>`)}</tr>`;
  return html`<section class="card"><h2>${report.title}</h2><p class="mut">${report.as_of}</p>
    <div class="heads">${HEADS.map(name => html`<div><small>${titles[name]}</small><b class="num">${figure(total.values[name])}</b>
      <small>${t('report.compared', { day: difference(total.values[name], yesterday[name]), week: difference(total.values[name], week[name]) })}</small></div>`)}</div></section>
    <section class="card"><h2 id="units">${t('report.units')}</h2>
    <div class="wide-table" tabindex="0" role="region" aria-labelledby="units"><table class="num"><thead><tr><th scope="col">${t('report.unit')}</th>${report.columns.map(name => html`<th scope="col">${titles[name]}</th>`)}</tr></thead>
      <tbody>${row(total, 'total')}${report.lines.map(line => row(line, ''))}</tbody></table></div>
    <ul class="notes">${report.notes.map(note => html`<li>${note}</li>`)}</ul></section>`;
}

function Mails({ mails }) {
  return html`<section class="card"><h2>${t('report.mails')}</h2><p class="mut">${t('report.hours', { hours: mails.hours.join(', ') })}</p>
    ${mails.items.length ? html`<div class="wide-table" tabindex="0" role="region" aria-label=${t('report.mails')}><table class="mails"><thead><tr>${['slot', 'recipient', 'state'].map(name => html`<th scope="col">${t(`report.${name}`)}</th>`)}</tr></thead>
      <tbody>${mails.items.map(each => html`<tr><td>${dayHm(each.slot)}</td><td>${each.recipient}</td><td>${t(`report.mail-${each.state}`, { at: each.sent_at ? hm(each.sent_at) : '', n: each.attempts, fault: each.fault })}</td></tr>`)}</tbody></table></div>`
    : html`<p>${t('report.no-mails')}</p>`}</section>`;
}

function Page({ areas, titles, mails }) {
  useLanguage();
  const yesterday = localDay(now() - 86400000);
  const [asked, ask] = useState({ area: areas[0].code, day: yesterday, version: 'internal' });
  const [report, setReport] = useState(null), [fault, setFault] = useState(null);
  useEffect(() => {
    let isOld = false;
    call(`/v1/reports/daily?${query(asked)}`).then(
      found => { if (!isOld) { setReport(found); setFault(null); } },
      reason => { if (!isOld) setFault(reason); });
    return () => { isOld = true; };
  }, [asked]);
  return html`<${Shell} title=${t('report.page')} sub=${claims().name} live=${{ connected: true }}><main class="page">
    <${Ask} asked=${asked} areas=${areas} onAsk=${ask} onFault=${setFault} />
    ${fault && html`<div class="banner bad" role="alert">${wordsOf(fault, t('report.no-answer'))}</div>`}
    ${report && html`<${Figures} report=${report} titles=${titles} />`}
    ${mails && html`<${Mails} mails=${mails} />`}
  </main></${Shell}>`;
}

async function open() {
  const screen = document.getElementById('app');
  await loadTexts('/pages/locales');
  try {
    await requireSignIn();
    const isOperator = OPERATORS.some(role => claims().roles.includes(role));
    const [areas, definitions, mails] = await Promise.all([call('/v1/areas'), call('/v1/definitions'), isOperator ? call('/v1/reports/mails') : null]);
    setServerNow(areas.server_now);
    const titles = Object.fromEntries(definitions.items.map(each => [each.name, each.title]));
    if (!areas.items.length) throw new Refused(403, { detail: t('report.no-area') });
    render(html`<${Page} areas=${areas.items} titles=${titles} mails=${mails} />`, screen);
  } catch (fault) {
    render(html`<${Failed} title=${t('report.failed')} onRetry=${open}>${wordsOf(fault, t('report.no-answer'))}</${Failed}>`, screen);
  }
  document.documentElement.dataset.ready = '1';
}
open();
