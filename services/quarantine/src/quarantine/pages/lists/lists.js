// Danh sách, giấy tờ: lists of people in quarantine in and out, and papers printed for a selection.
import { claims, hasRole, requireSignIn } from 'shell/auth.js';
import { loadTexts, t } from 'shell/i18n.js';
import { html, render, Shell, useLanguage, useState, useToast } from 'shell/ui.js';
import { uploadsAt } from 'shell/uploads.js';
import { Export } from './export.js';
import { Print } from './print.js';

const Uploads = uploadsAt({ address: '/v1/stay-lists', template: 'mau-danh-sach-cach-ly.xlsx', answers: 'danh-sach-cach-ly-tra-loi.xlsx', accept: '.xlsx,.csv,.txt' });
const TABS = () => [...(hasRole('health_officer', 'administrator') ? [['lists', Uploads], ['print', Print]] : []), ['export', Export]];

function Office() {
  useLanguage();
  const tabs = TABS(), asked = tabs.findIndex(([name]) => location.hash === `#${name}`);
  const [open, setOpen] = useState(Math.max(0, asked)), [toast, say] = useToast();
  const choose = at => { history.replaceState(null, '', `#${tabs[at][0]}`); setOpen(at); };
  const Tab = tabs[open][1];
  return html`<${Shell} title=${t('office.title')} sub=${claims()?.name ?? ''} live=${{ connected: true }}><main class="sheet">
    <nav class="tabs" aria-label=${t('office.sections')}>${tabs.map(([name], at) => html`<button type="button" aria-pressed=${at === open} onClick=${() => choose(at)}>${t(`office.${name}`)}</button>`)}<a href="/cases">${t('office.back')}</a><a href="/thong-ke">${t('office.stats')}</a></nav>
    <${Tab} say=${say} /></main>${toast}</${Shell}>`;
}

await loadTexts('/pages/lists/locales');
await requireSignIn();
const app = document.getElementById('app');
app.replaceChildren();
render(html`<${Office} />`, app);
document.documentElement.dataset.ready = '';
