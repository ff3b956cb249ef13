// Papers for a selection: orders of those in quarantine, certificates of those who completed it.
import { call } from 'shell/auth.js';
import { download, wordsOf } from 'shell/files.js';
import { day, fold, num } from 'shell/kit.js';
import { t } from 'shell/i18n.js';
import { Empty, Failed, html, useEffect, useState } from 'shell/ui.js';
import { CommuneChoice } from './communes.js';

const MOST = 400, PAGE = 200;
const STATUS = { order: 'open', completion: 'ended' };
const words = fault => wordsOf(fault, t('lists.no-answer'));

/** Everybody who can have such a paper, up to what is printed at once. */
async function people(kind, commune) {
  const found = [];
  let cursor = '';
  do {
    const query = new URLSearchParams({ status: STATUS[kind], limit: PAGE, ...(commune && { commune_code: commune }), ...(cursor && { cursor }) });
    const page = await call(`/v1/cases?${query}`);
    found.push(...page.items.filter(item => kind === 'order' || item.outcome === 'completed'));
    cursor = page.next;
  } while (cursor && found.length < MOST);
  return { items: found.slice(0, MOST), more: Boolean(cursor) || found.length > MOST };
}

function Choice({ items, chosen, choose, typed }) {
  const shown = items.filter(item => fold(item.person.full_name).includes(fold(typed)));
  const toggle = id => { const next = new Set(chosen); next.has(id) ? next.delete(id) : next.add(id); choose(next); };
  const whole = shown.length > 0 && shown.every(item => chosen.has(item.person_id));
  const all = () => { const next = new Set(chosen); shown.forEach(item => (whole ? next.delete(item.person_id) : next.add(item.person_id))); choose(next); };
  return html`<label class="pick"><input type="checkbox" id="all" checked=${whole} onChange=${all} /><span>${t('print.all', { n: num(shown.length) })}</span></label>
    <ul class="choose" tabindex="0" aria-label=${t('print.title')}>${shown.map(item => html`<li key=${item.person_id}><label><input type="checkbox" checked=${chosen.has(item.person_id)} onChange=${() => toggle(item.person_id)} /><span><b>${item.person.full_name}</b> ${item.person.birth_year ?? ''}</span><small>${item.commune_name} · ${t('print.until', { on: day(item.ended_on ?? item.ends_on) })}</small></label></li>`)}</ul>`;
}

export function Print({ say }) {
  const [kind, setKind] = useState('order'), [commune, setCommune] = useState(''), [list, setList] = useState(null), [chosen, choose] = useState(new Set()), [typed, setTyped] = useState(''), [busy, setBusy] = useState(false), [fault, setFault] = useState(null);
  const load = () => { setList(null); setFault(null); choose(new Set()); people(kind, commune).then(setList).catch(setFault); };
  useEffect(load, [kind, commune]);
  const printed = async () => {
    setBusy(true);
    try { await download('/v1/papers', 'giay-cach-ly.pdf', { kind, person_ids: list.items.map(item => item.person_id).filter(id => chosen.has(id)) }); } catch (found) { say(words(found)); }
    setBusy(false);
  };
  if (fault) return html`<${Failed} title=${t('print.failed')} onRetry=${load}>${words(fault)}</${Failed}>`;
  return html`<section class="card" id="print"><h2>${t('print.title')}</h2><p>${t('print.hint')}</p>
    <div class="two"><label class="field"><span>${t('print.kind')}</span><select name="kind" value=${kind} onChange=${event => setKind(event.target.value)}>${Object.keys(STATUS).map(each => html`<option value=${each}>${t(`print.${each}`)}</option>`)}</select></label>
      <${CommuneChoice} value=${commune} chosen=${setCommune} />
      <label class="field"><span>${t('print.find')}</span><input type="search" value=${typed} onInput=${event => setTyped(event.target.value)} autocomplete="off" /></label></div>
    ${!list ? html`<p role="status">…</p>` : list.items.length === 0 ? html`<${Empty} title=${t('print.none')}>${t('print.none-hint')}</${Empty}>` : html`${list.more && html`<p class="wrong">${t('print.more')}</p>`}<${Choice} items=${list.items} chosen=${chosen} choose=${choose} typed=${typed} />
      <p><button type="button" class="btn pri" disabled=${busy || chosen.size === 0} onClick=${printed}>${busy ? t('print.busy') : t('print.now', { n: num(chosen.size) })}</button></p>`}</section>`;
}
