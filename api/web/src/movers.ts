import { css, html, LitElement, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Mover, Movers as Answer } from './api';
import type { Desk } from './desk';
import { change, number, percent, sector, some, symptom } from './format';
import { shared } from './shared.style';
import { spark } from './spark';
import { to, type View } from './view';

const first = 30;
// Above is in standard deviations: from here on a count is unlikely to be chance.
const raised = 3;

/** <oc-movers> is the table of services by how far they are above normal. */
export class Movers extends LitElement {
  static override properties = { movers: { attribute: false }, view: { attribute: false }, desk: { attribute: false }, all: { state: true } };
  static override styles = [shared, css`
    table { border-collapse: collapse; width: 100%; font-size: 0.95rem; }
    th { text-align: start; font-size: 0.82rem; font-weight: 500; color: var(--muted); padding: 0.2rem 0.7rem 0.4rem; border-bottom: 1px solid var(--line); vertical-align: bottom; }
    th.num { text-align: end; }
    td { padding: 0.5rem 0.7rem; border-bottom: 1px solid var(--line); vertical-align: middle; }
    tr:last-child td { border-bottom: 0; }
    tbody tr { position: relative; }
    tbody tr:hover { background: var(--page); }
    td:first-child, th:first-child { padding-inline-start: 0.5rem; }
    .name { font-weight: 600; text-decoration: none; overflow-wrap: anywhere; }
    .name::after { content: ''; position: absolute; inset: 0; }
    td small { display: block; }
    td.num small { white-space: nowrap; }
    td .other { position: relative; z-index: 1; }
    .trend { width: 9rem; }
    .up { color: var(--incident); font-weight: 600; }
    .more { margin: 0.6rem 0 0; }
    @media (max-width: 1000px) { .week { display: none; } .trend { width: 6rem; } }
    @media (max-width: 760px) { .mostly, .since { display: none; } td, th { padding-inline: 0.35rem; } .trend { width: 4.5rem; } }
    @media (min-width: 761px) { .under { display: none !important; } }
    @media (max-width: 400px) { .trend { display: none; } }
  `];

  declare movers: Answer;
  declare view: View;
  declare desk: Desk;
  declare private all: boolean;

  constructor() {
    super();
    this.all = false;
  }

  protected override render() {
    const rows = this.movers.movers;
    if (!rows.length) return html`<p class="none">Nobody complains of a service like this at the moment.</p>`;
    const shown = this.all ? rows : rows.slice(0, first);
    return html`
      <table>
        <thead><tr>
          <th scope="col">Service</th><th scope="col" class="trend">6 hours</th><th scope="col" class="num">Complaints</th>
          <th scope="col" class="num">People</th><th scope="col" class="num week">A week before</th>
          <th scope="col" class="mostly">Mostly</th><th scope="col" class="since">Since</th>
        </tr></thead>
        <tbody>${repeat(shown, (m) => m.slug, (m) => this.row(m))}</tbody>
      </table>
      ${rows.length > shown.length ? html`<p class="more"><button @click=${() => { this.all = true; }}>Show ${rows.length - shown.length} more</button></p>` : nothing}
    `;
  }

  private row(m: Mover) {
    const { lang } = this.view;
    const mostly = m.symptom ? `${symptom(m.symptom)} ${percent(m.symptom_share)}` : '';
    return html`<tr>
      <td><a class="name" dir="auto" href=${to(this.view, 'service', { service: m.slug, lang })}>${m.name}</a>
        <small>${sector(m.sector)}</small>
        <small class="under">${[m.since ? `since ${this.since(m.since)}` : '', mostly].filter(Boolean).join(' · ')}</small></td>
      <td class="trend">${spark(m.spark)}</td>
      <td class="num">${number(m.posts)}</td>
      <td class="num">${this.people(m)}</td>
      <td class="num week">${this.week(m)}</td>
      <td class="mostly">${m.symptom ? symptom(m.symptom) : '–'} ${m.symptom ? html`<small>${percent(m.symptom_share)}</small>` : nothing}</td>
      <td class="since">${m.since && m.incident ? html`<a class="other up" href=${to(this.view, 'incident', { incident: m.incident })} aria-label="Incident of ${m.name} since ${this.since(m.since)}">${this.since(m.since)}</a>` : '–'}</td>
    </tr>`;
  }

  private since(t: string): string {
    return this.desk.times.near(new Date(t), new Date(this.movers.to));
  }

  private people(m: Mover) {
    if (m.usual === null) return html`${number(m.authors)}<small title="Too little was heard to know what is usual">not known</small>`;
    const up = m.above >= raised;
    return html`<span class=${up ? 'up' : nothing} title="${m.above} standard deviations from usual">${number(m.authors)}${up ? ' ▲' : ''}</span>
      <small>usually ${some(m.usual)}</small>`;
  }

  private week(m: Mover) {
    if (m.before === null) return html`–<small>nothing heard</small>`;
    return html`${m.change === null ? 'new' : change(m.change)}<small>${number(m.before)} then</small>`;
  }
}

customElements.define('oc-movers', Movers);
