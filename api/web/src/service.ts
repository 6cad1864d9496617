import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { Aloud } from './aloud';
import type { Curve, Incident, Source } from './api';
import './bars';
import './chart';
import { Refused, type Params } from './client';
import { heard, type Desk } from './desk';
import { country, number, sector } from './format';
import './incidents';
import { banner, deaf, sentence, silence } from './notices';
import { merged, summary } from './points';
import { Poll } from './poll';
import './posts';
import { serviceStyles } from './service.style';
import { shared } from './shared.style';
import './share';
import './sources';
import { lengthOf, rangeOf, spanOf, type Span } from './span';
import { Stream, type StreamPoint } from './stream';
import './toolbar';
import { go, same, stamp, to, type View } from './view';
import './words';

interface Picture {
  view: View; // that was asked for
  span: Span;
  curve: Curve;
  incidents: Incident[]; // of the service, in the span
  latest: Incident[]; // of the service, at any time before its end
  missing: string[] | null; // the service does not exist; these may have been meant
}

/** <oc-service> is the page of one service: its curve, and what stands behind it. */
export class Service extends LitElement {
  static override properties = { view: { attribute: false }, desk: { attribute: false } };
  static override styles = [shared, serviceStyles];

  declare view: View;
  declare desk: Desk;
  private readonly aloud = new Aloud();
  private readonly told = new Map<number, StreamPoint>(); // minutes that the stream has told and the curve does not know yet
  private readonly picture = new Poll<Picture>(this, (s) => this.take(s), (p) => this.pause(p), true);
  private readonly sources = new Poll<Source[]>(this, (s) => this.takeSources(s), () => (this.frozen() ? 0 : 30_000));
  private readonly stream = new Stream(this, {
    point: (p) => { this.told.set(Date.parse(p.t), p); this.picture.told(); },
    newest: (t) => { this.desk.client.hear(t); this.picture.told(); },
    incident: () => this.picture.soon(),
    lost: () => this.picture.soon(),
  });

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('view') as View | undefined;
    if (!changed.has('view') || (before && same(before, { tz: '' }) === same(this.view, { tz: '' }))) return;
    this.told.clear();
    this.picture.start();
    this.sources.start();
    if (this.streamed()) this.stream.follow(this.view.service);
    else this.stream.leave();
  }

  /** streamed says that the stream tells what is shown: minutes of all complaints, up to now. */
  private streamed(): boolean {
    const v = this.view;
    return !v.to && !v.symptom && !v.lang && !v.source && !['7d', '30d'].includes(v.range);
  }

  private frozen(): boolean {
    const newest = this.desk.client.newest;
    return Boolean(this.view.to) && (!newest || new Date(this.view.to).getTime() + 600_000 < newest.getTime());
  }

  private pause(p: Picture): number {
    if (p.missing || this.frozen()) return 0;
    if (this.stream.up && p.span.step === '1m') return 20_000;
    return p.span.step === '1m' ? 2_000 : 15_000;
  }

  private async take(signal: AbortSignal): Promise<Picture> {
    const { client } = this.desk;
    const newest = await heard(client, signal, !this.stream.up);
    const span = spanOf(this.view, newest, client.now());
    const range = rangeOf(span);
    const { view } = this;
    const { service, compare } = view;
    const of = (params: Params) => client.get<{ incidents: Incident[] }>('v1/incidents', { service, ...params }, signal).then((a) => a.incidents);
    try {
      const [curve, incidents, latest] = await Promise.all([
        client.get<Curve>('v1/curves', { ...this.filters(), ...range, step: span.step, compare: compare ? 'week' : '' }, signal),
        of({ ...range, limit: '50' }),
        of({ to: range.to, limit: '6' }),
      ]);
      this.forget(curve, span);
      return { view, span, curve, incidents, latest, missing: null };
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 404) throw error;
      return { view, span, curve: { service, ...range, points: [] }, incidents: [], latest: [], missing: error.suggestions };
    }
  }

  /** forget drops of what the stream told what the answer knows too. Counts only grow: where it has fewer, it is older. */
  private forget(curve: Curve, span: Span): void {
    const known = new Map(curve.points.map((p) => [Date.parse(p.t), p.posts]));
    for (const [t, { posts }] of this.told) if (t < span.from.getTime() || (known.get(t) ?? -1) >= posts) this.told.delete(t);
  }

  private async takeSources(signal: AbortSignal): Promise<Source[]> {
    const { client } = this.desk;
    const span = spanOf(this.view, await heard(client, signal), client.now());
    return (await client.get<{ sources: Source[] }>('v1/sources', rangeOf(span), signal)).sources;
  }

  private filters(): Params {
    const { service, symptom, lang, source } = this.view;
    return { service, symptom, lang, source };
  }

  private name(): string {
    return this.desk.catalog.name(this.view.service);
  }

  protected override updated(): void {
    document.title = this.picture.value?.missing ? 'No such service · Outcry' : `${this.name()}: complaints by the minute · Outcry`;
  }

  protected override render() {
    const p = this.picture.value;
    if (p?.missing) return this.missing(p.missing);
    const { client, times } = this.desk;
    const sources = this.sources.value ?? [];
    const note = [banner(sources, client.newest ?? null, client.now(), times), p ? deaf(p.curve.points, p.span, times) || silence(sources) : ''].filter(Boolean).join(' ');
    return html`
      ${note ? html`<p class="banner">${note}</p>` : nothing}
      <section class="card">${this.head()} <oc-chosen .view=${this.view}></oc-chosen> ${p ? this.curve(p) : html`<div class="wait">${this.picture.error ? 'Nothing to show yet.' : 'Loading…'}</div>`}</section>
      ${p ? this.below(p, sources) : nothing}
    `;
  }

  private head() {
    const row = this.desk.catalog.get(this.view.service);
    const where = row && row.countries.length <= 3 ? row.countries.map(country).join(', ') : '';
    return html`<div class="row between">
      <div><h1 tabindex="-1"><bdi>${this.name()}</bdi> <small>complaints heard in public posts</small></h1>
        ${row ? html`<p class="about muted"><a href=${to(this.view, 'overview', { sector: row.sector })}>${sector(row.sector)}</a>${where ? ` · ${where}` : ''}</p>` : nothing}</div>
      <oc-toolbar .view=${this.view} .desk=${this.desk} .span=${this.picture.value?.span}></oc-toolbar>
    </div>`;
  }

  private curve(p: Picture) {
    const { client, times } = this.desk;
    const now = client.now();
    const newest = client.newest ?? null;
    const told = this.told.size > 0 && p.span.step === '1m'; // the stream tells minutes
    const span = told ? spanOf(this.view, newest, now) : p.span;
    const points = told ? merged(p.curve.points, this.told, span) : p.curve.points;
    const label = sentence(this.name(), points, newest, span, p.incidents, times);
    const zoom = (e: CustomEvent<{ from: Date; to: Date }>) => go(this, same(this.view, { from: stamp(e.detail.from), to: stamp(e.detail.to), range: '' }));
    return html`
      <p class="hidden" aria-live="polite">${this.aloud.of(JSON.stringify([p.view, p.incidents.some((i) => !i.end)]), label)}</p>
      ${this.figures(points, span)}
      <oc-chart .points=${points} .newest=${newest} .span=${span} .incidents=${p.incidents} .now=${now} .times=${times} ?compare=${this.view.compare !== ''} label=${label} @zoom=${zoom}></oc-chart>
      <oc-share .view=${this.view} .desk=${this.desk} .span=${span}></oc-share>
    `;
  }

  private figures(points: Picture['curve']['points'], span: Span) {
    const { last, peak, total } = summary(points, this.desk.client.newest ?? null, span.stepMs);
    const at = (t: string) => `at ${this.desk.times.near(new Date(t), span.to)}`;
    const figure = (name: string, value: number | undefined, small: string) => html`<div><dt>${name}</dt><dd>${value === undefined ? '–' : number(value)} <small>${small}</small></dd></div>`;
    return html`<dl>
      ${figure(span.step === '1m' ? 'Latest full minute' : `Latest full ${span.step}`, last?.posts, last ? at(last.t) : '')}
      ${figure('Peak', peak?.posts, peak ? at(peak.t) : '')}
      ${figure('Total', total, `in ${lengthOf(span)}`)}
    </dl>`;
  }

  private below(p: Picture, sources: Source[]) {
    const range = rangeOf(p.span);
    const wait = this.frozen() ? 0 : 10_000;
    const bars = (by: string, heading: string) => html`<section class="card"><oc-bars by=${by} heading=${heading} .view=${this.view} .desk=${this.desk} .range=${range} .wait=${wait}></oc-bars></section>`;
    return html`<div class="below">
      <section class="card posts"><oc-posts .params=${{ ...this.filters(), ...range }} .live=${!this.frozen()} .desk=${this.desk}></oc-posts></section>
      <div class="side">
        ${bars('symptom', 'What is reported')} ${bars('lang', 'Languages')} ${bars('source', 'Where it is said')}
        <section class="card"><oc-words .view=${this.view} .desk=${this.desk} .range=${range} .wait=${wait}></oc-words></section>
        <section class="card"><oc-incidents .incidents=${p.latest} .view=${this.view} .desk=${this.desk}></oc-incidents></section>
        <section class="card"><oc-sources .sources=${sources} .desk=${this.desk}></oc-sources></section>
      </div>
    </div>`;
  }

  private missing(near: string[]) {
    return html`<section class="card wait"><h1 tabindex="-1">No such service</h1>
      <p>There is no service “<bdi>${this.view.service}</bdi>”. ${near.length ? 'Did you mean one of these?' : html`See <a href=${to(this.view, 'overview', {})}>all that are complained of</a>.`}</p>
      <div class="chips">${near.map((slug) => html`<a class="chip" href=${to(this.view, 'service', { service: slug })}>${this.desk.catalog.name(slug)}</a>`)}</div>
    </section>`;
  }
}

customElements.define('oc-service', Service);
