// Cơ sở: who is to come, which beds are free, for how long the oxygen lasts, what was asked for.
import { call, claims, requireSignIn } from 'shell/auth.js';
import { wordsOf } from 'shell/files.js';
import { setServerNow } from 'shell/kit.js';
import { loadTexts, t } from 'shell/i18n.js';
import { Failed, html, render, Shell, useEffect, useRef, useState, useTick, useToast } from 'shell/ui.js';
import { Beds } from './beds.js';
import { Requests } from './requests.js';
import { Stock } from './stock.js';
import { Transfers } from './transfers.js';

const TABS = [['transfers', Transfers], ['beds', Beds], ['stock', Stock], ['requests', Requests]], LOOK_MS = 5000;

/** Everything on the page; asked again every few seconds while somebody looks, and at once after an act. */
function useEverything() {
  const [all, set] = useState(null), [fault, setFault] = useState(null), busy = useRef(false);
  const look = async () => {
    if (busy.current) return;
    busy.current = true;
    try {
      const [places, transfers, supplies] = await Promise.all([call('/v1/facilities'), call('/v1/transfers'), call('/v1/supply-requests')]);
      setServerNow(places.as_of);
      set({ places: places.items, counted: places.counted, transfers: transfers.items, supplies: supplies.items, heardAt: Date.now() });
      setFault(null);
    } catch (found) { setFault(found); }
    busy.current = false;
  };
  useEffect(() => { look(); const id = setInterval(() => document.visibilityState === 'visible' && look(), LOOK_MS); return () => clearInterval(id); }, []);
  return { all, fault, look };
}

function Page() {
  useTick(60000);
  const { all, fault, look } = useEverything(), [toast, say] = useToast();
  const [open, setOpen] = useState(() => Math.max(0, TABS.findIndex(([name]) => location.hash === `#${name}`)));
  const choose = at => { history.replaceState(null, '', `#${TABS[at][0]}`); setOpen(at); };
  const done = words => { say(words); look(); }, Tab = TABS[open][1];
  const live = { connected: !fault, heardAt: all?.heardAt ?? null };
  const waiting = all?.transfers.filter(one => one.may.includes('acceptance')).length;
  return html`<${Shell} title=${t('fac.title')} sub=${claims()?.name ?? ''} live=${live}>
    ${fault && !all ? html`<${Failed} title=${t('fac.failed')} onRetry=${look}>${wordsOf(fault, t('fac.no-answer'))}</${Failed}>`
    : html`<main class="sheet"><nav class="tabs" aria-label=${t('fac.tabs')}>${TABS.map(([name], at) => html`<button type="button" aria-pressed=${at === open} onClick=${() => choose(at)}>${t(`fac.tab.${name}`)}${name === 'transfers' && waiting ? html` <b class="num">${waiting}</b>` : ''}</button>`)}</nav>
      ${all ? html`<${Tab} all=${all} done=${done} />` : html`<p role="status">…</p>`}</main>`}${toast}</${Shell}>`;
}

await loadTexts('/pages/facilities/locales');
await requireSignIn();
const app = document.getElementById('app');
app.replaceChildren();
render(html`<${Page} />`, app);
document.documentElement.dataset.ready = '';
