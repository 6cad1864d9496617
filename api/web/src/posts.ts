import { css, html, LitElement, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Post } from './api';
import { language, symptom, timeSeconds } from './format';
import { isSimulated } from './picture';

const most = 20;

/**
 * <oc-posts> shows the latest posts behind the curve. Their text is what
 * strangers wrote: it goes into text nodes only, its direction is isolated,
 * and piled-up marks stay inside its box.
 */
export class Posts extends LitElement {
  static override properties = { posts: { attribute: false } };
  declare posts: Post[];

  constructor() {
    super();
    this.posts = [];
  }

  static override styles = css`
    :host { display: block; min-width: 0; }
    h2 { font-size: 0.95rem; margin: 0 0 0.4rem; font-weight: 600; }
    ul { list-style: none; margin: 0; padding: 0; }
    li { padding: 0.65rem 0; border-top: 1px solid var(--line); }
    li:first-child { border-top: 0; }
    .text { margin: 0; overflow: hidden; contain: paint; overflow-wrap: anywhere; unicode-bidi: isolate; white-space: pre-line; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 5; line-clamp: 5; }
    .meta { margin: 0.2rem 0 0; font-size: 0.82rem; color: var(--muted); display: flex; flex-wrap: wrap; gap: 0 0.9rem; }
    .meta span { overflow-wrap: anywhere; unicode-bidi: isolate; }
    .sim { color: var(--warn-text); background: var(--warn-bg); border-radius: 4px; padding: 0 0.35rem; }
    .none { color: var(--muted); margin: 0; }
  `;

  protected override render() {
    const shown = this.posts.slice(0, most);
    return html`
      <h2>Latest posts</h2>
      ${shown.length ? html`<ul>${repeat(shown, (p) => `${p.source} ${p.id}`, (p) => this.post(p))}</ul>` : html`<p class="none">No posts in this time.</p>`}
    `;
  }

  private post(p: Post) {
    const t = new Date(p.created_at);
    return html`<li>
      <p class="text" dir="auto" lang=${p.lang || nothing}>${p.text}</p>
      <p class="meta">
        <time datetime=${p.created_at}>${timeSeconds(t)}</time>
        <span>${p.source}</span>
        ${isSimulated(p.source) ? html`<span class="sim">simulated</span>` : nothing}
        ${p.lang ? html`<span>${language(p.lang)}</span>` : nothing}
        ${p.symptoms.length ? html`<span>${p.symptoms.map(symptom).join(', ')}</span>` : nothing}
      </p>
    </li>`;
  }
}

customElements.define('oc-posts', Posts);
