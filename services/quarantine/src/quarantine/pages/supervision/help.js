// Asking for help: food, medicine, anything else; and what came of it.
import { call, Refused } from 'shell/auth.js';
import { dayHm, freshId } from 'shell/kit.js';
import { t } from 'shell/i18n.js';
import { html, useEffect, useRef, useState } from 'shell/ui.js';

/** `as` is whom of an enrolled phone's people it is for. */
export function Help({ personId, as }) {
  const [items, set] = useState([]), [fault, setFault] = useState(''), [said, say] = useState(''), key = useRef(freshId());
  const read = () => call('/v1/me/needs', { person: as }).then(found => set(found.items)).catch(() => {});
  useEffect(() => { read(); }, []);
  const send = async event => {
    event.preventDefault();
    const form = event.target, data = new FormData(form);
    try {
      await call(`/v1/cases/${personId}/needs`, { json: { kind: data.get('kind'), words: data.get('words').trim() }, key: key.current, person: as });
      key.current = freshId();
      setFault('');
      say(t('help.sent'));
      form.reset();
      read();
    } catch (refusal) { setFault(refusal instanceof Refused ? refusal.message : t('check.no-network')); }
  };
  return html`<section class="card stack" id="help"><h2>${t('help.title')}</h2>
    <form class="stack" onSubmit=${send}><label class="field"><span>${t('help.kind')}</span><select name="kind">${['food', 'medicine', 'other'].map(kind => html`<option value=${kind}>${t(`watch.need.${kind}`)}</option>`)}</select></label>
      <label class="field"><span>${t('help.words')}</span><textarea name="words" rows="2" maxlength="500"></textarea></label>
      ${fault && html`<p class="wrong" role="alert">${fault}</p>`}<button class="btn">${t('help.send')}</button><p role="status">${said}</p></form>
    ${items.length > 0 && html`<ul class="plain">${items.map(one => html`<li key=${one.need_id}><b>${t(`watch.need.${one.kind}`)}</b> · ${dayHm(one.asked_at)} · ${t(one.answered_at ? 'watch.helped' : 'watch.waiting')}<small>${one.answer || one.words}</small></li>`)}</ul>`}
    <p>${t('help.emergency')} <a href="tel:115">115</a></p></section>`;
}
