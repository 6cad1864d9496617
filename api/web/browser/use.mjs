// What viewers do: share what they see, go by keyboard, ask for less motion.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually, looks, opened } from './chrome.mjs';
import { recorded } from './outcry.mjs';

const range = '&from=2022-10-25T07:00:00Z&to=2022-10-25T07:45:00Z';

/** shown is all that a viewer sees of the curve, once it is complete: its points, its words, its pixels. */
async function shown(page) {
  await page.locator('oc-posts li').first().waitFor();
  return page.locator('oc-chart').evaluate(async (chart) => {
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))); // it is drawn
    return { points: chart.points.length, label: chart.label, figures: chart.getRootNode().querySelector('dl').innerText, pixels: chart.renderRoot.querySelector('canvas').toDataURL() };
  });
}

test('a link shows another viewer what its sender saw', async (t) => {
  const outcry = await recorded();
  const sender = await opened(t, { ...looks.light, timezoneId: 'Asia/Tokyo', permissions: ['clipboard-read', 'clipboard-write'] });
  await sender.goto(`${outcry.url}/?service=whatsapp${range}`);
  const seen = await shown(sender);
  assert.equal(seen.points, 45);
  assert.match(seen.label, /peak was \d+ at 16:\d\d/, 'times are those of Tokyo');
  await sender.getByRole('button', { name: 'Copy link' }).click();
  await sender.getByText('Link copied').waitFor({ state: 'attached' });
  const link = await sender.evaluate(() => navigator.clipboard.readText());
  assert.equal(new URL(link).searchParams.get('tz'), 'Asia/Tokyo');

  const other = await opened(t, { ...looks.light, timezoneId: 'America/New_York' });
  await other.goto(link);
  assert.deepEqual(await shown(other), seen);
  await other.goto(`${outcry.url}/?service=whatsapp${range}&tz=Europe/Paris`);
  assert.match((await shown(other)).label, /peak was \d+ at 09:\d\d/);
  assert.deepEqual([...sender.wrong(), ...other.wrong()], []);
});

test('filters, back and forward are kept in the address', async (t) => {
  const outcry = await recorded();
  const page = await opened(t);
  await page.goto(`${outcry.url}/?service=whatsapp${range}`);
  const all = await shown(page);
  await page.locator('oc-bars').getByText('Messages', { exact: true }).first().click();
  await page.waitForURL(/symptom=messages/);
  const some = await eventually('fewer posts', async () => { const now = await shown(page); return now.figures !== all.figures && now; });
  await page.reload();
  assert.deepEqual(await shown(page), some);
  await page.goBack();
  await eventually('all posts again', async () => (await shown(page)).figures === all.figures);
  assert.deepEqual(page.wrong(), []);
});

test('the keyboard reaches search, list, chart and table', async (t) => {
  const outcry = await recorded();
  const page = await opened(t);
  await page.goto(outcry.url);
  await page.locator('oc-movers tbody tr').first().waitFor();
  await tabTo(page, (at) => at.startsWith('INPUT'), 'the search field');
  await tabTo(page, (at) => at === 'A WhatsApp', 'the list');
  await page.keyboard.press('/');
  await page.keyboard.type('whatsa');
  await page.getByRole('option').first().waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(/service=whatsapp/);
  await page.locator('oc-posts li').first().waitFor();
  await tabTo(page, (at) => at.startsWith('DIV WhatsApp: '), 'the chart');
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await page.locator('.spoken').getByText(/04:51: /).waitFor({ state: 'attached' });
  await page.keyboard.press('+');
  await page.waitForURL(/from=2022-10-25T04/);
  await tabTo(page, (at) => at === 'SUMMARY Data as a table', 'the table');
  await page.keyboard.press('Enter');
  await page.locator('oc-table tbody').getByRole('rowheader', { name: '04:51' }).waitFor();
  assert.deepEqual(page.wrong(), []);
});

test('a name that is typed before the services are known waits for them', async (t) => {
  const outcry = await recorded();
  const page = await opened(t);
  let arrive;
  const arrived = new Promise((done) => (arrive = done));
  await page.route('**/v1/services', async (route) => { await arrived; await route.continue(); });
  await page.goto(outcry.url);
  await page.keyboard.press('/');
  await page.keyboard.type('whatsa');
  await page.getByText('The services are being loaded').waitFor();
  await page.keyboard.press('Enter');
  assert.equal(new URL(page.url()).search, '', 'words are not looked for instead');
  arrive();
  await page.waitForURL(/service=whatsapp/);
  assert.deepEqual(page.wrong(), []);
});

/** tabTo presses Tab until what has the focus is meant, which must be seen to have it. */
async function tabTo(page, meant, name) {
  const path = [];
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press('Tab');
    const [at, ring] = await page.evaluate(() => {
      let e = document.activeElement;
      while (e?.shadowRoot?.activeElement) e = e.shadowRoot.activeElement;
      return [`${e.tagName} ${e.getAttribute('aria-label') ?? e.textContent.trim()}`, getComputedStyle(e).outlineStyle];
    });
    path.push(at);
    if (!meant(at)) continue;
    assert.notEqual(ring, 'none', `${name} does not show that it has the focus`);
    return;
  }
  assert.fail(`Tab does not reach ${name}: ${path.join(' > ')}`);
}

test('nothing moves for those who want less motion', async (t) => {
  const outcry = await recorded();
  const page = await opened(t, { ...looks.light, reducedMotion: 'reduce' });
  for (const [path, there] of [['/', 'oc-movers tbody tr'], ['/?service=whatsapp', 'oc-posts li'], ['/docs', '#schemas'], ['/embed/whatsapp', 'main .wide svg']]) {
    await page.goto(outcry.url + path);
    await page.locator(there).first().waitFor();
    assert.deepEqual(await page.evaluate(() => [document.getAnimations().length, getComputedStyle(document.documentElement).scrollBehavior]), [0, 'auto'], path);
  }
});
