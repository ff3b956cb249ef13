// The tile map: one square per commune, so that a small urban ward is as visible as a mountain commune.
// One tab stop; arrow keys walk, Enter chooses. The same figures are in the table beside it.
import { html, useMemo, useRef, useState } from 'shell/ui.js';
import { hm, num } from 'shell/kit.js';
import { t } from 'shell/i18n.js';
import { face } from './board.js';

const SIDE = 40;
const STEPS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
const FAR = 20;
export const short = name => name.replace(/^(Thành phố|Huyện|Thị xã|Quận) /, '');

/** The name alone, for lists where all are of one kind. */
export const bare = name => short(name).replace(/^(Phường|Xã|Thị trấn) /, '');

const inside = unit => ({ x: unit.x * SIDE, y: unit.y * SIDE });
function borders(grid, at) {
  const lines = [];
  for (const unit of grid.units) {
    const { x, y } = inside(unit);
    for (const [dx, dy] of Object.values(STEPS)) {
      const other = at.get(`${unit.x + dx},${unit.y + dy}`);
      if (other != null && grid.units[other].d === unit.d) continue;
      lines.push(dx ? `M${x + (dx > 0 ? SIDE : 0)} ${y}v${SIDE}` : `M${x} ${y + (dy > 0 ? SIDE : 0)}h${SIDE}`);
    }
  }
  return lines.join('');
}
function middle(grid, district) {
  const units = grid.units.filter(unit => unit.d === district.code);
  const mean = axis => units.reduce((sum, unit) => sum + unit[axis] + 0.5, 0) / units.length;
  return { code: district.code, name: short(district.name), x: mean('x') * SIDE, y: Math.round(mean('y')) * SIDE };
}
function describe(unit, districts, area, isLoaded) {
  const place = `${unit.name}, ${short(districts[unit.d])}`;
  if (!area) return isLoaded ? t('wall.tile-hidden', { place }) : place;
  const figures = t('wall.tile-figures', { active: num(area.metrics.f0_active), fresh: num(area.metrics.f0_new), quarantine: num(area.metrics.quarantine_active) });
  if (area.silent_since) return t('wall.tile-silent', { place, at: hm(area.silent_since), figures });
  if (area.spread_level == null) return t('wall.tile-quiet', { place });
  return t('wall.tile-level', { place, level: area.spread_level, name: t(`wall.level-${area.spread_level}`), figures });
}
export function TileMap({ grid, board, chosen, onChoose }) {
  const [at, setAt] = useState(0), [detail, setDetail] = useState(''), svg = useRef();
  const index = useMemo(() => new Map(grid.units.map((unit, i) => [`${unit.x},${unit.y}`, i])), [grid]);
  const lines = useMemo(() => borders(grid, index), [grid, index]);
  const names = useMemo(() => grid.districts.map(district => middle(grid, district)), [grid]);
  const districts = Object.fromEntries(grid.districts.map(district => [district.code, district.name]));
  const text = unit => describe(unit, districts, board.areas.get(unit.code), board.loaded);
  const walk = event => {
    const step = STEPS[event.key];
    if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); choose(grid.units[at]); return; }
    if (!step) return;
    event.preventDefault();
    let { x, y } = grid.units[at];
    for (let k = 0; k < FAR; k++) {
      x += step[0]; y += step[1];
      const next = index.get(`${x},${y}`);
      if (next != null) { setAt(next); svg.current.querySelector(`[data-i="${next}"]`).focus(); return; }
    }
  };
  const choose = unit => board.areas.has(unit.code) && onChoose(unit.code);
  return html`<section class="card map" aria-labelledby="map-title">
    <h2 class="heading" id="map-title">${t('wall.map')} <small>${t('wall.map-hint', { n: grid.units.length })}</small></h2>
    <svg ref=${svg} viewBox="-4 -4 ${grid.cols * SIDE + 8} ${grid.rows * SIDE + 8}" role="group" aria-label=${t('wall.map-keys')} onKeyDown=${walk}>
      ${grid.units.map((unit, i) => {
        const { kind, mark } = face(board.areas.get(unit.code)), { x, y } = inside(unit);
        const isChosen = chosen === unit.code || chosen === unit.d;
        return html`<g class=${`tile ${kind}${isChosen ? ' chosen' : ''}`} data-i=${i} data-code=${unit.code} key=${unit.code} role="button" tabindex=${i === at ? 0 : -1}
          aria-label=${text(unit)} onFocus=${() => { setAt(i); setDetail(text(unit)); }} onMouseEnter=${() => setDetail(text(unit))} onClick=${() => choose(unit)}>
          <rect x=${x} y=${y} width=${SIDE} height=${SIDE} rx="4" /><text x=${x + SIDE / 2} y=${y + SIDE / 2 + 1}>${mark}</text></g>`;
      })}
      <path class="borders" d=${lines} />
      ${names.map(name => html`<text class="district" key=${name.code} x=${name.x} y=${name.y} aria-hidden="true">${name.name}</text>`)}
    </svg>
    <div class="detail" aria-live="polite">${detail || '\u00a0'}</div>
    <div class="legend">${[1, 2, 3, 4].map(level => html`<span key=${level}><i class=${`l${level}`}>${level === 1 ? '·' : level}</i>${t(`wall.level-${level}`)}</span>`)}
      <span><i class="silent">?</i>${t('wall.silent')}</span><span><i>·</i>${t('wall.unheard')}</span></div>
  </section>`;
}
