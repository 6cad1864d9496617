// Poll asks again and again on behalf of a component. One round runs at a time;
// a new question cancels the round of the old one, and a page in the background
// asks nothing.

import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { lasting } from './client';

const longestPause = 30_000;

/** Health says how the latest round of a page's main poll went. */
export interface Health {
  error: unknown; // null: well
  at: Date;
}

type Host = ReactiveControllerHost & HTMLElement;

export class Poll<T> implements ReactiveController {
  value: T | undefined;
  error: unknown = null;
  private round = new AbortController();
  private timer = 0;
  private failures = 0;
  private busy = false; // a round runs
  private hurried = false; // one will, within a second
  private readonly wake = () => (document.hidden ? this.stop() : this.start());

  /** pause is the time until the next round in milliseconds; 0 where nothing will change. */
  constructor(
    private readonly host: Host,
    private readonly take: (signal: AbortSignal) => Promise<T>,
    private readonly pause: (value: T) => number,
    private readonly main = false,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    document.addEventListener('visibilitychange', this.wake);
    if (this.host.isConnected && this.value !== undefined) this.start();
  }

  hostDisconnected(): void {
    document.removeEventListener('visibilitychange', this.wake);
    this.stop();
  }

  /** start asks at once; with forget, the answer to another question is not shown any longer. */
  start(forget = false): void {
    this.stop();
    if (forget) this.value = undefined;
    this.failures = 0;
    this.round = new AbortController();
    void this.run(this.round.signal);
  }

  /** soon asks within a second, as something is said to have changed; a round that runs is not disturbed. */
  soon(): void {
    if (this.busy || document.hidden || this.hurried) return;
    this.hurried = true;
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.run(this.round.signal), 1_000);
  }

  /** told notes that what is shown is of now, as something else than an answer told. */
  told(): void {
    if (this.value !== undefined && !this.error) this.settle(null);
    else this.host.requestUpdate();
  }

  stop(): void {
    this.busy = this.hurried = false;
    clearTimeout(this.timer);
    this.round.abort();
  }

  private async run(signal: AbortSignal): Promise<void> {
    let wait: number;
    this.busy = true;
    this.hurried = false;
    try {
      const value = await this.take(signal);
      if (signal.aborted) return;
      this.value = value;
      this.settle(null);
      this.failures = 0;
      wait = this.pause(value);
    } catch (error) {
      if (signal.aborted) return;
      this.settle(error);
      wait = lasting(error) ? 0 : Math.min(2_000 * 2 ** this.failures++, longestPause);
    }
    this.busy = false;
    if (wait > 0) this.timer = window.setTimeout(() => void this.run(signal), wait);
  }

  private settle(error: unknown): void {
    this.error = error;
    this.host.requestUpdate();
    if (!this.main) return;
    const detail: Health = { error, at: new Date() };
    this.host.dispatchEvent(new CustomEvent('health', { detail, bubbles: true, composed: true }));
  }
}
