import type { Catalog } from './catalog';
import type { Client } from './client';
import type { Times } from './times';

/** Desk is what every page works with. A new one is made when the zone or the catalogue changes. */
export interface Desk {
  client: Client;
  catalog: Catalog;
  times: Times;
}

/** heard is the minute of the newest post: what is known of it, or what the server says. */
export async function heard(client: Client, signal: AbortSignal, fresh = false): Promise<Date | null> {
  // The shortest answer that tells it.
  if (fresh || client.newest === undefined) await client.get('v1/movers', { limit: '1' }, signal);
  return client.newest ?? null;
}
