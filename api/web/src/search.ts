import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Count, Found, Post } from './api';
import { Refused, type Params } from './client';
import { heard, type Desk } from './desk';
import { counted, language, number, symptom } from './format';
import { Poll } from './poll';
import { postRow, postStyles } from './post';
import { shared } from './shared.style';
import { rangeOf, spanOf, type Span } from './span';
import './toolbar';
import { go, same, to, type View } from './view';

const most = 10;

interface Page extends Found {
  span: Span;
}

/** <oc-search> finds posts by their words. */
export class Search extends LitElement {
  static override properties = { view: { attribute: false }, desk: { attribute: false }, older: { state: true }, next: { state: true }, busy: { state: true } };
  static override styles = [shared, postStyles, css`
    :host { display: grid; gap: 1rem; grid-template-columns: minmax(0, 1fr); }
    form { display: flex; gap: 0.5rem; margin: 0.7rem 0; }
    input { flex: 1; min-height: 2.4rem; padding: 0.3rem 0.8rem; font-size: 1rem; }
    .below { display: grid; grid-template-columns: minmax(0, 17rem) minmax(0, 1fr); gap: 1rem; align-items: start; }
    .side { display: grid; gap: 1rem; }
    .facet { display: flex; justify-content: space-between; gap: 0.8rem; padding: 0.25rem 0.45rem; margin-inline: -0.45rem; border-radius: 7px; text-decoration: none; font-size: 0.92rem; overflow-wrap: anywhere; }
    .facet:hover { background: var(--page); }
    .facet[aria-current] { background: var(--select); box-shadow: inset 3px 0 0 var(--accent); }
    li.facets { padding: 0; border: 0; }
    .hits .text { max-width: 60rem; }
    .help { margin: 0; }
    code { background: var(--page); padding: 0.05rem 0.3rem; border-radius: 4px; }
    @media (max-width: 860px) { .below { grid-template-columns: minmax(0, 1fr); } .side { order: 1; grid-template-columns: repeat(auto-fill, minmax(min(100%, 13rem), 1fr)); } }
  `];

  declare view: View;
  declare desk: Desk;
  declare private older: Post[];
  declare private next: string;
  declare private busy: boolean;
  private readonly found = new Poll<Page>(this, (s) => this.take(s), () => 0);

  constructor() {
    super();
    this.older = [];
    this.next = '';
    this.busy = false;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('view') as View | undefined;
    if (!changed.has('view') || (before && same(before, { tz: '' }) === same(this.view, { tz: '' }))) return;
    this.older = [];
    if (this.view.q) this.found.start(!before || before.q !== this.view.q);
    else this.found.stop();
  }

  private params(span: Span): Params {
    const { q, service, symptom: s, lang, source, sort } = this.view;
    return { q, service, symptom: s, lang, source, sort: sort === 'score' ? 'score' : 'time', limit: '20', ...rangeOf(span) };
  }

  private span(newest: Date | null): Span {
    const { range, from, to: end } = this.view;
    return spanOf({ range: range || '7d', from, to: end }, newest, this.desk.client.now());
  }

  private async take(signal: AbortSignal): Promise<Page> {
    const span = this.span(await heard(this.desk.client, signal, true));
    const found = await this.desk.client.get<Found>('v1/search', this.params(span), signal);
    this.next = found.next ?? '';
    return { ...found, span };
  }

  private async more(span: Span): Promise<void> {
    this.busy = true;
    try {
      const found = await this.desk.client.get<Found>('v1/search', { ...this.params(span), cursor: this.next }, AbortSignal.timeout(15_000));
      this.older = [...this.older, ...found.posts];
      this.next = found.next ?? '';
    } catch {
      this.found.start(); // anew, which says what is wrong
    } finally {
      this.busy = false;
    }
  }

  protected override updated(): void {
    document.title = this.view.q ? `“${this.view.q}” in posts · Outcry` : 'Search posts · Outcry';
  }

  protected override render() {
    const { view } = this;
    const submit = (e: SubmitEvent) => {
      e.preventDefault();
      go(this, same(view, { q: String(new FormData(e.target as HTMLFormElement).get('q') ?? '').trim() }));
    };
    const range = { ...view, range: view.from ? '' : view.range || '7d' };
    return html`
      <section class="card">
        <h1 tabindex="-1">Search posts</h1>
        <form role="search" @submit=${submit}><input type="search" name="q" aria-label="Words" placeholder='Words, "a phrase", word~, -word' .value=${view.q} /><button type="submit">Search</button></form>
        <div class="row between">
          <oc-toolbar plain .view=${range} .desk=${this.desk} .span=${this.found.value?.span}></oc-toolbar>
          <label>Order<select @change=${(e: Event) => go(this, same(view, { sort: (e.target as HTMLSelectElement).value }))}>
            <option value="" ?selected=${view.sort !== 'score'}>Latest first</option><option value="score" ?selected=${view.sort === 'score'}>Best first</option></select></label>
        </div>
      </section>
      ${this.outcome()}
    `;
  }

  private outcome() {
    const { error, value } = this.found;
    if (!this.view.q) return html`<section class="card"><p class="help muted">Complaints of the last days, in all languages. Words are found in all their forms; <code>"a phrase"</code> as it stands, <code>word~</code> also misspelt, <code>-word</code> leaves out.</p></section>`;
    if (error instanceof Refused && (error.status === 501 || error.status === 503)) return html`<section class="card"><p class="none">Posts cannot be searched on this server: ${error.message}.</p></section>`;
    if (error) return html`<p class="banner bad" role="alert">${error instanceof Refused ? error.message : 'The server cannot be reached.'}</p>`;
    if (!value) return html`<section class="card wait">Searching…</section>`;
    const posts = [...value.posts, ...this.older];
    return html`<div class="below">
      <div class="side">
        ${this.facet('service', 'Services', value.facets.service, (s) => this.desk.catalog.name(s))}
        ${this.facet('symptom', 'What is reported', value.facets.symptom, symptom)}
        ${this.facet('lang', 'Languages', value.facets.lang, language)}
      </div>
      <section class="card hits">
        <h2><span role="status">${value.partial ? 'At least ' : ''}${counted(value.total, 'post', 'posts')}</span></h2>
        ${posts.length || this.next ? nothing : html`<p class="none">Nothing found in this time. A longer range, or fewer words, may find more.</p>`}
        <ul class="plain">${repeat(posts, (p) => `${p.source} ${p.id} ${p.service}`, (p) => postRow(p, this.desk, p.service ? html`<a href=${to(this.view, 'service', { service: p.service })}>${this.desk.catalog.name(p.service)}</a>` : nothing))}</ul>
        ${this.next ? html`<button ?disabled=${this.busy} @click=${() => void this.more(value.span)}>More</button>` : nothing}
      </section>
    </div>`;
  }

  private facet(by: 'service' | 'symptom' | 'lang', heading: string, counts: Count[], name: (s: string) => string) {
    const chosen = this.view[by];
    if (!counts.length && !chosen) return nothing;
    const rows = counts.some((c) => c.name === chosen) || !chosen ? counts.slice(0, most) : [{ name: chosen, posts: 0 }, ...counts.slice(0, most)];
    return html`<section class="card"><h2>${heading}</h2><ul class="plain">
      ${rows.map((c) => html`<li class="facets"><a class="facet" href=${same(this.view, { [by]: c.name === chosen ? '' : c.name })} aria-current=${c.name === chosen ? 'true' : nothing}><bdi>${name(c.name)}</bdi><span>${number(c.posts)}</span></a></li>`)}
    </ul></section>`;
  }
}

customElements.define('oc-search', Search);
