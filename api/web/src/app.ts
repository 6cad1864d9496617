import { html, LitElement, nothing } from 'lit';
import { address } from './api';
import { appStyles } from './app.style';
import { Briefs, type BriefMap } from './briefs';
import './chart';
import { date, counted, number, time, timeSeconds, zoneNote } from './format';
import './incidents';
import { Live } from './live';
import { banner, sentence, title, trouble } from './notices';
import { nameOf, summary, type Picture } from './picture';
import './posts';
import './services';
import { Sparks, type SparkMap } from './sparks';
import './symptoms';
import { hours, ranges, readView, viewLink, type Range, type View } from './view';

/** <oc-app> is the page: it holds the view and the latest picture. */
export class App extends LitElement {
  static override properties = {
    view: { state: true },
    picture: { state: true },
    failure: { state: true },
    sparks: { state: true },
    briefs: { state: true },
  };
  static override styles = appStyles;

  declare private view: View;
  declare private picture: Picture | null;
  declare private failure: { error: unknown; since: Date } | null;
  declare private sparks: SparkMap;
  declare private briefs: BriefMap;
  private readonly live: Live;
  private readonly tufts = new Sparks((sparks) => { this.sparks = sparks; });
  private readonly words = new Briefs((briefs) => { this.briefs = briefs; });

  constructor() {
    super();
    this.view = readView(location.search);
    this.picture = null;
    this.failure = null;
    this.sparks = new Map();
    this.briefs = new Map();
    this.live = new Live(this.view, (p) => this.show(p), (e) => this.fail(e));
    addEventListener('popstate', () => this.look(readView(location.search), false));
    this.live.start();
  }

  private look(view: View, remember = true): void {
    this.view = view;
    if (remember) history.pushState(null, '', viewLink(view));
    this.live.look(view);
  }

  private show(picture: Picture): void {
    if (picture.view.service && !this.view.service) {
      // The link of the page is to show the same service tomorrow.
      history.replaceState(null, '', viewLink(picture.view));
      this.view = picture.view;
    }
    this.picture = picture;
    this.failure = null;
    this.tufts.follow(picture);
    this.words.follow(picture);
    document.title = title(picture);
  }

  private fail(error: unknown): void {
    this.failure = { error, since: this.failure?.since ?? new Date() };
  }

  protected override render() {
    const p = this.picture;
    return html`
      <header>
        <a class="brand" href="./"><svg viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="7" /><path d="M5 21h5l3-3 4-12 4 17 2-5h4" /></svg><strong>Outcry</strong></a>
        <span class="claim">Complaints heard in public posts, minute by minute</span>
        ${this.state()}
      </header>
      <main>
        ${this.failure ? html`<p class="banner bad" role="alert">${trouble(this.failure.error, p)}</p>` : nothing}
        ${p ? this.body(p) : html`<section class="card wait">${this.failure ? 'Nothing to show yet.' : 'Loading…'}</section>`}
      </main>
      <footer>
        ${p ? zoneNote(p.window.to) : nothing} Data: <a href="openapi.json">API</a>, <a href="v1/services?format=csv">services as CSV</a>. <a href="assets/licenses.md">Licences</a>.
      </footer>
    `;
  }

  private state() {
    if (this.failure) return html`<span class="state off">Not connected</span>`;
    const p = this.picture;
    if (!p) return nothing;
    if (p.newest === null) return html`<span class="state past">Waiting for posts</span>`;
    return html`<span class="state ${p.window.past ? 'past' : 'on'}">${p.window.past ? 'Recorded' : 'Live'} · updated ${timeSeconds(p.at)}</span>`;
  }

  private body(p: Picture) {
    const note = banner(p);
    const choose = (e: CustomEvent<string>) => this.look({ ...this.view, service: e.detail });
    return html`
      ${note ? html`<p class="banner">${note}</p>` : nothing}
      <div class="layout">
        <aside>
          ${p.incidents.length ? html`<section class="card"><oc-incidents .incidents=${p.incidents} .briefs=${this.briefs} .services=${p.services} .view=${this.view} @choose=${choose}></oc-incidents></section>` : nothing}
          <section class="card"><oc-services .rows=${p.services} .sparks=${this.sparks} .view=${this.view} @choose=${choose}></oc-services></section>
        </aside>
        ${p.newest === null ? this.silence() : p.missing ? this.missing(p) : p.view.service ? this.service(p) : this.calm()}
      </div>
    `;
  }

  private silence() {
    return html`<section class="card wait"><h1>Nothing heard yet</h1><p>No post has arrived. Curves appear here as soon as the first ones do.</p></section>`;
  }

  private calm() {
    return html`<section class="card wait"><h1>No complaints in this time</h1><p>Posts are being heard, and none of them complains of a known service.</p>${this.rangeChoice()}</section>`;
  }

  private missing(p: Picture) {
    const link = (slug: string) => html`<button @click=${() => this.look({ ...this.view, service: slug })}>${nameOf(p.services, slug)}</button> `;
    return html`<section class="card wait"><h1>No such service</h1>
      <p>There is no service “${p.view.service}”. ${p.missing?.length ? 'Did you mean one of these?' : 'Choose one from the list.'}</p>
      ${p.missing?.map(link)}
    </section>`;
  }

  private service(p: Picture) {
    const label = sentence(p);
    return html`
      <div class="main">
        <section class="card">
          <div class="top"><h1 dir="auto">${nameOf(p.services, p.view.service)} — complaints per minute</h1>${this.rangeChoice()}</div>
          <p class="hidden" aria-live="polite">${label}</p>
          ${this.figures(p)}
          <oc-chart .points=${p.curve} .newest=${p.newest} .span=${p.window} .incidents=${p.own} .now=${p.at} label=${label}></oc-chart>
          ${this.links(p)}
        </section>
        <div class="below">
          <section class="card"><oc-posts .posts=${p.posts}></oc-posts></section>
          <section class="card"><oc-symptoms .posts=${p.posts}></oc-symptoms></section>
        </div>
      </div>
    `;
  }

  private figures(p: Picture) {
    const { last, peak, total } = summary(p.curve, p.newest);
    const when = (t: string) => (p.view.range === '24h' ? `${date(new Date(t))}, ` : '') + time(new Date(t));
    return html`<dl>
      <div><dt>Latest full minute</dt><dd>${last ? number(last.posts) : '–'} <small>${last ? `at ${when(last.t)}` : ''}</small></dd></div>
      <div><dt>Peak</dt><dd>${peak ? number(peak.posts) : '–'} <small>${peak ? `at ${when(peak.t)}` : ''}</small></dd></div>
      <div><dt>Total</dt><dd>${number(total)} <small>in ${counted(hours(p.view.range), 'hour', 'hours')}</small></dd></div>
    </dl>`;
  }

  private rangeChoice() {
    return html`<div class="ranges" role="group" aria-label="Length of time shown">
      ${ranges.map((range: Range) => html`<button aria-pressed=${range === this.view.range} @click=${() => this.look({ ...this.view, range })}>${range}</button>`)}
    </div>`;
  }

  private links(p: Picture) {
    const params = { service: p.view.service, from: p.window.from.toISOString(), to: p.window.to.toISOString(), step: '1m' };
    return html`<p class="links">The open dot is the minute that is not over.
      <a href=${address('v1/curves', { ...params, format: 'csv' })} download="outcry-${p.view.service}.csv">Download CSV</a></p>`;
  }
}

customElements.define('oc-app', App);
