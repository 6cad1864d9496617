import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import type { Brief, Incident, Movers, Source } from './api';
import './cards';
import type { Params } from './client';
import { heard, type Desk } from './desk';
import './filters';
import './movers';
import { banner, silence } from './notices';
import { Poll } from './poll';
import { shared } from './shared.style';
import { Stream } from './stream';
import type { View } from './view';

const pause = 5_000;
const sorts = ['above', 'posts', 'change'];
const mostShown = '100';
const hour = 3_600_000;

interface Incidents {
  open: Incident[];
  ended: Incident[]; // in the last 24 hours
}

/** <oc-overview> shows open incidents, and services by how far they are above normal. */
export class Overview extends LitElement {
  static override properties = { view: { attribute: false }, desk: { attribute: false } };
  static override styles = [shared, css`
    .page { display: grid; gap: 1rem; }
    .top { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0.6rem 1.5rem; align-items: end; }
    .top p { margin: 0.2rem 0 0; }
    section > h2 { margin: 0.4rem 0 0.6rem; }
  `];

  declare view: View;
  declare desk: Desk;
  private readonly movers = new Poll<Movers>(this, (s) => this.take(s), () => pause, true);
  private readonly incidents = new Poll<Incidents>(this, (s) => this.takeIncidents(s), () => (this.stream.up ? 4 * pause : pause));
  private readonly sources = new Poll<Source[]>(this, (s) => this.takeSources(s), () => 60_000);
  private readonly briefs = new Map<string, Brief & { updated: string }>();
  private readonly stream = new Stream(this, { incident: () => this.incidents.soon() });

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('view') as View | undefined;
    if (changed.has('view') && (!before || ['sector', 'country', 'lang', 'sort'].some((n) => before[n as keyof View] !== this.view[n as keyof View]))) {
      this.movers.start();
      if (before) return;
      this.incidents.start();
      this.stream.follow('');
    }
  }

  private async take(signal: AbortSignal): Promise<Movers> {
    const { sector, country, lang, sort } = this.view;
    const params = { sector, country, lang, sort: sorts.includes(sort) ? sort : '', limit: mostShown };
    const movers = await this.desk.client.get<Movers>('v1/movers', params, signal);
    if (!this.sources.value) this.sources.start(); // now it is known when the newest post was heard
    return movers;
  }

  private async takeIncidents(signal: AbortSignal): Promise<Incidents> {
    const { client } = this.desk;
    const ask = (params: Params) => client.get<{ incidents: Incident[] }>('v1/incidents', params, signal).then((a) => a.incidents);
    const [open, latest] = await Promise.all([ask({ open: 'true', limit: '100' }), ask({ limit: '50' })]);
    void this.tell(open, signal);
    return { open, ended: latest.filter((i) => i.end) };
  }

  private async takeSources(signal: AbortSignal): Promise<Source[]> {
    const newest = await heard(this.desk.client, signal);
    const to = newest ?? this.desk.client.now();
    const span = { from: new Date(to.getTime() - hour).toISOString(), to: new Date(to.getTime() + 60_000).toISOString() };
    return (await this.desk.client.get<{ sources: Source[] }>('v1/sources', span, signal)).sources;
  }

  /** tell asks for the briefs of incidents that have changed since. */
  private async tell(incidents: Incident[], signal: AbortSignal): Promise<void> {
    const due = incidents.slice(0, 24).filter((i) => this.briefs.get(i.id)?.updated !== i.updated);
    const params = { lang: 'en', tz: this.desk.times.zone };
    await Promise.allSettled(due.map(async (i) => {
      const brief = await this.desk.client.get<Brief>(`v1/incidents/${encodeURIComponent(i.id)}/brief`, params, signal);
      this.briefs.set(i.id, { ...brief, updated: i.updated });
    })); // a card says what and when without it; the next picture tries again
    if (due.length) this.requestUpdate();
  }

  protected override updated(): void {
    const n = this.among(this.incidents.value?.open ?? []).length;
    document.title = n ? `(${n}) Outcry: open incidents` : 'Outcry: complaints by the minute';
  }

  /** among are the incidents of services, and in a language, that the filters let through. */
  private among(incidents: Incident[]): Incident[] {
    const { sector, country, lang } = this.view;
    const fits = (slug: string) => {
      const s = this.desk.catalog.get(slug);
      return (!sector || s?.sector === sector) && (!country || Boolean(s?.countries.includes(country)));
    };
    return incidents.filter((i) => i.services.some(fits) && (!lang || i.languages.some((l) => l.name === lang)));
  }

  protected override render() {
    const m = this.movers.value;
    const { client, times } = this.desk;
    const note = [banner(this.sources.value ?? [], client.newest ?? null, client.now(), times), silence(this.sources.value ?? [])].filter(Boolean).join(' ');
    return html`
      ${note ? html`<p class="banner">${note}</p>` : nothing}
      <div class="page">
        <div class="top">
          <div><h1>What people complain about</h1>
            <p class="muted">${m ? `In the hour to ${times.time(new Date(m.to))}, compared with what is usual` : 'Loading…'}</p></div>
          <oc-filters .view=${this.view} .catalog=${this.desk.catalog}></oc-filters>
        </div>
        ${m?.newest === null ? html`<section class="card wait"><h2>Nothing heard yet</h2><p>No post has arrived. Services appear here as soon as people complain about them.</p></section>` : this.body(m)}
      </div>
    `;
  }

  private body(m: Movers | undefined) {
    return html`
      ${this.open()}
      <section class="card" aria-labelledby="movers">
        <h2 id="movers">Services above normal</h2>
        ${m ? html`<oc-movers .movers=${m} .view=${this.view} .desk=${this.desk}></oc-movers>` : this.waiting(this.movers.error)}
      </section>
      ${this.ended()}
    `;
  }

  private waiting(error: unknown) {
    return html`<div class="wait">${error ? 'Nothing to show yet.' : 'Loading…'}</div>`;
  }

  private open() {
    const known = this.incidents.value;
    const open = this.among(known?.open ?? []);
    const filtered = this.view.sector || this.view.country || this.view.lang;
    const names = open.map((i) => this.desk.catalog.name(i.services[0] ?? '')).join(', ');
    const none = known ? `No incident is open${filtered ? ' for these filters' : ''}.` : this.incidents.error ? 'Not to be had at the moment.' : 'Loading…';
    return html`<section aria-labelledby="open">
      <h2 id="open">Open incidents <small>${open.length || ''}</small></h2>
      <p class="hidden" aria-live="polite">${open.length ? `${open.length} open: ${names}` : ''}</p>
      ${open.length ? this.cards(open) : html`<p class="card none">${none}</p>`}
    </section>`;
  }

  private ended() {
    const { client } = this.desk;
    const since = (client.newest ?? client.now()).getTime() - 24 * hour;
    const ended = this.among(this.incidents.value?.ended ?? []).filter((i) => Date.parse(i.end ?? '') >= since).slice(0, 6);
    return ended.length ? html`<section aria-labelledby="ended"><h2 id="ended">Ended in the last 24 hours</h2>${this.cards(ended)}</section>` : nothing;
  }

  private cards(incidents: Incident[]) {
    return html`<oc-cards .incidents=${incidents} .briefs=${this.briefs} .view=${this.view} .desk=${this.desk}></oc-cards>`;
  }
}

customElements.define('oc-overview', Overview);
