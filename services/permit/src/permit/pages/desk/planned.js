// Chỉ thị đã hẹn: orders whose minute is still to come, and taking the last of them back before it.
import { call, hasRole } from 'shell/auth.js';
import { day, hm } from 'shell/kit.js';
import { t } from 'shell/i18n.js';
import { html, useState } from 'shell/ui.js';
import { Ask } from './parts.js';

const when = at => `${hm(at)} ${day(at)}`;

/** `orders` are those of /v1/directives; `done` is told after one was withdrawn. */
export function Planned({ orders, online, done }) {
  const [asked, ask] = useState(null), leads = hasRole('leader', 'administrator');
  const planned = orders.flatMap(area => area.planned.map(order => ({ ...order, area }))).sort((a, b) => a.effective_at.localeCompare(b.effective_at));
  const withdrawn = orders.flatMap(area => area.withdrawn.map(order => ({ ...order, area })));
  if (!planned.length && !withdrawn.length) return null;
  const withdraw = async (reason, key) => {
    await call(`/v1/directives/${asked.area.area_code}/withdrawal`, { method: 'POST', json: { order_id: asked.order_id, reason }, key });
    ask(null);
    done(asked);
  };
  return html`<h3>${t('desk.planned-orders')}</h3><ul class="moves" id="planned">${planned.map(each => html`<li key=${each.order_id} class="planned"><b class="num">${when(each.effective_at)}</b> ${each.area.name}: <b>${t(`directive.${each.directive}`)}</b> <span class="mut" lang="vi">${each.document}</span>
      ${leads && each.is_last && html` <button type="button" class="btn" disabled=${!online} onClick=${() => ask(each)}>${t('desk.withdraw')}</button>`}</li>`)}
    ${withdrawn.map(each => html`<li key=${each.area.area_code + each.withdrawn_at} class="mut"><s>${when(each.effective_at)} ${each.area.name}: ${t(`directive.${each.directive}`)}</s> ${t('desk.withdrawn', { at: when(each.withdrawn_at) })}: <span lang="vi">${each.reason}</span></li>`)}</ul>
    ${asked && html`<${Ask} title=${t('desk.withdraw-title', { directive: t(`directive.${asked.directive}`), area: asked.area.name })} label=${t('desk.withdraw-why')} hint=${t('desk.withdraw-hint', { at: when(asked.effective_at) })} bad close=${() => ask(null)} act=${withdraw} />`}`;
}
