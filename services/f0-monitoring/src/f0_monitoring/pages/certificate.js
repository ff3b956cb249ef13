// The certificate of somebody whose care ended by the rule: print it again, or take it back with a reason.
import { call, hasRole } from 'shell/auth.js';
import { download } from 'shell/files.js';
import { day, dayHm, freshId } from 'shell/kit.js';
import { t } from 'shell/i18n.js';
import { Dialog, html, useEffect, useState } from 'shell/ui.js';

const mayRevoke = () => hasRole('health_officer') || hasRole('administrator');

/** Asked in a dialog: whoever scans the code is told at once, and it cannot be undone. */
function Revoke({ p, revoked, onClose }) {
  const [key] = useState(freshId), [fault, setFault] = useState(''), [busy, setBusy] = useState(false);
  const send = async event => {
    event.preventDefault();
    setBusy(true);
    try {
      revoked(await call(`/v1/patients/${p.person_id}/certificate-revocation`, { json: { reason: event.target.elements.reason.value.trim() }, key }));
      onClose();
    } catch (refused) { setFault(refused.message); setBusy(false); }
  };
  return html`<${Dialog} title=${`${t('doctor.paper.revoke')}: ${p.person.full_name}`} onClose=${onClose}><form onSubmit=${send}><p>${t('doctor.paper.revoke-hint')}</p>
    <label class="field"><span>${t('doctor.paper.why')}</span><textarea name="reason" rows="2" required minlength="2" maxlength="500"></textarea></label>
    ${fault && html`<p class="problem" role="alert">${fault}</p>`}<button class="btn bad" disabled=${busy}>${t('doctor.paper.revoke')}</button></form></${Dialog}>`;
}

export function Certificate({ p }) {
  const [found, set] = useState({ id: null, paper: null }), [fault, setFault] = useState(''), [asks, ask] = useState(false), id = p.person_id;
  const look = () => call(`/v1/patients/${id}/certificate`).then(({ certificate }) => { set({ id, paper: certificate }); setFault(''); }).catch(refused => setFault(refused.message));
  useEffect(() => { setFault(''); look(); }, [id, p.care_state]);
  const print = () => download(`/v1/patients/${id}/certificate.pdf`, 'giay-xac-nhan.pdf').catch(refused => setFault(refused.message));
  const paper = found.id === id ? found.paper : null;
  if (!paper && !fault) return null;
  return html`<section class="card" id="certificate"><div class="head"><h2>${t('doctor.paper.title')}</h2></div>
    ${paper && html`<dl class="kv"><dt>${t('doctor.paper.number')}</dt><dd class="num">${paper.number}</dd><dt>${t('doctor.paper.until')}</dt><dd>${day(paper.valid_until)}</dd></dl>
    ${paper.revoked ? html`<p class="quiet"><b>${t('doctor.paper.revoked', { at: dayHm(paper.revoked.revoked_at) })}</b> ${paper.revoked.reason}</p>`
    : html`<div class="row"><button type="button" class="btn" onClick=${print}>${t('doctor.paper.print')}</button>${mayRevoke() && html`<button type="button" class="btn text" onClick=${() => ask(true)}>${t('doctor.paper.revoke')}</button>`}</div>`}`}
    ${fault && html`<p class="problem" role="alert">${fault}</p>${!paper && html`<button type="button" class="btn" onClick=${look}>${t('failed.retry')}</button>`}`}
    ${asks && html`<${Revoke} p=${p} revoked=${revoked => set({ id, paper: { ...paper, revoked } })} onClose=${() => ask(false)} />`}</section>`;
}
