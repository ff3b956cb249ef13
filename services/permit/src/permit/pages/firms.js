// Permit officers: firms that wait to be confirmed, the longest waiting first.
import { call, claims, requireSignIn } from 'shell/auth.js';
import { dayHm, freshId } from 'shell/kit.js';
import { loadTexts, t } from 'shell/i18n.js';
import { Empty, Failed, html, render, Shell, useEffect, useState, useToast } from 'shell/ui.js';
import { wordsOf } from 'shell/files.js';

const words = fault => wordsOf(fault, t('people.no-answer'));

function Firm({ firm, settled }) {
  const [fault, setFault] = useState('');
  const settle = outcome => async event => {
    event.preventDefault();
    const reason = new FormData(event.target.closest('form')).get('reason').trim();
    try { settled(await call(`/v1/firms/${firm.firm_id}/confirmation`, { json: { outcome, reason }, key: freshId() })); } catch (found) { setFault(words(found)); }
  };
  return html`<article class="card"><div class="row"><h2>${firm.name}</h2><span class="tag status-${firm.status}">${t(`firm.${firm.status}`)}</span><span class="mut">${dayHm(firm.registered_at)}</span></div>
    ${firm.same_tax_code > 1 && html`<p class="wrong">${t('firms.same', { count: firm.same_tax_code })}</p>`}
    <dl class="kv"><dt>${t('firm.tax_code')}</dt><dd class="num">${firm.tax_code}</dd><dt>${t('firm.address')}</dt><dd>${firm.address}, ${firm.commune.name}</dd><dt>${t('firm.contact_name')}</dt><dd>${firm.contact_name} · ${firm.contact_phone}</dd></dl>
    <form onSubmit=${settle('confirmed')}><label class="field"><span>${t('firms.reason')}</span><input name="reason" maxlength="300" autocomplete="off" /></label>
    ${fault && html`<p class="wrong" role="alert">${fault}</p>`}
    <div class="row">${firm.status !== 'confirmed' && html`<button class="btn pri">${t('firms.confirm')}</button>`}${firm.status !== 'refused' && html`<button type="button" class="btn" onClick=${settle('refused')}>${t('firms.refuse')}</button>`}</div></form></article>`;
}

function Firms() {
  const [status, setStatus] = useState('registered'), [found, setFound] = useState(null), [fault, setFault] = useState(null), [toast, say] = useToast();
  const load = async cursor => {
    try {
      const page = await call(`/v1/firms?limit=20&status=${status}${cursor ? `&cursor=${cursor}` : ''}`);
      setFound({ items: cursor ? [...found.items, ...page.items] : page.items, next: page.next });
      setFault(null);
    } catch (refusal) { setFault(refusal); }
  };
  useEffect(() => { load(); }, [status]);
  if (fault) return html`<${Failed} title=${t('firms.failed')} onRetry=${() => load()}>${words(fault)}</${Failed}>`;
  return html`<${Shell} title=${t('firms.title')} sub=${claims()?.name ?? t('permits.officer')} live=${{ connected: true }}><main class="sheet">
    <nav class="tabs">${['registered', 'confirmed', 'refused'].map(name => html`<button type="button" aria-pressed=${status === name} onClick=${() => setStatus(name)}>${t(`firm.${name}`)}</button>`)}</nav>
    ${found && !found.items.length ? html`<div class="card"><${Empty} title=${t('firms.none')}>${t('firms.none-hint')}</${Empty}></div>` : html`<div class="halves">${found?.items.map(each => html`<${Firm} key=${each.firm_id} firm=${each} settled=${after => { say(t('permits.done', { name: after.name })); load(); }} />`)}</div>`}
    ${found?.next && html`<p><button type="button" class="btn" onClick=${() => load(found.next)}>${t('permits.more')}</button></p>`}</main>${toast}</${Shell}>`;
}

await loadTexts('/pages/locales');
await requireSignIn();
const app = document.getElementById('app');
app.replaceChildren();
render(html`<${Firms} />`, app);
document.documentElement.dataset.ready = '';
