// Bàn bác sĩ: who must I call now, and why.
import { Empty, Failed, KeyHelp, Shell, html, render, useKeys, useState, useToast } from 'shell/ui.js';
import { freshId, hm, meta, param } from 'shell/kit.js';
import { call, claims, requireSignIn } from 'shell/auth.js';
import { hasText, loadTexts, t } from 'shell/i18n.js';
import { Ask, More } from './acts.js';
import { useCover, useRecord, useWorklist } from './data.js';
import { Patient, Row } from './parts.js';
import { Rail } from './rail.js';
import { TABS } from './worklist.js';

const KEYS = [['J/K', 'doctor.key.move'], ['Enter', 'doctor.key.open'], ['A', 'doctor.take'], ['S', 'doctor.snooze'], ['C', 'doctor.phone'], ['G', 'doctor.knock'], ['T', 'doctor.move']];

function Worklist({ list, tab, setTab, query, setQuery, mine, setMine, chosen, open }) {
  const { state } = list, shown = state.shown ?? [], counts = state.counts, over = counts?.capacity && counts.mine > counts.capacity;
  return html`<section class="pane worklist" aria-label=${t('doctor.patients')} tabindex="0">
    <div class="find"><input type="search" value=${query} placeholder=${t('doctor.search')} aria-label=${t('doctor.search')} onInput=${e => setQuery(e.target.value.trim())} />
      ${counts?.mine != null && html`<label class="pick"><input type="checkbox" checked=${mine} onChange=${e => setMine(e.target.checked)} />${t('doctor.mine')}</label>`}</div>
    ${state.fault && state.shown && html`<div class="banner"><b>${state.heardAt ? t('doctor.offline-since', { at: hm(state.heardAt) }) : t('doctor.offline')}</b><span>${t('doctor.offline-advice')}</span></div>`}
    ${over && html`<div class="banner bad"><b>${t('doctor.overloaded', { n: counts.mine, max: counts.capacity })}</b><span>${t('doctor.overloaded-advice')}</span></div>`}
    <div class="tabs" role="group" aria-label=${t('doctor.filter')}>${TABS.map(name => html`<button type="button" aria-pressed=${tab === name} onClick=${() => setTab(name)}>${t(`doctor.tab.${name}`)} <b class="num">${counts?.[name] ?? '—'}</b></button>`)}</div>
    ${state.fresh > 0 && html`<button type="button" class="btn pri fresh" onClick=${list.take}>${t('doctor.fresh', { n: state.fresh })}</button>`}
    ${shown.length ? html`<ol class="list">${shown.map(p => html`<${Row} key=${p.person_id} p=${p} on=${p.person_id === chosen} open=${() => open(p.person_id)} />`)}</ol>`
    : state.shown && html`<${Empty} title=${t(query ? 'doctor.none-found' : 'doctor.nobody-left')}>${t(query ? 'doctor.none-found-advice' : 'doctor.nobody-left-advice')}</${Empty}>`}
    ${state.more && html`<button type="button" class="btn fresh" onClick=${list.more}>${t('doctor.show-more')}</button>`}
    ${!state.more && state.rest && html`<p class="mut">${t('doctor.find-the-rest')}</p>`}
    <${KeyHelp} keys=${KEYS.map(([key, label]) => [key, t(label)])} /></section>`;
}

/** What is done at once, without a dialog; each can be undone by its opposite. */
const AT_ONCE = {
  take: id => call(`/v1/patients/${id}/acknowledgement`, { json: {}, key: freshId() }),
  'give-back': id => call(`/v1/patients/${id}/acknowledgement`, { json: { gives_back: true }, key: freshId() }),
  wake: id => call(`/v1/patients/${id}/snooze`, { method: 'DELETE', key: freshId() }),
  leave: (id, staffId) => call(`/v1/patients/${id}/team/${staffId}`, { method: 'DELETE', key: freshId() }),
  returned: (id, { kind, serial }) => call(`/v1/patients/${id}/equipment/return`, { json: { kind, serial }, key: freshId() }),
};
const OPPOSITE = { take: 'give-back', 'give-back': 'take' };

/** The record could not be read: never an empty pane, and never old numbers without a word. */
const Unread = ({ record, retry }) => html`<div class="banner bad" role="alert"><b>${t(record.patient ? 'doctor.record-old' : 'doctor.record-failed')}</b><span>${record.fault.problem?.detail ?? t('doctor.record-advice')}</span><button type="button" class="btn" onClick=${retry}>${t('failed.retry')}</button></div>`;

function App() {
  const me = claims()?.sub;
  const [query, setQuery] = useState(''), [tab, setTab] = useState(param('person') ? 'all' : param('tab', 'act')), [mine, setMine] = useState(false);
  const [chosen, setChosen] = useState(param('person')), [one, setOne] = useState(Boolean(param('person'))), [ask, setAsk] = useState(null), [toast, say] = useToast();
  const list = useWorklist(tab, query, mine), { state } = list, shown = state.shown ?? [], current = chosen ?? shown[0]?.person_id ?? null;
  const record = useRecord(current, state.change), { patient, care } = record, cover = useCover(patient?.commune_code);
  const open = id => { setChosen(id); setOne(true); scrollTo(0, 0); setTimeout(() => document.getElementById('name')?.focus({ preventScroll: true })); };
  const choose = id => { setChosen(id); setTimeout(() => document.querySelector(`.pt[data-id="${id}"]`)?.scrollIntoView({ block: 'nearest' })); };
  const step = by => { const at = shown.findIndex(p => p.person_id === current), next = shown[Math.max(0, Math.min(shown.length - 1, at + by))]; if (next) choose(next.person_id); };
  const name = patient?.person.full_name ?? '';
  const atOnce = async (kind, what) => {
    const id = current, undo = OPPOSITE[kind];
    try {
      record.keep(await AT_ONCE[kind](id, what));
      say(t(`doctor.did.${kind}`, { name }), undo && (() => AT_ONCE[undo](id).then(record.keep).then(list.look).catch(() => {})));
      list.look();
    } catch (fault) { say(fault.message); }
  };
  const duty = async isOn => {
    try { await call(`/v1/doctors/${me}/duty`, { json: { on_duty: isOn }, key: freshId() }); say(t(isOn ? 'doctor.did.come-on' : 'doctor.did.go-off')); } catch (fault) { say(fault.message); }
    cover.again(); list.look();
  };
  const act = (kind, what) => {
    if (!patient) return;
    if (kind === 'go-off' || kind === 'come-on') duty(kind === 'come-on');
    else if (AT_ONCE[kind]) atOnce(kind, what);
    else setAsk(kind);
  };
  const done = (kind, choice, answer) => {
    setAsk(null);
    if (answer?.timeline) record.keep(answer);
    const state = hasText(`doctor.care.${choice}`) ? t(`doctor.care.${choice}`) : '';
    say(kind === 'move' || kind === 'close' ? t('doctor.done', { name, state }) : t('doctor.did.saved', { name }));
    record.again(); list.look();
  };
  const isOpen = patient && !patient.closed_on;
  useKeys({
    j: () => step(1), k: () => step(-1), a: () => isOpen && act(care?.taken?.is_me ? 'give-back' : 'take'), s: () => isOpen && act(care?.snooze ? 'wake' : 'snooze'),
    c: () => { if (patient?.person.phone) { location.href = `tel:${patient.person.phone}`; setAsk('call'); } }, g: () => isOpen && act(care?.knock ? 'answer' : 'knock'), t: () => isOpen && act('move'),
    get Enter() { return document.activeElement?.closest('button, a') ? undefined : () => current && open(current); },
  });
  const extra = html`<a class="btn" href="/kham">${t('doctor.consultations')}</a><a class="btn" href=${meta('inbox-url')}>${t('doctor.inbox')}</a>`, sub = claims()?.name ?? '';
  if (state.fault && !state.shown) return html`<${Shell} title=${t('doctor.title')} sub=${sub} live=${state}><${Failed} title=${t('doctor.failed')} onRetry=${list.retry}>${state.fault.problem?.detail ?? t('doctor.failed-advice')}</${Failed}></${Shell}>`;
  return html`<${Shell} title=${t('doctor.title')} sub=${sub} live=${state} extra=${extra}>
    <main class=${`desk ${one ? 'one' : ''}`}>
      <${Worklist} list=${list} tab=${tab} setTab=${setTab} query=${query} setQuery=${setQuery} mine=${mine} setMine=${setMine} chosen=${current} open=${open} />
      ${patient ? html`<${Patient} p=${patient} reports=${record.reports} care=${care} act=${act} back=${() => setOne(false)} unread=${record.fault && html`<${Unread} record=${record} retry=${record.again} />`} /><${Rail} p=${patient} care=${care} cover=${cover} me=${me} act=${act} />` : html`<section class="pane care mut">${record.fault ? html`<button type="button" class="btn text back" onClick=${() => setOne(false)}>‹ ${t('doctor.list')}</button><${Unread} record=${record} retry=${record.again} />` : html`<p>${t(current ? 'doctor.opening' : 'doctor.choose')}</p>`}</section>`}
    </main>
    ${ask === 'more' && patient && html`<${More} p=${patient} care=${care} pick=${setAsk} onClose=${() => setAsk(was => (was === 'more' ? null : was))} />`}
    ${ask && ask !== 'more' && patient && html`<${Ask} key=${ask} kind=${ask} p=${patient} care=${care} roster=${cover.roster} done=${done} onClose=${() => setAsk(null)} />`}${toast}</${Shell}>`;
}

async function open() {
  await requireSignIn();
  await loadTexts('/pages/locales');
  render(html`<${App} />`, document.getElementById('app'), document.querySelector('#app > main'));
  document.documentElement.dataset.ready = '1';
}
open();
