import { html, LitElement, nothing, unsafeCSS } from 'lit';
import uPlot from 'uplot';
import uplotCSS from 'uplot/dist/uPlot.min.css?inline';
import type { Incident, Point } from './api';
import { chartStyles } from './chart.style';
import { counted, number, source } from './format';
import { columns, options } from './plot';
import { deafness, unheard } from './points';
import type { Span } from './span';
import './table';
import type { Times } from './times';
import { rangeOf } from './usual';

/**
 * <oc-chart> draws complaint posts and their authors by the step. It sends "zoom"
 * with { from, to } when a range was drawn with the pointer, or asked for with + and -.
 */
export class Chart extends LitElement {
  static override properties = {
    points: { attribute: false },
    newest: { attribute: false },
    span: { attribute: false },
    incidents: { attribute: false },
    now: { attribute: false },
    times: { attribute: false },
    compare: { type: Boolean },
    label: {},
    at: { state: true },
    said: { state: true },
  };
  static override styles = [unsafeCSS(uplotCSS), chartStyles];

  declare points: Point[];
  declare newest: Date | null;
  declare span: Span;
  declare incidents: Incident[];
  declare now: Date;
  declare times: Times;
  declare compare: boolean;
  declare label: string;
  declare private at: number | null;
  declare private said: string; // of the step that was gone to by keyboard

  private plot: uPlot | undefined;
  private held = false; // a range is being drawn: nothing moves under the pointer
  private readonly resize = new ResizeObserver(() => this.fit());
  private readonly dark = matchMedia('(prefers-color-scheme: dark)');
  private readonly repaint = () => this.build();
  private readonly release = () => { this.held = false; };

  constructor() {
    super();
    this.points = [];
    this.newest = null;
    this.incidents = [];
    this.now = new Date();
    this.compare = false;
    this.label = '';
    this.at = null;
    this.said = '';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.dark.addEventListener('change', this.repaint);
    addEventListener('mouseup', this.release);
    if (this.hasUpdated) this.build();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.dark.removeEventListener('change', this.repaint);
    removeEventListener('mouseup', this.release);
    this.resize.disconnect();
    this.plot?.destroy();
    this.plot = undefined;
  }

  protected override firstUpdated(): void {
    this.build();
  }

  protected override updated(changed: Map<string, unknown>): void {
    if (this.held) return;
    if (changed.has('times') && changed.get('times')) this.build();
    else if (['points', 'newest', 'span', 'incidents', 'compare'].some((name) => changed.has(name))) this.plot?.setData(columns(this));
  }

  protected override render() {
    return html`
      ${this.key()}
      <div class="plot" tabindex="0" role="img" aria-label=${this.label} aria-describedby="keys" @keydown=${this.step} @blur=${this.leave} @mousedown=${() => { this.held = true; }}></div>
      <p class="spoken" aria-live="polite">${this.said}</p>
      <p id="keys" hidden>Arrow keys go through the steps; plus and minus zoom.</p>
      ${this.span ? html`<oc-table .points=${this.points} .newest=${this.newest} .when=${this.when} ?compare=${this.compare}></oc-table>` : nothing}
    `;
  }

  /** key explains the lines, and gives the numbers of the step that is pointed at. */
  private key() {
    const p = this.at === null ? undefined : this.points[this.at];
    const known = p && !unheard(p, this.newest);
    const deaf = deafness(this.points).map((d) => source(d.source));
    return html`<div class="key">
      <span>Complaint posts ${known ? html`<b>${number(p.posts)}</b>` : nothing}</span>
      <span class="authors">Different authors ${known ? html`<b>${number(p.authors)}</b>` : nothing}</span>
      ${this.compare ? html`<span class="before">A week before ${p ? html`<b>${p.before ? number(p.before.posts) : '–'}</b>` : this.points.some((q) => q.before) ? nothing : '(nothing was heard then)'}</span>` : nothing}
      ${this.points.some((q) => q.band) ? html`<span class="usual" title="Nine of ten usual counts of different authors lie in this band">Usual ${p?.band ? html`<b>${rangeOf(p.band)}</b>` : nothing}</span>` : nothing}
      ${this.incidents.length ? html`<span class="incident">Incident</span>` : nothing}
      ${deaf.length ? html`<span class="deaf">Not heard: ${deaf.join(', ')}</span>` : nothing}
      ${p ? html`<span class="when"><b>${this.when(new Date(p.t))}</b>${known ? `, of ${counted(p.heard, 'post', 'posts')} heard` : ', nothing heard yet'}${p.deaf?.length ? `, without ${p.deaf.map(source).join(', ')}` : ''}</span>` : nothing}
    </div>`;
  }

  private readonly when = (t: Date): string => {
    return this.span.stepMs >= 86_400_000 ? this.times.date(t) : this.times.near(t, new Date(this.span.to.getTime() - 1));
  };

  private build(): void {
    const box = this.renderRoot.querySelector<HTMLElement>('.plot');
    if (!box) return;
    this.plot?.destroy();
    const style = getComputedStyle(this);
    const size = { width: box.clientWidth || 300, height: box.clientHeight || 320 };
    this.plot = new uPlot(
      options(() => this, size, (name) => style.getPropertyValue(name).trim(), {
        point: (i) => { this.at = i; },
        zoom: (from, to) => this.zoom(from, to),
      }),
      columns(this),
      box,
    );
    this.resize.disconnect();
    this.resize.observe(box);
  }

  private fit(): void {
    const box = this.renderRoot.querySelector('.plot');
    if (!this.plot || !box?.clientWidth) return;
    if (box.clientWidth !== this.plot.width || box.clientHeight !== this.plot.height) this.plot.setSize({ width: box.clientWidth, height: box.clientHeight });
  }

  /** zoom asks for a range of whole steps, five at least. */
  private zoom(fromSeconds: number, toSeconds: number): void {
    const minute = 60_000;
    const from = Math.floor((fromSeconds * 1000) / minute) * minute;
    const to = Math.max(from + 5 * minute, Math.ceil((toSeconds * 1000) / minute) * minute);
    this.plot?.setSelect({ left: 0, width: 0, top: 0, height: 0 }, false);
    this.held = false;
    this.dispatchEvent(new CustomEvent('zoom', { detail: { from: new Date(from), to: new Date(to) } }));
  }

  /** step moves the pointed-at step by keyboard, and zooms around it. */
  private step(event: KeyboardEvent): void {
    const last = this.points.length - 1;
    const moves: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, PageUp: -15, PageDown: 15, Home: -last, End: last };
    const move = moves[event.key];
    const factor = { '+': 0.25, '=': 0.25, '-': 1 }[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey || !this.plot || last < 0) return;
    if (move !== undefined) this.point(Math.min(last, Math.max(0, (this.at ?? last) + move)));
    else if (factor) this.zoomAround(factor);
    else return;
    event.preventDefault();
  }

  private zoomAround(reach: number): void {
    const [from, to] = [this.span.from.getTime() / 1000, this.span.to.getTime() / 1000];
    const p = this.at === null ? undefined : this.points[this.at];
    const centre = p ? Date.parse(p.t) / 1000 : (from + to) / 2;
    this.zoom(centre - (to - from) * reach, centre + (to - from) * reach);
  }

  private leave(): void {
    this.plot?.setCursor({ left: -10, top: -10 });
    this.at = null;
  }

  private point(i: number): void {
    const p = this.points[i];
    if (!p) return;
    this.plot?.setCursor({ left: this.plot.valToPos(Date.parse(p.t) / 1000, 'x'), top: 10 });
    this.said = `${this.when(new Date(p.t))}: ${unheard(p, this.newest) ? 'nothing heard yet' : `${counted(p.posts, 'post', 'posts')} by ${counted(p.authors, 'author', 'authors')}`}`;
  }
}

customElements.define('oc-chart', Chart);
