import { css, html, LitElement, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Brief, Incident } from './api';
import type { Desk } from './desk';
import { counted, firstSentence, percent, symptom } from './format';
import { people, told } from './part';
import { shared } from './shared.style';
import { to, type View } from './view';

const mostNames = 4;
const mostSymptoms = 3;

/** The words for how bad an incident is. */
export const severities: Record<string, string> = { minor: 'Minor', major: 'Major', critical: 'Critical' };

/** <oc-cards> shows incidents, each with the beginning of its brief where there is one. */
export class Cards extends LitElement {
  static override properties = { incidents: { attribute: false }, briefs: { attribute: false }, view: { attribute: false }, desk: { attribute: false } };
  static override styles = [shared, css`
    ul { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 25rem), 1fr)); gap: 0.8rem; }
    li.card { position: relative; display: flex; flex-direction: column; gap: 0.35rem; border-inline-start: 4px solid var(--incident); }
    li.card.over { border-inline-start-color: var(--field); }
    li.card:hover { border-block-color: var(--field); border-inline-end-color: var(--field); }
    h3 { margin: 0; font-size: 1.1rem; font-weight: 650; overflow-wrap: anywhere; }
    h3 a { text-decoration: none; }
    h3 a::after { content: ''; position: absolute; inset: 0; }
    p { margin: 0; font-size: 0.92rem; overflow-wrap: anywhere; }
    .meta { display: flex; flex-wrap: wrap; gap: 0 0.7rem; font-size: 0.85rem; color: var(--muted); font-variant-numeric: tabular-nums; }
  `];

  declare incidents: Incident[];
  declare briefs: ReadonlyMap<string, Brief>;
  declare view: View;
  declare desk: Desk;

  protected override render() {
    return html`<ul class="plain">${repeat(this.incidents, (i) => i.id, (i) => this.card(i))}</ul>`;
  }

  private card(i: Incident) {
    const brief = this.briefs.get(i.id);
    const symptoms = told(i);
    const names = i.services.slice(0, mostNames).map((s) => this.desk.catalog.name(s)).join(', ');
    return html`<li class="card ${i.end ? 'over' : ''}">
      <h3><a dir="auto" href=${to(this.view, 'incident', { incident: i.id })}>${names}${i.services.length > mostNames ? ` and ${i.services.length - mostNames} more` : ''}</a></h3>
      <p class="meta"><span class="severity ${i.severity} ${i.end ? 'over' : ''}">${severities[i.severity] ?? i.severity}</span><span>${when(i, this.desk)}</span><span>${people(i)}</span></p>
      ${brief ? html`<p lang=${brief.lang} dir="auto">${firstSentence(brief.text, brief.lang)}</p>` : nothing}
      ${symptoms.length ? html`<div class="chips">${symptoms.slice(0, mostSymptoms).map((s) => html`<span class="chip">${symptom(s.name)} <small>${percent(s.share)}</small></span>`)}</div>` : nothing}
    </li>`;
  }
}

/** when is "since 07:17 · 2 h 10 min", or from onset to end. */
export function when(i: Incident, { times, client }: Desk) {
  const onset = new Date(i.onset);
  const end = i.end ? new Date(i.end) : null;
  const latest = client.newest ?? new Date(i.updated);
  const moment = (t: Date, text: string) => html`<time datetime=${t.toISOString()}>${text}</time>`;
  const length = duration((end ?? latest).getTime() - onset.getTime());
  return end
    ? html`${moment(onset, times.moment(onset))} to ${moment(end, times.near(end, onset))} (${length})`
    : html`since ${moment(onset, times.near(onset, latest))} (${length})`;
}

/** duration is "2 h 10 min". */
export function duration(ms: number): string {
  const minutes = Math.max(0, Math.round(ms / 60_000));
  const [d, h, m] = [Math.floor(minutes / 1440), Math.floor((minutes % 1440) / 60), minutes % 60];
  if (d) return `${counted(d, 'day', 'days')} ${h} h`;
  return h ? `${h} h ${m} min` : `${m} min`;
}

customElements.define('oc-cards', Cards);
