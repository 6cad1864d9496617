import { html, LitElement, nothing } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { appStyles } from './app.style';
import { Catalog } from './catalog';
import { Client, Refused } from './client';
import type { Desk } from './desk';
import './find';
import type { Pick } from './find';
import { trouble } from './notices';
import './overview';
import type { Health } from './poll';
import './service';
import { shared } from './shared.style';
import { isStale } from './span';
import { localZone, Times } from './times';
import { readView, same, to, viewLink, type View } from './view';
import './zones';

const patience = 1_000; // with the first answer

/** <oc-app> is the frame of all pages: it holds the view, which is what the address says. */
export class App extends LitElement {
  static override properties = { view: { state: true }, desk: { state: true }, health: { state: true } };
  static override styles = [shared, appStyles];

  declare private view: View;
  declare private desk: Desk;
  declare private health: { error: unknown; at: Date; well: Date | null } | null;
  private started = false;

  constructor() {
    super();
    this.view = readView(location.search);
    this.health = null;
    this.desk = { client: new Client(), catalog: new Catalog([]), times: timesOf(this.view) };
    if (this.view.page === 'overview') setTimeout(() => this.start(), patience);
    else this.start();
    addEventListener('popstate', () => this.look(location.search, false));
    addEventListener('click', (e) => this.follow(e));
    addEventListener('keydown', (e) => this.shortcut(e));
    this.addEventListener('go', (e) => this.look((e as CustomEvent<string>).detail));
    this.addEventListener('health', (e) => this.feel((e as CustomEvent<Health>).detail));
  }

  /** start learns the catalogue, which is long: the overview, which shows names without it, is to have its own answer first. */
  private start(): void {
    if (this.started) return;
    this.started = true;
    void this.learn();
  }

  /** learn gets the catalogue, which the pages can do without for a while. */
  private async learn(wait = 2_000): Promise<void> {
    try {
      const catalog = await Catalog.load(this.desk.client, AbortSignal.timeout(20_000));
      this.desk = { ...this.desk, catalog };
    } catch {
      setTimeout(() => void this.learn(Math.min(wait * 2, 60_000)), wait);
    }
  }

  private look(link: string, remember = true): void {
    const view = readView(new URL(link, document.baseURI).search);
    const moved = keyOf(view) !== keyOf(this.view);
    if (view.tz !== this.view.tz) this.desk = { ...this.desk, times: timesOf(view) };
    if (view.page !== this.view.page) this.health = null;
    this.view = view;
    if (remember) history.pushState(null, '', viewLink(view));
    if (!moved) return;
    if (remember) scrollTo(0, 0);
    this.renderRoot.querySelector<HTMLElement>('main')?.focus({ preventScroll: true });
  }

  /** follow shows links to pages of this one without loading it anew. */
  private follow(e: MouseEvent): void {
    if (e.defaultPrevented || e.button !== 0 || e.metaKey || e.ctrlKey || e.shiftKey || e.altKey) return;
    const link = e.composedPath().find((n): n is HTMLAnchorElement => n instanceof HTMLAnchorElement);
    if (!link || link.target || link.hasAttribute('download') || link.origin !== location.origin || link.pathname !== location.pathname) return;
    e.preventDefault();
    this.look(link.search || './');
  }

  /** "/" goes to the search field, unless something is being typed. */
  private shortcut(e: KeyboardEvent): void {
    const at = e.composedPath()[0];
    if (e.key !== '/' || e.metaKey || e.ctrlKey || e.altKey || (at instanceof HTMLElement && at.matches('input, select, textarea'))) return;
    e.preventDefault();
    this.renderRoot.querySelector<HTMLElement>('oc-find')?.focus();
  }

  private feel({ error, at }: Health): void {
    this.health = { error, at, well: error ? (this.health?.well ?? null) : at };
    this.start();
  }

  protected override render() {
    const { view, desk } = this;
    const current = (page: string) => (view.page === page ? 'page' : nothing);
    return html`
      <button class="skip" @click=${() => this.renderRoot.querySelector<HTMLElement>('main')?.focus()}>Skip to the content</button>
      <header>
        <a class="brand" href=${to(view, 'overview', {})} aria-label="Outcry, overview"><svg viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="7" /><path d="M5 21h5l3-3 4-12 4 17 2-5h4" /></svg><strong>Outcry</strong></a>
        <nav aria-label="Pages">
          <a href=${to(view, 'overview', {})} aria-current=${current('overview')}>Overview</a>
          <a href=${to(view, 'search', {})} aria-current=${current('search')}>Posts</a>
          <a href=${to(view, 'embed', { embed: view.service })} aria-current=${current('embed')}>Embed</a>
        </nav>
        <oc-find role="search" .catalog=${desk.catalog} words label="Find a service, or words in posts" @pick=${(e: CustomEvent<Pick>) => this.found(e.detail)}></oc-find>
        ${this.state()}
      </header>
      <main tabindex="-1">
        ${this.health?.error ? html`<p class="banner bad" role="alert">${trouble(this.health.error, this.health.well, desk.times)}</p>` : nothing}
        ${keyed(keyOf(view), this.page())}
      </main>
      <footer>
        <oc-zones .zone=${view.tz} .times=${desk.times} .at=${desk.client.newest ?? desk.client.now()} @choose=${(e: CustomEvent<string>) => this.look(same(this.view, { tz: e.detail }))}></oc-zones>
        <p>Data: <a href="docs">API</a>, <a href="v1/services?format=csv">services as CSV</a>, <a href="v1/incidents?format=csv">incidents as CSV</a>. <a href="assets/licenses.md">Licences</a>.</p>
      </footer>
    `;
  }

  private page() {
    const { view, desk } = this;
    switch (view.page) {
      case 'overview': return html`<oc-overview .view=${view} .desk=${desk}></oc-overview>`;
      case 'service': return html`<oc-service .view=${view} .desk=${desk}></oc-service>`;
      case 'incident': void import('./incident'); return html`<oc-incident .view=${view} .desk=${desk}></oc-incident>`;
      case 'search': void import('./search'); return html`<oc-search .view=${view} .desk=${desk}></oc-search>`;
      case 'embed': void import('./builder'); return html`<oc-builder .view=${view} .desk=${desk}></oc-builder>`;
    }
  }

  private found({ service, words }: Pick): void {
    this.look(service ? to(this.view, 'service', { service }) : to(this.view, 'search', { q: words }));
  }

  private state() {
    const { client, times } = this.desk;
    if (this.health?.error) return html`<span class="state off">${this.health.error instanceof Refused ? 'Refused' : 'Not connected'}</span>`;
    if (!this.health) return html`<span class="state"></span>`;
    if (client.newest === null) return html`<span class="state past">Waiting for posts</span>`;
    const past = isStale(client.newest ?? null, client.now());
    return html`<span class="state ${past ? 'past' : 'on'}">${past ? 'Recorded' : 'Live'} · updated ${times.seconds(this.health.at)}</span>`;
  }
}

const timesOf = (view: View): Times => new Times(view.tz || localZone());

/** keyOf is what a page is about: with another it is another page, rather than the same with other filters. */
const keyOf = (view: View): string => `${view.page} ${view.page === 'service' ? view.service : ''} ${view.incident}`;

customElements.define('oc-app', App);
