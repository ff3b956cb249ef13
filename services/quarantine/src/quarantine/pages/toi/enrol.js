// Enrolling this phone: the code from the officer, what is agreed to, done. No account, no OTP.
import { html, useEffect, useState } from 'shell/ui.js';
import { signIn } from 'shell/auth.js';
import { enrol } from 'shell/device.js';
import { day } from 'shell/kit.js';
import { language, t } from 'shell/i18n.js';

/** The code of a scanned QR stands behind "#", which no server is sent; it is taken out of the address at once. */
function scannedCode() {
  const code = new URLSearchParams(location.hash.slice(1)).get('ma') ?? '';
  if (code) history.replaceState(null, '', location.pathname);
  return code;
}
export function Enrol({ done, back }) {
  const [code, setCode] = useState(scannedCode), [texts, setTexts] = useState(null), [agreed, setAgreed] = useState({});
  const [fault, setFault] = useState(''), [busy, setBusy] = useState(false);
  const load = () => fetch('/v1/consents').then(reply => reply.json()).then(found => { setTexts(found.items); setFault(''); }).catch(() => setFault(t('toi.need-network')));
  useEffect(() => { load(); }, []);
  const send = async event => {
    event.preventDefault();
    if (!texts) { load(); return; }
    if (code.replace(/[^0-9a-z]/gi, '').length < 10) { setFault(t('toi.code-short')); return; }
    const missing = texts.find(one => one.is_required && !agreed[one.purpose]);
    if (missing) { setFault(t('toi.must-agree', { title: missing[language()].title })); return; }
    setBusy(true);
    try { done(await enrol(code, texts.filter(one => agreed[one.purpose]).map(({ purpose, version }) => ({ purpose, version })))); }
    catch (refusal) { setFault(refusal.status ? refusal.message : t('toi.need-network')); setBusy(false); }
  };
  return html`<main><form class="enrol" onSubmit=${send} novalidate>
    <section class="card"><h2>${t(back ? 'toi.add' : 'toi.enrol')}</h2><p>${t(back ? 'toi.add-text' : 'toi.enrol-text')}</p></section>
    <label class="field"><span>${t('toi.code')}</span><input class="code" name="code" value=${code} onInput=${event => setCode(event.target.value)} maxlength="14" autocomplete="off" autocapitalize="characters" spellcheck="false" inputmode="text" placeholder="ABCDE-12345" /></label>
    ${texts?.map(one => html`<div class="consent" key=${one.purpose}><label class="pick"><input type="checkbox" name=${one.purpose} checked=${Boolean(agreed[one.purpose])} onChange=${event => setAgreed({ ...agreed, [one.purpose]: event.target.checked })} /><b>${one[language()].title}${one.is_required ? ' *' : ''}</b></label>
      <p>${one[language()].text}</p><p class="mut">${t('toi.version', { version: one.version, day: day(`${one.effective_from}T12:00:00+07:00`) })}</p></div>`)}
    ${fault && html`<p class="wrong" role="alert">${fault}</p>`}
    <button class="btn pri" disabled=${busy}>${t('toi.enrol-do')}</button>
    ${back ? html`<button type="button" class="btn text" onClick=${back}>${t('toi.back')}</button>`
    : html`<p>${t('toi.no-code')}</p>
    <button type="button" class="btn text" onClick=${() => signIn().catch(() => setFault(t('toi.need-network')))}>${t('toi.sign-in')}</button>`}</form></main>`;
}
