// Shows push messages of alerts while the inbox is closed. It keeps nothing and asks nobody.
self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', event => event.waitUntil(self.clients.claim()));

function told(event) {
  try { return event.data.json(); } catch { return {}; }
}

// A browser takes the permission away from pages that are pushed to and show nothing: something is always shown.
self.addEventListener('push', event => {
  const { title = 'Lá Chắn', body = 'Có cảnh báo mới. Mở hộp cảnh báo.', url = '/inbox', tag = 'alert', urgent = false } = told(event);
  event.waitUntil(self.registration.showNotification(title, {
    body, tag, renotify: true, requireInteraction: urgent, lang: 'vi', icon: '/static/icon.svg', data: { url },
  }));
});

self.addEventListener('notificationclick', event => {
  event.notification.close();
  const wanted = new URL(event.notification.data?.url ?? '/inbox', self.location.origin);
  // Only our own pages are opened, whatever a message says.
  const address = wanted.origin === self.location.origin ? wanted.href : `${self.location.origin}/inbox`;
  event.waitUntil(self.clients.matchAll({ type: 'window', includeUncontrolled: true }).then(windows => {
    const open = windows.find(each => new URL(each.url).pathname === '/inbox');
    return open ? open.navigate(address).then(each => (each ?? open).focus()) : self.clients.openWindow(address);
  }));
});
