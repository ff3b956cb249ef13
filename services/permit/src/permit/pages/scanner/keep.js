// What the scanner keeps on the device: lists and the shift in the clear, scans sealed with a key that this
// browser made, that no script can read out, and that never leaves it.
const STORES = ['keys', 'values', 'queue'];
const AES = { name: 'AES-GCM', length: 256 };
const database = new Promise((ok, no) => {
  const open = indexedDB.open('lachan-scanner', 1);
  open.onupgradeneeded = () => STORES.forEach(name => open.result.createObjectStore(name));
  open.onsuccess = () => ok(open.result);
  open.onerror = () => no(open.error);
});

async function transact(name, mode, work) {
  const transaction = (await database).transaction(name, mode), request = work(transaction.objectStore(name));
  return new Promise((ok, no) => {
    transaction.oncomplete = () => ok(request.result);
    transaction.onerror = transaction.onabort = () => no(transaction.error);
  });
}
const read = (name, key) => transact(name, 'readonly', store => store.get(key));

export const kept = key => read('values', key);
export const keepValue = (key, value) => transact('values', 'readwrite', store => store.put(value, key));

async function makeKey() {
  const known = await read('keys', 'seal');
  if (known) return known;
  const made = await crypto.subtle.generateKey(AES, false, ['encrypt', 'decrypt']);
  await transact('keys', 'readwrite', store => store.add(made, 'seal')).catch(() => {});  // another tab was first
  return read('keys', 'seal');
}
const sealingKey = makeKey();

/** Put a record of the queue: `open` stays readable, `secret` is sealed. */
export async function putSealed(id, open, secret) {
  const iv = crypto.getRandomValues(new Uint8Array(12)), plain = new TextEncoder().encode(JSON.stringify(secret));
  const sealed = await crypto.subtle.encrypt({ name: AES.name, iv }, await sealingKey, plain);
  await transact('queue', 'readwrite', store => store.put({ ...open, id, iv, sealed }, id));
  navigator.storage?.persist?.().catch(() => {});
}
export async function unsealed({ iv, sealed }) {
  const plain = await crypto.subtle.decrypt({ name: AES.name, iv }, await sealingKey, sealed);
  return JSON.parse(new TextDecoder().decode(plain));
}
export const queued = () => transact('queue', 'readonly', store => store.getAll());
export const dropQueued = id => transact('queue', 'readwrite', store => store.delete(id));
export const markQueued = record => transact('queue', 'readwrite', store => store.put(record, record.id));
