// The parts of the checkpoint board: figures, bars, reasons, lanes, flags. They draw what they are given.
import { Dialog, html, useState } from 'shell/ui.js';
import { call, Refused } from 'shell/auth.js';
import { dayHm, freshId, hm, minutesSince, num } from 'shell/kit.js';
import { hasText, t } from 'shell/i18n.js';

export const percent = (part, whole) => (whole ? Math.round(part / whole * 1000) / 10 : null);
export function span(seconds) {
  if (seconds == null) return '—';
  const minutes = Math.round(seconds / 60);
  return seconds < 90 ? t('board.seconds', { n: seconds }) : minutes < 120 ? t('board.minutes', { n: minutes }) : minutes < 2880 ? t('board.hours', { n: Math.round(minutes / 60) }) : t('board.days', { n: Math.round(minutes / 1440) });
}
const share = (part, whole) => (whole ? `${num(percent(part, whole))} %` : '—');
/** "≥ 4 min" where the lanes are full: scans cannot tell how long the queue is. */
export const waitWords = wait => (wait.seconds == null ? '—' : `${wait.is_more ? '≥ ' : ''}${span(wait.seconds)}`);
export const trend = post => Math.sign(Math.round((post.per_minute - post.before_per_minute) * 10));
export const sums = posts => posts.map(post => post.hour).reduce((all, hour) => Object.fromEntries(Object.keys(all).map(name => [name, all[name] + hour[name]])), { total: 0, allowed: 0, refused: 0, checked: 0, offline: 0, late: 0 });

export const Kpi = ({ name, n, unit, note, level }) => html`<section class="card kpi ${level ?? ''}"><h2>${name}</h2><div class="n">${n}<small>${unit}</small></div><p>${level ? '▲ ' : ''}${note}</p></section>`;

const ORDER = [['allowed', 'passed'], ['refused', 'turned'], ['checked', 'asked']];
/** Stacked bars of counts; on a phone the drawing is narrower, so that its letters stay readable. */
export function Bars({ counts, label, title }) {
  const W = innerWidth < 700 ? 420 : 1080, H = W > 500 ? 270 : 220, most = Math.max(5, ...counts.map(each => each.total)) * 1.1;
  const y = value => value / most * (H - 40), width = (W - 60) / counts.length, step = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].find(each => most / each <= 5) ?? 2000;
  const lines = Array.from({ length: Math.floor(most / step) + 1 }, (_, i) => i * step), every = Math.max(1, Math.ceil(counts.length / (W > 500 ? 12 : 4)));
  return html`<div class="key">${ORDER.map(([name, colour]) => html`<span><i class=${colour}></i>${t(`board.${name}`)}</span>`)}</div>
    <svg class="bars" viewBox="0 0 ${W} ${H}" role="img" aria-label=${`${title}: ${counts.map(each => each.total).join(', ')}`}>
    ${lines.map(value => html`<path d=${`M50 ${H - 30 - y(value)}H${W}`} stroke="var(--line)" /><text x="42" y=${H - 24 - y(value)} font-size="18" fill="var(--mut)" text-anchor="end">${num(value)}</text>`)}
    ${counts.map((each, i) => { let base = H - 30; return html`${ORDER.map(([name, colour]) => { base -= y(each[name]); return each[name] > 0 && html`<rect class=${colour} x=${56 + i * width} y=${base} width=${Math.max(2, width - 8)} height=${Math.max(1, y(each[name]) - 1)} rx="3" />`; })}
      ${(counts.length - 1 - i) % every === 0 && html`<text x=${56 + i * width + width / 2 - 4} y=${H - 6} font-size="18" fill="var(--mut)" text-anchor="middle">${label(i)}</text>`}`; })}</svg>`;
}

export function Reasons({ reasons, words }) {
  const rows = Object.entries(reasons), most = Math.max(1, ...rows.map(([, count]) => count));
  return html`<section class="card wide2"><h2>${t('board.why')}<small>${t('board.last-hour')}</small></h2>${rows.length ? html`<ul class="why">${rows.slice(0, 8).map(([code, count]) => html`<li key=${code}><span>${words[code]?.vi ?? code}</span><b class="num">${num(count)}</b><meter min="0" max=${most} value=${count} aria-hidden="true"></meter></li>`)}</ul>` : html`<p class="mut">${t('board.nobody-refused')}</p>`}</section>`;
}

export function Lanes({ lanes }) {
  return html`<section class="card wide3"><h2>${t('board.lanes')}<small>${t('board.last-hour')}</small></h2>${lanes.length ? html`<table><thead><tr><th scope="col">${t('board.lane')}</th><th scope="col">${t('board.quarter')}</th><th scope="col">${t('board.hour')}</th><th scope="col">${t('board.each')}</th></tr></thead>
    <tbody>${lanes.map(lane => html`<tr key=${lane.lane}><th scope="row">${lane.lane}</th><td>${num(lane.quarter)}</td><td>${num(lane.hour)}</td><td>${lane.quarter > 2 ? t('board.seconds', { n: Math.round(900 / lane.quarter) }) : '—'}</td></tr>`)}</tbody></table>` : html`<p class="mut">${t('board.no-lanes')}</p>`}</section>`;
}

export const lastScan = post => (post.last_scan_at ? t('board.ago', { n: minutesSince(post.last_scan_at) }) : t('board.never'));
const Trend = ({ post }) => { const way = trend(post); return html`<span class=${way > 0 ? 'up' : way < 0 ? 'down' : 'mut'} aria-label=${t(way > 0 ? 'board.rising' : way < 0 ? 'board.falling' : 'board.steady')}>${way > 0 ? '▲' : way < 0 ? '▼' : '='}</span>`; };

export function Posts({ posts, here, open }) {
  return html`<section class="card wide3 posts"><h2>${t('board.posts')}</h2><table><thead><tr><th scope="col">${t('board.post')}</th><th scope="col">${t('board.per-minute')}</th><th scope="col">${t('board.wait')}</th><th scope="col">${t('board.refused')}</th><th scope="col" class="opt">${t('board.offline')}</th><th scope="col" class="opt">${t('board.list-age')}</th><th scope="col" class="opt">${t('board.last-scan')}</th></tr></thead>
    <tbody>${posts.map((post, i) => html`<tr key=${post.checkpoint_id} class=${i === here ? 'here' : ''}><th scope="row"><button type="button" data-post=${post.checkpoint_id} onClick=${() => open(post.checkpoint_id)}>${post.name}</button><small>${post.district_name}${post.is_open ? '' : ` · ${t('board.closed')}`}</small></th>
      <td>${post.is_silent ? html`<span class="lost">${t('board.silent')}</span>` : html`${num(post.per_minute)} <${Trend} post=${post} />`}</td><td class=${post.wait.is_more ? 'lost' : ''}>${waitWords(post.wait)}</td><td>${share(post.hour.refused, post.hour.total)}</td>
      <td class="opt">${share(post.hour.offline, post.hour.total)}</td><td class=${`opt ${post.is_list_old ? 'late' : ''}`}>${post.list_age_seconds == null ? '—' : span(post.list_age_seconds)}</td><td class=${`opt ${post.is_silent ? 'lost' : ''}`}>${lastScan(post)}</td></tr>`)}</tbody></table></section>`;
}

// ---- what officers decided otherwise than the scanner: for supervisors -------------------------------------------
const ACTS = ['emergency', 'let-pass', 'turned-back', 'differed'];
const reasonOf = code => (hasText(`reason.${code}`) ? t(`reason.${code}`) : hasText(`act.${code}`) ? t(`act.${code}`) : code);

export function Exceptions({ acts, posts, one, words }) {
  const shown = acts.posts.filter(each => posts.includes(each.checkpoint_id)), recent = acts.recent.filter(each => posts.includes(each.checkpoint_id)).slice(0, 6);
  return html`<section class="card whole" id="exceptions"><div class="row"><h2>${t('board.exceptions')}<small>${t('board.last-day')}</small></h2><span class="sp"></span><a class="btn" href="/gate-log">${t('log.title')}</a></div>
    ${!shown.length ? html`<p class="mut">${t('board.no-exceptions')}</p>` : html`<div class="halves"><ul class="acts">${shown.map(each => html`<li key=${each.checkpoint_id}><b>${each.checkpoint_name}</b><span>${ACTS.filter(name => each.acts[name]).map(name => html`<span key=${name} data-act=${name}>${t(`act.${name}`)} <b class="num">${num(each.acts[name])}</b></span>`)}</span>
        <small>${Object.entries(each.reasons).slice(0, 4).map(([code, n]) => `${reasonOf(code)} ${num(n)}`).join(' · ')}</small></li>`)}</ul>
      <ol class="hand">${recent.map(each => html`<li key=${each.action_id}><time>${dayHm(each.acted_at)}</time><div><b>${t(`act.${each.act}`)}</b>: ${reasonOf(each.reason_code)}${each.note && ` – ${each.note}`}<small>${[one ? '' : each.checkpoint_name, each.officer, each.told && t('board.told', { what: words[each.told]?.vi ?? each.told }), each.plate].filter(Boolean).join(' · ')}</small></div></li>`)}</ol></div>`}</section>`;
}

// ---- flags: advisory, with their evidence; who looked into it clears them with a reason ----
function evidence(piece, words) {
  const what = hasText(`sign.${piece.signal}`) ? t(`sign.${piece.signal}`) : piece.signal;
  const parts = [piece.places.join(' → '), piece.distance_km != null && `${num(piece.distance_km)} km`, piece.minutes_apart != null && t('board.minutes', { n: num(piece.minutes_apart) }), piece.kmh != null && `≥ ${num(piece.kmh)} km/h`,
    piece.other_number && t('board.other-permit', { number: piece.other_number }), piece.reason_code && (words[piece.reason_code]?.vi ?? piece.reason_code)];
  return `${hm(piece.at)} · ${what}: ${parts.filter(Boolean).join(' · ')}`;
}
function Clear({ flag, close, done }) {
  const [fault, setFault] = useState(''), [key] = useState(freshId());
  const send = async event => {
    event.preventDefault();
    const reason = new FormData(event.target).get('reason').trim(), group = flag.kind === 'permit' ? 'permits' : 'checkpoints';
    try { done(await call(`/v1/${group}/${flag.subject}/flag-clearance`, { json: { reason }, key })); } catch (found) { setFault(found instanceof Refused ? found.message : t('board.no-answer')); }
  };
  return html`<${Dialog} title=${t('board.clear-title', { title: flag.title })} onClose=${close}><form onSubmit=${send}><label class="field"><span>${t('board.clear-why')}</span><textarea name="reason" rows="3" required minlength="5" maxlength="300"></textarea></label>
    ${fault && html`<p class="wrong" role="alert">${fault}</p>`}<button class="btn pri">${t('board.clear')}</button></form></${Dialog}>`;
}
export function Flags({ flags, words, changed }) {
  const [asked, ask] = useState(null);
  return html`<section class="card wide2" id="flags"><h2>${t('board.flags')}<small>${t('board.flags-hint')}</small></h2>${flags.length ? html`<ul class="flags">${flags.slice(0, 6).map(flag => html`<li key=${flag.subject}><div class="row"><b class="num">${flag.title}</b><span class="mut">${flag.commune_name} · ${dayHm(flag.since)}</span><span class="sp"></span><button type="button" class="btn" onClick=${() => ask(flag)}>${t('board.clear')}</button></div>
    <ul>${flag.evidence.slice(0, 3).map(piece => html`<li>${evidence(piece, words)}</li>`)}</ul></li>`)}</ul>${flags.length > 6 && html`<p class="mut">${t('board.more-flags', { n: flags.length - 6 })}</p>`}` : html`<p class="mut">${t('board.no-flags')}</p>`}
    ${asked && html`<${Clear} flag=${asked} close=${() => ask(null)} done=${list => { ask(null); changed(list); }} />`}</section>`;
}
