// What strangers wrote, made fit to be shown among words of our own.

// Embeddings, overrides and isolates of the bidirectional algorithm turn around
// what stands beside them; direction comes from dir=auto instead.
const turning = /[\u202a-\u202e\u2066-\u2069]/g;
// Invisible, and of no use in reading. The joiners stay: Persian and emoji need them.
const invisible = /[\u200b\u2060-\u2064\ufeff\u00ad\u{e0000}-\u{e001f}]/gu;
// No language piles up more marks on one letter.
const flood = /(\p{M}{4})\p{M}+/gu;
const control = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** clean takes out of a text what would disturb the page around it. */
export function clean(text: string): string {
  return text.replace(turning, '').replace(invisible, '').replace(control, ' ').replace(flood, '$1');
}
