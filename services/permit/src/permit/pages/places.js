// Districts and communes to choose from.
import { call } from 'shell/auth.js';
import { t } from 'shell/i18n.js';
import { html, useEffect, useState } from 'shell/ui.js';

/** Every district with its communes; empty until they are known. */
export function usePlaces() {
  const [places, set] = useState([]);
  useEffect(() => { call('/v1/places').then(found => set(found.items)).catch(() => {}); }, []);
  return places;
}

/** District first, then commune: nobody looks for one name among 178. `name` is the field of the commune's code. */
export function PlaceChoice({ places, name, label, value = '', onDistrict = () => {} }) {
  const [district, setDistrict] = useState('');
  const known = places.find(each => each.communes.some(commune => commune.code === value))?.code ?? '';
  const shown = district || known;
  useEffect(() => { if (known) onDistrict(known); }, [known]);
  const choose = code => { setDistrict(code); onDistrict(code); };
  return html`<div class="two"><label class="field"><span>${t('people.district')}</span><select required aria-label=${t('people.district')} value=${shown} onChange=${event => choose(event.target.value)}>
      <option value="">${t('people.choose')}</option>${places.map(each => html`<option value=${each.code} selected=${each.code === shown}>${each.name}</option>`)}</select></label>
    <label class="field"><span>${label}</span><select name=${name} required key=${shown}><option value="">${t('people.choose')}</option>
      ${places.find(each => each.code === shown)?.communes.map(each => html`<option value=${each.code} selected=${each.code === value}>${each.name}</option>`)}</select></label></div>`;
}
