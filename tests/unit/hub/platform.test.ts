// Whom the page still reaches when its module has stopped: the app whose port is open, welcomed or not yet.

import { afterEach, expect, test, vi } from 'vitest';
import type { Backends } from '../../../bridge-html/backends.js';
import { namesOf } from '../../../bridge-html/names.js';
import { createPlatform } from '../../../bridge-html/platform.js';

afterEach(() => vi.unstubAllGlobals());

function opened() {
  vi.stubGlobal('window', { parent: {} });
  const platform = createPlatform(() => undefined, {} as Backends, namesOf('https://hub.acme.com/'));
  const received: Record<number, string[]> = {};
  const open = (port: number) => {
    const said: string[] = [];
    received[port] = said;
    platform.openPort(port, { postMessage: (text: string) => said.push(text), close() {} } as unknown as MessagePort);
  };
  return { platform, received, open };
}

test('a module that stops between replacing an app and welcoming the next leaves that one its last words', () => {
  const { platform, received, open } = opened();
  open(1);
  platform.send(1, 'welcome');
  open(2);
  platform.send(1, 'replaced');
  platform.closePort(1);
  platform.sendLast('hub-failed');
  expect(received).toEqual({ 1: ['welcome', 'replaced'], 2: ['hub-failed'] });
});

test('R11: a stranger whose port was closed hears nothing, and the app before it still does', () => {
  const { platform, received, open } = opened();
  open(1);
  platform.send(1, 'welcome');
  open(2);
  platform.closePort(2);
  platform.sendLast('hub-failed');
  expect(received).toEqual({ 1: ['welcome', 'hub-failed'], 2: [] });
});
