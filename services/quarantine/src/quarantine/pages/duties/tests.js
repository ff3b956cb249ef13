// Xét nghiệm: who is tested today, who is overdue, and the results of one person or of a whole list.
import { call } from 'shell/auth.js';
import { day, localDay, now, num } from 'shell/kit.js';
import { t } from 'shell/i18n.js';
import { Dialog, Empty, html, useEffect, useState } from 'shell/ui.js';
import { instant, localTime, post, query, useLook, Waiting, Who, words } from './kit.js';

const LISTS = { due: 'r2', overdue: 'r4', done: 'r1' };
const VERDICTS = ['negative', 'positive', 'inconclusive'], PLACES = ['home', 'station', 'facility', 'hospital'];

const Choice = ({ name, of, label, prefix }) => html`<label class="field"><span>${label}</span><select name=${name}>${of.map(one => html`<option value=${one}>${t(`cases.${prefix}.${one}`)}</option>`)}</select></label>`;
const Taken = () => html`<label class="field"><span>${t('cases.swab.taken-at')}</span><input type="datetime-local" name="taken_at" required max=${localTime()} defaultValue=${localTime()} /></label>`;

/** One result of one person. A positive one is asked about once more before it is sent. */
export function TestResult({ item, close, done }) {
  const [verdict, setVerdict] = useState('negative'), [fault, setFault] = useState(''), [busy, setBusy] = useState(false);
  const send = async event => {
    event.preventDefault();
    const form = new FormData(event.target), sample = form.get('sample_id').trim();
    setBusy(true);
    try {
      await post(`/v1/cases/${item.person_id}/tests`, { kind: form.get('kind'), verdict, sampled_at: form.get('sampled_at'), taken_at: instant(form.get('taken_at')), ...(sample ? { sample_id: sample } : {}) });
      done(t(verdict === 'positive' ? 'cases.became-f0' : 'cases.swab.recorded', { name: item.person.full_name }));
    } catch (refusal) { setFault(words(refusal)); setBusy(false); }
  };
  return html`<${Dialog} title=${t('cases.swab.of', { name: item.person.full_name })} onClose=${close}><form onSubmit=${send}>
    <div class="three" role="group" aria-label=${t('cases.swab.verdict')}>${VERDICTS.map(v => html`<label class="pick"><input type="radio" name="verdict" checked=${v === verdict} onChange=${() => setVerdict(v)} />${t(`cases.verdict.${v}`)}</label>`)}</div>
    <div class="two"><${Choice} name="kind" of=${['rapid', 'pcr']} label=${t('cases.test')} prefix="assay" /><${Choice} name="sampled_at" of=${PLACES} label=${t('cases.swab.where')} prefix="sampled" /></div>
    <div class="two"><${Taken} /><label class="field"><span>${t('cases.swab.sample')}</span><input name="sample_id" maxlength="40" autocomplete="off" pattern="[A-Za-z0-9./_-]*" /></label></div>
    <p class="mut">${t(verdict === 'positive' ? 'cases.positive-says' : 'cases.swab.late-hint')}</p>${fault && html`<p class="wrong" role="alert">${fault}</p>`}
    <button class="btn pri" disabled=${busy}>${t('cases.swab.save')}</button></form></${Dialog}>`;
}

/** The same negative result for everybody who was ticked: one request, one answer each. */
function Negatives({ people, close, done }) {
  const [fault, setFault] = useState(''), [busy, setBusy] = useState(false);
  const send = async event => {
    event.preventDefault();
    const form = new FormData(event.target);
    setBusy(true);
    try {
      const { items } = await post('/v1/test-results', { kind: form.get('kind'), sampled_at: form.get('sampled_at'), taken_at: instant(form.get('taken_at')), people });
      const refused = items.filter(one => !one.is_recorded);
      if (refused.length) { setFault(t('cases.swab.some', { n: items.length - refused.length, of: items.length, why: refused[0].detail })); setBusy(false); return; }
      done(t('cases.swab.all', { n: items.length }));
    } catch (refusal) { setFault(words(refusal)); setBusy(false); }
  };
  return html`<${Dialog} title=${t('cases.swab.many', { n: people.length })} onClose=${close}><form onSubmit=${send}>
    <div class="two"><${Choice} name="kind" of=${['rapid', 'pcr']} label=${t('cases.test')} prefix="assay" /><${Choice} name="sampled_at" of=${PLACES} label=${t('cases.swab.where')} prefix="sampled" /></div>
    <${Taken} /><p class="mut">${t('cases.swab.many-hint')}</p>${fault && html`<p class="wrong" role="alert">${fault}</p>`}
    <button class="btn pri" disabled=${busy}>${t('cases.swab.save')}</button></form></${Dialog}>`;
}

function Line({ line, isOn, tick, ask, canRecord }) {
  const item = line.case, last = line.last_result;
  return html`<li class="duty ${line.test_on && line.test_on < localDay(now()) ? 'r4' : 'r2'}"><label class="pick">${canRecord && html`<input type="checkbox" checked=${isOn} onChange=${tick} aria-label=${t('cases.swab.tick', { name: item.person.full_name })} />`}<${Who} person=${item.person}>${t(`cases.category.${item.category}`)} · ${item.person.address ?? ''}, ${item.commune_name}</${Who}></label>
    <div class="what">${line.test_on ? t('cases.swab.due-on', { on: day(line.test_on) }) : t('cases.swab.none-owed')}<small>${last ? `${t(`cases.verdict.${last.verdict}`)} ${day(last.taken_on)}` : t('cases.swab.never')}</small></div><span></span>
    <div class="row do">${item.person.phone && html`<a class="btn" href=${`tel:${item.person.phone}`} aria-label=${t('cases.call-name', { name: item.person.full_name })}>${t('cases.do.call')}</a>`}
      ${canRecord && html`<button type="button" class="btn" onClick=${ask} aria-label=${t('cases.swab.of', { name: item.person.full_name })}>${t('cases.swab.record')}</button>`}</div></li>`;
}

export function Tests({ say, canRecord }) {
  const [kind, setKind] = useState('overdue'), [commune, setCommune] = useState(''), [rows, setRows] = useState(null), [next, setNext] = useState(null), [fault, setFault] = useState('');
  const [ticked, setTicked] = useState([]), [dialog, setDialog] = useState(null), [counts, , count] = useLook('/v1/test-counts');
  const page = cursor => call(`/v1/tests?${query({ status: kind, commune_code: commune, limit: 50, cursor })}`);
  const look = () => page().then(found => { setRows(found.items); setNext(found.next); setFault(''); }).catch(refusal => setFault(words(refusal)));
  useEffect(() => { setRows(null); setTicked([]); look(); }, [kind, commune]);
  const more = () => page(next).then(found => { setRows([...rows, ...found.items]); setNext(found.next); }).catch(refusal => setFault(words(refusal)));
  const done = text => { setDialog(null); setTicked([]); say(text); look(); count(); };
  const shown = counts ?? { due: 0, overdue: 0, done: 0, communes: [] }, all = (rows ?? []).map(row => row.case.person_id);
  return html`<section aria-label=${t('cases.swab.tab')} class="moves"><h2>${t('cases.swab.tab')}</h2>
    <div class="counts three-up" role="group" aria-label=${t('cases.filter')}>${Object.entries(LISTS).map(([k, shade]) => html`<button type="button" class=${shade} aria-pressed=${kind === k} onClick=${() => setKind(k)}><b class="num">${num(shown[k])}</b>${t(`cases.swab.list.${k}`)}</button>`)}</div>
    ${shown.communes.length > 1 && html`<label class="field"><span>${t('cases.commune')}</span><select value=${commune} onChange=${e => setCommune(e.target.value)}><option value="">${t('cases.change.everywhere')}</option>${shown.communes.map(c => html`<option value=${c.commune_code}>${c.commune_name}: ${t('cases.swab.of-commune', { due: num(c.due), overdue: num(c.overdue) })}</option>`)}</select></label>`}
    ${canRecord && rows?.length > 0 && kind !== 'done' && html`<div class="row"><button type="button" class="btn" onClick=${() => setTicked(ticked.length === all.length ? [] : all)}>${t(ticked.length === all.length ? 'cases.swab.none' : 'cases.swab.everybody')}</button>
      <button type="button" class="btn pri" disabled=${!ticked.length} onClick=${() => setDialog(['many'])}>${t('cases.swab.negative-n', { n: ticked.length })}</button></div>`}
    ${rows === null || fault ? html`<${Waiting} fault=${fault} />` : rows.length ? html`<ul class="duties">${rows.map(row => html`<${Line} key=${row.case.person_id} line=${row} canRecord=${canRecord} isOn=${ticked.includes(row.case.person_id)}
      tick=${() => setTicked(ticked.includes(row.case.person_id) ? ticked.filter(id => id !== row.case.person_id) : [...ticked, row.case.person_id])} ask=${() => setDialog(['one', row.case])} />`)}</ul>
      ${next && html`<p class="more"><button type="button" class="btn" onClick=${more}>${t('cases.more')}</button></p>`}` : html`<div class="card"><${Empty} title=${t(`cases.swab.empty.${kind}`)}>${t('cases.swab.empty-text')}</${Empty}></div>`}
    ${dialog?.[0] === 'one' && html`<${TestResult} item=${dialog[1]} close=${() => setDialog(null)} done=${done} />`}
    ${dialog?.[0] === 'many' && html`<${Negatives} people=${ticked} close=${() => setDialog(null)} done=${done} />`}</section>`;
}
