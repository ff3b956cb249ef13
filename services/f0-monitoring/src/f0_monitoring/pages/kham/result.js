// What came of a consultation: the doctor's note, advice that the patient reads, the number of a prescription.
import { html, useState } from 'shell/ui.js';
import { t } from 'shell/i18n.js';

/** `save(body)` sends it; with `byPhone` it asks for the minutes of a telephone call. */
export function ResultForm({ save, kept = {}, byPhone = false, done }) {
  const [state, set] = useState({ fault: '', saved: false, busy: false });
  const send = async event => {
    event.preventDefault();
    const { note, advice, ref, minutes } = event.target.elements;
    const body = { note: note.value, advice: advice.value, prescription_ref: ref.value.trim(), ...(byPhone && { phone_minutes: Number(minutes.value) }) };
    set({ fault: '', saved: false, busy: true });
    try { const answer = await save(body); set({ fault: '', saved: true, busy: false }); done?.(answer); }
    catch (fault) { set({ fault: fault.problem?.errors?.[0]?.message ?? fault.message, saved: false, busy: false }); }
  };
  return html`<form class="stack" onSubmit=${send}>
    ${byPhone && html`<label class="field"><span>${t('result.minutes')}</span><input name="minutes" inputmode="numeric" type="number" min="1" max="180" required /></label>`}
    <label class="field"><span>${t('result.note')}<small> · ${t('result.note.who')}</small></span><textarea name="note" rows="3" maxlength="2000">${kept.note}</textarea></label>
    <label class="field"><span>${t('result.advice')}<small> · ${t('result.advice.who')}</small></span><textarea name="advice" rows="3" maxlength="2000">${kept.advice}</textarea></label>
    <label class="field"><span>${t('result.ref')}</span><input name="ref" maxlength="40" autocomplete="off" defaultValue=${kept.prescription_ref} /></label>
    ${state.fault && html`<p class="wrong" role="alert">${state.fault}</p>`}${state.saved && html`<p class="saved" role="status">✓ ${t('result.saved')}</p>`}
    <button class="btn pri" disabled=${state.busy}>${t('result.save')}</button></form>`;
}
