import { svg } from 'lit';

/** sparkPath draws values into a box of the given size, from left to right. */
export function sparkPath(values: number[], width: number, height: number): string {
  const top = Math.max(1, ...values);
  const x = (i: number) => ((i / Math.max(1, values.length - 1)) * width).toFixed(1);
  const y = (v: number) => (height - (v / top) * height).toFixed(1);
  return values.map((v, i) => `${i ? 'L' : 'M'}${x(i)} ${y(v)}`).join('');
}

/** spark is a small curve beside words that say the same. */
export const spark = (values: number[]) =>
  svg`<svg class="spark" viewBox="0 -2 100 26" preserveAspectRatio="none" aria-hidden="true"><path d=${sparkPath(values, 100, 22)} vector-effect="non-scaling-stroke" /></svg>`;
