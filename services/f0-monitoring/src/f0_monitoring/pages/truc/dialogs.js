// Planning a shift, coming on duty and going off it, each in one dialog.
import { Dialog, html, useState } from 'shell/ui.js';
import { dayHm, freshId, hm, now } from 'shell/kit.js';
import { t } from 'shell/i18n.js';
import { changeDuty, dropShift, fromField, HOUR, keepShift, toField, usual, words } from './data.js';

const closeFrom = event => event.target.closest('dialog').close();

/** What an act answers while it runs and when it fails. */
function useAct(close) {
  const [state, set] = useState({ busy: false, fault: '' });
  const act = async deed => {
    set({ busy: true, fault: '' });
    try { await deed(); close(); } catch (found) { set({ busy: false, fault: words(found) }); }
  };
  return [state, act];
}

const Areas = ({ shift, plan, doctor }) => {
  const kept = shift ? [...shift.district_codes, ...shift.commune_codes] : [], all = [...plan.districts, ...plan.doctors.flatMap(each => each.places)];
  const name = code => all.find(place => place.code === code)?.name ?? code, isOther = kept.length > 1 || shift?.commune_codes.length > 0;
  return html`<label class="field"><span>${t('truc.area')}</span><select name="area" defaultValue=${isOther ? 'same' : kept[0] ?? ''}>
    <option value="" selected=${!kept.length}>${t('truc.own-area')}${doctor ? `: ${doctor.places.map(place => place.name).join(', ')}` : ''}</option>
    ${isOther && html`<option value="same" selected>${t('truc.same-area', { places: kept.map(name).join(', ') })}</option>`}
    ${plan.districts.map(place => html`<option value=${place.code} selected=${!isOther && kept[0] === place.code}>${place.name}</option>`)}</select></label>`;
};

/** A new shift (of *doctor*, or of whom the list names) or a change of *shift*. */
export function ShiftDialog({ plan, doctor, shift, day, hours, onClose, done }) {
  const able = plan.doctors.filter(each => each.may_change), [who, setWho] = useState(doctor ?? null), [kind, setKind] = useState(shift?.kind ?? hours?.kind ?? 'day');
  const [times, setTimes] = useState(shift ?? hours ?? usual(day, 'day')), [sure, setSure] = useState(false), [id] = useState(shift?.shift_id ?? freshId()), [{ busy, fault }, act] = useAct(onClose);
  const choose = name => { setKind(name); if (!shift && !hours) setTimes(usual(day, name)); };
  const areaOf = code => (code === 'same' ? { district_codes: shift.district_codes, commune_codes: shift.commune_codes } : { district_codes: code ? [code] : [], commune_codes: [] });
  const save = event => {
    event.preventDefault();
    const data = new FormData(event.target), capacity = data.get('capacity');
    const json = { kind, from_at: fromField(data.get('from')), until_at: fromField(data.get('until')), capacity: capacity ? Number(capacity) : null, specialities: shift?.specialities ?? [], ...areaOf(data.get('area')) };
    act(async () => { await keepShift(who, id, json); done(t('truc.saved', { name: who.name })); });
  };
  const drop = () => (sure ? act(async () => { await dropShift(who, id); done(t('truc.cancelled', { name: who.name })); }) : setSure(true));
  return html`<${Dialog} title=${t(shift ? 'truc.change' : 'truc.new')} onClose=${onClose}><form onSubmit=${save}>
    ${doctor ? html`<p><b>${doctor.name}</b></p>` : html`<label class="field"><span>${t('truc.doctor')}</span><select name="doctor" required onChange=${event => setWho(able.find(each => each.doctor_id === event.target.value))}><option value="">${t('truc.choose')}</option>${able.map(each => html`<option value=${each.doctor_id}>${each.name}</option>`)}</select></label>`}
    <fieldset><legend>${t('truc.kind')}</legend>${['day', 'night'].map(name => html`<label class="pick"><input type="radio" name="kind" value=${name} checked=${kind === name} onChange=${() => choose(name)} /><span>${t(`truc.kind-${name}`)}</span></label>`)}</fieldset>
    <div class="two"><label class="field"><span>${t('truc.from')}</span><input type="datetime-local" name="from" required value=${toField(times.from_at)} onChange=${event => setTimes({ ...times, from_at: fromField(event.target.value) })} /></label>
      <label class="field"><span>${t('truc.until')}</span><input type="datetime-local" name="until" required value=${toField(times.until_at)} onChange=${event => setTimes({ ...times, until_at: fromField(event.target.value) })} /></label></div>
    <div class="two"><${Areas} shift=${shift} plan=${plan} doctor=${who} />
      <label class="field"><span>${t('truc.capacity')}</span><input type="number" name="capacity" min="1" max="1000" inputmode="numeric" defaultValue=${shift?.capacity ?? ''} /><small>${who ? t('truc.own-capacity', { n: who.capacity }) : t('truc.as-usual')}</small></label></div>
    ${fault && html`<p class="wrong" role="alert">${fault}</p>`}
    <div class="row"><button class="btn pri" disabled=${busy || !who}>${t('truc.save')}</button><button type="button" class="btn" onClick=${closeFrom}>${t('truc.close')}</button>
      ${shift && html`<span class="sp"></span><button type="button" class=${sure ? 'btn bad' : 'btn text'} disabled=${busy} onClick=${drop}>${t(sure ? 'truc.cancel-now' : 'truc.cancel-shift')}</button>`}</div></form></${Dialog}>`;
}

const STAYS = [4, 8, 12];

/** Vào ca: until told, or for some hours. */
export function ComeDialog({ doctor, onClose, done }) {
  const [{ busy, fault }, act] = useAct(onClose), ends = n => new Date(now() + n * HOUR).toISOString();
  const send = event => {
    event.preventDefault();
    const hours = Number(new FormData(event.target).get('hours'));
    act(async () => { await changeDuty(doctor, { on_duty: true, until_at: hours ? ends(hours) : null }); done(t('truc.came', { name: doctor.name })); });
  };
  return html`<${Dialog} title=${t('truc.come-title', { name: doctor.name })} onClose=${onClose}><form onSubmit=${send}>
    <fieldset><legend>${t('truc.come-until')}</legend><label class="pick"><input type="radio" name="hours" value="0" defaultChecked /><span>${t('truc.until-told')}</span></label>
      ${STAYS.map(n => html`<label class="pick"><input type="radio" name="hours" value=${n} /><span>${t('truc.hours', { n, at: hm(ends(n)) })}</span></label>`)}</fieldset>
    ${fault && html`<p class="wrong" role="alert">${fault}</p>`}
    <div class="row"><button class="btn pri" disabled=${busy}>${t('truc.come')}</button><button type="button" class="btn" onClick=${closeFrom}>${t('truc.close')}</button></div></form></${Dialog}>`;
}

/** Ra ca: says first how many patients that moves, and whether anybody else is there. */
export function LeaveDialog({ plan, doctor, onClose, done }) {
  const [{ busy, fault }, act] = useAct(onClose), isAlone = plan.doctors.every(each => each.doctor_id === doctor.doctor_id || !each.on_duty || each.profession !== 'doctor');
  const send = () => act(async () => { await changeDuty(doctor, { on_duty: false }); done(t('truc.left', { name: doctor.name })); });
  return html`<${Dialog} title=${t('truc.leave-title', { name: doctor.name })} onClose=${onClose}><p>${t('truc.leave-says', { n: doctor.load })}</p>
    ${isAlone && html`<p class="wrong">${t('truc.leave-alone')}</p>`}${fault && html`<p class="wrong" role="alert">${fault}</p>`}
    <div class="row"><button type="button" class=${isAlone ? 'btn bad' : 'btn pri'} disabled=${busy} onClick=${send}>${t('truc.leave')}</button><button type="button" class="btn" onClick=${closeFrom}>${t('truc.close')}</button></div></${Dialog}>`;
}

export const span = one => t('truc.from-until', { from: dayHm(one.from_at), until: dayHm(one.until_at) });
