// The officer's day in one commune: who owes what, by when; declare for, extend, release, register.
import { call, claims, hasRole, Refused, requireSignIn } from 'shell/auth.js';
import { day, dayHm, freshId, hm, localDay, now, num, param, setServerNow } from 'shell/kit.js';
import { loadTexts, t } from 'shell/i18n.js';
import { flush, keep, onOutbox, startOutbox } from 'shell/outbox.js';
import { Dialog, Empty, Failed, html, render, Shell, useEffect, useLanguage, useState, useToast } from 'shell/ui.js';
import { ChangeBanner, Changes, mayChange } from './changes.js';
import { Handover, Moves } from './duties/moves.js';
import { Tests, TestResult } from './duties/tests.js';
import { PaperButton } from './lists/paper.js';
import { Chain } from './files/chain.js';
import { Found, useTyped } from './files/find.js';
import { Homes, OrderHome } from './files/households.js';
import { Compare, Merges } from './files/merge.js';
import { Register } from './register.js';
import { mayWatch, SupervisionFile, Watch, WatchButton } from './supervision/lists.js';
import { ends, kindOf, KINDS, URGENT, Why } from './parts.js';
import { Callbacks } from './callbacks.js';
import { Phones } from 'shell/phones.js';
import { Tabs } from './tabs.js';

const EVERY = 30000;
const SIGNS = ['fever', 'cough', 'sore_throat', 'dyspnoea', 'chest_pain', 'drowsy'];
const can = (...roles) => hasRole(...roles);
const query = values => new URLSearchParams(Object.entries(values).filter(([, v]) => v)).toString();

/** The most urgent worklists first; everybody once, under the most urgent of their duties. */
async function todaysDuties() {
  const pages = await Promise.all(URGENT.map(status => call(`/v1/cases?${query({ status, limit: 40 })}`)));
  const seen = new Map();
  pages.flatMap(page => page.items).forEach(item => seen.has(item.person_id) || seen.set(item.person_id, item));
  return { items: [...seen.values()], next: null };
}
async function load(kind) {
  const [counts, list] = await Promise.all([call('/v1/case-counts'), kind ? call(`/v1/cases?${query({ status: kind, limit: 40 })}`) : todaysDuties()]);
  setServerNow(counts.as_of);
  return { counts: counts.counts, items: list.items, next: list.next };
}
const words = fault => (fault instanceof Refused ? fault.message : t('cases.no-answer'));

// ---- dialogs: what a citizen will read or feel is asked before, not undone after ---------------------------------------
function Declare({ item, close, done }) {
  const [fault, setFault] = useState('');
  const send = async event => {
    event.preventDefault();
    const form = new FormData(event.target), number = name => (form.get(name) || '').replace(',', '.').trim();
    const report = { reported_at: new Date(now()).toISOString(), declared_by: 'officer', symptoms: form.getAll('sign') };
    if (number('temperature')) report.temperature_celsius = Number(number('temperature'));
    if (number('spo2')) report.spo2_percent = Number(number('spo2'));
    if (Object.values(report).some(Number.isNaN)) { setFault(t('cases.not-a-number')); return; }
    await keep(`/v1/cases/${item.person_id}/reports`, report, item.person.full_name);
    flush();
    done(t('cases.declared', { name: item.person.full_name }));
  };
  return html`<${Dialog} title=${t('cases.declare-for', { name: item.person.full_name })} onClose=${close}><form onSubmit=${send}>
    <div class="two"><label class="field"><span>${t('cases.temperature')}</span><input name="temperature" inputmode="decimal" placeholder="37,0" autocomplete="off" /></label>
    <label class="field"><span>${t('cases.spo2')}</span><input name="spo2" inputmode="numeric" autocomplete="off" /></label></div>
    <fieldset class="signs"><legend>${t('cases.signs')}</legend>${SIGNS.map(sign => html`<label class="pick"><input type="checkbox" name="sign" value=${sign} />${t(`cases.sign.${sign}`)}</label>`)}</fieldset>
    <p class="mut">${t('cases.declare-hint')}</p>${fault && html`<p class="wrong" role="alert">${fault}</p>`}
    <button class="btn pri">${t('cases.send')}</button></form></${Dialog}>`;
}

const ENDINGS = ['completed', 'wrong_entry', 'lost', 'moved_away', 'died'];
const REASONS = ['still_positive', 'new_case_at_home', 'exposed_again', 'breach', 'protocol_changed', 'suspicion_cleared', 'correction'];
function Order({ item, close, done, first }) {
  const [kind, setKind] = useState(first ?? 'extend'), [outcome, setOutcome] = useState('completed'), [fault, setFault] = useState(''), [owed, setOwed] = useState(false), [key] = useState(freshId());
  const send = async event => {
    event.preventDefault();
    const form = new FormData(event.target), reason = form.get('reason')?.trim() ?? '';
    const [path, json] = kind === 'positive' ? ['positive-test', { tested_on: form.get('tested_on'), kind: form.get('test') }] : kind === 'extend'
      ? ['extensions', { ends_on: form.get('ends_on'), reason_code: form.get('reason_code'), reason }]
      : ['release', { outcome, ...(reason ? { reason } : {}), ...(form.has('waives') ? { waives_tests: true } : {}) }];
    try {
      await call(`/v1/cases/${item.person_id}/${path}`, { json, key });
      done(t({ extend: 'cases.extended', release: 'cases.released', positive: 'cases.became-f0' }[kind], { name: item.person.full_name }));
    } catch (refusal) { setFault(words(refusal)); setOwed(refusal.problem?.type?.endsWith(':tests-owed') || owed); }
  };
  return html`<${Dialog} title=${t('cases.order-for', { name: item.person.full_name })} onClose=${close}><form onSubmit=${send}>
    <div class="two" role="group" aria-label=${t('cases.kind')}>${['extend', 'release', 'positive'].map(k => html`<label class="pick"><input type="radio" name="kind" checked=${k === kind} onChange=${() => setKind(k)} />${t(`cases.do.${k}`)}</label>`)}</div>
    <dl class="kv"><dt>${t('cases.period')}</dt><dd>${day(item.starts_on)} → ${day(item.ends_on)}</dd><dt>${t('cases.basis')}</dt><dd>${item.reason.document}</dd></dl>
    ${kind === 'positive' ? html`<div class="two"><label class="field"><span>${t('cases.tested-on')}</span><input type="date" name="tested_on" required max=${localDay(now())} /></label>
      <label class="field"><span>${t('cases.test')}</span><select name="test"><option value="rapid">${t('cases.test-rapid')}</option><option value="pcr">${t('cases.test-pcr')}</option></select></label></div><p>${t('cases.positive-says')}</p>` : kind === 'extend' ? html`
      <label class="field"><span>${t('cases.new-end')}</span><input name="ends_on" type="date" required min=${item.starts_on} /></label>
      <label class="field"><span>${t('cases.reason-code')}</span><select name="reason_code">${REASONS.map(r => html`<option value=${r}>${t(`cases.reason.${r}`)}</option>`)}</select></label>`
    : html`<label class="field"><span>${t('cases.outcome')}</span><select name="outcome" value=${outcome} onChange=${e => setOutcome(e.target.value)}>${ENDINGS.map(o => html`<option value=${o}>${t(`cases.end.${o}`)}</option>`)}</select></label>`}
    ${kind !== 'positive' && html`<label class="field"><span>${t('cases.reason-read')}</span><textarea name="reason" rows="2" maxlength="500" required=${kind === 'extend' || outcome !== 'completed'} minlength="5"></textarea></label>`}
    ${kind === 'release' && owed && html`<label class="pick"><input type="checkbox" name="waives" />${t('cases.waive-tests')}</label>`}<p class="mut">${t('cases.order-effects')}</p>${fault && html`<p class="wrong" role="alert">${fault}</p>`}
    <button class="btn pri">${t('cases.sign-and-send')}</button></form></${Dialog}>`;
}

// ---- the household beside the list ------------------------------------------------------------------------------------
function Household({ item, ask, refreshed, onAdd, chain, said }) {
  const [members, setMembers] = useState([item]), [reports, setReports] = useState(null);
  useEffect(() => {
    setMembers([item]);
    setReports(null);
    call(`/v1/cases?${query({ household_id: item.household_id, limit: 20 })}`).then(page => setMembers(page.items.length ? page.items : [item])).catch(() => {});
    call(`/v1/cases/${item.person_id}/reports`).then(found => setReports(found.items.slice(0, 5))).catch(() => setReports([]));
  }, [item.person_id, refreshed]);
  return html`<aside class="side" aria-label=${t('cases.household')}>
    <section class="card"><div class="row"><h2 id="home" tabindex="-1">${item.person.address ?? t('cases.household')}</h2><span class="sp"></span>${can('health_officer') && html`<button type="button" class="btn text" onClick=${() => onAdd(item)}>${t('cases.add-member')}</button>`}</div>
      <p class="mut">${item.commune_name}</p>
      <ul class="mems">${members.map(m => html`<li class="mem" key=${m.person_id}><div><b>${m.person.full_name}</b> <span class="mut">${m.person.birth_year}</span> <span class="tag r2">${t(`cases.category.${m.category}`)}</span><small>${ends(m)} · ${m.duty.last_reported_at ? t('cases.last-report', { at: dayHm(m.duty.last_reported_at) }) : t('cases.never')}</small></div>
        ${m.status === 'open' && can('health_officer') && html`<div class="row"><button type="button" class="btn" onClick=${() => ask('declare', m)} aria-label=${t('cases.declare-for', { name: m.person.full_name })}>${t('cases.do.declare')}</button><button type="button" class="btn" onClick=${() => ask('order', m)} aria-label=${t('cases.order-for', { name: m.person.full_name })}>${t('cases.do.order')}</button><button type="button" class="btn" onClick=${() => ask('swab', m)} aria-label=${t('cases.swab.of', { name: m.person.full_name })}>${t('cases.swab.record')}</button><button type="button" class="btn" onClick=${() => ask('handover', m)} aria-label=${t('cases.hand.of', { name: m.person.full_name })}>${t('cases.hand.do')}</button><${WatchButton} item=${m} ask=${ask} /></div>`}</li>`)}</ul></section>
    <${Phones} item=${item} members=${members} />
    <section class="card"><div class="row"><h2>${item.person.full_name}</h2><span class="sp"></span><button type="button" class="btn text" onClick=${() => chain(item.person_id)}>${t('cases.chain.tab')}</button></div><${Merges} person=${item.person_id} undone=${said} /><${Why} item=${item} /><${PaperButton} item=${item} />
      <h3>${t('cases.reports')}</h3>${reports === null ? html`<p class="mut">…</p>` : reports.length ? html`<dl class="kv">${reports.map(r => html`<dt>${dayHm(r.reported_at)}${r.is_late ? ` ▲ ${t('cases.late')}` : ''}</dt><dd>${[r.temperature_celsius && `${num(r.temperature_celsius)} °C`, r.spo2_percent && `${r.spo2_percent} %`, r.symptoms.length ? t('cases.signs-n', { n: r.symptoms.length }) : t('cases.well')].filter(Boolean).join(' · ')}</dd>`)}</dl>` : html`<p class="mut">${t('cases.never')}</p>`}</section></aside>`;
}

function Row({ item, filter, isOn, choose, ask }) {
  const [kind, what, by] = kindOf(item, filter), shade = KINDS[kind];
  const phone = item.person.phone;
  return html`<li class="duty ${shade} ${isOn ? 'on' : ''}"><div><button type="button" class="link" aria-pressed=${isOn} onClick=${choose}>${item.person.full_name}</button><small>${item.person.birth_year} · ${t(`cases.category.${item.category}`)} · ${item.commune_name}</small></div>
    <div class="what">${what}<small>${t(`cases.kind.${kind}`)}</small></div><b class="num">${by}</b>
    <div class="row do">${phone && html`<a class="btn" href=${`tel:${phone}`} aria-label=${t('cases.call-name', { name: item.person.full_name })}>${t('cases.do.call')}</a>`}
    ${can('health_officer') && item.status === 'open' && (kind === 'ending' ? html`<button type="button" class="btn pri" onClick=${() => ask('release', item)} aria-label=${t('cases.order-for', { name: item.person.full_name })}>${t('cases.do.release')}</button>` : html`<button type="button" class="btn" onClick=${() => ask('declare', item)} aria-label=${t('cases.declare-for', { name: item.person.full_name })}>${t('cases.do.declare')}</button>`)}</div></li>`;
}

function Today({ data, kind, setKind, ask, refreshed, onAdd, onMore, chain, said }) {
  const [who, setWho] = useState(null);
  const selected = data.items.find(item => item.person_id === who) ?? data.items[0];
  const choose = item => { setWho(item.person_id); if (innerWidth <= 1200) setTimeout(() => document.getElementById('home')?.focus(), 50); };
  return html`<div class="today"><section aria-label=${t('cases.today')}>
    <div class="counts" role="group" aria-label=${t('cases.filter')}>${Object.entries(KINDS).map(([k, shade]) => html`<button type="button" class=${shade} aria-pressed=${kind === k} onClick=${() => setKind(kind === k ? null : k)}><b class="num">${num(data.counts[k])}</b>${t(`cases.kind.${k}`)}</button>`)}</div>
    ${data.items.length ? html`<ul class="duties">${data.items.map(item => html`<${Row} key=${item.person_id} item=${item} filter=${kind} isOn=${item === selected} choose=${() => choose(item)} ask=${ask} />`)}</ul>
      ${data.next && html`<p class="more"><button type="button" class="btn" onClick=${onMore}>${t('cases.more')}</button></p>`}`
    : html`<div class="card"><${Empty} title=${t('cases.all-done')}>${t('cases.all-done-text')}</${Empty}></div>`}</section>
  ${selected && html`<${Household} item=${selected} ask=${ask} refreshed=${refreshed} onAdd=${onAdd} chain=${chain} said=${said} />`}</div>`;
}

/** One file that another page leads to: whoever completes an F0 record needs name, phone and papers. */
function One({ id }) {
  const [item, set] = useState(null), [fault, setFault] = useState('');
  useEffect(() => { call(`/v1/cases/${id}`).then(set).catch(refusal => setFault(words(refusal))); }, [id]);
  if (fault) return html`<p class="wrong" role="alert">${fault}</p>`;
  return item && html`<section class="card" id="one"><h2 tabindex="-1">${item.person.full_name}</h2><p>${item.person.birth_year ?? ''} · ${item.person.id_tail ? `CCCD …${item.person.id_tail}` : t('cases.no-paper')} · ${item.person.phone ? html`<a href=${`tel:${item.person.phone}`}>${item.person.phone}</a>` : ''}</p><p class="mut">${item.person.address ?? ''}, ${item.commune_name} · ${t(`cases.status.${item.status}`)} ${day(item.ends_on)}</p></section>`;
}

// ---- the page ---------------------------------------------------------------------------------------------------------
function App() {
  useLanguage();
  const [view, setView] = useState(param('v', 'today')), [word, setWord] = useState(param('q', '')), [kind, setKind] = useState(null);
  const [data, setData] = useState(null), [failed, setFailed] = useState(null), [live, setLive] = useState({}), [box, setBox] = useState({ waiting: 0, refused: [] });
  const [dialog, setDialog] = useState(null), [beside, setBeside] = useState(null), [change, setChange] = useState(null), [refreshed, setRefreshed] = useState(0), [toast, say] = useToast();
  const refresh = () => load(kind).then(found => { setData(found); setFailed(null); setLive({ connected: true, heardAt: Date.now() }); setRefreshed(n => n + 1); })
    .catch(fault => { setLive(was => ({ ...was, connected: false })); setFailed(fault); });
  const more = () => call(`/v1/cases?${query({ status: kind, limit: 40, cursor: data.next })}`).then(page => setData({ ...data, items: [...data.items, ...page.items], next: page.next })).catch(fault => say(words(fault)));
  useEffect(() => { refresh(); const id = setInterval(() => document.visibilityState === 'visible' && !document.querySelector('dialog[open]') && refresh(), EVERY); return () => clearInterval(id); }, [kind]);
  useEffect(() => onOutbox(state => { setBox(state); if (state.sent) setTimeout(refresh, 600); }), [kind]);
  const ask = (what, item) => setDialog([what, item]), close = () => setDialog(null);
  const done = (text, undo) => { close(); say(text, undo); setTimeout(refresh, 600); };
  const [pair, setPair] = useState(null), [linked, setLinked] = useState(param('person', '')), [home, setHome] = useState(null);
  const chain = id => { setLinked(id); setView('chain'); }, compare = (...two) => { setPair(two); setView('compare'); };
  const find = word_ => { setWord(word_); setView(word_.length > 1 ? 'find' : 'today'); }, [typed, setTyped] = useTyped(word, find);
  const search = event => { event.preventDefault(); find(typed.trim()); };
  const daily = [['today', t('cases.today')], ['homes', t('cases.home.tab')], ...(can('health_officer') ? [['new', t('cases.new')]] : []), ['tests', t('cases.swab.tab')], ...(mayWatch() ? [['watch', t('watch.tab')]] : [])];
  const rest = [['chain', t('cases.chain.tab')], ...(can('health_officer') ? [['moves', t('cases.moves')]] : []), ...(mayChange() ? [['changes', t('cases.change.tab')]] : [])];
  const links = [...(mayChange() ? [['/co-so-cach-ly', t('cases.hall.title')]] : []), ['/danh-sach', t('cases.lists')], ['/thong-ke', t('cases.stats')]];
  const main = failed && !data ? html`<${Failed} title=${t('cases.failed')} reference=${failed.problem?.correlation_id} onRetry=${refresh}>${words(failed)} ${t('cases.failed-text')}</${Failed}>`
    : html`<main class="page"><div class="row"><form class="find" role="search" onSubmit=${search}><input class="inp" name="q" type="search" value=${typed} onInput=${event => setTyped(event.target.value)} autocomplete="off" aria-label=${t('cases.find')} placeholder=${t('cases.find-hint')} /><button class="btn pri">${t('cases.search')}</button></form>
      <${Tabs} view=${view} pick=${key => { setView(key); setBeside(null); setChange(null); }} daily=${daily} rest=${rest} links=${links} /></div>
      ${box.waiting > 0 && html`<div class="banner" role="status"><b>${t('cases.waiting', { n: box.waiting })}</b></div>`}
      ${box.refused.map(r => html`<div class="banner bad" role="alert" key=${r.id}><b>${r.note}</b><span>${r.refused.detail}</span></div>`)}
      ${view === 'today' && can('health_officer') && html`<${Callbacks} refreshed=${refreshed} />`}
      ${view === 'today' && param('person', '') && html`<${One} id=${param('person', '')} />`}
      ${view === 'today' && mayChange() && html`<${ChangeBanner} open=${on => { setChange(on); setView('changes'); }} />`}
      ${view === 'find' ? html`<${Found} word=${word} order=${item => ask('order', item)} compare=${compare} chain=${chain} />`
        : view === 'compare' ? html`<${Compare} key=${pair.join()} pair=${pair} done=${(text, undo) => { setView('today'); done(text, undo); }} close=${() => setView('find')} />`
        : view === 'chain' ? html`<${Chain} person=${linked} say=${say} order=${found => { setBeside(found); setView('new'); }} />`
        : view === 'homes' ? html`<${Homes} ask=${ask} refreshed=${refreshed} said=${done} add=${found => { setHome(found); setView('order-home'); }} />`
        : view === 'order-home' ? html`<${OrderHome} home=${home} done=${text => { setView('homes'); done(text); }} />`
        : view === 'new' ? html`<${Register} beside=${beside} done=${text => { setView('today'); setBeside(null); done(text); }} />`
        : view === 'watch' ? html`<${Watch} ask=${ask} refreshed=${refreshed} />`
        : view === 'tests' ? html`<${Tests} say=${say} canRecord=${can('health_officer')} />` : view === 'moves' ? html`<${Moves} say=${say} />`
        : view === 'changes' ? html`<${Changes} key=${change ?? ''} from=${change} say=${say} />` : data ? html`<${Today} data=${data} kind=${kind} setKind=${setKind} ask=${ask} refreshed=${refreshed} onAdd=${item => { setBeside(item); setView('new'); }} onMore=${more} chain=${chain} said=${done} />` : html`<p role="status">${t('cases.loading')}</p>`}</main>`;
  return html`<${Shell} title=${t('cases.title')} sub=${claims()?.name ?? ''} live=${live}>${main}
    ${dialog?.[0] === 'declare' && html`<${Declare} item=${dialog[1]} close=${close} done=${done} />`}
    ${(dialog?.[0] === 'order' || dialog?.[0] === 'release') && html`<${Order} item=${dialog[1]} first=${dialog[0] === 'release' ? 'release' : 'extend'} close=${close} done=${done} />`}
    ${dialog?.[0] === 'swab' && html`<${TestResult} item=${dialog[1]} close=${close} done=${done} />`}${dialog?.[0] === 'handover' && html`<${Handover} item=${dialog[1]} close=${close} done=${done} />`}
    ${dialog?.[0] === 'watch' && html`<${SupervisionFile} id=${dialog[1].person_id} close=${() => { close(); setRefreshed(n => n + 1); }} />`}${toast}</${Shell}>`;
}

await loadTexts('/pages/locales', '/pages/supervision/locales');
await requireSignIn();
startOutbox();
document.getElementById('app').replaceChildren();
render(html`<${App} />`, document.getElementById('app'));
document.documentElement.dataset.ready = hm(Date.now());
