// The band of counts that would be usual, behind the lines of the chart.

import type uPlot from 'uplot';
import type { Point } from './api';
import { some } from './format';

/** Stretch is a time in which the same counts of authors are usual. */
export interface Stretch {
  from: number; // seconds since 1970
  to: number;
  low: number;
  high: number;
}

/** stretches joins steps side by side with the same band; where it is not known is a gap. */
export function stretches(points: Point[], step: number): Stretch[] {
  const all: Stretch[] = [];
  for (const p of points) {
    if (!p.band) continue;
    const { low, high } = p.band;
    const t = Date.parse(p.t) / 1000;
    const last = all.at(-1);
    if (last?.to === t && last.low === low && last.high === high) last.to = t + step;
    else all.push({ from: t, to: t + step, low, high });
  }
  return all;
}

/** rangeOf is "0–2", or "0" where no other count is usual. */
export const rangeOf = ({ low, high }: { low: number; high: number }): string =>
  low === high ? some(low) : `${some(low)}–${some(high)}`;

/** drawUsual fills what is usual, and draws its upper edge: beside a high peak the band is no thicker than that. */
export function drawUsual(u: uPlot, all: Stretch[], fill: string, edge: string): void {
  const { ctx, bbox } = u;
  const at = (t: number) => Math.round(u.valToPos(t, 'x', true));
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  for (const { from, to, low, high } of all) {
    const x = at(from);
    const width = at(to) - x;
    const line = devicePixelRatio;
    const top = Math.round(u.valToPos(high, 'y', true)) - line;
    ctx.fillStyle = fill;
    ctx.fillRect(x, top, width, Math.round(u.valToPos(low, 'y', true)) - top);
    ctx.fillStyle = edge;
    ctx.fillRect(x, top, width, line);
  }
  ctx.restore();
}
