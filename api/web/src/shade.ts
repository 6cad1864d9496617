// What lies behind the lines of the chart: the time of incidents, and the
// minutes in which a source was not heard.

import type uPlot from 'uplot';
import type { Incident, Point } from './api';

export interface Band {
  from: number; // seconds since 1970
  to: number;
}

/** incidentBands are from onset to end, or to now where the incident lasts. */
export function incidentBands(incidents: Incident[], now: Date): Band[] {
  return incidents.map((i) => ({
    from: Date.parse(i.onset) / 1000,
    to: (i.end ? Date.parse(i.end) : Math.max(now.getTime(), Date.parse(i.updated))) / 1000,
  }));
}

/** deafBands are the steps in which a source was not heard, those side by side as one. */
export function deafBands(points: Point[], step: number): Band[] {
  const bands: Band[] = [];
  for (const p of points) {
    if (!p.deaf?.length) continue;
    const t = Date.parse(p.t) / 1000;
    const last = bands.at(-1);
    if (last?.to === t) last.to = t + step;
    else bands.push({ from: t, to: t + step });
  }
  return bands;
}

/** box is a band on the canvas, cut to what is shown; null when nothing is. A point stands for the step after it. */
function box(u: uPlot, band: Band): { x: number; width: number } | null {
  const { left, width } = u.bbox;
  const at = (t: number) => Math.min(left + width, Math.max(left, u.valToPos(t, 'x', true)));
  const x = at(band.from);
  const end = at(band.to);
  return end <= left || x >= left + width ? null : { x, width: Math.max(end - x, devicePixelRatio) };
}

/** shade fills bands over the whole height. */
export function shade(u: uPlot, bands: Band[], fill: string | CanvasPattern): void {
  u.ctx.save();
  u.ctx.fillStyle = fill;
  for (const band of bands) {
    const b = box(u, band);
    if (b) u.ctx.fillRect(b.x, u.bbox.top, b.width, u.bbox.height);
  }
  u.ctx.restore();
}

/** mark draws the onset of each incident and writes beside it what it is; labels that would overlap are left out. */
export function mark(u: uPlot, bands: Band[], colour: string): void {
  const { ctx } = u;
  const label = 'Incident';
  const gap = 4 * devicePixelRatio;
  ctx.save();
  ctx.fillStyle = ctx.strokeStyle = colour;
  ctx.lineWidth = devicePixelRatio;
  ctx.font = `600 ${12 * devicePixelRatio}px system-ui, sans-serif`;
  ctx.textBaseline = 'top';
  ctx.textAlign = 'left';
  const size = ctx.measureText(label).width;
  let free = u.bbox.left;
  for (const band of bands.toSorted((a, b) => a.from - b.from)) {
    const b = box(u, band);
    if (!b) continue;
    if (u.valToPos(band.from, 'x', true) >= u.bbox.left) line(u, b.x);
    const x = Math.min(b.x + gap, u.bbox.left + u.bbox.width - size);
    if (x < free) continue;
    ctx.fillText(label, x, u.bbox.top + gap);
    free = x + size + gap;
  }
  ctx.restore();
}

function line(u: uPlot, x: number): void {
  u.ctx.beginPath();
  u.ctx.moveTo(x, u.bbox.top);
  u.ctx.lineTo(x, u.bbox.top + u.bbox.height);
  u.ctx.stroke();
}

/** hatch is a pattern of thin slanted lines: it is told from a plain band without colours too. */
export function hatch(ctx: CanvasRenderingContext2D, colour: string): CanvasPattern | string {
  const size = Math.round(6 * devicePixelRatio);
  const tile = document.createElement('canvas');
  tile.width = tile.height = size;
  const c = tile.getContext('2d');
  if (!c) return colour;
  c.strokeStyle = colour;
  c.lineWidth = devicePixelRatio;
  c.beginPath();
  for (const shift of [-size, 0, size]) {
    c.moveTo(shift, size);
    c.lineTo(shift + size, 0);
  }
  c.stroke();
  return ctx.createPattern(tile, 'repeat') ?? colour;
}
