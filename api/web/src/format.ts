// Numbers and times in words. The page is in English; times are in the
// viewer's zone, dates of recorded data in UTC.

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const seconds = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const dayMonth = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const fullUTC = new Intl.DateTimeFormat('en-GB', {
  weekday: 'long', day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC',
});
const clockUTC = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' });
const integer = new Intl.NumberFormat('en-GB');
const languages = new Intl.DisplayNames('en', { type: 'language' });

export const time = (t: Date): string => clock.format(t);
export const timeSeconds = (t: Date): string => seconds.format(t);
export const date = (t: Date): string => dayMonth.format(t);
export const dateUTC = (t: Date): string => fullUTC.format(t);
export const timeUTC = (t: Date): string => clockUTC.format(t);
export const number = (n: number): string => integer.format(n);

export function counted(n: number, one: string, many: string): string {
  return `${number(n)} ${n === 1 ? one : many}`;
}

export function language(code: string): string {
  if (!code) return '';
  try {
    return languages.of(code) ?? code;
  } catch {
    return code;
  }
}

/** zoneNote says in which zone the times of the page are, as it was at t. */
export function zoneNote(t: Date): string {
  const offset = -t.getTimezoneOffset();
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (offset === 0) return 'Times are in UTC.';
  const h = String(Math.floor(Math.abs(offset) / 60)).padStart(2, '0');
  const m = String(Math.abs(offset) % 60).padStart(2, '0');
  return `Times are in ${zone} (UTC${offset < 0 ? '−' : '+'}${h}:${m}).`;
}

const symptomWords: Record<string, string> = {
  down: 'Nothing works', messages: 'Messages', login: 'Signing in', connection: 'Connection', app: 'App',
  website: 'Website', loading: 'Loading', slow: 'Slow', playback: 'Playback', calls: 'Calls',
  posting: 'Posting', payment: 'Payment', notifications: 'Notifications', search: 'Search',
  account: 'Account', internet: 'Fixed internet', mobile: 'Mobile network', tv: 'TV',
};

export const symptom = (slug: string): string => symptomWords[slug] ?? slug;
