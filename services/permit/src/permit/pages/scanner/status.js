// What the officer should know of the device: the network, the age of the lists, the clock, the sign-in.
import { signedIn, signIn } from 'shell/auth.js';
import { t } from 'shell/i18n.js';
import { minutesOff } from './clock.js';
import { listAge, listFault, OLD_SECONDS, TOO_OLD_SECONDS, wasAsked } from './lists.js';

const $ = selector => document.querySelector(selector);
const NEW_SECONDS = 120, TWO_HOURS = 7200, TWO_DAYS = 172800;

export function ageText(seconds) {
  if (seconds < TWO_HOURS) return t('age.minutes', { n: Math.round(seconds / 60) });
  return seconds < TWO_DAYS ? t('age.hours', { n: Math.floor(seconds / 3600) }) : t('age.days', { n: Math.floor(seconds / 86400) });
}

export function paintNet() {
  $('#net').className = `pill${navigator.onLine ? '' : ' off'}`;
  $('#net').textContent = t(navigator.onLine ? 'scan.online' : 'scan.offline');
}

export function paintList() {
  const age = listAge();
  $('#list').textContent = age == null ? '—' : age < NEW_SECONDS ? t('scan.list-new') : t('scan.list-age', { age: ageText(age) });
  $('#list').className = age == null || age > TOO_OLD_SECONDS ? 'too-old' : age > OLD_SECONDS ? 'old' : '';
}

export function paintWarnings() {
  const age = listAge(), found = [];
  if (age == null && wasAsked()) found.push(['bad', t('scan.warn-no-list')]);
  else if (age > TOO_OLD_SECONDS) found.push(['bad', t('scan.warn-too-old', { age: ageText(age) })]);
  else if (age > OLD_SECONDS) found.push(['warn', t('scan.warn-old', { age: ageText(age) })]);
  if (listFault()) found.push(['bad', t('scan.warn-list-fault')]);
  if (minutesOff()) found.push(['warn', t('scan.warn-clock', { n: Math.abs(minutesOff()) })]);
  if (!signedIn() && navigator.onLine) found.push(['warn', t('scan.warn-sign-in')]);
  const key = JSON.stringify(found);
  if ($('#warnings').dataset.key === key) return;
  $('#warnings').dataset.key = key;
  $('#warnings').replaceChildren(...found.map(([kind, text]) => {
    const line = document.createElement('p');
    line.className = kind;
    line.textContent = text;
    return line;
  }));
  if (!signedIn() && navigator.onLine) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = t('scan.sign-in');
    button.addEventListener('click', () => signIn());
    $('#warnings').lastElementChild.append(' ', button);
  }
}
