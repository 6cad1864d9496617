import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deafness, merged, running, simulated, summary, unheard } from '../src/points';
import { spanOf } from '../src/span';

const minute = 60_000;
const start = Date.parse('2022-10-25T07:00:00Z');
const point = (i: number, posts: number, more = {}) => ({ t: new Date(start + i * minute).toISOString(), posts, authors: posts, heard: 10, ...more });
const at = (i: number) => new Date(start + i * minute);

test('a step that is not over is neither the latest nor unknown', () => {
  const points = [point(0, 5), point(1, 9), point(2, 1), point(3, 0)];
  const newest = at(2);
  assert.deepEqual(points.map((p) => running(p, newest, minute)), [false, false, true, false]);
  assert.deepEqual(points.map((p) => unheard(p, newest)), [false, false, false, true]);
  const { last, peak, total } = summary(points, newest, minute);
  assert.deepEqual([last?.posts, peak?.posts, total], [9, 9, 15]);
  assert.ok(running(point(0, 1), at(4), 5 * minute), 'five minutes last until the fifth is over');
});

test('what the stream tells replaces and lengthens the curve', () => {
  const span = spanOf({ range: '', from: at(1).toISOString(), to: at(4).toISOString() }, at(3), at(3));
  const told = new Map([2, 3].map((i) => [start + i * minute, { service: 'a', t: at(i).toISOString(), posts: 7, authors: 6 }]));
  const got = merged([point(0, 1), point(1, 2, { band: { usual: 1, low: 0, high: 2, chance: 1 } }), point(2, 3)], told, span);
  assert.deepEqual(got.map((p) => p.posts), [2, 7, 7]);
  assert.deepEqual(got.map((p) => p.heard), [10, 10, 0]);
  assert.equal(got[0]?.band?.high, 2);
});

test('silence of a source is summed up', () => {
  assert.deepEqual(deafness([point(0, 0, { deaf: ['b'] }), point(1, 0), point(2, 0, { deaf: ['a', 'b'] })]), [
    { source: 'a', from: at(2).toISOString(), to: at(2).toISOString(), steps: 1 },
    { source: 'b', from: at(0).toISOString(), to: at(2).toISOString(), steps: 2 },
  ]);
});

test('data are simulated only where nothing real was heard', () => {
  const source = (name: string, posts: number) => ({ source: name, posts, last: null, coverage: null });
  assert.equal(simulated([source('a-sim', 3), source('b', 0)]), true);
  assert.equal(simulated([source('a-sim', 3), source('b', 1)]), false);
  assert.equal(simulated([]), false);
});
