// The permit officer's desk, in its simplest form: find, decide, suspend, issue, show the code.
import { call, claims, Refused, requireSignIn, token } from 'shell/auth.js';
import { dayHm, freshId } from 'shell/kit.js';
import { loadTexts, t } from 'shell/i18n.js';
import { Dialog, Empty, Failed, html, render, Shell, useEffect, useState, useToast } from 'shell/ui.js';

const LISTS = [['queued', 'permits.queue'], ['issued', 'permits.issued'], ['', 'permits.all']];
const DAY_MS = 86400000;
const words = fault => (fault instanceof Refused ? [fault.message, ...(fault.problem.errors ?? []).map(each => each.message)].join(' ') : t('permits.no-answer'));
const query = values => new URLSearchParams(Object.entries(values).filter(([, value]) => value)).toString();

/** A file that only a signed-in person may fetch, as an address for <img> and downloads. */
async function fileAddress(path) {
  const reply = await fetch(path, { headers: { authorization: `Bearer ${await token()}` } });
  return reply.ok ? URL.createObjectURL(await reply.blob()) : null;
}

function Code({ permit }) {
  const [address, set] = useState(null);
  useEffect(() => { set(null); if (permit.qr) fileAddress(`/v1/permits/${permit.permit_id}/qr.png`).then(set); }, [permit.permit_id, permit.status]);
  const print = async () => {
    const link = Object.assign(document.createElement('a'), { href: await fileAddress(`/v1/permits/${permit.permit_id}/permit.pdf`), download: `${permit.number}.pdf` });
    link.click();
  };
  return permit.qr && html`<div>${address && html`<img class="qr" src=${address} alt="Mã QR ${permit.number}" />`}
    <p><button type="button" class="btn" onClick=${print}>${t('permits.print')}</button></p></div>`;
}

// ---- an act that a citizen will read is asked before it is done ---------------------------------------------
function Act({ permit, act, close, done }) {
  const [fault, setFault] = useState(''), [key] = useState(freshId());
  const send = async event => {
    event.preventDefault();
    const reason = new FormData(event.target).get('reason').trim();
    const json = act === 'approve' || act === 'refuse' ? { outcome: act === 'approve' ? 'approved' : 'refused', reason } : { reason };
    const path = { approve: 'decision', refuse: 'decision', suspend: 'suspension', reinstate: 'reinstatement', revoke: 'revocation' }[act];
    try { done(await call(`/v1/permits/${permit.permit_id}/${path}`, { json, key })); } catch (found) { setFault(words(found)); }
  };
  return html`<${Dialog} title=${`${t(`permits.${act}`)}: ${permit.person.full_name}`} onClose=${close}><form onSubmit=${send}>
    <label class="field"><span>${t('permits.reason')}</span><textarea name="reason" rows="3" required=${act !== 'approve'} minlength=${act === 'approve' ? 0 : 5} maxlength="300"></textarea></label>
    ${fault && html`<p class="wrong" role="alert">${fault}</p>`}<button class="btn pri">${t('permits.send')}</button></form></${Dialog}>`;
}
const ACTS = { queued: ['approve', 'refuse'], issued: ['suspend', 'revoke'], suspended: ['reinstate', 'revoke'] };

function Permit({ permit, changed }) {
  const [act, setAct] = useState(null);
  return html`<article class="card permit"><div class="row"><h2>${permit.person.full_name}</h2><span class="tag status-${permit.status}">${t(`status.${permit.status}`)}</span></div>
    ${permit.message && html`<p>${permit.message}</p>`}
    <div class="both"><${Code} permit=${permit} /><dl class="kv">
      <dt>${t('permits.category')}</dt><dd>${permit.category_title}</dd><dt>${t('permits.purpose')}</dt><dd>${permit.purpose || '—'}</dd>
      <dt>${t('scan.where')}</dt><dd>${permit.areas.map(area => area.name).join(', ')}</dd><dt>${t('scan.hours')}</dt><dd>${permit.hours.join('; ')}</dd>
      <dt>${t('scan.vehicle')}</dt><dd>${permit.plate || '—'}</dd><dt>${t('scan.until')}</dt><dd>${t('permits.valid', { from: dayHm(permit.valid_from), until: dayHm(permit.valid_until) })}</dd>
      <dt>${t('permits.commune')}</dt><dd>${permit.commune.name}</dd><dt>№</dt><dd class="num">${permit.number}</dd></dl></div>
    <p class="mut">${t('permits.policy', { policy: permit.decision.policy })}</p>
    <div class="row">${(ACTS[permit.status] ?? []).map(name => html`<button type="button" class="btn ${name === 'approve' ? 'pri' : ''}" onClick=${() => setAct(name)}>${t(`permits.${name}`)}</button>`)}</div>
    ${act && html`<${Act} permit=${permit} act=${act} close=${() => setAct(null)} done=${after => { setAct(null); changed(after); }} />`}</article>`;
}

function Field({ name, label, ...rest }) {
  return html`<label class="field"><span>${t(label ?? `permits.${name}`)}</span><input name=${name} autocomplete="off" ...${rest} /></label>`;
}
function New({ categories, close, done }) {
  const [fault, setFault] = useState(''), [key] = useState(freshId());
  const send = async event => {
    event.preventDefault();
    const form = Object.fromEntries(new FormData(event.target)), from = new Date();
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
    <${Field} name="purpose" maxlength="300" /><${Field} name="areas" required value="19" />
    <div class="two"><label class="field"><span>${t('permits.hours')}</span><span class="row"><input type="time" name="from" value="05:00" /><input type="time" name="to" value="20:00" /></span></label><${Field} name="days" type="number" min="1" max="30" value="3" required /></div>
    ${fault && html`<p class="wrong" role="alert">${fault}</p>`}<button class="btn pri">${t('permits.submit')}</button></form></${Dialog}>`;
}

function Desk() {
  const [status, setStatus] = useState('queued'), [q, setQ] = useState(''), [found, setFound] = useState(null), [fault, setFault] = useState(null);
  const [shown, setShown] = useState(null), [isNew, setNew] = useState(false), [categories, setCategories] = useState([]), [toast, say] = useToast();
  const load = async cursor => {
    try {
      const page = await call(`/v1/permits?${query({ status, q, cursor, limit: 40 })}`);
      setFound({ items: cursor ? [...found.items, ...page.items] : page.items, next: page.next });
      setFault(null);
    } catch (refusal) { setFault(refusal); }
  };
  useEffect(() => { load(); }, [status, q]);
  useEffect(() => { call('/v1/policies').then(list => setCategories(list.items[0]?.categories ?? [])).catch(() => {}); }, []);
  const changed = permit => { setShown(permit); say(t('permits.done', { name: permit.person.full_name })); load(); };
  if (fault && !found) return html`<${Failed} title=${t('permits.failed')} onRetry=${() => load()}>${t('permits.failed-hint')}</${Failed}>`;
  const items = found?.items ?? [];
  return html`<${Shell} title=${t('permits.title')} sub=${claims()?.name ?? t('permits.officer')} live=${{ connected: !fault }}><main class="desk">
    <div class="row tools"><nav class="tabs">${LISTS.map(([name, label]) => html`<button type="button" aria-pressed=${status === name} onClick=${() => setStatus(name)}>${t(label)}</button>`)}</nav>
      <form onSubmit=${event => { event.preventDefault(); setQ(new FormData(event.target).get('q').trim()); }}><input class="inp" type="search" name="q" placeholder=${t('permits.search')} aria-label=${t('permits.search')} /></form>
      <button type="button" class="btn pri" id="new" onClick=${() => setNew(true)}>${t('permits.new')}</button></div>
    <section aria-label=${t('permits.title')}>${found && !items.length ? html`<div class="card"><${Empty} title=${t('permits.none')}>${t('permits.none-hint')}</${Empty}></div>` : html`<ol class="list">${items.map(each => html`<li key=${each.permit_id}>
      <button type="button" class="rq" aria-current=${each.permit_id === shown?.permit_id ? 'true' : null} onClick=${() => setShown(each)}><b>${each.person.full_name}</b><span class="tag status-${each.status}">${t(`status.${each.status}`)}</span><span>${each.category_title}</span><small>${dayHm(each.applied_at)} · ${each.commune.name}</small></button></li>`)}</ol>`}
      ${found?.next && html`<p><button type="button" class="btn" onClick=${() => load(found.next)}>${t('permits.more')}</button></p>`}</section>
    <section>${shown && html`<${Permit} permit=${shown} changed=${changed} />`}</section>
    ${isNew && html`<${New} categories=${categories} close=${() => setNew(false)} done=${permit => { setNew(false); changed(permit); }} />`}</main>${toast}</${Shell}>`;
}

await loadTexts('/pages/locales');
await requireSignIn();
const app = document.getElementById('app');
app.replaceChildren();
render(html`<${Desk} />`, app);
