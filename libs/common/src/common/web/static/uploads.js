// Lists in Excel: template down, filled list up, every row answered, a whole upload undone. Its texts are those of the page.
import { call } from 'shell/auth.js';
import { download, upload, wordsOf } from 'shell/files.js';
import { dayHm, freshId, num } from 'shell/kit.js';
import { t } from 'shell/i18n.js';
import { Empty, Failed, html, useEffect, useRef, useState } from 'shell/ui.js';

const said = (name, values) => t(`lists.${name}`, values);
const words = fault => wordsOf(fault, said('no-answer'));
const COUNTS = [['declared', 'ok'], ['wrong', 'bad'], ['repeated', ''], ['ready', ''], ['undone', ''], ['kept', 'bad']];
const BUSY = ['working', 'undoing'], POLL_MS = 700;

function Upload({ at, received }) {
  const [stage, setStage] = useState(null), [fault, setFault] = useState(''), [over, setOver] = useState(false), whole = useRef(null);
  const send = async file => {
    if (!file) return;
    setFault(''); setStage(0);
    const only = whole.current.checked ? '&all_or_nothing=true' : '';
    try { received(await upload(`${at.address}?file_name=${encodeURIComponent(file.name.slice(0, 120))}${only}`, file, freshId(), setStage, file.name.toLowerCase().endsWith('.csv') ? 'text/csv' : undefined)); }
    catch (found) { setFault(words(found)); }
    setStage(null);
  };
  const dropped = event => { event.preventDefault(); setOver(false); send(event.dataTransfer.files[0]); };
  return html`<section class="card"><h2>${said('new')}</h2><ol class="steps"><li>${said('step-1')}</li><li>${said('step-2')}</li><li>${said('step-3')}</li></ol>
    <p><button type="button" class="btn" id="template" onClick=${() => download(`${at.address}/template.xlsx`, at.template).catch(found => setFault(words(found)))}>${said('template')}</button></p>
    <label class="pick"><input type="checkbox" ref=${whole} /><span>${said('whole')}</span></label>
    <div class=${over ? 'drop over' : 'drop'} onDragOver=${event => { event.preventDefault(); setOver(true); }} onDragLeave=${() => setOver(false)} onDrop=${dropped}>
      <label class="field"><span>${said('file')}</span><input type="file" id="file" accept=${at.accept ?? '.xlsx'} disabled=${stage !== null} onChange=${event => { send(event.target.files[0]); event.target.value = ''; }} /></label>
      ${stage !== null && html`<p role="status">${stage < 1 ? said('sending', { share: Math.round(stage * 100) }) : said('reading')}</p>`}</div>
    ${fault && html`<p class="wrong" role="alert">${fault}</p>`}</section>`;
}

/** Undoing needs a reason and a second look at how many people it concerns. */
function Undo({ at, list, undone }) {
  const [open, setOpen] = useState(false), [fault, setFault] = useState('');
  const send = async event => {
    event.preventDefault();
    const json = { reason: new FormData(event.target).get('reason').trim() };
    try { undone(await call(`${at.address}/${list.list_id}/undoing`, { method: 'POST', json, key: freshId() })); setOpen(false); } catch (found) { setFault(words(found)); }
  };
  if (!open) return html`<button type="button" class="btn text" onClick=${() => setOpen(true)}>${said('undo')}</button>`;
  return html`<form class="undo" onSubmit=${send}><p>${said('undo-says', { people: num(list.counts.declared) })}</p>
    <label class="field"><span>${said('undo-reason')}</span><input name="reason" required minlength="2" maxlength="500" autocomplete="off" /></label>
    ${fault && html`<p class="wrong" role="alert">${fault}</p>`}
    <div class="row"><button class="btn bad">${said('undo-now', { people: num(list.counts.declared) })}</button><button type="button" class="btn" onClick=${() => setOpen(false)}>${said('cancel')}</button></div></form>`;
}

/** One upload: how far it is, and what can be fetched of it. Asks again while the machine works. */
function List({ at, first, say }) {
  const [list, setList] = useState(first), [busy, setBusy] = useState(false), works = BUSY.includes(list.status);
  useEffect(() => {
    if (!works) return undefined;
    const timer = setInterval(() => call(`${at.address}/${list.list_id}`).then(setList).catch(() => {}), POLL_MS);
    return () => clearInterval(timer);
  }, [works]);
  const fetched = async () => {
    setBusy(true);
    try { await download(`${at.address}/${list.list_id}/answers.xlsx`, at.answers); } catch (found) { say(words(found)); }
    setBusy(false);
  };
  const far = { done: num(list.done), rows: num(list.rows) };
  return html`<li class="list" data-status=${list.status} id=${`list-${list.list_id}`}>
    <div class="row"><b>${list.file_name || said('unnamed')}</b><span class="tag status-${list.status}">${said(`${list.status}`)}</span><span class="mut">${dayHm(list.received_at)}</span>${!list.is_mine && html`<span class="mut">${said('not-mine')}</span>`}</div>
    ${works && html`<progress max=${list.rows} value=${list.done} aria-label=${said(`far-${list.status}`, far)}></progress><p role="status">${said(`far-${list.status}`, far)}</p>`}
    <dl class="counts">${COUNTS.filter(([name]) => list.counts[name] || name === 'declared').map(([name, tone]) => html`<div class=${tone} data-count=${name}><dt>${said(`row-${name}`)}</dt><dd class="num">${num(list.counts[name])}</dd></div>`)}</dl>
    ${list.status === 'refused' && html`<p class="wrong">${said('say-refused')}</p>`}
    ${list.counts.wrong > 0 && !list.undone_at && html`<p class="wrong">${said('mend', { wrong: num(list.counts.wrong) })}</p>`}
    ${list.counts.kept > 0 && html`<p class="wrong">${said('say-kept', { kept: num(list.counts.kept) })}</p>`}
    ${list.undo_reason && html`<p>${said('undone-because', { at: dayHm(list.undone_at), reason: list.undo_reason })}</p>`}
    <div class="row"><button type="button" class="btn" disabled=${busy} onClick=${fetched}>${busy ? said('preparing') : said('answers')}</button></div>
    ${list.status === 'done' && list.counts.declared > 0 && html`<${Undo} at=${at} list=${list} undone=${setList} />`}</li>`;
}

/** The page of uploads of one service: `address` of its lists, names of the files it gives, what it `accept`s. */
export const uploadsAt = at => ({ say }) => html`<${Lists} at=${at} say=${say} />`;

function Lists({ at, say }) {
  const [lists, setLists] = useState(null), [fault, setFault] = useState(null);
  const load = () => call(`${at.address}?limit=20`).then(page => { setLists(page.items); setFault(null); }).catch(setFault);
  useEffect(() => { load(); }, []);
  if (fault) return html`<${Failed} title=${said('failed')} onRetry=${load}>${words(fault)}</${Failed}>`;
  return html`<div class="halves"><${Upload} at=${at} received=${list => setLists([list, ...(lists ?? []).filter(each => each.list_id !== list.list_id)])} />
    <section class="card" id="lists"><h2>${said('mine')}</h2>${!lists ? html`<p role="status">…</p>` : lists.length ? html`<ul class="plain">${lists.map(each => html`<${List} key=${each.list_id} at=${at} first=${each} say=${say} />`)}</ul>` : html`<${Empty} title=${said('none')}>${said('none-hint')}</${Empty}>`}</section></div>`;
}
