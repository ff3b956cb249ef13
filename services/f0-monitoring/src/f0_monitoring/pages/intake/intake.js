// Tiếp nhận F0: everything by which people become patients of a station, on one page.
import { claims, requireSignIn } from 'shell/auth.js';
import { loadTexts, t } from 'shell/i18n.js';
import { html, render, Shell, useState, useToast } from 'shell/ui.js';
import { Ending } from './ending.js';
import { Lists } from './uploads.js';
import { NamelessList, Queue } from './queue.js';

const TABS = [['queue', Queue], ['lists', Lists], ['nameless', NamelessList], ['ending', Ending]];

function Intake() {
  const asked = TABS.findIndex(([name]) => location.hash === `#${name}`);
  const [open, setOpen] = useState(Math.max(0, asked)), [toast, say] = useToast();
  const choose = at => { history.replaceState(null, '', `#${TABS[at][0]}`); setOpen(at); };
  const Tab = TABS[open][1];
  return html`<${Shell} title=${t('intake.title')} sub=${claims()?.name ?? ''} live=${{ connected: true }}><main class="sheet">
    ${TABS.length > 1 && html`<nav class="tabs" aria-label=${t('intake.tabs')}>${TABS.map(([name], at) => html`<button type="button" aria-pressed=${at === open} onClick=${() => choose(at)}>${t(`intake.${name}`)}</button>`)}</nav>`}
    <${Tab} say=${say} /></main>${toast}</${Shell}>`;
}

await loadTexts('/pages/intake/locales');
await requireSignIn();
const app = document.getElementById('app');
app.replaceChildren();
render(html`<${Intake} />`, app);
document.documentElement.dataset.ready = '';
