// Hộp cảnh báo: who has this alert, and how long. Nothing moves under the reader.
import { html, render, Shell, Empty, Failed, KeyHelp, useEffect, useKeys, useRef, useState, useToast } from 'shell/ui.js';
import { freshId, hm, meta, now, num, param, setServerNow } from 'shell/kit.js';
import { call, Refused, requireSignIn, signIn } from 'shell/auth.js';
import { follow } from 'shell/live.js';
import { loadTexts, t } from 'shell/i18n.js';
import { callsYou, filtered, groups, isOpen, isResting, isWaiting, nothing, shown, withAlerts, withSnapshot } from './alerts.js';
import { Boss, Detail, Finish, Group, Later } from './parts.js';
import { dial, useTelephones } from './stations.js';
import { recordUrl } from './words.js';

const SUMMARY_MS = 60000, SETTLED_MS = 1500, SOON_MS = 5000, BATCH_MS = 60, REST_MS = 10000, AT_ONCE = 500, PATIENCE_MS = 8000, LONGEST_WAIT_MS = 4000;
let audio;                                     // made on the reader's press: browsers allow no sound before it
function beep() {
  audio ??= new AudioContext();
  const tone = audio.createOscillator(), volume = audio.createGain();
  tone.frequency.value = 660;
  volume.gain.value = 0.15;
  tone.connect(volume).connect(audio.destination);
  tone.start();
  tone.stop(audio.currentTime + 0.25);
}

/** The live box. `ring` is called for each alert that begins to call this reader. */
function useBox(me, ring) {
  const [box, setBox] = useState(nothing), [live, setLive] = useState({}), latest = useRef(nothing()), bell = useRef(ring);
  bell.current = ring;
  const change = next => { latest.current = next(latest.current); setBox(latest.current); };
  useEffect(() => {
    let stop, heard = [];
    const find = id => latest.current.byId.get(id) ?? latest.current.fresh.get(id);
    const take = () => {
      const news = heard;
      heard = [];
      const rings = news.filter(alert => callsYou(alert, me) && !(find(alert.alert_id) && callsYou(find(alert.alert_id), me)));
      change(known => withAlerts(known, news));
      if (rings.length) bell.current(rings[0]);    // a storm rings once
    };
    const hear = alert => { if (heard.push(alert) === 1) setTimeout(take, BATCH_MS); };
    const begin = () => {
      stop?.();
      stop = follow('/v1/stream', {
        snapshot: data => { setServerNow(data.server_now); change(known => withSnapshot(known, data)); },
        alert: data => { setServerNow(data.server_now); hear(data.alert); },
        refresh: () => begin(),
      }, state => { if (state.needsSignIn) signIn(); setLive(state); }, { longestWait: LONGEST_WAIT_MS });
    };
    begin();
    return () => stop?.();
  }, []);
  useEffect(() => {                              // the quiet hours end without any news
    const resting = new Set(), look = () => {
      for (const alert of [...latest.current.byId.values(), ...latest.current.fresh.values()]) {
        if (isResting(alert)) resting.add(alert.alert_id);
        else if (resting.delete(alert.alert_id) && callsYou(alert, me)) bell.current(alert);
      }
    };
    const id = setInterval(look, REST_MS);
    return () => clearInterval(id);
  }, []);
  return [box, change, live];
}

/** Sums, groups and places that have not answered: counted by the server, which sees more than is shown here. */
function useOverview(box, waiting) {
  const [seen, set] = useState({ summary: null, groups: [], stations: null }), last = useRef(0);
  const load = () => {
    last.current = Date.now();
    Promise.all([call('/v1/summary'), call('/v1/alert-groups'), call('/v1/stations')])
      .then(([summary, groups, stations]) => set({ summary, groups: groups.items, stations: stations.items })).catch(() => {});
  };
  useEffect(() => { load(); const id = setInterval(load, SUMMARY_MS); return () => clearInterval(id); }, []);
  useEffect(() => {
    const id = setTimeout(load, Math.max(0, Math.min(SETTLED_MS, last.current + SOON_MS - Date.now())));
    return () => clearTimeout(id);
  }, [box.total, waiting]);
  return seen;
}

/** What was written about the selected alert; read when somebody opens it, because reading is noted. */
function useNotes(alert, isRead) {
  const [notes, set] = useState({ id: null, list: [] }), mark = alert && `${alert.taken?.at}${alert.ended?.at}`;
  useEffect(() => {
    if (!alert || !isRead || !(alert.taken || alert.ended)) return;
    call(`/v1/alerts/${alert.alert_id}`).then(full => set({ id: alert.alert_id, list: full.notes })).catch(() => {});
  }, [alert?.alert_id, mark, isRead]);
  return notes.id === alert?.alert_id ? notes.list : [];
}

/** Acts are sent at once; without a network they wait here with their key and go out when the stream is back. */
function useActs(change, say, isLive) {
  const [unsent, setUnsent] = useState(new Map()), waiting = useRef(unsent);
  const keep = next => { waiting.current = next; setUnsent(next); };
  async function send(id, deed) {
    const alert = await call(`/v1/alerts/${id}/${deed.what}`, { json: deed.body ?? {}, key: deed.key });
    change(box => withAlerts(box, [alert]));
  }
  async function act(id, what, body, words) {
    const deed = { what, body, key: freshId() };
    try {
      await send(id, deed);
      say(t(words));
    } catch (fault) {
      if (fault instanceof Refused) return say(fault.message);
      keep(new Map(waiting.current).set(id, deed));
      say(t('done.saved'));
    }
  }
  useEffect(() => {
    if (!isLive || !waiting.current.size) return;
    const deeds = [...waiting.current];
    keep(new Map());
    Promise.allSettled(deeds.map(([id, deed]) => send(id, deed))).then(ends => {
      const refused = ends.find(end => end.reason instanceof Refused);
      const again = deeds.filter((_, place) => ends[place].reason && !(ends[place].reason instanceof Refused));
      if (again.length) keep(new Map([...again, ...waiting.current]));
      say(refused ? refused.reason.message : t('done.sent-late'));
    });
  }, [isLive]);
  /** All that wait of one kind; each is taken or refused for itself, and the stream shows which. */
  async function takeAll(alerts) {
    const ids = alerts.filter(alert => isWaiting(alert) && !unsent.has(alert.alert_id)).map(alert => alert.alert_id);
    let taken = 0, refused = 0;
    try {
      for (let at = 0; at < ids.length; at += AT_ONCE) {
        const done = await call('/v1/acknowledgements', { json: { alert_ids: ids.slice(at, at + AT_ONCE) }, key: freshId() });
        taken += done.taken;
        refused += done.refused;
      }
      say(t(refused ? 'done.taken-some' : 'done.taken-all', { n: num(taken), refused: num(refused) }));
    } catch (fault) { say(fault instanceof Refused ? fault.message : t('done.not-all', { n: num(taken) })); }
  }
  return [act, unsent, takeAll];
}

const Speaker = ({ on }) => html`<svg width="22" height="22" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" aria-hidden="true">
  <path d="M4 9v6h4l5 4V5L8 9z" fill="currentColor" />${on ? html`<path d="M16 9a4 4 0 0 1 0 6M18.5 6.5a8 8 0 0 1 0 11" />` : html`<path d="M17 9.5l5 5M22 9.5l-5 5" />`}</svg>`;
const Offline = ({ live }) => html`<div class="banner bad" role="alert"><b>${t('inbox.offline', { minutes: Math.max(1, Math.round((Date.now() - live.heardAt) / 60000)) })}</b><span>${t('inbox.offline-why')}</span></div>`;

const Sift = ({ sift, set }) => html`<div class="sift" role="search"><label>${t('sift.which')}<select value=${sift.which} onChange=${event => set({ ...sift, which: event.target.value })}>${['all', 'waiting', 'mine'].map(one => html`<option key=${one} value=${one}>${t(`sift.${one}`)}</option>`)}</select></label>
  <label>${t('sift.place')}<input type="search" value=${sift.place} placeholder=${t('sift.place-hint')} onInput=${event => set({ ...sift, place: event.target.value })} /></label></div>`;

function App({ me }) {
  const [sound, setSound] = useState(false), [toast, say] = useToast();
  const [box, change, live] = useBox(me, () => sound && beep());
  const [picked, setPicked] = useState(param('alert')), [one, setOne] = useState(Boolean(param('alert'))), [asked, setAsked] = useState(null), [aside, setAside] = useState(null), [late, setLate] = useState(false);
  const [send, unsent, takeAll] = useActs(change, say, live.connected);
  useEffect(() => { const id = setTimeout(() => setLate(true), PATIENCE_MS); return () => clearTimeout(id); }, []);
  const [sift, setSift] = useState({ which: 'all', place: '' });
  const parts = filtered(groups(box), sift, me), order = parts.flatMap(part => part.list), current = order.find(alert => alert.alert_id === picked) ?? order[0];
  const notes = useNotes(current, one || picked !== null), telephones = useTelephones(current);

  const pick = (alert, open) => {
    setPicked(alert.alert_id);
    if (open) { setOne(true); setTimeout(() => innerWidth < 901 && document.getElementById('alert-name')?.focus()); }
  };
  const move = by => { const place = order.findIndex(alert => alert === current); if (current) pick(order[Math.max(0, Math.min(order.length - 1, place + by))]); };
  const act = {
    take: alert => isWaiting(alert) && !unsent.has(alert.alert_id) && send(alert.alert_id, 'acknowledgement', {}, 'done.taken'),
    escalate: alert => isOpen(alert) && alert.step + 1 < alert.ladder.length && send(alert.alert_id, 'escalation', undefined, 'done.escalated'),
    ask: alert => isOpen(alert) && setAsked(alert),
    later: alert => isOpen(alert) && setAside(alert),
  };
  const finish = (alert, body) => { setAsked(null); send(alert.alert_id, 'resolution', body, 'done.ended'); };
  const putAside = (alert, body) => { setAside(null); send(alert.alert_id, 'snooze', body, 'done.aside'); };
  const show = () => { setPicked(current?.alert_id ?? null); change(shown); };
  const mute = () => { if (!sound) beep(); setSound(!sound); };
  useKeys({ m: mute, '.': show, ...(current && { j: () => move(1), k: () => move(-1), a: () => act.take(current), e: () => act.escalate(current), n: () => act.ask(current), s: () => act.later(current), c: () => { if (isOpen(current) && telephones?.length) location.href = dial(telephones[0].phone); } }) });

  const everything = [...box.byId.values()], isSifted = sift.which !== 'all' || sift.place.trim() !== '';
  const waiting = everything.filter(isWaiting).length + box.fresh.size, hidden = box.total - everything.filter(isOpen).length - box.fresh.size;
  const seen = useOverview(box, waiting);
  const tone = html`<button type="button" class="snd" aria-pressed=${String(sound)} onClick=${mute}><${Speaker} on=${sound} /><span class="words"> ${t(sound ? 'sound.on' : 'sound.off')}</span> <kbd>M</kbd></button>`;
  const title = box.since === null ? t('inbox.name') : t('inbox.title', { n: num(waiting) });
  const shell = body => html`<${Shell} title=${title} sub=${t('inbox.duty', { name: me.name ?? me.sub })} live=${live} extra=${tone}>${body}${toast}</${Shell}>`;
  if (box.since === null)
    return shell(late && !live.connected ? html`<${Failed} title=${t('inbox.error')} onRetry=${() => location.reload()}>${t('inbox.error-why')}</${Failed}>` : html`<main class="page"><p role="status">${t('inbox.opening')}</p></main>`);
  return shell(html`<main class="inbox ${one && current ? 'one' : ''}">
    <section class="pane" aria-label=${t('inbox.list')} tabindex="0">
      ${!live.connected && html`<${Offline} live=${live} />`}
      <${Sift} sift=${sift} set=${setSift} />
      ${box.fresh.size > 0 && html`<button type="button" class="new" onClick=${show}>${t('inbox.new', { n: num(box.fresh.size) })} <kbd>.</kbd></button>`}
      ${parts.map(part => html`<${Group} key=${part.kind} ...${part} info=${isSifted ? undefined : seen.groups.find(group => group.condition === part.kind)} takeAll=${takeAll} selected=${current?.alert_id} pick=${pick} me=${me} unsent=${unsent} />`)}
      ${!parts.length && isSifted && html`<p class="mut">${t('sift.nothing')} <button type="button" class="btn text" onClick=${() => setSift({ which: 'all', place: '' })}>${t('sift.clear')}</button></p>`}
      ${!parts.length && !isSifted && html`<${Empty} title=${t('inbox.empty')}>${t('inbox.empty-why', { at: hm(live.heardAt ?? now()) })}</${Empty}>`}
      ${hidden > 0 && html`<p class="mut">${t('inbox.more', { n: num(hidden) })}</p>`}
      <p><a class="btn text" href="/toi-nhan">${t('calls.link')}</a> <a class="btn text" href="/truc-canh-bao">${t('duty.link')}</a></p>
      <${KeyHelp} keys=${[['J/K', t('key.move')], ['A', t('key.take')], ['N', t('key.finish')], ['E', t('key.escalate')], ['S', t('key.later')], ['C', t('key.call')], ['M', t('key.sound')], ['.', t('key.new')]]} /></section>
    ${current ? html`<${Detail} alert=${current} notes=${notes} telephones=${telephones} me=${me} act=${act} back=${() => setOne(false)} unsent=${unsent.has(current.alert_id)}
      record=${recordUrl(current, meta('patient-url'), meta('case-url'))} />` : html`<section class="pane det"></section>`}
    <${Boss} box=${box} summary=${seen.summary} stations=${seen.stations} /></main>
    ${asked && html`<${Finish} alert=${asked} onSave=${finish} onClose=${() => setAsked(null)} />`}
    ${aside && html`<${Later} alert=${aside} onSave=${putAside} onClose=${() => setAside(null)} />`}`);
}

const WATCHERS = ['doctor', 'health_officer', 'ioc_operator', 'administrator', 'permit_officer', 'checkpoint_officer'];
function Stranger() {
  return html`<${Failed} title=${t('inbox.not-yours')} onRetry=${signIn}>${t('inbox.not-yours-why')}</${Failed}>`;
}
const [, me] = await Promise.all([loadTexts('/pages/locales'), requireSignIn()]);
if (me) call('/v1/recipients/me/presence', { method: 'POST' }).catch(() => {});   // who has left is not called for ever
render(me?.roles?.some(role => WATCHERS.includes(role)) ? html`<${App} me=${me} />` : html`<${Stranger} />`, document.getElementById('app'));
