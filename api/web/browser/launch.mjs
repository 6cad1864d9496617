// The browser: Debian's or whoever's Chromium.

import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';

function found() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  const folders = (process.env.PATH ?? '').split(delimiter);
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
}

/** launched is a browser without a window; without one at hand the program ends with a word on how to get it. */
export async function launched() {
  const executablePath = found();
  if (!executablePath) {
    console.error('No Chromium was found: install it (Debian: apt-get install chromium), or name one with CHROMIUM=/path/to/chrome.');
    process.exit(1);
  }
  return chromium.launch({ executablePath, chromiumSandbox: process.getuid?.() !== 0 });
}
