// The part of a service, a symptom or a language, in which an incident was noticed.

import type { Incident, Noticed, Share } from './api';
import { counted, language, number, symptom } from './format';

/** rose is the part that most of the rise is of; null where that is of the whole. */
export function rose(i: Incident): Noticed | null {
  const n = i.noticed_in;
  return n && n.excess > 0 && 2 * n.excess >= i.excess ? n : null;
}

/** apart is that part where the whole hardly rose, so that its figures are those of any other day. */
export function apart(i: Incident): Noticed | null {
  return i.people < 2 * i.usual ? rose(i) : null;
}

/** called is "in Japanese", or "about “Payment”". */
export const called = (n: Noticed): string => (n.by === 'lang' ? `in ${language(n.name)}` : `about “${symptom(n.name)}”`);

/** only are the parameters that choose the posts of a part, by those names. */
export function only(n: Noticed | null, lang = 'lang'): Record<string, string> {
  if (!n) return {};
  return n.by === 'lang' ? { [lang]: n.name } : { symptom: n.name };
}

/** people is "1,240 people, usually 20", of the part that rose apart. */
export function people(i: Incident): string {
  const n = apart(i);
  const usual = (n ?? i).usual;
  return `${counted((n ?? i).people, 'person', 'people')}${n ? ` ${called(n)}` : ''}${usual >= 1 ? `, usually ${number(Math.round(usual))}` : ''}`;
}

/** told are the shares of symptoms that an incident is told by. */
export function told(i: Incident): Share[] {
  const n = apart(i);
  return n?.by === 'lang' ? n.symptoms : n ? [{ name: n.name, share: 1 }] : i.symptoms;
}
