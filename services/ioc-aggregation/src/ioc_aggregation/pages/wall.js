// The wall of the operations centre: the province at a glance, live, and one area closer on demand.
import { html, render, useEffect, useKeys, useLanguage, useState, useTick, Failed, LanguageButton } from 'shell/ui.js';
import { call, claims, Refused, requireSignIn, signIn } from 'shell/auth.js';
import { hm, now, param } from 'shell/kit.js';
import { loadTexts, t } from 'shell/i18n.js';
import { follow } from 'shell/live.js';
import { empty, root, take } from './board.js';
import { TileMap } from './map.js';
import { Feed, Kpis, mayTrace, System, Trend } from './parts.js';
import { Deck } from './deck.js';

function Clock() {
  useTick(1000);
  return html`<time class="clock">${hm(now())}</time>`;
}
function Live({ state, area }) {
  useTick(1000);
  const at = area?.as_of ? hm(area.as_of) : '—';
  return html`<div class=${`live ${state.connected ? 'on' : 'off'}`} role="status"><i></i>${t(state.connected ? 'wall.live' : 'wall.cut', { at })}</div>`;
}
/** Deltas of one burst are taken together: one drawing, however many areas changed. */
function useBoard() {
  const [board, set] = useState(empty), [live, setLive] = useState({ connected: false });
  useEffect(() => {
    let waiting = [], frame = null;
    const draw = () => { const burst = waiting; waiting = []; frame = null; set(known => burst.reduce((state, [kind, data]) => take[kind](state, data), known)); };
    const on = Object.fromEntries(Object.keys(take).map(kind => [kind, data => { waiting.push([kind, data]); frame ??= setTimeout(draw, 100); }]));
    const stop = follow('/v1/stream', on, state => { setLive(state); if (state.needsSignIn) signIn().catch(() => {}); });
    return () => { clearTimeout(frame); stop(); };
  }, []);
  return [board, live];
}
function choose(code) {
  const address = new URL(location);
  code ? address.searchParams.set('area', code) : address.searchParams.delete('area');
  history.pushState(null, '', address);
}
function Wall({ grid, definitions }) {
  useLanguage();
  const [board, live] = useBoard(), [code, setCode] = useState(param('area'));
  useEffect(() => { const back = () => setCode(new URLSearchParams(location.search).get('area')); addEventListener('popstate', back); return () => removeEventListener('popstate', back); }, []);
  const top = root(board), area = board.areas.get(code) ?? top;
  const pick = next => { const to = next === top?.code ? null : next; choose(to); setCode(to); };
  const parent = area && area !== top ? board.areas.get(area.parent_code) ?? top : null;
  useKeys({ Escape: () => parent && pick(parent.code), v: () => { if (area && mayTrace()) location.href = `/vi-sao?area=${area.code}&metric=f0_new`; } });
  const listed = area?.level === 'commune' ? parent : area;
  return html`<main>
    <header class="head"><h1>${t('wall.title')}<small>${area ? area.name : grid.province}${area?.directive && area.directive !== 'none' ? ` · ${t('wall.directive', { n: area.directive })}` : ''}</small></h1>
      ${parent && html`<button type="button" class="plain" onClick=${() => pick(parent.code)}>← ${parent.name}</button>`}<span class="sp"></span>
      <${Live} state=${live} area=${top} /><${Clock} /><${LanguageButton} /></header>
    <${Kpis} area=${area} definitions=${definitions} />
    <${TileMap} grid=${grid} board=${board} chosen=${area === top ? null : area?.code} onChoose=${pick} />
    <div class="mid"><${Trend} area=${area} /><${Deck} board=${board} area=${area} listed=${listed} isConnected=${live.connected} onChoose=${pick} /></div>
    <div class="side"><${Feed} alerts=${board.alerts} area=${area} board=${board} /><${System} system=${board.system} /></div>
  </main>`;
}
async function open() {
  const screen = document.getElementById('app');
  await loadTexts('/pages/locales');
  try {
    await requireSignIn();
    const [grid, definitions] = await Promise.all([call('/v1/tilegrid'), call('/v1/definitions')]);
    await document.fonts.ready;
    render(html`<${Wall} grid=${grid} definitions=${Object.fromEntries(definitions.items.map(item => [item.name, item]))} />`, screen);
  } catch (fault) {
    const isForbidden = fault instanceof Refused && fault.status === 403;
    const title = t(isForbidden ? 'wall.forbidden' : 'wall.failed');
    const words = isForbidden ? t('wall.forbidden-text', { name: claims()?.name ?? '' }) : t('wall.failed-text');
    render(html`<${Failed} title=${title} reference=${fault.status} onRetry=${() => (isForbidden ? signIn() : location.reload())}>${words}<//>`, screen);
  }
  document.documentElement.dataset.ready = '1';
}
open();
