// What the tabs of the officer's desk share: words of a fault, one act with its reason, the reasons of a decision.
import { call, Refused, token } from 'shell/auth.js';
import { day, dayHm, freshId, hm, now } from 'shell/kit.js';
import { hasText, t } from 'shell/i18n.js';
import { Dialog, html, useEffect, useState } from 'shell/ui.js';

export const words = fault => (fault instanceof Refused ? [fault.message, ...(fault.problem.errors ?? []).map(each => each.message)].join(' ') : t('permits.no-answer'));
export const query = values => new URLSearchParams(Object.entries(values).filter(([, value]) => value)).toString();
export const named = (kind, code) => (hasText(`${kind}.${code}`) ? t(`${kind}.${code}`) : code);
export const due = at => (new Date(at).toDateString() === new Date(now()).toDateString() ? hm(at) : dayHm(at));

/** A file that only a signed-in person may fetch, as an address for <img> and downloads. */
export async function fileAddress(path) {
  const reply = await fetch(path, { headers: { authorization: `Bearer ${await token()}` } });
  return reply.ok ? URL.createObjectURL(await reply.blob()) : null;
}

/** Whether the device has a network: deciding needs the newest data, so it waits for one. */
export function useOnline() {
  const [online, set] = useState(navigator.onLine);
  useEffect(() => {
    const look = () => set(navigator.onLine);
    addEventListener('online', look); addEventListener('offline', look);
    return () => { removeEventListener('online', look); removeEventListener('offline', look); };
  }, []);
  return online;
}

/** Send once, however often it is pressed; says what it is doing and what went wrong. */
export function useSending() {
  const [busy, setBusy] = useState(false), [fault, setFault] = useState('');
  const send = async work => {
    if (busy) return;
    setBusy(true); setFault('');
    try { await work(); } catch (found) { setFault(words(found)); } finally { setBusy(false); }
  };
  return { busy, fault, send, said: html`${fault && html`<p class="wrong" role="alert">${fault}</p>`}${busy && html`<p class="mut" role="status">${t('desk.sending')}</p>`}` };
}

/** An act that a citizen will read is asked before it is done. `path` and `json` say what is sent. */
export function Ask({ title, label, hint, ready = [], optional, bad, close, act }) {
  const [key] = useState(freshId()), [text, setText] = useState(''), { busy, said, send } = useSending();
  return html`<${Dialog} title=${title} onClose=${close}><form onSubmit=${event => { event.preventDefault(); send(() => act(text.trim(), key)); }}>
    ${ready.length > 0 && html`<div class="ready" role="group" aria-label=${t('desk.ready')}>${ready.map(each => html`<button type="button" class="btn" onClick=${() => setText(each)}>${each}</button>`)}</div>`}
    <label class="field"><span>${label}</span><textarea name="reason" rows="3" required=${!optional} minlength=${optional ? 0 : 5} maxlength="300" value=${text} onInput=${event => setText(event.target.value)}></textarea></label>
    ${hint && html`<p class="mut">${hint}</p>`}${said}<button class="btn ${bad ? 'bad' : 'pri'}" disabled=${busy}>${t('permits.send')}</button></form></${Dialog}>`;
}

/** Why a permit stands as it does; read again whenever the permit changes. */
export function useWhy(permit) {
  const [why, set] = useState(null), [fault, setFault] = useState('');
  const load = () => call(`/v1/permits/${permit.permit_id}/why`).then(found => { set(found); setFault(''); }).catch(found => setFault(words(found)));
  useEffect(() => { set(null); load(); }, [permit.permit_id, permit.status]);
  return { why, fault, load, set };
}

export function Why({ why, fault }) {
  if (fault) return html`<p class="wrong" role="alert">${fault}</p>`;
  if (!why) return html`<p class="mut" role="status">${t('desk.reading')}</p>`;
  const { decision } = why;
  return html`<section class="reasons"><h3>${t('desk.why')}</h3>
    <p>${why.message || decision.reason || t('desk.no-reason')}</p>
    <dl class="kv"><dt>${t('desk.by')}</dt><dd>${t(`desk.by-${decision.by}`)}</dd>
      <dt>${t('desk.document')}</dt><dd>${why.document || '—'}${why.confidence === 'memory' && html` <span class="mut">· ${t('desk.unconfirmed')}</span>`}</dd>
      <dt>${t('desk.policy')}</dt><dd class="num">${decision.policy}</dd><dt>${t('desk.rule')}</dt><dd class="num">${decision.rule}</dd>
      ${why.limited_by && html`<dt>${t('desk.limited-by')}</dt><dd class="num">${why.limited_by}</dd>`}
      ${why.officer_reason && html`<dt>${t('desk.officer-reason')}</dt><dd>${why.officer_reason}</dd>`}</dl>
    ${why.appeals.map(each => html`<${Appeal} appeal=${each} key=${each.appeal_id} />`)}
    ${why.record.length > 0 && html`<details><summary>${t('desk.record', { n: why.record.length })}</summary><ol class="record">${why.record.map(each => html`<li key=${each.position}><b>${named('act', each.act)}</b> <span class="num">${dayHm(each.recorded_at)} · ${day(each.recorded_at).slice(-4)}</span> <span class="mut">${t(`desk.by-${each.by}`)} · ${each.rule}</span></li>`)}</ol></details>`}</section>`;
}

/** What the office asked before deciding, and what the applicant said. */
export function Questions({ questions }) {
  return questions.map(each => html`<blockquote class="appeal" key=${each.question_id}><p class="mut">${t('desk.asked-at', { at: dayHm(each.asked_at) })}</p><p>${each.text}</p>
    ${each.replied_at ? html`<p><b>${t('desk.replied-at', { at: dayHm(each.replied_at) })}</b> ${each.reply}</p>` : html`<p class="mut">${t('desk.no-reply')}</p>`}</blockquote>`);
}

/** What the machine looked at; what needs a person comes first. */
export function Checks({ item }) {
  return html`<section class="reasons"><h3>${t('desk.checked')} <span class="mut num">· ${item.decision.policy}</span></h3>
    <ul class="checks">${item.checks.map(each => html`<li key=${each.rule} class=${each.is_met ? '' : 'ask'}><i aria-hidden="true">${each.is_met ? '✓' : '?'}</i><span><span class="sr">${t(each.is_met ? 'desk.met' : 'desk.needs-person')}: </span>${each.text}</span><small class="mut num">${each.rule}</small></li>`)}</ul>
    ${item.earlier.length > 0 && html`<p><b>${t('desk.earlier')}</b></p><ul class="earlier">${item.earlier.map(each => html`<li key=${each.permit_id}><span class="tag status-${each.status}">${t(`status.${each.status}`)}</span> ${each.category_title} <span class="mut num">${dayHm(each.valid_from)} – ${dayHm(each.valid_until)}</span></li>`)}</ul>`}</section>`;
}

export function Appeal({ appeal }) {
  return html`<blockquote class="appeal"><p class="mut">${t('desk.appealed', { who: t(`desk.filed-${appeal.filed_by}`), at: dayHm(appeal.filed_at) })}</p><p>${appeal.text}</p>
    ${appeal.verdict ? html`<p><b>${t(`desk.${appeal.verdict}`)}:</b> ${appeal.sentence}</p>` : html`<p class=${appeal.is_overdue ? 'late' : 'mut'}>${appeal.is_overdue ? '▲ ' : ''}${t('desk.answer-by', { at: dayHm(appeal.answer_by) })}</p>`}</blockquote>`;
}
