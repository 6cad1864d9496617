// A newsroom's page, which comes from another origin, with every form of a chart in it.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { accessible, eventually, looks, opened, picture, sideways } from './chrome.mjs';
import { recorded } from './outcry.mjs';

const article = (outcry) => `<!doctype html><html lang="fr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>An article</title><link rel="icon" href="data:,"><meta name="color-scheme" content="light dark">
<script async src="${outcry}/embed.js"></script></head><body><main><h1>An article</h1>
<iframe src="${outcry}/embed/whatsapp?window=3h" title="WhatsApp" width="100%" height="600" style="border:0"></iframe>
<script src="${outcry}/embed.js" data-service="whatsapp" data-window="3h" data-title="WhatsApp, by script"></script>
<outcry-chart service="whatsapp" window="3h" title="WhatsApp, by element">A chart stands here.</outcry-chart>
<img src="${outcry}/embed/whatsapp.svg?window=3h" alt="WhatsApp, drawn" style="max-width:100%">
<img src="${outcry}/embed/whatsapp.png?window=3h" alt="WhatsApp, painted" style="max-width:100%">
</main></body></html>`;

/** newsroom serves the article under another name than the program's, so that it is another site. */
async function newsroom(t, outcry) {
  const server = createServer((_, res) => res.setHeader('Content-Type', 'text/html; charset=utf-8').end(article(outcry)));
  await once(server.listen(0, 'localhost'), 'listening');
  t.after(() => server.close());
  t.after(() => server.closeAllConnections());
  return `http://localhost:${server.address().port}/`;
}

test('an article with charts in it', async (t) => {
  const outcry = await recorded();
  const url = await newsroom(t, outcry.url);
  for (const [look, options] of Object.entries(looks)) {
    await t.test(look, async (t) => {
      const page = await opened(t, options);
      await page.goto(url);
      for (const frame of [page.frameLocator('[title="WhatsApp"]'), page.frameLocator('[title="WhatsApp, by script"]'), page.frameLocator('outcry-chart iframe')]) {
        await frame.locator('html[lang="fr"] main svg, html[lang="en"] main svg').filter({ visible: true }).waitFor();
      }
      const languages = await Promise.all(page.frames().slice(1).map((f) => f.locator('html').getAttribute('lang')));
      assert.deepEqual(languages.sort(), ['en', 'fr', 'fr'], 'the script speaks the language of the article, the frame that of the reader');
      for (const title of ['WhatsApp, by script', 'WhatsApp, by element']) await asHigh(page, title);
      for (const image of await page.locator('img').all()) assert.ok(await image.evaluate((i) => i.decode().then(() => i.naturalWidth > 200)), 'a picture is not there');
      assert.equal(await sideways(page), 0);
      await accessible(page);
      await page.evaluate(() => scrollTo(0, 0));
      await picture(page, `newsroom ${look}`);
      assert.deepEqual(page.wrong(), []);
    });
  }
});

/** asHigh waits until a frame is as high as the page in it, and has no scroll bar. */
async function asHigh(page, title) {
  const frame = page.locator(`iframe[title="${title}"]`);
  await frame.scrollIntoViewIfNeeded();
  const inner = await (await frame.elementHandle()).contentFrame();
  await eventually(`${title} to be as high as its page`, async () => {
    const [outside, inside, overflow] = [await frame.evaluate((f) => f.clientHeight), await inner.evaluate(() => Math.ceil(document.documentElement.getBoundingClientRect().height)), await inner.evaluate(() => document.documentElement.style.overflow)];
    return outside === inside && overflow === 'hidden';
  });
}
