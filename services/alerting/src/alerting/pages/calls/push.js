// Push on this browser: whether it can, whether it may, on and off.
import { call } from 'shell/auth.js';

const WORKER = '/alert-worker.js';
const bytes = text => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), letter => letter.charCodeAt(0));

/** `unsupported`, `denied`, `on` or `off`: what the page says about this browser. */
export async function pushState() {
  if (!('serviceWorker' in navigator) || !('PushManager' in window) || !('Notification' in window)) return { state: 'unsupported' };
  if (Notification.permission === 'denied') return { state: 'denied' };
  const registration = await navigator.serviceWorker.getRegistration('/');
  const subscription = await registration?.pushManager.getSubscription();
  return subscription ? { state: 'on', subscription } : { state: 'off' };
}

/** What the owner will know this browser by in the list; no more than its kind. */
function label() {
  const agent = navigator.userAgent, system = ['Android', 'iPhone', 'iPad', 'Windows', 'Mac', 'Linux'].find(each => agent.includes(each)) ?? '';
  const browser = [['Edg', 'Edge'], ['Firefox', 'Firefox'], ['Chrome', 'Chrome'], ['Safari', 'Safari']].find(([mark]) => agent.includes(mark))?.[1] ?? 'Trình duyệt';
  return [browser, system].filter(Boolean).join(' · ');
}

async function ready() {
  await navigator.serviceWorker.register(WORKER, { scope: '/' });
  return navigator.serviceWorker.ready;
}

/** Tell the service of this browser; the same one again changes nothing. */
function register(subscription) {
  const { endpoint, keys } = subscription.toJSON();
  return call('/v1/recipients/me/devices', { json: { endpoint, p256dh: keys.p256dh, auth: keys.auth, label: label() } });
}

/** Ask for permission, subscribe, register. Resolves to the new preferences, or null when the owner said no. */
export async function turnOn(key) {
  if ((await Notification.requestPermission()) !== 'granted') return null;
  const registration = await ready(), old = await registration.pushManager.getSubscription();
  // A subscription made for an older key of ours would never ring.
  await old?.unsubscribe();
  return register(await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key) }));
}

/** Forget this browser here and there. */
export async function turnOff(subscription, devices) {
  const mine = await deviceOf(subscription, devices);
  await subscription.unsubscribe();
  return mine ? call(`/v1/recipients/me/devices/${mine}`, { method: 'DELETE' }) : null;
}

/** Browsers renew subscriptions by themselves: one that the service does not know yet is told. */
export async function keepUp(subscription, devices) {
  return (await deviceOf(subscription, devices)) ? null : register(subscription);
}

/** Which of the registered browsers this one is: the service names each by a digest of its endpoint. */
async function deviceOf(subscription, devices) {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(subscription.endpoint));
  const id = [...new Uint8Array(digest)].map(byte => byte.toString(16).padStart(2, '0')).join('').slice(0, 32);
  return devices.some(each => each.device_id === id) ? id : null;
}
