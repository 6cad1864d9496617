import { css, html, LitElement, svg } from 'lit';
import type { Post } from './api';
import { counted, symptom } from './format';
import { symptomShares } from './picture';

const most = 6;

/** <oc-symptoms> shows what the latest posts complain of. */
export class Symptoms extends LitElement {
  static override properties = { posts: { attribute: false } };
  declare posts: Post[];

  constructor() {
    super();
    this.posts = [];
  }

  static override styles = css`
    :host { display: block; }
    h2 { font-size: 0.95rem; margin: 0 0 0.1rem; font-weight: 600; }
    p { margin: 0 0 0.7rem; font-size: 0.82rem; color: var(--muted); }
    ul { list-style: none; margin: 0; padding: 0; font-size: 0.9rem; }
    li { display: grid; grid-template-columns: 1fr auto; padding: 0.2rem 0; }
    .share { font-variant-numeric: tabular-nums; color: var(--muted); }
    svg { grid-column: 1 / -1; width: 100%; height: 5px; }
    .track { fill: var(--grid); }
    .bar { fill: var(--accent); }
  `;

  protected override render() {
    const shares = symptomShares(this.posts).slice(0, most);
    return html`
      <h2>What is reported</h2>
      <p>${shares.length ? `Share of the latest ${counted(this.posts.length, 'post', 'posts')}` : 'Nothing in this time.'}</p>
      <ul>
        ${shares.map(({ slug, share }) => html`<li>
          <span>${symptom(slug)}</span><span class="share">${Math.round(share * 100)}%</span>
          ${bar(share)}
        </li>`)}
      </ul>
    `;
  }
}

function bar(share: number) {
  return svg`<svg viewBox="0 0 100 5" preserveAspectRatio="none" aria-hidden="true">
    <rect class="track" width="100" height="5" /><rect class="bar" width=${share * 100} height="5" />
  </svg>`;
}

customElements.define('oc-symptoms', Symptoms);
