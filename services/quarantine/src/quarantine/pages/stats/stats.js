// Thống kê cách ly: figures of the reader's areas over a period, on screen and as files. No person is named.
import { call, claims, hasRole, requireSignIn } from 'shell/auth.js';
import { download, wordsOf } from 'shell/files.js';
import { day, localDay, now, num } from 'shell/kit.js';
import { loadTexts, t } from 'shell/i18n.js';
import { Empty, Failed, html, render, Shell, useEffect, useLanguage, useState, useToast } from 'shell/ui.js';

const ENDS = ['completed', 'became_f0', 'wrong_entry', 'lost', 'moved_away', 'died'];
const words = fault => wordsOf(fault, t('stats.no-answer'));
const percent = value => (value === null ? '–' : `${num(value, 1)} %`);
const hours = value => (value === null ? '–' : t('stats.hours', { n: num(value, 1) }));
const address = (asked, ending = '') => `/v1/statistics${ending}?${new URLSearchParams(Object.entries(asked).filter(([, value]) => value))}`;

function Headline({ view }) {
  const sum = view.total;
  const items = [['active', num(sum.in_quarantine), t('stats.active-hint', { on: day(view.last_day) })], ['ordered', num(sum.ordered), ''], ['ended', num(sum.ended), ''],
    ['missed', percent(sum.missed_percent), t('stats.missed-hint', { n: num(sum.missed) })], ['breaches', num(sum.breaches), ''], ['contact', hours(sum.first_contact_hours), t('stats.contact-hint', { n: num(sum.contacted_in_a_day) })]];
  return html`<dl class="headline">${items.map(([name, value, hint]) => html`<div data-figure=${name}><dt>${t(`stats.${name}`)}</dt><dd class="num">${value}${hint && html`<small>${hint}</small>`}</dd></div>`)}</dl>`;
}

const Line = ({ line, name }) => html`<th scope="row">${name}</th><td class="num">${num(line.in_quarantine)}</td><td class="num">${num(line.ordered)}</td><td class="num">${num(line.ended)}</td>${ENDS.map(end => html`<td class="num">${num(line.ended_as[end])}</td>`)}<td class="num">${num(line.missed)}</td><td class="num">${percent(line.missed_percent)}</td><td class="num">${num(line.breaches)}</td><td class="num">${line.first_contact_hours === null ? '–' : num(line.first_contact_hours, 1)}</td>`;

function Table({ view }) {
  const titles = [t('stats.active'), t('stats.ordered'), t('stats.ended'), ...ENDS.map(end => t(`stats.end.${end}`)), t('stats.missed'), t('stats.percent'), t('stats.breaches'), t('stats.hours-title')];
  return html`<div class="figures" tabindex="0" role="region" aria-label=${t('stats.table')}><table><thead><tr><th scope="col">${t('stats.area')}</th>${titles.map(title => html`<th scope="col">${title}</th>`)}</tr></thead>
    <tbody>${view.items.map(line => html`<tr key=${line.area_code} data-area=${line.area_code}><${Line} line=${line} name=${line.area_name} /></tr>`)}<tr class="sum"><${Line} line=${view.total} name=${t('stats.total')} /></tr></tbody></table></div>`;
}

function Page({ first }) {
  useLanguage();
  const today = first?.last_day ?? localDay(now());
  const [asked, ask] = useState({ level: 'commune', first_day: first?.first_day ?? localDay(now() - 13 * 86400000), last_day: today }), [view, setView] = useState(null), [fault, setFault] = useState(null), [toast, say] = useToast();
  const load = () => call(address(asked)).then(found => { setView(found); setFault(null); }).catch(setFault);
  useEffect(() => { load(); }, [asked]);
  const send = event => { event.preventDefault(); ask(Object.fromEntries(new FormData(event.target))); };
  const fetched = kind => download(address(asked, `.${kind}`), `thong-ke-cach-ly.${kind}`).catch(found => say(words(found)));
  const body = fault ? html`<${Failed} title=${t('stats.failed')} onRetry=${load}>${words(fault)}</${Failed}>` : !view ? html`<p role="status">…</p>`
    : view.items.length === 0 ? html`<div class="card"><${Empty} title=${t('stats.none')}>${t('stats.none-hint')}</${Empty}></div>` : html`<${Headline} view=${view} /><section class="card"><${Table} view=${view} /><p class="mut">${t('stats.means')}</p></section>`;
  return html`<${Shell} title=${t('stats.title')} sub=${claims()?.name ?? ''} live=${{ connected: !fault }}><main class="sheet">
    <section class="card"><form class="asked" aria-label=${t('stats.ask')} onSubmit=${send}><label class="field"><span>${t('stats.from')}</span><input class="inp" type="date" name="first_day" required defaultValue=${asked.first_day} max=${today} /></label>
      <label class="field"><span>${t('stats.to')}</span><input class="inp" type="date" name="last_day" required defaultValue=${asked.last_day} max=${today} /></label>
      <label class="field"><span>${t('stats.level')}</span><select name="level"><option value="commune">${t('stats.commune')}</option><option value="district">${t('stats.district')}</option></select></label><button class="btn pri">${t('stats.show')}</button></form>
      <div class="row" role="group" aria-label=${t('stats.files')}>${['xlsx', 'csv', 'pdf'].map(kind => html`<button type="button" class="btn" onClick=${() => fetched(kind)}>${t('stats.files')} ${kind.toUpperCase()}</button>`)}${hasRole('health_officer', 'doctor', 'administrator') && html`<a class="btn text" href="/cases">${t('stats.back')}</a>`}</div></section>
    ${body}</main>${toast}</${Shell}>`;
}

await loadTexts('/pages/stats/locales');
await requireSignIn();
const app = document.getElementById('app');
app.replaceChildren();
// The days that the server takes by itself: a device whose clock is wrong asks for none that has not come.
const first = await call('/v1/statistics?level=commune').catch(() => null);
render(html`<${Page} first=${first} />`, app);
document.documentElement.dataset.ready = '';
