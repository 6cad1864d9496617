// Every page, in every look: quiet, accessible, and no wider than its window.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accessible, looks, opened, picture, sideways } from './chrome.mjs';
import { recorded } from './outcry.mjs';

const frozen = 'from=2022-10-25T06:40:00Z&to=2022-10-25T07:50:00Z';

// Its name: its address, and what is there when it is complete.
const pages = {
  overview: ['/', 'oc-movers tbody tr'],
  service: ['/?service=whatsapp', 'oc-posts li'],
  incident: ['/?incident=ID', 'oc-posts li'],
  search: ['/?q=whatsapp', '.hits li'],
  builder: ['/?embed=whatsapp', 'iframe'],
  docs: ['/docs', '#schemas'],
  report: ['/report/whatsapp', 'form'],
  'embed en': [`/embed/whatsapp?lang=en&${frozen}`, 'main svg'],
  'embed ar': [`/embed/whatsapp?lang=ar&${frozen}`, 'main svg'],
  'embed ja': [`/embed/whatsapp?lang=ja&${frozen}`, 'main svg'],
};

test('every page', { concurrency: 3 }, async (t) => {
  const outcry = await recorded();
  const tests = [];
  for (const [name, [path, complete]] of Object.entries(pages)) {
    for (const [look, options] of Object.entries(looks)) {
      tests.push(t.test(`${name}, ${look}`, async (t) => {
        const page = await opened(t, options);
        await page.goto(outcry.url + path.replace('ID', outcry.incident));
        await page.locator(complete).filter({ visible: true }).first().waitFor();
        for (const frame of page.frames()) await frame.locator('svg, canvas, section, form').filter({ visible: true }).first().waitFor();
        await picture(page, `${name} ${look}`);
        assert.equal(await sideways(page), 0, 'the page scrolls sideways');
        await accessible(page);
        assert.deepEqual(page.wrong(), []);
      }));
    }
  }
  await Promise.all(tests);
});
