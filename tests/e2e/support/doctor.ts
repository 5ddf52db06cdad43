// `lockstep doctor` as a user runs it, with Debian's Chromium, and a hub's server for it to look at. At the origins of
// the apps nothing listens: what the doctor sees there, it has brought along.

import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test as base } from '@playwright/test';
import type { DoctorReport } from '../../../js-glue/cli/doctor/report.js';
import { chromiumPath } from './chromium.js';
import { type HubServer, startHub } from './hub.js';
import { billing, everything, hubHost, partner, portal } from './world.js';

export type Run = {
  readonly code: number | null;
  readonly report: DoctorReport;
  /** `state check about: sentence` of all that is not in order. */
  readonly wrongs: readonly string[];
};

export type Doctor = {
  readonly run: (...args: readonly string[]) => Promise<Run>;
  /** With more in its environment. */
  readonly runIn: (env: Readonly<Record<string, string>>, ...args: readonly string[]) => Promise<Run>;
  /** Presses Ctrl-C when the doctor has said on its error stream what it waits for; gives the exit code. */
  readonly interrupt: (url: string, when: RegExp) => Promise<number | null>;
  /** What is left of it: temporary files, and processes that name them. */
  readonly left: () => Promise<readonly string[]>;
};

// A port that nothing listens at, and that browsers ask.
const appsPort = 9_999;
export const portalOrigin = `http://${portal}:${appsPort}`;
export const billingOrigin = `http://${billing}:${appsPort}`;
export const partnerOrigin = `http://${partner}:${appsPort}`;
export const strangerOrigin = 'http://lockstep-doctor.invalid';
const cli = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url));

export const test = base.extend<{
  readonly hosts: readonly string[];
  readonly hub: HubServer;
  readonly doctor: Doctor;
}>({
  hosts: [[portal, billing], { option: true }],
  hub: async ({ hosts }, use) => {
    const apps = Object.fromEntries(hosts.map((host) => [`http://${host}`, everything]));
    const hub = await startHub({ host: hubHost, apps }, appsPort);
    hub.compress();
    await use(hub);
    await hub.close();
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads from the pattern which fixtures are needed.
  doctor: async ({}, use) => {
    const temporary = await mkdtemp(join(tmpdir(), 'lockstep-doctor-e2e-'));
    const start = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
      spawn(process.execPath, [cli, 'doctor', '--json', '--browser', chromiumPath, ...args], {
        env: { ...process.env, TMPDIR: temporary, ...env },
      });
    const runIn: Doctor['runIn'] = async (env, ...args) => {
      const child = start(args, env);
      const said: Buffer[] = [];
      child.stdout.on('data', (chunk) => said.push(chunk));
      const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
      const report: DoctorReport = JSON.parse(Buffer.concat(said).toString());
      const wrongs = report.findings
        .filter(({ state }) => state !== 'ok')
        .map(({ state, check, about, sentence }) => `${state} ${check}${about ? ` ${about}` : ''}: ${sentence}`);
      return { code, report, wrongs };
    };
    await use({
      run: (...args) => runIn({}, ...args),
      runIn,
      interrupt: (url, when) => {
        const child = start([url]);
        let said = '';
        let isPressed = false;
        child.stderr.on('data', (text) => {
          said += text;
          if (!isPressed && when.test(said)) isPressed = child.kill('SIGINT');
        });
        return new Promise((resolve) => child.once('close', resolve));
      },
      left: async () => [
        ...(await readdir(temporary)),
        ...(await commandLines()).filter((line) => line.includes(temporary)),
      ],
    });
    await rm(temporary, { recursive: true, force: true });
  },
});

/** The command lines of all processes, where the system shows them. */
async function commandLines(): Promise<readonly string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''));
  return (await Promise.all(lines)).map((line) => line.replaceAll('\0', ' '));
}

export { expect } from '@playwright/test';
