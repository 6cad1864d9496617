// Times in words, in one zone. The page is in English.

const wallParts = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})/;

/** isZone says whether the browser knows a zone of this name. */
export function isZone(name: string): boolean {
  try {
    return name !== '' && Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}

/** localZone is the zone of the viewer. */
export const localZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Times tells times in one zone. */
export class Times {
  private readonly made = new Map<string, Intl.DateTimeFormat>();

  constructor(readonly zone: string) {}

  /** "07:41" */
  time(t: Date): string {
    return this.format({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(t);
  }

  /** "07:41:09" */
  seconds(t: Date): string {
    return this.format({ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }).format(t);
  }

  /** "25 Oct" */
  date(t: Date): string {
    return this.format({ day: 'numeric', month: 'short' }).format(t);
  }

  /** "Tuesday, 25 October 2022" */
  day(t: Date): string {
    return this.format({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }).format(t);
  }

  /** "25 Oct 2022, 07:41" */
  moment(t: Date): string {
    return `${this.format({ day: 'numeric', month: 'short', year: 'numeric' }).format(t)}, ${this.time(t)}`;
  }

  /** near leaves out the date where it is that of the other time. */
  near(t: Date, other: Date): string {
    return this.date(t) === this.date(other) ? this.time(t) : `${this.date(t)}, ${this.time(t)}`;
  }

  /** note says in which zone the times are, as it was at t. */
  note(t: Date): string {
    return this.zone === 'UTC' ? 'Times are in UTC.' : `Times are in ${this.zone.replaceAll('_', ' ')} (${this.offsetName(t)}).`;
  }

  /** wall is a time as a field of the type datetime-local holds it. */
  wall(t: Date): string {
    return new Date(t.getTime() + this.offset(t)).toISOString().slice(0, 16);
  }

  /** fromWall reads such a field; null where it is empty or no time. */
  fromWall(value: string): Date | null {
    const parts = wallParts.exec(value);
    if (!parts) return null;
    const asUTC = Date.parse(`${parts[1]}T${parts[2]}Z`);
    if (Number.isNaN(asUTC)) return null;
    // The offset at the time itself may differ from the first guess: once more settles it.
    const guess = new Date(asUTC - this.offset(new Date(asUTC)));
    return new Date(asUTC - this.offset(guess));
  }

  private offsetName(t: Date): string {
    const part = this.format({ timeZoneName: 'longOffset' }).formatToParts(t).find((p) => p.type === 'timeZoneName');
    return (part?.value ?? 'GMT').replace('GMT', 'UTC');
  }

  private offset(t: Date): number {
    const [, sign, h = '0', m = '0'] = /([+−-])(\d+):?(\d+)?/.exec(this.offsetName(t)) ?? [];
    const ms = (Number(h) * 60 + Number(m)) * 60_000;
    return sign && sign !== '+' ? -ms : ms;
  }

  private format(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
    const key = JSON.stringify(options);
    const known = this.made.get(key) ?? new Intl.DateTimeFormat('en-GB', { ...options, timeZone: this.zone });
    this.made.set(key, known);
    return known;
  }
}
