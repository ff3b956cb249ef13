// Vietnamese first, English second. Texts live in locales/{vi,en}.json; a test compares their keys.
import { meta, param, remember } from './kit.js';

const LANGUAGES = ['vi', 'en'];
// A link may name the language; it is kept, as the address does not survive signing in before this is read again.
const asked = param('lang'), isKnown = name => LANGUAGES.includes(name);
if (isKnown(asked)) remember.set('lang', asked);
let current = [asked, remember.get('lang')].find(isKnown) ?? 'vi';
const texts = { vi: {}, en: {} };
const folders = new Set(['/static/locales']);
const listeners = new Set();

export const language = () => current;
export const otherLanguage = () => (current === 'vi' ? 'en' : 'vi');

async function read(folder, name) {
  const reply = await fetch(`${folder}/${name}.json`);
  if (reply.ok) Object.assign(texts[name], await reply.json());
}

/** Load the shell's texts and those of `folder` (such as "/pages/locales"). Both languages, so that a phone that
 *  goes offline can still switch. */
export async function loadTexts(...more) {
  more.forEach(folder => folders.add(folder));
  document.documentElement.lang = current;
  await Promise.allSettled([...folders].flatMap(folder => LANGUAGES.map(name => read(folder, name))));
}

/** Text of `key`, with `{name}` replaced from `values`; falls back to Vietnamese, then to the key itself. */
export function t(key, values = {}) {
  const text = texts[current][key] ?? texts.vi[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}
export const hasText = key => key in texts.vi;

export function setLanguage(name) {
  current = name;
  remember.set('lang', name);
  document.documentElement.lang = name;
  listeners.forEach(tell => tell());
}
export const switchLanguage = () => setLanguage(otherLanguage());
/** Call `tell` whenever the language changes; returns the way to stop. */
export function onLanguage(tell) { listeners.add(tell); return () => listeners.delete(tell); }

/** Fill every element that has data-t (text), data-t-label (aria-label) or data-t-title. */
export function paintTexts(root = document) {
  root.querySelectorAll('[data-t]').forEach(element => { element.textContent = t(element.dataset.t); });
  root.querySelectorAll('[data-t-label]').forEach(element => element.setAttribute('aria-label', t(element.dataset.tLabel)));
  root.querySelectorAll('[data-t-title]').forEach(element => { element.title = t(element.dataset.tTitle); });
  const title = meta('title-key');
  if (title) document.title = `${t(title)} · Lá Chắn`;
}
