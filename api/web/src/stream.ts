// What the server tells by itself (server-sent events). The browser connects anew
// when the stream ends, and tells how far it had come.

import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { address } from './client';

/** StreamPoint is a minute of a service whose counts have changed. */
export interface StreamPoint {
  service: string;
  t: string;
  posts: number;
  authors: number;
  heard?: number;
}

interface Listener {
  point?(p: StreamPoint): void;
  incident?(): void;
  newest?(newest: string): void;
  lost?(): void; // what it would have told must be asked for
}

export class Stream implements ReactiveController {
  /** Whether the stream is connected: what it tells need not be asked for. */
  up = false;
  private source: EventSource | undefined;
  private services: string | undefined;
  private readonly wake = () => (document.hidden ? this.close() : this.connect());

  constructor(
    host: ReactiveControllerHost,
    private readonly listener: Listener,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    document.addEventListener('visibilitychange', this.wake);
    this.connect();
  }

  hostDisconnected(): void {
    document.removeEventListener('visibilitychange', this.wake);
    this.close();
  }

  /** follow listens to services, by their slugs; to those of open incidents when there is none. */
  follow(services: string): void {
    if (services === this.services && this.source) return;
    this.services = services;
    this.connect();
  }

  /** leave hears no longer. */
  leave(): void {
    this.services = undefined;
    this.close();
  }

  private close(): void {
    this.source?.close();
    this.source = undefined;
    this.up = false;
  }

  private connect(): void {
    this.close();
    if (this.services === undefined || document.hidden) return;
    const source = new EventSource(address('v1/live', { service: this.services }));
    source.onopen = () => { this.up = true; };
    source.onerror = () => {
      if (this.up) this.listener.lost?.();
      this.up = false;
    };
    const on = <T>(name: string, hear: (data: T) => void) =>
      source.addEventListener(name, (e) => hear(JSON.parse((e as MessageEvent<string>).data) as T));
    on<StreamPoint>('point', (p) => this.listener.point?.(p));
    on('incident', () => this.listener.incident?.());
    on<{ newest: string }>('newest', (d) => this.listener.newest?.(d.newest));
    this.source = source;
  }
}
