// Who rang and hung up, or wrote GOI: the station calls back. Nothing is shown while nobody waits.
import { html, useEffect, useState } from 'shell/ui.js';
import { call } from 'shell/auth.js';
import { dayHm, freshId } from 'shell/kit.js';
import { t } from 'shell/i18n.js';

export function Callbacks({ refreshed }) {
  const [waiting, set] = useState([]), [fault, setFault] = useState('');
  useEffect(() => { call('/v1/callbacks').then(found => set(found.items)).catch(() => {}); }, [refreshed]);
  const called = async one => {
    try { set((await call(`/v1/callbacks/${one.person_id}/called`, { json: {}, key: freshId() })).items); setFault(''); } catch (refusal) { setFault(refusal.message); }
  };
  if (!waiting.length) return null;
  return html`<section class="card" id="callbacks"><h2>${t('cases.callback.title', { n: waiting.length })}</h2>${fault && html`<p class="wrong" role="alert">${fault}</p>`}
    <ul class="mems">${waiting.map(one => html`<li class="mem" key=${one.person_id}><div><b>${one.full_name}</b><small>${t('cases.callback.asked', { at: dayHm(one.asked_at), n: one.times })}</small></div>
      <div class="row">${one.phone && html`<a class="btn" href=${`tel:${one.phone}`} aria-label=${t('cases.call-name', { name: one.full_name })}>${t('cases.do.call')}</a>`}<button type="button" class="btn" onClick=${() => called(one)}>${t('cases.callback.done')}</button></div></li>`)}</ul></section>`;
}
