// The words of the incidents that are listed. They change with the counts, by
// the minute at most, so each is asked for when its incident was updated.

import { Client, type Brief } from './api';
import type { Picture } from './picture';
import { mostIncidents } from './incidents';

export type BriefMap = ReadonlyMap<string, Brief>;

export class Briefs {
  private readonly client = new Client();
  private readonly tz = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  private told = new Map<string, Brief & { updated: string }>();
  private busy = false;

  constructor(private readonly show: (briefs: BriefMap) => void) {}

  /** follow renews the briefs of incidents that have changed since. */
  follow(picture: Picture): void {
    const shown = picture.incidents.slice(0, mostIncidents);
    const due = shown.filter((i) => this.told.get(i.id)?.updated !== i.updated);
    if (this.busy || !due.length) return;
    this.busy = true;
    void this.renew(due).finally(() => { this.busy = false; });
    const ids = new Set(shown.map((i) => i.id));
    for (const id of this.told.keys()) if (!ids.has(id)) this.told.delete(id);
  }

  private async renew(due: { id: string; updated: string }[]): Promise<void> {
    const lang = document.documentElement.lang;
    for (const { id, updated } of due) {
      try {
        const path = `v1/incidents/${encodeURIComponent(id)}/brief`;
        const brief = await this.client.get<Brief>(path, { lang, tz: this.tz }, AbortSignal.timeout(10_000));
        this.told.set(id, { ...brief, updated });
      } catch {
        continue; // the list says what and when without it; the next picture tries again
      }
    }
    this.show(new Map(this.told));
  }
}
