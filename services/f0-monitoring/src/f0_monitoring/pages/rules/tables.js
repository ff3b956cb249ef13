// The rules of a day as tables: what is measured, past which limit, in whom, which level, by which document.
import { html } from 'shell/ui.js';
import { day, num } from 'shell/kit.js';
import { language, t } from 'shell/i18n.js';
import { said } from '../said.js';

const RANK = { low: 1, medium: 2, high: 3, very_high: 4 };
export const rank = level => `r${RANK[level]}`;
export const Level = ({ level }) => html`<span class=${rank(level)}><span class=${`tag ${level === 'very_high' ? 'full' : ''}`}>${t(`rules.level.${level}`)}</span></span>`;
export const Mark = ({ confidence }) => html`<span class=${`mark ${confidence}`}>${t(`rules.confidence.${confidence}`)}</span>`;
const local = iso => day(`${iso}T00:00:00+07:00`);
const note = row => (language() === 'en' ? row.note : row.note_vi);
const share = value => (value == null ? '—' : `${num(value * 100)} %`);

function Criterion({ row, document }) {
  return html`<tr><th scope="row">${said(row, 'label')}<small>${said(row, 'meaning')}</small></th>
    <td class=${said(row, 'people') ? '' : 'same'} data-name=${t('rules.measure')}>${said(row, 'measure')}</td>
    <td data-name=${t('rules.threshold')}><span class="limit">${said(row, 'threshold')}</span></td>
    <td class=${said(row, 'people') ? '' : 'same'} data-name=${t('rules.people')}>${said(row, 'people') || t('rules.as-threshold')}</td>
    <td data-name=${t('rules.counts')}><${Level} level=${row.level} />${row.unconfirmed_level && html`<small>${t('rules.once', { level: t(`rules.level.${row.unconfirmed_level}`) })}${row.unanswered_minutes ? ` ${t('rules.unanswered', { n: row.unanswered_minutes })}` : ''}</small>`}</td>
    <td data-name=${t('rules.source')}><${Mark} confidence=${row.confidence} />${row.document !== document && html`<small>${row.document}</small>`}${note(row) && html`<small>${note(row)}</small>`}</td></tr>`;
}

function Figures({ rows, caption }) {
  if (!rows.length) return null;
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${caption}><table><caption class="mut">${caption}</caption><thead><tr><th scope="col">${t('rules.way')}</th>
    ${['sensitivity', 'sensitivity_declaring', 'before_turn', 'false_per_100', 'well_ever', 'children_false_per_100', 'children_ever'].map(name => html`<th scope="col" class="n">${t(`rules.figure.${name}`)}</th>`)}</tr></thead>
    <tbody>${rows.map(row => html`<tr><th scope="row">${t(`rules.way.${row.way}`)}</th><td class="n num">${share(row.sensitivity)}</td><td class="n num">${share(row.sensitivity_declaring)}</td><td class="n num">${share(row.before_turn)}</td>
      <td class="n num">${num(row.false_per_100)}</td><td class="n num">${share(row.well_ever)}</td><td class="n num">${num(row.children_false_per_100)}</td><td class="n num">${share(row.children_ever)}</td></tr>`)}</tbody></table></div>`;
}

function File({ file, accuracy }) {
  const rows = accuracy ? accuracy.rows.filter(row => row.rules === file.version) : [];
  return html`<section class="card file" id=${file.version}><div class="head"><h2>${said(file, 'title')}</h2><span class="mut">${file.version}</span>${file.to_be_confirmed && html`<span class="mark memory">${t('rules.to-be-confirmed')}</span>`}</div>
    <dl class="kv"><dt>${t('rules.document')}</dt><dd>${file.document}${file.document_date ? ` (${local(file.document_date)})` : ''}</dd>
      <dt>${t('rules.effective')}</dt><dd>${file.effective_to ? t('rules.from-to', { from: local(file.effective_from), to: local(file.effective_to), by: file.replaced_by }) : t('rules.from', { from: local(file.effective_from) })}</dd>
      <dt>${t('rules.read')}</dt><dd><${Mark} confidence=${file.confidence} /></dd></dl>
    <p class="note">${note(file)}</p>
    <div class="scroll" tabindex="0" role="region" aria-label=${said(file, 'title')}><table class="wide-table"><thead><tr>${['criterion', 'measure', 'threshold', 'people', 'counts', 'source'].map(name => html`<th scope="col">${t(`rules.${name}`)}</th>`)}</tr></thead>
      <tbody>${file.criteria.map(row => html`<${Criterion} key=${row.code} row=${row} document=${file.document} />`)}</tbody></table></div>
    <${Figures} rows=${rows} caption=${t('rules.figures-of', { document: file.document })} /></section>`;
}

const between = band => (band.low == null ? `≤ ${num(band.high)}` : band.high == null ? `≥ ${num(band.low)}` : `${num(band.low)}–${num(band.high)}`);
function Chart({ rows }) {
  return html`<section class="card file"><h2>${t('rules.chart')}</h2><p class="note">${t('rules.chart-text')}</p><div class="scroll" tabindex="0" role="region" aria-label=${t('rules.chart')}><table class="chart"><tbody>
    ${rows.map(row => html`<tr><th scope="row">${said(row, 'label')}</th>${row.bands.map(band => html`<td><span class="limit">${between(band)}</span><small>${t('rules.points', { n: band.points })}</small></td>`)}</tr>`)}
    <tr><th scope="row">${t('rules.chart-others')}</th><td colspan="6">${t('rules.chart-others-text')}</td></tr></tbody></table></div></section>`;
}
function Form({ form }) {
  return html`<section class="card file"><h2>${t('rules.form')}</h2><dl class="kv"><dt>${t('rules.slots')}</dt><dd>${form.slots.map(slot => `${said(slot, 'name')} ${slot.opens}–${slot.due}`).join('; ')}</dd>
    <dt>${t('rules.again')}</dt><dd>${t('rules.again-text', { after: form.remeasure_after_seconds, within: form.remeasure_within_seconds, hours: form.confirm_within_hours })}</dd>
    <dt>${t('rules.calm')}</dt><dd>${t('rules.calm-text', { n: form.calm_hours })}</dd><dt>${t('rules.document')}</dt><dd>${form.document} <${Mark} confidence=${form.confidence} /></dd></dl><p class="note">${note(form)}</p></section>`;
}

/** Everything in force on the day of `seen` (the answer of /v1/rulesets/tables). */
export function Tables({ seen }) {
  const { accuracy } = seen, together = seen.files.map(file => file.version).join('+');
  const rows = accuracy ? accuracy.rows.filter(row => row.rules === together) : [];
  return html`<p class="only-print">${t('rules.printed', { on: local(seen.day) })}</p>
    ${seen.files.some(file => file.to_be_confirmed) && html`<div class="banner"><b>${t('rules.not-signed')}</b><span>${t('rules.not-signed-text')}</span></div>`}
    ${accuracy && html`<section class="card file"><h2>${t('rules.accuracy')}</h2><p class="note">${t('rules.accuracy-text', { severe: num(accuracy.severe), well: num(accuracy.well), children: num(accuracy.children), days: accuracy.days, n: num(accuracy.declarations) })}</p>
      <${Figures} rows=${rows} caption=${t('rules.together')} /></section>`}
    ${seen.files.map(file => html`<${File} key=${file.version} file=${file} accuracy=${accuracy} />`)}
    <${Chart} rows=${seen.chart} /><${Form} form=${seen.form} />`;
}
