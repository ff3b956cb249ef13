// Signing in with OpenID Connect: authorization code + PKCE, no secret in the browser.
// The token lives in sessionStorage: it ends with the tab, and a shared phone does not keep it.
import { enrolledPhone, tokenOf } from './device.js';
import { meta } from './kit.js';

const ISSUER = meta('oidc-issuer', 'http://127.0.0.1:8100/oidc').replace(/\/$/, '');
const CLIENT = meta('oidc-client', 'la-chan-pages');
const KEY = 'lachan.session', PENDING = 'lachan.signing-in';
const RENEW_SECONDS = 60;

const base64url = bytes => btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
const randomText = () => base64url(crypto.getRandomValues(new Uint8Array(32)));
const read = key => { try { return JSON.parse(sessionStorage.getItem(key)); } catch { return null; } };
let endpoints;
const discover = () => (endpoints ??= fetch(`${ISSUER}/.well-known/openid-configuration`).then(reply => {
  if (!reply.ok) throw new Error('issuer');
  return reply.json();
}).catch(fault => { endpoints = null; throw fault; }));

// ---- the server's time. A phone may be hours wrong: a token must seem neither over nor good because of that. Known from
// the token itself when it is new (iat), else asked of this page's own server. kit.js `now` is another clock: a rehearsal
// may show pages another day, tokens live by the real one. ----
let heard = { server: Date.now() + (read(KEY)?.skew ?? 0), wall: Date.now(), steady: performance.now() };
/** A clock that is set back while the page is open does not bring a token back. */
const serverNow = () => heard.server + Math.max(Date.now() - heard.wall, performance.now() - heard.steady);
function heardTime(server) {
  heard = { server, wall: Date.now(), steady: performance.now() };
  const session = read(KEY);
  if (session) sessionStorage.setItem(KEY, JSON.stringify({ ...session, skew: server - heard.wall }));
}
/** Ask what time it is; without an answer what was believed stays. */
const askTime = () => fetch(import.meta.url, { method: 'HEAD', cache: 'no-store', signal: AbortSignal.timeout(5000) }).then(reply => {
  const server = Date.parse(reply.headers.get('date') ?? '');
  if (Number.isFinite(server)) heardTime(server);
}).catch(() => {});

function keep(answer) {
  sessionStorage.setItem(KEY, JSON.stringify({ token: answer.access_token, refresh: answer.refresh_token ?? null }));
  const made = claims()?.iat;
  heardTime(made ? made * 1000 : serverNow());
  return read(KEY);
}

// ---- a phone that was enrolled with a code needs no sign-in; whoever signs in on it all the same is that person ----
let phone = null;
const phoneKnown = enrolledPhone().then(found => { phone = found; return found; });
/** The enrolled phone, or null. */
export const thisPhone = () => phoneKnown;
export const phoneChanged = found => { phone = found; };

/** Claims of the present token, or null. The page only uses them to choose what to show; the server decides. */
export function claims() {
  const token = read(KEY)?.token;
  if (!token) return phone && { sub: `device:${phone.device_id}`, roles: ['citizen'] };
  try {
    const bytes = Uint8Array.from(atob(token.split('.')[1].replace(/-/g, '+').replace(/_/g, '/')), c => c.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch { return null; }
}
const secondsLeft = () => (claims()?.exp ?? 0) - serverNow() / 1000;
export const signedIn = () => secondsLeft() > 0;
export const hasRole = (...names) => names.some(name => claims()?.roles?.includes(name));

async function grant(fields) {
  const { token_endpoint } = await discover();
  const reply = await fetch(token_endpoint, { method: 'POST', body: new URLSearchParams({ client_id: CLIENT, ...fields }) });
  if (!reply.ok) throw new Error('grant');
  return keep(await reply.json());
}

/** Leave for the sign-in page and come back to this very address. */
export async function signIn() {
  const { authorization_endpoint } = await discover();
  const verifier = randomText(), state = randomText();
  const challenge = base64url(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier)));
  const back = location.origin + location.pathname;
  const asked = new URLSearchParams(location.search).get('login_hint');   // the start page says who wants to sign in
  sessionStorage.setItem(PENDING, JSON.stringify({ verifier, state, back, rest: location.search + location.hash }));
  location.assign(`${authorization_endpoint}?${new URLSearchParams({
    response_type: 'code', client_id: CLIENT, redirect_uri: back, scope: 'openid profile', state,
    code_challenge: challenge, code_challenge_method: 'S256',
    ...(asked ? { login_hint: asked } : {}),
  })}`);
  return new Promise(() => {});                      // the page is going away
}

async function comeBack() {
  const answer = new URLSearchParams(location.search), pending = read(PENDING);
  if (!answer.has('state') || !pending || answer.get('state') !== pending.state) return;
  sessionStorage.removeItem(PENDING);
  history.replaceState(null, '', pending.back + pending.rest);
  if (answer.has('code'))
    await grant({ grant_type: 'authorization_code', code: answer.get('code'), redirect_uri: pending.back, code_verifier: pending.verifier });
}
const returned = comeBack().catch(() => {});

let renewing;
async function renew() {
  const refresh = read(KEY)?.refresh;
  if (!refresh) return null;
  renewing ??= grant({ grant_type: 'refresh_token', refresh_token: refresh }).catch(() => null).finally(() => { renewing = null; });
  return renewing;
}

/** A token that is good for the next minute, or null when the person has to sign in. `person` is one of an enrolled
 *  phone's people. */
export async function token(person, anew = false) {
  await Promise.all([returned, phoneKnown]);
  if (phone && !read(KEY)) return tokenOf(phone, person, { anew }).catch(refusedPhone);
  if (read(KEY) && secondsLeft() < RENEW_SECONDS) await askTime();   // before it is given up: is it this clock that is wrong?
  if (secondsLeft() < RENEW_SECONDS) await renew();
  return signedIn() ? read(KEY).token : null;
}
/** Network faults are thrown on; a phone that was revoked has to be enrolled again. */
function refusedPhone(fault) {
  if (fault.status) throw new Refused(fault.status === 403 ? 401 : fault.status, fault.problem);
  throw fault;
}
/** Make sure that somebody is signed in: goes to the sign-in page if nobody is. Returns the claims. */
export async function requireSignIn() {
  if (!(await token())) await signIn();
  return claims();
}
export async function signOut() {
  sessionStorage.removeItem(KEY);
  const { end_session_endpoint } = await discover().catch(() => ({}));
  location.assign(end_session_endpoint ?? '/');
}

/** A refusal of the server: `status` and the problem+json body, whose `detail` is Vietnamese and meant to be read. */
export class Refused extends Error {
  constructor(status, problem) {
    super(problem.detail ?? problem.title ?? `HTTP ${status}`);
    this.status = status;
    this.problem = problem;
  }
}
/** fetch with the bearer token. `json` is sent as the body, `key` as Idempotency-Key; `person` is whom of an enrolled
 *  phone's people it concerns. Answers parsed JSON. */
export async function call(path, { json, key, method, person, ...options } = {}) {
  const headers = new Headers({ accept: 'application/json' });
  if (json !== undefined) headers.set('content-type', 'application/json');
  if (key) headers.set('idempotency-key', key);
  const send = bearer => {
    if (bearer) headers.set('authorization', `Bearer ${bearer}`);
    return fetch(path, { method: method ?? (json === undefined ? 'GET' : 'POST'), headers,
      body: json === undefined ? undefined : JSON.stringify(json), signal: AbortSignal.timeout(15000), ...options });
  };
  const bearer = await token(person);
  let reply = await send(bearer);
  if (reply.status === 401 && bearer) {               // over sooner than this device's clock says: once more with a new one
    await askTime();
    const fresh = await token(person, true);
    if (fresh && fresh !== bearer) reply = await send(fresh);
  }
  const body = await reply.json().catch(() => ({}));
  if (!reply.ok) throw new Refused(reply.status, body);
  return body;
}
