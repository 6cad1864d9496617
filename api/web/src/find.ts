import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import type { ServiceRow } from './api';
import { fold, type Catalog } from './catalog';
import { country, number, sector } from './format';
import { shared } from './shared.style';

/** What was chosen: a service by its slug, or else words to look for in posts. */
export interface Pick {
  service: string;
  words: string;
}

const most = 8;

/**
 * <oc-find> finds a service while its name is typed; with the attribute "words",
 * what is typed may also be looked for in posts. It sends "pick" with a Pick.
 */
export class Find extends LitElement {
  static override properties = { catalog: { attribute: false }, words: { type: Boolean }, label: {}, typed: { state: true }, open: { state: true }, at: { state: true }, due: { state: true } };
  static override shadowRootOptions = { ...LitElement.shadowRootOptions, delegatesFocus: true };
  static override styles = [shared, css`
    :host { position: relative; }
    input { width: 100%; min-height: 2.3rem; padding: 0.3rem 0.8rem; }
    input::placeholder { color: var(--muted); opacity: 1; }
    ul { position: absolute; z-index: 5; inset-inline: 0; top: calc(100% + 4px); list-style: none; margin: 0; padding: 0.3rem; background: var(--card); border: 1px solid var(--field); border-radius: var(--radius); box-shadow: 0 8px 24px rgb(0 0 0 / 0.18); max-height: 70vh; overflow: auto; }
    li { padding: 0.4rem 0.6rem; border-radius: 7px; cursor: pointer; display: flex; justify-content: space-between; gap: 1rem; }
    li[aria-selected='true'] { background: var(--select); box-shadow: inset 3px 0 0 var(--accent); }
    li[aria-disabled] { cursor: default; color: var(--muted); }
    li span { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
    li small { flex: none; max-width: 50%; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  `];

  declare catalog: Catalog;
  declare words: boolean;
  declare label: string;
  declare private typed: string;
  declare private open: boolean;
  declare private at: number; // of the suggestions; -1: none
  declare private due: boolean; // Enter was pressed before the services were known

  constructor() {
    super();
    this.words = false;
    this.label = 'Find a service';
    this.typed = '';
    this.open = false;
    this.at = -1;
    this.due = false;
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has('catalog') && this.due && this.known()) this.enter();
  }

  protected override render() {
    const found = this.open ? this.suggestions() : [];
    return html`
      <input type="search" role="combobox" autocomplete="off" spellcheck="false" aria-label=${this.label} placeholder=${this.placeholder()}
        aria-expanded=${String(found.length > 0)} aria-controls="list" aria-autocomplete="list" aria-activedescendant=${this.at >= 0 && found.length ? `o${this.at}` : nothing}
        .value=${this.typed} @input=${this.type} @keydown=${this.key} @focus=${() => { this.open = this.typed !== ''; }} @blur=${() => { this.open = false; this.due = false; }} />
      <ul id="list" role="listbox" aria-label="Suggestions" ?hidden=${!found.length}>
        ${found.map((s, i) => this.option(s, i))}
        ${found.length && !this.known() ? html`<li role="option" aria-disabled="true" aria-selected="false">The services are being loaded…</li>` : nothing}
      </ul>
    `;
  }

  private known(): boolean {
    return this.catalog.rows.length > 0;
  }

  private placeholder(): string {
    const n = this.catalog.rows.length;
    const services = n ? `${number(n)} services` : 'services';
    return this.words ? `Find among ${services}, or in posts` : `Find one of ${services}`;
  }

  private option(s: ServiceRow | string, i: number) {
    const text = typeof s === 'string' ? html`<span>Posts with “<bdi>${s}</bdi>”</span>` : html`<span dir="auto">${s.name}</span><small>${about(s)}</small>`;
    // mousedown comes before the field loses its focus, and with it the list.
    return html`<li id="o${i}" role="option" aria-selected=${String(i === this.at)} @mousedown=${(e: Event) => { e.preventDefault(); this.pick(s); }}>${text}</li>`;
  }

  private suggestions(): (ServiceRow | string)[] {
    const typed = this.typed.trim();
    if (!typed) return [];
    const services = this.catalog.find(typed, most);
    return this.words ? [...services, typed] : services;
  }

  private type(e: Event): void {
    this.typed = (e.target as HTMLInputElement).value;
    this.open = true;
    this.at = -1;
    this.due = false;
  }

  private key(e: KeyboardEvent): void {
    const found = this.suggestions();
    if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
      this.open = true;
      const n = found.length + 1; // one place stands for the field itself
      this.at = ((this.at + 1 + (e.key === 'ArrowDown' ? 1 : -1) + n) % n) - 1;
    } else if (e.key === 'Enter') {
      this.enter();
    } else if (e.key === 'Escape' && this.open) {
      this.open = false;
      this.due = false;
    } else return;
    e.preventDefault();
  }

  /** enter takes what is marked, or what is meant: which is not said before the services are known. */
  private enter(): void {
    const found = this.suggestions();
    const choice = found[this.at] ?? (this.known() ? this.meant(found) : undefined);
    if (choice) this.pick(choice);
    else this.due = true;
  }

  /** meant is what is chosen without a choice: the nearest service where its name begins so, else what was typed. */
  private meant(found: (ServiceRow | string)[]): ServiceRow | string | undefined {
    const [first] = found;
    const near = typeof first === 'object' && (fold(first.name).startsWith(fold(this.typed)) || first.slug === fold(this.typed));
    return near || !this.words ? first : found.at(-1);
  }

  private pick(choice: ServiceRow | string): void {
    const detail: Pick = typeof choice === 'string' ? { service: '', words: choice } : { service: choice.slug, words: '' };
    this.typed = '';
    this.open = false;
    this.at = -1;
    this.due = false;
    this.dispatchEvent(new CustomEvent('pick', { detail }));
  }
}

/** about tells services of the same name apart. */
function about(s: ServiceRow): string {
  const where = s.countries.length > 2 ? '' : s.countries.map(country).join(', ');
  return [sector(s.sector), where].filter(Boolean).join(' · ');
}

customElements.define('oc-find', Find);
