// What the viewer looks at: kept in the address of the page, so that a link
// shows the same.

export const ranges = ['1h', '3h', '6h', '24h'] as const;
export type Range = (typeof ranges)[number];

export interface View {
  service: string; // empty: whichever has the most complaints
  range: Range;
}

const minute = 60_000;
const stale = 15 * minute;

export function hours(range: Range): number {
  return Number.parseInt(range, 10);
}

export function readView(search: string): View {
  const params = new URLSearchParams(search);
  const range = ranges.find((r) => r === params.get('range')) ?? '3h';
  return { service: params.get('service') ?? '', range };
}

export function viewLink(view: View): string {
  const params = new URLSearchParams();
  if (view.service) params.set('service', view.service);
  params.set('range', view.range);
  return `?${params}`;
}

/** The time that is shown. */
export interface Window {
  from: Date;
  to: Date;
  past: boolean; // it ends at the newest post heard, not now
}

/**
 * windowOf ends now; or, when nothing was heard for a quarter of an hour (a
 * replay of a past day runs, or the sources are silent), with the newest post.
 */
export function windowOf(range: Range, newest: Date | null, now: Date): Window {
  const past = newest !== null && now.getTime() - newest.getTime() > stale;
  const last = past ? newest : now;
  const to = new Date((Math.floor(last.getTime() / minute) + 1) * minute);
  return { from: new Date(to.getTime() - hours(range) * 60 * minute), to, past };
}
