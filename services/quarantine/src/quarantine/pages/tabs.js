// Sections of the officer's page. On a phone the five of every day are shown and the rest opens below them.
import { t } from 'shell/i18n.js';
import { html, useRef, useState } from 'shell/ui.js';

/** `daily` and `rest` are [key, label]; `links` are [address, label]. A section of `rest` that is open names the button. */
export function Tabs({ view, pick, daily, rest, links }) {
  const [open, setOpen] = useState(false), button = useRef(), here = rest.find(([key]) => key === view);
  const choose = key => { setOpen(false); pick(key); };
  const leave = event => { if (event.key === 'Escape' && open) { setOpen(false); button.current.focus(); } };
  const section = kind => ([key, label]) => html`<button type="button" class=${kind} key=${key} aria-pressed=${view === key} onClick=${() => choose(key)}>${label}</button>`;
  return html`<nav class="tabs sections ${open ? 'open' : ''}" aria-label=${t('cases.sections')} onKeyDown=${leave}>${daily.map(section(''))}
    <button type="button" class="opener ${here ? 'here' : ''}" ref=${button} aria-expanded=${open} onClick=${() => setOpen(!open)}>${t('cases.more-sections')}${here ? `: ${here[1]}` : ''} <span aria-hidden="true">${open ? '▴' : '▾'}</span></button>
    ${rest.map(section('rest'))}${links.map(([to, label]) => html`<a class="rest" key=${to} href=${to}>${label}</a>`)}</nav>`;
}
