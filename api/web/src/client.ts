// How to ask the server that the page came from.

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

/** lasting says that the same question would be refused again: a fault of the address, or what this server does not offer. */
export const lasting = (error: unknown): boolean =>
  error instanceof Refused && ((error.status >= 400 && error.status < 500 && error.status !== 408 && error.status !== 429) || error.status === 501);

export type Params = Record<string, string>;

/** Client asks, and keeps what every answer tells of the server's time. */
export class Client {
  /** The minute of the newest post heard: null when there is none, undefined when it is not known yet. */
  newest: Date | null | undefined;
  /** Milliseconds that the server's clock is ahead of this one. */
  private skew = 0;

  /** Now, by the server's clock: a viewer's clock may be wrong. */
  now(): Date {
    return new Date(Date.now() + this.skew);
  }

  /** get asks for JSON. Parameters that are empty are left out. */
  async get<T>(path: string, params: Params, signal: AbortSignal): Promise<T> {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(15_000)]);
    const res = await fetch(address(path, params), { signal: limited, cache: 'no-cache', credentials: 'omit' });
    this.keepTime(res);
    if (!res.ok) throw await refusal(res);
    const answer = (await res.json()) as T & { newest?: string | null };
    if (answer.newest !== undefined) this.hear(answer.newest);
    return answer;
  }

  /** hear notes the newest minute that an answer or a stream tells of. */
  hear(newest: string | null): void {
    this.newest = newest ? new Date(newest) : null;
  }

  private keepTime(res: Response): void {
    const date = Date.parse(res.headers.get('date') ?? '');
    // The header has whole seconds: small differences say nothing.
    const skew = date - Date.now();
    this.skew = Math.abs(skew) > 5_000 ? skew : 0;
  }
}

/** address is the URL of an answer, below whatever prefix the page lives at. */
export function address(path: string, params: Params): string {
  const url = new URL(path, document.baseURI);
  for (const [name, value] of Object.entries(params)) if (value) url.searchParams.set(name, value);
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
