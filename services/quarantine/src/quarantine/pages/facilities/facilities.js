// Cơ sở cách ly tập trung: free beds, rooms, who sleeps where, who waits for a bed.
import { call, claims, hasRole, requireSignIn } from 'shell/auth.js';
import { day, freshId, hm, num } from 'shell/kit.js';
import { loadTexts, t } from 'shell/i18n.js';
import { Dialog, Empty, html, render, Shell, useEffect, useLanguage, useState, useToast } from 'shell/ui.js';
import { post, useLook, Waiting, Who, words } from '../duties/kit.js';

const WAIT = 700;
const canAssign = () => hasRole('health_officer');

/** Rooms as people write them: "A1 4" on a line, or "A1-A6 4" for six alike. */
export function roomsOf(text) {
  return text.split(/[\n,;]+/).map(line => line.trim()).filter(Boolean).flatMap(line => {
    const parts = line.match(/^([A-Za-z0-9.]*?)(\d+)(?:\s*-\s*\1(\d+))?\s+(\d+)$/);
    if (!parts) return [{ code: line, beds: 0 }];
    const [, letters, first, last, beds] = parts, count = last ? Number(last) - Number(first) + 1 : 1;
    return Array.from({ length: Math.max(0, Math.min(count, 400)) }, (_, n) => ({ code: `${letters}${String(Number(first) + n).padStart(first.length, '0')}`, beds: Number(beds) }));
  });
}

function SetUp({ facility, close, done }) {
  const [communes, setCommunes] = useState([]), [fault, setFault] = useState(''), [key] = useState(freshId());
  useEffect(() => { call('/v1/communes').then(found => setCommunes(found.items)).catch(refusal => setFault(words(refusal))); }, []);
  const send = async event => {
    event.preventDefault();
    const form = new FormData(event.target), text = name => form.get(name).trim(), rooms = roomsOf(text('rooms')), wrong = rooms.find(room => !room.beds);
    if (wrong) { setFault(t('cases.hall.bad-room', { line: wrong.code })); return; }
    const body = { name: text('name'), commune_code: text('commune_code'), address: text('address'), rooms, ...(facility ? { serves: facility.serves } : {}) };
    try {
      await call(facility ? `/v1/facilities/${facility.facility_id}` : '/v1/facilities', { json: body, key, ...(facility ? { method: 'PUT' } : {}) });
      done(t('cases.hall.saved', { name: body.name }));
    } catch (refusal) { setFault(words(refusal)); }
  };
  return html`<${Dialog} title=${facility ? t('cases.hall.edit') : t('cases.hall.new')} onClose=${close}><form onSubmit=${send}>
    <label class="field"><span>${t('cases.hall.name')}</span><input name="name" required minlength="3" maxlength="120" defaultValue=${facility?.name ?? ''} autocomplete="off" /></label>
    <label class="field"><span>${t('cases.commune')}</span><select name="commune_code" required>${communes.map(c => html`<option value=${c.code} selected=${c.code === facility?.commune_code}>${c.name} · ${c.district_name}</option>`)}</select></label>
    <label class="field"><span>${t('cases.address')}</span><input name="address" maxlength="200" defaultValue=${facility?.address ?? ''} autocomplete="off" /></label>
    <label class="field"><span>${t('cases.hall.rooms')}</span><textarea name="rooms" rows="5" required defaultValue=${(facility?.rooms ?? []).map(room => `${room.code} ${room.beds}`).join('\n')}></textarea><small>${t('cases.hall.rooms-hint')}</small></label>
    ${fault && html`<p class="wrong" role="alert">${fault}</p>`}<button class="btn pri">${t('cases.hall.save')}</button></form></${Dialog}>`;
}

/** A bed for somebody: the facility chooses the room unless one is named. */
function Assign({ person, facilities, from, close, done }) {
  const [hall, setHall] = useState(from ?? facilities.find(one => one.free > 0)?.facility_id ?? ''), [rooms, setRooms] = useState([]), [fault, setFault] = useState(''), [key, setKey] = useState(freshId());
  useEffect(() => { setRooms([]); if (hall) call(`/v1/facilities/${hall}`).then(found => setRooms(found.rooms)).catch(() => {}); }, [hall]);
  const send = async event => {
    event.preventDefault();
    const room = new FormData(event.target).get('room');
    try {
      const given = await post(`/v1/facilities/${hall}/beds`, { person_id: person.person_id, ...(room ? { room } : {}) }, key);
      done(t('cases.hall.given', { name: person.person.full_name, room: given.room, hall: given.facility_name }));
    } catch (refusal) { setFault(words(refusal)); setKey(freshId()); }
  };
  return html`<${Dialog} title=${t('cases.hall.bed-for', { name: person.person.full_name })} onClose=${close}><form onSubmit=${send}>
    <label class="field"><span>${t('cases.hall.hall')}</span><select required value=${hall} onChange=${e => setHall(e.target.value)}><option value="">—</option>${facilities.map(one => html`<option value=${one.facility_id}>${one.name}: ${t('cases.hall.free', { n: num(one.free) })}</option>`)}</select></label>
    <label class="field"><span>${t('cases.hall.room')}</span><select name="room"><option value="">${t('cases.hall.any-room')}</option>${rooms.filter(room => room.free > 0).map(room => html`<option value=${room.code}>${room.code}: ${t('cases.hall.free', { n: room.free })}</option>`)}</select><small>${t('cases.hall.room-hint')}</small></label>
    ${fault && html`<p class="wrong" role="alert">${fault}</p>`}<button class="btn pri">${t('cases.hall.give')}</button></form></${Dialog}>`;
}

function Rooms({ facility, ask, home }) {
  return html`<ul class="rooms">${facility.rooms.map(room => html`<li class="room ${room.free ? '' : 'full'}" key=${room.code}><h3>${t('cases.hall.room-n', { room: room.code })} <span class="mut num">${room.beds - room.free}/${room.beds}</span></h3>
    ${room.occupants.map(one => html`<div class="sleeper" key=${one.person_id}>${one.person ? html`<${Who} person=${one.person}>${one.commune_name} · ${t('cases.hall.until', { on: day(one.ends_on) })}</${Who}>
      ${canAssign() && html`<div class="row"><button type="button" class="btn" onClick=${() => ask(one)} aria-label=${t('cases.hall.move-name', { name: one.person.full_name })}>${t('cases.hall.move')}</button><button type="button" class="btn" onClick=${() => home(one)} aria-label=${t('cases.hall.home-name', { name: one.person.full_name })}>${t('cases.hall.home')}</button></div>`}` : html`<small>${t('cases.hall.somebody')}</small>`}</div>`)}
    ${room.free > 0 && html`<p class="mut">${t('cases.hall.free', { n: room.free })}</p>`}</li>`)}</ul>`;
}

function Open({ id, tick, ask, home, edit }) {
  const [facility, fault, look] = useLook(`/v1/facilities/${id}`);
  useEffect(() => { if (tick) look(); }, [tick]);
  if (!facility) return html`<${Waiting} fault=${fault} />`;
  return html`<section class="card" aria-label=${facility.name}><div class="row"><h2>${facility.name}</h2><span class="sp"></span>${facility.can_edit && html`<button type="button" class="btn" onClick=${() => edit(facility)}>${t('cases.hall.edit')}</button>`}</div>
    <p class="mut">${facility.address ? `${facility.address}, ` : ''}${facility.commune_name} · ${t('cases.hall.serves', { area: facility.serves_name })}</p><${Rooms} facility=${facility} ask=${ask} home=${home} /></section>`;
}

function App() {
  useLanguage();
  const [found, fault, look] = useLook('/v1/facilities'), [picked, setPicked] = useState(null), [dialog, setDialog] = useState(null), [tick, setTick] = useState(0), [toast, say] = useToast();
  const again = () => { look(); setTick(n => n + 1); }, close = () => setDialog(null);
  const done = text => { close(); say(text); setTimeout(again, WAIT); };
  const home = one => post(`/v1/cases/${one.person_id}/home-again`).then(() => done(t('cases.hall.gone-home', { name: one.person.full_name }))).catch(refusal => say(words(refusal)));
  const id = picked ?? found?.items[0]?.facility_id, assign = person => setDialog(['bed', person]);
  return html`<${Shell} title=${t('cases.hall.title')} sub=${claims()?.name ?? ''} live=${{ connected: !fault, heardAt: Date.now() }}><main class="page halls">
    <div class="row"><a class="btn" href="/cases">${t('cases.title')}</a><span class="sp"></span><button type="button" class="btn pri" onClick=${() => setDialog(['set'])}>${t('cases.hall.new')}</button></div>
    ${!found ? html`<${Waiting} fault=${fault} />` : html`
      ${found.waiting.length > 0 && html`<section class="card" aria-label=${t('cases.hall.waiting')}><h2>${t('cases.hall.waiting')} (${num(found.waiting.length)})</h2><ul class="mems">${found.waiting.map(one => html`<li class="mem" key=${one.person_id}><${Who} person=${one.person}>${t(`cases.category.${one.category}`)} · ${one.commune_name} · ${t('cases.hall.until', { on: day(one.ends_on) })}</${Who}>
        ${canAssign() && html`<button type="button" class="btn pri" onClick=${() => assign(one)} aria-label=${t('cases.hall.bed-for', { name: one.person.full_name })}>${t('cases.hall.give')}</button>`}</li>`)}</ul></section>`}
      ${found.items.length ? html`<div class="hall-list" role="group" aria-label=${t('cases.hall.title')}>${found.items.map(one => html`<button type="button" class="hall" key=${one.facility_id} aria-pressed=${one.facility_id === id} onClick=${() => setPicked(one.facility_id)}><b>${one.name}</b><span class="num ${one.free ? '' : 'wrong'}">${t('cases.hall.free-of', { free: num(one.free), beds: num(one.beds) })}</span></button>`)}</div>
        <${Open} key=${id} id=${id} tick=${tick} ask=${assign} home=${home} edit=${facility => setDialog(['set', facility])} />` : html`<div class="card"><${Empty} title=${t('cases.hall.none')}>${t('cases.hall.none-text')}</${Empty}></div>`}`}</main>
    ${dialog?.[0] === 'set' && html`<${SetUp} facility=${dialog[1]} close=${close} done=${done} />`}
    ${dialog?.[0] === 'bed' && html`<${Assign} person=${dialog[1]} facilities=${found.items} close=${close} done=${done} />`}${toast}</${Shell}>`;
}

await loadTexts('/pages/locales');
await requireSignIn();
document.getElementById('app').replaceChildren();
render(html`<${App} />`, document.getElementById('app'));
document.documentElement.dataset.ready = hm(Date.now());
