// A live stream: server-sent events read with fetch, because EventSource cannot carry a bearer token.
// Every (re)connection begins with a whole snapshot, so a lost event never leaves a page wrong.
import { token } from './auth.js';

const FIRST_WAIT = 500, LONGEST_WAIT = 30000;
const SILENCE = 40000;                             // the server says something every 15 s at least

/** Split a byte stream into server-sent events; `take({event, data, id})`, `beat()` for every sign of life. */
export async function readEvents(body, take, beat = () => {}) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '', event = {};
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    beat();
    const lines = (rest + value).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop();
    for (const line of lines) {
      if (line === '') { if ('data' in event) take({ event: 'message', ...event }); event = {}; continue; }
      const [, name, text] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
      if (name === 'data') event.data = 'data' in event ? `${event.data}\n${text ?? ''}` : text ?? '';
      else if (name) event[name] = text ?? '';
    }
  }
}

/**
 * Follow `path`. `on` maps event names to functions of the parsed data; `onState({connected, heardAt, needsSignIn})`
 * is called when the connection comes or goes. `longestWait` (ms) bounds the pause between two tries: a page on
 * which a life may depend asks for a short one. Returns `stop`.
 */
export function follow(path, on, onState = () => {}, { longestWait = LONGEST_WAIT } = {}) {
  let stopped = false, wait = FIRST_WAIT, control, wake = () => {};
  const state = { connected: false, heardAt: null, needsSignIn: false };
  const tell = changes => { Object.assign(state, changes); onState({ ...state }); };
  const pause = ms => new Promise(done => { const timer = setTimeout(done, ms); wake = () => { clearTimeout(timer); done(); }; });

  async function once() {
    control = new AbortController();
    let watchdog;
    const alive = () => { state.heardAt = Date.now(); clearTimeout(watchdog); watchdog = setTimeout(() => control.abort(), SILENCE); };
    alive();
    try {
      const bearer = await token();
      const headers = { accept: 'text/event-stream', ...(bearer && { authorization: `Bearer ${bearer}` }) };
      const reply = await fetch(path, { headers, signal: control.signal, cache: 'no-store' });
      if (reply.status === 401) return tell({ connected: false, needsSignIn: true });
      if (!reply.ok) throw new Error(`HTTP ${reply.status}`);
      tell({ connected: true, heardAt: Date.now(), needsSignIn: false });
      wait = FIRST_WAIT;
      await readEvents(reply.body, ({ event, data }) => on[event]?.(JSON.parse(data)), alive);
    } finally { clearTimeout(watchdog); }
  }
  (async () => {
    while (!stopped) {
      await once().catch(() => {});
      if (stopped) return;
      tell({ connected: false });
      await pause(wait * (0.75 + Math.random() / 2));          // all walls do not come back in the same second
      wait = Math.min(wait * 2, longestWait);
    }
  })();
  const retryNow = () => { wait = FIRST_WAIT; wake(); };
  const seen = () => document.visibilityState === 'visible' && retryNow();
  addEventListener('online', retryNow);
  document.addEventListener('visibilitychange', seen);
  return () => {
    stopped = true; control?.abort(); wake();
    removeEventListener('online', retryNow);
    document.removeEventListener('visibilitychange', seen);
  };
}

/** Whole seconds since the stream was last heard; null if never. */
export const silentFor = state => (state.heardAt == null ? null : Math.floor((Date.now() - state.heardAt) / 1000));
