import { css, html, LitElement, nothing } from 'lit';
import { address } from './client';
import { copy } from './copy';
import type { Desk } from './desk';
import { shared } from './shared.style';
import type { Span } from './span';
import { same, stamp, to, type View } from './view';

const formats = [['csv', 'CSV'], ['ndjson', 'NDJSON'], ['parquet', 'Parquet']] as const;

/** <oc-share> takes what is shown elsewhere: as a link, a file or an embedded chart. */
export class Share extends LitElement {
  static override properties = { view: { attribute: false }, desk: { attribute: false }, span: { attribute: false }, said: { state: true } };
  static override styles = [shared, css`
    .row { margin-top: 0.7rem; align-items: center; gap: 0.4rem 0.5rem; }
    .note { margin-inline-end: auto; font-size: 0.82rem; color: var(--muted); }
  `];

  declare view: View;
  declare desk: Desk;
  declare span: Span;
  declare private said: string;

  constructor() {
    super();
    this.said = '';
  }

  protected override render() {
    const { service, symptom, lang, source, range, tz } = this.view;
    const params = { service, symptom, lang, source, from: stamp(this.span.from), to: stamp(this.span.to), step: '1m' };
    const frozen = this.view.to ? { from: params.from, to: params.to } : { window: range || '3h' };
    return html`<div class="row">
      <span class="note">${this.span.past && this.view.to ? nothing : 'The open dot is the step that is not over. '}Draw over the chart to zoom.</span>
      <button title="The link shows what you see now, also tomorrow" @click=${this.copyLink}>Copy link</button>
      <a class="button" href=${to(this.view, 'embed', { embed: service, symptom, posts: lang, tz, ...frozen })}>Embed</a>
      ${formats.map(([format, name]) => html`<a class="button" href=${address('v1/curves', { ...params, format })} download="outcry-${service}.${format}" aria-label="Download ${name}">${name} ↓</a>`)}
      <span class="hidden" role="status">${this.said}</span>
    </div>`;
  }

  /** copyLink freezes range and zone, so that the link shows what its sender saw. */
  private async copyLink(e: Event): Promise<void> {
    const button = e.currentTarget as HTMLButtonElement;
    const link = new URL(same(this.view, { from: stamp(this.span.from), to: stamp(this.span.to), range: '', tz: this.desk.times.zone }), document.baseURI);
    const done = await copy(link.href, button);
    this.said = done ? 'Link copied' : 'Not copied';
  }
}

customElements.define('oc-share', Share);
