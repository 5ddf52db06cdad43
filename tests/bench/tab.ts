// One tab, seen over the DevTools protocol: opened where it is told, asked to run functions, and closed.

import type { Chromium, Params } from './chromium.js';

export type Where = 'foreground' | 'background' | 'own-window';

/** A document that can be asked: a tab's, or a frame's that has its own process. */
export type Target = {
  readonly send: (method: string, params?: Params) => Promise<Params>;
  /** Runs a self-contained function in the document; a promise it returns is waited for. */
  readonly evaluate: <A, R>(run: (argument: A) => R, argument?: A) => Promise<Awaited<R>>;
};
export type Tab = Target & { readonly close: () => Promise<void> };

export async function openTab(browser: Chromium, url: string, where: Where = 'foreground'): Promise<Tab> {
  const { targetId } = await browser.send('Target.createTarget', {
    url: 'about:blank',
    newWindow: where === 'own-window',
    background: where === 'background',
  });
  const { target, sessionId } = await attach(browser, String(targetId));
  await target.send('Page.enable');
  const loaded = new Promise<void>((resolve) => {
    const stop = browser.listen((event) => {
      if (event.sessionId !== sessionId || event.method !== 'Page.loadEventFired') return;
      stop();
      resolve();
    });
  });
  const { errorText } = await target.send('Page.navigate', { url });
  if (errorText) throw new Error(`${url} cannot be opened: ${errorText}`);
  await loaded;
  return {
    ...target,
    close: async () => void (await browser.send('Target.closeTarget', { targetId })),
  };
}

/** The frame that shows this URL, when the browser gave it a process of its own. */
export async function frameTarget(browser: Chromium, url: string): Promise<Target> {
  const [found] = await frameTargets(browser, url);
  if (!found) throw new Error(`No frame of its own process shows ${url}.`);
  return found;
}

/** All such frames. */
export async function frameTargets(browser: Chromium, url: string): Promise<readonly Target[]> {
  const { targetInfos } = await browser.send('Target.getTargets', { filter: [{ type: 'iframe' }] });
  const found = (targetInfos as { targetId: string; url: string }[]).filter((each) => each.url.startsWith(url));
  return Promise.all(found.map(async ({ targetId }) => (await attach(browser, targetId)).target));
}

async function attach(browser: Chromium, targetId: string): Promise<{ target: Target; sessionId: string }> {
  const attached = await browser.send('Target.attachToTarget', { targetId, flatten: true });
  const sessionId = String(attached.sessionId);
  const send = (method: string, params?: Params) => browser.send(method, params, sessionId);
  return { sessionId, target: { send, evaluate: (run, argument) => evaluate(send, run, argument) } };
}

async function evaluate<A, R>(send: Target['send'], run: (argument: A) => R, argument?: A): Promise<Awaited<R>> {
  const expression = `(${run})(${JSON.stringify(argument)})`;
  const answer = await send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
  const { result, exceptionDetails } = answer as {
    result: { value: Awaited<R> };
    exceptionDetails?: { text: string; exception?: { description?: string } };
  };
  if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
  return result.value;
}
