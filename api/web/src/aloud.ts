const pause = 60_000;

/**
 * Aloud is a text that screen readers read when it changes. What is said of a new
 * subject is read at once, what changes about it once a minute at most: each text is
 * read to its end before the next.
 */
export class Aloud {
  private subject = '';
  private text = '';
  private since = 0;

  /** of is what is to be read now. */
  of(subject: string, text: string, now = Date.now()): string {
    if (text === this.text || (subject === this.subject && now - this.since < pause)) return this.text;
    [this.subject, this.text, this.since] = [subject, text, now];
    return text;
  }
}
