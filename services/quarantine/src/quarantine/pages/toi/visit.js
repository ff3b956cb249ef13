// Khám từ xa on an enrolled phone: ask to be seen, see the hour, and go into the room by a link that opens once.
import { html, useRef, useState } from 'shell/ui.js';
import { call } from 'shell/auth.js';
import { dayHm, freshId, hm, localDay, now } from 'shell/kit.js';
import { t } from 'shell/i18n.js';
import { F0, isPatient } from './load.js';

const hourOf = visit => {
  if (!visit.starts_at) return t('toi.visit.no-hour');
  return t('toi.visit.at', { at: localDay(visit.starts_at) === localDay(now()) ? hm(visit.starts_at) : dayHm(visit.starts_at) });
};

export function Visit({ me, who, phone, refresh }) {
  const [fault, set] = useState(''), [busy, setBusy] = useState(false), key = useRef(freshId());
  if (!phone || !isPatient(me) || me.visit === undefined) return null;
  const doing = deed => async () => {
    setBusy(true);
    set('');
    try { await deed(); } catch (refused) { set(refused.problem?.detail ?? t('toi.visit.no-network')); }
    setBusy(false);
  };
  const ask = doing(async () => {
    await call(`${F0}/v1/patients/${who}/consultations`, { json: { way: 'video', wish: '' }, key: key.current, person: who });
    key.current = freshId();
    await refresh();
  });
  // The room is a page of F0 care: this phone is not known there, so it goes in by a link of its own.
  const enter = doing(async () => { const { path } = await call(`${F0}/v1/consultations/${me.visit.consultation_id}/links`, { json: {}, person: who }); location.assign(`${F0}${path}`); });
  const visit = me.visit;
  return html`<section class="card" id="visit"><h2>${t('toi.visit')}</h2>
    ${!visit && html`<p>${t('toi.visit.why')}</p><div class="one"><button type="button" class="btn" disabled=${busy} onClick=${ask}>${t('toi.visit.ask')}</button></div>`}
    ${visit && html`<p class="end">${hourOf(visit)}</p><p>${visit.doctor_name ? t('toi.visit.with', { name: visit.doctor_name }) : t('toi.visit.no-doctor')}</p>
      ${visit.way === 'phone' ? html`<p>${t('toi.visit.by-phone')}</p>` : html`<div class="one"><button type="button" class="btn pri" disabled=${busy} onClick=${enter}>${t('toi.visit.enter')}</button></div><p class="mut">${t('toi.visit.hint')}</p>`}`}
    ${fault && html`<p class="wrong" role="alert">${fault}</p>`}</section>`;
}
