// How long the first view of the dashboard takes, for a viewer who was never there: `node first.mjs URL VIEWS` prints a line of
// JSON a view, in milliseconds from the navigation. The benchmark runs it.

import { launched } from './launch.mjs';

const [url, views] = process.argv.slice(2);

/** filled waits, in the page, until the table of services stands there and is painted. */
const filled = () => {
  const inside = (root, name) => root?.querySelector(name)?.shadowRoot;
  const rows = () => inside(inside(inside(document, 'oc-app'), 'oc-overview'), 'oc-movers')?.querySelectorAll('tbody tr').length;
  const look = () => requestAnimationFrame(() => (rows() ? requestAnimationFrame(() => { globalThis.filled = { at: performance.now(), rows: rows() }; }) : look()));
  look();
};

const browser = await launched();
try {
  await (await browser.newPage()).goto('about:blank'); // so that the browser itself is awake
  for (let i = 0; i < Number(views); i++) {
    const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'UTC', viewport: { width: 1280, height: 900 } });
    const page = await context.newPage();
    await page.addInitScript(filled);
    await page.goto(url, { waitUntil: 'commit' });
    const table = await (await page.waitForFunction(() => globalThis.filled, null, { timeout: 60_000 })).jsonValue();
    const seen = await page.evaluate(() => ({
      paint: performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
      asked: performance.getEntriesByType('resource').map((r) => ({ path: new URL(r.name).pathname, from: Math.round(r.startTime), to: Math.round(r.responseEnd), bytes: r.transferSize })),
    }));
    console.log(JSON.stringify({ paint: seen.paint, table: table.at, rows: table.rows, asked: seen.asked }));
    await context.close();
  }
} finally {
  await browser.close();
}
