import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Catalog } from '../src/catalog';
import type { Incident } from '../src/api';
import { change, firstSentence, percent, some } from '../src/format';
import { apart, only, people, rose, told } from '../src/part';
import { clean } from '../src/safe';
import { frameAddress, pictureAddress, snippets, type Embed } from '../src/snippet';
import { Times } from '../src/times';

const row = (slug: string, name: string) => ({ slug, name, owner: '', sector: '', countries: [] });

test('hostile text is harmless, honest text is untouched', () => {
  assert.equal(clean('a\u202eb\u2066c\u2069\u200bd\ufeff'), 'abcd');
  assert.equal(clean(`z${'\u0301'.repeat(50)}algo`), `z${'\u0301'.repeat(4)}algo`);
  assert.equal(clean('a\u0000b\u0007'), 'a b ');
  for (const honest of ['می‌خواهم', '👩‍👩‍👧', 'Tiếng Việt', 'नहीं भेजा', '<script>', 'a\nb']) assert.equal(clean(honest), honest);
});

test('the nearest service is first: the same name, its begin, a word of it, any part', () => {
  const c = new Catalog([row('what', 'Somewhat'), row('my-orange', 'My Orange'), row('orange-fr', 'Orange France'), row('orange', 'Orange'), row('societe', 'Société')]);
  assert.deepEqual(c.find('ORANGE', 9).map((r) => r.slug), ['orange', 'orange-fr', 'my-orange']);
  assert.deepEqual(c.find('what', 9).map((r) => r.slug), ['what']);
  assert.deepEqual(c.find('societe', 9).map((r) => r.slug), ['societe']);
  assert.deepEqual(c.find('none', 9), []);
});

test('numbers in words', () => {
  assert.deepEqual([change(1), change(1.4), change(0.5), change(8)], ['±0%', '+40%', '−50%', '×8']);
  assert.deepEqual([some(0), some(0.2), some(3.44), some(1234.5)], ['0', '<1', '3.4', '1,235']);
  assert.deepEqual([percent(0), percent(0.004), percent(0.67)], ['0%', '<1%', '67%']);
  assert.equal(firstSentence('It began at 7.17. It ended.', 'en'), 'It began at 7.17.');
});

test('an incident is told by the part that rose, and by the whole where that did', () => {
  const noticed = { by: 'lang', name: 'ja', people: 73, usual: 10.4, excess: 62.6, symptoms: [{ name: 'messages', share: 1 }] };
  const whole = { people: 700, usual: 640, excess: 62.6, symptoms: [{ name: 'login', share: 0.4 }] } as Incident;
  const part = { ...whole, noticed_in: noticed } as Incident;
  assert.equal(people(part), '73 people in Japanese, usually 10');
  assert.equal(people(whole), '700 people, usually 640');
  assert.deepEqual([only(rose(part)), only(rose(part), 'posts'), only(rose(whole))], [{ lang: 'ja' }, { posts: 'ja' }, {}]);
  assert.deepEqual([told(part)[0]?.name, told(whole)[0]?.name], ['messages', 'login']);
  const login = { ...part, noticed_in: { ...noticed, by: 'symptom', name: 'login' } } as Incident;
  assert.equal(people(login), '73 people about “Signing in”, usually 10');
  assert.deepEqual([only(rose(login)), told(login)], [{ symptom: 'login' }, [{ name: 'login', share: 1 }]]);
  for (const followed of [{ ...part, people: 4700, excess: 4000 }, { ...part, noticed_in: { ...noticed, excess: 0 } } as Incident]) assert.equal(rose(followed), null);
  const both = { ...part, people: 2000 };
  assert.deepEqual([rose(both)?.name, apart(both), people(both)], ['ja', null, '2,000 people, usually 640']);
});

test('times in a zone, and back', () => {
  const t = new Date('2022-10-29T23:30:00Z'); // in Paris the clocks go back an hour and a half later
  for (const zone of ['UTC', 'Europe/Paris', 'Asia/Kolkata', 'America/St_Johns']) {
    const times = new Times(zone);
    assert.equal(times.fromWall(times.wall(t))?.toISOString(), t.toISOString(), zone);
  }
  assert.equal(new Times('Asia/Kolkata').time(t), '05:00');
  assert.equal(new Times('Europe/Paris').note(t), 'Times are in Europe/Paris (UTC+02:00).');
  assert.equal(new Times('UTC').fromWall('tomorrow'), null);
});

test('snippets hold what was chosen, escaped', () => {
  const e: Embed = { service: 'at&t', title: '"A" <b>', window: '6h', from: '', to: '', symptom: 'app', posts: 'fr', lang: 'de', theme: '', tz: 'Europe/Paris', width: '', height: '' };
  const base = 'https://outcry.example/p/';
  assert.equal(frameAddress(e, base), 'https://outcry.example/p/embed/at%26t?window=6h&symptom=app&posts=fr&lang=de&tz=Europe/Paris');
  assert.ok(pictureAddress(e, base, 'png').endsWith('&size=og'));
  assert.ok(pictureAddress({ ...e, width: '800' }, base, 'png').endsWith('&width=800'));
  assert.ok(frameAddress({ ...e, from: '2022-10-25T07:00:00Z' }, base).includes('?from=2022-10-25T07:00:00Z&'), 'a frozen range has no window');
  for (const { name, code } of snippets(e, base)) assert.ok(!code.includes('<b>') && !code.includes('"A"'), name);
});
