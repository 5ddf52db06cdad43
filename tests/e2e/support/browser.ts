// Debian's Chromium as a user has it. Playwright's own switches turn off storage partitioning, the back-forward cache
// and throttling, so none of them is used: the process is started here, and Playwright only connects to it. Nor does
// Playwright pretend that every tab has the focus: only the tab opened last, or brought to the front, is visible.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type BrowserContext, chromium } from '@playwright/test';
import { chromiumPath, honestSwitches } from './chromium.js';

export type ProfileOptions = {
  readonly thirdPartyCookies: 'allowed' | 'blocked';
  /** `blocked`: the user forbids sites to store anything, and localStorage throws. */
  readonly storage: 'allowed' | 'blocked';
  /** `off`: the user has switched it off. */
  readonly webAssembly?: 'off';
};

export type RunningBrowser = {
  readonly context: BrowserContext;
  /** A normal end, as a user's: everything is written to disk. */
  readonly quit: () => Promise<void>;
  /** The whole browser dies at once. */
  readonly kill: () => Promise<void>;
};

export async function createProfile({ thirdPartyCookies, storage }: ProfileOptions): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lockstep-profile-'));
  const blocked = thirdPartyCookies === 'blocked';
  const profile = {
    cookie_controls_mode: blocked ? 1 : 0,
    block_third_party_cookies: blocked,
    ...(storage === 'blocked' && { default_content_setting_values: { cookies: 2 } }),
  };
  await mkdir(join(folder, 'Default'));
  await writeFile(join(folder, 'Default', 'Preferences'), JSON.stringify({ profile }));
  return folder;
}

export async function removeProfile(folder: string): Promise<void> {
  // A child process of a browser that was killed may still be writing.
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
}

/** `more`: further switches. */
export async function launch(
  profile: string,
  { webAssembly }: Partial<ProfileOptions> = {},
  ...more: readonly string[]
): Promise<RunningBrowser> {
  const chromiumChild = spawn(
    chromiumPath,
    [
      ...honestSwitches,
      '--host-resolver-rules=MAP *.test 127.0.0.1',
      // Of two of the same name the last counts.
      ...more,
      '--remote-debugging-port=0',
      `--user-data-dir=${profile}`,
      ...(webAssembly ? ['--js-flags=--jitless'] : []),
      'about:blank',
    ],
    // A group of its own, so that it can be killed with all its children.
    { stdio: ['ignore', 'ignore', 'pipe'], detached: true },
  );
  const exited = new Promise<void>((resolve) => chromiumChild.once('exit', () => resolve()));
  const kill = async () => {
    killGroup(chromiumChild);
    await exited;
  };
  try {
    const browser = await chromium.connectOverCDP(await endpointOf(chromiumChild), { noDefaults: true });
    const [context] = browser.contexts();
    if (!context) throw new Error('Chromium shows no default context.');
    const quit = async () => {
      const session = await browser.newBrowserCDPSession();
      // The answer may get lost with the connection; the end of the process is what counts.
      await session.send('Browser.close').catch(() => {});
      await exited;
      killGroup(chromiumChild);
    };
    return { context, quit, kill };
  } catch (error) {
    await kill();
    throw error;
  }
}

function endpointOf({ stderr }: ChildProcess): Promise<string> {
  if (!stderr) throw new Error('Chromium was started without a pipe.');
  return new Promise((resolve, reject) => {
    const said: string[] = [];
    // Goes on reading to the end, or the pipe would fill up and stop the browser.
    createInterface(stderr)
      .on('line', (line) => {
        said.push(line);
        const endpoint = /DevTools listening on (ws:\S+)/.exec(line)?.[1];
        if (endpoint) resolve(endpoint);
      })
      .on('close', () => reject(new Error(`Chromium (${chromiumPath}) did not start:\n${said.join('\n')}`)));
  });
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The group has ended by itself.
  }
}
