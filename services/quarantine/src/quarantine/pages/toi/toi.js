// The citizen's page: what is owed today, until when and why, who helps, who looked. It opens with no network.
import { html, render, useEffect, useLanguage, useState, LanguageButton } from 'shell/ui.js';
import { phoneChanged, signedIn, thisPhone, token } from 'shell/auth.js';
import { leaveCode } from 'shell/device.js';
import { hm, param, remember, useKeptSkew } from 'shell/kit.js';
import { language, loadTexts, t } from 'shell/i18n.js';
import { forget, onOutbox, receipts, startOutbox } from 'shell/outbox.js';
import { loadPerson, owes } from './load.js';
import { CheckIn, Duty, End, Helper, Permit, Tests } from './cards.js';
import { Visit } from './visit.js';
import { MyData } from './mine.js';
import { Enrol } from './enrol.js';

const EVERY = 60000, LARGE = 'lachan.large';
const applyLarge = on => { document.documentElement.toggleAttribute('data-large', on); };
applyLarge(remember.get(LARGE) === 'yes');

function Large() {
  const [on, set] = useState(remember.get(LARGE) === 'yes');
  const press = () => { remember.set(LARGE, on ? 'no' : 'yes'); applyLarge(!on); set(!on); };
  return html`<button type="button" aria-pressed=${on} aria-label=${t('toi.large')} onClick=${press}>A+</button>`;
}

function Frame({ sub, children }) {
  useLanguage();
  useEffect(() => { document.title = `${t('toi.title')} · Lá Chắn`; });
  return html`<header class="bar"><h1>${t('toi.title')}<small>${sub}</small></h1><${Large} /><${LanguageButton} /></header>
    ${children}
    <footer>${t('toi.questions')}</footer>
    <aside class="help" aria-label=${t('toi.emergency')}><a class="btn bad" href="tel:115">☎ ${t('toi.call-115')}</a><a class="btn" href="tel:19009095">19009095</a></aside>`;
}

function Strip({ me, box }) {
  const offline = !navigator.onLine || me.isOld;
  const waiting = box.waiting ? ` · ${t('toi.waiting', { n: box.waiting })}` : '';
  const at = me.at ? hm(me.at) : '—';
  return html`<div class="strip ${offline ? 'off' : ''}" role="status">${offline ? '○' : '●'} ${t(offline ? 'toi.offline' : 'toi.online', { at })}${waiting}</div>`;
}

function Family({ people, who, choose, known }) {
  if (people.length < 2) return null;
  const mark = id => { const owed = known[id] ? owes(known[id]) : null; return owed === null ? null : owed ? html`<i>1<span class="sr"> ${t('toi.owed')}</span></i>` : html`<i class="ok">✓<span class="sr"> ${t('toi.done')}</span></i>`; };
  return html`<nav aria-label=${t('toi.family')}><ul class="fam">${people.map(one => html`<li key=${one.person_id}><button type="button" aria-current=${one.person_id === who ? 'true' : undefined} onClick=${() => choose(one.person_id)}>${one.full_name || t('toi.me')} ${mark(one.person_id)}</button></li>`)}</ul></nav>`;
}

function Page({ phone, left, add, anew }) {
  useLanguage();
  const [people, setPeople] = useState(phone?.people ?? [{ person_id: null, full_name: '' }]);
  const [who, choose] = useState(people.find(one => one.person_id === param('nguoi'))?.person_id ?? people[0].person_id);
  const [known, setKnown] = useState({}), [box, setBox] = useState({ waiting: 0, refused: [] }), [sent, setSent] = useState([]);
  const refresh = () => Promise.all(people.map(async one => {
    const me = await loadPerson(one.person_id);
    setKnown(was => ({ ...was, [one.person_id]: me }));
    const name = me.quarantine?.full_name ?? me.f0?.full_name;
    if (name && !one.full_name) setPeople(was => was.map(each => (each.person_id === one.person_id ? { ...each, full_name: name } : each)));
  }));
  useEffect(() => {
    refresh();
    const id = setInterval(() => document.visibilityState === 'visible' && refresh(), EVERY);
    const back = () => refresh();
    addEventListener('online', back);
    addEventListener('offline', back);
    return () => { clearInterval(id); removeEventListener('online', back); removeEventListener('offline', back); };
  }, []);
  useEffect(() => onOutbox(state => { setBox(state); receipts().then(setSent); if (state.sent) setTimeout(refresh, 800); }), []);
  const me = known[who] ?? {}, one = people.find(person => person.person_id === who);
  const place = me.quarantine?.commune_name ?? me.f0?.commune_name;
  return html`<${Frame} sub=${[one.full_name, place].filter(Boolean).join(' · ')}>
    <${Strip} me=${me} box=${box} />
    <main>
      ${me.isRefused && html`<div class="banner bad" role="alert"><b>${t('toi.blocked')}</b><span>${me.isRefused}</span><button type="button" class="btn" onClick=${() => anew(one.device_id)}>${t('toi.enrol-again')}</button></div>`}
      ${box.refused.map(r => html`<div class="banner bad" role="alert" key=${r.id}><b>${t('toi.not-taken')}</b><span>${r.refused.detail}</span><button type="button" class="btn" onClick=${() => forget(r.id)}>${t('toi.read')}</button></div>`)}
      <${Family} people=${people} who=${who} choose=${choose} known=${known} />
      <div class="cols"><div><${CheckIn} me=${me} /><${Duty} me=${me} who=${who} sent=${sent} /><${End} me=${me} /><${Tests} me=${me} /></div>
        <div><${Helper} me=${me} phone=${phone} /><${Visit} me=${me} who=${who} phone=${phone} refresh=${refresh} /><${Permit} me=${me} /><${MyData} me=${me} who=${who} phone=${phone} box=${box} left=${left} add=${add} /></div></div>
    </main></${Frame}>`;
}

function App({ first }) {
  const [phone, setPhone] = useState(first), [signed, setSigned] = useState(signedIn()), [adding, add] = useState(location.hash.includes('ma='));
  const left = () => { setPhone(null); phoneChanged(null); setSigned(false); };
  const anew = async device => { if (!phone) { left(); return; } const rest = await leaveCode(device); phoneChanged(rest); setPhone(rest); add(Boolean(rest)); };
  const done = found => { phoneChanged(found); setPhone(found); add(false); };
  if ((!phone && !signed) || (phone && adding)) return html`<${Frame} sub=""><${Enrol} done=${done} back=${phone && (() => add(false))} /></${Frame}>`;
  return html`<${Page} key=${phone?.people.map(one => one.device_id + one.person_id).join() ?? 'signed-in'} phone=${phone} left=${left} add=${() => add(true)} anew=${anew} />`;
}

useKeptSkew();
await loadTexts('/pages/toi/locales');
navigator.serviceWorker?.register('/sw.js').catch(() => {});
const phone = await thisPhone();
if (!phone) await token().catch(() => null);            // whoever comes back from the sign-in page
startOutbox();
const place = document.getElementById('app');
place.replaceChildren();
render(html`<${App} first=${phone} />`, place);
document.documentElement.dataset.ready = language();
