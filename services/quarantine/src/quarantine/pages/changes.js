// Thay đổi quy định: what the documents of a day would change, seen before it is applied. The server counts and words it.
import { call, hasRole, Refused } from 'shell/auth.js';
import { day, freshId, localDay, now, num, setServerNow } from 'shell/kit.js';
import { t } from 'shell/i18n.js';
import { Dialog, Empty, html, useEffect, useState } from 'shell/ui.js';

const EFFECTS = { moves: 'r2', ends: 'r1', unjudged: 'r3', kept: 'r0', unchanged: 'r0' };
const AT_ONCE = 200;
const query = values => new URLSearchParams(Object.entries(values).filter(([, v]) => v)).toString();
const words = fault => (fault instanceof Refused ? fault.message : t('cases.no-answer'));
const today = () => localDay(now());
const count = asked => call(`/v1/protocol-changes?${query(asked)}`);
const page = (asked, more) => call(`/v1/protocol-changes/cases?${query({ ...asked, ...more })}`);
export const mayChange = () => hasRole('health_officer', 'administrator');

/** What waits to be applied today, or what the next change will bring; nothing when nobody is concerned. */
export function ChangeBanner({ open }) {
  const [ahead, setAhead] = useState(null);
  useEffect(() => {
    const touches = found => found.counts.moves + found.counts.ends > 0;
    const look = async () => {
      const next = await count({}), waiting = await count({ day: localDay(next.as_of) });
      setAhead([waiting, next].find(touches) ?? null);
    };
    look().catch(() => {});
  }, []);
  if (!ahead) return null;
  const { moves, ends } = ahead.counts;
  return html`<div class="banner" role="status"><div><b>${ahead.can_apply ? t('cases.change.waiting', { n: num(moves + ends) }) : t('cases.change.at', { on: day(ahead.day) })}</b>
    <br />${t('cases.change.brief', { moves: num(moves), ends: num(ends) })}</div><span class="sp"></span>
    <button type="button" class="btn" onClick=${() => open(ahead.day)}>${t(ahead.can_apply ? 'cases.change.see-apply' : 'cases.change.see')}</button></div>`;
}

const named = found => found.map(one => `${one.document} (${one.title})`).join('; ');
function Documents({ seen }) {
  if (seen.protocol) return html`<p class="why"><b>${t('cases.change.tried')}</b> ${named(seen.starting.filter(one => one.code === seen.protocol))}</p>`;
  if (!seen.starting.length && !seen.ceasing.length && !seen.deciding.length) return html`<p class="mut">${t('cases.change.same-documents')}</p>`;
  return html`<dl class="kv">
    ${seen.starting.length > 0 && html`<dt>${t('cases.change.starting')}</dt><dd>${named(seen.starting)}</dd>`}
    ${seen.ceasing.length > 0 && html`<dt>${t('cases.change.ceasing')}</dt><dd>${named(seen.ceasing)}</dd>`}
    ${seen.deciding.length > 0 && html`<dt>${t('cases.change.deciding')}</dt><dd>${seen.deciding.map(one => t('cases.change.by-document', { document: one.document, n: num(one.cases) })).join('; ')}</dd>`}</dl>`;
}

const days = list => list.map(on => day(on).slice(0, 5)).join(', ') || '—';
function Line({ line }) {
  const moved = line.from_ends_on !== line.to_ends_on, tested = days(line.from_tests_on) !== days(line.to_tests_on);
  return html`<li class="shift ${EFFECTS[line.effect]}"><div><b>${line.full_name ?? t('cases.change.nameless', { tail: line.person_id.slice(-6) })}</b>
    <small>${t(`cases.category.${line.category}`)} · ${t(`cases.place.${line.place}`)} · ${line.commune_name}</small></div>
    <div><b>${t(`cases.effect.${line.effect}`)}</b><small class="num">${t('cases.change.end')}: ${day(line.from_ends_on)}${moved && html` → <b>${day(line.to_ends_on)}</b>`}</small>
      ${tested && line.effect !== 'ends' && html`<small class="num">${t('cases.change.tests')}: ${days(line.from_tests_on)} → <b>${days(line.to_tests_on)}</b></small>`}</div>
    <p lang="vi">${line.text}${line.confidence === 'memory' ? html` <b>${t('cases.unconfirmed')}</b>` : ''}</p></li>`;
}

function Communes({ rows }) {
  return html`<section class="card"><h2>${t('cases.change.by-commune')}</h2><div class="scroll" tabindex="0" role="region" aria-label=${t('cases.change.by-commune')}><table><thead><tr><th scope="col">${t('cases.commune')}</th>
    ${['moves', 'ends', 'unchanged'].map(effect => html`<th scope="col" class="n">${t(`cases.effect.${effect}`)}</th>`)}</tr></thead>
    <tbody>${rows.map(row => html`<tr key=${row.commune_code}><th scope="row">${row.commune_name}</th><td class="n num">${num(row.moves)}</td><td class="n num">${num(row.ends)}</td><td class="n num">${num(row.unchanged + row.kept + row.unjudged)}</td></tr>`)}</tbody></table></div></section>`;
}

/** Send every line that changes, as it was seen. More lines than were counted means that the picture is old: stop. */
async function applyAll(asked, counts, tell) {
  const lines = [];
  let cursor = null;
  do {
    const found = await page(asked, { limit: AT_ONCE, cursor });
    lines.push(...found.items.filter(line => line.effect === 'moves' || line.effect === 'ends'));
    cursor = found.next;
  } while (cursor);
  if (lines.length > counts.moves + counts.ends) throw new Error('outdated');
  const done = { applied: 0, refused: 0 };
  for (let i = 0; i < lines.length; i += AT_ONCE) {
    const cases = lines.slice(i, i + AT_ONCE).map(line => ({ person_id: line.person_id, ends_on: line.to_ends_on }));
    const { items } = await call('/v1/protocol-changes', { json: { cases }, key: freshId() });
    done.refused += items.filter(item => item.refused).length;
    done.applied += items.filter(item => item.effect === 'moves' || item.effect === 'ends').length;
    tell(t('cases.change.applying', { n: num(done.applied), of: num(lines.length) }));
  }
  return done;
}

function Apply({ asked, seen, close, done }) {
  const [fault, setFault] = useState(''), [said, tell] = useState(''), [busy, setBusy] = useState(false);
  const send = async event => {
    event.preventDefault();
    setBusy(true);
    setFault('');
    try {
      const { applied, refused } = await applyAll(asked, seen.counts, tell);
      done(refused ? t('cases.change.applied-some', { n: num(applied), refused: num(refused) }) : t('cases.change.applied', { n: num(applied) }));
    } catch (refusal) { setFault(refusal.message === 'outdated' ? t('cases.change.outdated') : words(refusal)); setBusy(false); }
  };
  return html`<${Dialog} title=${t('cases.change.confirm')} onClose=${close}><form onSubmit=${send}>
    <dl class="kv"><dt>${t('cases.effect.moves')}</dt><dd>${num(seen.counts.moves)}</dd><dt>${t('cases.effect.ends')}</dt><dd>${num(seen.counts.ends)}</dd></dl>
    <p>${t('cases.change.consequence')}</p><p class="mut" role="status">${said}</p>${fault && html`<p class="wrong" role="alert">${fault}</p>`}
    <button class="btn pri" disabled=${busy}>${t('cases.change.apply', { n: num(seen.counts.moves + seen.counts.ends) })}</button></form></${Dialog}>`;
}

/** Asks what is to be seen: which day, by which document, where. */
function Asking({ asked, ask, seen }) {
  const [protocols, setProtocols] = useState([]), [communes, setCommunes] = useState([]);
  useEffect(() => {
    call('/v1/protocols').then(found => setProtocols(found.items.filter(one => !one.is_in_force))).catch(() => {});
    call('/v1/communes').then(found => setCommunes(found.items)).catch(() => {});
  }, []);
  return html`<form class="asking" onSubmit=${event => event.preventDefault()}>
    <label class="field"><span>${t('cases.change.day')}</span><input type="date" min=${today()} value=${asked.day ?? seen?.day ?? ''} onChange=${e => ask({ ...asked, day: e.target.value })} /></label>
    <label class="field"><span>${t('cases.change.document')}</span><select value=${asked.protocol ?? ''} onChange=${e => ask({ ...asked, day: '', protocol: e.target.value })}><option value="">${t('cases.change.in-force')}</option>
      ${protocols.map(one => html`<option value=${one.code}>${t('cases.change.try', { document: one.document, title: one.title })}</option>`)}</select></label>
    ${communes.length > 1 && html`<label class="field"><span>${t('cases.commune')}</span><select value=${asked.commune_code ?? ''} onChange=${e => ask({ ...asked, commune_code: e.target.value })}><option value="">${t('cases.change.everywhere')}</option>
      ${communes.map(one => html`<option value=${one.code}>${one.name} · ${one.district_name}</option>`)}</select></label>`}</form>`;
}

function Lines({ lines, more }) {
  if (!lines.items.length) return html`<div class="card"><${Empty} title=${t('cases.change.nobody')}>${t('cases.change.nobody-text')}</${Empty}></div>`;
  return html`<h2 class="lines">${t('cases.change.who')}</h2><ul class="duties">${lines.items.map(line => html`<${Line} key=${line.person_id} line=${line} />`)}</ul>
    ${lines.next && html`<p class="more"><button type="button" class="btn" onClick=${more}>${t('cases.more')}</button></p>`}`;
}

export function Changes({ from, say }) {
  const [asked, ask] = useState({ day: from ?? '' }), [seen, setSeen] = useState(null), [lines, setLines] = useState(null), [fault, setFault] = useState(''), [asking, setAsking] = useState(false), [again, setAgain] = useState(0);
  useEffect(() => {
    let isOld = false;
    const fail = refusal => { if (!isOld) { setFault(words(refusal)); setSeen(null); setLines(null); } };
    count(asked).then(async found => {
      const first = await page({ ...asked, day: found.day }, { limit: 40 });
      if (isOld) return;
      setServerNow(found.as_of); setSeen(found); setLines(first); setFault('');
    }).catch(fail);
    return () => { isOld = true; };
  }, [asked, again]);
  const attend = () => document.getElementById('change')?.focus();   // the button that led here is gone
  useEffect(() => { if (from) attend(); }, []);
  const exact = { ...asked, day: seen?.day };
  const more = () => page(exact, { limit: 40, cursor: lines.next }).then(next => setLines({ items: [...lines.items, ...next.items], next: next.next })).catch(refusal => say(words(refusal)));
  const done = text => { setAsking(false); say(text); setAgain(n => n + 1); setTimeout(attend, 50); };
  const changing = seen ? seen.counts.moves + seen.counts.ends : 0;
  return html`<section class="changes" aria-label=${t('cases.change.title')}>
    <section class="card"><h2 id="change" tabindex="-1">${seen ? t('cases.change.at', { on: day(seen.day) }) : t('cases.change.title')}</h2>
      <${Asking} asked=${asked} ask=${ask} seen=${seen} />
      ${fault && html`<p class="wrong" role="alert">${fault}</p>`}${!seen && !fault && html`<p role="status">…</p>`}
      ${seen && html`<${Documents} seen=${seen} />
        <dl class="tally" aria-live="polite">${Object.entries(EFFECTS).map(([effect, shade]) => html`<div class=${shade}><dt>${t(`cases.effect.${effect}`)}</dt><dd class="num">${num(seen.counts[effect])}</dd></div>`)}</dl>
        ${seen.can_apply && changing > 0 ? html`<button type="button" class="btn pri" onClick=${() => setAsking(true)}>${t('cases.change.apply', { n: num(changing) })}</button>`
          : html`<p class="mut">${t(seen.protocol ? 'cases.change.only-tried' : changing ? 'cases.change.not-yet' : 'cases.change.nothing')}</p>`}`}</section>
    ${seen && lines && html`<div class="today"><div><${Lines} lines=${lines} more=${more} /></div>${seen.communes.length > 0 && html`<aside class="side"><${Communes} rows=${seen.communes} /></aside>`}</div>`}
    ${asking && html`<${Apply} asked=${exact} seen=${seen} close=${() => setAsking(false)} done=${done} />`}</section>`;
}
