// A post as it is shown. Its text is what a stranger wrote: it goes into text nodes
// only, its direction is isolated, and piled-up marks stay inside its box.

import { css, html, nothing } from 'lit';
import type { Post } from './api';
import type { Desk } from './desk';
import { language, sentenceCase, source, symptom } from './format';
import { isSimulated } from './points';
import { clean } from './safe';

export const postStyles = css`
  li { padding: 0.65rem 0; border-top: 1px solid var(--line); }
  li:first-child { border-top: 0; padding-top: 0; }
  .text { margin: 0; overflow: hidden; contain: paint; overflow-wrap: anywhere; unicode-bidi: isolate; white-space: pre-line; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 6; line-clamp: 6; }
  mark { background: var(--mark); color: var(--mark-text); border-radius: 3px; padding: 0 0.1em; }
  mark.tone { background: none; color: inherit; text-decoration: underline dotted var(--field) 1px; text-underline-offset: 0.2em; }
  .meta { margin: 0.2rem 0 0; font-size: 0.82rem; color: var(--muted); display: flex; flex-wrap: wrap; gap: 0 0.9rem; }
  .meta > * { overflow-wrap: anywhere; unicode-bidi: isolate; }
  .sim { color: var(--warn-text); background: var(--warn-bg); border-radius: 4px; padding: 0 0.35rem; }
`;

/** postRow is one item of a list of posts; the words that matched are marked. */
export function postRow(p: Post, desk: Desk, service?: unknown) {
  const t = new Date(p.created_at);
  const reference = desk.client.newest ?? desk.client.now();
  const pieces = p.parts?.length ? p.parts : [{ text: p.text, match: false }];
  return html`<li>
    <p class="text" dir="auto" lang=${p.lang || nothing}>${pieces.map(({ text, match, tags }) => (match ? html`<mark class=${told(tags) ? '' : 'tone'} title=${tags?.map(tagged).join(', ') || nothing}>${clean(text)}</mark>` : clean(text)))}</p>
    <p class="meta">
      <time datetime=${p.created_at}>${desk.times.date(t) === desk.times.date(reference) ? desk.times.seconds(t) : desk.times.moment(t)}</time>
      ${service ?? nothing}
      <span>${source(p.source)}</span>
      ${isSimulated(p.source) ? html`<span class="sim">simulated</span>` : nothing}
      ${p.lang ? html`<span>${language(p.lang)}</span>` : nothing}
      ${p.symptoms.length ? html`<span>${p.symptoms.map(symptom).join(', ')}</span>` : nothing}
    </p>
  </li>`;
}

/** told says that words tell what is wrong with which service, rather than that something is. */
const told = (tags: string[] | undefined): boolean => !tags || tags.some((tag) => !tag.startsWith('kind:'));

/** tagged says what words were taken for: "Symptom: Messages". */
function tagged(tag: string): string {
  const [kind = '', name = ''] = tag.split(':');
  return `${sentenceCase(kind)}: ${kind === 'symptom' ? symptom(name) : name}`;
}
