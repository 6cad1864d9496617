import { svg } from 'lit';
import { number } from './format';

/** sparkPath draws values into a box of the given size, from left to right. */
export function sparkPath(values: number[], width: number, height: number): string {
  const top = Math.max(1, ...values);
  const x = (i: number) => ((i / Math.max(1, values.length - 1)) * width).toFixed(1);
  const y = (v: number) => (height - (v / top) * height).toFixed(1);
  return values.map((v, i) => `${i ? 'L' : 'M'}${x(i)} ${y(v)}`).join('');
}

/** trend says in words what a small curve of quarters of an hour shows. */
export function trend(values: number[]): string {
  const peak = Math.max(0, ...values);
  if (!peak) return 'none';
  const hours = (values.length - 1 - values.lastIndexOf(peak)) / 4;
  return `${number(peak)} in the highest quarter of an hour, ${hours ? `${hours} h ago, ${number(values.at(-1) ?? 0)} in the last` : 'the last'}`;
}

/** spark is a small curve. */
export const spark = (values: number[]) =>
  svg`<svg class="spark" viewBox="0 -2 100 26" preserveAspectRatio="none" role="img" aria-label=${trend(values)}><path d=${sparkPath(values, 100, 22)} vector-effect="non-scaling-stroke" /></svg>`;
