// Small things every page needs, without any dependency: the address as state, Vietnamese numbers and
// times, accent-blind search, the server's clock, and one-letter shortcuts.
const ZONE = 'Asia/Ho_Chi_Minh';

// Read when it is asked for: back from signing in, the address is the issuer's answer until auth.js has put it right.
const asked = () => new URLSearchParams(location.search);

/** Value of a query parameter: a support call can say "open this link". */
export const param = (name, fallback = null) => asked().get(name) ?? fallback;

/** Content of a <meta name="…"> that the server wrote into the page. */
export const meta = (name, fallback = '') => document.querySelector(`meta[name="${name}"]`)?.content || fallback;

/** Show another state of the page: a new address, so that "back" works. */
export function go(changes) {
  const query = asked();
  for (const [name, value] of Object.entries(changes)) value == null ? query.delete(name) : query.set(name, value);
  location.search = query;
}

/** "Nguyễn Đức" and "nguyen duc" must find each other. */
export const fold = text => text.normalize('NFD').replace(/[\u0300-\u036f]/g, '').replace(/[đĐ]/g, 'd').toLowerCase().trim();

/** A number as people here write it (1.284; 38,4); a dash while it is not known: missing is not zero. */
export const num = (value, digits) => (value == null ? '—' : value.toLocaleString('vi-VN', { maximumFractionDigits: digits ?? 1 }));

/** Read a number that a person typed: "37,5", " 98 %", "36.8 °C"; NaN when it is none, null when empty. */
export function typedNumber(text) {
  const bare = text.trim().replace(/\s*(%|°?c)$/i, '').replace(',', '.');
  return bare === '' ? null : /^\d+(\.\d+)?$/.test(bare) ? Number(bare) : NaN;
}

// ---- time: the server's clock counts; a wall or a phone may be minutes wrong ----
let skewMs = 0;
export const setServerNow = iso => { skewMs = Date.parse(iso) - Date.now(); };
export const now = () => Date.now() + skewMs;
/** How wrong this device's clock was when it last heard from the server: better than nothing while there is no network. */
export const keepSkew = () => remember.set('lachan.skew', String(skewMs));
export const useKeptSkew = () => { skewMs = Number(remember.get('lachan.skew')) || 0; };
const format = (at, options) => new Date(at).toLocaleString('vi-VN', { timeZone: ZONE, ...options });
export const hm = at => format(at, { hour: '2-digit', minute: '2-digit' });
export const day = at => format(at, { day: '2-digit', month: '2-digit', year: 'numeric' });
export const dayHm = at => `${hm(at)} ${format(at, { day: '2-digit', month: '2-digit' })}`;
export const localDay = at => new Date(at).toLocaleDateString('en-CA', { timeZone: ZONE });
/** Whole minutes from `at` (ISO text or ms) until now. */
export const minutesSince = at => Math.max(0, Math.floor((now() - new Date(at)) / 60000));
export const mmss = s => `${s < 0 ? '−' : ''}${Math.floor(Math.abs(s) / 60)}:${String(Math.floor(Math.abs(s) % 60)).padStart(2, '0')}`;

/** A UUID made on this device: the idempotency key of what is about to be sent. */
export const freshId = () => crypto.randomUUID?.() ?? '10000000-1000-4000-8000-100000000000'.replace(/[018]/g,
  c => (c ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (c / 4)))).toString(16));

/** Storage that may be switched off in a private window. */
export const remember = {
  get: name => { try { return localStorage.getItem(name); } catch { return null; } },
  set: (name, value) => { try { localStorage.setItem(name, value); } catch { /* this visit only */ } },
};

// ---- one-letter shortcuts: off inside fields and dialogs, off with a modifier, and the user can
// switch them off (WCAG 2.1.4). `mapNow` is a function, so that it is never out of date. ----
export const keysOn = () => remember.get('keys') !== 'off';
export const setKeys = on => remember.set('keys', on ? 'on' : 'off');
export function onKeys(mapNow) {
  const listen = event => {
    if (!keysOn() || event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
    if (event.target.closest?.('input,select,textarea')) return;
    const act = mapNow()[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (act) { event.preventDefault(); act(); }
  };
  addEventListener('keydown', listen);
  return () => removeEventListener('keydown', listen);
}
