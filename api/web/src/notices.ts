// The sentences of the page.

import { Refused } from './api';
import { counted, dateUTC, time, timeSeconds, timeUTC } from './format';
import { deafness, nameOf, simulated, summary, type Deafness, type Picture } from './picture';

/** banner says what must be known to read the picture rightly; empty when it is live and real. */
export function banner(p: Picture): string {
  const parts: string[] = [];
  if (simulated(p.posts)) parts.push('Simulated data: these posts were made up by a program.');
  if (p.window.past && p.newest) {
    parts.push(`These are data of ${dateUTC(p.newest)} (UTC), up to ${timeUTC(p.newest)} UTC; nothing newer has been heard.`);
  }
  return [...parts, ...deafness(p.curve).map(deaf)].join(' ');
}

/** deaf says that a source was not heard, so that no complaints are not taken for calm. */
function deaf({ source, from, to, minutes }: Deafness): string {
  const begin = time(new Date(from));
  const end = time(new Date(to));
  const whole = (Date.parse(to) - Date.parse(from)) / 60_000 + 1 === minutes;
  const when = minutes === 1 ? `in the minute of ${begin}` : whole ? `from ${begin} to ${end}` : `in ${minutes} minutes between ${begin} and ${end}`;
  return `${source} was not heard ${when}: counts are too low there.`;
}

/** sentence tells the state of the chosen service. It changes once a minute, so that it can be read aloud. */
export function sentence(p: Picture): string {
  const name = nameOf(p.services, p.view.service);
  const { last, peak } = summary(p.curve, p.newest);
  const open = p.own.find((i) => !i.end);
  const incident = open ? ` An incident has lasted since ${time(new Date(open.onset))}.` : '';
  if (!last || !peak) return `${name}: no complaints in the time shown.${incident}`;
  const now = `${counted(last.posts, 'complaint', 'complaints')} in the minute of ${time(new Date(last.t))}`;
  return `${name}: ${now}; the peak was ${peak.posts} at ${time(new Date(peak.t))}.${incident}`;
}

/** trouble says why there is no new picture, and how old the one on the page is. */
export function trouble(error: unknown, p: Picture | null): string {
  const why = error instanceof Refused ? `The server answered: ${error.message}.` : 'The server cannot be reached.';
  const old = p ? ` Shown is the picture of ${timeSeconds(p.at)}.` : '';
  return `${why}${old} Trying again.`;
}

/** title names the page in tabs and bookmarks. */
export function title(p: Picture): string {
  if (p.missing) return 'No such service · Outcry';
  return p.view.service ? `${nameOf(p.services, p.view.service)} — complaints per minute · Outcry` : 'Outcry';
}
