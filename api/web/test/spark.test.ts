import assert from 'node:assert/strict';
import { test } from 'node:test';
import { trend } from '../src/spark';

test('a small curve is told in words', () => {
  assert.equal(trend([0, 0, 0]), 'none');
  assert.equal(trend([1, 1200, 7, 6, 3]), '1,200 in the highest quarter of an hour, 0.75 h ago, 3 in the last');
  assert.equal(trend([1, 4]), '4 in the highest quarter of an hour, the last');
});
