// One button or form, one request: pressing again after a lost answer does it once, a refusal is said where it was pressed.
import { call } from 'shell/auth.js';
import { wordsOf } from 'shell/files.js';
import { freshId } from 'shell/kit.js';
import { t } from 'shell/i18n.js';
import { useState } from 'shell/ui.js';

/** `send(path, body)` resolves to true when it is done; `fault` are the words of the last refusal. */
export function useAct(done) {
  const [fault, setFault] = useState(''), [busy, setBusy] = useState(false), [keys] = useState(() => new Map());
  const send = async (path, json, said = 'fac.done', method = 'POST') => {
    const what = `${path} ${JSON.stringify(json)}`;
    if (!keys.has(what)) keys.set(what, freshId());
    setBusy(true);
    try {
      await call(path, { method, json, key: keys.get(what) });
      keys.delete(what);
      setFault('');
      done(t(said));
      return true;
    } catch (found) {
      // A refusal was answered: trying again later is another wish. Without an answer it is the same one.
      if (found.status) keys.delete(what);
      setFault(wordsOf(found, t('fac.no-answer')));
      return false;
    } finally { setBusy(false); }
  };
  return { send, fault, busy };
}
