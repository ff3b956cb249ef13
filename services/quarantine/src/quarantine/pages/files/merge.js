// Gộp hồ sơ: two files side by side, a choice per field, the merge, and its undoing.
import { call } from 'shell/auth.js';
import { dayHm, freshId, now } from 'shell/kit.js';
import { t } from 'shell/i18n.js';
import { html, useEffect, useState } from 'shell/ui.js';
import { ask, words } from './common.js';

function Line({ line, chosen, choose }) {
  const name = t(`cases.merge.field.${line.name}`);
  if (line.is_same) return html`<tr><th scope="row">${name}</th><td colspan="2">${line.survivor ?? '—'} <span class="mut">${t('cases.merge.same')}</span></td></tr>`;
  return html`<tr><th scope="row">${name}</th>${['survivor', 'other'].map(side => html`<td><label class="pick"><input type="radio" name=${line.name} checked=${chosen === side} onChange=${() => choose(side)} />${line[side] ?? '—'}</label></td>`)}</tr>`;
}

/** Merges made of this person's files, each of which can be taken back for a week. */
export function Merges({ person, undone }) {
  const [merges, setMerges] = useState([]), [fault, setFault] = useState('');
  useEffect(() => { call(`/v1/merges?${ask({ person_id: person })}`).then(found => setMerges(found.items)).catch(() => {}); }, [person]);
  const undo = async merge => {
    try { await call(`/v1/merges/${merge.merge_id}/undo`, { method: 'POST', key: freshId() }); undone(t('cases.merge.undone')); } catch (refusal) { setFault(words(refusal)); }
  };
  const done = merges.filter(merge => merge.stage === 'done' && Date.parse(merge.may_undo_until) > now() - 6e8);
  return html`${fault && html`<p class="wrong" role="alert">${fault}</p>`}${done.map(merge => html`<div class="banner" key=${merge.merge_id}><div>${t('cases.merge.was', { at: dayHm(merge.started_at) })}</div><span class="sp"></span><button type="button" class="btn" onClick=${() => undo(merge)}>${t('cases.merge.undo')}</button></div>`)}`;
}

/** The comparison; the file on the left is the one that stays. */
export function Compare({ pair, done, close }) {
  const [[survivor, other], setPair] = useState(pair), [seen, setSeen] = useState(null), [choices, setChoices] = useState({}), [fault, setFault] = useState(''), [key, setKey] = useState(freshId()), [busy, setBusy] = useState(false);
  const look = () => call(`/v1/merge-previews?${ask({ survivor_id: survivor, other_id: other })}`).then(found => {
    setSeen(found);
    setChoices(Object.fromEntries(found.fields.map(line => [line.name, line.chosen])));
    setKey(freshId());
    setTimeout(() => document.getElementById('compare')?.focus(), 50);
  }).catch(refusal => setFault(words(refusal)));
  useEffect(() => { look(); }, [survivor, other]);
  const merge = async () => {
    setBusy(true);
    try {
      const made = await call('/v1/merges', { json: { survivor_id: survivor, other_id: other, choices, seen: seen.seen }, key });
      const undo = async () => { try { await call(`/v1/merges/${made.merge_id}/undo`, { method: 'POST', key: freshId() }); done(t('cases.merge.undone')); } catch (refusal) { done(words(refusal)); } };
      done(t('cases.merge.done', { name: seen.survivor.person.full_name }), undo);
    } catch (refusal) { setFault(words(refusal)); look(); } finally { setBusy(false); }
  };
  if (!seen) return fault ? html`<p class="wrong" role="alert">${fault}</p>` : html`<p role="status">…</p>`;
  const paper = view => (view.person.id_tail ? `CCCD …${view.person.id_tail}` : t('cases.no-paper'));
  return html`<section class="card compare"><h2 id="compare" tabindex="-1">${t('cases.merge.title')}</h2><p class="mut">${t('cases.merge.text')}</p>
    <div class="scroll" tabindex="0" role="region" aria-label=${t('cases.merge.title')}><table><thead><tr><td></td><th scope="col">${t('cases.merge.keep')}<br /><span class="num">${paper(seen.survivor)}</span></th><th scope="col">${t('cases.merge.yield')}<br /><span class="num">${paper(seen.other)}</span></th></tr></thead>
      <tbody>${seen.fields.map(line => html`<${Line} key=${line.name} line=${line} chosen=${choices[line.name]} choose=${side => setChoices({ ...choices, [line.name]: side })} />`)}</tbody></table></div>
    <p>${t('cases.merge.effects')}</p>
    ${seen.refusal && html`<p class="wrong" role="alert">${seen.refusal}</p>`}${fault && html`<p class="wrong" role="alert">${fault}</p>`}
    <div class="row"><button type="button" class="btn pri" disabled=${busy || !!seen.refusal} onClick=${merge}>${t('cases.merge.do')}</button>
      <button type="button" class="btn" onClick=${() => { setFault(''); setPair([other, survivor]); }}>${t('cases.merge.swap')}</button>
      <button type="button" class="btn text" onClick=${close}>${t('cases.merge.two-people')}</button></div></section>`;
}
