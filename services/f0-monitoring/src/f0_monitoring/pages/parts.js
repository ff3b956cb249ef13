// The row of a patient, and the record: who, whether the last number is still true, why, trends, what happened.
import { html } from 'shell/ui.js';
import { day, dayHm, hm, minutesSince, now, num } from 'shell/kit.js';
import { t } from 'shell/i18n.js';
import { said } from './said.js';
import { Story } from './story.js';
import { Trend } from './trend.js';
import { RANK, heardAt, isAside, shortReason, span } from './worklist.js';

const risk = level => t(`doctor.risk.${level}`), TREND_DAYS = 5 * 86400000;
export const Tag = ({ level, full }) => html`<span class=${`r${RANK[level]}`}><span class=${`tag ${full ? 'full' : ''}`}>${risk(level)}</span></span>`;

export function Row({ p, on, open }) {
  const silent = p.is_silent, quiet = minutesSince(heardAt(p));
  return html`<li><button type="button" class=${`pt r${RANK[p.risk_level]}`} data-id=${p.person_id} aria-current=${on ? 'true' : null} onClick=${open}>
    <b>${p.full_name}</b><${Tag} level=${p.risk_level} full=${RANK[p.risk_level] === 4} />
    <span class="why">${shortReason(p)}</span>
    <span class="foot"><span>${t(`doctor.sex.${p.sex}`)} ${p.age_years} · ${t('doctor.illness-day', { n: p.illness_day })}</span><span>${p.commune_name}</span>
    <span class=${silent ? 'quiet' : ''}>${silent ? `◔ ${t('doctor.silent', { span: span(quiet) })}` : p.last_report_at ? t('doctor.ago', { span: span(quiet) }) : t('doctor.never')}</span>
    ${p.taken && html`<span>✎ ${p.taken.is_me ? t('doctor.you-have-it') : t('doctor.has-it', { name: p.taken.name })}</span>`}
    ${isAside(p, now()) && html`<span>⏸ ${t('doctor.aside-until', { at: hm(p.snoozed_until) })}</span>`}
    ${p.unanswered_calls > 0 && html`<span>☎ ${t('doctor.unanswered', { n: p.unanswered_calls })}</span>`}
    ${p.knock_due_at && html`<span class=${Date.parse(p.knock_due_at) < now() ? 'quiet' : ''}>⌂ ${t('doctor.knock-by', { at: hm(p.knock_due_at) })}</span>`}
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
  const recent = rows.filter(r => now() - Date.parse(r.reported_at) < TREND_DAYS), shown = recent.length ? recent : rows;
  const points = name => shown.map(r => ({ at: r.reported_at, value: r[name] }));
  const common = { silent: p.is_silent };
  return html`<div class="trends">
    <${Trend} ...${common} name="SpO₂" unit="%" points=${points('settled')} range=${[86, 100]} limit=${93} label="< 94" below />
    <${Trend} ...${common} name=${t('doctor.pulse')} unit=${t('doctor.per-minute')} points=${points('pulse_per_minute')} range=${[50, 140]} limit=${121} label="> 120" />
    <${Trend} ...${common} name=${t('doctor.temperature')} unit="°C" points=${points('temperature_celsius')} range=${[36, 40]} limit=${39.1} label="≥ 39,1" />
    ${p.news2_applies ? html`<${Trend} ...${common} name="NEWS2" unit="" points=${points('news2')} range=${[0, 12]} limit=${7} label="≥ 7" />`
    : html`<section class="card"><h3>NEWS2</h3><p class="mut">${t('doctor.no-news2')}</p></section>`}
    <${Trend} ...${common} name=${t('doctor.breaths')} unit=${t('doctor.per-minute')} points=${points('breaths_per_minute')} range=${[10, 34]} limit=${26} label="> 25" /></div>`;
}

const settled = r => ({ ...r, settled: r.spo2_repeat_percent == null || r.spo2_percent == null ? r.spo2_percent : Math.max(r.spo2_percent, r.spo2_repeat_percent) });

/** What is to be known before the last number is believed. */
function Banners({ p, care }) {
  const { snooze, knock, taken } = care ?? {};
  return html`${p.is_silent && html`<div class="banner"><b>${t('doctor.silent', { span: span(minutesSince(heardAt(p))) })}</b><span>${t('doctor.silent-advice', { n: p.missed_in_a_row })}</span></div>`}
    ${p.names_removed_on && html`<div class="banner" id="names-removed"><b>${t('doctor.names-removed')}</b><span>${t('doctor.names-removed-on', { on: day(p.names_removed_on) })}</span></div>`}
    ${p.risk.awaits_remeasure_until && html`<div class="banner"><b>${t('doctor.remeasure')}</b><span>${t('doctor.remeasure-until', { at: hm(p.risk.awaits_remeasure_until) })}</span></div>`}
    ${taken && !taken.is_me && html`<div class="banner"><b>✎ ${t('doctor.has-it', { name: taken.name })}</b><span>${t('doctor.since', { at: dayHm(taken.at) })}</span></div>`}
    ${snooze && html`<div class="banner"><b>⏸ ${t('doctor.aside-until', { at: dayHm(snooze.until) })}</b><span>${snooze.by_name}: ${snooze.note}</span></div>`}
    ${knock && html`<div class=${`banner ${knock.is_late ? 'bad' : ''}`}><b>⌂ ${t(knock.is_late ? 'doctor.knock-late' : 'doctor.knock-by', { at: dayHm(knock.due_at) })}</b><span>${knock.by_name}${knock.note && `: ${knock.note}`}</span></div>`}`;
}

export function Patient({ p, reports, care, act, back, unread }) {
  const rows = [...reports].reverse().map(settled), notes = p.conditions.map(c => c.label), open = !p.closed_on, phone = p.person.phone;
  if (p.pregnant) notes.push(t('doctor.pregnant'));
  if (p.weight_kg) notes.push(`${num(p.weight_kg)} kg`);
  notes.push(t('doctor.doses', { n: p.vaccination_doses }));
  const mine = care?.taken?.is_me;
  return html`<section class="pane care stack" aria-label=${t('doctor.record')} tabindex="0">
    <div class="who"><button type="button" class="btn text back" onClick=${back}>‹ ${t('doctor.list')}</button>
      <div class="row"><h2 tabindex="-1" id="name">${p.person.full_name}</h2><${Tag} level=${p.risk_level} full /><span class="tag">${t(`doctor.care.${p.care_state}`)}</span></div>
      <p class="facts">${t(`doctor.sex.${p.person.sex}`)} ${p.age_years} ${t('doctor.years')} · ${t('doctor.illness-day', { n: p.illness_day })} · ${p.person.address ? `${p.person.address}, ` : ''}${p.commune_name}, ${p.district_name} · ${notes.join(', ')}</p>
      <div class="acts" role="group" aria-label=${t('doctor.acts')}>
        ${phone ? html`<a class="btn pri" href=${`tel:${phone}`} onClick=${() => act('call')}>☎ ${t('doctor.phone')} <kbd>C</kbd></a>` : html`<span class="btn" aria-disabled="true">${t('doctor.no-phone')}</span>`}
        ${open && html`<button type="button" class="btn" aria-pressed=${Boolean(mine)} onClick=${() => act(mine ? 'give-back' : 'take')}>${mine ? `✓ ${t('doctor.you-have-it')}` : t('doctor.take')} <kbd>A</kbd></button>
        ${care?.snooze ? html`<button type="button" class="btn" onClick=${() => act('wake')}>${t('doctor.wake')} <kbd>S</kbd></button>` : html`<button type="button" class="btn" onClick=${() => act('snooze')}>${t('doctor.snooze')} <kbd>S</kbd></button>`}
        <button type="button" class="btn desk-only" onClick=${() => act('move')}>${t('doctor.move')} <kbd>T</kbd></button>
        <button type="button" class="btn desk-only" onClick=${() => act(care?.knock ? 'answer' : 'knock')}>${t(care?.knock ? 'doctor.answer' : 'doctor.knock')} <kbd>G</kbd></button>
        <button type="button" class="btn" onClick=${() => act('more')}>${t('doctor.more')}</button>`}</div></div>
    ${unread}<${Banners} p=${p} care=${care} /><${Why} p=${p} /><${Trends} p=${p} rows=${rows} /><${Story} p=${p} rows=${reports} care=${care} /></section>`;
}
