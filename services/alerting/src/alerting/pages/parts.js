// The three panes of the inbox: list, alert, supervisor.
import { html, useState, useTick, Dialog } from 'shell/ui.js';
import { hm, dayHm, localDay, now, num } from 'shell/kit.js';
import { t } from 'shell/i18n.js';
import { callsYou, here, isOpen, isResting, isWaiting, shade, unanswered } from './alerts.js';
import { Called } from './calls/called.js';
import { dial, Telephones } from './stations.js';
import { clock, level, place, reasonLine, roleName, rungName, span, subject, what } from './words.js';

const MANY = 20, ROWS_MAX = 200;
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
  if (alert.snoozed) return t('inbox.aside', { at: at(alert.snoozed.until) });
  if (isResting(alert)) return t('inbox.rests', { at: at(alert.step_at) });
  return rungName(here(alert));
}

function Row({ alert, selected, pick, me, unsent }) {
  const yours = callsYou(alert, me) && html`<span class="you"> · ${t('inbox.for-you')}</span>`;
  return html`<li><button type="button" class="al ${isWaiting(alert) ? '' : 'done'}" aria-current=${selected ? 'true' : null} onClick=${() => pick(alert, true)}>
    <b>${what(alert)}</b><${Left} alert=${alert} />
    <small>${[alert.commune_name, subject(alert)].filter(Boolean).join(' · ')}</small>
    <small>${holding(alert, me, unsent)}${yours}</small></button></li>`;
}

function StormNote({ storm, list, takeAll }) {
  const [first] = storm.places, waiting = list.filter(isWaiting).length;
  return html`<div class="storm"><p><b>${t(`storm.cause.${storm.cause}`)}</b> ${t('storm.text', { n: num(storm.alerts), at: at(storm.since), communes: num(storm.communes), districts: num(storm.districts), first: first.name, most: num(first.alerts) })}</p>
    ${waiting > 1 && html`<button type="button" class="btn pri" onClick=${() => takeAll(list)}>${t('storm.take', { n: num(waiting) })}</button>`}</div>`;
}

export function Group({ kind, list, info, takeAll, selected, pick, me, unsent }) {
  const storm = info?.storm, total = Math.max(info?.alerts ?? 0, list.filter(isOpen).length);
  const many = list.length > MANY, [open, setOpen] = useState(null), isShown = open ?? !many;
  const oldest = list.reduce((first, alert) => (alert.called_at < first ? alert.called_at : first), list[0].called_at);
  return html`<section class="group ${shade(list[0].severity)}" aria-label=${t(`kind.${kind}`)}>
    <h2><button type="button" aria-expanded=${String(isShown)} onClick=${() => setOpen(!isShown)}><span aria-hidden="true">${isShown ? '▾' : '▸'}</span>
      <span>${t(`kind.${kind}`)}</span><span class="n num">${num(total)}</span><small>${t('inbox.oldest', { at: at(oldest) })}</small></button></h2>
    ${storm && html`<${StormNote} storm=${storm} list=${list} takeAll=${takeAll} />`}
    ${many && !isShown && html`<p class="fold mut">${t('inbox.many', { n: num(list.length) })}</p>`}
    ${isShown && html`<ul class="items">${list.slice(0, ROWS_MAX).map(alert => html`<${Row} key=${alert.alert_id} alert=${alert} selected=${alert.alert_id === selected} pick=${pick} me=${me} unsent=${unsent.has(alert.alert_id)} />`)}</ul>`}
    ${isShown && list.length > ROWS_MAX && html`<p class="fold mut">${t('inbox.rows', { n: num(list.length - ROWS_MAX) })}</p>`}</section>`;
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
  const note = isResting(alert) ? t('inbox.rests', { at: at(alert.step_at) }) : seconds === null ? t('holder.last') : seconds < 0 ? t('holder.late') : t('holder.next', { next: rungName(next) });
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
    ${evidence.level && alert.condition !== 'stock-low' && html`<dt>${t('why.level')}</dt><dd>${level(evidence.level)}${evidence.is_danger_sign && html` · <span class="bad">▲ ${t('why.danger')}</span>`}</dd>`}
    <dt>${t('why.at')}</dt><dd>${at(alert.cause_at)}</dd>
    ${evidence.last_report_at && html`<dt>${t(alert.condition.startsWith('source') || alert.condition.startsWith('commune') ? 'why.last-fact' : 'why.last-report')}</dt><dd>${at(evidence.last_report_at)}</dd>`}
    ${alert.fold_count > 0 && html`<dt>${t('why.repeats')}</dt><dd>${t('why.repeats-last', { n: alert.fold_count, at: at(alert.seen_at) })}</dd>`}
    <dt>${t('why.told')}</dt><dd>${t('why.inbox', { at: at(alert.called_at) })}${alert.deliveries.map(delivery => html`<br />${rungName(alert.ladder[delivery.step])}: ${told(delivery)}`)}</dd>
    <dt>${t('why.rules')}</dt><dd><a href="/quy-tac">${alert.ruleset}</a></dd>
    <dt>${t('why.alert')}</dt><dd class="num">${alert.alert_id.slice(0, 8)}</dd></dl></section>`;
}

export function Detail({ alert, notes, record, telephones, me, act, back, unsent }) {
  const waiting = isWaiting(alert) && !unsent, isLast = alert.step + 1 >= alert.ladder.length;
  return html`<section class="pane det" aria-labelledby="alert-name" tabindex="0">
    <button type="button" class="btn text back" onClick=${back}>‹ ${t('act.back')}</button>
    <div class=${shade(alert.severity)}><span class="tag full">${t(`severity.${alert.severity}`)}</span></div>
    <h2 class="what" id="alert-name" tabindex="-1">${what(alert)}</h2>
    <p class="sub">${[t(`kind.${alert.condition}`), place(alert), subject(alert)].filter(Boolean).join(' · ')}</p>
    ${isWaiting(alert) && html`<p class="sub">${isResting(alert) ? t('inbox.rests-why', { at: at(alert.step_at) }) : t('inbox.now-called', { who: rungName(here(alert)), place: here(alert).area_name, at: at(alert.step_at) })}</p>`}
    ${isOpen(alert) && alert.snoozed && html`<div class="banner"><span>${t('inbox.aside-why', { who: alert.snoozed.by === me?.sub ? t('inbox.you') : roleName(alert.snoozed.role), at: at(alert.snoozed.until) })}</span></div>`}
    ${isOpen(alert) ? html`<div class="acts">
      <button type="button" class="btn ${waiting ? 'pri' : ''}" aria-disabled=${String(!waiting)} onClick=${() => waiting && act.take(alert)}>${waiting ? t('act.take') : unsent ? t('inbox.unsent') : t('act.taken')} <kbd>A</kbd></button>
      ${telephones?.length > 0 && html`<a class="btn" href=${dial(telephones[0].phone)} title=${`${telephones[0].name} · ${telephones[0].phone}`}>${t(telephones[0].kind === 'station' ? 'station.call' : 'station.call-facility')} <kbd>C</kbd></a>`}
      ${record && html`<a class="btn" href=${record}>${t('act.open')}</a>`}
      <button type="button" class="btn" onClick=${() => act.ask(alert)}>${t('act.finish')} <kbd>N</kbd></button>
      ${(!alert.taken || !who(alert.taken, me)) && html`<button type="button" class="btn" onClick=${() => act.later(alert)}>${t('act.later')} <kbd>S</kbd></button>`}
      ${!isLast && html`<button type="button" class="btn" onClick=${() => act.escalate(alert)}>${t('act.escalate')} <kbd>E</kbd></button>`}</div>`
    : html`<div class="banner good"><span>✓ ${t(`resolution.${alert.ended.resolution}`)} · ${at(alert.ended.at)}</span></div>`}
    <${Ladder} alert=${alert} me=${me} /><${Telephones} alert=${alert} items=${telephones} /><${Why} alert=${alert} /><${Called} alert=${alert} />
    ${notes.length > 0 && html`<section class="card"><h3>${t('notes.title')}</h3><ul class="notes">${notes.map(note => html`<li key=${note.at}><span class="mut num">${at(note.at)}</span> ${note.text}</li>`)}</ul></section>`}
  </section>`;
}

function channelLine(channel) {
  if (!channel.is_on) return t('channel.off');
  if (channel.is_dead) return t('channel.dead', { failed: channel.failed_last_hour, overdue: channel.overdue });
  return channel.last_sent_at ? t('channel.last', { at: at(channel.last_sent_at) }) : t('channel.on');
}

const minutesOf = seconds => (seconds === null || seconds === undefined ? '—' : seconds < 60 ? t('time.seconds', { n: Math.round(seconds) }) : span(Math.round(seconds / 60)));
const stationRow = row => ({ name: row.name, waiting: row.waiting, minutes: Math.max(0, Math.floor((now() - Date.parse(row.oldest_at)) / 60000)), median: row.median_seconds });

export function Boss({ box, summary, stations }) {
  useTick(15000);
  const counted = stations?.filter(row => row.waiting).map(stationRow), places = (counted ?? unanswered(box, now())).slice(0, 12), today = summary?.today;
  const share = today?.raised ? `${num((100 * today.taken_in_target) / today.raised, 0)} %` : '—';
  return html`<section class="pane boss" aria-label=${t('boss.title')} tabindex="0"><section class="card"><h2>${t('boss.title')}</h2><p class="mut">${t('boss.target')}</p>
      ${places.length ? html`<table><thead><tr><th scope="col">${t('boss.place')}</th><th scope="col">${t('boss.waiting')}</th><th scope="col">${t('boss.oldest')}</th><th scope="col">${t('boss.median')}</th></tr></thead>
        <tbody>${places.map(row => html`<tr key=${row.name} class=${row.minutes >= 5 ? 'late' : ''}><th scope="row">${row.minutes >= 5 ? '▲ ' : ''}${row.name}</th><td>${num(row.waiting)}</td><td>${span(row.minutes)}</td><td>${minutesOf(row.median)}</td></tr>`)}</tbody></table>`
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

const PAUSES = [15, 30, 60, 120, 240];
export function Later({ alert, onSave, onClose }) {
  const [pause, setPause] = useState(30), [note, setNote] = useState('');
  const save = event => { event.preventDefault(); onSave(alert, { until: new Date(now() + pause * 60000).toISOString(), note }); };
  return html`<${Dialog} title=${t('later.title')} onClose=${onClose}><p class="mut">${[what(alert), place(alert)].filter(Boolean).join(' · ')}</p>
    <form onSubmit=${save}><label class="field"><span>${t('later.when')}</span><select value=${pause} onChange=${event => setPause(Number(event.target.value))}>${PAUSES.map(n => html`<option value=${n}>${t('later.in', { time: span(n), at: hm(now() + n * 60000) })}</option>`)}</select></label>
    <label class="field"><span>${t('later.note')}</span><textarea rows="2" maxlength="500" required value=${note} onInput=${event => setNote(event.target.value)}></textarea><small>${t('later.help')}</small></label>
    <button class="btn pri">${t('act.later')}</button></form></${Dialog}>`;
}
