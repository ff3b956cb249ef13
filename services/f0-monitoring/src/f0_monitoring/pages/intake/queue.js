// People who say that they tested positive: the station confirms, or refuses and says why.
import { call } from 'shell/auth.js';
import { fetchFile, wordsOf } from 'shell/files.js';
import { dayHm, freshId, meta, minutesSince, setServerNow } from 'shell/kit.js';
import { t } from 'shell/i18n.js';
import { Empty, Failed, html, useEffect, useState } from 'shell/ui.js';
import { bodyOf, PersonFields, useDiseases } from './form.js';

const words = fault => wordsOf(fault, t('intake.no-answer')), LOOK_MS = 10000;
const day = text => text.split('-').reverse().join('/');
const age = since => { const minutes = minutesSince(since); return minutes < 60 ? `${minutes} ph` : `${Math.floor(minutes / 60)} h ${minutes % 60} ph`; };

/** A list that is read again while somebody looks at it. */
function useList(path) {
  const [items, set] = useState(null), [fault, setFault] = useState(null);
  const load = () => call(path).then(found => { if (found.as_of) setServerNow(found.as_of); set(found.items); setFault(null); }).catch(setFault);
  useEffect(() => { load(); const id = setInterval(() => document.visibilityState === 'visible' && load(), LOOK_MS); return () => clearInterval(id); }, []);
  return [items, fault, load];
}

function Waiting({ one, diseases, answered }) {
  const [photo, setPhoto] = useState(''), [refusing, setRefusing] = useState(false), [fault, setFault] = useState(''), [key] = useState(freshId());
  const answer = async more => {
    try { await call(`/v1/self-declarations/${one.person_id}/answer`, { method: 'POST', json: { declaration_id: one.declaration_id, ...more }, key: `${key}-${more.confirmed}` }); answered(more.confirmed, one.full_name); } catch (found) { setFault(words(found)); }
  };
  const show = async () => { try { setPhoto(URL.createObjectURL(await fetchFile(`/v1/self-declarations/${one.person_id}/photo`))); } catch (found) { setFault(words(found)); } };
  const named = code => diseases.find(each => each.code === code)?.label ?? code;
  const risk = [one.conditions.map(named).join(', '), one.pregnant && t('queue.pregnant'), t('queue.doses', { n: one.vaccination_doses })].filter(Boolean).join(' · ');
  const refuse = event => { event.preventDefault(); answer({ confirmed: false, reason: new FormData(event.target).get('reason').trim() }); };
  return html`<li id=${`declared-${one.person_id}`} data-reach=${one.reach}><div class="row"><b>${one.full_name}</b><span class=${`tag status-${one.reach === 'station' ? 'waiting' : 'overdue'}`}>${t(`queue.reach-${one.reach}`)}</span><span class="mut">${t('queue.waits', { age: age(one.declared_at) })}${one.is_for_self ? '' : ` · ${t('queue.by-relative')}`}</span></div>
    <dl class="kv"><dt>${t('queue.test')}</dt><dd>${t(`queue.${one.test}`)}, ${day(one.tested_on)}</dd><dt>${t('form.address')}</dt><dd>${one.person.address}, ${one.commune_name}</dd>
      <dt>${t('form.phone')}</dt><dd>${one.person.phone ? html`<a href=${`tel:${one.person.phone}`}>${one.person.phone}</a>` : '–'}</dd><dt>${t('form.birth_year')}</dt><dd>${one.person.birth_year} · ${t(`queue.${one.person.sex}`)}</dd><dt>${t('queue.risk')}</dt><dd>${risk}</dd></dl>
    ${photo ? html`<img class="strip" src=${photo} alt=${t('queue.photo')} />` : one.has_photo ? html`<p><button type="button" class="btn" onClick=${show}>${t('queue.photo')}</button></p>` : html`<p class="mut">${t('queue.no-photo')}</p>`}
    ${fault && html`<p class="wrong" role="alert">${fault}</p>`}
    ${refusing ? html`<form onSubmit=${refuse}><label class="field"><span>${t('queue.refuse-reason')}</span><input name="reason" required minlength="2" maxlength="500" autocomplete="off" /></label><div class="row"><button class="btn bad">${t('queue.refuse-now')}</button><button type="button" class="btn" onClick=${() => setRefusing(false)}>${t('intake.cancel')}</button></div></form>`
    : html`<div class="row"><button type="button" class="btn pri" onClick=${() => answer({ confirmed: true })}>${t('queue.confirm')}</button><button type="button" class="btn" onClick=${() => setRefusing(true)}>${t('queue.refuse')}</button></div>`}</li>`;
}

export function Queue({ say }) {
  const [items, fault, load] = useList('/v1/self-declarations'), diseases = useDiseases();
  const answered = (confirmed, name) => { say(t(confirmed ? 'queue.confirmed' : 'queue.refused', { name })); load(); };
  if (fault) return html`<${Failed} title=${t('queue.failed')} onRetry=${load}>${words(fault)}</${Failed}>`;
  return html`<section class="card" id="queue"><h2>${t('queue.title')}</h2>${!items ? html`<p role="status">…</p>` : items.length ? html`<ul class="plain">${items.map(one => html`<${Waiting} key=${one.declaration_id} one=${one} diseases=${diseases} answered=${answered} />`)}</ul>` : html`<${Empty} title=${t('queue.none')}>${t('queue.none-hint')}</${Empty}>`}</section>`;
}

function Nameless({ one, diseases, saved }) {
  const [open, setOpen] = useState(false), [fault, setFault] = useState(''), [key] = useState(freshId()), quarantine = meta('quarantine-url');
  const send = async event => {
    event.preventDefault();
    try { const record = await call(`/v1/patients/${one.person_id}/details`, { method: 'POST', json: bodyOf(event.target), key }); saved(record.person.full_name); } catch (found) { setFault(words(found)); }
  };
  return html`<li id=${`nameless-${one.person_id}`}><div class="row"><b>${one.commune_name}</b><span class="mut">${t('nameless.since', { day: day(one.tested_on), at: dayHm(one.declared_at) })}</span><span class="mut">${t('nameless.age', { age: one.age_years, n: one.vaccination_doses })}</span></div>
    <div class="row">${quarantine && html`<a class="btn" href=${`${quarantine}?person=${one.person_id}`}>${t('nameless.quarantine')}</a>`}${!open && html`<button type="button" class="btn pri" onClick=${() => setOpen(true)}>${t('nameless.open')}</button>`}</div>
    ${open && html`<form onSubmit=${send}><${PersonFields} diseases=${diseases} />${fault && html`<p class="wrong" role="alert">${fault}</p>`}<div class="row"><button class="btn pri">${t('nameless.save')}</button><button type="button" class="btn" onClick=${() => setOpen(false)}>${t('intake.cancel')}</button></div></form>`}</li>`;
}

export function NamelessList({ say }) {
  const [items, fault, load] = useList('/v1/awaiting-details'), diseases = useDiseases();
  if (fault) return html`<${Failed} title=${t('nameless.failed')} onRetry=${load}>${words(fault)}</${Failed}>`;
  return html`<section class="card" id="nameless"><h2>${t('nameless.title')}</h2><p class="mut">${t('nameless.hint')}</p>${!items ? html`<p role="status">…</p>` : items.length ? html`<ul class="plain">${items.map(one => html`<${Nameless} key=${one.person_id} one=${one} diseases=${diseases} saved=${name => { say(t('nameless.saved', { name })); load(); }} />`)}</ul>` : html`<p>${t('nameless.none')}</p>`}</section>`;
}
