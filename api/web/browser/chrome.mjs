// The browser, watched for all that goes wrong in a page.

import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after } from 'node:test';
import { launched } from './launch.mjs';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const pictures = process.env.PICTURES; // a folder for screenshots; none are taken without

const browser = await launched();
after(() => browser.close());

/** looks are the ways in which every page is looked at. */
export const looks = {
  light: { colorScheme: 'light', viewport: { width: 1280, height: 900 } },
  dark: { colorScheme: 'dark', viewport: { width: 1280, height: 900 } },
  narrow: { colorScheme: 'light', viewport: { width: 360, height: 740 } },
};

/** opened is a new page of a viewer of its own. wrong() is what went wrong in it since the last time. */
export async function opened(t, options = looks.light) {
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'UTC', ...options });
  t.after(() => context.close());
  const page = await context.newPage();
  let faults = [];
  const note = (text) => faults.push(text);
  page.on('console', (m) => m.type() === 'error' && note(`console: ${m.text()} ${m.location().url}`));
  page.on('pageerror', (e) => note(`error: ${e.stack}`));
  page.on('requestfailed', (r) => r.failure()?.errorText !== 'net::ERR_ABORTED' && note(`failed: ${r.url()} ${r.failure()?.errorText}`));
  page.on('response', (r) => r.status() >= 400 && note(`${r.status()}: ${r.url()}`));
  await context.addInitScript(() => addEventListener('securitypolicyviolation', (e) => console.error(`policy ${e.violatedDirective}: ${e.blockedURI} ${e.sample}`)));
  page.wrong = () => {
    const all = faults;
    faults = [];
    return all;
  };
  return page;
}

/** accessible fails on what axe-core finds serious or critical. */
export async function accessible(page) {
  await page.evaluate(axe); // by the debugger, which the page's policy does not bind
  const violations = await page.evaluate(async () => {
    const only = { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations'], iframes: false, preload: false };
    return (await globalThis.axe.run(document, only)).violations.map(({ id, impact, nodes }) => ({ id, impact, nodes: nodes.map((n) => `${n.target.flat().join(' ')} ${n.failureSummary}`) }));
  });
  assert.deepEqual(violations.filter((v) => ['serious', 'critical'].includes(v.impact)), []);
}

/** sideways is by how many pixels a page is wider than its window. */
export const sideways = (page) => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);

/** picture keeps what a page looks like, for people to look at. */
export async function picture(page, name) {
  if (!pictures) return;
  await mkdir(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name.replaceAll(' ', '-')}.png`), fullPage: !/^(docs|newsroom)/.test(name) });
}

/** eventually asks until the answer is true, and returns it. */
export async function eventually(what, ask, within = 20_000, pause = 100) {
  const end = Date.now() + within;
  let last;
  while (Date.now() < end) {
    try {
      const answer = await ask();
      if (answer) return answer;
      last = answer;
    } catch (error) {
      last = error;
    }
    await new Promise((done) => setTimeout(done, pause));
  }
  throw new Error(`waited ${within / 1000} s for ${what}: ${last}`);
}
