// The permit officer's desk: what waits, objections, the list of permits, and changes of directives.
import { call, claims, hasRole, requireSignIn } from 'shell/auth.js';
import { dayHm, freshId, now, num, param } from 'shell/kit.js';
import { loadTexts, t } from 'shell/i18n.js';
import { Dialog, Empty, Failed, html, render, Shell, useEffect, useState, useToast } from 'shell/ui.js';
import { Changes } from './desk/changes.js';
import { query, useOnline, words } from './desk/parts.js';
import { Permit } from './desk/permit.js';
import { Queue, useToday } from './desk/queue.js';

const LISTS = [['', 'permits.all'], ['issued', 'permits.issued'], ['suspended', 'status.suspended']];
const TABS = ['queue', 'asked', 'appeals', 'list', 'changes'], PATHS = { queue: '/v1/permit-queue', asked: '/v1/permit-questions', appeals: '/v1/appeals' };
const DAY_MS = 86400000;

function Field({ name, label, ...rest }) {
  return html`<label class="field"><span>${t(label ?? `permits.${name}`)}</span><input name=${name} autocomplete="off" ...${rest} /></label>`;
}
function New({ categories, close, done }) {
  const [fault, setFault] = useState(''), [key] = useState(freshId());
  const send = async event => {
    event.preventDefault();
    const form = Object.fromEntries(new FormData(event.target)), from = new Date(now());
    const json = {
      person: { full_name: form.name, cccd: form.cccd, birth_year: Number(form['birth-year']), sex: form.sex, ...(form.phone ? { phone: form.phone } : {}) },
      commune_code: form.commune, category: form.category, purpose: form.purpose, areas: form.areas.split(/[,\s]+/).filter(Boolean),
      windows: form.from && form.to ? [{ weekdays: [1, 2, 3, 4, 5, 6, 7], from: form.from, to: form.to }] : [],
      ...(form.plate ? { plate: form.plate } : {}),
      valid_from: from.toISOString(), valid_until: new Date(from.getTime() + Number(form.days) * DAY_MS).toISOString(),
    };
    try { done(await call('/v1/permits', { json, key })); } catch (found) { setFault(words(found)); }
  };
  return html`<${Dialog} title=${t('permits.new')} onClose=${close}><form onSubmit=${send}>
    <${Field} name="name" required maxlength="100" /><div class="two"><${Field} name="cccd" required inputmode="numeric" /><${Field} name="birth-year" required inputmode="numeric" />
    <label class="field"><span>${t('permits.sex')}</span><select name="sex"><option value="male">${t('permits.male')}</option><option value="female">${t('permits.female')}</option></select></label><${Field} name="phone" inputmode="tel" />
    <${Field} name="commune" required inputmode="numeric" maxlength="5" /><${Field} name="plate" /></div>
    <label class="field"><span>${t('permits.category')}</span><select name="category">${categories.map(each => html`<option value=${each.category}>${each.title}</option>`)}</select></label>
    <${Field} name="purpose" maxlength="300" /><${Field} name="areas" required defaultValue="19" />
    <div class="two"><label class="field"><span>${t('permits.hours')}</span><span class="row"><input type="time" name="from" defaultValue="05:00" /><input type="time" name="to" defaultValue="20:00" /></span></label><${Field} name="days" type="number" min="1" max="30" defaultValue="3" required /></div>
    ${fault && html`<p class="wrong" role="alert">${fault}</p>`}<button class="btn pri">${t('permits.submit')}</button></form></${Dialog}>`;
}

// ---- find a permit, issue one, stop one -------------------------------------------------------------------------
function List({ online, chosen, choose, revision }) {
  const [status, setStatus] = useState(''), [q, setQ] = useState(''), [found, setFound] = useState(null), [fault, setFault] = useState(null), [one, setOne] = useState(Boolean(chosen));
  const load = async cursor => {
    try {
      const page = await call(`/v1/permits?${query({ status, q, cursor, limit: 40 })}`);
      setFound({ items: cursor ? [...found.items, ...page.items] : page.items, next: page.next });
      setFault(null);
    } catch (refusal) { setFault(refusal); }
  };
  useEffect(() => { load(); }, [status, q, revision]);
  if (fault && !found) return html`<${Failed} title=${t('permits.failed')} onRetry=${() => load()}>${t('permits.failed-hint')}</${Failed}>`;
  const items = found?.items ?? [];
  return html`<div class="desk ${one && chosen ? 'one' : ''}"><section class="left" aria-label=${t('permits.title')}>
      <form onSubmit=${event => { event.preventDefault(); setQ(new FormData(event.target).get('q').trim()); }}><input class="inp" type="search" name="q" placeholder=${t('permits.search')} aria-label=${t('permits.search')} /></form>
      <nav class="tabs" aria-label=${t('desk.which')}>${LISTS.map(([name, label]) => html`<button type="button" key=${name} aria-pressed=${status === name} onClick=${() => setStatus(name)}>${t(label)}</button>`)}</nav>
      ${fault && html`<p class="banner bad" role="alert">${words(fault)}</p>`}
      ${found && !items.length ? html`<div class="card"><${Empty} title=${t('permits.none')}>${t('desk.none-list-hint')}</${Empty}></div>` : html`<ol class="list">${items.map(each => html`<li key=${each.permit_id}>
        <button type="button" class="rq" aria-current=${each.permit_id === chosen?.permit_id ? 'true' : null} onClick=${() => { choose(each); setOne(true); }}><b>${each.person.full_name}</b><span class="tag status-${each.status}">${t(`status.${each.status}`)}</span><span>${each.category_title}</span><small>${dayHm(each.applied_at)} · ${each.commune.name}</small></button></li>`)}</ol>`}
      ${found?.next && html`<p><button type="button" class="btn" onClick=${() => load(found.next)}>${t('permits.more')}</button></p>`}</section>
    <section class="right">${chosen && html`<button type="button" class="btn text back" onClick=${() => setOne(false)}>‹ ${t('desk.tab-list')}</button><${Permit} permit=${chosen} key=${chosen.permit_id} online=${online} changed=${after => choose(after, true)} />`}</section></div>`;
}

function Desk() {
  const officer = hasRole('permit_officer'), tabs = officer ? TABS : ['changes'], online = useOnline(), today = useToday(officer);
  const [tab, setTab] = useState(tabs.includes(param('v')) ? param('v') : tabs[0]), [chosen, setChosen] = useState(null), [revision, setRevision] = useState(0);
  const [isNew, setNew] = useState(false), [categories, setCategories] = useState([]), [toast, say] = useToast();
  useEffect(() => { call('/v1/policies').then(list => setCategories(list.items[0]?.categories ?? [])).catch(() => {}); }, []);
  const choose = (permit, isChanged) => { setChosen(permit); if (isChanged) { setRevision(revision + 1); say(t('permits.done', { name: permit.person.full_name })); } };
  const counted = { queue: today.seen?.queue, appeals: today.seen?.appeals, asked: today.seen && { waiting: today.seen.asked } };
  const name = each => html`${t(`desk.tab-${each}`)}${counted[each]?.waiting > 0 && html` <span class="num ${counted[each].overdue ? 'late' : 'mut'}">${counted[each].overdue ? '▲' : ''}${num(counted[each].waiting)}</span>`}`;
  return html`<${Shell} title=${t('permits.title')} sub=${claims()?.name ?? t('permits.officer')} live=${{ connected: online }}><main class="all">
    <div class="row tools"><nav class="tabs" aria-label=${t('permits.title')}>${tabs.map(each => html`<button type="button" key=${each} aria-pressed=${tab === each} onClick=${() => setTab(each)}>${name(each)}</button>`)}</nav><span class="sp"></span>
      ${officer && html`<button type="button" class="btn pri" id="new" disabled=${!online} onClick=${() => setNew(true)}>${t('permits.new')}</button>`}</div>
    ${PATHS[tab] && html`<${Queue} kind=${tab} key=${tab} path=${PATHS[tab]} online=${online} say=${say} today=${today} />`}
    ${tab === 'list' && html`<${List} online=${online} chosen=${chosen} choose=${choose} revision=${revision} />`}
    ${tab === 'changes' && html`<${Changes} online=${online} say=${say} />`}
    ${isNew && html`<${New} categories=${categories} close=${() => setNew(false)} done=${permit => { setNew(false); setTab('list'); choose(permit, true); today.load(); }} />`}</main>${toast}</${Shell}>`;
}

await loadTexts('/pages/locales', '/pages/desk/locales');
await requireSignIn();
const app = document.getElementById('app');
app.replaceChildren();
render(html`<${Desk} />`, app);
document.documentElement.dataset.ready = '';
