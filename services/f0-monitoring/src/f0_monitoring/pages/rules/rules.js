// Quy định phân loại nguy cơ: the rules as tables, a change of them tried out, one decision explained.
import { Failed, Shell, html, render, useEffect, useLanguage, useState } from 'shell/ui.js';
import { day, param } from 'shell/kit.js';
import { call, claims, hasRole, requireSignIn } from 'shell/auth.js';
import { language, loadTexts, t } from 'shell/i18n.js';
import { Level, Mark, Tables } from './tables.js';
import { TryOut } from './tryout.js';

const mayTry = () => hasRole('health_officer', 'administrator', 'ioc_operator');
const sentence = row => (language() === 'en' ? row.text_en : row.text);

/** Why one person is at a level: the three parts that it is the worst of, each criterion in one sentence. */
function Why({ id }) {
  const [seen, set] = useState(null), [fault, setFault] = useState('');
  useEffect(() => { call(`/v1/patients/${encodeURIComponent(id)}/explanation`).then(set).catch(refusal => setFault(refusal.message)); }, [id]);
  if (fault) return html`<section class="card"><p class="wrong" role="alert">${fault}</p></section>`;
  if (!seen) return html`<section class="card"><p role="status">…</p></section>`;
  return html`<section class="card part" id="why"><div class="row"><h2>${t('rules.why')}</h2><${Level} level=${seen.level} /></div><p><b>${sentence(seen)}</b></p>
    ${['who', 'signs', 'doubt'].map(name => html`<div><h3>${t(`rules.part.${name}`)} <${Level} level=${seen[name].level} /></h3>
      ${seen[name].causes.length ? html`<ul>${seen[name].causes.map(cause => html`<li>${sentence(cause)} ${cause.confidence && html`<${Mark} confidence=${cause.confidence} />`}</li>`)}</ul>` : html`<p class="mut">${t('rules.no-cause')}</p>`}</div>`)}
    <p class="mut">${t('rules.decided-by', { documents: seen.documents.map(one => one.document).join('; '), ruleset: seen.ruleset })}</p></section>`;
}

function Rules() {
  const [on, setOn] = useState(param('day') ?? ''), [seen, set] = useState(null), [fault, setFault] = useState(null);
  const look = () => call(`/v1/rulesets/tables${on ? `?day=${on}` : ''}`).then(found => { set(found); setFault(null); }).catch(setFault);
  useEffect(() => { look(); }, [on]);
  if (fault && !seen) return html`<${Failed} title=${t('rules.failed')} onRetry=${look}>${fault.problem?.detail ?? ''}</${Failed}>`;
  if (!seen) return html`<p role="status">…</p>`;
  const days = [...new Set([...seen.days, seen.today])].sort().reverse();
  const label = one => `${day(`${one}T00:00:00+07:00`)}${one === seen.today ? ` · ${t('rules.today')}` : one > seen.today ? ` · ${t('rules.coming')}` : ''}`;
  return html`<div class="top"><label class="field"><span>${t('rules.in-force-on')}</span><select value=${seen.day} onChange=${e => setOn(e.target.value)}>${days.map(one => html`<option value=${one}>${label(one)}</option>`)}</select></label>
    <button type="button" class="btn" onClick=${() => print()}>${t('rules.print')}</button></div><${Tables} seen=${seen} />`;
}

function App() {
  useLanguage();
  const [tab, setTab] = useState(param('tab') === 'try' && mayTry() ? 'try' : 'rules'), person = param('person');
  const live = { connected: true, heardAt: Date.now() };
  return html`<${Shell} title=${t('rules.title')} sub=${claims()?.name ?? ''} live=${live}>
    <main class="rules">${mayTry() && html`<div class="tabs" role="group" aria-label=${t('rules.title')}>${['rules', 'try'].map(name => html`<button type="button" aria-pressed=${tab === name} onClick=${() => setTab(name)}>${t(`rules.tab.${name}`)}</button>`)}</div>`}
      ${tab === 'rules' && person && html`<${Why} id=${person} />`}${tab === 'try' ? html`<${TryOut} />` : html`<${Rules} />`}</main></${Shell}>`;
}

async function open() {
  await requireSignIn();
  await loadTexts('/pages/rules/locales');
  render(html`<${App} />`, document.getElementById('app'), document.querySelector('#app > main'));
  document.documentElement.dataset.ready = '1';
}
open();
