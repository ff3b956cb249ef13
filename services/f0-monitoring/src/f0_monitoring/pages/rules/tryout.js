// Chạy thử: a change of rules over the open records, seen before it decides about anybody. Nothing is changed.
import { Empty, html, useEffect, useState } from 'shell/ui.js';
import { day, dayHm, num } from 'shell/kit.js';
import { Refused, call } from 'shell/auth.js';
import { t, language } from 'shell/i18n.js';
import { said } from '../said.js';
import { Level, rank } from './tables.js';

const PAGE = 50;
const words = fault => (fault instanceof Refused ? fault.message : t('rules.no-answer'));
const filled = values => Object.fromEntries(Object.entries(values).filter(([, value]) => value));
const count = asked => call('/v1/ruleset-changes', { json: filled(asked) });
const page = (asked, cursor) => call(`/v1/ruleset-changes/patients?limit=${PAGE}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`, { json: filled(asked) });

function Asking({ ask, busy }) {
  const [versions, setVersions] = useState([]), [what, setWhat] = useState('next');
  useEffect(() => { call('/v1/rulesets').then(found => setVersions(found.items.filter(one => one.key !== 'course' && !one.is_in_force))).catch(() => {}); }, []);
  const read = async event => { const [file] = event.target.files; if (file) document.getElementById('rule-file').value = await file.text(); };
  const send = event => {
    event.preventDefault();
    const { day: on, version, file } = event.target.elements;
    ask({ day: on.value, ...(what === 'version' ? { version: version.value } : {}), ...(what === 'file' ? { file: file.value } : {}) });
  };
  return html`<form class="asking" onSubmit=${send}>
    <label class="field"><span>${t('rules.try')}</span><select value=${what} onChange=${e => setWhat(e.target.value)}>${['next', 'version', 'file'].map(name => html`<option value=${name}>${t(`rules.try.${name}`)}</option>`)}</select></label>
    ${what === 'version' && html`<label class="field"><span>${t('rules.version')}</span><select name="version">${versions.map(one => html`<option value=${one.version}>${one.document} · ${one.version}</option>`)}</select></label>`}
    <label class="field"><span>${t('rules.day')} <small>${t('rules.day-empty')}</small></span><input type="date" name="day" /></label>
    ${what === 'file' && html`<label class="field whole"><span>${t('rules.file')} <small>${t('rules.file-text')}</small></span><textarea id="rule-file" name="file" required spellcheck="false" maxlength="64000"></textarea></label>
      <label class="field"><span>${t('rules.file-open')}</span><input type="file" accept=".yaml,.yml,text/plain" onChange=${read} /></label>`}
    <button class="btn pri" disabled=${busy}>${t(busy ? 'rules.counting' : 'rules.run')}</button></form>`;
}

const named = files => files.map(file => `${file.document} (${file.version})`).join('; ') || '—';
function Counted({ seen, narrow, commune }) {
  return html`<section class="card"><h2 id="seen" tabindex="-1">${t('rules.seen', { on: day(seen.applies_at) })}</h2><p>${said(seen, 'text')}</p>
    <dl class="kv"><dt>${t('rules.starting')}</dt><dd>${named(seen.starting)}</dd><dt>${t('rules.ceasing')}</dt><dd>${named(seen.ceasing)}</dd></dl>
    <ul class="tally">${seen.moves.map(move => html`<li class=${rank(move.to_level)}><b class="num">${num(move.records)}</b><${Level} level=${move.from_level} /> → <${Level} level=${move.to_level} /></li>`)}</ul>
    <p class="mut">${t('rules.nothing-changed')}</p>
    ${commune && html`<p><button type="button" class="btn" onClick=${() => narrow(null)}>${t('rules.everywhere')}</button></p>`}</section>`;
}
function Communes({ rows, narrow }) {
  return html`<section class="card"><h2>${t('rules.by-commune')}</h2><div class="scroll" tabindex="0" role="region" aria-label=${t('rules.by-commune')}><table><thead><tr><th scope="col">${t('rules.commune')}</th>${['rises', 'very-high', 'falls', 'stays'].map(name => html`<th scope="col" class="n">${t(`rules.${name}`)}</th>`)}</tr></thead>
    <tbody>${rows.map(row => html`<tr key=${row.commune_code}><th scope="row"><button type="button" class="btn text" onClick=${() => narrow(row.commune_code)}>${row.commune_name}</button></th><td class="n num">${num(row.rises)}</td><td class="n num">${num(row.very_high)}</td><td class="n num">${num(row.falls)}</td><td class="n num">${num(row.stays)}</td></tr>`)}</tbody></table></div></section>`;
}
function Movers({ lines, more, busy }) {
  if (!lines.items.length && !lines.next) return html`<div class="card"><${Empty} title=${t('rules.nobody')}>${t('rules.nobody-text')}</${Empty}></div>`;
  return html`<section><h2>${t('rules.who')}</h2><ul class="movers">${lines.items.map(line => html`<li key=${line.person_id} class=${rank(line.to_level)}><div class="row"><b>${line.full_name ?? t('rules.nameless', { tail: line.person_id.slice(-6) })}</b><small>${line.age_years} ${t('rules.years')} · ${line.commune_name}${line.last_report_at ? ` · ${t('rules.last', { at: dayHm(line.last_report_at) })}` : ''}</small><span class="sp"></span><span><${Level} level=${line.from_level} /> → <${Level} level=${line.to_level} /></span></div>
    ${line.causes.map(cause => html`<p>${language() === 'en' ? cause.text_en : cause.text}</p>`)}</li>`)}</ul>
    ${lines.next && html`<p><button type="button" class="btn" disabled=${busy} onClick=${more}>${t('rules.more')}</button></p>`}</section>`;
}

export function TryOut() {
  const [asked, setAsked] = useState(null), [commune, setCommune] = useState(null), [seen, setSeen] = useState(null), [lines, setLines] = useState(null), [fault, setFault] = useState(''), [busy, setBusy] = useState(false);
  const look = async (wish, where) => {
    setBusy(true); setFault('');
    try {
      const exact = { ...wish, commune_code: where };
      const found = await count(exact), first = await page(exact);
      setAsked(wish); setCommune(where); setSeen(found); setLines(first);
      setTimeout(() => document.getElementById('seen')?.focus());
    } catch (refusal) { setFault(words(refusal)); setSeen(null); setLines(null); }
    setBusy(false);
  };
  const more = async () => {
    setBusy(true);
    try { const next = await page({ ...asked, commune_code: commune }, lines.next); setLines({ items: [...lines.items, ...next.items], next: next.next }); } catch (refusal) { setFault(words(refusal)); }
    setBusy(false);
  };
  return html`<section class="card no-print"><h2>${t('rules.tryout')}</h2><p class="mut">${t('rules.tryout-text')}</p><${Asking} ask=${wish => look(wish, null)} busy=${busy} />${fault && html`<p class="wrong" role="alert">${fault}</p>`}</section>
    ${seen && html`<${Counted} seen=${seen} commune=${commune} narrow=${code => look(asked, code)} />`}
    ${seen && lines && html`<div class=${seen.communes.length ? 'both' : ''}><${Movers} lines=${lines} more=${more} busy=${busy} />${seen.communes.length > 0 && html`<${Communes} rows=${seen.communes} narrow=${code => look(asked, code)} />`}</div>`}`;
}
