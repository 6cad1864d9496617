import { css, html, LitElement, unsafeCSS } from 'lit';
import uPlot from 'uplot';
import uplotCSS from 'uplot/dist/uPlot.min.css?inline';
import type { Incident, Point } from './api';
import { counted, date, number, time } from './format';
import { deafness, running, unheard } from './picture';
import { deafBands, hatch, incidentBands, mark, shade } from './shade';
import { drawUsual, rangeOf, stretches } from './usual';
import type { Window } from './view';

const height = 320;

/** <oc-chart> draws complaint posts and their authors by the minute. */
export class Chart extends LitElement {
  static override properties = {
    points: { attribute: false },
    newest: { attribute: false },
    span: { attribute: false },
    incidents: { attribute: false },
    now: { attribute: false },
    label: {},
    at: { state: true },
  };

  declare points: Point[];
  declare newest: Date | null;
  declare span: Window;
  declare incidents: Incident[];
  declare now: Date;
  declare label: string;
  declare private at: number | null;

  private plot: uPlot | undefined;
  private readonly resize = new ResizeObserver(() => this.fit());
  private readonly dark = matchMedia('(prefers-color-scheme: dark)');
  private readonly repaint = () => this.build();

  constructor() {
    super();
    this.points = [];
    this.newest = null;
    this.incidents = [];
    this.now = new Date();
    this.label = '';
    this.at = null;
  }

  static override styles = [
    unsafeCSS(uplotCSS),
    css`
      :host { display: block; }
      .key { display: flex; flex-wrap: wrap; gap: 0.2rem 1.1rem; font-size: 0.85rem; color: var(--muted); min-height: 1.6em; }
      .key b { color: var(--text); font-variant-numeric: tabular-nums; font-weight: 600; }
      .key span::before { content: ''; display: inline-block; width: 14px; height: 3px; border-radius: 2px; margin-right: 0.45em; vertical-align: 0.25em; background: var(--accent); }
      .key .authors::before { background: var(--authors); height: 2px; }
      .key .usual::before { background: var(--usual); border-top: 1px solid var(--usual-edge); box-sizing: border-box; height: 0.6em; border-radius: 0; vertical-align: 0; }
      .key .incident::before { background: var(--incident-band); border-left: 1px solid var(--incident); box-sizing: border-box; height: 0.8em; border-radius: 0; vertical-align: -0.05em; }
      .key .deaf::before { background: repeating-linear-gradient(135deg, var(--deaf) 0 1px, transparent 1px 4px); height: 0.8em; border-radius: 0; vertical-align: -0.05em; }
      .key .when::before { display: none; }
      .plot { height: 320px; outline-offset: 2px; border-radius: 4px; }
      .plot:focus-visible { outline: 2px solid var(--authors); }
      .u-over { cursor: crosshair; }
      .u-hz .u-cursor-x { border-right: 1px solid var(--muted); }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.dark.addEventListener('change', this.repaint);
    if (this.hasUpdated) this.build();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.dark.removeEventListener('change', this.repaint);
    this.resize.disconnect();
    this.plot?.destroy();
    this.plot = undefined;
  }

  protected override firstUpdated(): void {
    this.build();
  }

  protected override updated(changed: Map<string, unknown>): void {
    if (changed.has('points') || changed.has('newest') || changed.has('span') || changed.has('incidents')) this.plot?.setData(this.columns());
  }

  protected override render() {
    return html`
      ${this.key()}
      <div class="plot" tabindex="0" role="img" aria-label=${this.label} @keydown=${this.step} @blur=${this.leave}></div>
    `;
  }

  /** key explains the lines, and gives the numbers of the minute that is pointed at. */
  private key() {
    const p = this.at === null ? undefined : this.points[this.at];
    const known = p && !unheard(p, this.newest);
    const deaf = deafness(this.points).map((d) => d.source);
    return html`<div class="key">
      <span>Complaint posts ${known ? html`<b>${number(p.posts)}</b>` : ''}</span>
      <span class="authors">Different authors ${known ? html`<b>${number(p.authors)}</b>` : ''}</span>
      ${this.points.some((p) => p.band) ? html`<span class="usual" title="Nine of ten usual counts of different authors lie in this band">Usual ${p?.band ? html`<b>${rangeOf(p.band)}</b>` : ''}</span>` : ''}
      ${this.incidents.length ? html`<span class="incident">Incident</span>` : ''}
      ${deaf.length ? html`<span class="deaf">Not heard: ${deaf.join(', ')}</span>` : ''}
      ${p ? html`<span class="when"><b>${time(new Date(p.t))}</b>${known ? `, of ${counted(p.heard, 'post', 'posts')} heard` : ', nothing heard yet'}${p.deaf?.length ? `, without ${p.deaf.join(', ')}` : ''}</span>` : ''}
    </div>`;
  }

  private columns(): uPlot.AlignedData {
    const value = (p: Point, field: 'posts' | 'authors') => (unheard(p, this.newest) || running(p, this.newest) ? null : p[field]);
    const [growing = -1] = this.growing();
    return [
      this.points.map((p) => Date.parse(p.t) / 1000),
      this.points.map((p) => value(p, 'authors')),
      this.points.map((p) => value(p, 'posts')),
      // The minute that is not over may still grow: it hangs on dashes and ends in an open dot.
      this.points.map((p, i) => (growing >= 0 && (i === growing || i === growing - 1) ? p.posts : null)),
    ];
  }

  /** growing is the place of the minute that is not over. */
  private growing(): number[] {
    const i = this.points.findIndex((p) => running(p, this.newest));
    return i < 0 ? [] : [i];
  }

  private build(): void {
    const box = this.renderRoot.querySelector<HTMLElement>('.plot');
    if (!box) return;
    this.plot?.destroy();
    const style = getComputedStyle(this);
    const colour = (name: string) => style.getPropertyValue(name).trim();
    const axis = { stroke: colour('--muted'), grid: { stroke: colour('--grid'), width: 1 }, ticks: { show: false }, font: '12px system-ui, sans-serif' };
    this.plot = new uPlot(
      {
        width: box.clientWidth || 300,
        height,
        padding: [12, 12, 0, 0],
        legend: { show: false },
        cursor: { drag: { x: false, y: false }, y: false, points: { size: 7 } },
        scales: {
          x: { time: true, range: () => [this.span.from.getTime() / 1000, this.span.to.getTime() / 1000] },
          y: { range: (_u, _min, max) => [0, Math.max(5, Math.max(max ?? 0, ...this.points.map((p) => p.band?.high ?? 0)) * 1.1)] },
        },
        axes: [
          { ...axis, space: 64, size: 30, values: (_u, splits) => splits.map(tick) },
          { ...axis, size: 44, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5], values: (_u, splits) => splits.map(number) },
        ],
        series: [
          {},
          { stroke: colour('--authors'), width: 1, points: { show: false } },
          { stroke: colour('--accent'), width: 2, fill: colour('--accent-soft'), points: { show: false } },
          { stroke: colour('--accent'), width: 2, dash: [3, 3], points: { size: 6, fill: colour('--card'), filter: () => this.growing() } },
        ],
        hooks: {
          setCursor: [(u) => { this.at = u.cursor.idx ?? null; }],
          drawClear: [(u) => {
            shade(u, incidentBands(this.incidents, this.now), colour('--incident-band'));
            shade(u, deafBands(this.points), hatch(u.ctx, colour('--deaf')));
          }],
          // Above the grid, which would cut it into pieces that look like gaps.
          drawAxes: [(u) => drawUsual(u, stretches(this.points), colour('--usual'), colour('--usual-edge'))],
          draw: [(u) => mark(u, incidentBands(this.incidents, this.now), colour('--incident'))],
        },
      },
      this.columns(),
      box,
    );
    this.resize.disconnect();
    this.resize.observe(box);
  }

  private fit(): void {
    const width = this.renderRoot.querySelector('.plot')?.clientWidth ?? 0;
    if (this.plot && width > 0 && width !== this.plot.width) this.plot.setSize({ width, height });
  }

  /** step moves the pointed-at minute by keyboard. */
  private step(event: KeyboardEvent): void {
    const last = this.points.length - 1;
    const moves: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, PageUp: -15, PageDown: 15, Home: -last, End: last };
    const move = moves[event.key];
    if (move === undefined || !this.plot) return;
    event.preventDefault();
    this.point(Math.min(last, Math.max(0, (this.at ?? last) + move)));
  }

  private leave(): void {
    this.plot?.setCursor({ left: -10, top: -10 });
    this.at = null;
  }

  private point(i: number): void {
    const p = this.points[i];
    if (p) this.plot?.setCursor({ left: this.plot.valToPos(Date.parse(p.t) / 1000, 'x'), top: 10 });
  }
}

function tick(s: number): string {
  const t = new Date(s * 1000);
  return t.getHours() === 0 && t.getMinutes() === 0 ? date(t) : time(t);
}

customElements.define('oc-chart', Chart);
