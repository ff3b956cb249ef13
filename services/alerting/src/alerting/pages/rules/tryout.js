// Chạy thử: a rule file on what was heard on a past day, beside the rules in force. Nothing is changed.
import { html, useState } from 'shell/ui.js';
import { day, num } from 'shell/kit.js';
import { Refused, call } from 'shell/auth.js';
import { t } from 'shell/i18n.js';

const MEASURES = ['raised', 'called', 'climbed', 'rested'];
const words = fault => (fault instanceof Refused ? fault.message : t('rules.no-answer'));
const severity = word => (word ? t(`severity.${word}`) : t('rules.nothing'));

function Change({ was, now }) {
  const by = now - was;
  return html`<span class=${by > 0 ? 'up' : by < 0 ? 'down' : 'mut'}>${by > 0 ? `▲ +${num(by)}` : by < 0 ? `▼ −${num(-by)}` : '='}</span>`;
}

function Asking({ ask, busy }) {
  const read = async event => { const [file] = event.target.files; if (file) document.getElementById('rule-file').value = await file.text(); };
  const send = event => { event.preventDefault(); const { on, file } = event.target.elements; ask({ file: file.value, ...(on.value ? { day: on.value } : {}) }); };
  return html`<form class="asking" onSubmit=${send}>
    <label class="field"><span>${t('rules.day')} <small>${t('rules.day-empty')}</small></span><input type="date" name="on" /></label>
    <label class="field"><span>${t('rules.file-open')}</span><input type="file" accept=".yaml,.yml,text/plain" onChange=${read} /></label>
    <label class="field whole"><span>${t('rules.file')}</span><textarea id="rule-file" name="file" required spellcheck="false" maxlength="64000"></textarea></label>
    <button class="btn pri" disabled=${busy}>${t(busy ? 'rules.counting' : 'rules.run')}</button></form>`;
}

function Seen({ seen }) {
  return html`<section class="card"><h2 id="seen" tabindex="-1">${t('rules.seen', { on: day(`${seen.day}T00:00:00+07:00`) })}</h2>
    <p>${t('rules.seen-text', { n: num(seen.conditions), differing: num(seen.differing), present: seen.present_version, candidate: seen.candidate_version })}</p>
    ${!seen.is_whole && html`<p class="wrong">${t('rules.not-whole')}</p>`}
    <ul class="tally">${MEASURES.map(name => html`<li>${t(`rules.measure.${name}`)}<b>${num(seen.candidate[name])}</b><span class="mut">${t('rules.instead-of', { n: num(seen.present[name]) })}</span> <${Change} was=${seen.present[name]} now=${seen.candidate[name]} /></li>`)}</ul>
    <div class="scroll" tabindex="0" role="region" aria-label=${t('rules.by-kind')}><table><thead><tr><th scope="col">${t('rules.kind')}</th><th scope="col" class="n">${t('rules.conditions')}</th>${MEASURES.map(name => html`<th scope="col" class="n">${t(`rules.measure.${name}`)}</th>`)}</tr></thead>
      <tbody>${seen.kinds.map(row => html`<tr><th scope="row">${t(`kind.${row.condition}`)}</th><td class="n">${num(row.conditions)}</td>${MEASURES.map(name => html`<td class="n">${num(row.present[name])} → ${num(row.candidate[name])} <${Change} was=${row.present[name]} now=${row.candidate[name]} /></td>`)}</tr>`)}</tbody></table></div>
    <p class="note">${t('rules.how')}</p></section>
    ${seen.changes.length > 0 && html`<section class="card"><h2>${t('rules.differing')}</h2><div class="scroll" tabindex="0" role="region" aria-label=${t('rules.differing')}><table>
      <thead><tr><th scope="col">${t('rules.kind')}</th><th scope="col">${t('rules.place')}</th><th scope="col">${t('rules.present')}</th><th scope="col">${t('rules.candidate')}</th></tr></thead>
      <tbody>${seen.changes.map(row => html`<tr><th scope="row">${t(`kind.${row.condition}`)}</th><td>${row.commune_name}</td>
        <td>${t('rules.outcome', { severity: severity(row.present_severity), n: row.present_called })}</td><td>${t('rules.outcome', { severity: severity(row.candidate_severity), n: row.candidate_called })}</td></tr>`)}</tbody></table></div></section>`}`;
}

export function TryOut() {
  const [seen, setSeen] = useState(null), [fault, setFault] = useState(''), [busy, setBusy] = useState(false);
  const ask = async wish => {
    setBusy(true); setFault('');
    try { setSeen(await call('/v1/rule-trials', { json: wish })); setTimeout(() => document.getElementById('seen')?.focus()); } catch (refusal) { setFault(words(refusal)); setSeen(null); }
    setBusy(false);
  };
  return html`<section class="card no-print"><h2>${t('rules.tryout')}</h2><p class="mut">${t('rules.tryout-text')}</p><${Asking} ask=${ask} busy=${busy} />${fault && html`<p class="wrong" role="alert">${fault}</p>`}</section>
    ${seen && html`<${Seen} seen=${seen} />`}`;
}
