// What officers decided otherwise than the scanner, and the shifts: for supervisors the whole area, for an officer
// the own entries.
import { call, Refused, requireSignIn } from 'shell/auth.js';
import { dayHm } from 'shell/kit.js';
import { hasText, loadTexts, paintTexts, t } from 'shell/i18n.js';

const $ = selector => document.querySelector(selector);
const words = await (await fetch('/pages/verifier/words.json')).json();
const element = (tag, text = '', kind = '') => Object.assign(document.createElement(tag), { textContent: text, className: kind });
const reasonText = code => (hasText(`reason.${code}`) ? t(`reason.${code}`) : hasText(`act.${code}`) ? t(`act.${code}`) : code);

const ACTIONS = [
  ['log.at', row => dayHm(row.acted_at)], ['log.act', row => t(`act.${row.act}`)], ['log.reason', row => reasonText(row.reason_code)],
  ['log.told', row => words[row.told]?.vi ?? row.told], ['scan.post', row => row.checkpoint_name], ['log.officer', row => row.officer],
  ['scan.vehicle', row => row.plate], ['log.note', row => row.note],
];
const SHIFTS = [
  ['scan.post', row => row.checkpoint_name], ['log.officer', row => row.officer], ['log.from', row => dayHm(row.opened_at)],
  ['log.to', row => (row.closed_at ? dayHm(row.closed_at) : t('log.open'))],
  ['log.scans', row => (row.closed_at ? counted(row) : '—')], ['log.received', row => row.received],
  ['scan.overridden-count', row => row.counts.overridden], ['scan.emergency-count', row => row.counts.emergencies],
  ['log.note', row => missing(row) || row.note],
];
const counted = ({ counts }) => counts.allowed + counts.refused + counts.check;
const missing = row => (row.closed_at && counted(row) > row.received ? t('log.missing', { count: counted(row) - row.received }) : '');

function table(columns) {
  const made = element('table'), head = element('thead'), names = element('tr');
  names.append(...columns.map(([key]) => Object.assign(element('th', t(key)), { scope: 'col' })));
  head.append(names);
  made.append(head, element('tbody'));
  return made;
}

function rowOf(columns, row) {
  const made = element('tr');
  made.append(...columns.map(([key, value]) => {
    const cell = element('td', '', value(row) && value(row) === missing(row) ? 'short' : '');
    cell.dataset.name = t(key);
    cell.append(element('span', String(value(row) ?? '') || '—'));
    return cell;
  }));
  return made;
}

async function fill(place, path, columns, cursor = null) {
  try {
    const page = await call(`${path}?limit=50${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`);
    if (!cursor) place.replaceChildren(page.items.length ? table(columns) : nothing());
    place.querySelector('.more')?.remove();
    place.querySelector('tbody')?.append(...page.items.map(row => rowOf(columns, { counts: {}, ...row })));
    if (page.next) {
      const more = Object.assign(element('button', t('log.more'), 'btn more'), { type: 'button' });
      more.addEventListener('click', () => fill(place, path, columns, page.next));
      place.append(more);
    }
  } catch (fault) {
    place.replaceChildren(element('p', fault instanceof Refused ? fault.message : t('log.failed'), 'banner bad'));
  }
}

function nothing() {
  const made = element('div', '', 'empty');
  made.append(element('b', t('log.none')), element('p', t('log.none-hint')));
  return made;
}

await loadTexts('/pages/locales');
paintTexts();
await requireSignIn();
await Promise.all([fill($('#actions'), '/v1/gate-actions', ACTIONS), fill($('#shifts'), '/v1/shifts', SHIFTS)]);
document.documentElement.dataset.ready = '1';
