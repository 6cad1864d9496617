// The services that there are: their names, and how to find one.

import type { ServiceRow, Services } from './api';
import type { Client } from './client';

interface Entry {
  row: ServiceRow;
  key: string; // what is looked through
  words: string[];
}

/** Catalog knows the services by name. */
export class Catalog {
  private readonly bySlug = new Map<string, ServiceRow>();
  private readonly entries: Entry[];
  readonly sectors: string[];
  readonly countries: string[];

  /** rows stand in the order in which they are offered: those with most complaints first. */
  constructor(readonly rows: ServiceRow[]) {
    for (const row of rows) this.bySlug.set(row.slug, row);
    this.entries = rows.map((row) => {
      const key = fold(row.name);
      return { row, key, words: [...key.split(/[\s.&/-]+/), row.slug] };
    });
    this.sectors = [...new Set(rows.map((r) => r.sector).filter(Boolean))].sort();
    this.countries = [...new Set(rows.flatMap((r) => r.countries))].sort();
  }

  /** load asks for all services. Their order is of the day that ends with the newest post. */
  static async load(client: Client, signal: AbortSignal): Promise<Catalog> {
    return new Catalog((await client.get<Services>('v1/services', {}, signal)).services);
  }

  get(slug: string): ServiceRow | undefined {
    return this.bySlug.get(slug);
  }

  name(slug: string): string {
    return this.bySlug.get(slug)?.name ?? slug;
  }

  /** find lists services for what was typed, the nearest first: the same name, its begin, a word's begin, any part. */
  find(typed: string, most: number): ServiceRow[] {
    const want = fold(typed);
    if (!want) return this.rows.slice(0, most);
    const ranked = this.entries.map((e) => ({ row: e.row, rank: rankOf(e, want) })).filter((e) => e.rank < 4);
    return ranked.sort((a, b) => a.rank - b.rank).slice(0, most).map((e) => e.row);
  }
}

function rankOf({ row, key, words }: Entry, want: string): number {
  if (key === want || row.slug === want) return 0;
  if (key.startsWith(want)) return 1;
  if (words.some((w) => w.startsWith(want))) return 2;
  return key.includes(want) ? 3 : 4;
}

/** fold is a name without case and accents. */
export const fold = (s: string): string => s.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().trim();
