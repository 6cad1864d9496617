// The sentences of the page.

import type { Incident, Point, Source } from './api';
import { lasting, Refused } from './client';
import { counted, source } from './format';
import { deafness, simulated, summary, type Deafness } from './points';
import { isStale, type Span } from './span';
import type { Times } from './times';

/** banner says what must be known to read a page rightly; empty when it is live and real. */
export function banner(sources: Source[], newest: Date | null, now: Date, times: Times): string {
  const parts: string[] = [];
  if (simulated(sources)) parts.push('Simulated data: these posts were made up by a program.');
  if (newest && isStale(newest, now)) parts.push(`These are data of ${times.day(newest)}, up to ${times.time(newest)}; nothing newer has been heard.`);
  return parts.join(' ');
}

/** silence says which sources were not heard for some of the time. */
export function silence(sources: Source[]): string {
  const deaf = sources.filter((s) => s.coverage !== null && s.coverage < 0.98);
  return deaf.map((s) => `${source(s.source)} was heard for only ${Math.floor((s.coverage ?? 0) * 100)}% of this time: counts are too low.`).join(' ');
}

/** deaf says where sources were not heard, so that no complaints are not taken for calm. */
export function deaf(points: Point[], span: Span, times: Times): string {
  return deafness(points).map((d) => deafSentence(d, span, times)).join(' ');
}

function deafSentence({ source: name, from, to, steps }: Deafness, span: Span, times: Times): string {
  const [begin, end] = [new Date(from), new Date(Date.parse(to) + span.stepMs)];
  const whole = (end.getTime() - begin.getTime()) / span.stepMs === steps;
  const ends = `${times.near(begin, span.to)} ${whole ? 'to' : 'and'} ${times.near(end, span.to)}`;
  const when = whole ? `from ${ends}` : `for some of the time between ${ends}`;
  return `${source(name)} was not fully heard ${when}: counts are too low there.`;
}

/** sentence tells the state of a service. It changes once a step, so that it can be read aloud. */
export function sentence(name: string, points: Point[], newest: Date | null, span: Span, incidents: Incident[], times: Times): string {
  const { last, peak } = summary(points, newest, span.stepMs);
  const at = (t: string) => times.near(new Date(t), span.to);
  const open = incidents.find((i) => !i.end);
  const incident = open ? ` An incident has lasted since ${at(open.onset)}.` : '';
  if (!last || !peak) return `${name}: no complaints in the time shown.${incident}`;
  const step = span.step === '1m' ? 'in the minute of' : `in the ${span.step} from`;
  return `${name}: ${counted(last.posts, 'complaint', 'complaints')} ${step} ${at(last.t)}; the peak was ${peak.posts} at ${at(peak.t)}.${incident}`;
}

/** why says in a sentence what went wrong. */
export const why = (error: unknown): string =>
  error instanceof Refused ? `The server answered: ${error.message}.`.replace(/\.\.$/, '.') : 'The server cannot be reached.';

/** trouble says why there is no new picture, and how old the one on the page is. */
export function trouble(error: unknown, well: Date | null, times: Times): string {
  const old = well ? ` Shown is the picture of ${times.seconds(well)}.` : '';
  return `${why(error)}${old}${lasting(error) ? '' : ' Trying again.'}`;
}
