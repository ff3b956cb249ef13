// Preact parts that the staff pages share.
import { h, render } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import htm from 'htm';
import { keysOn, onKeys, setKeys, hm, now } from './kit.js';
import { language, onLanguage, otherLanguage, switchLanguage, t } from './i18n.js';

export const html = htm.bind(h);
export { render, useEffect, useMemo, useRef, useState };

/** Render again every `ms`. Use it in the smallest part that shows a clock, not in the page. */
export function useTick(ms = 1000) {
  const [, set] = useState(0);
  useEffect(() => { const id = setInterval(() => set(n => n + 1), ms); return () => clearInterval(id); }, [ms]);
}
/** Render again when the language changes. */
export function useLanguage() {
  const [, set] = useState(0);
  useEffect(() => onLanguage(() => set(n => n + 1)), []);
  return language();
}
/** The handler reads the map of the latest render. Re-subscribing in an effect runs after paint: a fast K, A
 *  would then act on the person who was selected before K. */
export function useKeys(map) { const latest = useRef(); latest.current = map; useEffect(() => onKeys(() => latest.current), []); }

export function Shell({ title, sub, live, extra, children }) {
  useLanguage();
  useEffect(() => { document.title = `${title} · Lá Chắn`; }, [title]);
  return html`
    <header class="bar">
      <h1>${title}<small>${sub}</small></h1>${extra}<${Net} live=${live} /><${LanguageButton} />
    </header>${children}`;
}
export const LanguageButton = () => html`<button type="button" onClick=${switchLanguage} lang=${otherLanguage()}
  aria-label=${otherLanguage() === 'en' ? 'English' : 'Tiếng Việt'}>${otherLanguage().toUpperCase()}</button>`;

/** Connection pill. Offline it shows the time of the data, not only the word. `live` is the state of live.js. */
export function Net({ live = {} }) {
  useTick(1000);
  const at = live.heardAt ? hm(live.heardAt) : '—';
  return live.connected
    ? html`<span class="net" role="status">●<span class="wide"> ${t('net.live')} ·</span> ${hm(now())}</span>`
    : html`<span class="net off" role="status">○ ${t('net.reconnecting')}<span class="wide"> · ${t('net.as-of', { at })}</span></span>`;
}
export const Empty = ({ title, children }) => html`<div class="empty">
  <svg width="64" height="64" viewBox="0 0 52 52" aria-hidden="true"><circle cx="26" cy="26" r="24" fill="none" stroke="var(--ok)" stroke-width="3"/><path d="M15 27l8 8 15-18" fill="none" stroke="var(--ok)" stroke-width="5" stroke-linecap="round" stroke-linejoin="round"/></svg>
  <b>${title}</b><p>${children}</p></div>`;

/** The page could not load. Says what is still safe (children) and offers to try again. */
export const Failed = ({ title, reference, onRetry, children }) => html`<main class="page"><div class="banner bad" role="alert">
  <div><h2>${title}</h2><p>${children}</p>${reference && html`<p class="mut num">${t('failed.reference')} ${reference}</p>`}</div><span class="sp"></span>
  <button class="btn pri" type="button" onClick=${onRetry}>${t('failed.retry')}</button></div></main>`;

/** "Done - undo" in one place; it never steals the focus. Returns [view, show(text, undo?)]. */
export function useToast() {
  const [message, set] = useState(null);
  useEffect(() => { if (!message) return undefined; const id = setTimeout(() => set(null), 10000); return () => clearTimeout(id); }, [message]);
  const view = html`<div class="toast" role="status">${message && html`<span>${message.text}</span>
    <button type="button" onClick=${() => { message.undo?.(); set(null); }}>${t(message.undo ? 'toast.undo' : 'toast.close')}</button>`}</div>`;
  return [view, (text, undo) => set({ text, undo })];
}
export function Dialog({ title, onClose, children }) {
  const ref = useRef();
  useEffect(() => { ref.current.showModal(); }, []);
  return html`<dialog ref=${ref} aria-labelledby="dialog-title" onClose=${onClose}>
    <div class="row"><h2 id="dialog-title" tabindex="-1" autofocus>${title}</h2><span class="sp"></span>
    <button class="btn text" type="button" onClick=${() => ref.current.close()}>${t('toast.close')}</button></div>${children}</dialog>`;
}
export function KeyHelp({ keys }) {
  const [on, set] = useState(keysOn());
  return html`<div class="row mut keyhelp">${on && keys.map(([key, label]) => html`<span key=${key}><kbd>${key}</kbd> ${label}</span>`)}
    <label class="row"><input type="checkbox" checked=${on} onChange=${event => { setKeys(event.target.checked); set(event.target.checked); }} />${t('keys.shortcuts')}</label></div>`;
}
