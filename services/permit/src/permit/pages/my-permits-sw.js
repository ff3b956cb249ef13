// Keeps the page of holders on the phone, so that a code that was opened once opens with no network. Data is never
// cached here. VERSION and SHELL are written in when this file is served.
const VERSION = '__VERSION__', SHELL = ['__SHELL__'], OURS = 'my-permits-';

self.addEventListener('install', event => event.waitUntil(
  caches.open(VERSION).then(cache => cache.addAll(SHELL)).then(() => self.skipWaiting())));
self.addEventListener('activate', event => event.waitUntil(
  caches.keys().then(names => Promise.all(names.filter(name => name.startsWith(OURS) && name !== VERSION).map(name => caches.delete(name)))).then(() => self.clients.claim())));
self.addEventListener('fetch', event => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== location.origin || !SHELL.includes(url.pathname)) return;
  const copy = () => caches.open(VERSION).then(cache => cache.match(url.pathname));
  const newest = fetch(event.request).then(async reply => (reply.ok ? reply : await copy() ?? reply));
  const patience = new Promise(done => { setTimeout(done, 3000); }).then(copy);
  event.respondWith(Promise.race([newest, patience.then(found => found ?? newest)]).catch(copy));
});
