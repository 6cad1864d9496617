// A picture is all that the page shows at one moment, worked out of the
// answers of the API.

import type { Incident, Point, Post, ServiceRow } from './api';
import type { View, Window } from './view';

export interface Picture {
  view: View;
  services: ServiceRow[];
  newest: Date | null;
  window: Window;
  curve: Point[];
  posts: Post[];
  incidents: Incident[]; // of all services in the window: those that last first, then the latest
  own: Incident[]; // of the chosen service
  at: Date;
  missing: string[] | null; // the service does not exist; these may have been meant
}

export interface Summary {
  last: Point | null; // the latest minute that is over
  peak: Point | null;
  total: number;
}

/** unheard tells whether a point lies after all that was heard: it is not zero, it is not known. */
export function unheard(p: Point, newest: Date | null): boolean {
  return newest === null || Date.parse(p.t) > newest.getTime();
}

/** running tells whether the minute of a point may still grow. */
export function running(p: Point, newest: Date | null): boolean {
  return newest !== null && Date.parse(p.t) === newest.getTime();
}

export function summary(points: Point[], newest: Date | null): Summary {
  const heard = points.filter((p) => !unheard(p, newest));
  const over = heard.filter((p) => !running(p, newest));
  let peak: Point | null = null;
  for (const p of heard) if (p.posts > (peak?.posts ?? 0)) peak = p;
  return { last: over.at(-1) ?? null, peak, total: heard.reduce((sum, p) => sum + p.posts, 0) };
}

/** What was not heard of a source; from and to are its first and last minute, and minutes may be fewer. */
export interface Deafness {
  source: string;
  from: string;
  to: string;
  minutes: number;
}

/** deafness sums up by source what was not heard of the time shown. */
export function deafness(points: Point[]): Deafness[] {
  const all = new Map<string, Deafness>();
  for (const { t, deaf } of points) {
    for (const source of deaf ?? []) {
      const known = all.get(source);
      if (known) Object.assign(known, { to: t, minutes: known.minutes + 1 });
      else all.set(source, { source, from: t, to: t, minutes: 1 });
    }
  }
  return [...all.values()].sort((a, b) => a.source.localeCompare(b.source));
}

/** lasting puts incidents that last before those that have ended. */
export function lasting(incidents: Incident[]): Incident[] {
  return [...incidents.filter((i) => !i.end), ...incidents.filter((i) => i.end)];
}

/** simulated tells whether all posts come from sources that make them up. */
export function simulated(posts: Post[]): boolean {
  return posts.length > 0 && posts.every((p) => isSimulated(p.source));
}

export const isSimulated = (source: string): boolean => source.endsWith('-sim');

export function symptomShares(posts: Post[]): { slug: string; share: number }[] {
  const counts = new Map<string, number>();
  for (const p of posts) for (const s of p.symptoms) counts.set(s, (counts.get(s) ?? 0) + 1);
  return [...counts]
    .map(([slug, n]) => ({ slug, share: n / posts.length }))
    .sort((a, b) => b.share - a.share || a.slug.localeCompare(b.slug));
}

export const nameOf = (services: ServiceRow[], slug: string): string =>
  services.find((s) => s.slug === slug)?.name ?? slug;
