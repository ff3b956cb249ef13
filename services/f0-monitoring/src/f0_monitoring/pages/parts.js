// The row of a patient, the patient, and the dialogs that ask for a reason.
import { Dialog, html, useEffect, useState } from 'shell/ui.js';
import { dayHm, hm, minutesSince, num } from 'shell/kit.js';
import { t } from 'shell/i18n.js';
import { said } from './said.js';
import { Trend } from './trend.js';
import { RANK, heardAt, shortReason, span } from './worklist.js';

const risk = level => t(`doctor.risk.${level}`);
export const Tag = ({ level, full }) => html`<span class=${`r${RANK[level]}`}><span class=${`tag ${full ? 'full' : ''}`}>${risk(level)}</span></span>`;

export function Row({ p, on, open }) {
  const silent = p.is_silent, quiet = minutesSince(heardAt(p));
  return html`<li><button type="button" class=${`pt r${RANK[p.risk_level]}`} aria-current=${on ? 'true' : null} onClick=${open}>
    <b>${p.person.full_name}</b><${Tag} level=${p.risk_level} full=${RANK[p.risk_level] === 4} />
    <span class="why">${shortReason(p)}</span>
    <span class="foot"><span>${t(`doctor.sex.${p.person.sex}`)} ${p.age_years} · ${t('doctor.illness-day', { n: p.illness_day })}</span><span>${p.commune_name}</span>
    <span class=${silent ? 'quiet' : ''}>${silent ? `◔ ${t('doctor.silent', { span: span(quiet) })}` : p.last_report_at ? t('doctor.ago', { span: span(quiet) }) : t('doctor.never')}</span>
    ${p.care_state !== 'at_home' && html`<span>${t(`doctor.care.${p.care_state}`)}</span>`}</span></button></li>`;
}

function Why({ p }) {
  return html`<section class="card"><div class="head"><h2>${t('doctor.why', { risk: risk(p.risk_level) })}</h2><small>${t('doctor.since', { at: dayHm(p.risk.since) })} · ${t('doctor.ruleset')} ${p.risk.ruleset} · <a href=${`/quy-tac?person=${p.person_id}`}>${t('doctor.to-be-signed')}</a></small></div>
    ${p.risk.reasons.length ? html`<table><thead><tr><th scope="col">${t('doctor.criterion')}</th><th scope="col">${t('doctor.value')}</th><th scope="col">${t('doctor.threshold-document')}</th></tr></thead>
    <tbody>${p.risk.reasons.map(r => html`<tr class=${r.is_confirmed ? '' : 'doubt'}><th scope="row">${said(r, 'label')}<small>${r.is_confirmed ? said(r, 'meaning') : t('doctor.awaits-second')}</small></th>
      <td><b>${typeof r.value === 'number' ? num(r.value) : t(`doctor.value.${r.value}`)}</b>${r.at && html`<small>${dayHm(r.at)}</small>`}</td><td><b>${r.threshold}</b><small>${r.document}</small></td></tr>`)}</tbody></table>`
    : html`<p class="mut">${t('doctor.nothing-fired')}</p>`}
    ${p.risk.calm_since && html`<p class="mut">${t('doctor.calm-since', { at: dayHm(p.risk.calm_since) })}</p>`}</section>`;
}

function Trends({ p, rows }) {
  const points = name => rows.map(r => ({ at: r.reported_at, value: r[name] }));
  const common = { silent: p.is_silent };
  return html`<div class="trends">
    <${Trend} ...${common} name="SpO₂" unit="%" points=${points('settled')} range=${[86, 100]} limit=${93} label="< 94" below />
    <${Trend} ...${common} name=${t('doctor.pulse')} unit=${t('doctor.per-minute')} points=${points('pulse_per_minute')} range=${[50, 140]} limit=${121} label="> 120" />
    <${Trend} ...${common} name=${t('doctor.breaths')} unit=${t('doctor.per-minute')} points=${points('breaths_per_minute')} range=${[10, 34]} limit=${26} label="> 25" />
    <${Trend} ...${common} name=${t('doctor.temperature')} unit="°C" points=${points('temperature_celsius')} range=${[36, 40]} limit=${39.1} label="≥ 39,1" />
    ${p.news2_applies ? html`<${Trend} ...${common} name="NEWS2" unit="" points=${points('news2')} range=${[0, 12]} limit=${7} label="≥ 7" />`
    : html`<section class="card"><h3>NEWS2</h3><p class="mut">${t('doctor.no-news2')}</p></section>`}</div>`;
}

function Story({ p, rows }) {
  const steps = [...p.history].reverse().map(s => ({ at: s.at, what: t(`doctor.care.${s.to_state}`), small: [s.reason, s.by].join(' · ') }));  // newest first, also within a minute
  const told = rows.map(r => ({ at: r.reported_at, what: [`SpO₂ ${num(r.spo2_percent)}${r.spo2_repeat_percent != null ? ` → ${num(r.spo2_repeat_percent)}` : ''} %`, `${num(r.temperature_celsius)} °C`, ...r.symptoms].join(' · '),
    small: [t(`doctor.by.${r.declared_by}`), r.is_late && `▲ ${t('doctor.late', { at: hm(r.received_at) })}`].filter(Boolean).join(' · ') }));
  const all = [...steps, ...told].sort((a, b) => Date.parse(b.at) - Date.parse(a.at)).slice(0, 30);
  return html`<section class="card"><h2>${t('doctor.story')}</h2><ol class="time">${all.map(s => html`<li><time class="num">${dayHm(s.at)}</time><div>${s.what}<small>${s.small}</small></div></li>`)}</ol></section>`;
}

const settled = r => ({ ...r, settled: r.spo2_repeat_percent == null || r.spo2_percent == null ? r.spo2_percent : Math.max(r.spo2_percent, r.spo2_repeat_percent) });

export function Patient({ p, reports, act, back }) {
  const rows = [...reports].reverse().map(settled), notes = p.conditions.map(c => c.label);
  if (p.pregnant) notes.push(t('doctor.pregnant'));
  if (p.weight_kg) notes.push(`${num(p.weight_kg)} kg`);
  notes.push(t('doctor.doses', { n: p.vaccination_doses }));
  return html`<section class="pane care stack" aria-label=${t('doctor.record')} tabindex="0">
    <div class="who"><button type="button" class="btn text back" onClick=${back}>‹ ${t('doctor.list')}</button>
      <div class="row"><h2 tabindex="-1" id="name">${p.person.full_name}</h2><${Tag} level=${p.risk_level} full /><span class="tag">${t(`doctor.care.${p.care_state}`)}</span></div>
      <p class="facts">${t(`doctor.sex.${p.person.sex}`)} ${p.age_years} ${t('doctor.years')} · ${t('doctor.illness-day', { n: p.illness_day })} · ${p.person.address}, ${p.commune_name}, ${p.district_name} · ${notes.join(', ')}</p>
      <p class="facts">${p.doctor ? html`${t('doctor.carer')}: <b>${p.doctor.name}</b> · ${t(`doctor.found.${p.doctor.reason}`)}` : t('doctor.nobody')}</p>
      <div class="acts" role="group" aria-label=${t('doctor.acts')}>
        ${p.person.phone ? html`<a class="btn pri" href=${`tel:${p.person.phone}`}>☎ ${t('doctor.phone')} <kbd>C</kbd></a>` : html`<span class="btn" aria-disabled="true">${t('doctor.no-phone')}</span>`}
        ${!p.closed_on && html`<button type="button" class="btn" onClick=${() => act('move')}>${t('doctor.move')} <kbd>T</kbd></button>
        <button type="button" class="btn" onClick=${() => act('close')}>${t('doctor.close')}</button>`}</div></div>
    ${p.is_silent && html`<div class="banner"><b>${t('doctor.silent', { span: span(minutesSince(heardAt(p))) })}</b><span>${t('doctor.silent-advice', { n: p.missed_in_a_row })}</span></div>`}
    ${p.risk.awaits_remeasure_until && html`<div class="banner"><b>${t('doctor.remeasure')}</b><span>${t('doctor.remeasure-until', { at: hm(p.risk.awaits_remeasure_until) })}</span></div>`}
    <${Why} p=${p} /><${Trends} p=${p} rows=${rows} /><${Story} p=${p} rows=${reports} /></section>`;
}

const MOVES = { declared: ['at_home', 'transferring'], at_home: ['transferring'], transferring: ['in_hospital', 'at_home'], in_hospital: ['at_home', 'transferring'] };
const ENDS = ['recovered', 'died', 'wrongly_declared'];
/** Ask where to and why; `send(body)` answers null, or the refusal that the reader shall see. */
export function Ask({ kind, p, send, onClose }) {
  const choices = kind === 'move' ? MOVES[p.care_state] ?? [] : p.care_state === 'transferring' ? ENDS.slice(1) : ENDS;
  const [fault, setFault] = useState(''), [busy, setBusy] = useState(false);
  useEffect(() => { document.querySelector('dialog input')?.focus(); }, []);
  const submit = async event => {
    event.preventDefault();
    const { to, reason } = event.target.elements;
    setBusy(true);
    setFault(await send(kind === 'move' ? { to_state: to.value, reason: reason.value } : { outcome: to.value, reason: reason.value }) ?? '');
    setBusy(false);
  };
  return html`<${Dialog} title=${`${t(`doctor.${kind}`)}: ${p.person.full_name}`} onClose=${onClose}><form onSubmit=${submit}>
    <fieldset class="choices"><legend class="mut">${t(`doctor.ask.${kind}`)}</legend>${choices.map((state, i) => html`<label class="pick"><input type="radio" name="to" value=${state} checked=${!i} />${t(`doctor.care.${state}`)}</label>`)}</fieldset>
    <label class="field"><span>${t('doctor.reason')}</span><textarea name="reason" rows="2" required minlength="2" maxlength="500"></textarea></label>
    ${fault && html`<p class="problem" role="alert">${fault}</p>`}
    <button class=${`btn ${kind === 'close' ? 'bad' : 'pri'}`} disabled=${busy}>${t(`doctor.${kind}`)}</button></form></${Dialog}>`;
}
