// What the viewer looks at: kept in the address of the page, so that a link
// shows the same.

import { isZone } from './times';

export const ranges = ['1h', '3h', '6h', '24h', '7d', '30d'] as const;
export type Range = (typeof ranges)[number];
export type Page = 'overview' | 'service' | 'incident' | 'search' | 'embed';

// Which parameters the address of each page keeps, in this order.
const kept = {
  overview: ['sector', 'country', 'lang', 'sort', 'tz'],
  service: ['service', 'range', 'from', 'to', 'symptom', 'lang', 'source', 'compare', 'tz'],
  incident: ['incident', 'in', 'tz'],
  search: ['q', 'service', 'symptom', 'lang', 'source', 'range', 'from', 'to', 'sort', 'tz'],
  embed: ['embed', 'window', 'from', 'to', 'symptom', 'posts', 'labels', 'theme', 'width', 'height', 'tz'],
} as const satisfies Record<Page, readonly string[]>;

type Name = (typeof kept)[Page][number];

/** View is a page with its parameters; an empty one is not given. */
export type View = { page: Page } & Record<Name, string>;

const blank: Record<Name, string> = {
  sector: '', country: '', lang: '', sort: '', tz: '', service: '', range: '', from: '', to: '', symptom: '', source: '',
  compare: '', incident: '', in: '', q: '', embed: '', window: '', posts: '', labels: '', theme: '', width: '', height: '',
};

/** readView reads the query of an address. What no page could mean is left out. */
export function readView(search: string): View {
  const params = new URLSearchParams(search);
  const view: View = { page: pageOf(params), ...blank };
  for (const name of kept[view.page]) view[name] = (params.get(name) ?? '').trim();
  if (!(ranges as readonly string[]).includes(view.range)) view.range = '';
  if (!isZone(view.tz)) view.tz = '';
  view.from = instant(view.from);
  view.to = instant(view.to);
  if (!view.from || (view.to && view.to <= view.from)) view.from = view.to = '';
  return view;
}

function pageOf(params: URLSearchParams): Page {
  if (params.get('incident')) return 'incident';
  if (params.has('embed')) return 'embed';
  if (params.has('q')) return 'search';
  return params.get('service') ? 'service' : 'overview';
}

function instant(value: string): string {
  const t = new Date(/^\d+$/.test(value) ? Number(value) * 1000 : value);
  return value && !Number.isNaN(t.getTime()) ? stamp(t) : '';
}

/** stamp is a time as addresses hold it: RFC 3339 in UTC, to the second. */
export const stamp = (t: Date): string => `${t.toISOString().slice(0, 19)}Z`;

/** viewLink is the address of a view. */
export function viewLink(view: View): string {
  const params = new URLSearchParams();
  for (const name of kept[view.page]) if (view[name]) params.set(name, view[name]);
  if (view.page === 'search' && !view.q) params.set('q', '');
  if (view.page === 'embed' && !view.embed) params.set('embed', '');
  const query = params.toString();
  return query ? `?${query}` : './';
}

/** to is the address of another view, which keeps of this one only the zone. */
export function to(view: View, page: Page, changes: Partial<Record<Name, string>>): string {
  return viewLink({ ...blank, page, tz: view.tz, ...changes });
}

/** same is the address of this view with some parameters changed. */
export const same = (view: View, changes: Partial<Record<Name, string>>): string => viewLink({ ...view, ...changes });

/** go asks the page to show an address of its own. */
export function go(from: HTMLElement, link: string): void {
  from.dispatchEvent(new CustomEvent('go', { detail: link, bubbles: true, composed: true }));
}
