// The program under test: started on a loopback port, with a data folder of its own.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after } from 'node:test';
import { eventually } from './chrome.mjs';

const root = new URL('../../../', import.meta.url).pathname;
export const pushKey = 'a-key-of-the-browser-tests';

/** Outcry is one running program; url is where it answers. */
export class Outcry {
  /** start runs it with more flags, on an empty data folder. */
  static async start(...flags) {
    const o = new Outcry();
    o.data = await mkdtemp(join(tmpdir(), 'outcry-browser-'));
    o.flags = flags;
    process.on('exit', () => o.clear()); // whatever ends the tests
    await o.run('127.0.0.1:0');
    return o;
  }

  async run(listen) {
    this.process = spawn(join(root, 'bin/outcry'), ['run', '--data', this.data, '--queue-port', '0', '--listen', listen, ...this.flags], {
      cwd: root, env: { ...process.env, OUTCRY_PUSH_KEY: `desk=${pushKey}` }, stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.ended = once(this.process, 'exit');
    const said = [];
    for await (const line of createInterface(this.process.stderr)) {
      said.push(line);
      const url = /url=(http:\S+)/.exec(line)?.[1];
      if (!url) continue;
      this.url = url;
      this.process.stderr.resume();
      return;
    }
    throw new Error(`outcry did not start:\n${said.join('\n')}`);
  }

  /** crash ends it as a fault would; again starts it where it was. */
  async crash() {
    this.process.kill('SIGKILL');
    await this.ended;
  }

  again() {
    return this.run(new URL(this.url).host);
  }

  async stop() {
    this.process.kill('SIGKILL');
    await this.ended;
    this.clear();
  }

  clear() {
    this.process?.kill('SIGKILL');
    rmSync(this.data, { recursive: true, force: true, maxRetries: 5 });
  }

  async get(path) {
    const res = await fetch(this.url + path);
    if (!res.ok) throw new Error(`GET ${path}: ${res.status} ${await res.text()}`);
    return res.json();
  }

  /** push sends complaints of now, each by another author. */
  async push(...texts) {
    const lines = texts.map((text) => JSON.stringify({ text, author: `a${Math.random()}`, lang: 'en' })).join('\n');
    const res = await fetch(`${this.url}/v1/posts`, { method: 'POST', body: lines, headers: { Authorization: `Bearer ${pushKey}` } });
    const answer = await res.json();
    if (answer.accepted !== texts.length) throw new Error(`POST /v1/posts: ${res.status} ${JSON.stringify(answer)}`);
  }
}

let standing;

/** recorded is a program that has heard the replay up to the middle of its outage, where time stands still. */
export const recorded = () => (standing ??= replayed());
after(async () => (await standing)?.stop());

async function replayed() {
  const folder = await mkdtemp(join(tmpdir(), 'outcry-replay-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const replay = join(folder, 'replay.ndjson');
  const lines = (await readFile(join(root, 'build/whatsapp-2022-10-25.ndjson'), 'utf8')).split('\n');
  await writeFile(replay, lines.filter((l) => l && JSON.parse(l).created_at < '2022-10-25T07:50').join('\n') + '\n');
  const o = await Outcry.start('--replay', replay, '--replay-speed', '0');
  let last = '';
  o.incident = await eventually('the whole replay to be heard', async () => {
    const [movers, { incidents }] = await Promise.all([o.get('/v1/movers'), o.get('/v1/incidents?service=whatsapp')]);
    const state = JSON.stringify([movers.newest, movers.movers.map((m) => m.posts), incidents]);
    const settled = state === last && movers.newest === '2022-10-25T07:49:00Z' && incidents.length;
    last = state;
    return settled && incidents[0].id;
  }, 60_000, 1_500);
  return o;
}
