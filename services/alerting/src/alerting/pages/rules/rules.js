// Quy tắc cảnh báo: what rings, who is called, how long they have; and other rules tried on a past day.
import { Failed, Shell, html, render, useEffect, useLanguage, useState } from 'shell/ui.js';
import { day, num, param } from 'shell/kit.js';
import { call, claims, hasRole, requireSignIn } from 'shell/auth.js';
import { hasText, loadTexts, t } from 'shell/i18n.js';
import { KINDS, shade } from '../alerts.js';
import { roleName, rungName } from '../words.js';
import { TryOut } from './tryout.js';

const mayTry = () => hasRole('ioc_operator', 'administrator');
const local = iso => day(`${iso}T00:00:00+07:00`);
const Level = ({ severity }) => html`<span class=${shade(severity)}><span class=${`tag ${severity === 'critical' ? 'full' : ''}`}>${t(`severity.${severity}`)}</span></span>`;

/** A fact in words; a code that nobody has named yet is shown as it is. */
function when(condition, row) {
  if (condition === 'patient-silent') return t('rules.when.patient-silent', { n: row.missed_in_a_row, level: t(`level.${row.code}`) });
  if (condition === 'contact-silent') return t('rules.when.contact-silent', { n: row.missed_in_a_row });
  if (hasText(`level.${row.code}`) && !hasText(`rules.when.${condition}.${row.code}`)) return t('rules.when.level', { level: t(`level.${row.code}`) });
  return [`rules.when.${condition}.${row.code}`, `criterion.${row.code}`].filter(hasText).map(key => t(key))[0] ?? row.code;
}

const minutes = n => (n < 120 ? t('rules.minutes', { n }) : n % 60 ? t('rules.hours-minutes', { h: Math.floor(n / 60), m: n % 60 }) : t('rules.hours', { n: n / 60 }));
function Call({ one, quiet }) {
  return html`<div class="call ${shade(one.severity)}"><${Level} severity=${one.severity} />
    <ol>${one.ladder.map(rung => html`<li><b>${rungName(rung)}</b> · ${rung.minutes ? t('rules.answers-in', { time: minutes(rung.minutes) }) : t('rules.holds')}</li>`)}</ol>
    <small>${one.channels.length ? t('rules.channels', { names: ['rules.inbox', ...one.channels.map(name => (hasText(`channel.${name}`) ? `channel.${name}` : name))].map(key => t(key)).join(', ') }) : t('rules.inbox-only')}
      ${' '}${one.rests_at_night && quiet ? t('rules.rests', { begins: quiet.begins, ends: quiet.ends }) : t('rules.rings')}</small></div>`;
}

export function Kind({ kind, quiet }) {
  const name = `rules.from.${kind.condition}`;
  return html`<section class="card kind" id=${kind.condition}><h3>${t(`kind.${kind.condition}`)}</h3>
    ${hasText(name) && html`<p class="from">${t(name)}</p>`}
    <table><thead><tr><th scope="col">${t('rules.when')}</th><th scope="col">${t('rules.severity')}</th></tr></thead>
      <tbody>${kind.whens.map(row => html`<tr><th scope="row">${when(kind.condition, row)}</th><td><${Level} severity=${row.severity} /></td></tr>`)}</tbody></table>
    ${kind.calls.map(one => html`<${Call} one=${one} quiet=${quiet} />`)}
    <p class="ends">${t('rules.seen-by', { roles: kind.audience.map(roleName).join(', ') })}
      ${' '}${t('rules.folds', { time: minutes(kind.damp_minutes) })}${kind.expires_hours ? ` ${t('rules.expires', { n: kind.expires_hours })}` : ''}</p></section>`;
}

/** People first, the machine last: the order of the inbox. */
const ordered = kinds => [...kinds].sort((a, b) => KINDS.indexOf(a.condition) - KINDS.indexOf(b.condition));
const Contents = ({ kinds }) => html`<nav class="contents" aria-label=${t('rules.contents')}>${ordered(kinds).map(kind => html`<a href=${`#${kind.condition}`}>${t(`kind.${kind.condition}`)}</a>`)}</nav>`;

function File({ seen }) {
  const { file } = seen;
  return html`${file.to_be_confirmed && html`<div class="banner"><b>${t('rules.not-signed')}</b><span>${t('rules.not-signed-text')}</span></div>`}
    <section class="card file"><div class="head"><h2>${file.title}</h2><span class="mut">${file.version}</span>${file.to_be_confirmed && html`<span class="mark memory">${t('rules.to-be-confirmed')}</span>`}</div>
    <dl class="kv"><dt>${t('rules.document')}</dt><dd>${file.document}${file.document_date ? ` (${local(file.document_date)})` : ''}</dd>
      <dt>${t('rules.effective')}</dt><dd>${file.effective_to ? t('rules.from-to', { from: local(file.effective_from), to: local(file.effective_to) }) : t('rules.from', { from: local(file.effective_from) })}</dd>
      <dt>${t('rules.read')}</dt><dd><span class=${`mark ${file.confidence}`}>${t(`rules.confidence.${file.confidence}`)}</span></dd>
      <dt>${t('rules.quiet')}</dt><dd>${seen.quiet_hours ? t('rules.quiet-text', seen.quiet_hours) : t('rules.quiet-none')}</dd>
      <dt>${t('rules.fold')}</dt><dd>${t('rules.fold-text')}</dd>
      <dt>${t('rules.storm')}</dt><dd>${t('rules.storm-text', { n: seen.storms.at_least, minutes: seen.storms.within_minutes })}</dd>
      <dt>${t('rules.snooze')}</dt><dd>${t('rules.snooze-text')}</dd>
      <dt>${t('rules.sending')}</dt><dd>${t('rules.sending-text', { n: seen.sending_tries, minutes: seen.sending_minutes })}</dd>
      ${seen.substitutes.length > 0 && html`<dt>${t('rules.substitutes')}</dt><dd>${t('rules.substitutes-text', { each: seen.substitutes.map(each => t('rules.substitutes-after', { severity: t(`severity.${each.severity}`), minutes: each.minutes })).join('; ') })}</dd>`}</dl>
    <p class="note">${t('rules.copied')}</p></section>`;
}

function Rules() {
  const [on, setOn] = useState(param('day') ?? ''), [seen, set] = useState(null), [fault, setFault] = useState(null);
  const look = () => call(`/v1/rules${on ? `?day=${on}` : ''}`).then(found => { set(found); setFault(null); }).catch(setFault);
  useEffect(() => { look(); }, [on]);
  if (fault && !seen) return html`<${Failed} title=${t('rules.failed')} onRetry=${look}>${fault.problem?.detail ?? ''}</${Failed}>`;
  if (!seen) return html`<p role="status">…</p>`;
  const days = [...new Set([...seen.days, seen.today])].sort().reverse();
  const label = one => `${local(one)}${one === seen.today ? ` · ${t('rules.today')}` : one > seen.today ? ` · ${t('rules.coming')}` : ''}`;
  return html`<div class="top"><label class="field"><span>${t('rules.in-force-on')}</span><select value=${seen.day} onChange=${event => setOn(event.target.value)}>${days.map(one => html`<option value=${one}>${label(one)}</option>`)}</select></label>
    <button type="button" class="btn" onClick=${() => print()}>${t('rules.print')}</button></div>
    <${File} seen=${seen} />
    <${Contents} kinds=${seen.kinds} />
    <div class="kinds">${ordered(seen.kinds).map(kind => html`<${Kind} key=${kind.condition} kind=${kind} quiet=${seen.quiet_hours} />`)}</div>
    ${seen.areas.map(area => html`<section><h2>${t('rules.area', { names: area.names.join(', ') })}</h2><p class="note">${area.reason}</p><div class="kinds">${area.kinds.map(kind => html`<${Kind} kind=${kind} quiet=${seen.quiet_hours} />`)}</div></section>`)}
    ${!seen.areas.length && html`<p class="note">${t('rules.no-areas')}</p>`}`;
}

function App() {
  useLanguage();
  const [tab, setTab] = useState(param('tab') === 'try' && mayTry() ? 'try' : 'rules'), live = { connected: true, heardAt: Date.now() };
  return html`<${Shell} title=${t('rules.title')} sub=${claims()?.name ?? ''} live=${live}>
    <main class="rules">${mayTry() && html`<div class="tabs" role="group" aria-label=${t('rules.title')}>${['rules', 'try'].map(name => html`<button type="button" aria-pressed=${String(tab === name)} onClick=${() => setTab(name)}>${t(`rules.tab.${name}`)}</button>`)}</div>`}
      ${tab === 'try' ? html`<${TryOut} />` : html`<${Rules} />`}</main></${Shell}>`;
}

async function open() {
  await requireSignIn();
  await loadTexts('/pages/locales', '/pages/rules/locales');
  render(html`<${App} />`, document.getElementById('app'));
  document.documentElement.dataset.ready = '1';
}
open();
