// Tự khai dương tính: for oneself or for somebody at home. The station answers; until then nobody is an F0.
import { call, requireSignIn } from 'shell/auth.js';
import { upload, wordsOf } from 'shell/files.js';
import { dayHm, freshId, localDay, now, setServerNow } from 'shell/kit.js';
import { loadTexts, t } from 'shell/i18n.js';
import { smallPicture } from 'shell/picture.js';
import { html, render, Shell, useEffect, useRef, useState, useToast } from 'shell/ui.js';
import { bodyOf, PersonFields, useDiseases } from '/pages/intake/form.js';

const words = fault => wordsOf(fault, t('self.no-answer'));
const TESTS = ['self_rapid', 'rapid', 'pcr'];
const today = () => localDay(now());

function Place({ communes }) {
  const [district, setDistrict] = useState('');
  const districts = [...new Map(communes.map(each => [each.district_code, each.district_name]))];
  return html`<div class="two"><label class="field"><span>${t('self.district')}</span><select required value=${district} onChange=${event => setDistrict(event.target.value)}><option value="">${t('self.choose')}</option>${districts.map(([code, name]) => html`<option value=${code}>${name}</option>`)}</select></label>
    <label class="field"><span>${t('self.commune')}</span><select name="commune_code" required key=${district}><option value="">${t('self.choose')}</option>${communes.filter(each => each.district_code === district).map(each => html`<option value=${each.code}>${each.name}</option>`)}</select></label></div>`;
}

function Form({ sent }) {
  const [forSelf, setForSelf] = useState(true), [communes, setCommunes] = useState([]), [fault, setFault] = useState(''), [busy, setBusy] = useState(false), [key] = useState(freshId()), diseases = useDiseases(), picture = useRef(null);
  useEffect(() => { call('/v1/communes').then(found => setCommunes(found.items)).catch(found => setFault(words(found))); }, []);
  const send = async event => {
    event.preventDefault();
    const form = event.target, data = new FormData(form), file = picture.current.files[0];
    setBusy(true); setFault('');
    try {
      const photo = file ? await upload('/v1/test-photos', await smallPicture(file), freshId(), () => {}, 'image/jpeg') : {};
      await call('/v1/self-declarations', { method: 'POST', key, json: { ...bodyOf(form), ...photo, is_for_self: forSelf, commune_code: data.get('commune_code'), test: data.get('test'), tested_on: data.get('tested_on') } });
      sent();
    } catch (found) { setFault(words(found)); }
    setBusy(false);
  };
  return html`<section class="card"><h2>${t('self.title')}</h2><p>${t('self.hint')}</p><form onSubmit=${send}>
    <fieldset class="who"><legend>${t('self.who')}</legend><div class="two">${[true, false].map(self => html`<label class="pick"><input type="radio" name="who" checked=${self === forSelf} onChange=${() => setForSelf(self)} /><span>${t(self ? 'self.me' : 'self.family')}</span></label>`)}</div></fieldset>
    <fieldset class="who"><legend>${t('self.test')}</legend>${TESTS.map((each, at) => html`<label class="pick"><input type="radio" name="test" value=${each} defaultChecked=${at === 0} /><span>${t(`self.${each}`)}</span></label>`)}</fieldset>
    <div class="two"><label class="field"><span>${t('self.tested_on')}</span><input type="date" name="tested_on" required max=${today()} defaultValue=${today()} /></label>
      <label class="field"><span>${t('self.photo')}</span><input type="file" accept="image/*" capture="environment" ref=${picture} /><small>${t('self.photo-hint')}</small></label></div>
    <${PersonFields} diseases=${diseases} /><${Place} communes=${communes} />
    ${fault && html`<p class="wrong" role="alert">${fault}</p>`}<button class="btn pri big" disabled=${busy}>${busy ? t('self.sending') : t('self.send')}</button></form></section>`;
}

function Sent({ items, withdrawn }) {
  return html`<section class="card" id="sent"><h2>${t('self.sent')}</h2><ul class="plain">${items.map(one => html`<li data-status=${one.status}><div class="row"><b>${one.full_name}</b><span class=${`tag status-${one.status}`}>${t(`self.is-${one.status}`)}</span><span class="mut">${dayHm(one.declared_at)}</span></div>
    <p>${t(`self.say-${one.status}`)} ${one.reason}</p>${one.status === 'waiting' && html`<p><button type="button" class="btn text" onClick=${() => withdrawn(one.person_id)}>${t('self.withdraw')}</button></p>`}
    ${one.status === 'confirmed' && html`<p><a class="btn pri" href="/khai-bao">${t('self.daily')}</a></p>`}</li>`)}</ul></section>`;
}

function Page() {
  const [items, setItems] = useState([]), [round, setRound] = useState(0), [toast, say] = useToast();
  const load = () => call('/v1/me/self-declarations').then(found => { setServerNow(found.as_of); setItems(found.items); }).catch(() => {});
  useEffect(() => { load(); const id = setInterval(load, 10000); return () => clearInterval(id); }, []);
  const withdrawn = id => call(`/v1/self-declarations/${id}/withdrawal`, { method: 'POST', key: freshId() }).then(found => setItems(found.items)).catch(found => say(words(found)));
  const sent = () => { say(t('self.done')); setRound(round + 1); load(); scrollTo(0, 0); };
  return html`<${Shell} title=${t('self.page')} sub=${t('self.call')} live=${{ connected: true }}><main class="sheet">
    <p class="banner bad"><b>${t('self.danger')}</b> <a href="tel:115">115</a></p>${items.length > 0 && html`<${Sent} items=${items} withdrawn=${withdrawn} />`}<${Form} key=${round} sent=${sent} /></main>${toast}</${Shell}>`;
}

await loadTexts('/pages/self/locales');
await requireSignIn();
const app = document.getElementById('app');
app.replaceChildren();
render(html`<${Page} />`, app);
document.documentElement.dataset.ready = '';
