import { css, html, LitElement, nothing, svg } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { ServiceRow } from './api';
import { number } from './format';
import { sparkPath, type SparkMap } from './sparks';
import { viewLink, type View } from './view';

const most = 12;
const mostFound = 40;

/** <oc-services> lists the services with most complaints; it sends "choose" with a slug. */
export class Services extends LitElement {
  static override properties = {
    rows: { attribute: false },
    sparks: { attribute: false },
    view: { attribute: false },
    words: { state: true },
  };

  declare rows: ServiceRow[];
  declare sparks: SparkMap;
  declare view: View;
  declare private words: string;
  private order: string[] | null = null; // kept while the pointer is over the list

  constructor() {
    super();
    this.rows = [];
    this.sparks = new Map();
    this.words = '';
  }

  static override styles = css`
    :host { display: block; min-width: 0; }
    h2 { font-size: 0.95rem; margin: 0 0 0.6rem; font-weight: 600; }
    input { box-sizing: border-box; width: 100%; font: inherit; font-size: 0.9rem; padding: 0.45rem 0.7rem; color: var(--text); background: var(--page); border: 1px solid var(--line); border-radius: 7px; }
    input::placeholder { color: var(--muted); opacity: 1; }
    ul { list-style: none; margin: 0.6rem 0 0; padding: 0; }
    a { display: grid; grid-template-columns: minmax(0, 1fr) 56px 3.4rem; gap: 0.6rem; align-items: center; padding: 0.45rem 0.6rem; border-radius: 7px; color: inherit; text-decoration: none; }
    a:hover { background: var(--page); }
    a[aria-current] { background: var(--select); box-shadow: inset 3px 0 0 var(--accent); }
    a:focus-visible, input:focus-visible { outline: 2px solid var(--authors); outline-offset: 1px; }
    .name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    .name.wide { grid-column: span 2; }
    a[aria-current] .name { font-weight: 600; }
    .count { text-align: right; font-variant-numeric: tabular-nums; color: var(--muted); }
    svg { width: 56px; height: 20px; overflow: visible; }
    path { fill: none; stroke: var(--accent); stroke-width: 1.3; }
    p { color: var(--muted); font-size: 0.9rem; margin: 0.8rem 0.2rem 0; }
    @media (max-width: 860px) {
      ul { display: flex; gap: 0.5rem; overflow-x: auto; padding: 3px 3px 0.4rem; margin-inline: -3px; scrollbar-width: thin; }
      li { flex: none; }
      a { display: flex; border: 1px solid var(--line); border-radius: 999px; padding: 0.35rem 0.8rem; }
      a[aria-current] { box-shadow: none; border-color: var(--accent); }
      svg { display: none; }
    }
  `;

  protected override render() {
    const rows = this.visible();
    return html`
      <h2 id="head">Most complaints</h2>
      <input type="search" aria-label="Find a service" placeholder="Find one of ${number(this.rows.length)} services"
        .value=${this.words} @input=${(e: InputEvent) => { this.words = (e.target as HTMLInputElement).value; }} />
      <ul aria-labelledby="head" @pointerenter=${() => { this.order = rows.map((r) => r.slug); }} @pointerleave=${() => { this.order = null; }}>
        ${repeat(rows, (r) => r.slug, (r) => this.row(r))}
      </ul>
      ${rows.length ? nothing : html`<p>${this.words ? 'No service of that name.' : 'No complaints in this time.'}</p>`}
    `;
  }

  private row(r: ServiceRow) {
    const values = this.sparks.get(r.slug);
    return html`<li>
      <a href=${viewLink({ ...this.view, service: r.slug })} aria-current=${r.slug === this.view.service ? 'true' : nothing}
        @click=${(e: MouseEvent) => this.choose(e, r.slug)}>
        <span class="name ${values ? '' : 'wide'}" dir="auto">${r.name}</span>
        ${values ? svg`<svg viewBox="0 0 64 20" aria-hidden="true"><path d=${sparkPath(values, 64, 20)} /></svg>` : nothing}
        <span class="count">${number(r.posts)}</span>
      </a>
    </li>`;
  }

  /** visible is what is found, or the top of the list with the chosen service in it. */
  private visible(): ServiceRow[] {
    const words = this.words.trim().toLowerCase();
    if (words) {
      return this.rows.filter((r) => `${r.name} ${r.slug}`.toLowerCase().includes(words)).slice(0, mostFound);
    }
    const top = this.rows.filter((r) => r.posts > 0).slice(0, most);
    const chosen = this.rows.find((r) => r.slug === this.view.service);
    if (chosen && !top.includes(chosen)) top.push(chosen);
    const order = this.order;
    // Nothing moves under a pointer that is about to click.
    return order ? top.sort((a, b) => place(order, a) - place(order, b)) : top;
  }

  private choose(event: MouseEvent, service: string): void {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    this.dispatchEvent(new CustomEvent('choose', { detail: service }));
  }
}

function place(order: string[], row: ServiceRow): number {
  const i = order.indexOf(row.slug);
  return i < 0 ? order.length : i;
}

customElements.define('oc-services', Services);
