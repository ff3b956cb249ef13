// Files that only a signed-in person may fetch or send: as a download, as an address for <img>, as an upload.
import { Refused, token } from './auth.js';

const SHEET = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** Fetch a file as `person`, asked for by `json` where an address is too short; throws `Refused` with the server's words. */
export async function fetchFile(path, { json, person } = {}) {
  const headers = { authorization: `Bearer ${await token(person)}`, ...(json ? { 'content-type': 'application/json' } : {}) };
  const reply = await fetch(path, json ? { method: 'POST', headers, body: JSON.stringify(json) } : { headers });
  if (!reply.ok) throw new Refused(reply.status, await reply.json().catch(() => ({})));
  return reply.blob();
}

/** Let the browser save a file under `name`. */
export async function download(path, name, json) {
  const address = URL.createObjectURL(await fetchFile(path, { json }));
  Object.assign(document.createElement('a'), { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
}

/** A file as a data address, which may be kept for the time without a network. */
export const dataAddress = blob => new Promise((done, failed) => {
  const reader = new FileReader();
  reader.onload = () => done(reader.result);
  reader.onerror = failed;
  reader.readAsDataURL(blob);
});

/** Send a file as it is; `onSent(share)` tells how much of it has left, from 0 to 1. Answers parsed JSON. */
export async function upload(path, file, key, onSent = () => {}, type = SHEET) {
  const bearer = await token();
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();                // fetch does not tell how far an upload is
    request.open('POST', path);
    request.setRequestHeader('authorization', `Bearer ${bearer}`);
    request.setRequestHeader('content-type', type);
    request.setRequestHeader('idempotency-key', key);
    request.upload.onprogress = event => onSent(event.loaded / (event.total || 1));
    request.onerror = () => failed(new TypeError('network'));
    request.onload = () => {
      let body = {};
      try { body = JSON.parse(request.responseText); } catch { /* an answer without words */ }
      request.status < 300 ? done(body) : failed(new Refused(request.status, body));
    };
    request.send(file);
  });
}

/** What to tell a person about a fault: the server's own sentences, or that nobody answered. */
export const wordsOf = (fault, noAnswer) => (fault instanceof Refused
  ? [...new Set([fault.message, ...(fault.problem.errors ?? []).map(each => each.message)])].join(' ') : noAnswer);
