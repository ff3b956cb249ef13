// Lịch trực: who is on duty when, how full everybody is now, and where a doctor will be missing.
import { claims, requireSignIn } from 'shell/auth.js';
import { loadTexts, t } from 'shell/i18n.js';
import { dayHm, hm, localDay, now, setServerNow } from 'shell/kit.js';
import { Empty, Failed, html, render, Shell, useEffect, useRef, useState, useToast } from 'shell/ui.js';
import { daysShown, hoursOf, readPlan, repeatWeek, shiftsOn, words } from './data.js';
import { ComeDialog, LeaveDialog, ShiftDialog, span } from './dialogs.js';

const LOOK_MS = 15000;
const dayName = day => (day === localDay(now()) ? t('truc.today') : new Date(`${day}T12:00:00+07:00`).toLocaleDateString(document.documentElement.lang, { weekday: 'short', day: '2-digit', month: '2-digit' }));

/** The plan, read again now and then and after every change. */
function usePlan() {
  const [state, set] = useState({ plan: null, fault: null, connected: false, heardAt: null }), latest = useRef(state);
  const put = changes => { latest.current = { ...latest.current, ...changes }; set(latest.current); };
  const read = () => readPlan().then(plan => { setServerNow(plan.as_of); put({ plan, fault: null, connected: true, heardAt: Date.now() }); }).catch(fault => put({ fault, connected: false }));
  useEffect(() => {
    read();
    const id = setInterval(() => { if (document.visibilityState === 'visible') read(); }, LOOK_MS);
    return () => clearInterval(id);
  }, []);
  return [state, read];
}

function Gaps({ plan, fill }) {
  const until = dayHm(plan.until_at), mayFill = plan.doctors.some(doctor => doctor.may_change);
  if (!plan.gaps.length) return html`<p class="banner" id="no-gaps">✓ ${t('truc.no-gaps', { until })}</p>`;
  return html`<section class="card" id="gaps"><h2>${t('truc.gaps')}</h2><p class="mut">${t('truc.gaps-hint', { until })}</p><ul class="gaps">${plan.gaps.map(gap => html`<li class=${gap.kind}>
    <b>${span(gap)}</b><p>${t(gap.is_whole_district ? 'truc.whole' : 'truc.some', { district: gap.district_name, communes: gap.communes.map(place => place.name).join(', ') })}</p><p>${t(`truc.${gap.kind}`)}</p>
    ${mayFill && html`<p><button type="button" class="btn" aria-label=${`${t('truc.fill')}: ${gap.district_name}, ${span(gap)}`} onClick=${() => fill(gap)}>${t('truc.fill')}</button></p>`}</li>`)}</ul>
    ${plan.more_gaps > 0 && html`<p>${t('truc.more-gaps', { n: plan.more_gaps })}</p>`}</section>`;
}

function Who({ doctor, ask, say, reread }) {
  const [busy, setBusy] = useState(false), { name } = doctor, isDoctor = doctor.profession === 'doctor';
  const repeat = async () => {
    setBusy(true);
    const { done, refused } = await repeatWeek(doctor);
    setBusy(false);
    say(refused.length ? t('truc.repeated-some', { name, done, refused: refused.length, why: refused[0] }) : t(done ? 'truc.repeated' : 'truc.nothing-to-repeat', { name, done }));
    reread();
  };
  return html`<th scope="row" class=${isDoctor && doctor.load >= doctor.capacity_now ? 'who full' : 'who'}><div>${name} ${doctor.is_me && html`<span class="tag">${t('truc.me')}</span>`} ${doctor.is_lead && html`<span class="tag">${t('truc.lead')}</span>`}</div>
    <p class="mut">${doctor.places.map(place => place.name).join(', ')}</p>
    ${isDoctor && html`<p class="count num">${t('truc.load', { load: doctor.load, capacity: doctor.capacity_now })}</p><meter class="load" min="0" max=${doctor.capacity_now} value=${doctor.load} aria-label=${t('truc.load-of', { name })}></meter>`}
    <div class="row"><span class=${doctor.on_duty ? 'tag r1' : 'tag r0'}>${t(doctor.on_duty ? 'truc.on' : 'truc.off')}</span>
      ${doctor.may_change && html`<button type="button" class="btn" aria-label=${`${t(doctor.on_duty ? 'truc.leave' : 'truc.come')}: ${name}`} onClick=${() => ask({ act: doctor.on_duty ? 'leave' : 'come', doctor })}>${t(doctor.on_duty ? 'truc.leave' : 'truc.come')}</button>`}
      ${doctor.phone && !doctor.is_me && html`<a class="btn" href=${`tel:${doctor.phone}`} aria-label=${`${t('truc.call')}: ${name}`}>☎</a>`}
      ${doctor.may_change && doctor.shifts.length > 0 && html`<button type="button" class="btn text" disabled=${busy} aria-label=${`${t('truc.repeat')}: ${name}`} onClick=${repeat}>${t('truc.repeat')}</button>`}</div></th>`;
}

function ShiftChip({ doctor, shift, ask }) {
  const kind = t(`truc.${shift.kind}`), look = `shift ${shift.kind} ${shift.is_present ? 'now' : ''}`;
  const inside = html`<b class="num">${hm(shift.from_at)}–${hm(shift.until_at)}</b><small>${kind}${shift.capacity ? ` · ${shift.capacity}` : ''}</small>`;
  if (!doctor.may_change) return html`<div class=${look}>${inside}</div>`;
  return html`<button type="button" class=${look} data-shift=${shift.shift_id} aria-label=${t('truc.edit-for', { kind, name: doctor.name, from: dayHm(shift.from_at), until: dayHm(shift.until_at) })} onClick=${() => ask({ act: 'shift', doctor, shift })}>${inside}</button>`;
}

function Table({ plan, days, chosen, ...acts }) {
  const look = day => `${day === days[0] ? 'today' : ''} ${day === chosen ? 'chosen' : ''}`;
  const nightsOn = day => plan.doctors.filter(doctor => shiftsOn(doctor, day).some(shift => shift.kind === 'night'));
  return html`<table class="plan"><thead><tr><th class="who" scope="col">${t('truc.doctor')}</th>${days.map(day => html`<th scope="col" class=${look(day)}>${dayName(day)}</th>`)}</tr></thead><tbody>
    <tr class="nights"><th scope="row" class="who">${t('truc.nights')}</th>${days.map(day => html`<td class=${look(day)}>${nightsOn(day).map(doctor => html`<p>${doctor.name}</p>`)}${nightsOn(day).length === 0 && html`<p class="none">${t('truc.no-night')}</p>`}</td>`)}</tr>
    ${plan.doctors.map(doctor => html`<tr key=${doctor.doctor_id} data-doctor=${doctor.doctor_id}><${Who} doctor=${doctor} ...${acts} />${days.map(day => html`<td class=${look(day)} data-day=${day}>
      ${shiftsOn(doctor, day).map(shift => html`<${ShiftChip} key=${shift.shift_id} doctor=${doctor} shift=${shift} ask=${acts.ask} />`)}
      ${doctor.may_change && html`<button type="button" class="add" aria-label=${t('truc.add-for', { name: doctor.name, day: dayName(day) })} onClick=${() => acts.ask({ act: 'shift', doctor, day })}>+ ${t('truc.add')}</button>`}</td>`)}</tr>`)}</tbody></table>`;
}

const DIALOGS = { shift: ShiftDialog, come: ComeDialog, leave: LeaveDialog };

function Duty() {
  const [{ plan, fault, ...live }, reread] = usePlan(), [asked, ask] = useState(null), [toast, say] = useToast(), days = daysShown(), [chosen, choose] = useState(days[0]);
  const done = text => { say(text); reread(); }, Asked = asked && DIALOGS[asked.act];
  if (!plan) return html`<${Shell} title=${t('truc.title')} sub=${claims()?.name ?? ''} live=${live}>${fault ? html`<${Failed} title=${t('truc.failed')} onRetry=${reread}>${words(fault)}</${Failed}>` : html`<main class="page"><p role="status">…</p></main>`}</${Shell}>`;
  return html`<${Shell} title=${t('truc.title')} sub=${claims()?.name ?? ''} live=${live}><main class="sheet">
    <${Gaps} plan=${plan} fill=${gap => ask({ act: 'shift', hours: hoursOf(gap) })} />
    ${plan.doctors.length ? html`<nav class="tabs days" aria-label=${t('truc.days')}>${days.map(day => html`<button type="button" key=${day} aria-pressed=${day === chosen} onClick=${() => choose(day)}>${dayName(day)}</button>`)}</nav>
      <${Table} plan=${plan} days=${days} chosen=${chosen} ask=${ask} say=${say} reread=${reread} />` : html`<${Empty} title=${t('truc.none')}>${t('truc.none-hint')}</${Empty}>`}
    </main>${Asked && html`<${Asked} ...${asked} plan=${plan} onClose=${() => ask(null)} done=${done} />`}${toast}</${Shell}>`;
}

await loadTexts('/pages/truc/locales');
await requireSignIn();
const app = document.getElementById('app');
app.replaceChildren();
render(html`<${Duty} />`, app);
document.documentElement.dataset.ready = '';
