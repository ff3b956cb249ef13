// The line to the server over which two browsers find each other. It comes back by itself after a network
// change, says who is there, and stays away when the server says that there is nothing to come back to.
import { freshId } from 'shell/kit.js';

const FIRST_WAIT = 400, LONGEST_WAIT = 8000, PING = 8000, PATIENCE = 6000;
const FINAL = new Set([4403, 4409, 4410]);           // refused, taken over by another tab, over
/** This opened page: a new line of the same page goes on with the same call. */
export const PAGE = freshId();

/** Open the line of a room. `take(message)` hears everything, `onState({connected})` when it comes or goes. */
export function openLine(address, ticket, take, onState) {
  let socket, stopped = false, wait = FIRST_WAIT, timer, pinging, waiting;
  const url = Object.assign(new URL(address, location.href), { protocol: location.protocol === 'https:' ? 'wss:' : 'ws:', search: '', hash: '' });
  const send = message => { if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message)); };
  const alive = () => { clearTimeout(waiting); waiting = null; };

  function ping() {
    send({ type: 'ping' });
    waiting ??= setTimeout(() => socket?.close(), PATIENCE);    // a dead network closes nothing by itself
  }
  function connect() {
    clearTimeout(timer);
    if (stopped) return;
    const mine = socket = new WebSocket(url);
    mine.onopen = () => { send({ type: 'enter', ticket, page: PAGE }); clearInterval(pinging); pinging = setInterval(ping, PING); };
    mine.onmessage = event => {
      alive();
      const message = JSON.parse(event.data);
      if (message.type === 'room') { wait = FIRST_WAIT; onState({ connected: true }); }
      if (message.type !== 'pong') take(message);
    };
    mine.onclose = event => {
      if (mine !== socket) return;
      alive();
      clearInterval(pinging);
      onState({ connected: false });
      if (FINAL.has(event.code)) { stopped = true; take({ type: 'closed', code: event.code }); return; }
      timer = setTimeout(connect, wait * (0.75 + Math.random() / 2));
      wait = Math.min(wait * 2, LONGEST_WAIT);
    };
  }
  const again = () => { wait = FIRST_WAIT; const old = socket; socket = null; old?.close(); connect(); };
  const online = () => !stopped && again();
  addEventListener('online', online);
  connect();
  return { send, again, stop() { stopped = true; clearTimeout(timer); clearInterval(pinging); alive(); removeEventListener('online', online); socket?.close(); } };
}
