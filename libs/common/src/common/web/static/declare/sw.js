// Keeps the declaration page on the phone, so that it opens with no network. Data is never cached:
// /v1 and sign-in always go to the server. VERSION and SHELL are written in when this file is served.
const VERSION = '__VERSION__', SHELL = ['__SHELL__'];

self.addEventListener('install', event => event.waitUntil(
  caches.open(VERSION).then(cache => cache.addAll(SHELL)).then(() => self.skipWaiting())));
self.addEventListener('activate', event => event.waitUntil(
  caches.keys().then(names => Promise.all(names.filter(name => name !== VERSION).map(name => caches.delete(name)))).then(() => self.clients.claim())));
self.addEventListener('fetch', event => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== location.origin || !SHELL.includes(url.pathname)) return;
  // Newest first when the network answers soon; the kept copy when it does not.
  const kept = () => caches.match(url.pathname);
  const newest = fetch(event.request).then(reply => {
    if (reply.ok) { const copy = reply.clone(); caches.open(VERSION).then(cache => cache.put(url.pathname, copy)); }
    return reply.ok ? reply : kept().then(copy => copy ?? reply);
  });
  const patience = new Promise(done => { setTimeout(done, 3000); }).then(kept);
  event.respondWith(Promise.race([newest, patience.then(copy => copy ?? newest)]).catch(kept));
});
self.addEventListener('sync', event => {
  if (event.tag === 'outbox') event.waitUntil(self.clients.matchAll().then(pages => pages.forEach(page => page.postMessage('flush'))));
});
