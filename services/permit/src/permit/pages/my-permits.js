// Holders: my permits with their codes (also without a network), a new one, why, where I was scanned.
import { call, claims, Refused, requireSignIn, signOut, token } from 'shell/auth.js';
import { day, dayHm, freshId, localDay, now, remember, setServerNow } from 'shell/kit.js';
import { loadTexts, t } from 'shell/i18n.js';
import { Dialog, Empty, html, render, Shell, useEffect, useRef, useState, useToast } from 'shell/ui.js';
import { dataAddress, download, fetchFile, wordsOf } from 'shell/files.js';
import { PlaceChoice, usePlaces } from '/pages/places.js';

const KEPT = 'lachan.my-permits', DAY_MS = 86400000, EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];
const words = fault => wordsOf(fault, t('people.no-answer'));

// ---- what this phone keeps, so that a code opens where there is no network ----------------------------------
const kept = () => { try { return JSON.parse(remember.get(KEPT)) ?? null; } catch { return null; } };
async function keep(permits) {
  const before = new Map((kept()?.permits ?? []).map(permit => [permit.qr, permit.picture]));
  const withPictures = await Promise.all(permits.map(async permit => ({ ...permit,
    picture: permit.qr && permit.status === 'issued' ? before.get(permit.qr) ?? await fetchFile(`/v1/permits/${permit.permit_id}/qr.png`).then(dataAddress).catch(() => null) : null })));
  const found = { who: claims()?.person_id, at: now(), permits: withPictures };
  remember.set(KEPT, JSON.stringify(found));
  return found;
}

/** The code alone on a white screen that stays on. */
function Code({ permit, close }) {
  const ref = useRef();
  useEffect(() => {
    let lock;
    ref.current.showModal();
    navigator.wakeLock?.request('screen').then(held => { lock = held; }).catch(() => {});
    return () => lock?.release();
  }, []);
  return html`<dialog ref=${ref} class="show" id="code" aria-labelledby="code-name" onClose=${close}>
    <h2 id="code-name" tabindex="-1" autofocus>${permit.person.full_name}</h2><img src=${permit.picture} alt=${t('mine.code-of', { number: permit.number })} />
    <p class="num">${permit.number}</p><p>${t('mine.until', { until: dayHm(permit.valid_until) })}${permit.plate ? ` · ${permit.plate}` : ''}</p><p>${t('mine.bright')}</p>
    <button type="button" class="btn" onClick=${() => ref.current.close()}>${t('toast.close')}</button></dialog>`;
}

// ---- why, and the way to appeal ------------------------------------------------------------------------------
function Why({ permit }) {
  const [why, setWhy] = useState(null), [open, setOpen] = useState(false), [fault, setFault] = useState('');
  const path = `/v1/permits/${permit.permit_id}`;
  const ask = () => call(`${path}/why`).then(setWhy).catch(() => {});  // without a network the rest of the page still helps
  useEffect(() => { if (permit.status !== 'issued') ask(); }, [permit.permit_id, permit.status]);
  if (!why) return null;
  const appeal = async event => {
    event.preventDefault();
    try { await call(`${path}/appeals`, { json: { text: new FormData(event.target).get('text').trim() }, key: freshId() }); setOpen(false); ask(); }
    catch (found) { setFault(words(found)); }
  };
  return html`<details><summary class="btn">${t('mine.why')}</summary><p>${why.message}</p>${why.officer_reason && html`<p>${why.officer_reason}</p>`}
    <p class="mut">${t(why.decision.by === 'officer' ? 'mine.by-officer' : 'mine.by-machine')} ${why.document}${why.document_title ? `: ${why.document_title}` : ''}</p><p>${why.next_step}</p>
    ${why.appeals.map(each => html`<p key=${each.appeal_id} role="status">${each.answered_at ? t(`mine.${each.verdict}`, { sentence: each.sentence }) : t('mine.appealed', { until: dayHm(each.answer_by) })}</p>`)}
    ${why.can_appeal && html`<p><button type="button" class="btn" onClick=${() => setOpen(true)}>${t('mine.appeal')}</button></p>`}</details>
    ${open && html`<${Dialog} title=${t('mine.appeal-title')} onClose=${() => setOpen(false)}><form onSubmit=${appeal}><label class="field"><span>${t('mine.appeal-text')}</span><textarea name="text" rows="4" required minlength="10" maxlength="600"></textarea></label>
      <p class="mut">${t('mine.appeal-hours', { hours: why.appeal_answer_hours })}</p>${fault && html`<p class="wrong" role="alert">${fault}</p>`}<button class="btn pri">${t('permits.send')}</button></form></${Dialog}>`}`;
}

// ---- what the office asked before deciding ----------------------------------------------------------------------
const questionOf = permit => (permit.status === 'queued' ? permit.questions?.find(each => !each.replied_at) : undefined);

function Reply({ permit, question, online, done }) {
  const [fault, setFault] = useState(''), [key] = useState(freshId());
  const send = async event => {
    event.preventDefault();
    try { done(await call(`/v1/permits/${permit.permit_id}/questions/${question.question_id}/reply`, { json: { text: new FormData(event.target).get('text').trim() }, key })); } catch (found) { setFault(words(found)); }
  };
  return html`<form class="reply" onSubmit=${send}><p><b>${t('mine.asked', { at: dayHm(question.asked_at) })}</b> ${question.text}</p>
    ${online && html`<label class="field"><span>${t('mine.reply')}</span><textarea name="text" rows="3" required minlength="2" maxlength="600"></textarea></label>${fault && html`<p class="wrong" role="alert">${fault}</p>`}<button class="btn pri">${t('mine.send-reply')}</button>`}</form>`;
}

function Cancel({ permit, close, done }) {
  const [fault, setFault] = useState('');
  const send = async () => { try { done(await call(`/v1/permits/${permit.permit_id}/cancellation`, { json: {}, key: freshId() })); } catch (found) { setFault(words(found)); } };
  return html`<${Dialog} title=${t('mine.cancel-title')} onClose=${close}><p>${t('mine.cancel-hint')}</p>${fault && html`<p class="wrong" role="alert">${fault}</p>`}
    <p class="row"><button type="button" class="btn bad" onClick=${send}>${t('mine.cancel')}</button></p></${Dialog}>`;
}

function Permit({ permit, show, changed, say, online }) {
  const [asks, setAsks] = useState(false);
  const isOver = permit.status === 'issued' && Date.parse(permit.valid_until) <= now(), status = isOver ? 'expired' : permit.status;
  const fetched = (end, name) => () => download(`/v1/permits/${permit.permit_id}/${end}`, name).catch(fault => say(words(fault)));
  return html`<article class="card permit" data-status=${status}><div class="row"><h2>${permit.category_title}</h2><span class="tag status-${status}">${t(questionOf(permit) ? 'mine.your-turn' : `status.${status}`)}</span></div>
    <p class="say">${permit.message || t(`mine.say-${status}`, { until: dayHm(permit.valid_until) })}</p>
    ${permit.names_removed_on && html`<p class="banner" data-removed>${t('permits.names-removed', { on: day(permit.names_removed_on) })}</p>`}
    ${status === 'issued' && permit.picture && html`<button type="button" class="btn pri big-button" onClick=${() => show(permit)}>${t('mine.show')}</button>`}
    ${questionOf(permit) && html`<${Reply} key=${questionOf(permit).question_id} permit=${permit} question=${questionOf(permit)} online=${online} done=${after => { say(t('mine.replied')); changed(after); }} />`}
    <dl class="kv"><dt>${t('mine.who')}</dt><dd>${permit.person.full_name}</dd><dt>${t('mine.when')}</dt><dd>${dayHm(permit.valid_from)} – ${dayHm(permit.valid_until)}</dd>
      <dt>${t('scan.hours')}</dt><dd>${permit.hours.join('; ')}</dd><dt>${t('scan.where')}</dt><dd>${permit.areas.map(area => area.name).join(', ')}</dd>
      ${permit.route && html`<dt>${t('mine.route')}</dt><dd>${permit.route}</dd>`}${permit.plate && html`<dt>${t('scan.vehicle')}</dt><dd>${permit.plate}</dd>`}
      ${permit.co_passengers?.length > 0 && html`<dt>${t('mine.with')}</dt><dd>${permit.co_passengers.join(', ')}</dd>`}${permit.purpose && html`<dt>${t('permits.purpose')}</dt><dd>${permit.purpose}</dd>`}<dt>${t('mine.number')}</dt><dd class="num">${permit.number}</dd></dl>
    ${online && html`<div class="row">${status === 'issued' && html`<button type="button" class="btn" onClick=${fetched('permit.pdf', `${permit.number}.pdf`)}>${t('permits.print')}</button><button type="button" class="btn" onClick=${fetched('card.pdf', `the-${permit.number}.pdf`)}>${t('mine.card')}</button>`}
      ${['issued', 'suspended', 'queued'].includes(status) && html`<button type="button" class="btn text" onClick=${() => setAsks(true)}>${t('mine.cancel')}</button>`}<${Why} permit=${permit} /></div>`}
    ${asks && html`<${Cancel} permit=${permit} close=${() => setAsks(false)} done=${after => { setAsks(false); changed(after); }} />`}</article>`;
}

// ---- a new application ---------------------------------------------------------------------------------------
function Field({ name, label, hint, ...rest }) {
  return html`<label class="field"><span>${t(label ?? `permits.${name}`)}</span><input name=${name} autocomplete="off" ...${rest} />${hint && html`<small>${t(hint)}</small>`}</label>`;
}
function Apply({ close, done }) {
  const [fault, setFault] = useState(''), [key] = useState(freshId()), [categories, setCategories] = useState([]), [home, setHome] = useState(''), places = usePlaces();
  useEffect(() => { call('/v1/policies').then(list => setCategories([...new Map(list.items.flatMap(policy => policy.categories).map(each => [each.category, each])).values()])).catch(() => {}); }, []);
  const send = async event => {
    event.preventDefault();
    const data = new FormData(event.target), form = Object.fromEntries(data), days = Number(form.days);
    const json = {
      person: { full_name: form.name, cccd: form.cccd, birth_year: Number(form['birth-year']), sex: form.sex },
      commune_code: form.commune, category: form.category, purpose: form.purpose, route: form.route, areas: data.getAll('areas'),
      windows: form.from && form.to ? [{ weekdays: EVERY_DAY, from: form.from, to: form.to }] : [],
      co_passengers: form.with.split(/[,;]/).map(name => name.trim()).filter(Boolean).map(full_name => ({ full_name })),
      ...(form.plate ? { plate: form.plate } : {}),
      valid_from: `${form.day}T00:00:00+07:00`, valid_until: `${localDay(Date.parse(`${form.day}T00:00:00+07:00`) + days * DAY_MS)}T00:00:00+07:00`,
    };
    if (!json.areas.length) { setFault(t('mine.choose-areas')); return; }
    try { done(await call('/v1/permits', { json, key })); } catch (found) { setFault(words(found)); }
  };
  return html`<${Dialog} title=${t('mine.apply')} onClose=${close}><form onSubmit=${send} id="apply">
    <label class="field"><span>${t('mine.category')}</span><select name="category" required><option value="">${t('people.choose')}</option>${categories.map(each => html`<option value=${each.category}>${each.title}</option>`)}</select></label>
    <${Field} name="purpose" required maxlength="300" />
    <div class="two"><${Field} name="day" label="mine.day" type="date" required defaultValue=${localDay(now())} min=${localDay(now())} max=${localDay(now() + 7 * DAY_MS)} />
      <label class="field"><span>${t('mine.days')}</span><select name="days">${[1, 2, 3].map(count => html`<option value=${count}>${count}</option>`)}</select></label>
      <${Field} name="from" label="mine.from" type="time" defaultValue="05:00" /><${Field} name="to" label="mine.to" type="time" defaultValue="20:00" /></div>
    <${PlaceChoice} places=${places} name="commune" label=${t('mine.commune')} onDistrict=${setHome} />
    <fieldset><legend>${t('mine.areas')}</legend><div class="two">${places.map(each => html`<label class="pick" key=${`${each.code}${home}`}><input type="checkbox" name="areas" value=${each.code} defaultChecked=${each.code === home} /><span>${each.name}</span></label>`)}</div></fieldset>
    <${Field} name="name" required maxlength="100" defaultValue=${claims()?.name ?? ''} />
    <div class="two"><${Field} name="cccd" required inputmode="numeric" maxlength="20" /><${Field} name="birth-year" required inputmode="numeric" minlength="4" maxlength="4" />
      <label class="field"><span>${t('permits.sex')}</span><select name="sex"><option value="male">${t('permits.male')}</option><option value="female">${t('permits.female')}</option></select></label>
      <${Field} name="plate" hint="mine.plate-hint" maxlength="20" /></div>
    <${Field} name="route" label="mine.route" maxlength="300" /><${Field} name="with" label="mine.with" hint="mine.with-hint" maxlength="400" />
    ${fault && html`<p class="wrong" role="alert">${fault}</p>`}<button class="btn pri big-button">${t('mine.send')}</button></form></${Dialog}>`;
}

function Scans() {
  const [found, setFound] = useState(null);
  const load = cursor => call(`/v1/my/scans?limit=20${cursor ? `&cursor=${cursor}` : ''}`)
    .then(page => setFound({ items: cursor ? [...found.items, ...page.items] : page.items, next: page.next })).catch(() => {});
  useEffect(() => { load(); }, []);
  return found && html`<section class="card" id="scans"><h2>${t('mine.scans')}</h2>${!found.items.length && html`<p class="mut">${t('mine.no-scans')}</p>`}
    <ul class="plain">${found.items.map(each => html`<li key=${each.scanned_at}><div class="row"><b>${each.words}</b><span class="mut">${day(each.scanned_at)} ${dayHm(each.scanned_at).split(' ')[0]}</span></div><span>${each.checkpoint_name}, ${each.commune.name}</span>${each.because && html`<span class="mut">${each.because}</span>`}</li>`)}</ul>
    ${found.next && html`<p><button type="button" class="btn" onClick=${() => load(found.next)}>${t('permits.more')}</button></p>`}</section>`;
}

function Mine() {
  const [found, setFound] = useState(kept()), [online, setOnline] = useState(false), [shown, setShown] = useState(null), [isNew, setNew] = useState(false), [fault, setFault] = useState(''), [toast, say] = useToast();
  const load = async () => {
    try {
      if (!(await token())) await requireSignIn();
      setServerNow((await call('/v1/trust-list')).server_now);
      setFound(await keep((await call('/v1/permits?limit=20')).items));
      setOnline(true); setFault('');
    } catch (refusal) {
      setOnline(false);
      if (refusal instanceof Refused) setFault(refusal.message);
    }
    document.documentElement.dataset.ready = '';
  };
  useEffect(() => { load(); addEventListener('online', load); return () => removeEventListener('online', load); }, []);
  const leave = () => { remember.set(KEPT, 'null'); signOut(); };
  const permits = found?.permits ?? [];
  return html`<${Shell} title=${t('mine.title')} sub=${claims()?.name ?? ''} live=${{ connected: online, heardAt: found?.at }}><main class="sheet">
    ${!online && found && html`<p class="banner" role="status">${t('mine.offline', { at: dayHm(found.at) })}</p>`}${fault && html`<p class="banner bad" role="alert">${fault}</p>`}
    ${online && html`<button type="button" class="btn pri big-button" id="new" onClick=${() => setNew(true)}>${t('mine.apply')}</button>`}
    ${found && !permits.length && html`<div class="card"><${Empty} title=${t('mine.none')}>${t('mine.none-hint')}</${Empty}></div>`}
    <div class="halves">${permits.map(permit => html`<${Permit} key=${permit.permit_id} permit=${permit} show=${setShown} say=${say} online=${online} changed=${load} />`)}</div>
    ${online && html`<${Scans} />`}<p><button type="button" class="btn text" onClick=${leave}>${t('mine.leave')}</button></p></main>
    ${shown && html`<${Code} permit=${shown} close=${() => setShown(null)} />`}
    ${isNew && html`<${Apply} close=${() => setNew(false)} done=${permit => { setNew(false); say(permit.message || t(`mine.say-${permit.status}`, { until: dayHm(permit.valid_until) })); load(); }} />`}${toast}</${Shell}>`;
}

navigator.serviceWorker?.register('/my-permits-sw.js', { scope: '/my-permits' }).catch(() => {});
await loadTexts('/pages/locales');
const app = document.getElementById('app');
app.replaceChildren();
render(html`<${Mine} />`, app);
