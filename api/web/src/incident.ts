import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import type { Brief, Curve, Incident as Found, Share } from './api';
import { bar } from './bars';
import { severities, when } from './cards';
import './chart';
import { Refused } from './client';
import { copy } from './copy';
import { heard, type Desk } from './desk';
import { language, number, percent, some, source, spoken, symptom } from './format';
import { banner, sentence } from './notices';
import { called, only, rose } from './part';
import { Poll } from './poll';
import './posts';
import { clean } from './safe';
import { shared } from './shared.style';
import { spanOf, type Span } from './span';
import { go, same, stamp, to, type View } from './view';

const minute = 60_000;

interface Picture {
  incident: Found | null; // there is none of this id
  brief: Brief | null;
  span: Span;
  curve: Curve;
}

/** <oc-incident> is the page of one incident: what is told of it, its curve, and what people say. */
export class Incident extends LitElement {
  static override properties = { view: { attribute: false }, desk: { attribute: false } };
  static override styles = [shared, css`
    :host { display: grid; gap: 1rem; grid-template-columns: minmax(0, 1fr); }
    .banner { margin: 0; }
    .meta { margin: 0.2rem 0 0; display: flex; flex-wrap: wrap; gap: 0 0.8rem; }
    .brief { font-size: 1.1rem; max-width: 48rem; margin: 0.4rem 0 0; overflow-wrap: anywhere; }
    .tools { margin-top: 0.9rem; align-items: end; gap: 0.5rem; }
    dl { display: flex; flex-wrap: wrap; gap: 0.6rem 2.4rem; margin: 0 0 1rem; }
    dt { font-size: 0.82rem; color: var(--muted); }
    dd { margin: 0; font-size: 1.4rem; font-weight: 650; font-variant-numeric: tabular-nums; }
    .below { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 22rem); gap: 1rem; align-items: start; }
    .side { display: grid; gap: 1rem; }
    li.share { display: grid; grid-template-columns: minmax(0, 1fr) auto; padding: 0.2rem 0; font-size: 0.92rem; }
    li.share svg { grid-column: 1 / -1; width: 100%; height: 5px; }
    .track { fill: var(--grid); }
    .bar { fill: var(--accent); }
    @media (max-width: 1000px) { .below { grid-template-columns: minmax(0, 1fr); } .side { order: -1; grid-template-columns: repeat(auto-fill, minmax(min(100%, 15rem), 1fr)); align-items: start; } }
  `];

  declare view: View;
  declare desk: Desk;
  private readonly picture = new Poll<Picture>(this, (s) => this.take(s), (p) => (!p.incident || p.incident.end ? 0 : 5_000), true);

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('view') as View | undefined;
    if (changed.has('view') && (!before || before.in !== this.view.in || before.tz !== this.view.tz)) this.picture.start();
  }

  private async take(signal: AbortSignal): Promise<Picture> {
    const { client, times } = this.desk;
    const path = `v1/incidents/${encodeURIComponent(this.view.incident)}`;
    const newest = await heard(client, signal, Boolean(this.picture.value));
    try {
      const incident = await client.get<Found>(path, {}, signal);
      const span = around(incident, newest ?? client.now());
      const range = { from: stamp(span.from), to: stamp(span.to) };
      const [curve, brief] = await Promise.all([
        client.get<Curve>('v1/curves', { service: incident.services[0] ?? '', ...only(rose(incident)), ...range, step: span.step }, signal),
        incident.retracted ? null : client.get<Brief>(`${path}/brief`, { lang: this.view.in || 'en', tz: times.zone }, signal),
      ]);
      return { incident, brief, span, curve };
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 404) throw error;
      const span = spanOf({ range: '', from: '', to: '' }, newest, client.now());
      return { incident: null, brief: null, span, curve: { service: '', from: '', to: '', points: [] } };
    }
  }

  protected override updated(): void {
    const i = this.picture.value?.incident;
    document.title = `${i ? this.names(i) : 'Incident'} · Outcry`;
  }

  private names(i: Found): string {
    return i.services.slice(0, 3).map((s) => this.desk.catalog.name(s)).join(', ') + (i.services.length > 3 ? ` and ${i.services.length - 3} more` : '');
  }

  protected override render() {
    const p = this.picture.value;
    if (!p) return html`<section class="card wait">${this.picture.error ? 'Nothing to show yet.' : 'Loading…'}</section>`;
    if (!p.incident) return html`<section class="card wait"><h1>No such incident</h1><p>There is no incident of this name. See <a href=${to(this.view, 'overview', {})}>those that are open</a>.</p></section>`;
    const { client, times } = this.desk;
    const sources = p.incident.sources.map((s) => ({ source: s.name, posts: 1, last: null, coverage: null }));
    const note = banner(sources, client.newest ?? null, client.now(), times);
    return html`${note ? html`<p class="banner">${note}</p>` : nothing} ${this.head(p.incident, p)} ${this.curve(p.incident, p)} ${this.below(p.incident, p)}`;
  }

  private head(i: Found, p: Picture) {
    const lead = i.services[0] ?? '';
    const frozen = { from: stamp(p.span.from), to: stamp(p.span.to) };
    const others = i.services.map((s) => html`<a class="chip" href=${to(this.view, 'service', { service: s, ...frozen })}><bdi>${this.desk.catalog.name(s)}</bdi></a>`);
    return html`<section class="card">
      <h1 tabindex="-1"><bdi>${this.names(i)}</bdi></h1>
      <p class="meta"><span class="severity ${i.severity} ${i.end ? 'over' : ''}">${severities[i.severity] ?? i.severity}</span><span>${when(i, this.desk)}</span>${i.end ? nothing : html`<strong>still open</strong>`}${i.noticed_in ? html`<span>noticed first in complaints ${called(i.noticed_in)}</span>` : nothing}</p>
      ${i.retracted ? html`<p class="banner">Late counts showed that this was no incident of its own: it was taken back.</p>` : nothing}
      ${p.brief ? html`<p class="brief" lang=${p.brief.lang} dir="auto">${p.brief.text}</p>` : nothing}
      <div class="row tools">
        <label>Language of the text
          <select @change=${(e: Event) => go(this, same(this.view, { in: (e.target as HTMLSelectElement).value }))}>
            ${spoken.map((code) => [code, language(code)] as const).sort((a, b) => a[1].localeCompare(b[1]))
              .map(([code, name]) => html`<option value=${code} ?selected=${code === (this.view.in || 'en')}>${name}</option>`)}
          </select></label>
        ${p.brief ? html`<button @click=${(e: Event) => copy(p.brief?.text ?? '', e.currentTarget as HTMLButtonElement)}>Copy text</button>` : nothing}
        <button @click=${(e: Event) => copy(new URL(same(this.view, { tz: this.desk.times.zone }), document.baseURI).href, e.currentTarget as HTMLButtonElement)}>Copy link</button>
        <a class="button" href=${to(this.view, 'embed', { embed: lead, ...only(rose(i), 'posts'), labels: this.view.in, tz: this.view.tz, ...frozen })}>Embed this moment</a>
      </div>
      <div class="chips tools" role="group" aria-label="Services">${others}</div>
    </section>`;
  }

  private curve(i: Found, p: Picture) {
    const { client, times } = this.desk;
    const name = this.desk.catalog.name(i.services[0] ?? '');
    const newest = client.newest ?? null;
    const part = rose(i);
    // The chart is of the service that leads, and perhaps of a part of it.
    const all = i.services.length > 1 ? ` of all ${i.services.length} services` : part ? ' in all' : '';
    const label = sentence(part ? `${name}, complaints ${called(part)}` : name, p.curve.points, newest, p.span, [i], times);
    const zoom = (e: CustomEvent<{ from: Date; to: Date }>) => go(this, to(this.view, 'service', { service: i.services[0] ?? '', ...only(part), from: stamp(e.detail.from), to: stamp(e.detail.to) }));
    const figure = (what: string, value: string, small: string) => html`<div><dt>${what}</dt><dd>${value} <small>${small}</small></dd></div>`;
    return html`<section class="card">
      <h2><bdi>${name}</bdi>: complaints${part ? ` ${called(part)}` : ''}</h2>
      <dl>${part ? figure(`People ${called(part)}`, number(part.people), `usually ${some(part.usual)}`) : nothing}
        ${figure(`People${all}`, number(i.people), `usually ${some(i.usual)}`)} ${figure(`Posts${all}`, number(i.posts), '')} ${figure(`Peak${all}`, number(i.peak_people), `people in the minute of ${times.near(new Date(i.peak), p.span.to)}`)}</dl>
      <oc-chart .points=${p.curve.points} .newest=${newest} .span=${p.span} .incidents=${[i]} .now=${client.now()} .times=${times} label=${label} @zoom=${zoom}></oc-chart>
    </section>`;
  }

  private below(i: Found, p: Picture) {
    const range = { from: i.onset, to: i.end ?? stamp(p.span.to) };
    const service = i.services[0] ?? '';
    const part = rose(i);
    const words = i.words.map((w) => html`<a class="chip" href=${to(this.view, 'search', { q: `"${clean(w).replaceAll('"', '')}"`, service, ...range })}><bdi>${clean(w)}</bdi></a>`);
    return html`<div class="below">
      <section class="card"><oc-posts .params=${{ service, ...only(part), ...range }} .live=${!i.end} .desk=${this.desk}></oc-posts></section>
      <div class="side">
        ${part?.by === 'lang' ? shares(`What is reported ${called(part)}`, part.symptoms, symptom) : nothing}
        ${shares(part ? 'What is reported in all' : 'What is reported', i.symptoms, symptom)} ${shares('Languages', i.languages, language)} ${shares('Where it is said', i.sources, source)}
        ${words.length ? html`<section class="card"><h2>Typical words</h2><div class="chips">${words}</div></section>` : nothing}
      </div>
    </div>`;
  }
}

function shares(heading: string, all: Share[], name: (slug: string) => string) {
  if (!all.length) return nothing;
  return html`<section class="card"><h2>${heading}</h2><ul class="plain">
    ${all.slice(0, 8).map((s) => html`<li class="share"><bdi>${name(s.name)}</bdi><span>${percent(s.share)}</span>${bar(s.share)}</li>`)}
  </ul></section>`;
}

/** around is an incident with half of its length on both sides, half an hour at least. */
function around(i: Found, newest: Date): Span {
  const onset = Date.parse(i.onset);
  const end = i.end ? Date.parse(i.end) : newest.getTime() + minute;
  const beside = Math.max(30 * minute, (end - onset) / 2);
  const last = i.end ? Math.min(end + beside, Math.max(end, newest.getTime() + minute)) : end;
  return spanOf({ range: '', from: stamp(new Date(onset - beside)), to: stamp(new Date(last)) }, newest, newest);
}

customElements.define('oc-incident', Incident);
