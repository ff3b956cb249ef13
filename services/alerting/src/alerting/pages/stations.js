// Whom one can telephone about an alert: the numbers of stations, which are no secret of anybody.
import { html, useEffect, useState } from 'shell/ui.js';
import { call } from 'shell/auth.js';
import { t } from 'shell/i18n.js';

export const dial = phone => `tel:${phone.replace(/[^0-9+]/g, '')}`;

/** The numbers for the alert that is shown; null until they are known. */
export function useTelephones(alert) {
  const [found, set] = useState({ id: null, items: null }), id = alert?.alert_id;
  useEffect(() => {
    if (!id) return undefined;
    let isHere = true;
    call(`/v1/alerts/${id}/telephones`).then(body => isHere && set({ id, items: body.items })).catch(() => {});
    return () => { isHere = false; };
  }, [id]);
  return found.id === id ? found.items : null;
}

export function Telephones({ alert, items }) {
  if (!items || !alert.commune_name) return null;
  return html`<section class="card" aria-labelledby="telephones"><h3 id="telephones">${t('station.title')}</h3>${items.length
    ? html`<ul class="notes">${items.map(one => html`<li key=${one.facility_id}>${one.name} · <a class="num" href=${dial(one.phone)}>${one.phone}</a></li>`)}</ul>`
    : html`<p class="mut">${t('station.none')}</p>`}</section>`;
}
