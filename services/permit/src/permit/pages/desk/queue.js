// What waits for the officer, nearest deadline first: applications, appeals, and what the applicant was asked. Decided
// without leaving the keyboard.
import { call } from 'shell/auth.js';
import { dayHm, freshId, num, setServerNow } from 'shell/kit.js';
import { t } from 'shell/i18n.js';
import { Empty, html, KeyHelp, useEffect, useKeys, useState } from 'shell/ui.js';
import { Ask, due, query, useSending, words } from './parts.js';
import { askMore, perform, Waiting, withdraw } from './permit.js';

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

const asked = item => item.questions.find(each => !each.replied_at);
const lineOf = item => item.appeal?.text ?? asked(item)?.text ?? (item.questions.length ? t('desk.replied', { text: item.questions.at(-1).reply }) : t('desk.decides', { who: item.decides }));

function When({ item }) {
  const question = asked(item);
  if (question && !item.appeal) return html`<span class="num">${t('desk.asked', { at: due(question.asked_at) })}</span>`;
  return html`<span class="num ${item.is_overdue ? 'late' : ''}">${item.is_overdue ? `▲ ${t('desk.overdue')}` : t('desk.due', { at: '' })} ${due(item.due_at)}</span>`;
}

function List({ items, chosen, choose }) {
  return html`<ol class="list">${items.map(each => html`<li key=${each.permit_id}><button type="button" class="rq" aria-current=${each === chosen ? 'true' : null} onClick=${() => choose(each)}>
    <b>${each.person.full_name}</b><${When} item=${each} />
    <span>${each.category_title}</span><small>${lineOf(each)} · ${each.commune.name}</small></button></li>`)}</ol>`;
}

/** Two signatures are those of two people; the first one can be taken back until the second is there. */
function Signed({ item, off, unsign }) {
  if (item.signatures < 2) return null;
  if (!item.signed_at) return html`<p class="banner">${t('desk.needs-two')}</p>`;
  return html`<p class="banner" role="status">${t(item.has_signed ? 'desk.you-signed' : 'desk.one-signed', { at: dayHm(item.signed_at) })}${item.has_signed && html` <button type="button" class="btn" disabled=${off} onClick=${unsign}>${t('desk.unsign')}</button>`}</p>`;
}

function Buttons({ item, kind, online, approve, ask, unsign, sending }) {
  if (item.has_signed) return html`<${Signed} item=${item} off=${!online || sending.busy} unsign=${unsign} />${sending.said}`;
  if (!item.can_decide) return html`<p class="banner">${t(kind === 'appeals' ? 'desk.not-your-appeal' : 'desk.not-yours', { who: item.decides })}</p>`;
  const off = !online || sending.busy;
  return html`${!online && html`<p class="banner" role="status">${t('desk.offline')}</p>`}${kind !== 'appeals' && html`<${Signed} item=${item} />`}${sending.said}<div class="acts">${kind === 'appeals'
    ? html`<button type="button" class="btn" disabled=${off} onClick=${() => ask('upheld')}>${t('desk.uphold')} <kbd>T</kbd></button><button type="button" class="btn pri" disabled=${off} onClick=${() => ask('overturned')}>${t('desk.overturn')} <kbd>D</kbd></button>`
    : html`<button type="button" class="btn pri" disabled=${off} onClick=${approve}>${t(item.signed_at ? 'desk.sign-second' : item.signatures > 1 ? 'desk.sign-first' : 'permits.approve')} <kbd>D</kbd></button>${kind === 'queue' && html`<button type="button" class="btn" disabled=${off} onClick=${() => ask('more')}>${t('desk.more')} <kbd>H</kbd></button>`}<button type="button" class="btn bad" disabled=${off} onClick=${() => ask('refuse')}>${t('permits.refuse')} <kbd>T</kbd></button>`}</div>`;
}

const READY = { more: ['desk.ready-proof-ask', 'desk.ready-when', 'desk.ready-plate'], refuse: ['desk.ready-proof', 'desk.ready-not-needed', 'desk.ready-area'], upheld: ['desk.ready-same'], overturned: ['desk.ready-wrong'] };

/** One queue. `kind` is queue, asked or appeals; `path` is where it is read. */
export function Queue({ kind, path, online, say, today }) {
  const { found, fault, load, drop } = useWaiting(path), sending = useSending();
  const [id, setId] = useState(null), [one, setOne] = useState(false), [doing, ask] = useState(null);
  const items = found?.items ?? [], item = items.find(each => each.permit_id === id) ?? items[0];
  const choose = each => { setId(each.permit_id); setOne(true); };
  const step = by => { const next = items[Math.min(items.length - 1, Math.max(0, items.indexOf(item) + by))]; if (next) setId(next.permit_id); };
  const done = (gone, text, undo) => { drop(gone); ask(null); setOne(false); say(text, undo); today.load(); };
  const takeBack = gone => withdraw(gone).then(() => { say(t('desk.undone', { name: gone.person.full_name })); load(); today.load(); }, found => say(words(found)));
  const approve = () => sending.send(async () => {
    const gone = item, { signatures_missing: missing } = await perform(gone, 'approve', '', freshId());
    done(gone, t(missing ? 'desk.signed' : 'desk.approved', { name: gone.person.full_name }), () => takeBack(gone));
    if (missing) load();
  });
  const answer = async (reason, key) => {
    const gone = item, name = gone.person.full_name;
    if (doing === 'refuse') await perform(gone, 'refuse', reason, key);
    else if (doing === 'more') await askMore(gone, reason, key);
    else await call(`/v1/permits/${gone.permit_id}/appeals/${gone.appeal.appeal_id}/answer`, { json: { verdict: doing, reason }, key });
    done(gone, t(`desk.done-${doing}`, { name }), doing === 'refuse' ? () => takeBack(gone) : undefined);
  };
  const unsign = () => sending.send(async () => { await withdraw(item); say(t('desk.undone', { name: item.person.full_name })); load(); });
  const mine = item?.can_decide && online && !sending.busy;
  useKeys({ j: () => step(1), k: () => step(-1), ...(mine && kind !== 'appeals' ? { d: approve, t: () => ask('refuse') } : {}), ...(mine && kind === 'queue' ? { h: () => ask('more') } : {}), ...(mine && kind === 'appeals' ? { d: () => ask('overturned'), t: () => ask('upheld') } : {}) });
  const late = items.filter(each => each.is_overdue).length;
  return html`<div class="queue ${one ? 'one' : ''}"><section class="left" aria-label=${t(`desk.${kind}`)}>
      <div class="row head"><h2>${found ? t(`desk.count-${kind}`, { n: num(items.length) + (found.next ? '+' : '') }) : t('desk.reading')}</h2><span class="mut">${t('desk.nearest-first')}</span></div>
      ${late > 0 && html`<p class="banner bad" role="status">▲ ${t('desk.count-late', { n: num(late) })}</p>`}
      ${fault && html`<p class="banner bad" role="alert">${fault} ${t('permits.failed-hint')} <button type="button" class="btn" onClick=${() => load()}>${t('failed.retry')}</button></p>`}
      ${found && !items.length ? html`<div class="card"><${Empty} title=${t(`desk.none-${kind}`)}>${t(`desk.none-${kind}-hint`)}</${Empty}></div>` : html`<${List} items=${items} chosen=${item} choose=${choose} />`}
      ${found?.next && html`<p><button type="button" class="btn" onClick=${() => load(found.next)}>${t('permits.more')}</button></p>`}
      <${KeyHelp} keys=${[['J/K', t('desk.key-move')], ['D', t(kind === 'appeals' ? 'desk.overturn' : 'permits.approve')], ['T', t(kind === 'appeals' ? 'desk.uphold' : 'permits.refuse')], ...(kind === 'queue' ? [['H', t('desk.more')]] : [])]} /></section>
    ${item ? html`<${Waiting} item=${item} key=${item.permit_id} due=${asked(item) ? '' : due(item.due_at)} back=${() => setOne(false)}><${Buttons} ...${{ item, kind, online, approve, ask, unsign, sending }} /></${Waiting}>` : html`<div></div>`}
    <aside class="left"><${Today} today=${today} /></aside>
    ${doing && html`<${Ask} title=${t(`desk.ask-${doing}`, { name: item.person.full_name })} label=${t(doing === 'more' ? 'desk.question' : 'permits.reason')} hint=${t({ refuse: 'desk.will-appeal', more: 'desk.will-wait' }[doing] ?? 'desk.will-read')} ready=${READY[doing].map(key => t(key))} bad=${doing === 'refuse'} close=${() => ask(null)} act=${answer} />`}</div>`;
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
