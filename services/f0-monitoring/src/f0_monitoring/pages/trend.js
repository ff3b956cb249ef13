// One vital sign over the last readings (uPlot). What crossed the threshold changes shape (diamond) as well as
// colour, and silence is drawn as silence: the line turns to dots where the readings stopped.
import uPlot from 'uplot';
import { html, useEffect, useRef } from 'shell/ui.js';
import { dayHm, now, num } from 'shell/kit.js';
import { t } from 'shell/i18n.js';

const HOUR = 3600, RIGHT = 74, HEIGHT = 112, POINT = 4.5;
const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** What uPlot draws beside the line: the zone past the limit, the limit with its number, and the points. */
function painter({ limit, label, below, silent, range }) {
  const past = value => (below ? value <= limit : value >= limit);
  const ratio = () => devicePixelRatio || 1;
  const zone = u => {
    const { ctx, bbox } = u, y = u.valToPos(limit, 'y', true), edge = u.valToPos(below ? range[0] : range[1], 'y', true);
    ctx.save();
    ctx.fillStyle = colour('--bad-soft'); ctx.fillRect(bbox.left, Math.min(y, edge), bbox.width, Math.abs(edge - y));
    ctx.strokeStyle = colour('--bad'); ctx.lineWidth = ratio(); ctx.setLineDash([5 * ratio(), 4 * ratio()]);
    ctx.beginPath(); ctx.moveTo(bbox.left, y); ctx.lineTo(bbox.left + bbox.width, y); ctx.stroke();
    ctx.fillStyle = colour('--bad'); ctx.font = `600 ${14 * ratio()}px "Be Vietnam Pro"`; ctx.textAlign = 'left'; ctx.textBaseline = 'middle';
    ctx.fillText(label, bbox.left + bbox.width + 6 * ratio(), y);
    ctx.restore();
  };
  const marks = u => {
    const { ctx, bbox } = u, size = POINT * ratio(), [xs, ys] = u.data;
    ctx.save();
    xs.forEach((x, i) => {
      const at = u.valToPos(x, 'x', true), y = u.valToPos(ys[i], 'y', true);
      ctx.fillStyle = colour(past(ys[i]) ? '--bad' : '--ink');
      ctx.beginPath();
      if (past(ys[i])) { const d = size * 1.6; ctx.moveTo(at, y - d); ctx.lineTo(at + d, y); ctx.lineTo(at, y + d); ctx.lineTo(at - d, y); ctx.closePath(); } else ctx.arc(at, y, size, 0, 7);
      ctx.fill();
    });
    const from = u.valToPos(xs.at(-1), 'x', true) + 3 * size, to = bbox.left + bbox.width - 4 * size, y = u.valToPos(ys.at(-1), 'y', true);
    if (silent && to > from) {
      ctx.strokeStyle = colour('--ctl'); ctx.lineWidth = 2.5 * ratio(); ctx.lineCap = 'round'; ctx.setLineDash([2 * ratio(), 7 * ratio()]);
      ctx.beginPath(); ctx.moveTo(from, y); ctx.lineTo(to, y); ctx.stroke();
      ctx.fillStyle = colour('--mut'); ctx.font = `600 ${15 * ratio()}px "Be Vietnam Pro"`; ctx.textBaseline = 'middle'; ctx.fillText('?', to + size, y);
    }
    ctx.restore();
  };
  return { drawAxes: [zone], draw: [marks] };
}

function options(element, spec, [start, end]) {
  const [low, high] = spec.range, font = '13px "Be Vietnam Pro"', half = u => u.width < 240;
  return {
    width: element.clientWidth || 300, height: HEIGHT, legend: { show: false }, cursor: { show: false }, padding: [8, RIGHT, 0, 10],
    scales: { x: { time: false, range: () => [start - (end - start) * 0.03, end + (end - start) * 0.03] }, y: { range: (_, min, max) => [Math.min(low, min), Math.max(high, max)] } },
    axes: [{ stroke: colour('--mut'), font, size: 22, gap: 2, grid: { show: false }, ticks: { show: false },
      splits: u => (half(u) ? [start] : [start, end]), align: 1, values: (_, ticks) => ticks.map((at, i) => (i && spec.silent ? t('doctor.now') : dayHm(at * 1000))) }, { show: false }],
    series: [{}, { stroke: colour('--ink'), width: 2.5, points: { show: false } }],
    hooks: painter(spec),
  };
}

/** `points` = [{at, value}] oldest first; `limit` is crossed at or below (`below`) or at or above it. */
export function Trend({ name, unit, points, range, limit, label, below, silent }) {
  const ref = useRef(), known = points.filter(p => p.value != null), last = known.at(-1);
  const drawn = known.map(p => `${p.at}=${p.value}`).join() + silent;
  useEffect(() => {
    if (!last) return undefined;
    const xs = known.map(p => Date.parse(p.at) / 1000), element = ref.current;
    const start = xs[0], end = Math.max(silent ? now() / 1000 : xs.at(-1), start + HOUR);
    const plot = new uPlot(options(element, { range, limit, label, below, silent }, [start, end]), [xs, known.map(p => p.value)], element);
    const fit = new ResizeObserver(() => element.clientWidth && plot.setSize({ width: element.clientWidth, height: HEIGHT }));
    fit.observe(element);
    document.fonts?.ready.then(() => plot.redraw());
    return () => { fit.disconnect(); plot.destroy(); };
  }, [drawn]);
  if (!last) return html`<section class="card trend"><h3>${name}</h3><p class="mut">${t('doctor.not-measured')}</p></section>`;
  const isPast = below ? last.value <= limit : last.value >= limit;
  const before = known.filter(p => Date.parse(last.at) - Date.parse(p.at) <= 24 * HOUR * 1000)[0], change = last.value - before.value;
  const spoken = known.map(p => num(p.value)).join('; ');
  return html`<section class="card trend">
    <div class="top"><h3>${name}</h3><span class="sp"></span>${change !== 0 && html`<span class="mut">${change > 0 ? '▲' : '▼'} ${num(Math.abs(change))} / ${t('doctor.in-24h')}</span>`}<span class=${`v ${isPast ? 'high' : ''}`}>${num(last.value)}<small> ${unit}</small></span></div>
    <div class="plot" ref=${ref} role="img" aria-label=${`${name}: ${spoken} ${unit}. ${t('doctor.threshold')} ${label}`}></div></section>`;
}
