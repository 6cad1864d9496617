import { css, html, LitElement, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Incident, ServiceRow } from './api';
import type { BriefMap } from './briefs';
import { date, time } from './format';
import { nameOf } from './picture';
import { viewLink, type View } from './view';

/** How many incidents are listed, and told in a brief. */
export const mostIncidents = 5;
const mostNames = 4;
const severities: Record<string, string> = { minor: 'Minor', major: 'Major', critical: 'Critical' };

/** <oc-incidents> lists open and recent incidents; it sends "choose" with the slug of a service. */
export class Incidents extends LitElement {
  static override properties = {
    incidents: { attribute: false },
    briefs: { attribute: false },
    services: { attribute: false },
    view: { attribute: false },
  };

  declare incidents: Incident[];
  declare briefs: BriefMap;
  declare services: ServiceRow[];
  declare view: View;

  constructor() {
    super();
    this.incidents = [];
    this.briefs = new Map();
    this.services = [];
  }

  static override styles = css`
    :host { display: block; min-width: 0; }
    h2 { font-size: 0.95rem; margin: 0 0 0.2rem; font-weight: 600; }
    ul { list-style: none; margin: 0; padding: 0; }
    li { padding: 0.6rem 0; border-top: 1px solid var(--line); }
    li:first-child { border-top: 0; }
    li:last-child { padding-bottom: 0; }
    .names { font-weight: 600; overflow-wrap: anywhere; }
    a { color: inherit; text-underline-offset: 0.15em; }
    a[aria-current] { text-decoration: none; }
    a:focus-visible { outline: 2px solid var(--authors); outline-offset: 1px; }
    .meta { display: flex; flex-wrap: wrap; gap: 0 0.6rem; margin: 0.1rem 0 0; font-size: 0.82rem; color: var(--muted); font-variant-numeric: tabular-nums; }
    .severity { color: var(--incident); font-weight: 600; }
    .minor { color: var(--muted); }
    .brief { margin: 0.25rem 0 0; font-size: 0.87rem; overflow-wrap: anywhere; }
    .more { margin: 0.5rem 0 0; font-size: 0.82rem; color: var(--muted); }
    .short { display: -webkit-box; overflow: hidden; -webkit-box-orient: vertical; -webkit-line-clamp: 2; line-clamp: 2; }
  `;

  protected override render() {
    const shown = this.incidents.slice(0, mostIncidents);
    return html`
      <h2 id="head">Incidents</h2>
      <ul aria-labelledby="head">${repeat(shown, (i) => i.id, (i) => this.incident(i))}</ul>
      ${this.incidents.length > shown.length ? html`<p class="more">and more: <a href="v1/incidents">all incidents</a></p>` : nothing}
    `;
  }

  private incident(i: Incident) {
    const brief = this.briefs.get(i.id);
    // What is over is told in full where its service is looked at.
    const short = i.end && !i.services.includes(this.view.service);
    const names = i.services.slice(0, mostNames);
    return html`<li>
      <div class="names">${names.map((slug, n) => html`${n ? ', ' : nothing}${this.link(slug)}`)}${i.services.length > names.length ? ' and others' : nothing}</div>
      <p class="meta"><span class="severity ${i.severity}">${severities[i.severity] ?? i.severity}</span><span>${this.when(i)}</span></p>
      ${brief ? html`<p class="brief ${short ? 'short' : ''}" dir="auto" lang=${brief.lang}>${brief.text}</p>` : nothing}
    </li>`;
  }

  private when(i: Incident) {
    const onset = new Date(i.onset);
    const moment = (t: Date) => html`<time datetime=${t.toISOString()}>${date(t)}, ${time(t)}</time>`;
    return i.end ? html`${moment(onset)} to ${endOf(onset, new Date(i.end))}` : html`since ${moment(onset)}`;
  }

  private link(slug: string) {
    return html`<a dir="auto" href=${viewLink({ ...this.view, service: slug })} aria-current=${slug === this.view.service ? 'true' : nothing}
      @click=${(e: MouseEvent) => this.choose(e, slug)}>${nameOf(this.services, slug)}</a>`;
  }

  private choose(event: MouseEvent, service: string): void {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    this.dispatchEvent(new CustomEvent('choose', { detail: service }));
  }
}

/** endOf leaves out the date where the incident ended on the day that it began. */
function endOf(onset: Date, end: Date) {
  const day = date(end) === date(onset) ? '' : `${date(end)}, `;
  return html`<time datetime=${end.toISOString()}>${day}${time(end)}</time>`;
}

customElements.define('oc-incidents', Incidents);
