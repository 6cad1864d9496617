import { css, html, LitElement, nothing } from 'lit';
import { copy } from './copy';
import type { Desk } from './desk';
import './find';
import type { Pick } from './find';
import { language, spoken, symptom, symptoms } from './format';
import { shared } from './shared.style';
import { moved, spanOf } from './span';
import { frameAddress, snippets, type Embed } from './snippet';
import { localZone } from './times';
import { go, same, stamp, type View } from './view';

const windows: [string, string][] = [['1h', 'Last hour'], ['3h', 'Last 3 hours'], ['6h', 'Last 6 hours'], ['24h', 'Last 24 hours'], ['7d', 'Last 7 days'], ['30d', 'Last 30 days']];
const themes: [string, string][] = [['', 'As the reader has it'], ['light', 'Light'], ['dark', 'Dark']];
const usualHeight = 600;

type Name = 'window' | 'symptom' | 'posts' | 'labels' | 'theme' | 'width' | 'height';

/** <oc-builder> makes the code that shows a chart in a page of one's own, with a preview. */
export class Builder extends LitElement {
  static override properties = { view: { attribute: false }, desk: { attribute: false }, tall: { state: true }, wrong: { state: true } };
  static override styles = [shared, css`
    .page { display: grid; grid-template-columns: minmax(0, 24rem) minmax(0, 1fr); gap: 1rem; align-items: start; }
    .fields { display: grid; gap: 0.7rem; grid-template-columns: 1fr 1fr; margin-top: 0.8rem; }
    .zone { margin: 0; }
    .fields > * { grid-column: 1 / -1; }
    .fields .half { grid-column: auto; }
    fieldset { border: 1px solid var(--line); border-radius: 7px; margin: 0; padding: 0.5rem 0.8rem 0.8rem; display: grid; gap: 0.6rem; min-width: 0; }
    legend { font-size: 0.85rem; color: var(--muted); }
    .choice { display: flex; align-items: center; gap: 0.5rem; font-size: 0.95rem; color: var(--text); }
    .choice input { min-height: 0; }
    select, label input:not([type='radio']) { width: 100%; }
    iframe { border: 0; width: 100%; display: block; background: var(--card); }
    .out { display: grid; gap: 1rem; min-width: 0; grid-template-columns: minmax(0, 1fr); }
    .code { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0.3rem 0.8rem; align-items: center; padding: 0.7rem 0; border-top: 1px solid var(--line); }
    .code:first-of-type { border-top: 0; }
    h3 { margin: 0; font-size: 0.95rem; }
    pre { grid-column: 1 / -1; margin: 0; padding: 0.6rem 0.8rem; background: var(--page); border-radius: 7px; font-size: 0.82rem; white-space: pre-wrap; overflow-wrap: anywhere; }
    .wrong { color: var(--bad-text); font-size: 0.85rem; margin: 0; }
    @media (max-width: 860px) { .page { grid-template-columns: minmax(0, 1fr); } }
  `];

  declare view: View;
  declare desk: Desk;
  declare private tall: number; // as high as the frame says that it is
  declare private wrong: string;
  private readonly hear = (e: MessageEvent) => this.size(e);

  constructor() {
    super();
    this.tall = usualHeight;
    this.wrong = '';
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('message', this.hear);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('message', this.hear);
  }

  protected override updated(): void {
    document.title = 'Embed a chart · Outcry';
    const frame = this.renderRoot.querySelector('iframe');
    if (frame) frame.style.height = `${this.tall}px`; // an attribute is not allowed by the page's policy
  }

  protected override render() {
    const e = this.embed();
    return html`<div class="page">
      <section class="card"><h1 tabindex="-1">Embed a chart</h1>${this.fields()}</section>
      ${e ? this.out(e) : html`<section class="card wait"><p>Choose a service: its chart, and the code for your page, appear here.</p></section>`}
    </div>`;
  }

  private embed(): Embed | null {
    const v = this.view;
    if (!v.embed) return null;
    const name = this.desk.catalog.name(v.embed);
    return {
      service: v.embed, title: `${name}: complaints by the minute`, window: v.from ? '' : v.window || '24h', from: v.from, to: v.to,
      symptom: v.symptom, posts: v.posts, lang: v.labels, theme: v.theme, tz: v.tz, width: v.width, height: v.height,
    };
  }

  private fields() {
    const v = this.view;
    const byName = spoken.map((c): [string, string] => [c, language(c)]).sort((a, b) => a[1].localeCompare(b[1]));
    return html`<div class="fields">
      <div><span class="muted">Service${v.embed ? html`: <strong><bdi>${this.desk.catalog.name(v.embed)}</bdi></strong>` : nothing}</span>
        <oc-find .catalog=${this.desk.catalog} label="Service" @pick=${(e: CustomEvent<Pick>) => go(this, same(v, { embed: e.detail.service }))}></oc-find></div>
      ${this.time()}
      ${this.choice('symptom', 'Symptom', [['', 'All'], ...symptoms.map((s): [string, string] => [s, symptom(s)])])}
      ${this.choice('posts', 'Posts in', [['', 'All languages'], ...byName], true)}
      ${this.choice('labels', 'Labels in', [['', 'The reader’s language'], ...byName], true)}
      ${this.choice('theme', 'Colours', themes)}
      ${this.measure('width', 'Width of pictures')} ${this.measure('height', 'Height')}
      ${this.wrong ? html`<p class="wrong" role="alert">${this.wrong}</p>` : nothing}
      <p class="muted zone">Times are in ${v.tz || 'UTC'}. ${v.tz || localZone() === 'UTC' ? nothing : html`<a href=${same(v, { tz: localZone() })}>Use ${localZone()}</a>`}</p>
    </div>`;
  }

  private time() {
    const v = this.view;
    const frozen = Boolean(v.from);
    const freeze = (on: boolean) => go(this, same(v, on ? this.frozenRange() : { from: '', to: '', window: v.window }));
    return html`<fieldset><legend>Time</legend>
      <label class="choice"><input type="radio" name="time" .checked=${!frozen} @change=${() => freeze(false)} /> Live</label>
      ${frozen ? nothing : this.choice('window', 'How long', windows, false, v.window || '24h')}
      <label class="choice"><input type="radio" name="time" .checked=${frozen} @change=${() => freeze(true)} /> Frozen: the same for ever</label>
      ${frozen ? html`${this.moment('from', 'From')} ${this.moment('to', 'To')}` : nothing}
    </fieldset>`;
  }

  /** frozenRange is what the live chart shows now. */
  private frozenRange(): { from: string; to: string } {
    const { client } = this.desk;
    const span = spanOf({ range: '24h', from: '', to: '' }, client.newest ?? null, client.now());
    const { from, to } = moved(span, 0);
    return { from: stamp(from), to: stamp(to) };
  }

  private moment(name: 'from' | 'to', label: string) {
    const { times } = this.desk;
    const change = (e: Event) => {
      const t = times.fromWall((e.target as HTMLInputElement).value);
      const [from, to] = [name === 'from' && t ? stamp(t) : this.view.from, name === 'to' && t ? stamp(t) : this.view.to];
      this.wrong = !t || (to && from >= to) ? 'The first time must be before the second.' : '';
      if (!this.wrong) go(this, same(this.view, { from, to }));
    };
    const value = this.view[name] ? times.wall(new Date(this.view[name])) : '';
    return html`<label>${label} (${times.zone})<input type="datetime-local" .value=${value} @change=${change} /></label>`;
  }

  private choice(name: Name, label: string, options: [string, string][], half = false, value = this.view[name]) {
    return html`<label class=${half ? 'half' : ''}>${label}<select @change=${(e: Event) => go(this, same(this.view, { [name]: (e.target as HTMLSelectElement).value }))}>
      ${options.map(([v, text]) => html`<option value=${v} ?selected=${v === value}>${text}</option>`)}</select></label>`;
  }

  private measure(name: 'width' | 'height', label: string) {
    const change = (e: Event) => {
      const field = e.target as HTMLInputElement;
      this.wrong = field.validity.valid ? '' : 'Pictures have 200 to 2400 pixels a side.';
      if (!this.wrong) go(this, same(this.view, { [name]: field.value }));
    };
    return html`<label class="half">${label}<input type="number" min="200" max="2400" placeholder="as it is" .value=${this.view[name]} @change=${change} /></label>`;
  }

  private out(e: Embed) {
    const base = new URL('.', document.baseURI).href;
    return html`<div class="out">
      <section class="card"><h2>Preview</h2>
        <iframe title="Preview: ${e.title}" src=${frameAddress(e, base)}></iframe></section>
      <section class="card"><h2>Code</h2>${snippets(e, base).map((s) => html`<div class="code">
        <div><h3>${s.name}</h3><small>${s.note}</small></div>
        <button aria-label="Copy: ${s.name}" @click=${(ev: Event) => copy(s.code, ev.currentTarget as HTMLButtonElement)}>Copy</button>
        <pre tabindex="0" aria-label=${s.name}><code>${s.code}</code></pre></div>`)}</section>
    </div>`;
  }

  /** size gives the preview the height that its page tells. */
  private size(e: MessageEvent): void {
    const frame = this.renderRoot.querySelector('iframe');
    const height = (e.data as { outcryHeight?: number } | null)?.outcryHeight;
    if (e.source !== frame?.contentWindow || e.origin !== location.origin || !height || height > 5_000) return;
    this.tall = height;
    frame.contentWindow?.postMessage({ outcrySized: true }, location.origin);
  }
}

customElements.define('oc-builder', Builder);
