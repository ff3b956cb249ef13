// The three panes of the inbox: list, alert, supervisor.
import { html, useState, useTick, Dialog } from 'shell/ui.js';
import { hm, dayHm, localDay, now, num } from 'shell/kit.js';
import { t } from 'shell/i18n.js';
import { callsYou, here, isOpen, isWaiting, shade, unanswered } from './alerts.js';
import { Called } from './calls/called.js';
import { clock, level, place, reasonLine, roleName, rungName, span, subject, what } from './words.js';

const MANY = 20;
const at = time => (localDay(time) === localDay(now()) ? hm(time) : dayHm(time));
const who = (taken, me) => (taken.by === me?.sub ? null : roleName(taken.role));

function secondsLeft(alert) {
  return alert.step_deadline_at ? Math.ceil((Date.parse(alert.step_deadline_at) - now()) / 1000) : null;
}

function Left({ alert }) {
  useTick();
  if (!isOpen(alert)) return html`<span class="left still">✓</span>`;
  if (alert.taken) return html`<span class="left">✓</span>`;
  const seconds = secondsLeft(alert);
  return seconds === null ? html`<span class="left still">—</span>`
    : html`<span class="left ${seconds < 0 ? 'late' : ''}">${clock(seconds)}</span>`;
}

function holding(alert, me, unsent) {
  if (unsent) return t('inbox.unsent');
  if (alert.ended) return t(`resolution.${alert.ended.resolution}`);
  if (alert.taken) return who(alert.taken, me) ? t('inbox.took', { who: who(alert.taken, me), at: at(alert.taken.at) }) : t('inbox.you-took', { at: at(alert.taken.at) });
  return rungName(here(alert));
}

function Row({ alert, selected, pick, me, unsent }) {
  const yours = callsYou(alert, me) && html`<span class="you"> · ${t('inbox.for-you')}</span>`;
  return html`<li><button type="button" class="al ${isWaiting(alert) ? '' : 'done'}" aria-current=${selected ? 'true' : null} onClick=${() => pick(alert, true)}>
    <b>${what(alert)}</b><${Left} alert=${alert} />
    <small>${[alert.commune_name, subject(alert)].filter(Boolean).join(' · ')}</small>
    <small>${holding(alert, me, unsent)}${yours}</small></button></li>`;
}

export function Group({ kind, list, selected, pick, me, unsent }) {
  const many = list.length > MANY, [open, setOpen] = useState(null), isShown = open ?? !many;
  const oldest = list.reduce((first, alert) => (alert.called_at < first ? alert.called_at : first), list[0].called_at);
  return html`<section class="group ${shade(list[0].severity)}" aria-label=${t(`kind.${kind}`)}>
    <h2><button type="button" aria-expanded=${String(isShown)} onClick=${() => setOpen(!isShown)}><span aria-hidden="true">${isShown ? '▾' : '▸'}</span>
      <span>${t(`kind.${kind}`)}</span><span class="n num">${num(list.filter(isOpen).length)}</span><small>${t('inbox.oldest', { at: at(oldest) })}</small></button></h2>
    ${many && !isShown && html`<p class="fold mut">${t('inbox.many', { n: num(list.length) })}</p>`}
    ${isShown && html`<ul class="items">${list.map(alert => html`<${Row} key=${alert.alert_id} alert=${alert} selected=${alert.alert_id === selected} pick=${pick} me=${me} unsent=${unsent.has(alert.alert_id)} />`)}</ul>`}</section>`;
}

function Step({ alert, rung, index, me }) {
  const next = alert.ladder[index + 1];
  if (rung.state === 'past' || rung.state === 'passed')
    return html`<li class=${rung.state}><span class="dot" aria-hidden="true">${rung.state === 'past' ? '✗' : '↑'}</span><div><b>${rungName(rung)}</b><small>${rung.area_name} · ${t(`holder.${rung.state}`, { minutes: rung.minutes })}</small></div></li>`;
  if (rung.state === 'taken') {
    const other = who(alert.taken, me), values = { who: other, at: at(alert.taken.at) };
    return html`<li class="taken" aria-current="step"><span class="dot" aria-hidden="true">✓</span><div><b>${rungName(rung)}</b><small>${t(other ? 'holder.other' : 'holder.you', values)}</small></div></li>`;
  }
  if (rung.state === 'ahead' || !isOpen(alert))
    return html`<li><span class="dot" aria-hidden="true">${index + 1}</span><div><b>${rungName(rung)}</b><small>${rung.area_name} · ${rung.minutes ? t('holder.ahead', { minutes: rung.minutes }) : t('holder.last')}</small></div></li>`;
  const seconds = secondsLeft(alert);
  const note = seconds === null ? t('holder.last') : seconds < 0 ? t('holder.late') : t('holder.next', { next: rungName(next) });
  return html`<li class="here" aria-current="step"><span class="dot" aria-hidden="true">${index + 1}</span><div><b>${rungName(rung)}</b><small>${rung.area_name} · ${note}</small></div>
    ${seconds !== null && html`<span class="big ${seconds < 0 ? 'late' : ''}" role="timer" aria-label=${t('holder.left')}>${clock(seconds)}</span>
    <progress max=${rung.minutes * 60} value=${Math.max(0, seconds)} aria-label=${t('holder.left')}></progress>`}</li>`;
}

function Ladder({ alert, me }) {
  useTick();
  return html`<section class="card"><h3>${t('holder.title')}</h3><ol class="ladder">
    ${alert.ladder.map((rung, index) => html`<${Step} key=${index} alert=${alert} rung=${rung} index=${index} me=${me} />`)}</ol></section>`;
}

function told(delivery) {
  const state = delivery.state === 'pending' && delivery.fault ? 'retrying' : delivery.state;
  return `${t(`channel.${delivery.channel}`)} ${t(`delivery.${state}`, { at: delivery.settled_at ? at(delivery.settled_at) : '' })}`;
}

function Why({ alert }) {
  const { evidence } = alert;
  return html`<section class="card"><h3>${t('why.title')}</h3><dl class="kv why">
    <dt>${t('why.what')}</dt><dd>${t(`kind.${alert.condition}`)}${evidence.reasons.map(reason => html`<br />${reasonLine(reason)}`)}</dd>
    ${evidence.level && html`<dt>${t('why.level')}</dt><dd>${level(evidence.level)}${evidence.is_danger_sign && html` · <span class="bad">▲ ${t('why.danger')}</span>`}</dd>`}
    <dt>${t('why.at')}</dt><dd>${at(alert.cause_at)}</dd>
    ${evidence.last_report_at && html`<dt>${t('why.last-report')}</dt><dd>${at(evidence.last_report_at)}</dd>`}
    ${alert.fold_count > 0 && html`<dt>${t('why.repeats')}</dt><dd>${t('why.repeats-last', { n: alert.fold_count, at: at(alert.seen_at) })}</dd>`}
    <dt>${t('why.told')}</dt><dd>${t('why.inbox', { at: at(alert.called_at) })}${alert.deliveries.map(delivery => html`<br />${rungName(alert.ladder[delivery.step])}: ${told(delivery)}`)}</dd>
    <dt>${t('why.rules')}</dt><dd>${alert.ruleset}</dd>
    <dt>${t('why.alert')}</dt><dd class="num">${alert.alert_id.slice(0, 8)}</dd></dl></section>`;
}

export function Detail({ alert, notes, record, me, act, back, unsent }) {
  const waiting = isWaiting(alert) && !unsent, isLast = alert.step + 1 >= alert.ladder.length;
  return html`<section class="pane det" aria-labelledby="alert-name" tabindex="0">
    <button type="button" class="btn text back" onClick=${back}>‹ ${t('act.back')}</button>
    <div class=${shade(alert.severity)}><span class="tag full">${t(`severity.${alert.severity}`)}</span></div>
    <h2 class="what" id="alert-name" tabindex="-1">${what(alert)}</h2>
    <p class="sub">${[t(`kind.${alert.condition}`), place(alert), subject(alert)].filter(Boolean).join(' · ')}</p>
    ${isOpen(alert) ? html`<div class="acts">
      <button type="button" class="btn ${waiting ? 'pri' : ''}" aria-disabled=${String(!waiting)} onClick=${() => waiting && act.take(alert)}>${waiting ? t('act.take') : unsent ? t('inbox.unsent') : t('act.taken')} <kbd>A</kbd></button>
      ${record && html`<a class="btn" href=${record}>${t('act.open')}</a>`}
      <button type="button" class="btn" onClick=${() => act.ask(alert)}>${t('act.finish')} <kbd>N</kbd></button>
      ${!isLast && html`<button type="button" class="btn" onClick=${() => act.escalate(alert)}>${t('act.escalate')} <kbd>E</kbd></button>`}</div>`
    : html`<div class="banner good"><span>✓ ${t(`resolution.${alert.ended.resolution}`)} · ${at(alert.ended.at)}</span></div>`}
    <${Ladder} alert=${alert} me=${me} /><${Why} alert=${alert} /><${Called} alert=${alert} />
    ${notes.length > 0 && html`<section class="card"><h3>${t('notes.title')}</h3><ul class="notes">${notes.map(note => html`<li key=${note.at}><span class="mut num">${at(note.at)}</span> ${note.text}</li>`)}</ul></section>`}
  </section>`;
}

function channelLine(channel) {
  if (!channel.is_on) return t('channel.off');
  if (channel.is_dead) return t('channel.dead', { failed: channel.failed_last_hour, overdue: channel.overdue });
  return channel.last_sent_at ? t('channel.last', { at: at(channel.last_sent_at) }) : t('channel.on');
}

export function Boss({ box, summary }) {
  useTick(15000);
  const places = unanswered(box, now()).slice(0, 12), today = summary?.today;
  const share = today?.raised ? `${num((100 * today.taken_in_target) / today.raised, 0)} %` : '—';
  return html`<section class="pane boss" aria-label=${t('boss.title')} tabindex="0"><section class="card"><h2>${t('boss.title')}</h2><p class="mut">${t('boss.target')}</p>
      ${places.length ? html`<table><thead><tr><th scope="col">${t('boss.place')}</th><th scope="col">${t('boss.waiting')}</th><th scope="col">${t('boss.oldest')}</th></tr></thead>
        <tbody>${places.map(row => html`<tr key=${row.name} class=${row.minutes >= 5 ? 'late' : ''}><th scope="row">${row.minutes >= 5 ? '▲ ' : ''}${row.name}</th><td>${num(row.waiting)}</td><td>${span(row.minutes)}</td></tr>`)}</tbody></table>`
      : html`<p>${t('boss.all-answered')}</p>`}</section>
    <section class="card"><h2>${t('boss.today')}</h2><dl class="kv"><dt>${t('boss.raised')}</dt><dd>${num(today?.raised)}</dd><dt>${t('boss.in-target')}</dt><dd>${share}</dd>
      <dt>${t('boss.climbed')}</dt><dd>${num(today?.climbed)}</dd><dt>${t('boss.false-alarms')}</dt><dd>${num(today?.false_alarms)}</dd>
      ${summary?.channels.map(channel => html`<dt>${t('boss.channels')} · ${t(`channel.${channel.channel}`)}</dt><dd class=${channel.is_dead ? 'bad' : ''}>${channelLine(channel)}</dd>`)}</dl></section></section>`;
}

export function Finish({ alert, onSave, onClose }) {
  const [how, setHow] = useState('handled'), [note, setNote] = useState('');
  const save = event => { event.preventDefault(); onSave(alert, { resolution: how, note }); };
  const choice = (value, label) => html`<label class="pick"><input type="radio" name="how" value=${value} checked=${how === value} onChange=${() => setHow(value)} />${t(label)}</label>`;
  return html`<${Dialog} title=${t('finish.title')} onClose=${onClose}><p class="mut">${what(alert)} · ${place(alert)}</p>
    <form onSubmit=${save}><fieldset class="field"><legend>${t('finish.how')}</legend>${choice('handled', 'finish.handled')}${choice('false_alarm', 'finish.false-alarm')}</fieldset>
    <label class="field"><span>${t('finish.note')}</span><textarea rows="3" maxlength="500" required value=${note} onInput=${event => setNote(event.target.value)}></textarea><small>${t('finish.note-help')}</small></label>
    <button class="btn pri">${t('act.save')}</button></form></${Dialog}>`;
}
