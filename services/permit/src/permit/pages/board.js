// The checkpoint board: all posts of the reader's area, live, and one of them closer by quarter or by hour.
import { Failed, html, KeyHelp, render, Shell, useEffect, useKeys, useLanguage, useState, useTick } from 'shell/ui.js';
import { call, claims, Refused, requireSignIn, signIn } from 'shell/auth.js';
import { hm, num, param, setServerNow } from 'shell/kit.js';
import { loadTexts, t } from 'shell/i18n.js';
import { follow } from 'shell/live.js';
import { Bars, Exceptions, Flags, Kpi, Lanes, lastScan, percent, Posts, Reasons, span, sums, waitWords } from './board-parts.js';

const INSPECTORS = ['permit_officer', 'leader', 'administrator'], SUPERVISORS = ['leader', 'administrator'];
const FLAGS_EVERY = 20000, HOURS_EVERY = 30000, QUARTER = 15 * 60000;

function useBoard() {
  const [board, set] = useState(null), [live, setLive] = useState({ connected: false });
  useEffect(() => follow('/v1/checkpoints/board/stream', {
    board: data => { setServerNow(data.as_of); set(data); },
    post: ({ as_of, item }) => { setServerNow(as_of); set(known => known && { ...known, as_of, items: known.items.map(each => (each.checkpoint_id === item.checkpoint_id ? item : each)) }); },
  }, state => { setLive(state); if (state.needsSignIn) signIn().catch(() => {}); }), []);
  return [board, live];
}
/** Ask again and again while it is wanted; what was answered last stays when an answer fails. */
function useAsked(path, every) {
  const [answer, set] = useState(null);
  useEffect(() => {
    if (!path) { set(null); return undefined; }
    const ask = () => call(path).then(set).catch(() => {});
    ask();
    const id = setInterval(ask, every);
    return () => clearInterval(id);
  }, [path]);
  return [answer, set];
}
function address(changes) {
  const next = new URL(location);
  for (const [name, value] of Object.entries(changes)) value ? next.searchParams.set(name, value) : next.searchParams.delete(name);
  history.pushState(null, '', next);
}

function kpis(posts, one) {
  const hour = sums(posts), perMinute = posts.reduce((all, post) => all + post.per_minute, 0), before = posts.reduce((all, post) => all + post.before_per_minute, 0);
  const waits = posts.filter(post => post.wait.seconds != null).sort((a, b) => b.wait.is_more - a.wait.is_more || b.wait.seconds - a.wait.seconds), worst = waits[0];
  const ages = posts.map(post => post.list_age_seconds).filter(age => age != null), silent = posts.filter(post => post.is_silent);
  const lists = ages.length ? t('board.oldest-list', { age: span(Math.max(...ages)) }) : t('board.lists-fresh');
  return [
    { name: t('board.kpi-flow'), n: num(perMinute), unit: t('board.unit-flow'), note: t('board.before', { n: num(before) }) },
    { name: t(one ? 'board.wait' : 'board.longest-wait'), n: worst ? waitWords(worst.wait) : '—', unit: '', level: worst?.wait.is_more ? 'alarm' : '', note: !worst ? t('board.nothing-yet') : worst.wait.is_more ? t('board.full-lanes', { n: worst.wait.full_minutes, post: worst.name }) : one ? t('board.lane-seconds', { lanes: worst.wait.lanes, n: worst.wait.handling_seconds }) : worst.name },
    { name: t('board.kpi-refused'), n: num(percent(hour.refused, hour.total)), unit: hour.total ? '%' : '', note: t('board.of-scans', { n: num(hour.total) }) },
    { name: t('board.kpi-offline'), n: num(percent(hour.offline, hour.total)), unit: hour.total ? '%' : '', level: posts.some(post => post.is_list_old) ? 'warn' : '', note: hour.late ? t('board.late-added', { n: num(hour.late), lists }) : lists },
    one ? { name: t('board.last-scan'), n: posts[0].last_scan_at ? hm(posts[0].last_scan_at) : '—', unit: '', level: silent.length ? 'alarm' : '', note: silent.length ? t('board.silent-post') : lastScan(posts[0]) }
      : { name: t('board.kpi-silent'), n: num(silent.length), unit: `/ ${posts.length}`, level: silent.length ? 'warn' : '', note: silent.map(post => post.name).slice(0, 2).join(', ') || t('board.all-speak') },
  ];
}
const added = posts => posts[0].quarters.map((_, i) => sums(posts.map(post => ({ hour: post.quarters[i] }))));
function reasonsOf(posts) {
  const all = {};
  for (const post of posts) for (const [code, count] of Object.entries(post.reasons)) all[code] = (all[code] ?? 0) + count;
  return Object.fromEntries(Object.entries(all).sort((a, b) => b[1] - a[1]));
}

function Flow({ posts, asOf, hours }) {
  const [isHourly, set] = useState(false), shown = hours && isHourly;
  const at = i => hm(Date.parse(asOf) - (posts[0].quarters.length - 1 - i) * QUARTER);
  return html`<section class="card wide3 flow"><div class="row"><h2>${t(shown ? 'board.per-hour' : 'board.per-quarter')}</h2><span class="sp"></span>${hours && html`<nav class="tabs"><button type="button" aria-pressed=${!shown} onClick=${() => set(false)}>${t('board.by-quarter')}</button><button type="button" id="by-hour" aria-pressed=${Boolean(shown)} onClick=${() => set(true)}>${t('board.by-hour')}</button></nav>`}</div>
    <${Bars} title=${t('board.per-quarter')} counts=${shown ? hours.hours : added(posts)} label=${shown ? i => hm(hours.starts[i]) : at} /></section>`;
}

function Page({ words }) {
  useLanguage(); useTick(15000);
  const [board, live] = useBoard(), [district, setDistrict] = useState(param('district', '')), [chosen, setChosen] = useState(param('post', '')), [here, setHere] = useState(0);
  const mayInspect = claims()?.roles?.some(role => INSPECTORS.includes(role));
  const mayOversee = claims()?.roles?.some(role => SUPERVISORS.includes(role)), [acts] = useAsked(mayOversee ? '/v1/gate-actions/summary' : null, FLAGS_EVERY);
  const [flags, setFlags] = useAsked(mayInspect ? '/v1/flags' : null, FLAGS_EVERY), [hours] = useAsked(chosen && `/v1/checkpoints/${chosen}/board`, HOURS_EVERY);
  useEffect(() => { const back = () => { const query = new URLSearchParams(location.search); setChosen(query.get('post') ?? ''); setDistrict(query.get('district') ?? ''); }; addEventListener('popstate', back); return () => removeEventListener('popstate', back); }, []);
  const all = board?.items ?? [], listed = all.filter(post => !district || post.district_code === district), one = all.find(post => post.checkpoint_id === chosen);
  const open = id => { setChosen(id); address({ post: id }); }, close = () => open(''), pick = code => { setDistrict(code); setHere(0); address({ district: code }); };
  const move = step => setHere(at => Math.max(0, Math.min(listed.length - 1, at + step)));
  useKeys({ j: () => move(1), k: () => move(-1), Enter: () => listed[here] && !one && open(listed[here].checkpoint_id), o: () => listed[here] && !one && open(listed[here].checkpoint_id), Escape: () => one && close() });
  const posts = one ? [one] : listed, districts = [...new Map(all.map(post => [post.district_code, post.district_name]))];
  const title = one ? one.name : t('board.title'), sub = one ? `${one.commune_name} · ${one.district_name}` : claims()?.name ?? '';
  if (board && !all.length) return html`<${Shell} title=${t('board.title')} sub="" live=${live}><${Failed} title=${t('board.no-posts')} onRetry=${() => location.reload()}>${t('board.no-posts-hint')}</${Failed}></${Shell}>`;
  return html`<${Shell} title=${title} sub=${sub} live=${live}>
    <main class="board"><div class="tools row whole">${one ? html`<button type="button" class="btn" id="back" onClick=${close}>← ${t('board.all-posts')}</button>` : districts.length > 1 && html`<nav class="tabs" aria-label=${t('board.district')}><button type="button" aria-pressed=${!district} onClick=${() => pick('')}>${t('board.every-district')}</button>${districts.map(([code, name]) => html`<button type="button" key=${code} aria-pressed=${district === code} onClick=${() => pick(code)}>${name}</button>`)}</nav>`}<span class="sp"></span>
      <${KeyHelp} keys=${[['J/K', t('board.key-move')], ['Enter', t('board.key-open')], ['Esc', t('board.key-back')]]} /></div>
      ${!posts.length ? html`<p class="whole" role="status">${t('board.opening')}</p>` : html`${!live.connected && html`<div class="banner whole"><b>${t('board.cut')}</b><span>${t('board.cut-hint')}</span></div>`}
      ${kpis(posts, one).map(each => html`<${Kpi} key=${each.name} ...${each} />`)}
      ${one ? html`<${Flow} posts=${posts} asOf=${board.as_of} hours=${hours?.post.checkpoint_id === chosen ? hours : null} />` : html`<${Posts} posts=${listed} here=${here} open=${open} />`}
      <${Reasons} reasons=${reasonsOf(posts)} words=${words} />
      ${one ? html`<${Lanes} lanes=${one.lanes} />` : html`<${Flow} posts=${posts} asOf=${board.as_of} />`}
      ${acts && html`<${Exceptions} acts=${acts} posts=${posts.map(post => post.checkpoint_id)} one=${one} words=${words} />`}
      ${flags && !one && html`<${Flags} flags=${flags.items} words=${words} changed=${setFlags} />`}
      <details class="whole formula"><summary>${t('board.how')}</summary><p>${board.formula}</p><p>${t('board.how-more')}</p></details>`}</main></${Shell}>`;
}

async function start() {
  const screen = document.getElementById('app');
  await loadTexts('/pages/locales');
  try {
    await requireSignIn();
    const words = await (await fetch('/pages/verifier/words.json')).json();
    await call('/v1/checkpoints/board');
    screen.replaceChildren();
    render(html`<${Page} words=${words} />`, screen);
  } catch (fault) {
    const isForbidden = fault instanceof Refused && fault.status === 403;
    screen.replaceChildren();
    render(html`<${Failed} title=${t(isForbidden ? 'board.forbidden' : 'board.failed')} reference=${fault.status} onRetry=${() => (isForbidden ? signIn() : location.reload())}>${t(isForbidden ? 'board.forbidden-hint' : 'board.failed-hint')}</${Failed}>`, screen);
  }
  document.documentElement.dataset.ready = '1';
}
start();
