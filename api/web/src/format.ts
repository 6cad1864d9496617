// Numbers and names in words. The page is in English.

import { clean } from './safe';

const integer = new Intl.NumberFormat('en-GB');
const languages = new Intl.DisplayNames('en', { type: 'language' });
const regions = new Intl.DisplayNames('en', { type: 'region' });

/** The languages that complaints are known in, and that charts and briefs are told in. */
export const spoken = [
  'ar', 'cs', 'de', 'el', 'en', 'es', 'fa', 'fi', 'fil', 'fr', 'he', 'hi', 'hu', 'id',
  'it', 'ja', 'ko', 'nl', 'pl', 'pt', 'ro', 'ru', 'sv', 'th', 'tr', 'uk', 'vi', 'zh',
];

export const number = (n: number): string => integer.format(n);
export const percent = (share: number): string => (share > 0 && share < 0.01 ? '<1%' : `${Math.round(share * 100)}%`);

export function counted(n: number, one: string, many: string): string {
  return `${number(n)} ${n === 1 ? one : many}`;
}

/** some is a count that need not be whole: "<1", "3.4", "120". */
export function some(n: number): string {
  if (n > 0 && n < 1) return '<1';
  return n < 10 ? String(+n.toFixed(1)) : number(Math.round(n));
}

/** change is a ratio as people say it: "+40%", "−12%", "×8". */
export function change(ratio: number): string {
  if (ratio >= 3) return `×${ratio < 10 ? +ratio.toFixed(1) : number(Math.round(ratio))}`;
  const per = Math.round((ratio - 1) * 100);
  return per === 0 ? '±0%' : `${per > 0 ? '+' : '−'}${Math.abs(per)}%`;
}

const named = (names: Intl.DisplayNames, code: string): string => {
  try {
    return names.of(code) ?? code;
  } catch {
    return code;
  }
};

export const language = (code: string): string => (code && code !== 'und' ? named(languages, code) : 'Not known');
/** country is the name of a country of the catalogue, where a service may also be used worldwide. */
export const country = (code: string): string => (code === 'world' ? 'Worldwide' : named(regions, code.toUpperCase()));

/** sentenceCase is a name of the catalogue as a label. */
export const sentenceCase = (s: string): string => s.charAt(0).toUpperCase() + s.slice(1);
export const sector = (name: string): string => (name === 'ai' ? 'AI' : sentenceCase(name));

const symptomWords: Record<string, string> = {
  down: 'Nothing works', messages: 'Messages', login: 'Signing in', connection: 'Connection', app: 'App',
  website: 'Website', loading: 'Loading', slow: 'Slow', playback: 'Playback', calls: 'Calls',
  posting: 'Posting', payment: 'Payment', notifications: 'Notifications', search: 'Search',
  account: 'Account', internet: 'Fixed internet', mobile: 'Mobile network', tv: 'TV',
};

export const symptoms = Object.keys(symptomWords);
export const symptom = (slug: string): string => (slug ? (symptomWords[slug] ?? slug) : 'Not said');
export const source = (name: string): string => clean(name);

/** firstSentence is the beginning of a brief. */
export function firstSentence(text: string, lang: string): string {
  for (const { segment } of new Intl.Segmenter(lang, { granularity: 'sentence' }).segment(text)) return segment.trim();
  return text;
}
