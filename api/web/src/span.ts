// The time that is shown, and the length of one step of it.

import { stamp, type Range, type View } from './view';

const minute = 60_000;
const hour = 60 * minute;
const stale = 15 * minute;
const mostSteps = 1_500;

const lengths: Record<Range, number> = { '1h': hour, '3h': 3 * hour, '6h': 6 * hour, '24h': 24 * hour, '7d': 168 * hour, '30d': 720 * hour };
const steps: [string, number][] = [
  ['1m', minute], ['5m', 5 * minute], ['10m', 10 * minute], ['15m', 15 * minute], ['30m', 30 * minute],
  ['1h', hour], ['3h', 3 * hour], ['6h', 6 * hour], ['12h', 12 * hour], ['1d', 24 * hour],
];

/** The range of a service's page that names none. */
export const usualRange: Range = '3h';

/** Span is a range of time. */
export interface Span {
  from: Date;
  to: Date;
  past: boolean; // nothing is heard any more at its end, or it is a frozen one
  step: string; // as the API names it
  stepMs: number;
}

/**
 * spanOf is the range of a view. A relative one ends now; or, when nothing was
 * heard for a quarter of an hour (a replay of a past day runs, or the sources are
 * silent), with the newest post.
 */
export function spanOf(view: Pick<View, 'range' | 'from' | 'to'>, newest: Date | null, now: Date): Span {
  const late = isStale(newest, now);
  const last = late && newest ? newest : now;
  const present = new Date((Math.floor(last.getTime() / minute) + 1) * minute);
  if (view.from) {
    const from = new Date(view.from);
    const to = view.to ? new Date(view.to) : new Date(Math.max(present.getTime(), from.getTime() + minute));
    return withStep(from, to, late || to <= last);
  }
  return withStep(new Date(present.getTime() - lengths[(view.range || usualRange) as Range]), present, late);
}

/** isStale says that nothing was heard for so long that "now" means the newest post. */
export const isStale = (newest: Date | null, now: Date): boolean => newest !== null && now.getTime() - newest.getTime() > stale;

function withStep(from: Date, to: Date, past: boolean): Span {
  const length = to.getTime() - from.getTime();
  const [step, stepMs] = steps.find(([, ms]) => length / ms <= mostSteps) ?? (steps.at(-1) as [string, number]);
  const floor = (t: Date) => Math.floor(t.getTime() / stepMs) * stepMs;
  return { from: new Date(floor(from)), to: new Date(floor(new Date(to.getTime() - 1)) + stepMs), past, step, stepMs };
}

/** moved is the range shifted by parts of its length, and made longer by a factor around its middle. */
export function moved(span: Span, by: number, factor = 1): { from: Date; to: Date } {
  const length = span.to.getTime() - span.from.getTime();
  const middle = span.from.getTime() + length / 2 + by * length;
  const half = Math.max(5 * minute, (length * factor) / 2);
  const whole = (t: number) => new Date(Math.round(t / minute) * minute);
  return { from: whole(middle - half), to: whole(middle + half) };
}

/** lengthOf is "3 h" or "7 days". */
export function lengthOf(span: Span): string {
  const h = (span.to.getTime() - span.from.getTime()) / hour;
  if (h < 1) return `${Math.round(h * 60)} min`;
  return h < 72 ? `${+h.toFixed(1)} h` : `${+(h / 24).toFixed(1)} days`;
}

/** rangeOf is a span as parameters of the API. */
export const rangeOf = (span: Span): { from: string; to: string } => ({ from: stamp(span.from), to: stamp(span.to) });
