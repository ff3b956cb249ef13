// Who declares: the signed-in citizen, remembered on this phone so that the page also opens offline.
import { call, requireSignIn, thisPhone, token, claims, Refused } from 'shell/auth.js';
import { keepSkew, param, remember, setServerNow, useKeptSkew } from 'shell/kit.js';

const WHO = param('nguoi');                          // an enrolled phone declares for several people
const KEY = WHO ? `lachan.declares-for.${WHO}` : 'lachan.declares-for';
const kept = () => { try { return JSON.parse(remember.get(KEY)); } catch { return null; } };

/** Only what the page needs to show and to send: no illness, no papers. */
function shorten(me) {
  return { person_id: me.person_id, name: me.full_name ?? me.name ?? '', commune: me.commune_name ?? '', subject: claims()?.sub };
}
/** On an enrolled phone: whom of its people; `isHolder` false means that a relative fills in. */
async function onPhone() {
  const phone = await thisPhone();
  if (!phone) return null;
  const named = phone.people.find(one => one.person_id === WHO) ?? phone.people[0];
  return { person_id: named.person_id, name: named.full_name, commune: '', subject: claims()?.sub, person: named.person_id, isHolder: named === phone.people[0] };
}
/** {person} | {nothing: 'no-duty' | 'offline' | 'signed-out'}; goes to the sign-in page when somebody can sign in. */
export async function whoDeclares(base = '') {
  const own = await onPhone();
  if (own) {
    useKeptSkew();
    call(`${base}/v1/me`, { person: own.person }).then(me => { if (me.as_of) { setServerNow(me.as_of); keepSkew(); } }).catch(() => {});
    return { person: own };
  }
  const bearer = await token().catch(() => null);
  if (!bearer) {
    if (kept()) return { person: kept() };
    if (!navigator.onLine) return { nothing: 'offline' };
    try { await requireSignIn(); } catch { return { nothing: 'signed-out' }; }
  }
  try {
    const me = await call('/v1/me');
    if (me.as_of) setServerNow(me.as_of);          // phones run minutes wrong; what they declare must not
    const person = shorten(me);
    remember.set(KEY, JSON.stringify(person));
    return { person };
  } catch (fault) {
    if (fault instanceof Refused && fault.status === 404) return { nothing: 'no-duty' };
    if (fault instanceof Refused && fault.status === 403) return { nothing: 'no-duty' };
    return kept() ? { person: kept() } : { nothing: 'offline' };
  }
}
