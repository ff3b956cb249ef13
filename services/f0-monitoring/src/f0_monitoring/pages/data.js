// What the doctor's page knows, and how it hears of changes: a list, one record, and the live stream.
import { useEffect, useRef, useState } from 'shell/ui.js';
import { setServerNow } from 'shell/kit.js';
import { call } from 'shell/auth.js';
import { follow } from 'shell/live.js';
import { merged, patched, placed } from './worklist.js';

const PAGE = 60, MOST = 200, TYPING_MS = 350, SETTLE_MS = 400, LOOK_MS = 30000;

/** The worklist behind a tab. The stream says that something changed; names come with the next look. */
export function useWorklist(tab, query, mine) {
  const [state, set] = useState({ shown: null, levels: {}, waiting: [], fresh: 0, counts: null, more: false, fault: null, change: null, connected: false, heardAt: null });
  const latest = useRef(state), asked = useRef({}), timer = useRef(null), size = useRef(PAGE);
  const put = changes => { latest.current = { ...latest.current, ...changes }; set(latest.current); };
  const look = async again => {
    clearTimeout(timer.current); timer.current = null;
    const mark = asked.current, words = mark.query ? `&q=${encodeURIComponent(mark.query)}` : '';
    try {
      const { items, counts, next, as_of: asOf } = await call(`/v1/worklist?tab=${mark.tab}&limit=${size.current}${mark.mine ? '&mine=true' : ''}${words}`);
      if (mark !== asked.current) return;
      setServerNow(asOf);
      const { kept, fresh } = merged(latest.current.shown ?? [], items, latest.current.levels), isFirst = again || latest.current.shown === null;
      put({ shown: isFirst ? items : kept, levels: isFirst ? placed(items) : latest.current.levels, waiting: items, fresh: isFirst ? 0 : fresh, counts, more: Boolean(next) && size.current < MOST, rest: Boolean(next), fault: null, heardAt: Date.now() });
    } catch (fault) { put({ fault }); }
  };
  const soon = () => { timer.current ??= setTimeout(() => look(false), SETTLE_MS); };
  useEffect(() => { asked.current = { tab, query, mine }; size.current = PAGE; const id = setTimeout(() => look(true), query ? TYPING_MS : 0); return () => clearTimeout(id); }, [tab, query, mine]);
  useEffect(() => {
    const id = setInterval(() => document.visibilityState === 'visible' && soon(), LOOK_MS);
    const stop = follow('/v1/worklist/stream', {
      snapshot: data => { setServerNow(data.as_of); soon(); },
      refresh: soon,
      changed: change => { put({ shown: latest.current.shown && patched(latest.current.shown, change), change }); soon(); },
    }, ({ connected, heardAt }) => put({ connected, heardAt: heardAt ?? latest.current.heardAt }), { longestWait: 5000 });
    return () => { clearInterval(id); stop(); };
  }, []);
  return { state, take: () => put({ shown: latest.current.waiting, levels: placed(latest.current.waiting), fresh: 0 }), look: soon, retry: () => look(true), more: () => { size.current = MOST; look(true); } };
}

/** The chosen record, its declarations and what was done; read when somebody opens it, because reading is noted. */
export function useRecord(id, change) {
  const [record, set] = useState({ id: null, patient: null, reports: [], care: null, fault: null }), [mark, bump] = useState(0);
  useEffect(() => { if (change?.person_id === id) { const timer = setTimeout(() => bump(n => n + 1), SETTLE_MS); return () => clearTimeout(timer); } return undefined; }, [change]);
  useEffect(() => {
    if (!id) return undefined;
    let left = false;
    Promise.all([call(`/v1/patients/${id}`), call(`/v1/patients/${id}/reports`), call(`/v1/patients/${id}/care`)])
      .then(([patient, { items }, care]) => { if (!left) set({ id, patient, reports: items, care, fault: null }); })
      // What was read of this person before stays on the page, beside the word that it may be old.
      .catch(fault => { if (!left) set(was => (was.id === id ? { ...was, fault } : { id, patient: null, reports: [], care: null, fault })); });
    return () => { left = true; };
  }, [id, mark]);
  const shown = record.id === id ? record : { id, patient: null, reports: [], care: null, fault: null };
  return { ...shown, keep: care => set(was => (was.id === id ? { ...was, care } : was)), again: () => bump(n => n + 1) };
}

/** The roster and who covers the commune of the chosen record; both change by the hour. */
export function useCover(communeCode) {
  const [cover, set] = useState({ items: [], roster: [], fault: null }), [mark, bump] = useState(0);
  useEffect(() => {
    if (!communeCode) return undefined;
    let left = false;
    Promise.all([call(`/v1/cover?commune_code=${communeCode}`), call('/v1/doctors')])
      .then(([{ items }, { items: roster }]) => { if (!left) set({ items, roster, fault: null }); }).catch(fault => { if (!left) set({ items: [], roster: [], fault }); });
    return () => { left = true; };
  }, [communeCode, mark]);
  return { ...cover, again: () => bump(n => n + 1) };
}
