import { css, html, LitElement, nothing, svg, type PropertyValues } from 'lit';
import type { Part } from './api';
import type { Desk } from './desk';
import { change, counted, language, number, percent, source, symptom } from './format';
import { Poll } from './poll';
import { shared } from './shared.style';
import { same, type View } from './view';

type By = 'symptom' | 'lang' | 'source';

const most = 8;
const names: Record<By, (name: string) => string> = { symptom, lang: language, source };

/** <oc-bars> shows what the complaints are made of; a click on a row filters the page by it, another lets go. */
export class Bars extends LitElement {
  static override properties = { by: {}, heading: {}, view: { attribute: false }, desk: { attribute: false }, range: { attribute: false }, wait: { attribute: false } };
  static override styles = [shared, css`
    li { border-radius: 7px; }
    a, .still { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0 0.8rem; padding: 0.25rem 0.45rem 0.35rem; margin-inline: -0.45rem; border-radius: 7px; text-decoration: none; font-size: 0.92rem; }
    a:hover { background: var(--page); }
    a[aria-current] { background: var(--select); box-shadow: inset 3px 0 0 var(--accent); }
    .name { overflow-wrap: anywhere; }
    .share { font-variant-numeric: tabular-nums; }
    svg { grid-column: 1 / -1; width: 100%; height: 5px; }
    .track { fill: var(--grid); }
    .bar { fill: var(--accent); }
  `];

  declare by: By;
  declare heading: string;
  declare view: View;
  declare desk: Desk;
  declare range: { from: string; to: string };
  declare wait: number;
  private asked = '';
  private readonly parts = new Poll<Part[]>(this, (s) => this.take(s), () => this.wait);

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('view') && !changed.has('range') && !changed.has('wait')) return;
    const { service, symptom: s, lang, source: from } = this.view;
    // A range that ends now is asked for anew by itself.
    const asked = JSON.stringify([service, s, lang, from, this.view.range, this.view.from, this.wait ? '' : this.range]);
    if (asked === this.asked) return;
    this.asked = asked;
    this.parts.start();
  }

  private async take(signal: AbortSignal): Promise<Part[]> {
    const { service, symptom: s, lang, source: from } = this.view;
    // Its own filter is left out, so that the others can be chosen in its place.
    const params = { service, symptom: s, lang, source: from, ...this.range, [this.by]: '' };
    const { rows } = await this.desk.client.get<{ rows: Part[] }>('v1/breakdown', { by: this.by, ...params }, signal);
    return rows;
  }

  protected override render() {
    const rows = this.parts.value;
    const shown = rows?.slice(0, most) ?? [];
    const chosen = this.view[this.by];
    const also = chosen && !shown.some((r) => r.name === chosen) ? rows?.find((r) => r.name === chosen) : undefined;
    return html`
      <h2>${this.heading}</h2>
      ${!rows ? html`<p class="none">${this.parts.error ? 'Not to be had at the moment.' : 'Loading…'}</p>` : rows.length ? nothing : html`<p class="none">Nothing in this time.</p>`}
      <ul class="plain">${[...shown, ...(also ? [also] : [])].map((r) => this.row(r, r.name === chosen))}</ul>
    `;
  }

  private row(r: Part, chosen: boolean) {
    const name = names[this.by](r.name);
    const then = r.before === null ? '' : r.before === 0 ? 'none a week before' : `${change(r.posts / r.before)} to a week before`;
    const inner = html`<span class="name"><bdi>${name}</bdi></span><span class="share">${percent(r.share || (r.posts ? 0.001 : 0))} <small>${number(r.posts)}</small></span>${bar(r.share)}`;
    const title = [counted(r.posts, 'post', 'posts'), `by ${counted(r.authors, 'person', 'people')}`, then].filter(Boolean).join(', ');
    if (!r.name) return html`<li><div class="still" title=${title}>${inner}</div></li>`;
    return html`<li><a href=${same(this.view, { [this.by]: chosen ? '' : r.name })} aria-current=${chosen ? 'true' : nothing} title=${`${title}. ${chosen ? 'Show all again' : 'Show only these'}`}>${inner}</a></li>`;
  }
}

export function bar(share: number) {
  return svg`<svg viewBox="0 0 100 5" preserveAspectRatio="none" aria-hidden="true">
    <rect class="track" width="100" height="5" /><rect class="bar" width=${share * 100} height="5" />
  </svg>`;
}

/** <oc-chosen> names the filters that are on, each with a way to let go of it. */
export class Chosen extends LitElement {
  static override properties = { view: { attribute: false } };
  static override styles = [shared, css`
    .chips { margin-top: 0.6rem; }
    .chip { background: var(--select); border-color: var(--accent); }
  `];
  declare view: View;

  protected override render() {
    const chips = (Object.keys(names) as By[]).filter((by) => this.view[by]);
    if (!chips.length) return nothing;
    return html`<div class="chips" role="group" aria-label="Filters">
      ${chips.map((by) => html`<a class="chip" href=${same(this.view, { [by]: '' })} aria-label="Filter ${names[by](this.view[by])}: remove">only <bdi>${names[by](this.view[by])}</bdi> <span aria-hidden="true">×</span></a>`)}
    </div>`;
  }
}

customElements.define('oc-bars', Bars);
customElements.define('oc-chosen', Chosen);
