import { css, html, LitElement, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Incident } from './api';
import { severities, when } from './cards';
import type { Desk } from './desk';
import { people } from './part';
import { shared } from './shared.style';
import { to, type View } from './view';

/** <oc-incidents> lists the latest incidents of a service. */
export class Incidents extends LitElement {
  static override properties = { incidents: { attribute: false }, view: { attribute: false }, desk: { attribute: false } };
  static override styles = [shared, css`
    li { padding: 0.45rem 0; border-top: 1px solid var(--line); font-size: 0.92rem; }
    li:first-child { border-top: 0; padding-top: 0; }
    small { display: block; }
  `];

  declare incidents: Incident[];
  declare view: View;
  declare desk: Desk;

  protected override render() {
    return html`
      <h2>Latest incidents</h2>
      ${this.incidents.length ? nothing : html`<p class="none">None known.</p>`}
      <ul class="plain">${repeat(this.incidents, (i) => i.id, (i) => html`<li>
        <a href=${to(this.view, 'incident', { incident: i.id })}><span class="severity ${i.severity} ${i.end ? 'over' : ''}">${severities[i.severity] ?? i.severity}</span> ${when(i, this.desk)}</a>
        <small>${people(i)}${this.others(i)}</small>
      </li>`)}</ul>
    `;
  }

  private others(i: Incident): string {
    const others = i.services.filter((s) => s !== this.view.service);
    return others.length ? `; also ${others.slice(0, 3).map((s) => this.desk.catalog.name(s)).join(', ')}${others.length > 3 ? ' and others' : ''}` : '';
  }
}

customElements.define('oc-incidents', Incidents);
