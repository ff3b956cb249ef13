// Whose days at home are over: with a negative test, or by days alone; then the certificate to print.
import { call } from 'shell/auth.js';
import { download, wordsOf } from 'shell/files.js';
import { freshId, localDay } from 'shell/kit.js';
import { t } from 'shell/i18n.js';
import { Failed, html, useEffect, useState } from 'shell/ui.js';

const words = fault => wordsOf(fault, t('intake.no-answer'));
const day = text => text.split('-').reverse().join('/');
/** The day as the server counts it: the device's clock may be wrong. */
const today = one => localDay(Date.parse(`${one.tested_on}T12:00+07:00`) + one.day * 86400000);

/** A certificate that should not have been issued: asked twice, with a reason. */
function Revoke({ one, say }) {
  const [open, setOpen] = useState(false), [fault, setFault] = useState(''), [key] = useState(freshId()), [isOver, setOver] = useState(false);
  const send = async event => {
    event.preventDefault();
    const json = { reason: new FormData(event.target).get('reason').trim() };
    try { const { number } = await call(`/v1/patients/${one.person_id}/certificate-revocation`, { method: 'POST', json, key }); setOver(true); say(t('ending.revoked', { number })); } catch (found) { setFault(words(found)); }
  };
  if (isOver) return html`<p class="wrong">${t('ending.is-revoked')}</p>`;
  if (!open) return html`<button type="button" class="btn text" onClick=${() => setOpen(true)}>${t('ending.revoke')}</button>`;
  return html`<form onSubmit=${send}><label class="field"><span>${t('ending.revoke-why')}</span><input name="reason" required minlength="2" maxlength="500" autocomplete="off" /></label>${fault && html`<p class="wrong" role="alert">${fault}</p>`}
    <div class="row"><button class="btn bad">${t('ending.revoke-now')}</button><button type="button" class="btn" onClick=${() => setOpen(false)}>${t('intake.cancel')}</button></div></form>`;
}

function One({ one, say }) {
  const [fault, setFault] = useState(''), [isOver, setOver] = useState(false), [key] = useState(freshId()), name = one.person.full_name;
  const end = async test => {
    try { await call(`/v1/patients/${one.person_id}/end-of-care`, { method: 'POST', json: test ? { test } : {}, key }); setOver(true); setFault(''); say(t('ending.done', { name })); } catch (found) { setFault(words(found)); }
  };
  const send = event => { event.preventDefault(); const data = new FormData(event.target); end({ kind: data.get('kind'), taken_on: data.get('taken_on'), is_supervised: data.has('seen') }); };
  const print = () => download(`/v1/patients/${one.person_id}/certificate.pdf`, 'giay-xac-nhan.pdf').catch(found => setFault(words(found)));
  return html`<li id=${`ending-${one.person_id}`}><div class="row"><b>${name}</b><span class="mut">${one.commune_name} · ${t('ending.day', { day: one.day, from: day(one.tested_on) })}</span></div>
    ${isOver ? html`<p><button type="button" class="btn pri" onClick=${print}>${t('ending.print')}</button></p><${Revoke} one=${one} say=${say} />`
    : one.held_by ? html`<p class="wrong">${t(`ending.held-${one.held_by}`)}</p>`
    : one.needs_test ? html`<p>${t('ending.needs-test', { from: day(one.without_test_on) })}</p><form onSubmit=${send}><div class="two"><label class="field"><span>${t('ending.test')}</span><select name="kind"><option value="rapid">${t('ending.rapid')}</option><option value="pcr">${t('ending.pcr')}</option></select></label>
        <label class="field"><span>${t('ending.taken')}</span><input type="date" name="taken_on" required max=${today(one)} defaultValue=${today(one)} /></label><label class="pick"><input type="checkbox" name="seen" required /><span>${t('ending.seen')}</span></label></div><p><button class="btn pri">${t('ending.end')}</button></p></form>`
    : html`<p>${t('ending.by-days')}</p><p><button type="button" class="btn pri" onClick=${() => end(null)}>${t('ending.end-by-days')}</button></p>`}
    ${fault && html`<p class="wrong" role="alert">${fault}</p>`}</li>`;
}

export function Ending({ say }) {
  const [page, setPage] = useState(null), [fault, setFault] = useState(null);
  const load = cursor => call(`/v1/may-end?limit=50${cursor ? `&cursor=${cursor}` : ''}`).then(found => { setPage(cursor ? { items: [...page.items, ...found.items], next: found.next } : found); setFault(null); }).catch(setFault);
  useEffect(() => { load(); }, []);
  if (fault) return html`<${Failed} title=${t('ending.failed')} onRetry=${() => load()}>${words(fault)}</${Failed}>`;
  return html`<section class="card" id="ending"><h2>${t('ending.title')}</h2>${!page ? html`<p role="status">…</p>` : page.items.length ? html`<p class="mut">${t('ending.hint', { document: page.items[0].document })}</p><ul class="plain">${page.items.map(one => html`<${One} key=${one.person_id} one=${one} say=${say} />`)}</ul>` : html`<p>${t('ending.none')}</p>`}
    ${page?.next && html`<p><button type="button" class="btn" onClick=${() => load(page.next)}>${t('ending.more')}</button></p>`}</section>`;
}
