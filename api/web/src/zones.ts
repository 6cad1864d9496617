import { css, html, LitElement } from 'lit';
import { shared } from './shared.style';
import { localZone, type Times } from './times';

/** <oc-zones> chooses the zone of all times; it sends "choose" with a name of the IANA database, empty for the viewer's. */
export class Zones extends LitElement {
  static override properties = { zone: {}, times: { attribute: false }, at: { attribute: false } };
  static override styles = [shared, css`
    :host { display: flex; flex-wrap: wrap; gap: 0.3rem 0.7rem; align-items: center; }
    label { display: inline-flex; align-items: center; gap: 0.5rem; }
    select { max-width: 15rem; }
  `];

  declare zone: string;
  declare times: Times;
  declare at: Date;

  protected override render() {
    const choose = (e: Event) => this.dispatchEvent(new CustomEvent('choose', { detail: (e.target as HTMLSelectElement).value }));
    const option = (zone: string, name: string) => html`<option value=${zone} ?selected=${zone === this.zone}>${name}</option>`;
    const all = Intl.supportedValuesOf('timeZone').filter((z) => z !== 'UTC');
    return html`
      <label>Time zone
        <select @change=${choose}>
          ${option('', `Local (${localZone()})`)} ${option('UTC', 'UTC')}
          ${this.zone && this.zone !== 'UTC' && !all.includes(this.zone) ? option(this.zone, this.zone) : ''}
          <optgroup label="All zones">${all.map((z) => option(z, z.replaceAll('_', ' ')))}</optgroup>
        </select>
      </label>
      <span>${this.times.note(this.at)}</span>
    `;
  }
}

customElements.define('oc-zones', Zones);
