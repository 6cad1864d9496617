import { css, html, LitElement, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Point } from './api';
import { number, source } from './format';
import { unheard } from './points';
import { shared } from './shared.style';
import { rangeOf } from './usual';

/** <oc-table> gives the numbers of a curve one by one, to those who do not see it too. Its rows are made when it is opened. */
export class Table extends LitElement {
  static override properties = {
    points: { attribute: false },
    newest: { attribute: false },
    when: { attribute: false },
    compare: { type: Boolean },
    open: { state: true },
  };
  static override styles = [shared, css`
    summary { width: fit-content; cursor: pointer; min-height: 1.5rem; font-size: 0.85rem; color: var(--muted); }
    .rows { max-height: 20rem; overflow: auto; margin-top: 0.4rem; }
    .rows:focus-visible { outline: 2px solid var(--authors); outline-offset: 2px; }
    table { border-collapse: collapse; width: 100%; font-size: 0.88rem; font-variant-numeric: tabular-nums; }
    th, td { text-align: end; font-weight: 400; padding: 0.15rem 0.4rem; border-bottom: 1px solid var(--line); }
    th:first-child { text-align: start; white-space: nowrap; }
    thead th { position: sticky; top: 0; background: var(--card); font-weight: 600; }
  `];

  declare points: Point[];
  declare newest: Date | null;
  declare when: (t: Date) => string;
  declare compare: boolean;
  declare private open: boolean;

  constructor() {
    super();
    this.open = false;
  }

  protected override render() {
    return html`<details @toggle=${(e: Event) => { this.open = (e.target as HTMLDetailsElement).open; }}>
      <summary>Data as a table</summary>
      ${this.open ? html`<div class="rows" tabindex="0" role="region" aria-label="Data as a table">${this.table()}</div>` : nothing}
    </details>`;
  }

  private table() {
    return html`<table>
      <thead><tr><th scope="col">Time</th><th scope="col">Complaint posts</th><th scope="col">Different authors</th>
        ${this.compare ? html`<th scope="col">A week before</th>` : nothing}<th scope="col">Usual</th></tr></thead>
      <tbody>${repeat(this.points.filter((p) => !unheard(p, this.newest)), (p) => p.t, (p) => html`<tr><th scope="row">${this.when(new Date(p.t))}</th>
        <td>${number(p.posts)}${p.deaf?.length ? html` <small>(without ${p.deaf.map(source).join(', ')})</small>` : nothing}</td><td>${number(p.authors)}</td>
        ${this.compare ? html`<td>${p.before ? number(p.before.posts) : '–'}</td>` : nothing}<td>${p.band ? rangeOf(p.band) : '–'}</td></tr>`)}</tbody>
    </table>`;
  }
}

customElements.define('oc-table', Table);
