import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Aloud } from '../src/aloud';

test('a curve that moves each second is read once a minute', () => {
  const aloud = new Aloud();
  const said = Array.from({ length: 121 }, (_, s) => aloud.of('WhatsApp', `${s} complaints`, 1_000_000 + s * 1000));
  assert.deepEqual([...new Set(said)], ['0 complaints', '60 complaints', '120 complaints']);
  assert.equal(aloud.of('Signal', '3 complaints', 1_120_500), '3 complaints', 'another curve is read at once');
  assert.equal(aloud.of('Signal', '4 complaints', 1_121_000), '3 complaints');
});
