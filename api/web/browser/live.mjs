// Posts of now: they arrive while one looks, whatever is written in them, and whatever becomes of the server.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessible, eventually, looks, opened, picture, sideways } from './chrome.mjs';
import { Outcry } from './outcry.mjs';

const complaints = (n) => Array.from({ length: n }, () => 'WhatsApp is down, messages are not sending');
const hostile = [
  'WhatsApp is down <script>window.hacked = 1</script>',
  'WhatsApp is down <img src=x onerror="window.hacked = 1">',
  'WhatsApp is down \u202egnorw si txet eht\u2066 <b>',
  `WhatsApp is down Z${'\u0300\u0336\u0489'.repeat(60)}algo`,
  '=HYPERLINK("http://127.0.0.1:1/","click") WhatsApp is down',
  `WhatsApp is down ${'a'.repeat(2000)}`,
];

const total = async (page) => Number((await page.locator('oc-service dd').nth(2).innerText()).replace(/\D.*/s, '') || 0);
const told = async (page) => (await page.locator('main svg').filter({ visible: true }).innerHTML()) + (await page.locator('tbody').innerText());
const aMinute = (page) => page.clock.fastForward(61_000);

test('posts of now', async (t) => {
  const outcry = await Outcry.start();
  t.after(() => outcry.stop());
  await outcry.push(...complaints(3));
  await eventually('three posts', async () => (await outcry.get('/v1/posts?service=whatsapp')).posts.length === 3);

  const page = await opened(t);
  await page.goto(`${outcry.url}/?service=whatsapp&range=1h`);
  const embed = await opened(t);
  await embed.clock.install(); // an embedded chart asks once a minute
  await embed.goto(`${outcry.url}/embed/whatsapp?window=1h`);
  await eventually('three on the page', async () => (await total(page)) === 3);
  assert.match(await told(embed), /: 3</);
  for (const p of [page, embed]) await p.evaluate(() => { window.same = true; });

  await t.test('arrive without a reload', async () => {
    await outcry.push(...complaints(4));
    await eventually('seven on the page', async () => (await total(page)) === 7);
    await eventually('seven in the frame', async () => { await aMinute(embed); return /: 7</.test(await told(embed)); }, 20_000, 1_000);
    for (const p of [page, embed]) assert.ok(await p.evaluate(() => window.same), 'the page was loaded anew');
  });

  await t.test('are shown as text, whatever they hold', async (t) => {
    await outcry.push(...hostile);
    await eventually('all in the list', async () => (await page.locator('oc-posts li').count()) === 13);
    const search = await opened(t, looks.narrow);
    await eventually('all to be found', async () => (await outcry.get('/v1/search?q=whatsapp')).total === 13);
    await search.goto(`${outcry.url}/?q=whatsapp`);
    await search.getByText('13 posts').waitFor();
    for (const p of [page, search]) {
      const texts = await p.locator('li .text').allInnerTexts();
      for (const said of ['<script>window.hacked = 1</script>', '<img src=x onerror="window.hacked = 1">', '=HYPERLINK(']) assert.ok(texts.some((x) => x.includes(said)), `${said} is not in the list`);
      assert.ok(!texts.some((x) => /[\u202a-\u202e\u2066-\u2069]|\p{M}{5}/u.test(x)), 'a text disturbs those around it');
      assert.equal(await p.evaluate(() => window.hacked), undefined);
      assert.equal(await sideways(p), 0);
      await accessible(p);
      await picture(p, p === page ? 'hostile' : 'hostile narrow');
      assert.deepEqual(p.wrong(), []);
    }
  });

  await t.test('stay on the page while the server is away', async () => {
    const [before, drawn] = [await total(page), await told(embed)];
    await outcry.crash();
    await page.getByRole('alert').getByText(/cannot be reached\. Shown is the picture of .* Trying again/).waitFor();
    await page.getByText('Not connected').waitFor();
    await aMinute(embed);
    await embed.locator('.stale').waitFor();
    assert.equal(await total(page), before);
    assert.equal(await told(embed), drawn);
    await picture(page, 'away');
    await picture(embed, 'embed away');
    for (const p of [page, embed]) assert.ok(p.wrong().every((w) => /ERR_|Failed to load resource/.test(w)));

    await outcry.again();
    await page.getByRole('alert').waitFor({ state: 'detached', timeout: 40_000 });
    await outcry.push(...complaints(2));
    await eventually('what came since', async () => (await total(page)) === before + 2);
    await eventually('the frame to recover', async () => { await aMinute(embed); return (await told(embed)) !== drawn && !(await embed.locator('.stale').isVisible()); }, 30_000, 1_000);
    for (const p of [page, embed]) assert.ok(await p.evaluate(() => window.same), 'the page was loaded anew');
  });
});
