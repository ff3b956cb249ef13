// The fields that say who somebody is and what decides the risk: the same for an officer and for a person at home.
import { call } from 'shell/auth.js';
import { language, t } from 'shell/i18n.js';
import { html, useEffect, useState } from 'shell/ui.js';

/** The diseases of the form in force today; empty until they are known. */
export function useDiseases() {
  const [list, set] = useState([]);
  useEffect(() => { call('/v1/declaration-form').then(form => set(form.conditions.map(each => ({ code: each.code, label: each[language()] ?? each.vi })))).catch(() => {}); }, []);
  return list;
}

const field = (name, more = {}) => html`<label class="field"><span>${t(`form.${name}`)}</span><input name=${name} autocomplete="off" ...${more} /></label>`;

export function PersonFields({ diseases, year = '' }) {
  return html`<div class="two">${field('full_name', { required: true, minlength: 2, maxlength: 100 })}${field('paper', { inputmode: 'numeric', maxlength: 20 })}</div>
    <div class="two">${field('birth_year', { inputmode: 'numeric', pattern: '(19|20)[0-9]{2}', required: true, maxlength: 4, defaultValue: year })}
      <label class="field"><span>${t('form.sex')}</span><select name="sex"><option value="female">${t('form.female')}</option><option value="male">${t('form.male')}</option></select></label>
      ${field('phone', { inputmode: 'tel', maxlength: 20 })}</div>
    ${field('address', { required: true, minlength: 2, maxlength: 200 })}
    <div class="two">${field('doses', { inputmode: 'numeric', pattern: '[0-9]', maxlength: 1, defaultValue: '0', required: true })}${field('onset_on', { type: 'date' })}</div>
    <label class="pick"><input type="checkbox" name="pregnant" /><span>${t('form.pregnant')}</span></label>
    <details><summary>${t('form.conditions')}</summary><div class="two">${diseases.map(each => html`<label class="pick" key=${each.code}><input type="checkbox" name="conditions" value=${each.code} /><span>${each.label}</span></label>`)}</div></details>`;
}

/** The body that the form makes; empty fields are left out. */
export function bodyOf(form) {
  const data = new FormData(form), text = name => data.get(name)?.trim() ?? '';
  const person = { full_name: text('full_name'), birth_year: Number(text('birth_year')), sex: text('sex') };
  if (text('paper')) person.cccd = text('paper');
  if (text('phone')) person.phone = text('phone');
  return {
    person, address: text('address'), vaccination_doses: Number(text('doses')), pregnant: data.has('pregnant'), conditions: data.getAll('conditions'),
    ...(text('onset_on') ? { onset_on: text('onset_on') } : {}),
  };
}
