// What waits for the officer, nearest deadline first: applications, and appeals. Decided without leaving the keyboard.
import { call } from 'shell/auth.js';
import { freshId, num, setServerNow } from 'shell/kit.js';
import { t } from 'shell/i18n.js';
import { Empty, html, KeyHelp, useEffect, useKeys, useState } from 'shell/ui.js';
import { Ask, due, query, useSending, words } from './parts.js';
import { perform, Waiting } from './permit.js';

const AGAIN_MS = 30000, SHOWN = 50;

function useWaiting(path) {
  const [found, set] = useState(null), [fault, setFault] = useState('');
  const load = async cursor => {
    try {
      const page = await call(`${path}?${query({ cursor, limit: SHOWN })}`);
      set(now => ({ items: cursor ? [...now.items, ...page.items] : page.items, next: page.next }));
      setFault('');
    } catch (refusal) { setFault(words(refusal)); }
  };
  useEffect(() => { set(null); load(); const id = setInterval(() => load(), AGAIN_MS); return () => clearInterval(id); }, [path]);
  return { found, fault, load, drop: gone => set(now => ({ ...now, items: now.items.filter(each => each.permit_id !== gone.permit_id) })) };
}

function List({ items, chosen, choose }) {
  return html`<ol class="list">${items.map(each => html`<li key=${each.permit_id}><button type="button" class="rq" aria-current=${each === chosen ? 'true' : null} onClick=${() => choose(each)}>
    <b>${each.person.full_name}</b><span class="num ${each.is_overdue ? 'late' : ''}">${each.is_overdue ? `▲ ${t('desk.overdue')}` : t('desk.due', { at: '' })} ${due(each.due_at)}</span>
    <span>${each.category_title}</span><small>${each.appeal ? each.appeal.text : t('desk.decides', { who: each.decides })} · ${each.commune.name}</small></button></li>`)}</ol>`;
}

function Buttons({ item, kind, online, approve, ask, sending }) {
  if (!item.can_decide) return html`<p class="banner">${t(kind === 'appeals' ? 'desk.not-your-appeal' : 'desk.not-yours', { who: item.decides })}</p>`;
  const off = !online || sending.busy;
  return html`${!online && html`<p class="banner" role="status">${t('desk.offline')}</p>`}${sending.said}<div class="acts">${kind === 'appeals'
    ? html`<button type="button" class="btn" disabled=${off} onClick=${() => ask('upheld')}>${t('desk.uphold')} <kbd>T</kbd></button><button type="button" class="btn pri" disabled=${off} onClick=${() => ask('overturned')}>${t('desk.overturn')} <kbd>D</kbd></button>`
    : html`<button type="button" class="btn pri" disabled=${off} onClick=${approve}>${t('permits.approve')} <kbd>D</kbd></button><button type="button" class="btn bad" disabled=${off} onClick=${() => ask('refuse')}>${t('permits.refuse')} <kbd>T</kbd></button>`}</div>`;
}

const READY = { refuse: ['desk.ready-proof', 'desk.ready-not-needed', 'desk.ready-area'], upheld: ['desk.ready-same'], overturned: ['desk.ready-wrong'] };

/** One queue. `kind` is queue or appeals; `path` is where it is read. */
export function Queue({ kind, path, online, say, today }) {
  const { found, fault, load, drop } = useWaiting(path), sending = useSending();
  const [id, setId] = useState(null), [one, setOne] = useState(false), [asked, ask] = useState(null);
  const items = found?.items ?? [], item = items.find(each => each.permit_id === id) ?? items[0];
  const choose = each => { setId(each.permit_id); setOne(true); };
  const step = by => { const next = items[Math.min(items.length - 1, Math.max(0, items.indexOf(item) + by))]; if (next) setId(next.permit_id); };
  const done = (gone, text) => { drop(gone); ask(null); setOne(false); say(text); today.load(); };
  const approve = () => sending.send(async () => { await perform(item, 'approve', '', freshId()); done(item, t('desk.approved', { name: item.person.full_name })); });
  const answer = async (reason, key) => {
    if (asked === 'refuse') await perform(item, 'refuse', reason, key);
    else await call(`/v1/permits/${item.permit_id}/appeals/${item.appeal.appeal_id}/answer`, { json: { verdict: asked, reason }, key });
    done(item, t(`desk.done-${asked}`, { name: item.person.full_name }));
  };
  const mine = item?.can_decide && online && !sending.busy;
  useKeys({ j: () => step(1), k: () => step(-1), ...(mine && kind === 'queue' ? { d: approve, t: () => ask('refuse') } : {}), ...(mine && kind === 'appeals' ? { d: () => ask('overturned'), t: () => ask('upheld') } : {}) });
  const late = items.filter(each => each.is_overdue).length;
  return html`<div class="queue ${one ? 'one' : ''}"><section class="left" aria-label=${t(`desk.${kind}`)}>
      <div class="row head"><h2>${found ? t(`desk.count-${kind}`, { n: num(items.length) + (found.next ? '+' : '') }) : t('desk.reading')}</h2><span class="mut">${t('desk.nearest-first')}</span></div>
      ${late > 0 && html`<p class="banner bad" role="status">▲ ${t('desk.count-late', { n: num(late) })}</p>`}
      ${fault && html`<p class="banner bad" role="alert">${fault} ${t('permits.failed-hint')} <button type="button" class="btn" onClick=${() => load()}>${t('failed.retry')}</button></p>`}
      ${found && !items.length ? html`<div class="card"><${Empty} title=${t(`desk.none-${kind}`)}>${t(`desk.none-${kind}-hint`)}</${Empty}></div>` : html`<${List} items=${items} chosen=${item} choose=${choose} />`}
      ${found?.next && html`<p><button type="button" class="btn" onClick=${() => load(found.next)}>${t('permits.more')}</button></p>`}
      <${KeyHelp} keys=${[['J/K', t('desk.key-move')], ['D', t(kind === 'queue' ? 'permits.approve' : 'desk.overturn')], ['T', t(kind === 'queue' ? 'permits.refuse' : 'desk.uphold')]]} /></section>
    ${item ? html`<${Waiting} item=${item} key=${item.permit_id} due=${due(item.due_at)} back=${() => setOne(false)}><${Buttons} ...${{ item, kind, online, approve, ask, sending }} /></${Waiting}>` : html`<div></div>`}
    <aside class="left"><${Today} today=${today} /></aside>
    ${asked && html`<${Ask} title=${t(`desk.ask-${asked}`, { name: item.person.full_name })} label=${t('permits.reason')} hint=${t(asked === 'refuse' ? 'desk.will-appeal' : 'desk.will-read')} ready=${READY[asked].map(key => t(key))} bad=${asked === 'refuse'} close=${() => ask(null)} act=${answer} />`}</div>`;
}

/** What was decided since midnight, and what waits. */
export function useToday(wanted) {
  const [seen, set] = useState(null), [fault, setFault] = useState('');
  const load = () => wanted && call('/v1/permit-summary').then(found => { setServerNow(found.server_now); set(found); setFault(''); }).catch(found => setFault(words(found)));
  useEffect(() => { load(); const id = setInterval(load, AGAIN_MS); return () => clearInterval(id); }, []);
  return { seen, fault, load };
}

function Today({ today: { seen, fault } }) {
  const most = Math.max(1, ...(seen?.refused_by ?? []).map(each => each.permits));
  return html`<section class="card"><h2>${t('desk.today')}</h2>${fault && html`<p class="wrong">${fault}</p>`}<div class="nums">
      <span class="ok"><b class="num">${num(seen?.approved)}</b>${t('desk.auto-approved')}</span><span class="bad"><b class="num">${num(seen?.refused)}</b>${t('desk.auto-refused')}</span>
      <span class="warn"><b class="num">${num(seen?.queued)}</b>${t('desk.to-people')}</span><span><b class="num">${num(seen?.settled)}</b>${t('desk.settled')}</span></div></section>
    ${seen?.refused_by.length > 0 && html`<section class="card"><h2>${t('desk.why-refused')}</h2>${seen.refused_by.slice(0, 6).map(each => html`<label class="hbar" key=${each.rule}><span>${each.title}</span><b class="num">${num(each.permits)}</b><meter min="0" max=${most} value=${each.permits}></meter></label>`)}</section>`}`;
}
