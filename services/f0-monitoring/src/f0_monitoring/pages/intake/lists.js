// Lists in Excel: template down, filled list up, every row answered, a whole upload undone.
import { call } from 'shell/auth.js';
import { download, upload, wordsOf } from 'shell/files.js';
import { dayHm, freshId, num } from 'shell/kit.js';
import { t } from 'shell/i18n.js';
import { Empty, Failed, html, useEffect, useRef, useState } from 'shell/ui.js';

const words = fault => wordsOf(fault, t('intake.no-answer'));
const COUNTS = [['declared', 'ok'], ['wrong', 'bad'], ['repeated', ''], ['ready', ''], ['undone', ''], ['kept', 'bad']];
const BUSY = ['working', 'undoing'], POLL_MS = 700;

function Upload({ received }) {
  const [stage, setStage] = useState(null), [fault, setFault] = useState(''), [over, setOver] = useState(false), whole = useRef(null);
  const send = async file => {
    if (!file) return;
    setFault(''); setStage(0);
    const only = whole.current.checked ? '&all_or_nothing=true' : '';
    try { received(await upload(`/v1/case-lists?file_name=${encodeURIComponent(file.name.slice(0, 120))}${only}`, file, freshId(), setStage)); }
    catch (found) { setFault(words(found)); }
    setStage(null);
  };
  const dropped = event => { event.preventDefault(); setOver(false); send(event.dataTransfer.files[0]); };
  return html`<section class="card"><h2>${t('lists.new')}</h2><ol class="steps"><li>${t('lists.step-1')}</li><li>${t('lists.step-2')}</li><li>${t('lists.step-3')}</li></ol>
    <p><button type="button" class="btn" id="template" onClick=${() => download('/v1/case-lists/template.xlsx', 'mau-danh-sach-f0.xlsx').catch(found => setFault(words(found)))}>${t('lists.template')}</button></p>
    <label class="pick"><input type="checkbox" ref=${whole} /><span>${t('lists.whole')}</span></label>
    <div class=${over ? 'drop over' : 'drop'} onDragOver=${event => { event.preventDefault(); setOver(true); }} onDragLeave=${() => setOver(false)} onDrop=${dropped}>
      <label class="field"><span>${t('lists.file')}</span><input type="file" id="file" accept=".xlsx" disabled=${stage !== null} onChange=${event => { send(event.target.files[0]); event.target.value = ''; }} /></label>
      ${stage !== null && html`<p role="status">${stage < 1 ? t('lists.sending', { share: Math.round(stage * 100) }) : t('lists.reading')}</p>`}</div>
    ${fault && html`<p class="wrong" role="alert">${fault}</p>`}</section>`;
}

/** Undoing needs a reason and a second look at how many people it concerns. */
function Undo({ list, undone }) {
  const [open, setOpen] = useState(false), [fault, setFault] = useState('');
  const send = async event => {
    event.preventDefault();
    const json = { reason: new FormData(event.target).get('reason').trim() };
    try { undone(await call(`/v1/case-lists/${list.list_id}/undoing`, { method: 'POST', json, key: freshId() })); setOpen(false); } catch (found) { setFault(words(found)); }
  };
  if (!open) return html`<button type="button" class="btn text" onClick=${() => setOpen(true)}>${t('lists.undo')}</button>`;
  return html`<form class="undo" onSubmit=${send}><p>${t('lists.undo-says', { people: num(list.counts.declared) })}</p>
    <label class="field"><span>${t('lists.undo-reason')}</span><input name="reason" required minlength="2" maxlength="500" autocomplete="off" /></label>
    ${fault && html`<p class="wrong" role="alert">${fault}</p>`}
    <div class="row"><button class="btn bad">${t('lists.undo-now', { people: num(list.counts.declared) })}</button><button type="button" class="btn" onClick=${() => setOpen(false)}>${t('intake.cancel')}</button></div></form>`;
}

/** One upload: how far it is, and what can be fetched of it. Asks again while the machine works. */
function List({ first, say }) {
  const [list, setList] = useState(first), [busy, setBusy] = useState(false), works = BUSY.includes(list.status);
  useEffect(() => {
    if (!works) return undefined;
    const timer = setInterval(() => call(`/v1/case-lists/${list.list_id}`).then(setList).catch(() => {}), POLL_MS);
    return () => clearInterval(timer);
  }, [works]);
  const fetched = async () => {
    setBusy(true);
    try { await download(`/v1/case-lists/${list.list_id}/answers.xlsx`, 'danh-sach-f0-tra-loi.xlsx'); } catch (found) { say(words(found)); }
    setBusy(false);
  };
  const far = { done: num(list.done), rows: num(list.rows) };
  return html`<li class="list" data-status=${list.status} id=${`list-${list.list_id}`}>
    <div class="row"><b>${list.file_name || t('lists.unnamed')}</b><span class="tag status-${list.status}">${t(`lists.${list.status}`)}</span><span class="mut">${dayHm(list.received_at)}</span>${!list.is_mine && html`<span class="mut">${t('lists.not-mine')}</span>`}</div>
    ${works && html`<progress max=${list.rows} value=${list.done} aria-label=${t(`lists.far-${list.status}`, far)}></progress><p role="status">${t(`lists.far-${list.status}`, far)}</p>`}
    <dl class="counts">${COUNTS.filter(([name]) => list.counts[name] || name === 'declared').map(([name, tone]) => html`<div class=${tone} data-count=${name}><dt>${t(`lists.row-${name}`)}</dt><dd class="num">${num(list.counts[name])}</dd></div>`)}</dl>
    ${list.status === 'refused' && html`<p class="wrong">${t('lists.say-refused')}</p>`}
    ${list.counts.wrong > 0 && !list.undone_at && html`<p class="wrong">${t('lists.mend', { wrong: num(list.counts.wrong) })}</p>`}
    ${list.counts.kept > 0 && html`<p class="wrong">${t('lists.say-kept', { kept: num(list.counts.kept) })}</p>`}
    ${list.undo_reason && html`<p>${t('lists.undone-because', { at: dayHm(list.undone_at), reason: list.undo_reason })}</p>`}
    <div class="row"><button type="button" class="btn" disabled=${busy} onClick=${fetched}>${busy ? t('lists.preparing') : t('lists.answers')}</button></div>
    ${list.status === 'done' && list.counts.declared > 0 && html`<${Undo} list=${list} undone=${setList} />`}</li>`;
}

export function Lists({ say }) {
  const [lists, setLists] = useState(null), [fault, setFault] = useState(null);
  const load = () => call('/v1/case-lists?limit=20').then(page => { setLists(page.items); setFault(null); }).catch(setFault);
  useEffect(() => { load(); }, []);
  if (fault) return html`<${Failed} title=${t('lists.failed')} onRetry=${load}>${words(fault)}</${Failed}>`;
  return html`<div class="halves"><${Upload} received=${list => setLists([list, ...(lists ?? []).filter(each => each.list_id !== list.list_id)])} />
    <section class="card" id="lists"><h2>${t('lists.mine')}</h2>${!lists ? html`<p role="status">…</p>` : lists.length ? html`<ul class="plain">${lists.map(each => html`<${List} key=${each.list_id} first=${each} say=${say} />`)}</ul>` : html`<${Empty} title=${t('lists.none')}>${t('lists.none-hint')}</${Empty}>`}</section></div>`;
}
