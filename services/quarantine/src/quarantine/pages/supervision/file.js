// One person's supervision: what is missed, what to do now, and everything an officer writes down about it.
import { call, hasRole, Refused } from 'shell/auth.js';
import { fetchFile } from 'shell/files.js';
import { dayHm, freshId, hm, num, setServerNow } from 'shell/kit.js';
import { t } from 'shell/i18n.js';
import { Dialog, html, useEffect, useState } from 'shell/ui.js';
import { instant, localTime } from '../duties/kit.js';

const RESULTS = ['reached', 'not_reached', 'unreachable', 'refused'];
const STATES = ['explained', 'confirmed', 'closed'];
const NEEDS = ['food', 'medicine', 'other'];
const words = fault => (fault instanceof Refused ? fault.message : t('watch.no-answer'));
const field = (form, name) => form.get(name)?.trim() ?? '';
const mayAct = () => hasRole('health_officer');

/** A small form that sends one act and shows the file as it is afterwards. */
function Act({ id, path, method, body, set, label, children, after }) {
  const [fault, setFault] = useState(''), [busy, setBusy] = useState(false), [key, setKey] = useState(freshId());
  const send = async event => {
    event.preventDefault();
    const form = event.target, json = body(new FormData(form));
    if (!json) { setFault(t('watch.bad-place')); return; }
    setBusy(true);
    try {
      const answer = await call(`/v1/cases/${id}/${path}`, { json, key, method });
      setKey(freshId());
      setFault('');
      form.reset();
      if (answer.check_ins) set(answer); else after?.();
    } catch (refusal) { setFault(words(refusal)); }
    setBusy(false);
  };
  return html`<form class="act" onSubmit=${send}>${children}${fault && html`<p class="wrong" role="alert">${fault}</p>`}<button class="btn" disabled=${busy}>${label}</button></form>`;
}
const Words = ({ label, required }) => html`<label class="field"><span>${label}</span><textarea name="words" rows="2" maxlength="500" required=${required} minlength=${required ? 5 : undefined}></textarea></label>`;
const Choice = ({ name, label, options, word }) => html`<label class="field"><span>${label}</span><select name=${name}>${options.map(option => html`<option value=${option}>${t(`${word}.${option}`)}</option>`)}</select></label>`;

function Now({ file }) {
  const { step, misses } = file;
  return html`<section><h3>${t('watch.now')}</h3>
    ${step ? html`<p class="todo"><b>${t(`watch.do.${step.rung}`)}</b><small>${t('watch.since', { at: dayHm(step.since) })}${step.climbs_at ? ` · ${t('watch.climbs', { at: dayHm(step.climbs_at) })}` : ''}</small></p>` : html`<p class="mut">${t('watch.nothing-now')}</p>`}
    ${misses.length > 0 && html`<ul class="plain">${misses.map(miss => html`<li>${t(`watch.duty.${miss.duty}`)} · ${t('watch.due', { at: dayHm(miss.due_at) })}</li>`)}</ul>`}
    ${file.is_unreachable && html`<p><span class="tag r4">${t('watch.unreachable')}</span></p>`}</section>`;
}
function Contacts({ file, set }) {
  return html`<section><h3>${t('watch.contacts')}</h3>
    ${mayAct() && html`<${Act} id=${file.person_id} path="visits" set=${set} label=${t('watch.log')} body=${form => ({ kind: form.get('kind'), result: form.get('result'), words: field(form, 'words') })}>
      <div class="two"><${Choice} name="kind" label=${t('watch.kind')} options=${!file.step || file.step.rung === 'call' ? ['call', 'visit'] : ['visit', 'call']} word="watch.contact" /><${Choice} name="result" label=${t('watch.result')} options=${RESULTS} word="watch.result" /></div><${Words} label=${t('watch.note')} /></${Act}>`}
    <ul class="plain" data-list="contacts">${file.contacts.map(one => html`<li key=${one.contact_id}><b>${dayHm(one.at)}</b> · ${t(`watch.contact.${one.kind}`)} · ${t(`watch.result.${one.result}`)}${one.words ? html`<small>${one.words}</small>` : ''}</li>`)}</ul></section>`;
}
function Breaches({ file, set }) {
  return html`<section><h3>${t('watch.breaches')}</h3>${file.breaches.map(one => html`<div class="breach" key=${one.evidence_id}><p><b>${dayHm(one.at)}</b> · ${t(`watch.how.${one.how}`)}${one.checkpoint_id ? ` · ${one.checkpoint_id}` : ''} <span class="tag ${one.state === 'closed' ? 'r0' : 'r4'}">${t(`watch.state.${one.state}`)}</span></p>
      ${one.words && html`<p class="said">${one.words}</p>`}
      ${mayAct() && one.state !== 'closed' && html`<details><summary>${t('watch.follow-up')}</summary><${Act} id=${file.person_id} path=${`breaches/${one.evidence_id}/follow-up`} set=${set} label=${t('watch.save')} body=${form => ({ state: form.get('state'), words: field(form, 'words') })}>
        <${Choice} name="state" label=${t('watch.outcome')} options=${STATES} word="watch.state" /><${Words} label=${t('watch.found-out')} required /></${Act}></details>`}</div>`)}
    ${mayAct() && file.is_open && html`<details><summary>${t('watch.report-breach')}</summary><${Act} id=${file.person_id} path="breaches" set=${set} label=${t('watch.save')} body=${form => ({ at: instant(form.get('at')), words: field(form, 'words') })}>
      <label class="field"><span>${t('watch.breach-at')}</span><input type="datetime-local" name="at" required max=${localTime()} defaultValue=${localTime()} /></label><${Words} label=${t('watch.seen')} required /></${Act}></details>`}</section>`;
}
function Needs({ file, set, again }) {
  return html`<section><h3>${t('watch.needs')}</h3>${file.needs.map(one => html`<div class="breach" key=${one.need_id}><p><b>${t(`watch.need.${one.kind}`)}</b> · ${dayHm(one.asked_at)} <span class="tag ${one.answered_at ? 'r0' : 'r2'}">${t(one.answered_at ? 'watch.helped' : 'watch.waiting')}</span></p>
      ${one.words && html`<p class="said">${one.words}</p>`}${one.answer && html`<p class="said">${t('watch.answered')}: ${one.answer}</p>`}
      ${mayAct() && !one.answered_at && html`<${Act} id=${file.person_id} path=${`needs/${one.need_id}/answer`} set=${set} label=${t('watch.done')} body=${form => ({ words: field(form, 'words') })}><${Words} label=${t('watch.what-done')} /></${Act}>`}</div>`)}
    ${mayAct() && html`<details><summary>${t('watch.note-need')}</summary><${Act} id=${file.person_id} path="needs" set=${set} after=${again} label=${t('watch.save')} body=${form => ({ kind: form.get('kind'), words: field(form, 'words') })}>
      <${Choice} name="kind" label=${t('watch.what-need')} options=${NEEDS} word="watch.need" /><${Words} label=${t('watch.note')} /></${Act}></details>`}</section>`;
}
/** "21.594, 105.848", as maps copy it; null when it is no position. */
export function readPlace(text) {
  const found = /^\s*(-?\d{1,2}(?:\.\d+)?)\s*[,; ]\s*(-?\d{1,3}(?:\.\d+)?)\s*$/.exec(text);
  const place = found && { latitude: Number(found[1]), longitude: Number(found[2]) };
  return place && Math.abs(place.latitude) <= 90 && Math.abs(place.longitude) <= 180 ? place : null;
}
function saidOf(one) {
  if (one.is_missed && !one.answered_at) return t('watch.not-answered');
  if (!one.answered_at) return t('watch.waiting');
  return t(`watch.verdict.${one.verdict}`) + (one.is_missed ? ` · ${t('watch.late')}` : '') + (one.no_place_because ? ` · ${t(`watch.because.${one.no_place_because}`)}` : '') + (one.is_mock ? ` · ${t('watch.mock')}` : '');
}
/** A photo is fetched when somebody asks for it, because looking at it is noted. */
function Photo({ path }) {
  const [address, setAddress] = useState(''), [fault, setFault] = useState('');
  useEffect(() => () => { if (address) URL.revokeObjectURL(address); }, [address]);
  const show = () => fetchFile(path).then(blob => { setAddress(URL.createObjectURL(blob)); setFault(''); }).catch(refusal => setFault(words(refusal)));
  return html`${address ? html`<img class="taken" src=${address} alt=${t('watch.photo')} />` : html`<button type="button" class="btn text" onClick=${show}>${t('watch.see-photo')}</button>`}${fault && html`<p class="wrong" role="alert">${fault}</p>`}`;
}
function CheckIns({ file, set }) {
  const { rules } = file;
  return html`<section><h3>${t('watch.check-ins')}</h3>
    <p class="mut">${t(file.is_home_known ? 'watch.home-known' : 'watch.home-unknown', { metres: num(rules.radius_metres) })}</p>
    <ul class="plain">${file.check_ins.map(one => html`<li key=${one.request_id}><b>${dayHm(one.asked_at)}</b> · ${saidOf(one)}${one.place ? html`<small>${one.place.latitude.toFixed(5)}, ${one.place.longitude.toFixed(5)} ± ${num(one.place.accuracy_metres, 0)} m</small>` : ''}${one.has_photo && mayAct() ? html` <${Photo} path=${`/v1/cases/${file.person_id}/check-ins/${one.request_id}/photo`} />` : ''}</li>`)}</ul>
    ${mayAct() && file.is_open && html`<div class="asks">${file.open_check_in ? html`<p role="status">${t('watch.asked', { by: hm(file.open_check_in.answer_by) })}</p>` : html`<${Act} id=${file.person_id} path="check-ins" set=${set} label=${t('watch.ask-now')} body=${() => ({})} />`}
      <details><summary>${t(file.is_home_known ? 'watch.move-home' : 'watch.set-home')}</summary><${Act} id=${file.person_id} path="home" method="PUT" set=${set} label=${t('watch.save')} body=${form => readPlace(form.get('place'))}>
        <label class="field"><span>${t('watch.place')}</span><input name="place" required placeholder="21.59400, 105.84800" autocomplete="off" /></label></${Act}></details></div>`}</section>`;
}

export function SupervisionFile({ id, close }) {
  const [file, set] = useState(null), [fault, setFault] = useState('');
  const read = () => call(`/v1/cases/${id}/supervision`).then(found => { setServerNow(found.as_of); set(found); }).catch(refusal => setFault(words(refusal)));
  useEffect(() => { read(); }, [id]);
  return html`<${Dialog} title=${file ? t('watch.of', { name: file.full_name }) : t('watch.tab')} onClose=${close}>
    ${fault && html`<p class="wrong" role="alert">${fault}</p>`}
    ${file && html`<div class="file"><p>${[file.address, file.commune_name].filter(Boolean).join(', ')} ${file.phone && html`· <a href=${`tel:${file.phone}`}>${file.phone}</a>`}</p>
      <${Now} file=${file} /><${Contacts} file=${file} set=${set} /><${Breaches} file=${file} set=${set} /><${Needs} file=${file} set=${set} again=${read} /><${CheckIns} file=${file} set=${set} /></div>`}</${Dialog}>`;
}
