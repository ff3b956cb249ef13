// Bàn bác sĩ: who must I call now, and why.
import { Empty, Failed, KeyHelp, Shell, html, render, useEffect, useKeys, useRef, useState, useToast } from 'shell/ui.js';
import { freshId, meta, param, setServerNow } from 'shell/kit.js';
import { call, claims, requireSignIn } from 'shell/auth.js';
import { loadTexts, t } from 'shell/i18n.js';
import { Ask, Patient, Row } from './parts.js';
import { FILTERS, merged, sorted } from './worklist.js';

const LOOK_MS = 10000, PATIENCE_MS = 350, PAGE = 200;

/** The list, read again every few seconds; a search asks the server, which looks names up without seeing them. */
function usePatients(query) {
  const [state, set] = useState({ shown: null, waiting: [], fresh: 0, fault: null, heardAt: null, connected: false });
  const latest = useRef(state), asked = useRef(query);
  const put = changes => { latest.current = { ...latest.current, ...changes }; set(latest.current); };
  const look = async again => {
    try {
      const { items } = await call(`/v1/patients?limit=${PAGE}${asked.current ? `&q=${encodeURIComponent(asked.current)}` : ''}`);
      if (items[0]) setServerNow(items[0].as_of);
      const { kept, fresh } = merged(latest.current.shown ?? [], items);
      const isFirst = again || latest.current.shown === null;
      put({ shown: isFirst ? sorted(items) : kept, waiting: items, fresh: isFirst ? 0 : fresh, fault: null, heardAt: Date.now(), connected: true });
    } catch (fault) { put({ fault, connected: false }); }
  };
  useEffect(() => { asked.current = query; const id = setTimeout(() => look(true), query ? PATIENCE_MS : 0); return () => clearTimeout(id); }, [query]);
  useEffect(() => { const id = setInterval(() => document.visibilityState === 'visible' && look(false), LOOK_MS); return () => clearInterval(id); }, []);
  return [state, () => put({ shown: sorted(latest.current.waiting), fresh: 0 }), () => look(false)];
}

/** The chosen record with its declarations; read when somebody opens it, because reading is noted. */
function useRecord(id, mark) {
  const [record, set] = useState({ id: null, patient: null, reports: [] });
  useEffect(() => {
    if (!id) return undefined;
    let left = false;
    Promise.all([call(`/v1/patients/${id}`), call(`/v1/patients/${id}/reports`)])
      .then(([patient, { items }]) => { if (!left) set({ id, patient, reports: items }); }).catch(() => {});
    return () => { left = true; };
  }, [id, mark]);
  return record.id === id ? record : { id, patient: null, reports: [] };
}

function Worklist({ state, query, setQuery, filter, setFilter, shown, chosen, open, take }) {
  const counts = name => (state.shown ?? []).filter(FILTERS[name]).length;
  return html`<section class="pane worklist" aria-label=${t('doctor.patients')} tabindex="0">
    <div class="find"><input type="search" value=${query} placeholder=${t('doctor.search')} aria-label=${t('doctor.search')} onInput=${e => setQuery(e.target.value.trim())} /></div>
    ${state.fault && state.shown && html`<div class="banner"><b>${t('doctor.offline')}</b><span>${t('doctor.offline-advice')}</span></div>`}
    <div class="tabs" role="group" aria-label=${t('doctor.filter')}>${Object.keys(FILTERS).map(name => html`<button type="button" aria-pressed=${filter === name} onClick=${() => setFilter(name)}>${t(`doctor.tab.${name}`)} <b class="num">${counts(name)}</b></button>`)}</div>
    ${state.fresh > 0 && html`<button type="button" class="btn pri fresh" onClick=${take}>${t('doctor.fresh', { n: state.fresh })}</button>`}
    ${shown.length ? html`<ol class="list">${shown.map(p => html`<${Row} key=${p.person_id} p=${p} on=${p.person_id === chosen} open=${() => open(p.person_id)} />`)}</ol>`
    : html`<${Empty} title=${t(query ? 'doctor.none-found' : 'doctor.nobody-left')}>${t(query ? 'doctor.none-found-advice' : 'doctor.nobody-left-advice')}</${Empty}>`}
    <${KeyHelp} keys=${[['J/K', t('doctor.key.move')], ['C', t('doctor.phone')], ['T', t('doctor.move')]]} /></section>`;
}

function App() {
  const [query, setQuery] = useState(''), [filter, setFilter] = useState(param('person') ? 'all' : 'act'), [chosen, setChosen] = useState(param('person'));
  const [one, setOne] = useState(Boolean(param('person'))), [ask, setAsk] = useState(null), [toast, say] = useToast();
  const [state, take, look] = usePatients(query);
  const shown = (state.shown ?? []).filter(FILTERS[filter]), current = chosen ?? shown[0]?.person_id ?? null;
  const inList = (state.shown ?? []).find(p => p.person_id === current);
  const record = useRecord(current, inList && `${inList.risk.since}${inList.last_report_at}${inList.care_state}${inList.missed_in_a_row}`);
  const patient = record.patient;
  const open = id => { setChosen(id); setOne(true); scrollTo(0, 0); setTimeout(() => document.getElementById('name')?.focus({ preventScroll: true })); };
  const step = by => { const at = shown.findIndex(p => p.person_id === current), next = shown[Math.max(0, Math.min(shown.length - 1, at + by))]; if (next) setChosen(next.person_id); };
  const send = async body => {
    try {
      await call(`/v1/patients/${current}/${ask === 'move' ? 'moves' : 'closing'}`, { json: body, key: freshId() });
      setAsk(null);
      say(t('doctor.done', { name: patient.person.full_name, state: t(`doctor.care.${body.to_state ?? body.outcome}`) }));
      look();
      return null;
    } catch (fault) { return fault.message; }
  };
  useKeys({ j: () => step(1), k: () => step(-1), c: () => { if (patient?.person.phone) location.href = `tel:${patient.person.phone}`; }, t: () => { if (patient && !patient.closed_on) setAsk('move'); } });
  const extra = html`<a class="btn" href="/kham">${t('doctor.consultations')}</a><a class="btn" href=${meta('inbox-url')}>${t('doctor.inbox')}</a>`;
  if (state.fault && !state.shown) return html`<${Shell} title=${t('doctor.title')} sub=${claims()?.name ?? ''} live=${state}><${Failed} title=${t('doctor.failed')} onRetry=${look}>${state.fault.problem?.detail ?? t('doctor.failed-advice')}</${Failed}></${Shell}>`;
  return html`<${Shell} title=${t('doctor.title')} sub=${claims()?.name ?? ''} live=${state} extra=${extra}>
    <main class=${`desk ${one ? 'one' : ''}`}>
      <${Worklist} state=${state} query=${query} setQuery=${setQuery} filter=${filter} setFilter=${setFilter} shown=${shown} chosen=${current} open=${open} take=${take} />
      ${patient ? html`<${Patient} p=${patient} reports=${record.reports} act=${setAsk} back=${() => setOne(false)} />` : html`<section class="pane care mut"><p>${t('doctor.choose')}</p></section>`}
    </main>
    ${ask && patient && html`<${Ask} kind=${ask} p=${patient} send=${send} onClose=${() => setAsk(null)} />`}${toast}</${Shell}>`;
}

async function open() {
  await requireSignIn();
  await loadTexts('/pages/locales');
  render(html`<${App} />`, document.getElementById('app'), document.querySelector('#app > main'));
  document.documentElement.dataset.ready = '1';
}
open();
