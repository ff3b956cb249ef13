// One permit: who, where, when, why it stands as it does, its code, and what may be done with it.
import { call } from 'shell/auth.js';
import { day, dayHm, freshId } from 'shell/kit.js';
import { t } from 'shell/i18n.js';
import { html, useEffect, useState } from 'shell/ui.js';
import { Ask, Checks, fileAddress, Questions, useSending, useWhy, Why } from './parts.js';

const PATHS = { approve: 'decision', refuse: 'decision', suspend: 'suspension', reinstate: 'reinstatement', revoke: 'revocation' };
const ACTS = { issued: ['suspend', 'revoke'], suspended: ['reinstate', 'revoke'] };
const body = (act, reason) => (act === 'approve' || act === 'refuse' ? { outcome: act === 'approve' ? 'approved' : 'refused', reason } : { reason });
/** Do one act on a permit; answers the permit as it is then. */
export const perform = (permit, act, reason, key) => call(`/v1/permits/${permit.permit_id}/${PATHS[act]}`, { json: body(act, reason), key });
/** Give a queued application back to its applicant with a question. */
export const askMore = (permit, text, key) => call(`/v1/permits/${permit.permit_id}/questions`, { json: { text }, key });
/** Take one's own decision back before it counts; answers the application as it is then. */
export const withdraw = permit => call(`/v1/permits/${permit.permit_id}/decision-withdrawal`, { json: {}, key: freshId() });

function Code({ permit }) {
  const [address, set] = useState(null), { said, send } = useSending();
  useEffect(() => { set(null); if (permit.qr) fileAddress(`/v1/permits/${permit.permit_id}/qr.png`).then(set).catch(() => {}); }, [permit.permit_id, permit.status]);
  const print = () => send(async () => {
    const link = Object.assign(document.createElement('a'), { href: await fileAddress(`/v1/permits/${permit.permit_id}/permit.pdf`), download: `${permit.number}.pdf` });
    link.click();
  });
  return permit.qr && html`<div>${address && html`<img class="qr" src=${address} alt="Mã QR ${permit.number}" />`}
    <p><button type="button" class="btn" onClick=${print}>${t('permits.print')}</button></p>${said}</div>`;
}

export function Facts({ permit }) {
  return html`<dl class="kv">
    <dt>${t('permits.purpose')}</dt><dd>${permit.purpose || '—'}</dd>${permit.employer && html`<dt>${t('desk.employer')}</dt><dd>${permit.employer}</dd>`}
    <dt>${t('scan.where')}</dt><dd>${permit.areas.map(area => area.name).join(', ')}</dd><dt>${t('scan.hours')}</dt><dd>${permit.hours.join('; ')}</dd>
    <dt>${t('scan.vehicle')}</dt><dd>${permit.plate || '—'}</dd><dt>${t('scan.until')}</dt><dd>${t('permits.valid', { from: dayHm(permit.valid_from), until: dayHm(permit.valid_until) })}</dd>
    <dt>${t('desk.home')}</dt><dd>${permit.commune.name}</dd><dt>№</dt><dd class="num">${permit.number}</dd></dl>`;
}

const Head = ({ permit, due }) => html`<div class="row"><h2>${permit.person.full_name}</h2><span class="tag status-${permit.status}">${t(`status.${permit.status}`)}</span></div>
  ${permit.names_removed_on && html`<p class="banner" data-removed>${t('permits.names-removed', { on: day(permit.names_removed_on) })}</p>`}
  <p class="mut">${permit.category_title} · ${permit.person.birth_year && `${permit.person.birth_year} · ${t('desk.paper', { tail: permit.person.id_tail })} · `} ${t('desk.sent', { at: dayHm(permit.applied_at) })}${due && ` · ${t('desk.due', { at: due })}`}</p>`;

/** A permit from the list: shown with its code; an act is asked before it is done. */
export function Permit({ permit, online, changed }) {
  const [act, setAct] = useState(null), reasons = useWhy(permit), close = () => setAct(null);
  const done = after => { close(); changed(after); };
  const object = async (text, key) => { reasons.set(await call(`/v1/permits/${permit.permit_id}/appeals`, { json: { text }, key })); close(); };
  return html`<article class="card permit"><${Head} permit=${permit} />
    <div class="both"><${Code} permit=${permit} /><${Facts} permit=${permit} /></div><${Questions} questions=${permit.questions} /><${Why} ...${reasons} />
    <div class="acts">${(ACTS[permit.status] ?? []).map(name => html`<button type="button" key=${name} class="btn ${name === 'revoke' ? 'bad' : name === 'reinstate' ? 'pri' : ''}" disabled=${!online} onClick=${() => setAct(name)}>${t(`permits.${name}`)}</button>`)}
      ${reasons.why?.can_appeal && html`<button type="button" class="btn" disabled=${!online} onClick=${() => setAct('appeal')}>${t('desk.appeal-for')}</button>`}</div>
    ${act === 'appeal' && html`<${Ask} title=${t('desk.appeal-for')} label=${t('desk.appeal-text')} hint=${t('desk.appeal-hint', { n: reasons.why.appeal_answer_hours })} close=${close} act=${object} />`}
    ${act && act !== 'appeal' && html`<${Ask} title=${`${t(`permits.${act}`)}: ${permit.person.full_name}`} label=${t('permits.reason')} hint=${t('desk.will-read')} bad=${act === 'revoke'} close=${close} act=${async (reason, key) => done(await perform(permit, act, reason, key))} />`}</article>`;
}

/** Something that waits: `children` are the acts of its tab. */
export function Waiting({ item, due, back, children }) {
  const reasons = useWhy(item);
  return html`<section class="card permit det" aria-label=${t('desk.file')}><button type="button" class="btn text back" onClick=${back}>‹ ${t('desk.back')}</button>
    <${Head} permit=${item} due=${due} /><${Facts} permit=${item} /><${Questions} questions=${item.questions} />${!item.appeal && html`<${Checks} item=${item} />`}<${Why} ...${reasons} />${children}</section>`;
}
