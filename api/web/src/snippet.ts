// What is pasted into a page of one's own.

/** Embed is a chart as the addresses under /embed describe it; what is empty is not given. */
export interface Embed {
  service: string;
  title: string;
  window: string;
  from: string;
  to: string;
  symptom: string;
  posts: string;
  lang: string;
  theme: string;
  tz: string;
  width: string;
  height: string;
}

export interface Snippet {
  name: string;
  note: string;
  code: string;
}

const looks = ['window', 'from', 'to', 'symptom', 'posts', 'lang', 'theme', 'tz'] as const;

/** frameAddress is the page to put into an iframe, below a base that ends with a slash. */
export const frameAddress = (e: Embed, base: string): string => withQuery(new URL(`embed/${encodeURIComponent(e.service)}`, base), given(e));

/** pictureAddress is the picture alone: svg or png. */
export function pictureAddress(e: Embed, base: string, kind: 'svg' | 'png'): string {
  const size = e.width || e.height ? { width: e.width, height: e.height } : kind === 'png' ? { size: 'og' } : {};
  return withQuery(new URL(`embed/${encodeURIComponent(e.service)}.${kind}`, base), { ...given(e), ...size });
}

/** snippets are all ways to show the chart elsewhere. */
export function snippets(e: Embed, base: string): Snippet[] {
  const script = new URL('embed.js', base).href;
  const title = `title="${escaped(e.title)}"`;
  return [
    { name: 'Iframe', note: 'Works everywhere, also without scripts.', code: `<iframe src="${escaped(frameAddress(e, base))}" ${title} width="100%" height="${e.height || '600'}" style="border:0" loading="lazy"></iframe>` },
    { name: 'Script', note: 'Is as high as it needs to be.', code: `<script async src="${escaped(script)}" ${attributes({ service: e.service, ...given(e), title: e.title }, 'data-')}></script>` },
    { name: 'Web component', note: 'The script once in a page, the element as often as you like.', code: `<script async src="${escaped(script)}"></script>\n<outcry-chart ${attributes({ service: e.service, ...given(e) }, '')}></outcry-chart>` },
    { name: 'SVG picture', note: 'Sharp in every size; can be saved and printed.', code: pictureAddress(e, base, 'svg') },
    { name: 'PNG picture', note: 'For social networks, mails and chats.', code: pictureAddress(e, base, 'png') },
  ];
}

function given(e: Embed): Record<string, string> {
  // A frozen range has no length besides.
  return Object.fromEntries(looks.filter((n) => e[n] && !(n === 'window' && e.from)).map((n) => [n, e[n]]));
}

function withQuery(url: URL, params: Record<string, string>): string {
  for (const [name, value] of Object.entries(params)) if (value) url.searchParams.set(name, value);
  return url.href.replaceAll('%3A', ':').replaceAll('%2F', '/'); // as people read them; both may stand in a query
}

const attributes = (values: Record<string, string>, prefix: string): string =>
  Object.entries(values).map(([name, value]) => `${prefix}${name}="${escaped(value)}"`).join(' ');

const escaped = (s: string): string => s.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
