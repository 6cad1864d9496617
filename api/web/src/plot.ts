// How the curve is drawn: the options of uPlot.

import uPlot from 'uplot';
import type { Incident, Point } from './api';
import { number } from './format';
import { running, unheard } from './points';
import { deafBands, hatch, incidentBands, mark, shade } from './shade';
import type { Span } from './span';
import type { Times } from './times';
import { drawUsual, stretches } from './usual';

/** Drawing is all that is drawn; times are at its span's zone. */
export interface Drawing {
  points: Point[];
  newest: Date | null;
  span: Span;
  incidents: Incident[];
  now: Date;
  times: Times;
  compare: boolean;
}

/** growing is the place of the step that is not over, in a list. */
export function growing({ points, newest, span }: Drawing): number[] {
  const i = points.findIndex((p) => running(p, newest, span.stepMs));
  return i < 0 ? [] : [i];
}

/** columns are the numbers of the drawing, as uPlot wants them. */
export function columns(d: Drawing): uPlot.AlignedData {
  const [open = -1] = growing(d);
  const value = (p: Point, i: number, field: 'posts' | 'authors') => (unheard(p, d.newest) || i === open ? null : p[field]);
  return [
    d.points.map((p) => Date.parse(p.t) / 1000),
    d.points.map((p) => (d.compare ? (p.before?.posts ?? null) : null)),
    d.points.map((p, i) => value(p, i, 'authors')),
    d.points.map((p, i) => value(p, i, 'posts')),
    // The step that is not over may still grow: it hangs on dashes and ends in an open dot.
    d.points.map((p, i) => (open >= 0 && (i === open || i === open - 1) ? p.posts : null)),
  ];
}

/** options ask for the drawing when it is needed, as it changes while the plot stays. */
export function options(
  drawing: () => Drawing,
  size: { width: number; height: number },
  colour: (name: string) => string,
  hear: { point: (i: number | null) => void; zoom: (from: number, to: number) => void },
): uPlot.Options {
  const axis = { stroke: colour('--muted'), grid: { stroke: colour('--grid'), width: 1 }, ticks: { show: false }, font: '12px system-ui, sans-serif' };
  const highest = (points: Point[]) => Math.max(0, ...points.map((p) => p.band?.high ?? 0));
  const step = () => drawing().span.stepMs / 1000;
  const bands = () => incidentBands(drawing().incidents, drawing().now);
  return {
    ...size,
    padding: [12, 20, 0, 0], // half of a time stands beyond the last step
    legend: { show: false },
    tzDate: (s) => uPlot.tzDate(new Date(s * 1000), drawing().times.zone),
    cursor: { drag: { x: true, y: false, setScale: false, dist: 6 }, y: false, points: { size: 7 } },
    scales: {
      x: { time: true, range: () => [drawing().span.from.getTime() / 1000, drawing().span.to.getTime() / 1000] },
      y: { range: (_u, _min, max) => [0, Math.max(5, Math.max(max ?? 0, highest(drawing().points)) * 1.1)] },
    },
    axes: [
      { ...axis, space: 72, size: 30, values: (_u, splits) => splits.map((s) => tick(new Date(s * 1000), drawing())) },
      { ...axis, size: 48, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 1e6], values: (_u, splits) => splits.map(number) },
    ],
    series: [
      {},
      { stroke: colour('--before'), width: 1.5, dash: [6, 4], points: { show: false }, spanGaps: false },
      { stroke: colour('--authors'), width: 1, points: { show: false } },
      { stroke: colour('--accent'), width: 2, fill: colour('--accent-soft'), points: { show: false } },
      { stroke: colour('--accent'), width: 2, dash: [3, 3], points: { size: 6, fill: colour('--card'), filter: () => growing(drawing()) } },
    ],
    hooks: {
      setCursor: [(u) => hear.point(u.cursor.idx ?? null)],
      setSelect: [(u) => {
        const { left, width } = u.select;
        if (width > 0) hear.zoom(u.posToVal(left, 'x'), u.posToVal(left + width, 'x'));
      }],
      drawClear: [(u) => {
        shade(u, bands(), colour('--incident-band'));
        shade(u, deafBands(drawing().points, step()), hatch(u.ctx, colour('--deaf')));
      }],
      // Above the grid, which would cut it into pieces that look like gaps.
      drawAxes: [(u) => drawUsual(u, stretches(drawing().points, step()), colour('--usual'), colour('--usual-edge'))],
      draw: [(u) => mark(u, bands(), colour('--incident'))],
    },
  };
}

const day = 86_400_000;

function tick(t: Date, { times, span }: Drawing): string {
  const clock = times.time(t);
  return clock === '00:00' || span.to.getTime() - span.from.getTime() > 6 * day ? times.date(t) : clock;
}
