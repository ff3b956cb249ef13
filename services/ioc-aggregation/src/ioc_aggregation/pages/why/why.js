// From a number to the facts behind it: area, figure and day in the address; the days of the series to walk; pages of facts.
import { html, render, useEffect, useLanguage, useState, Failed, Shell } from 'shell/ui.js';
import { call, claims, requireSignIn } from 'shell/auth.js';
import { wordsOf } from 'shell/files.js';
import { day as dayText, dayHm, localDay, now, num, param, setServerNow } from 'shell/kit.js';
import { hasText, loadTexts, t } from 'shell/i18n.js';

const DAYS = 14;
const signed = value => (value > 0 ? `+${num(value)}` : value < 0 ? `−${num(-value)}` : '0');
const typeText = type => { const name = type.replace(/^.*?\.|\.v\d+$/g, ''); return hasText(`why.type.${name}`) ? t(`why.type.${name}`) : name; };

function Facts({ asked }) {
  const [pages, setPages] = useState([]), [fault, setFault] = useState(null), [busy, setBusy] = useState(false);
  const query = new URLSearchParams({ metric: asked.metric, day: asked.day }).toString();
  const load = cursor => call(`/v1/areas/${asked.area}/facts?${query}${cursor ? `&cursor=${cursor}` : ''}`);
  useEffect(() => {
    let gone = false;
    setPages([]); setFault(null);
    load().then(page => gone || !page.items || setPages([page]), reason => gone || setFault(reason));
    return () => { gone = true; };
  }, [asked.area, query]);
  const more = async () => { setBusy(true); try { const page = await load(pages.at(-1).next); setPages([...pages, page]); } catch (reason) { setFault(reason); } setBusy(false); };
  const [first] = pages, items = pages.flatMap(page => page.items);
  return html`${fault && html`<div class="banner bad" role="alert">${wordsOf(fault, t('report.no-answer'))}</div>`}
    ${first && html`<section class="card figure"><h2>${first.title} · ${first.name} · ${dayText(first.day)}</h2><p><b class="num">${num(first.value)}</b></p>
      <p>${first.kind === 'stock' ? t('why.stock', { before: num(first.before), change: signed(first.change), n: num(first.facts) }) : t('why.flow', { n: num(first.facts), change: signed(first.change) })}</p><p class="mut">${first.definition}</p></section>
    <section class="card"><h2 id="facts">${t('why.facts')}</h2><p class="mut">${t('why.noted')}</p>
      <div class="wide-table why" tabindex="0" role="region" aria-labelledby="facts"><table><thead><tr>${['when', 'change', 'type', 'where', 'about', 'id'].map(name => html`<th scope="col" key=${name}>${t(`why.${name}`)}</th>`)}</tr></thead>
      <tbody>${items.map(item => html`<tr key=${item.event_id}><td>${dayHm(item.recorded_at)}${item.is_late ? html` <abbr title=${t('why.late-text')}>${t('why.late')}</abbr>` : ''}</td><td>${signed(item.change)}</td><td>${typeText(item.type)}</td><td>${item.commune_name}</td><td class="mono">${item.subject}</td><td class="mono">${item.event_id}</td></tr>`)}</tbody></table></div>
      ${!items.length && html`<p>${t('why.none')}</p>`}
      ${pages.at(-1).next && html`<p><button type="button" class="btn" disabled=${busy} onClick=${more}>${t('why.more')}</button></p>`}</section>`}`;
}
function Page({ areas, definitions }) {
  useLanguage();
  const [asked, set] = useState({ area: param('area') ?? areas[0].code, metric: param('metric') ?? 'f0_new', day: param('day') ?? localDay(now()) });
  const [points, setPoints] = useState([]);
  const ask = change => { const next = { ...asked, ...change }; history.replaceState(null, '', `?${new URLSearchParams(next)}`); set(next); };
  useEffect(() => {
    let gone = false;
    call(`/v1/areas/${asked.area}/series?metric=${asked.metric}&days=${DAYS}`).then(body => gone || setPoints(body.items ?? []), () => gone || setPoints([]));
    return () => { gone = true; };
  }, [asked.area, asked.metric]);
  return html`<${Shell} title=${t('why.page')} sub=${claims().name} live=${{ connected: true }}><main class="page">
    <form class="card ask" onSubmit=${event => event.preventDefault()}>
      <label>${t('report.area')}<select value=${asked.area} onChange=${event => ask({ area: event.target.value })}>${areas.map(each => html`<option key=${each.code} value=${each.code}>${each.level === 'commune' ? '· ' : ''}${each.name}</option>`)}</select></label>
      <label>${t('why.metric')}<select value=${asked.metric} onChange=${event => ask({ metric: event.target.value })}>${definitions.map(each => html`<option key=${each.name} value=${each.name}>${each.title}</option>`)}</select></label>
      <label>${t('report.day')}<input type="date" value=${asked.day} max=${localDay(now())} onChange=${event => event.target.value && ask({ day: event.target.value })} /></label></form>
    <section class="card"><h2>${t('why.series')}</h2><div class="days">${points.map(point => html`<button type="button" class="btn" key=${point.day} aria-pressed=${point.day === asked.day} onClick=${() => ask({ day: point.day })}>${dayText(point.day).slice(0, 5)}<br /><b>${num(point.value)}${point.restated ? '*' : ''}</b></button>`)}</div></section>
    <${Facts} asked=${asked} /><p><a href=${`/?area=${asked.area}`}>← ${t('why.wall')}</a></p></main></${Shell}>`;
}
async function start() {
  const screen = document.getElementById('app');
  await loadTexts('/pages/locales');
  try {
    await requireSignIn();
    const [areas, definitions] = await Promise.all([call('/v1/areas'), call('/v1/definitions')]);
    setServerNow(areas.server_now);
    if (!areas.items.length) throw new Error(t('report.no-area'));
    render(html`<${Page} areas=${areas.items} definitions=${definitions.items} />`, screen);
  } catch (fault) { render(html`<${Failed} title=${t('why.failed')} onRetry=${start}>${wordsOf(fault, t('report.no-answer'))}</${Failed}>`, screen); }
  document.documentElement.dataset.ready = '1';
}
start();
