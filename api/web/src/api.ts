// The answers of the API, as /openapi.json describes them.

export interface ServiceRow {
  slug: string;
  name: string;
  owner: string;
  sector: string;
  countries: string[];
}

export interface Services {
  services: ServiceRow[];
  newest: string | null;
}

/** A service with how far it is above normal. */
export interface Mover {
  slug: string;
  name: string;
  sector: string;
  owner: string;
  countries: string[];
  posts: number;
  authors: number;
  usual: number | null; // authors usual in the window; null where it is not known
  above: number;
  before: number | null; // posts a week before; null where nothing was heard then
  change: number | null; // posts by before
  since: string | null; // the onset of the open incident
  incident: string; // its id, or empty
  symptom: string;
  symptom_share: number;
  spark: number[];
}

export interface Movers {
  from: string;
  to: string;
  newest: string | null;
  movers: Mover[];
}

export interface Point {
  t: string;
  posts: number;
  authors: number;
  heard: number;
  deaf?: string[]; // sources that were not heard in this step
  band?: Band; // missing where it is not known
  before?: { posts: number; authors: number }; // a week before; missing where nothing was heard then
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

/** A row of a breakdown. */
export interface Part {
  name: string;
  posts: number;
  authors: number;
  share: number; // 0 to 1
  before: number | null; // posts in the same range a week before
}

export interface Word {
  word: string;
  posts: number;
  before: number;
  first: string;
  lang: string;
}

/** A piece of a post's text. */
export interface Piece {
  text: string;
  match: boolean;
  tags?: string[]; // what it tells of, such as symptom:login
}

export interface Post {
  id: string;
  source: string;
  service?: string;
  lang: string;
  symptoms: string[];
  text: string;
  created_at: string;
  parts?: Piece[]; // whose concatenation is the text
}

export interface Posts {
  posts: Post[];
  next?: string | null; // the cursor of the next page
}

export interface Count {
  name: string;
  posts: number;
}

export interface Found extends Posts {
  total: number;
  partial?: boolean; // there may be more than total and facets say
  facets: { service: Count[]; symptom: Count[]; lang: Count[] };
}

export interface Source {
  source: string;
  posts: number;
  last: string | null;
  coverage: number | null; // share of the range in which it was heard; null for what cannot say
}

export interface Share {
  name: string;
  share: number;
}

/** The part of a service in which an incident was noticed first. */
export interface Noticed {
  by: 'symptom' | 'lang';
  name: string;
  people: number;
  usual: number;
  excess: number; // 0 where it is not known
  symptoms: Share[];
}

/** A time in which far more people than usual complained; end is missing while it lasts. */
export interface Incident {
  id: string;
  services: string[];
  severity: string;
  onset: string;
  updated: string;
  end?: string;
  retracted?: boolean;
  peak: string;
  peak_people: number;
  people: number;
  posts: number;
  usual: number;
  excess: number;
  noticed_in?: Noticed; // missing where the whole service was
  symptoms: Share[];
  languages: Share[];
  mainly_in?: string; // the language that is special for it
  sources: Share[];
  words: string[];
}

export interface Brief {
  lang: string;
  text: string;
}
