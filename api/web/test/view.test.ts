import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isStale, moved, spanOf } from '../src/span';
import { readView, same, to, viewLink } from '../src/view';

test('the address of a view reads back as the same view', () => {
  for (const link of [
    './', '?sector=telecom&country=fr&lang=fr&sort=posts', '?service=whatsapp&range=24h&symptom=app&tz=Europe%2FParis',
    '?service=whatsapp&from=2022-10-25T07%3A00%3A00Z&to=2022-10-25T09%3A00%3A00Z&compare=week', '?incident=whatsapp-20221025T0717&in=ar',
    '?q=', '?q=%22a+b%22&service=whatsapp&sort=score', '?embed=', '?embed=whatsapp&window=6h&posts=fr&labels=de&theme=dark',
  ]) {
    assert.equal(viewLink(readView(link.replace('./', ''))), link);
  }
});

test('what no page could mean is left out', () => {
  assert.equal(viewLink(readView('?service=a&range=9y&tz=Mars/Olympus&from=yesterday&to=2022-10-25T09:00:00Z&evil=1')), '?service=a');
  assert.equal(viewLink(readView('?service=a&from=2022-10-25T09:00:00Z&to=2022-10-25T08:00:00Z')), '?service=a');
  assert.equal(readView('?service=a&from=1666681200').from, '2022-10-25T07:00:00Z');
});

test('another view keeps the zone alone, the same view all that is not changed', () => {
  const v = readView('?service=a&lang=fr&range=1h&tz=UTC');
  assert.equal(to(v, 'incident', { incident: 'x' }), '?incident=x&tz=UTC');
  assert.equal(same(v, { lang: '', symptom: 'app' }), '?service=a&range=1h&symptom=app&tz=UTC');
});

test('a relative range ends now, or with the newest post of a past day', () => {
  const now = new Date('2026-01-02T12:34:56Z');
  const live = spanOf({ range: '1h', from: '', to: '' }, new Date('2026-01-02T12:33:00Z'), now);
  assert.deepEqual([live.from.toISOString(), live.to.toISOString(), live.past, live.step], ['2026-01-02T11:35:00.000Z', '2026-01-02T12:35:00.000Z', false, '1m']);
  const replay = spanOf({ range: '', from: '', to: '' }, new Date('2022-10-25T08:20:00Z'), now);
  assert.deepEqual([replay.from.toISOString(), replay.to.toISOString(), replay.past], ['2022-10-25T05:21:00.000Z', '2022-10-25T08:21:00.000Z', true]);
  assert.equal(isStale(null, now), false);
});

test('long ranges have longer steps, whole ones', () => {
  const now = new Date('2026-01-31T12:34:56Z');
  const month = spanOf({ range: '30d', from: '', to: '' }, null, now);
  assert.equal(month.step, '30m');
  assert.equal(month.from.getTime() % month.stepMs, 0);
  assert.equal(month.to.getTime() % month.stepMs, 0);
  assert.ok(month.to >= now);
  const years = spanOf({ range: '', from: '2000-01-01T00:00:00Z', to: '2020-01-01T00:00:00Z' }, null, now);
  assert.equal(years.step, '1d');
});

test('moving in time keeps the length, zooming out doubles it', () => {
  const span = spanOf({ range: '', from: '2022-10-25T07:00:00Z', to: '2022-10-25T09:00:00Z' }, null, new Date());
  const back = moved(span, -0.5);
  assert.deepEqual([back.from.toISOString(), back.to.toISOString()], ['2022-10-25T06:00:00.000Z', '2022-10-25T08:00:00.000Z']);
  const out = moved(span, 0, 2);
  assert.deepEqual([out.from.toISOString(), out.to.toISOString()], ['2022-10-25T06:00:00.000Z', '2022-10-25T10:00:00.000Z']);
});
