import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Post, Posts as Answer } from './api';
import type { Params } from './client';
import type { Desk } from './desk';
import { Poll } from './poll';
import { postRow, postStyles } from './post';
import { shared } from './shared.style';

const pageSize = '20';
const pause = 5_000;

/** <oc-posts> shows the posts behind a curve, the latest first, and earlier ones when asked. */
export class Posts extends LitElement {
  static override properties = { params: { attribute: false }, live: { attribute: false }, desk: { attribute: false }, older: { state: true }, next: { state: true }, busy: { state: true } };
  static override styles = [shared, postStyles];

  declare params: Params;
  declare live: boolean;
  declare desk: Desk;
  declare private older: Post[];
  declare private next: string; // the cursor of what is older still
  declare private busy: boolean;
  private asked = '';
  // Once older posts are shown, the list stands still under the reader's eyes.
  private readonly latest = new Poll<Answer>(this, (s) => this.take('', s), () => (this.live && !this.older.length ? pause : 0));

  constructor() {
    super();
    this.older = [];
    this.next = '';
    this.busy = false;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('params')) return;
    const { from: _from, to: _to, ...filters } = this.params;
    const asked = JSON.stringify(this.live ? filters : this.params);
    if (asked === this.asked) return;
    this.asked = asked;
    this.refresh();
  }

  private refresh(): void {
    this.older = [];
    this.next = '';
    this.latest.start();
  }

  private take(cursor: string, signal: AbortSignal): Promise<Answer> {
    return this.desk.client.get<Answer>('v1/posts', { ...this.params, limit: pageSize, cursor }, signal);
  }

  private async more(): Promise<void> {
    const cursor = this.older.length ? this.next : (this.latest.value?.next ?? '');
    if (!cursor || this.busy) return;
    this.busy = true;
    this.latest.stop();
    try {
      const { posts, next } = await this.take(cursor, AbortSignal.timeout(15_000));
      this.older = [...this.older, ...posts];
      this.next = next ?? '';
    } catch {
      if (!this.older.length) this.latest.start();
    } finally {
      this.busy = false;
    }
  }

  protected override render() {
    const answer = this.latest.value;
    const posts = [...(answer?.posts ?? []), ...this.older];
    const next = this.older.length ? this.next : (answer?.next ?? '');
    return html`
      <h2>Posts behind the curve</h2>
      ${posts.length ? html`<ul class="plain">${repeat(posts, (p) => `${p.source} ${p.id}`, (p) => postRow(p, this.desk))}</ul>` : html`<p class="none">${answer ? 'No posts in this time.' : this.latest.error ? 'Not to be had at the moment.' : 'Loading…'}</p>`}
      <div class="row">
        ${next ? html`<button ?disabled=${this.busy} @click=${() => void this.more()}>Older posts</button>` : nothing}
        ${this.older.length && this.live ? html`<button @click=${() => this.refresh()}>Back to the latest</button>` : nothing}
      </div>
    `;
  }
}

customElements.define('oc-posts', Posts);
