// Charts for staff pages: daily bars with a 7-day average (uPlot), and the colours of the page's theme.
import uPlot from 'uplot';
import { num } from './kit.js';

const NARROW = 500;
const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** Mean of each day with the six before it; null until seven days are known, and across days not known. */
export function sevenDayMean(values) {
  return values.map((_, i) => {
    const week = values.slice(Math.max(0, i - 6), i + 1);
    return week.length < 7 || week.some(v => v == null) ? null : week.reduce((a, b) => a + b) / 7;
  });
}

/**
 * Draw `values` of consecutive days ending today into `element`. `label(daysAgo)` names the ticks.
 * Returns {update(values, restated), destroy()}; it follows the size of the element. Days whose number was changed
 * by late facts (`restated`) get a colour of their own.
 */
export function dailyChart(element, { label, fontSize = 18, bars = '--chart-bar', lateBars = '--chart-late', line = '--warn' } = {}) {
  const axis = { stroke: colour('--mut'), font: `${fontSize}px "Be Vietnam Pro"`, grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false } };
  let xs = [];
  const plot = new uPlot({
    width: element.clientWidth || 300, height: element.clientHeight || 200, legend: { show: false }, cursor: { show: false }, padding: [12, 44, 0, 0],
    scales: { x: { time: false, range: (_, low, high) => [low - 0.6, high + 0.6] }, y: { range: (_, low, high) => [0, Math.max(5, high * 1.1)] } },
    axes: [
      { ...axis, size: 40, values: (_, ticks) => ticks.map(tick => label(xs.length - 1 - tick)), splits: self => xs.filter(x => (xs.length - 1 - x) % (self.width < NARROW ? 14 : 7) === 0) },
      { ...axis, size: 62, values: (_, ticks) => ticks.map(tick => (Number.isInteger(tick) ? num(tick) : '')) },
    ],
    series: [{},
      ...[bars, lateBars].map(name => ({ paths: uPlot.paths.bars({ size: [0.7, 60] }), fill: colour(name) || colour('--acc'), width: 0, points: { show: false } })),
      { stroke: colour(line), width: 5, points: { show: false }, spanGaps: false }],
  }, [[], [], [], []], element);
  const fit = new ResizeObserver(() => element.clientWidth && plot.setSize({ width: element.clientWidth, height: element.clientHeight }));
  fit.observe(element);
  return {
    update(values, restated = []) {
      xs = values.map((_, i) => i);
      const only = wanted => values.map((value, i) => (Boolean(restated[i]) === wanted ? value : null));
      plot.setData([xs, only(false), only(true), sevenDayMean(values)]);
    },
    destroy() { fit.disconnect(); plot.destroy(); },
  };
}
