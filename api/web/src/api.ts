// The answers of the API, as /openapi.json describes them, and how to ask.

export interface ServiceRow {
  slug: string;
  name: string;
  posts: number;
  last: string | null;
}

export interface Services {
  services: ServiceRow[];
  newest: string | null;
}

export interface Point {
  t: string;
  posts: number;
  authors: number;
  heard: number;
  deaf?: string[]; // sources that were not heard in this minute
  band?: Band; // missing where it is not known
}

/** What would be usual of authors: nine of ten usual counts lie from low to high. */
export interface Band {
  usual: number;
  low: number;
  high: number;
  chance: number; // the probability of as many authors as there were
}

export interface Curve {
  service: string;
  from: string;
  to: string;
  points: Point[];
}

export interface Post {
  id: string;
  source: string;
  lang: string;
  symptoms: string[];
  text: string;
  created_at: string;
}

/** A time in which far more people than usual complained; end is missing while it lasts. */
export interface Incident {
  id: string;
  services: string[];
  severity: string;
  onset: string;
  updated: string;
  end?: string;
}

export interface Brief {
  lang: string;
  text: string;
}

/** A refusal of the server, with the slugs that may have been meant. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly suggestions: string[],
  ) {
    super(message);
  }
}

/** Client asks the server that the page came from. */
export class Client {
  /** Milliseconds that the server's clock is ahead of this one. */
  skew = 0;

  /** Now, by the server's clock: a viewer's clock may be wrong. */
  now(): Date {
    return new Date(Date.now() + this.skew);
  }

  async get<T>(path: string, params: Record<string, string>, signal: AbortSignal): Promise<T> {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(15_000)]);
    const res = await fetch(address(path, params), { signal: limited, cache: 'no-store', credentials: 'omit' });
    this.keepTime(res);
    if (!res.ok) throw await refusal(res);
    return (await res.json()) as T;
  }

  private keepTime(res: Response): void {
    const date = Date.parse(res.headers.get('date') ?? '');
    // The header has whole seconds: small differences say nothing.
    const skew = date - Date.now();
    this.skew = Math.abs(skew) > 5_000 ? skew : 0;
  }
}

/** address is the URL of an answer, below whatever prefix the page lives at. */
export function address(path: string, params: Record<string, string>): string {
  const url = new URL(path, document.baseURI);
  url.search = new URLSearchParams(params).toString();
  return url.toString();
}

async function refusal(res: Response): Promise<Refused> {
  try {
    const problem = (await res.json()) as { detail?: string; suggestions?: string[] };
    return new Refused(res.status, problem.detail ?? res.statusText, problem.suggestions ?? []);
  } catch {
    return new Refused(res.status, res.statusText, []);
  }
}
