// What the pages of tests, households, handovers and facilities share.
import { call, Refused } from 'shell/auth.js';
import { day, freshId, localDay, now } from 'shell/kit.js';
import { t } from 'shell/i18n.js';
import { html, useEffect, useState } from 'shell/ui.js';

export const query = values => new URLSearchParams(Object.entries(values).filter(([, v]) => v)).toString();
export const words = fault => (fault instanceof Refused ? fault.message : t('cases.no-answer'));
export const post = (path, json, key) => call(path, { method: 'POST', json, key: key ?? freshId() });

/** What an address answers: [answer or null, sentence of a fault, look again]. */
export function useLook(path) {
  const [found, set] = useState(null), [fault, setFault] = useState('');
  const look = () => call(path).then(answer => { set(answer); setFault(''); }).catch(refusal => setFault(words(refusal)));
  useEffect(() => { set(null); look(); }, [path]);
  return [found, fault, look];
}
export const Who = ({ person, children }) => html`<div><b>${person.full_name}</b> <span class="mut">${person.birth_year ?? ''}</span><small>${children}</small></div>`;
export const Waiting = ({ fault }) => (fault ? html`<p class="wrong" role="alert">${fault}</p>` : html`<p role="status">…</p>`);
export const on = text => (text ? day(text) : '');
/** The clock of Vietnam as a field of date and time wants it, and back; the device's own clock and zone decide nothing. */
export const localTime = () => `${localDay(now())}T${new Date(now()).toLocaleTimeString('en-GB', { timeZone: 'Asia/Ho_Chi_Minh', hour: '2-digit', minute: '2-digit' })}`;
export const instant = text => `${text}:00+07:00`;
