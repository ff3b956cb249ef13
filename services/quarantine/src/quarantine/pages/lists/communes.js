// The communes in which the officer may act, to choose one from.
import { call } from 'shell/auth.js';
import { t } from 'shell/i18n.js';
import { html, useEffect, useState } from 'shell/ui.js';

export function CommuneChoice({ value, chosen }) {
  const [communes, setCommunes] = useState([]);
  useEffect(() => { call('/v1/communes').then(found => setCommunes(found.items)).catch(() => {}); }, []);
  return html`<label class="field"><span>${t('print.commune')}</span><select name="commune" value=${value} onChange=${event => chosen(event.target.value)}>
    ${communes.length !== 1 && html`<option value="">${t('print.every')}</option>`}${communes.map(c => html`<option value=${c.code}>${c.name} · ${c.district_name}</option>`)}</select></label>`;
}
