// Live asks the server again and again and hands each new picture on. One
// round runs at a time; a new view cancels the round of the old one.

import { Client, Refused, type Curve, type Incident, type Post, type Services } from './api';
import { lasting, type Picture } from './picture';
import { windowOf, type View } from './view';

const pause = 1_500;
const longestPause = 15_000;
const postsAsked = '100';
const incidentsAsked = '20';

export class Live {
  private readonly client = new Client();
  private round = new AbortController();
  private timer = 0;
  private failures = 0;
  private newest: Date | null | undefined;
  private readonly missing = new Map<string, string[]>(); // services that the server does not know, with suggestions

  constructor(
    private view: View,
    private readonly show: (picture: Picture) => void,
    private readonly fail: (error: unknown) => void,
  ) {
    // A page in the background asks nothing.
    document.addEventListener('visibilitychange', () => (document.hidden ? this.stop() : this.start()));
  }

  look(view: View): void {
    this.view = view;
    this.start();
  }

  start(): void {
    this.stop();
    this.round = new AbortController();
    void this.run(this.round.signal);
  }

  private stop(): void {
    clearTimeout(this.timer);
    this.round.abort();
  }

  private async run(signal: AbortSignal): Promise<void> {
    try {
      const picture = await this.take(signal);
      if (signal.aborted) return;
      this.failures = 0;
      this.view = picture.view;
      this.show(picture);
      if (signal.aborted) return;
    } catch (error) {
      if (signal.aborted) return;
      this.failures++;
      this.fail(error);
    }
    const wait = Math.min(pause * 2 ** Math.min(this.failures, 5), longestPause);
    this.timer = window.setTimeout(() => void this.run(signal), wait);
  }

  private async take(signal: AbortSignal): Promise<Picture> {
    if (this.newest === undefined) this.newest = (await this.services({}, signal)).newest;
    const shown = windowOf(this.view.range, this.newest, this.client.now());
    const span = { from: shown.from.toISOString(), to: shown.to.toISOString() };
    const [{ services, newest }, incidents, known] = await Promise.all([
      this.services(span, signal),
      this.incidents(span, signal),
      this.view.service ? this.ask(this.view.service, span, signal) : null,
    ]);
    const service = this.view.service || (services.find((s) => s.posts > 0 && s.slug !== 'unknown')?.slug ?? '');
    const answer = known ?? (await this.ask(service, span, signal));
    this.newest = newest; // the next window may end with it
    return { view: { ...this.view, service }, services, newest, window: shown, incidents: lasting(incidents), at: this.client.now(), ...answer };
  }

  private async services(span: Record<string, string>, signal: AbortSignal) {
    const { services, newest } = await this.client.get<Services>('v1/services', span, signal);
    return { services, newest: newest === null ? null : new Date(newest) };
  }

  private async incidents(params: Record<string, string>, signal: AbortSignal): Promise<Incident[]> {
    return (await this.client.get<{ incidents: Incident[] }>('v1/incidents', { ...params, limit: incidentsAsked }, signal)).incidents;
  }

  /** ask gets what is shown of one service; a service that is not there is an answer, not a failure. */
  private async ask(service: string, span: Record<string, string>, signal: AbortSignal) {
    const known = this.missing.get(service);
    if (!service || known) return { curve: [], posts: [], own: [], missing: known ?? null };
    try {
      const curve = await this.client.get<Curve>('v1/curves', { service, ...span, step: '1m' }, signal);
      const evidence = await this.client.get<{ posts: Post[] }>('v1/posts', { service, ...span, limit: postsAsked }, signal);
      const own = await this.incidents({ service, ...span }, signal);
      return { curve: curve.points, posts: evidence.posts, own, missing: null };
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 404) throw error;
      this.missing.set(service, error.suggestions);
      return { curve: [], posts: [], own: [], missing: error.suggestions };
    }
  }
}
