// Small curves beside the services with the most complaints. They change
// slowly and cost a query each, so they are asked for rarely.

import { Client, type Curve } from './api';
import type { Picture } from './picture';
import type { Range } from './view';

export type SparkMap = ReadonlyMap<string, number[]>;

const shown = 8;
const everyMs = 20_000;
const steps: Record<Range, string> = { '1h': '5m', '3h': '5m', '6h': '10m', '24h': '30m' };

export class Sparks {
  private readonly client = new Client();
  private key = '';
  private due = 0;

  constructor(private readonly show: (sparks: SparkMap) => void) {}

  /** follow renews the curves when they are due for the picture. */
  follow(picture: Picture): void {
    const { view, window: span } = picture;
    const slugs = picture.services.filter((s) => s.posts > 0).slice(0, shown).map((s) => s.slug);
    const key = `${view.range} ${span.past} ${slugs.toSorted().join()}`;
    if (key === this.key && Date.now() < this.due) return;
    this.key = key;
    this.due = Date.now() + everyMs;
    void this.renew(slugs, { from: span.from.toISOString(), to: span.to.toISOString(), step: steps[view.range] });
  }

  private async renew(slugs: string[], params: Record<string, string>): Promise<void> {
    const sparks = new Map<string, number[]>();
    const key = this.key;
    try {
      for (const service of slugs) {
        const signal = AbortSignal.timeout(10_000);
        const curve = await this.client.get<Curve>('v1/curves', { service, ...params }, signal);
        sparks.set(service, curve.points.slice(0, -1).map((p) => p.posts)); // the last step is not over
      }
    } catch {
      return; // an ornament: the next picture tries again, and the page says what is wrong
    }
    if (key === this.key) this.show(sparks);
  }
}

/** sparkPath draws values into a box of the given size, from left to right. */
export function sparkPath(values: number[], width: number, height: number): string {
  const top = Math.max(1, ...values);
  const x = (i: number) => ((i / Math.max(1, values.length - 1)) * width).toFixed(1);
  const y = (v: number) => (height - (v / top) * height).toFixed(1);
  return values.map((v, i) => `${i ? 'L' : 'M'}${x(i)} ${y(v)}`).join('');
}
