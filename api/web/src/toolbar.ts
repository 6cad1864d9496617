import { css, html, LitElement, nothing } from 'lit';
import type { Desk } from './desk';
import { shared } from './shared.style';
import { moved, usualRange, type Span } from './span';
import { go, ranges, same, stamp, type View } from './view';

/** <oc-toolbar> chooses the time that a page shows: a length that ends now, or from and to. */
export class Toolbar extends LitElement {
  static override properties = { view: { attribute: false }, desk: { attribute: false }, span: { attribute: false }, plain: { type: Boolean }, wrong: { state: true } };
  static override styles = [shared, css`
    .row { align-items: center; gap: 0.4rem; }
    .group { display: flex; gap: 0.25rem; flex-wrap: wrap; }
    .group .button { padding-inline: 0.6rem; }
    details { position: relative; }
    summary { list-style: none; }
    summary::-webkit-details-marker { display: none; }
    form { position: absolute; z-index: 4; inset-inline-end: 0; top: calc(100% + 6px); background: var(--card); border: 1px solid var(--field); border-radius: var(--radius); padding: 0.9rem; display: grid; gap: 0.7rem; box-shadow: 0 8px 24px rgb(0 0 0 / 0.18); width: max-content; max-width: calc(100vw - 2rem); box-sizing: border-box; }
    form button { justify-content: center; }
    .wrong { color: var(--bad-text); margin: 0; font-size: 0.85rem; max-width: 16rem; }
    @media (max-width: 700px) { form { inset-inline: auto; position: fixed; inset-inline-start: 1rem; top: 25%; } }
  `];

  declare view: View;
  declare desk: Desk;
  declare span: Span | undefined;
  declare plain: boolean; // no comparing
  declare private wrong: string;

  constructor() {
    super();
    this.plain = false;
    this.wrong = '';
  }

  protected override render() {
    const v = this.view;
    const relative = v.from ? '' : v.range || usualRange;
    const range = (r: string) => html`<a class="button" href=${same(v, { range: r, from: '', to: '' })} aria-current=${r === relative ? 'true' : nothing}>${r}</a>`;
    return html`<div class="row">
      <div class="group" role="group" aria-label="Length of time shown">${ranges.map(range)} ${this.custom()}</div>
      <div class="group" role="group" aria-label="Move in time">
        ${this.shift('‹', 'Earlier', -0.5, 1)} ${this.shift('›', 'Later', 0.5, 1, this.atEnd())} ${this.shift('−', 'Show a longer time', 0, 2)}
      </div>
      ${this.plain ? nothing : html`<a class="button" role="button" aria-pressed=${v.compare ? 'true' : 'false'} href=${same(v, { compare: v.compare ? '' : 'week' })}>vs week before</a>`}
    </div>`;
  }

  private custom() {
    const { times } = this.desk;
    const span = this.span;
    const value = (t: Date | undefined) => (t ? times.wall(t) : '');
    return html`<details @keydown=${(e: KeyboardEvent) => { if (e.key === 'Escape') this.close(); }}>
      <summary class="button" aria-current=${this.view.from ? 'true' : nothing}>Custom</summary>
      <form @submit=${this.apply} novalidate>
        <label>From <input type="datetime-local" name="from" required .value=${value(span?.from)} /></label>
        <label>To <input type="datetime-local" name="to" required .value=${value(span?.to)} /></label>
        <span class="muted">${times.note(span?.to ?? new Date())}</span>
        ${this.wrong ? html`<p class="wrong" role="alert">${this.wrong}</p>` : nothing}
        <button type="submit">Show</button>
      </form>
    </details>`;
  }

  private shift(sign: string, name: string, by: number, factor: number, off = false) {
    const act = () => {
      if (!this.span) return;
      const { from, to } = moved(this.span, by, factor);
      go(this, same(this.view, { from: stamp(from), to: stamp(to), range: '' }));
    };
    return html`<button aria-label=${name} title=${name} ?disabled=${off || !this.span} @click=${act}>${sign}</button>`;
  }

  private atEnd(): boolean {
    const { client } = this.desk;
    const last = client.newest ?? client.now();
    return !this.span || this.span.to.getTime() > last.getTime();
  }

  private apply(e: SubmitEvent): void {
    e.preventDefault();
    const data = new FormData(e.target as HTMLFormElement);
    const from = this.desk.times.fromWall(String(data.get('from')));
    const to = this.desk.times.fromWall(String(data.get('to')));
    this.wrong = !from || !to ? 'Fill in both times, such as 25/10/2022, 07:00.' : from >= to ? 'The first time must be before the second.' : '';
    if (this.wrong || !from || !to) return;
    this.close();
    go(this, same(this.view, { from: stamp(from), to: stamp(to), range: '' }));
  }

  private close(): void {
    const details = this.renderRoot.querySelector('details');
    if (!details?.open) return;
    details.open = false;
    details.querySelector('summary')?.focus();
  }
}

customElements.define('oc-toolbar', Toolbar);
