// One vital sign over the last readings. What crossed the threshold changes shape (diamond) as well as colour,
// and silence is drawn as silence: the line turns to dots where the readings stopped.
import { html } from 'shell/ui.js';
import { dayHm, now, num } from 'shell/kit.js';
import { t } from 'shell/i18n.js';

const WIDTH = 440, HEIGHT = 112, RIGHT = WIDTH - 56, HOURS = 3600000;

/** `points` = [{at, value}] oldest first; `limit` is crossed at or below (`below`) or at or above it. */
export function Trend({ name, unit, points, range: [low, high], limit, label, below, silent }) {
  const known = points.filter(p => p.value != null);
  if (!known.length) return html`<section class="card trend"><h3>${name}</h3><p class="mut">${t('doctor.not-measured')}</p></section>`;
  const start = Date.parse(known[0].at), end = silent ? now() : Date.parse(known.at(-1).at), spread = Math.max(end - start, HOURS);
  const x = at => 12 + (RIGHT - 24) * (Date.parse(at) - start) / spread;
  const y = value => 10 + (high - Math.min(high, Math.max(low, value))) / (high - low) * (HEIGHT - 36);
  const past = value => (below ? value <= limit : value >= limit), last = known.at(-1), line = y(limit);
  const spoken = known.map(p => `${num(p.value)}`).join('; ');
  return html`<section class="card trend">
    <div class="top"><h3>${name}</h3><span class="sp"></span><span class=${`v ${past(last.value) ? 'high' : ''}`}>${num(last.value)}<small> ${unit}</small></span></div>
    <svg viewBox=${`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label=${`${name}: ${spoken} ${unit}. ${t('doctor.threshold')} ${label}`}>
      <rect class="zone" width=${RIGHT} y=${below ? line : 2} height=${Math.max(0, below ? HEIGHT - 20 - line : line - 2)} />
      <path class="limit" d=${`M0 ${line}H${RIGHT}`} /><text class="limit-name" x=${RIGHT + 5} y=${line + 5}>${label}</text>
      <path class="line" d=${`M${known.map(p => `${x(p.at)} ${y(p.value)}`).join('L')}`} />
      ${silent && x(last.at) < RIGHT - 40 && html`<path class="silence" d=${`M${x(last.at) + 10} ${y(last.value)}H${RIGHT - 16}`} /><text class="ask" x=${RIGHT - 12} y=${y(last.value) + 5}>?</text>`}
      ${known.map(p => (past(p.value) ? html`<path class="past" d=${`M${x(p.at)} ${y(p.value) - 7}l7 7-7 7-7-7z`} />` : html`<circle class="dot" cx=${x(p.at)} cy=${y(p.value)} r="4" />`))}
      <g class="axis"><text x="0" y=${HEIGHT - 3}>${dayHm(known[0].at)}</text><text x=${RIGHT} y=${HEIGHT - 3} text-anchor="end">${silent ? t('doctor.now') : dayHm(last.at)}</text></g>
    </svg></section>`;
}
