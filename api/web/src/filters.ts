import { css, html, LitElement } from 'lit';
import type { Catalog } from './catalog';
import { country, language, sector, spoken } from './format';
import { shared } from './shared.style';
import { go, same, type View } from './view';

type Filter = 'sector' | 'country' | 'lang' | 'sort';

/** <oc-filters> chooses which services the overview lists, and their order. */
export class Filters extends LitElement {
  static override properties = { view: { attribute: false }, catalog: { attribute: false } };
  static override styles = [shared, css`
    select { width: 11rem; }
    @media (max-width: 700px) {
      .row { display: grid; grid-template-columns: 1fr 1fr; }
      select { width: 100%; }
    }
  `];

  declare view: View;
  declare catalog: Catalog;

  protected override render() {
    const byName = (codes: string[], name: (code: string) => string) =>
      codes.map((c): [string, string] => [c, name(c)]).sort((a, b) => a[1].localeCompare(b[1]));
    return html`<div class="row">
      ${this.choice('sector', 'Sector', [['', 'All sectors'], ...byName(this.catalog.sectors, sector)])}
      ${this.choice('country', 'Country', [['', 'All countries'], ...byName(this.catalog.countries, country)])}
      ${this.choice('lang', 'Language of posts', [['', 'All languages'], ...byName(spoken, language)])}
      ${this.choice('sort', 'Order', [['', 'Most above normal'], ['posts', 'Most complaints'], ['change', 'Change to a week before']])}
    </div>`;
  }

  private choice(name: Filter, label: string, options: [string, string][]) {
    const value = this.view[name];
    // What a link asks for is shown, even while the catalogue is not there.
    const all = options.some(([v]) => v === value) ? options : [...options, [value, value] as [string, string]];
    return html`<label>${label}
      <select @change=${(e: Event) => go(this, same(this.view, { [name]: (e.target as HTMLSelectElement).value }))}>
        ${all.map(([v, text]) => html`<option value=${v} ?selected=${v === value}>${text}</option>`)}
      </select></label>`;
  }
}

customElements.define('oc-filters', Filters);
