// Xác minh giấy hoàn thành theo dõi y tế: camera, hand scanner or pasted code; the answer names no disease.
import { call, claims, requireSignIn } from 'shell/auth.js';
import { Camera } from 'shell/codes.js';
import { wordsOf } from 'shell/files.js';
import { dayHm } from 'shell/kit.js';
import { loadTexts, t } from 'shell/i18n.js';
import { html, render, Shell, useState } from 'shell/ui.js';

const PREFIX = 'RC1:';

function Answer({ answer }) {
  const tone = { valid: 'ok', expired: 'warn', revoked: 'bad', unverifiable: 'bad' }[answer.verdict];
  return html`<section class=${`verdict ${tone}`} role="status" data-verdict=${answer.verdict}><h2>${answer.title}</h2><p>${answer.message}</p>
    ${answer.full_name && html`<dl class="kv"><dt>${t('verify.name')}</dt><dd>${answer.full_name}</dd><dt>${t('verify.birth')}</dt><dd>${answer.birth_year}</dd><dt>${t('verify.paper')}</dt><dd>${answer.id_tail ? `…${answer.id_tail}` : '–'}</dd><dt>${t('verify.until')}</dt><dd>${dayHm(answer.valid_until)}</dd><dt>${t('verify.number')}</dt><dd class="num">${answer.number}</dd></dl>`}${answer.verdict === 'revoked' && html`<p class="num">${t('verify.number')}: ${answer.number}</p>`}</section>`;
}

function Page() {
  const [answer, setAnswer] = useState(null), [fault, setFault] = useState(''), [filming, setFilming] = useState(false);
  const ask = async text => {
    const code = text.slice(Math.max(0, text.lastIndexOf(PREFIX))).replace(/[\r\n]+$/, '');
    setFilming(false); setFault('');
    try { setAnswer(await call('/v1/certificate-verifications', { method: 'POST', json: { code } })); } catch (found) { setAnswer(null); setFault(wordsOf(found, t('verify.no-answer'))); }
  };
  const send = event => { event.preventDefault(); const field = event.target.elements.code; if (field.value) ask(field.value); field.value = ''; };
  return html`<${Shell} title=${t('verify.title')} sub=${claims()?.name ?? ''} live=${{ connected: true }}><main class="sheet">
    ${answer && html`<${Answer} answer=${answer} />`}${fault && html`<p class="wrong" role="alert">${fault}</p>`}
    <section class="card"><h2>${t('verify.scan')}</h2><p>${t('verify.hint')}</p>${filming ? html`<${Camera} label=${t('verify.camera')} seen=${ask} failed=${() => { setFilming(false); setFault(t('verify.no-camera')); }} />` : html`<p><button type="button" class="btn pri" onClick=${() => setFilming(true)}>${t('verify.open-camera')}</button></p>`}
      <form onSubmit=${send}><label class="field"><span>${t('verify.code')}</span><input name="code" autocomplete="off" maxlength="2000" /></label><p><button class="btn">${t('verify.check')}</button></p></form></section></main></${Shell}>`;
}

await loadTexts('/pages/verify/locales');
await requireSignIn();
const app = document.getElementById('app');
app.replaceChildren();
render(html`<${Page} />`, app);
document.documentElement.dataset.ready = '';
