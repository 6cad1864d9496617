import { css, html, LitElement, nothing } from 'lit';
import type { Source } from './api';
import type { Desk } from './desk';
import { number, percent, source } from './format';
import { isSimulated } from './points';
import { shared } from './shared.style';

/** <oc-sources> shows how much was heard of each source in the time shown, and for how much of it. */
export class Sources extends LitElement {
  static override properties = { sources: { attribute: false }, desk: { attribute: false } };
  static override styles = [shared, css`
    table { border-collapse: collapse; width: 100%; font-size: 0.9rem; }
    th { font-size: 0.8rem; font-weight: 500; color: var(--muted); text-align: start; padding: 0 0.3rem 0.3rem 0; }
    th.num { text-align: end; }
    td { padding: 0.25rem 0.3rem 0.25rem 0; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
    .low { color: var(--incident); font-weight: 600; }
  `];

  declare sources: Source[];
  declare desk: Desk;

  protected override render() {
    if (!this.sources.length) return html`<h2>Sources</h2><p class="none">No source was heard in this time.</p>`;
    return html`
      <h2>Sources</h2>
      <table><thead><tr><th scope="col">Source</th><th scope="col" class="num">Posts heard</th><th scope="col" class="num">Heard for</th></tr></thead>
      <tbody>${this.sources.map((s) => html`<tr>
        <td><bdi>${source(s.source)}</bdi>${isSimulated(s.source) ? html` <small>simulated</small>` : nothing}</td>
        <td class="num">${number(s.posts)}</td>
        <td class="num ${s.coverage !== null && s.coverage < 0.98 ? 'low' : ''}" title=${s.coverage === null ? 'Files, and posts that are sent, cannot say' : 'Share of the time shown'}>${s.coverage === null ? '–' : percent(Math.floor(s.coverage * 100) / 100)}</td>
      </tr>`)}</tbody></table>
    `;
  }
}

customElements.define('oc-sources', Sources);
