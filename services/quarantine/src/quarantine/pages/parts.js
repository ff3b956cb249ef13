// What a row says, why somebody stays, and the kinds of duty with their colours. The server decides; this words it.
import { day, dayHm, hm, localDay, now } from 'shell/kit.js';
import { language, t } from 'shell/i18n.js';
import { html } from 'shell/ui.js';

/** Worklists of the server with their colour, in the order of the counters. */
export const KINDS = { abnormal: 'r4', overdue: 'r4', due: 'r2', ending: 'r1', open: 'r0' };
export const URGENT = ['abnormal', 'overdue', 'due', 'ending'];

/** The most urgent duty of a person, or the one that is filtered by: [kind, sentence, by when]. */
export function kindOf(item, filter) {
  const duty = item.duty;
  if (filter === 'ending') return ['ending', t('cases.what.ending', { on: day(item.ends_on) }), day(item.ends_on)];
  if (item.status !== 'open') return ['open', t('cases.what.ended', { on: day(item.ended_on) }), day(item.ended_on)];
  if (duty.has_symptoms) return ['abnormal', t('cases.what.abnormal'), duty.last_reported_at ? dayHm(duty.last_reported_at) : ''];
  if (duty.missed_in_a_row > 0) return ['overdue', t('cases.what.overdue', { n: duty.missed_in_a_row }), hm(duty.due_at)];
  if (duty.state === 'due' || duty.state === 'late') return ['due', t('cases.what.due'), hm(duty.due_at)];
  if (item.ends_on <= localDay(now())) return ['ending', t('cases.what.ending', { on: day(item.ends_on) }), day(item.ends_on)];
  return ['open', t(duty.state === 'done' ? 'cases.what.done' : 'cases.what.none'), day(item.ends_on)];
}
/** "Ngày 4/14, hết 15/08/2021", or how it ended. */
export const ends = item => (item.status === 'open'
  ? t('cases.day-of', { day: item.day, days: item.days, on: day(item.ends_on) })
  : `${t(`cases.end.${item.outcome}`)} ${day(item.ended_on)}`);

export const Why = ({ item }) => html`
  <dl class="kv"><dt>${t('cases.period')}</dt><dd>${day(item.starts_on)} → ${day(item.ends_on)} · ${t(`cases.place.${item.place}`)}</dd>
    <dt>${t('cases.exposed')}</dt><dd>${day(item.last_exposure_on)}</dd>
    ${item.paper && html`<dt>${t('cases.paper')}</dt><dd>${item.paper.number}</dd>`}</dl>
  <p class="why">${language() === 'en' && item.reason.text_en ? `${item.reason.text_en} ${item.reason.counted_en}` : `${item.reason.text} ${item.reason.counted ?? ''}`}${item.reason.confidence === 'memory' ? html` <b>${t('cases.unconfirmed')}</b>` : ''}</p>
  ${item.bed && html`<p class="why">${t('cases.hall.sleeps', { hall: t('cases.place.facility'), room: item.bed.room })}</p>`}
  ${item.moved_because && html`<p class="why">${t('cases.note')}: ${t(`cases.reason.${item.moved_because}`)}</p>`}
  ${item.note && html`<p class="why">${t('cases.note')}: ${item.note}</p>`}
  ${item.tests.length > 0 && html`<h3>${t('cases.tests')}</h3><ul class="tests">${item.tests.map(test => html`<li class=${test.state === 'done' ? 'past' : ''}>${day(test.on)}${test.state ? ` · ${t(`cases.owed.${test.state}`)}` : ''}</li>`)}</ul>`}`;
