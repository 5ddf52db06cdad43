// WebKitGTK on a screen of its own, in its MiniBrowser, or in webkit_browser.cpp where the profile is to be kept, over
// classic WebDriver. The driver does one thing at a time, in one window at a time, so all that is asked of it waits in
// a queue. Names are resolved by loopback.cpp.

import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Builder, By, Capabilities, type WebDriver } from 'selenium-webdriver';
import { built } from './built.js';
import { type Browser, callOf, createQueue, type Launch, type Place, type Tab, type Window } from './engine.js';
import { type Group, lineOf, signalGroup, startGroup, whoRuns } from './processes.js';

const libraries = ['webkit2gtk-4.1.so.0', 'gtk-3.so.0', 'gobject-2.0.so.0', 'glib-2.0.so.0'].map(
  (name) => `-l:lib${name}`,
);

type Queue = ReturnType<typeof createQueue>;

export const launchWebkit: Launch = async (profile, settings): Promise<Browser> => {
  const { storage, thirdPartyCookies, webAssembly } = settings;
  // Xvfb takes the first screen that is free and says which.
  const screen = startGroup('Xvfb', ['-displayfd', '1', '-screen', '0', '1200x900x24', '-nolisten', 'tcp']);
  const display = `:${await lineOf(screen.child, /^(\d+)$/)}`;
  const server = await startDriver({
    ...process.env,
    DISPLAY: display,
    GDK_BACKEND: 'x11',
    LD_PRELOAD: built('loopback', ['-shared', '-fPIC', '-ldl']),
    LIBGL_ALWAYS_SOFTWARE: '1',
    WEBKIT_DISABLE_COMPOSITING_MODE: '1',
    ...(webAssembly && { JSC_useWasm: 'false' }),
    // Its sandbox needs privileges that a container does not give.
    WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1',
  });
  const cookies = storage === 'blocked' ? 'never' : thirdPartyCookies === 'allowed' ? 'always' : 'no-third-party';
  const parameters = [
    '--automation',
    `--cookies-policy=${cookies}`,
    ...(storage === 'blocked' ? ['--enable-html5-local-storage=false'] : []),
  ];
  const driver = await new Builder()
    .usingServer(server.url)
    .withCapabilities(
      new Capabilities({
        browserName: 'MiniBrowser',
        acceptInsecureCerts: true,
        'webkitgtk:browserOptions': settings.kept
          ? { binary: built('webkit_browser', libraries), args: [profile] }
          : { binary: miniBrowser(), args: parameters },
      }),
    )
    .build();
  const kill = async () => {
    await server.kill();
    await screen.kill();
  };
  const queue = createQueue();
  return {
    name: 'webkit',
    ...windowOf(driver, queue),
    // What its driver drives always forgets all when it ends, as a private window does, so another one is another
    // private window.
    privateWindow: async () => {
      const other = await launchWebkit(profile, settings);
      return { ...other, close: other.kill };
    },
    crash: async (tab) => {
      const doomed = await whoRuns(tab, server.pid);
      await doomed.kill();
    },
    suspend: () => signalGroup(server.pid, 'SIGSTOP'),
    resume: () => signalGroup(server.pid, 'SIGCONT'),
    kill,
    quit: async () => {
      await driver.quit().catch(() => {});
      await kill();
    },
  };
};

function windowOf(driver: WebDriver, queue: Queue): Window {
  const tabs = new Set<Tab>();
  const adopt = (handle: string) => {
    const tab = tabOf(driver, queue, handle, () => tabs.delete(tab));
    tabs.add(tab);
    return tab;
  };
  return {
    open: (url) =>
      queue(async () => {
        await toAny(driver);
        await driver.switchTo().newWindow('window');
        const tab = adopt(await driver.getWindowHandle());
        await driver.get(url);
        return tab;
      }),
    at: (url) =>
      queue(async () => {
        for (const handle of await driver.getAllWindowHandles()) {
          await driver.switchTo().window(handle);
          if ((await driver.getCurrentUrl()) === url) return adopt(handle);
        }
        return undefined;
      }),
    opened: async (by) => {
      const before = new Set(await queue(() => driver.getAllWindowHandles()));
      await by();
      for (;;) {
        const handle = (await queue(() => driver.getAllWindowHandles())).find((each) => !before.has(each));
        if (handle) return adopt(handle);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    closeTabs: async () => {
      for (const tab of [...tabs]) await tab.close();
    },
  };
}

/** The first window stays open, so that there always is one to start from. */
async function toAny(driver: WebDriver): Promise<void> {
  const [first] = await driver.getAllWindowHandles();
  if (first) await driver.switchTo().window(first);
}

function tabOf(driver: WebDriver, queue: Queue, handle: string, gone: () => void): Tab {
  const here = <Result>(act: () => Promise<Result>) =>
    queue(async () => {
      await driver.switchTo().window(handle);
      return act();
    });
  const inHub = <Result>(act: () => Promise<Result>) =>
    here(async () => {
      await driver.switchTo().frame(await driver.findElement(By.css('iframe')));
      try {
        return await act();
      } finally {
        await driver.switchTo().defaultContent();
      }
    });
  return {
    ...placeOf(driver, here),
    hub: placeOf(driver, inHub),
    goto: (url) => here(() => driver.get(url)),
    // The page may be gone before the driver has an answer.
    back: () => here(() => driver.executeScript('setTimeout(() => history.back())')),
    reload: () => here(() => driver.navigate().refresh()),
    show: () => here(async () => {}),
    close: () =>
      here(async () => {
        await driver.close();
        gone();
      }),
  };
}

function placeOf(driver: WebDriver, within: <Result>(act: () => Promise<Result>) => Promise<Result>): Place {
  return {
    evaluate: async (script, argument) => {
      const answer = await within(() =>
        driver.executeAsyncScript<{ readonly is: never } | { readonly fault: string }>(`
          const answer = arguments[arguments.length - 1];
          (async () => ${callOf(script as never, argument)})().then(
            (is) => answer({ is }),
            (error) => answer({ fault: String(error) }),
          );`),
      );
      if ('fault' in answer) throw new Error(answer.fault);
      return answer.is;
    },
    click: (selector) => within(() => driver.findElement(By.css(selector)).click()),
  };
}

function miniBrowser(): string {
  const folder = `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu`;
  const [newest] = readdirSync(folder)
    .filter((name) => name.startsWith('webkit2gtk-'))
    .map((name) => join(folder, name, 'MiniBrowser'))
    .filter((path) => existsSync(path))
    .sort()
    .reverse();
  if (!newest) throw new Error(`There is no MiniBrowser in ${folder}: is webkit2gtk-driver installed?`);
  return newest;
}

/**
 * A driver that listens. It takes no port by itself; one below those that a machine hands out is not taken away by a
 * server of a test meanwhile.
 */
async function startDriver(env: NodeJS.ProcessEnv): Promise<Group & { readonly url: string }> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const group = startGroup('/usr/bin/WebKitWebDriver', [`--port=${port}`], env);
    const url = `http://127.0.0.1:${port}`;
    if (await isReady(url, group.exited)) return { ...group, url };
    await group.kill();
  }
}

/** False where the port was another's, so that the driver ends at once. */
async function isReady(url: string, exited: Promise<void>): Promise<boolean> {
  let gone = false;
  exited.then(() => {
    gone = true;
  });
  while (!gone) {
    const answer = await fetch(`${url}/status`).then(
      (response) => response.json(),
      () => undefined,
    );
    if (answer?.value?.ready) return !gone;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return false;
}
