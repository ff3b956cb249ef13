// What a page keeps on the phone about somebody's health: sealed with a key that this browser made, that no script
// can read out and that never leaves it. Whoever copies the browser's files learns nothing; whoever holds the unlocked
// phone reads what its owner reads.
const AES = { name: 'AES-GCM', length: 256 };
const database = new Promise((ok, no) => {
  const open = indexedDB.open('lachan-sealed', 1);
  open.onupgradeneeded = () => ['keys', 'values'].forEach(name => open.result.createObjectStore(name));
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
async function makeKey() {
  const known = await transact('keys', 'readonly', store => store.get('seal'));
  if (known) return known;
  const made = await crypto.subtle.generateKey(AES, false, ['encrypt', 'decrypt']);
  await transact('keys', 'readwrite', store => store.add(made, 'seal')).catch(() => {});   // another tab was first
  return transact('keys', 'readonly', store => store.get('seal'));
}
let key;
const sealingKey = () => (key ??= makeKey());

export async function seal(value) {
  const iv = crypto.getRandomValues(new Uint8Array(12)), plain = new TextEncoder().encode(JSON.stringify(value));
  return { iv, sealed: await crypto.subtle.encrypt({ name: AES.name, iv }, await sealingKey(), plain) };
}
export async function unseal({ iv, sealed }) {
  const plain = await crypto.subtle.decrypt({ name: AES.name, iv }, await sealingKey(), sealed);
  return JSON.parse(new TextDecoder().decode(plain));
}
export async function keepSealed(name, value) {
  const made = await seal(value);
  await transact('values', 'readwrite', store => store.put(made, name));
}
/** What was kept under `name`, or null: also when it cannot be opened any more. */
export async function keptSealed(name) {
  const found = await transact('values', 'readonly', store => store.get(name));
  return found ? unseal(found).catch(() => null) : null;
}
export const forgetSealed = () => transact('values', 'readwrite', store => store.clear());
