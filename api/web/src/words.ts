import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import type { Word } from './api';
import type { Desk } from './desk';
import { counted, language } from './format';
import { Poll } from './poll';
import { clean } from './safe';
import { shared } from './shared.style';
import { to, type View } from './view';

/** <oc-words> shows the words that people begin to say; a click finds the posts that say them. */
export class Words extends LitElement {
  static override properties = { view: { attribute: false }, desk: { attribute: false }, range: { attribute: false }, wait: { attribute: false } };
  static override styles = [shared, css`p { margin: 0 0 0.5rem; }`];

  declare view: View;
  declare desk: Desk;
  declare range: { from: string; to: string };
  declare wait: number;
  private asked = '';
  private readonly words = new Poll<Word[]>(this, (s) => this.take(s), () => this.wait * 2);

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('view') && !changed.has('range') && !changed.has('wait')) return;
    const { service, lang, range, from } = this.view;
    const asked = JSON.stringify([service, lang, range, from, this.wait ? '' : this.range]);
    if (asked === this.asked) return;
    this.asked = asked;
    this.words.start();
  }

  private async take(signal: AbortSignal): Promise<Word[]> {
    const { service, lang } = this.view;
    return (await this.desk.client.get<{ words: Word[] }>('v1/words', { service, lang, ...this.range, limit: '24' }, signal)).words;
  }

  protected override render() {
    const words = this.words.value;
    return html`
      <h2>New words</h2>
      ${words?.length ? html`<p class="muted">Said in this time, and hardly before</p>` : html`<p class="none">${words ? 'None in this time.' : this.words.error ? 'Not to be had at the moment.' : 'Loading…'}</p>`}
      <div class="chips">${words?.map((w) => this.word(w)) ?? nothing}</div>
    `;
  }

  private word(w: Word) {
    const word = clean(w.word);
    const first = this.desk.times.near(new Date(w.first), new Date(this.range.to));
    const title = `${counted(w.posts, 'post', 'posts')}, ${w.before} before; first at ${first}${w.lang ? `; ${language(w.lang)}` : ''}`;
    return html`<a class="chip" title=${title} href=${to(this.view, 'search', { q: `"${word.replaceAll('"', '')}"`, service: this.view.service, ...this.range })}><bdi lang=${w.lang || nothing}>${word}</bdi> <small>${first}</small></a>`;
  }
}

customElements.define('oc-words', Words);
