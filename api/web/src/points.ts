// What the points of a curve tell.

import type { Point, Source } from './api';
import type { Span } from './span';
import type { StreamPoint } from './stream';

export interface Summary {
  last: Point | null; // the latest step that is over
  peak: Point | null;
  total: number;
}

/** unheard tells whether a point lies after all that was heard: it is not zero, it is not known. */
export function unheard(p: Point, newest: Date | null): boolean {
  return newest === null || Date.parse(p.t) > newest.getTime();
}

/** running tells whether the step of a point may still grow. */
export function running(p: Point, newest: Date | null, stepMs: number): boolean {
  const t = Date.parse(p.t);
  return newest !== null && t <= newest.getTime() && newest.getTime() < t + stepMs;
}

export function summary(points: Point[], newest: Date | null, stepMs: number): Summary {
  const heard = points.filter((p) => !unheard(p, newest));
  const over = heard.filter((p) => !running(p, newest, stepMs));
  let peak: Point | null = null;
  for (const p of heard) if (p.posts > (peak?.posts ?? 0)) peak = p;
  return { last: over.at(-1) ?? null, peak, total: heard.reduce((sum, p) => sum + p.posts, 0) };
}

/** merged brings a curve of minutes up to date with what a stream has told since, over the range that is shown now. */
export function merged(points: Point[], told: ReadonlyMap<number, StreamPoint>, span: Span): Point[] {
  const known = new Map(points.map((p) => [Date.parse(p.t), p]));
  const all: Point[] = [];
  for (let t = span.from.getTime(); t < span.to.getTime(); t += span.stepMs) {
    const p = known.get(t) ?? { t: new Date(t).toISOString(), posts: 0, authors: 0, heard: 0 };
    const news = told.get(t);
    all.push(news ? { ...p, posts: news.posts, authors: news.authors, heard: news.heard ?? p.heard } : p);
  }
  return all;
}

/** What was not heard of a source; from and to are its first and last step, and steps may be fewer. */
export interface Deafness {
  source: string;
  from: string;
  to: string;
  steps: number;
}

/** deafness sums up by source what was not heard of the time shown. */
export function deafness(points: Point[]): Deafness[] {
  const all = new Map<string, Deafness>();
  for (const { t, deaf } of points) {
    for (const source of deaf ?? []) {
      const known = all.get(source);
      if (known) Object.assign(known, { to: t, steps: known.steps + 1 });
      else all.set(source, { source, from: t, to: t, steps: 1 });
    }
  }
  return [...all.values()].sort((a, b) => a.source.localeCompare(b.source));
}

/** simulated tells whether all that was heard comes from sources that make posts up. */
export function simulated(sources: Source[]): boolean {
  const heard = sources.filter((s) => s.posts > 0);
  return heard.length > 0 && heard.every((s) => isSimulated(s.source));
}

export const isSimulated = (source: string): boolean => source.endsWith('-sim');
