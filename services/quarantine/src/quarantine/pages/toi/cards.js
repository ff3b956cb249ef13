// One card per question that people ask: what must I do, when does it end, who helps me, may I go out.
import { html } from 'shell/ui.js';
import { day, dayHm, hm, localDay, now } from 'shell/kit.js';
import { t } from 'shell/i18n.js';
import { F0, isPatient, owes } from './load.js';

const WEEKDAYS = 7;
const weekday = on => t(`toi.weekday.${new Date(`${on}T12:00:00+07:00`).getUTCDay() % WEEKDAYS}`);
const longDay = on => `${weekday(on)}, ${day(`${on}T12:00:00+07:00`)}`;

function declareLink(me, who, well) {
  const asked = new URLSearchParams({ ...(who ? { nguoi: who } : {}), ...(isPatient(me) ? { loai: 'f0' } : {}), ...(well ? { khoe: '1' } : {}) });
  return `/khai-bao?${asked}`;
}
/** The latest receipt: of the server, or of this phone if that is newer. */
function lastReceipt(me, who, sent) {
  const served = (isPatient(me) ? me.f0 : me.quarantine)?.last_receipt;
  const own = sent.find(one => !who || one.person === who);
  if (own && (!served || own.at > served.reported_at)) return { receipt: own.receipt, at: own.at };
  return served && { receipt: served.receipt ?? '', at: served.reported_at };
}
export function Duty({ me, who, sent }) {
  const last = lastReceipt(me, who, sent), patient = isPatient(me), owed = owes(me);
  const receipt = last && html`<p class="receipt">✓ ${t('toi.received', { at: dayHm(last.at) })} <b class="num">${last.receipt}</b></p>`;
  if (!owed) {
    // Between two declarations of a patient nothing is done for the day: the next one has its hours.
    const next = patient && owed !== null ? me.f0.duty : null, done = me.quarantine?.case.duty.state === 'done' || patient;
    const title = next ? t('toi.next', { from: localDay(next.opens_at) === localDay(now()) ? hm(next.opens_at) : dayHm(next.opens_at), until: hm(next.due_at) }) : t(done ? 'toi.done-today' : 'toi.no-duty');
    const text = t(next ? 'toi.next-text' : done ? 'toi.done-text' : me.quarantine?.case.status === 'open' ? 'toi.open-text' : 'toi.no-duty-text');
    return html`<section class="card duty calm"><p>${t('toi.today')}</p><h2>${owed === null ? t('toi.loading') : title}</h2>
      <p>${owed === null ? '' : text}</p>
      ${(done || me.quarantine?.case.status === 'open') && html`<a class="go ill" href=${declareLink(me, who, false)}>${t('toi.changed')}</a>`}${receipt}</section>`;
  }
  const duty = patient ? me.f0.duty : me.quarantine.case.duty, late = now() > Date.parse(duty.due_at);
  return html`<section class="card duty"><p>${t('toi.today')}</p><h2>${t('toi.declare')}</h2><p>${t(late ? 'toi.was-due' : 'toi.due', { at: localDay(duty.due_at) === localDay(now()) ? hm(duty.due_at) : dayHm(duty.due_at) })}</p>
    <a class="go" href=${declareLink(me, who, true)}>${t('toi.well')}</a><a class="go ill" href=${declareLink(me, who, false)}>${t('toi.ill')}</a>${receipt}</section>`;
}

/** Somebody asks whether the person is at home: a few minutes to answer, so it stands before everything else. */
export function CheckIn({ me }) {
  const asked = me.checkIn;
  if (!asked || Date.parse(asked.answer_by) <= now()) return null;
  return html`<section class="card duty" id="asked"><p>${t('toi.check-in')}</p><h2>${t('toi.check-in-by', { at: hm(asked.answer_by) })}</h2><a class="go" href="/diem-danh">${t('toi.check-in-do')}</a></section>`;
}

function Days({ from, count, at }) {
  const days = Array.from({ length: Math.min(count, 31) }, (_, i) => i + 1);
  return html`<ol class="days" aria-label=${t('toi.day-of', { day: at, days: count })}>${days.map(n => html`<li class=${n < at ? 'past' : n === at ? 'now' : ''} aria-current=${n === at ? 'date' : undefined}>${n}</li>`)}</ol><p class="mut">${t('toi.from', { day: day(`${from}T12:00:00+07:00`) })}</p>`;
}
export function End({ me }) {
  const file = me.quarantine?.case;
  if (isPatient(me)) return html`<section class="card"><h2>${t('toi.when')}</h2><p class="end">${t('toi.f0-day', { n: me.f0.patient.illness_day })}</p><p class="why">${t('toi.f0-why', { day: day(`${me.f0.patient.tested_on}T12:00:00+07:00`) })}</p></section>`;
  if (!file) return null;
  if (file.status !== 'open') return html`<section class="card"><h2>${t('toi.when')}</h2><p class="end">${t('toi.ended', { day: day(`${file.ended_on ?? file.ends_on}T12:00:00+07:00`) })}</p></section>`;
  return html`<section class="card" id="end"><h2>${t('toi.when')}</h2><p class="end">${t('toi.until', { day: longDay(file.ends_on) })}</p>
    <${Days} from=${file.starts_on} count=${file.days} at=${Math.min(Math.max(file.day, 1), file.days)} />
    <p class="why"><b>${t('toi.why')}</b> ${file.reason.text}${file.note ? ` ${file.note}` : ''}</p></section>`;
}
export function Tests({ me }) {
  const file = me.quarantine?.case;
  if (!file || file.status !== 'open' || !file.tests.length) return null;
  const today = localDay(now());
  return html`<section class="card"><h2>${t('toi.tests')}</h2><ul class="line">${file.tests.map(one => html`<li key=${one.on}><span>${longDay(one.on)}</span><b>${t(one.on < today ? 'toi.test-past' : one.on === today ? 'toi.test-today' : 'toi.test-next')}</b></li>`)}</ul><p class="mut">${t('toi.tests-text')}</p></section>`;
}
export function Helper({ me, phone }) {
  const doctor = isPatient(me) ? me.f0.patient.doctor : null;
  if (!doctor) return html`<section class="card"><h2>${t('toi.helper')}</h2><p>${t(isPatient(me) ? 'toi.no-doctor-yet' : 'toi.station')}</p><div class="one"><a class="btn pri" href="tel:19009095">☎ 19009095</a>${me.quarantine?.case.status === 'open' && html`<a class="btn" href="/diem-danh">${t('toi.need')}</a>`}</div></section>`;
  return html`<section class="card"><h2>${t('toi.doctor')}</h2><p><b>${doctor.name}</b></p><div class=${phone ? 'one' : 'pair'}><a class="btn pri" href=${`tel:${doctor.phone}`}>☎ ${t('toi.call')}</a>${!phone && html`<a class="btn" href=${`${F0}/hen-kham`}>${t('toi.video')}</a>`}</div></section>`;
}
export function Permit({ me }) {
  if (!me.permit) return null;
  const { status, message, valid_until: until, picture } = me.permit;
  return html`<section class="card perm ${status === 'issued' ? 'ok' : ''}"><h2>${t('toi.permit')}</h2><p class="end">${t(`toi.permit.${status}`, { day: dayHm(until) })}</p>${message && html`<p>${message}</p>`}
    ${picture && html`<details><summary class="btn">${t('toi.show-qr')}</summary><img src=${picture} alt=${t('toi.qr')} /></details>`}<p class="mut">${t('toi.permit-emergency')}</p></section>`;
}
