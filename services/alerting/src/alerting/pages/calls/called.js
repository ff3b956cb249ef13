// Who was called about an alert, over which channel, and whether it arrived.
import { html, useEffect, useState } from 'shell/ui.js';
import { call } from 'shell/auth.js';
import { hm } from 'shell/kit.js';
import { hasText, t } from 'shell/i18n.js';

const outcome = word => (hasText(`outcome.${word}`) ? t(`outcome.${word}`) : word);
const line = each => `${t(`channel.${each.channel}`)} ${hm(each.at)} ${outcome(each.outcome)}`;
function standing(notice) {
  const ahead = Date.parse(notice.try_at) - Date.now(), waits = notice.state === 'waiting' && !notice.tries.length && ahead > (notice.is_substitute ? 5000 : 120000);
  return waits ? t(notice.is_substitute ? 'notice.substitute-at' : 'notice.waiting-until', { at: hm(notice.try_at) }) : t(`notice.${notice.state}`);
}

export function Called({ alert }) {
  const [items, set] = useState(null), mark = `${alert.step}${alert.taken?.at}${alert.ended?.at}${alert.deliveries.map(each => each.state)}`;
  useEffect(() => {
    let isHere = true;
    const look = () => call(`/v1/alerts/${alert.alert_id}/notices`).then(found => isHere && set(found.items)).catch(() => {});
    look();
    const id = setInterval(look, 20000);
    return () => { isHere = false; clearInterval(id); };
  }, [alert.alert_id, mark]);
  if (!items?.length) return null;
  return html`<section class="card"><h3>${t('calls.told')}</h3><ul class="notes">${items.map(each => html`<li key=${each.subject}><b>${each.subject}</b> · ${t('calls.step', { step: each.step + 1 })} · ${standing(each)}
    ${each.tries.map(one => html`<br /><span class="mut">${line(one)}</span>`)}</li>`)}</ul></section>`;
}
