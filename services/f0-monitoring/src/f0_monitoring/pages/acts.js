// What can be done for a patient: each act asks no more than it needs, in one dialog at the thumb.
import { Dialog, html, useEffect, useState } from 'shell/ui.js';
import { freshId, localDay, now } from 'shell/kit.js';
import { call, hasRole } from 'shell/auth.js';
import { t } from 'shell/i18n.js';
import { span } from './worklist.js';

const DAY = 86400000, TO_LEND = ['oximeter', 'oxygen_concentrator', 'oxygen_cylinder', 'thermometer'];
const MOVES = { declared: ['at_home', 'transferring'], at_home: ['transferring'], transferring: ['in_hospital', 'at_home'], in_hospital: ['at_home', 'transferring'] };
const ENDS = ['recovered', 'died', 'wrongly_declared'], ROLES = ['nurse', 'health_officer', 'second_doctor', 'pharmacist', 'volunteer'];
const mayOverride = () => hasRole('health_officer') || hasRole('administrator');   // of the district: the server says no to stations
const fits = (minutes, most) => [15, 30, 60, 120, 240, 480].filter(m => m <= most).slice(-4).map(m => [m, span(m)]).concat(minutes ?? []);
const named = (group, codes) => codes.map(code => [code, t(`doctor.${group}.${code}`)]);
const staff = roster => roster.map(d => [d.doctor_id, `${d.name}${d.on_duty ? '' : ` – ${t('doctor.off-duty')}`} (${d.load}/${d.capacity})`]);

/** Per act: where it goes, what is chosen, whether it needs words, and how the choice becomes a body. */
const FORMS = {
  call: () => ({ path: 'calls', choices: named('call', ['reached', 'no_answer', 'wrong_number']), note: 'optional', body: (choice, note) => ({ result: choice, note }) }),
  snooze: ({ care }) => ({ path: 'snooze', choices: fits(null, care?.snooze_max_minutes ?? 30), note: 'needed', body: (choice, note) => ({ minutes: Number(choice), note }) }),
  medicine: () => ({ path: 'medicines', choices: named('bag', ['A', 'B', 'C', 'none']), note: 'optional', body: (choice, note) => ({ bag: choice === 'none' ? null : choice, note }) }),
  knock: () => ({ path: 'knock', choices: [30, 60, 120].map(m => [m, span(m)]), note: 'optional', body: (choice, note) => ({ minutes: Number(choice), note }) }),
  answer: () => ({ path: 'knock/answer', choices: named('knocked', ['well', 'needs_care', 'not_there', 'withdrawn']), note: 'optional', body: (choice, note) => ({ result: choice === 'withdrawn' ? null : choice, note }) }),
  lend: () => ({ path: 'equipment', choices: named('device', TO_LEND), serial: true, due: true, body: (choice, _, form) => ({ kind: choice, serial: form.serial.value.trim(), due_back_on: form.due.value }) }),
  doctor: ({ roster, care }) => ({ path: 'doctor', choices: [['', t(care?.is_pinned ? 'doctor.release' : 'doctor.choose-best')], ...staff(roster.filter(d => d.profession === 'doctor'))], list: true, hint: 'doctor.pin-hint', body: choice => (choice ? { doctor_id: choice } : {}) }),
  team: ({ roster }) => ({ path: 'team', choices: staff(roster), list: true, roles: true, body: (choice, _, form) => ({ staff_id: choice, role: form.role.value }) }),
  move: ({ p }) => ({ path: 'moves', choices: named('care', MOVES[p.care_state] ?? []), note: 'needed', body: (choice, note) => ({ to_state: choice, reason: note }) }),
  close: ({ p }) => ({ path: 'closing', choices: named('care', [...(p.care_state === 'transferring' ? ENDS.slice(1) : ENDS), ...(mayOverride() && p.care_state !== 'transferring' ? ['recovered_early'] : [])]), note: 'needed', body: (choice, note) => (choice === 'recovered_early' ? { outcome: 'recovered', override: true, reason: note } : { outcome: choice, reason: note }) }),
};
const MORE = ['call', 'snooze', 'medicine', 'lend', 'knock', 'doctor', 'team', 'move', 'close'];

export function More({ p, care, pick, onClose }) {
  const items = MORE.map(kind => (kind === 'knock' && care?.knock ? 'answer' : kind));
  return html`<${Dialog} title=${p.person.full_name} onClose=${onClose}><div class="stack more">${items.map(kind => html`<button type="button" class="btn" onClick=${() => pick(kind)}>${t(`doctor.${kind === 'call' ? 'log-call' : kind}`)}</button>`)}</div></${Dialog}>`;
}

/**
 * One dialog for every act. The key is made once, so that pressing again after a lost answer does it once; what is chosen
 * is kept here, because the page is drawn again whenever the stream says something.
 */
export function Ask({ kind, p, care, roster, done, onClose }) {
  const form = FORMS[kind]({ p, care, roster }), [key] = useState(freshId), [choice, choose] = useState(String(form.choices[0]?.[0] ?? '')), [fault, setFault] = useState(''), [busy, setBusy] = useState(false);
  useEffect(() => { document.querySelector('dialog input:checked, dialog select')?.focus(); }, []);
  const submit = async event => {
    event.preventDefault();
    const fields = event.target.elements;
    setBusy(true);
    try {
      const answer = await call(`/v1/patients/${p.person_id}/${form.path}`, { json: form.body(choice, fields.note?.value.trim() ?? '', fields), key });
      done(kind, choice, answer);
    } catch (refused) { setFault(refused.message); setBusy(false); }
  };
  return html`<${Dialog} title=${`${t(`doctor.${kind === 'call' ? 'log-call' : kind}`)}: ${p.person.full_name}`} onClose=${onClose}><form onSubmit=${submit}>
    ${form.list ? html`<label class="field"><span>${t(`doctor.ask.${kind}`)}</span><select name="choice" value=${choice} onChange=${e => choose(e.target.value)}>${form.choices.map(([value, label]) => html`<option value=${value}>${label}</option>`)}</select>${form.hint && html`<small>${t(form.hint)}</small>`}</label>`
    : html`<fieldset class="choices"><legend class="mut">${t(`doctor.ask.${kind}`)}</legend>${form.choices.map(([value, label]) => html`<label class="pick"><input type="radio" name="choice" value=${value} checked=${choice === String(value)} onChange=${() => choose(String(value))} />${label}</label>`)}</fieldset>`}
    ${form.roles && html`<label class="field"><span>${t('doctor.as')}</span><select name="role">${ROLES.map(role => html`<option value=${role}>${t(`doctor.role.${role}`)}</option>`)}</select></label>`}
    ${form.serial && html`<label class="field"><span>${t('doctor.serial')}</span><input name="serial" required minlength="3" maxlength="40" autocomplete="off" autocapitalize="characters" /></label>`}
    ${form.due && html`<label class="field"><span>${t('doctor.due')}</span><input name="due" type="date" required defaultValue=${localDay(now() + 14 * DAY)} min=${localDay(now())} /></label>`}
    ${form.note && html`<label class="field"><span>${t(form.note === 'needed' ? 'doctor.reason' : 'doctor.note')}</span><textarea name="note" rows="2" required=${form.note === 'needed'} minlength=${form.note === 'needed' ? 2 : null} maxlength="500"></textarea></label>`}
    ${fault && html`<p class="problem" role="alert">${fault}</p>`}
    <button class=${`btn ${kind === 'close' ? 'bad' : 'pri'}`} disabled=${busy}>${t('doctor.save')}</button></form></${Dialog}>`;
}
