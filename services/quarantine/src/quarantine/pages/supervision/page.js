// Điểm danh: the citizen's page. Nothing to do most of the day; one button when asked.
import { call, Refused, requireSignIn } from 'shell/auth.js';
import { day, setServerNow } from 'shell/kit.js';
import { loadTexts, t } from 'shell/i18n.js';
import { Failed, html, LanguageButton, render, useEffect, useLanguage, useState } from 'shell/ui.js';
import { CheckIn, Told } from './check-in.js';
import { Help } from './help.js';

const LOOK_MS = 20000;

function App() {
  useLanguage();
  const [mine, set] = useState(null), [fault, setFault] = useState(null), [answer, setAnswer] = useState(null);
  const read = () => call('/v1/me').then(found => { setServerNow(found.as_of); set(found); setFault(null); }).catch(setFault);
  useEffect(() => { read(); const id = setInterval(() => document.visibilityState === 'visible' && read(), LOOK_MS); return () => clearInterval(id); }, []);
  useEffect(() => { document.title = `${t('check.title')} · Lá Chắn`; });
  const done = told => { setAnswer(told); read(); };
  const request = mine?.check_in, isAnswered = answer && answer.request_id === request?.request_id;
  return html`<header class="bar"><h1>${t('check.title')}<small>${mine?.full_name ?? ''}</small></h1><${LanguageButton} /></header>
    ${fault && !mine ? html`<${Failed} title=${t('check.failed')} onRetry=${read}>${fault instanceof Refused ? fault.message : t('check.no-network')}</${Failed}>`
    : html`<main class="mine">${!mine ? html`<p role="status">…</p>` : html`
      ${request && !isAnswered ? html`<${CheckIn} key=${request.request_id} personId=${mine.person_id} request=${request} done=${done} />`
      : answer ? html`<${Told} answer=${answer} />` : html`<section class="card stack" id="nothing"><h2>${t('check.nothing')}</h2><p>${t('check.nothing-text')}</p></section>`}
      <section class="card"><p>${t('check.until-day', { on: day(mine.case.ends_on) })}</p><p><a class="btn" href="/khai-bao">${t('check.declare')}</a></p></section>
      <${Help} personId=${mine.person_id} />`}</main>`}`;
}

await loadTexts('/pages/supervision/locales');
await requireSignIn();
document.getElementById('app').replaceChildren();
render(html`<${App} />`, document.getElementById('app'));
document.documentElement.dataset.ready = 'yes';
