// One dashboard of Grafana drawn from the answers to its panels' queries.
import uPlot from 'uplot';

const COLOURS = ['#2f9e44', '#e8a000', '#1c7ed6', '#e8590c', '#c92a2a', '#7048e8', '#0b7285', '#d6336c', '#5c940d', '#495057', '#845ef7', '#087f5b'];
const LEGEND = 10;
const AXIS = { stroke: '#5a6675', font: '11px "Be Vietnam Pro"', grid: { stroke: '#eceff3', width: 1 }, ticks: { show: false } };

const short = value => (value === 0 ? '0' : value >= 1e6 ? `${(value / 1e6).toPrecision(3)} M` : value >= 1000 ? `${(value / 1000).toPrecision(3)} k` : `${Number(value.toPrecision(3))}`);
const UNITS = {
  short, reqps: v => `${short(v)} req/s`, cps: v => `${short(v)} c/s`, percentunit: v => `${short(v * 100)} %`,
  s: v => (v === 0 ? '0 s' : v < 1 ? `${short(v * 1000)} ms` : v < 120 ? `${short(v)} s` : `${short(v / 60)} min`),
  bytes: v => (v < 1024 ** 3 ? `${short(v / 1024 ** 2)} MiB` : `${short(v / 1024 ** 3)} GiB`),
};

const STEPS = {
  s: { incrs: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600] },
  bytes: { incrs: Array.from({ length: 30 }, (_, power) => 2 ** (power + 10)) },
};

// A value between two gaps would be no line: it is drawn as a point.
const alone = (plot, n) => plot.data[n].flatMap((value, i, all) => (value != null && all[i - 1] == null && all[i + 1] == null ? [i] : []));
const tag = (name, text, parent) => Object.assign(parent.appendChild(document.createElement(name)), { textContent: text });
const most = line => Math.max(...line.values.map(value => value ?? -Infinity));

function panel({ title, about, unit, lines, nothing }, moments, parent) {
  const box = tag('section', '', parent), say = UNITS[unit];
  tag('h2', title, box);
  tag('p', about, box);
  const graph = tag('div', '', box);
  graph.className = 'graph';
  if (!lines.length) {
    tag('div', nothing, graph).className = 'nothing';
    return;
  }
  const sorted = [...lines].sort((a, b) => most(b) - most(a));
  const plot = tag('div', '', graph);
  plot.className = 'plot';
  const clock = at => new Date((at + 7 * 3600) * 1000).toISOString().slice(11, 16);
  new uPlot({
    width: 455, height: 190, legend: { show: false }, cursor: { show: false }, padding: [6, 8, 0, 0],
    scales: { x: { time: false }, y: { range: (_, low, high) => [0, high > 0 ? high * 1.08 : 1] } },
    axes: [
      { ...AXIS, size: 22, space: 70, incrs: [60, 120, 180, 300], values: (_, ticks) => ticks.map(clock) },
      { ...AXIS, size: 66, space: 34, ...STEPS[unit], values: (_, ticks) => ticks.map(say) },
    ],
    series: [{}, ...sorted.map((_, n) => ({ stroke: COLOURS[n % COLOURS.length], width: 1.5, points: { show: true, size: 3, filter: alone }, spanGaps: false }))],
  }, [moments, ...sorted.map(line => line.values)], plot);
  const table = tag('table', '', graph), head = tag('tr', '', table);
  tag('th', '', head);
  tag('th', 'Max', head);
  for (const [n, line] of sorted.slice(0, LEGEND).entries()) {
    const row = tag('tr', '', table), name = tag('td', '', row);
    tag('i', '', name).style.background = COLOURS[n % COLOURS.length];
    name.append(line.legend);
    tag('td', say(most(line)), row);
  }
  if (sorted.length > LEGEND) tag('td', `and ${sorted.length - LEGEND} more`, tag('tr', '', table));
}

window.draw = ({ title, caption, moments, panels }) => {
  document.querySelector('h1').textContent = title;
  document.querySelector('header p').textContent = caption;
  for (const one of panels) panel(one, moments, document.querySelector('main'));
};
document.documentElement.dataset.ready = '';
