// Keeps the scanner on the device, so that it starts with no network: page, scripts, reader, words, places. Everything
// comes from the copy of one version; a new version is fetched whole and takes over at the next start. Permits, lists
// and sign-in are never cached here. VERSION and SHELL are written in when this file is served.
const VERSION = '__VERSION__', SHELL = ['__SHELL__'];
const OURS = 'scan-';

self.addEventListener('install', event => event.waitUntil(
  caches.open(VERSION).then(cache => cache.addAll(SHELL.map(path => new Request(path, { cache: 'reload' })))).then(() => self.skipWaiting())));
self.addEventListener('activate', event => event.waitUntil(
  caches.keys().then(names => Promise.all(names.filter(name => name.startsWith(OURS) && name !== VERSION).map(name => caches.delete(name))))
    .then(() => self.clients.claim())));
self.addEventListener('fetch', event => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== location.origin || !SHELL.includes(url.pathname)) return;
  // A sign-in that comes back has its answer in the address; the page reads it there.
  const kept = caches.open(VERSION).then(cache => cache.match(url.pathname));
  event.respondWith(kept.then(copy => copy ?? fetch(event.request)));
});
