// Điểm danh: the citizen's page. Nothing to do most of the day; one button when asked.
import { call, Refused, requireSignIn, thisPhone } from 'shell/auth.js';
import { day, setServerNow } from 'shell/kit.js';
import { loadTexts, t } from 'shell/i18n.js';
import { forget, onOutbox, startOutbox } from 'shell/outbox.js';
import { Failed, html, LanguageButton, render, useEffect, useLanguage, useState } from 'shell/ui.js';
import { CheckIn, PHOTOS, Told } from './check-in.js';
import { Help } from './help.js';

const LOOK_MS = 20000;
const phone = await thisPhone(), people = phone?.people.map(one => one.person_id) ?? [undefined];
/** An enrolled phone answers for each of its people; whoever is signed in, for themselves and the household. */
const asked = async person => Promise.all([call('/v1/me', { person }), call('/v1/me/check-ins', { person })])
  .then(([found, home]) => ({ found, items: home.items.map(one => ({ ...one, as: person && people.includes(one.person_id) ? one.person_id : person })) }));
const heard = result => result.status === 'fulfilled';
const merged = items => [...new Map(items.map(one => [one.request_id, one])).values()];

function App() {
  useLanguage();
  const [mine, set] = useState(null), [requests, setAsked] = useState([]), [fault, setFault] = useState(null), [answers, setAnswers] = useState([]), [box, setBox] = useState({ refused: [] });
  useEffect(() => onOutbox(setBox), []);
  const read = () => Promise.allSettled(people.map(asked)).then(results => {
    const answered = results.filter(heard).map(result => result.value);
    if (!answered.length) { setFault(results[0].reason); return; }
    setServerNow(answered[0].found.as_of); set(answered[0].found); setAsked(merged(answered.flatMap(one => one.items))); setFault(null);
  });
  useEffect(() => { read(); const id = setInterval(() => document.visibilityState === 'visible' && read(), LOOK_MS); return () => clearInterval(id); }, []);
  useEffect(() => { document.title = `${t('check.title')} · Lá Chắn`; });
  const done = (told, name) => { setAnswers(were => [{ ...told, name }, ...were]); read(); };
  const open = requests.filter(request => !answers.some(answer => answer.request_id === request.request_id));
  const nameOf = request => (request.person_id === mine.person_id ? '' : request.full_name);
  return html`<header class="bar"><h1>${t('check.title')}<small>${mine?.full_name ?? ''}</small></h1><${LanguageButton} /></header>
    ${fault && !mine ? html`<${Failed} title=${t('check.failed')} onRetry=${read}>${fault instanceof Refused ? fault.message : t('check.no-network')}</${Failed}>`
    : html`<main class="mine">${!mine ? html`<p role="status">…</p>` : html`
      ${open.map(request => html`<${CheckIn} key=${request.request_id} name=${nameOf(request)} request=${request} done=${told => done(told, nameOf(request))} />`)}
      ${box.refused.filter(record => record.path === PHOTOS).map(record => html`<div class="banner bad" role="alert" key=${record.id}><b>${record.note}</b><span>${record.refused.detail}</span><button type="button" class="btn" onClick=${() => forget(record.id)}>${t('toast.close')}</button></div>`)}
      ${answers.map(answer => html`<${Told} key=${answer.request_id} answer=${answer} />`)}
      ${open.length || answers.length ? '' : html`<section class="card stack" id="nothing"><h2>${t('check.nothing')}</h2><p>${t('check.nothing-text')}</p></section>`}
      <section class="card"><p>${t('check.until-day', { on: day(mine.case.ends_on) })}</p><p><a class="btn" href="/khai-bao">${t('check.declare')}</a></p></section>
      <${Help} personId=${mine.person_id} as=${phone ? mine.person_id : undefined} />`}</main>`}`;
}

await loadTexts('/pages/supervision/locales');
if (!phone) await requireSignIn();
startOutbox();
document.getElementById('app').replaceChildren();
render(html`<${App} />`, document.getElementById('app'));
document.documentElement.dataset.ready = 'yes';
