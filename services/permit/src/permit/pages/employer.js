// Employers: the firm once, then lists. Template down, filled list up, every row answered, papers of the whole list.
import { call, claims, Refused, requireSignIn } from 'shell/auth.js';
import { day, dayHm, freshId, num } from 'shell/kit.js';
import { loadTexts, t } from 'shell/i18n.js';
import { Empty, Failed, html, render, Shell, useEffect, useState, useToast } from 'shell/ui.js';
import { download, upload, wordsOf } from 'shell/files.js';
import { PlaceChoice, usePlaces } from '/pages/places.js';

const words = fault => wordsOf(fault, t('people.no-answer'));
const COUNTS = [['issued', 'ok'], ['queued', 'warn'], ['wrong', 'bad'], ['refused', 'bad'], ['repeated', ''], ['ready', '']];
const POLL_MS = 700, PART = 400;

function Firm({ firm, saved }) {
  const [fault, setFault] = useState(''), [open, setOpen] = useState(!firm), places = usePlaces();
  const send = async event => {
    event.preventDefault();
    const json = Object.fromEntries(new FormData(event.target));
    try { saved(await call('/v1/my/firm', { method: 'PUT', json, key: freshId() })); setOpen(false); setFault(''); } catch (found) { setFault(words(found)); }
  };
  const field = (name, value, more = {}) => html`<label class="field"><span>${t(`firm.${name}`)}</span><input name=${name} required autocomplete="off" defaultValue=${value ?? ''} ...${more} /></label>`;
  if (firm && !open) return html`<section class="card" id="firm"><div class="row"><h2>${firm.name}</h2><span class="tag status-${firm.status}">${t(`firm.${firm.status}`)}</span></div>
    <p>${t(`firm.say-${firm.status}`)} ${firm.reason}</p><dl class="kv"><dt>${t('firm.tax_code')}</dt><dd class="num">${firm.tax_code}</dd><dt>${t('firm.address')}</dt><dd>${firm.address}, ${firm.commune.name}</dd><dt>${t('firm.contact_name')}</dt><dd>${firm.contact_name} · ${firm.contact_phone}</dd></dl>
    <p><button type="button" class="btn" onClick=${() => setOpen(true)}>${t('firm.change')}</button></p></section>`;
  return html`<section class="card" id="firm"><h2>${t('firm.title')}</h2><p class="mut">${t('firm.hint')}</p><form onSubmit=${send}>
    <div class="two">${field('name', firm?.name, { maxlength: 200, minlength: 3 })}${field('tax_code', firm?.tax_code, { inputmode: 'numeric', maxlength: 20 })}</div>
    <${PlaceChoice} places=${places} name="commune_code" label=${t('firm.commune')} value=${firm?.commune.code} />
    <div class="two">${field('address', firm?.address, { maxlength: 200, minlength: 3 })}${field('contact_name', firm?.contact_name, { maxlength: 100, minlength: 2 })}${field('contact_phone', firm?.contact_phone, { inputmode: 'tel', maxlength: 24 })}</div>
    ${fault && html`<p class="wrong" role="alert">${fault}</p>`}<p><button class="btn pri">${t('firm.save')}</button></p></form></section>`;
}

function Upload({ received }) {
  const [stage, setStage] = useState(null), [fault, setFault] = useState(''), [over, setOver] = useState(false);
  const send = async file => {
    if (!file) return;
    setFault(''); setStage(0);
    try { received(await upload(`/v1/staff-lists?file_name=${encodeURIComponent(file.name.slice(0, 120))}`, file, freshId(), setStage)); }
    catch (found) { setFault(words(found)); }
    setStage(null);
  };
  const dropped = event => { event.preventDefault(); setOver(false); send(event.dataTransfer.files[0]); };
  return html`<section class="card"><h2>${t('lists.new')}</h2><ol class="steps"><li>${t('lists.step-1')}</li><li>${t('lists.step-2')}</li><li>${t('lists.step-3')}</li></ol>
    <p><button type="button" class="btn" id="template" onClick=${() => download('/v1/staff-lists/template.xlsx', 'mau-danh-sach.xlsx').catch(found => setFault(words(found)))}>${t('lists.template')}</button></p>
    <div class=${over ? 'drop over' : 'drop'} onDragOver=${event => { event.preventDefault(); setOver(true); }} onDragLeave=${() => setOver(false)} onDrop=${dropped}>
      <label class="field"><span>${t('lists.file')}</span><input type="file" id="file" accept=".xlsx" disabled=${stage !== null} onChange=${event => { send(event.target.files[0]); event.target.value = ''; }} /></label>
      ${stage !== null && html`<p role="status">${stage < 1 ? t('lists.sending', { share: Math.round(stage * 100) }) : t('lists.reading')}</p>`}</div>
    ${fault && html`<p class="wrong" role="alert">${fault}</p>`}</section>`;
}

function Counts({ list }) {
  return html`<dl class="counts">${COUNTS.filter(([name]) => list.counts[name] || name === 'issued').map(([name, tone]) => html`<div class=${tone} data-count=${name}><dt>${t(`lists.${name}`)}</dt><dd class="num">${num(list.counts[name])}</dd></div>`)}</dl>`;
}

/** One list: how far it is, and what can be fetched of it. Asks again while the machine works. */
function List({ first, say, finished }) {
  const [list, setList] = useState(first), [busy, setBusy] = useState('');
  useEffect(() => {
    if (list.status === 'done') return undefined;
    const timer = setInterval(() => call(`/v1/staff-lists/${list.list_id}`).then(found => { setList(found); if (found.status === 'done') finished(); }).catch(() => {}), list.status === 'waiting' ? POLL_MS * 10 : POLL_MS);
    return () => clearInterval(timer);
  }, [list.status]);
  const fetched = (end, name) => async () => {
    setBusy(end);
    try { await download(`/v1/staff-lists/${list.list_id}/${end}`, name); } catch (found) { say(words(found)); }
    setBusy('');
  };
  const parts = Array.from({ length: Math.ceil((list.counts.issued + list.counts.repeated + list.counts.queued) / PART) }, (_, at) => at + 1);
  const button = (end, name, label) => html`<button type="button" class="btn" disabled=${busy !== ''} onClick=${fetched(end, name)}>${busy === end ? t('lists.preparing') : label}</button>`;
  const suffix = part => (parts.length > 1 ? ` ${part}/${parts.length}` : '');
  return html`<li class="list" data-status=${list.status} id=${`list-${list.list_id}`}>
    <div class="row"><b>${list.file_name || t('lists.unnamed')}</b><span class="tag status-${list.status}">${t(`lists.${list.status}`)}</span><span class="mut">${dayHm(list.received_at)}</span></div>
    ${list.status !== 'done' && html`<progress max=${list.rows} value=${list.done} aria-label=${t('lists.progress', { done: num(list.done), rows: num(list.rows) })}></progress><p role="status">${list.status === 'waiting' ? t('lists.say-waiting') : t('lists.progress', { done: num(list.done), rows: num(list.rows) })}</p>`}
    <${Counts} list=${list} />
    ${list.counts.wrong > 0 && html`<p class="wrong">${t('lists.mend', { wrong: num(list.counts.wrong) })}</p>`}
    <div class="row">${button('answers.xlsx', 'danh-sach-tra-loi.xlsx', t('lists.answers'))}
      ${list.status === 'done' && parts.map(part => html`${button(`permits.pdf?part=${part}`, `giay-di-duong-${part}.pdf`, t('lists.print') + suffix(part))}${button(`cards.pdf?part=${part}`, `the-di-duong-${part}.pdf`, t('lists.cards') + suffix(part))}`)}</div></li>`;
}

/** Applications of the firm's staff about which an officer asks something. */
function Questions({ say }) {
  const [items, setItems] = useState([]), [faults, setFaults] = useState({});
  const load = () => call('/v1/permit-questions?limit=20').then(page => setItems(page.items)).catch(fault => say(words(fault)));
  useEffect(() => { load(); }, []);
  const reply = (permit, question) => async event => {
    event.preventDefault();
    try {
      await call(`/v1/permits/${permit.permit_id}/questions/${question.question_id}/reply`, { json: { text: new FormData(event.target).get('text').trim() }, key: freshId() });
      say(t('mine.replied'));
      load();
    } catch (found) { setFaults({ ...faults, [question.question_id]: words(found) }); }
  };
  const asked = items.map(permit => [permit, permit.questions.find(each => !each.replied_at)]).filter(([, question]) => question);
  return asked.length > 0 && html`<section class="card" id="questions"><h2>${t('staff.asked', { n: num(asked.length) })}</h2><p class="mut">${t('staff.asked-hint')}</p>
    <ul class="plain">${asked.map(([permit, question]) => html`<li key=${question.question_id}><form class="reply" onSubmit=${reply(permit, question)}><p><b>${permit.person.full_name}</b> · ${permit.category_title} · <span class="mut">${dayHm(question.asked_at)}</span><br />${question.text}</p>
      <label class="field"><span>${t('mine.reply')}</span><textarea name="text" rows="2" required minlength="2" maxlength="600"></textarea></label>${faults[question.question_id] && html`<p class="wrong" role="alert">${faults[question.question_id]}</p>`}<button class="btn pri">${t('mine.send-reply')}</button></form></li>`)}</ul></section>`;
}

function Staff({ say, news }) {
  const [q, setQ] = useState(''), [found, setFound] = useState(null);
  const load = cursor => call(`/v1/permits?limit=20&q=${encodeURIComponent(q)}${cursor ? `&cursor=${cursor}` : ''}`)
    .then(page => setFound({ items: cursor ? [...found.items, ...page.items] : page.items, next: page.next })).catch(fault => say(words(fault)));
  useEffect(() => { load(); }, [q, news]);
  return html`<section class="card"><h2>${t('staff.title')}</h2><form onSubmit=${event => { event.preventDefault(); setQ(new FormData(event.target).get('q').trim()); }}><input class="inp" type="search" name="q" placeholder=${t('permits.search')} aria-label=${t('permits.search')} /></form>
    ${found && !found.items.length && html`<p class="mut">${t('staff.none')}</p>`}
    <ul class="plain">${found?.items.map(each => html`<li key=${each.permit_id}><div class="row"><b>${each.person.full_name}</b><span class="tag status-${each.status}">${t(`status.${each.status}`)}</span></div><span class="mut">${t('permits.valid', { from: dayHm(each.valid_from), until: dayHm(each.valid_until) })} · ${each.areas.map(area => area.name).join(', ')}</span>${each.names_removed_on && html`<p class="banner" data-removed>${t('permits.names-removed', { on: day(each.names_removed_on) })}</p>`}</li>`)}</ul>
    ${found?.next && html`<p><button type="button" class="btn" onClick=${() => load(found.next)}>${t('permits.more')}</button></p>`}</section>`;
}

function Portal() {
  const [firm, setFirm] = useState(null), [lists, setLists] = useState(null), [fault, setFault] = useState(null), [news, setNews] = useState(0), [toast, say] = useToast();
  const load = async () => {
    try {
      setFirm(await call('/v1/my/firm').catch(refusal => { if (refusal instanceof Refused && refusal.status === 404) return null; throw refusal; }));
      setLists((await call('/v1/staff-lists?limit=20')).items);
      setFault(null);
    } catch (refusal) { setFault(refusal); }
  };
  useEffect(() => { load(); }, []);
  if (fault) return html`<${Failed} title=${t('lists.failed')} onRetry=${load}>${words(fault)}</${Failed}>`;
  if (!lists) return html`<main class="page"><p role="status">…</p></main>`;
  return html`<${Shell} title=${t('lists.title')} sub=${claims()?.name ?? t('lists.employer')} live=${{ connected: true }}><main class="sheet">
    <div class="halves"><${Firm} key=${firm?.status} firm=${firm} saved=${saved => { setFirm(saved); say(t('firm.saved')); }} />${firm && html`<${Upload} received=${list => setLists([list, ...lists.filter(each => each.list_id !== list.list_id)])} />`}</div>
    ${firm && html`<${Questions} say=${say} /><section class="card" id="lists"><h2>${t('lists.mine')}</h2>${lists.length ? html`<ul class="plain">${lists.map(each => html`<${List} key=${each.list_id} first=${each} say=${say} finished=${() => setNews(count => count + 1)} />`)}</ul>` : html`<${Empty} title=${t('lists.none')}>${t('lists.none-hint')}</${Empty}>`}</section><${Staff} say=${say} news=${news} />`}
    </main>${toast}</${Shell}>`;
}

await loadTexts('/pages/locales');
await requireSignIn();
const app = document.getElementById('app');
app.replaceChildren();
render(html`<${Portal} />`, app);
document.documentElement.dataset.ready = '';
