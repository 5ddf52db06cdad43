// The demo's provider: one tab asks it for all, one ends the session there, and it answers nobody but the company's own
// apps.

import { request as httpRequest } from 'node:http';
import { type Demo, startDemo } from '../../examples/demo.js';
import { hostOf, originOf } from '../../examples/places.js';
import {
  asked,
  click,
  countIn,
  entries,
  everySignedIn,
  everySignedOut,
  expect,
  openSixTabs,
  signIn,
  test,
} from './support/demo.js';

test.describe('with a session of twelve seconds', () => {
  test.use({ lifetimes: { sessionSeconds: 12, times: { checkBeforeExpirySeconds: 6 } } });

  test('one check a period keeps six tabs signed in, and finds out by itself that the provider has revoked', async ({
    demo,
    context,
  }) => {
    const tabs = await openSixTabs(context, demo);
    await signIn(tabs[0], 'ada', 'analytical');
    await everySignedIn(tabs, 'Ada Lovelace');

    await expect.poll(() => asked(demo, 'check').length, { timeout: 40_000 }).toBe(3);
    const checks = asked(demo, 'check');
    expect(checks.every(({ found }) => found)).toBe(true);
    // 5.5 to 6 s lie between two periods: the provider counts in whole seconds. A second tab that asked in the same one
    // would show.
    const pauses = checks.slice(1).map(({ at }, index) => at - (checks[index]?.at ?? 0));
    expect(Math.min(...pauses)).toBeGreaterThan(4_000);
    await everySignedIn(tabs, 'Ada Lovelace');
    await expect
      .poll(async () => (await countIn(tabs, 'duty', /asked the provider for all/)) - asked(demo, 'check').length)
      .toBe(0);

    const administrator = await context.newPage();
    await administrator.goto(demo.urls.login);
    await expect(administrator.getByTestId('session')).toContainText('Ada Lovelace');
    await click(administrator, 'revoke');
    await expect(administrator.getByTestId('session')).toContainText('Nobody is signed in');
    await everySignedOut(tabs, 'revoked');
    expect(asked(demo, 'check').filter(({ found }) => !found)).toHaveLength(1);
    for (const page of tabs) await expect(entries(page, 'logout', /the provider revoked the session/)).toHaveCount(1);
  });
});

test('every tab says which one asked the provider last', async ({ demo, context }) => {
  const tabs = await openSixTabs(context, demo);
  const [inPortal] = tabs;
  await signIn(inPortal, 'ada', 'analytical');
  await everySignedIn(tabs, 'Ada Lovelace');
  await click(inPortal, 'check');
  await expect(entries(inPortal, 'act', /the session lives/)).toHaveCount(1);
  await expect(entries(inPortal, 'duty', /asked the provider for all/)).toHaveCount(1);
  await expect(inPortal.getByTestId('checks')).toHaveAttribute('data-value', '1');
  await expect(inPortal.getByTestId('checked-by')).toHaveAttribute('data-value', 'this tab');
  const name = (await inPortal.getByTestId('tab-name').textContent()) ?? '';
  for (const page of tabs.slice(1)) await expect(page.getByTestId('checked-by')).toHaveAttribute('data-value', name);
  expect(asked(demo, 'check')).toMatchObject([{ by: 'portal', found: true }]);
});

test('a revocation at the provider reaches no app; the next check shows it to all', async ({ demo, context }) => {
  const tabs = await openSixTabs(context, demo);
  const [inPortal, inBilling] = tabs;
  await signIn(inPortal, 'ada', 'analytical');
  await everySignedIn(tabs, 'Ada Lovelace');
  await inBilling.bringToFront();
  // Its own silent sign-in would meet the revoked session otherwise, and ask for a check.
  await expect(inBilling.getByTestId('tokens')).toHaveAttribute('data-value', 'in memory');

  await click(inPortal, 'revoke');
  await expect(entries(inPortal, 'act', /You revoked it/)).toHaveCount(1);
  expect(asked(demo, 'revoke')).toMatchObject([{ by: 'portal', found: true }]);
  await everySignedIn(tabs, 'Ada Lovelace');

  await click(inBilling, 'check');
  await everySignedOut(tabs, 'revoked');
  for (const page of tabs) await expect(entries(page, 'logout', /the provider revoked the session/)).toHaveCount(1);
  await expect(entries(inBilling, 'act', /the session is over/)).toHaveCount(1);
  expect(asked(demo, 'check')).toMatchObject([{ by: 'billing', found: false }]);
  expect(asked(demo, 'end')).toEqual([]);
});

test("an app's API answers while the session lives; its 401 after that signs out every tab, by one check", async ({
  demo,
  context,
}) => {
  const tabs = await openSixTabs(context, demo);
  const [, inBilling, inReports] = tabs;
  await signIn(inBilling, 'ada', 'analytical');
  await everySignedIn(tabs, 'Ada Lovelace');
  await click(inBilling, 'call-api');
  await expect(entries(inBilling, 'api', /200: .*Ada/)).toHaveCount(1);
  expect(asked(demo, 'check')).toEqual([]);

  await inReports.bringToFront();
  await expect(inReports.getByTestId('tokens')).toHaveAttribute('data-value', 'in memory');
  await click(inBilling, 'revoke');
  await expect(entries(inBilling, 'act', /You revoked it/)).toHaveCount(1);
  await click(inReports, 'call-api');
  await expect(entries(inReports, 'api', /401/)).toHaveCount(1);
  await everySignedOut(tabs, 'revoked');
  expect(asked(demo, 'check')).toMatchObject([{ found: false }]);
});

test('an end that does not reach the provider at first lets nobody in without a password', async ({
  demo,
  context,
}) => {
  const page = await context.newPage();
  await page.goto(demo.urls.billing);
  await signIn(page, 'ada', 'analytical');
  await everySignedIn([page], 'Ada Lovelace');
  await page.route('**/session/end', (route) => route.abort(), { times: 1 });
  await click(page, 'sign-out');
  await everySignedOut([page], 'logout');
  await expect(entries(page, 'error', /A duty failed/)).toHaveCount(1);
  await signIn(page, 'ada', 'analytical');
  await everySignedIn([page], 'Ada Lovelace');
});

test('a provider that has forgotten everything, as after a restart, signs out whoever comes back', async ({
  demo,
  context,
}) => {
  const tabs = await openSixTabs(context, demo);
  await signIn(tabs[0], 'ada', 'analytical');
  await everySignedIn(tabs, 'Ada Lovelace');
  await demo.close();
  const restarted = await startDemo({ port: demo.port });
  try {
    await tabs[1].bringToFront();
    await tabs[1].reload();
    await everySignedOut(tabs, 'revoked');
    // To be brought to the front may have begun a check, too, which the reload then hands over.
    expect(new Set(asked(restarted, 'check').map(({ found }) => found))).toEqual(new Set([false]));
  } finally {
    await restarted.close();
  }
});

type Sent = { readonly method: string; readonly path: string; readonly origin?: string; readonly body?: string };

function statusOf({ port }: Demo, { method, path, origin, body = '' }: Sent): Promise<number | undefined> {
  const headers = { host: `${hostOf('login')}:${port}`, ...(origin === undefined ? {} : { origin }) };
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ host: '127.0.0.1', port, method, path, headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on('error', reject).end(body);
  });
}

test('the provider speaks of a session to its own apps alone, and bounds what it reads', async ({ demo }) => {
  const ours = originOf('billing', demo.port);
  const refused: readonly (readonly [Sent, number])[] = [
    [{ method: 'GET', path: '/session?sid=s1' }, 403],
    [{ method: 'GET', path: '/session?sid=s1', origin: 'null' }, 403],
    [{ method: 'GET', path: '/session?sid=s1', origin: originOf('hub', demo.port) }, 403],
    [{ method: 'POST', path: '/session/end', origin: `http://evil.localhost:${demo.port}` }, 403],
    [{ method: 'POST', path: '/session/revoke', origin: `${ours}.evil.localhost` }, 403],
    [{ method: 'GET', path: '/session/revoke', origin: ours }, 405],
    [{ method: 'POST', path: '/session', origin: ours }, 405],
    [{ method: 'GET', path: '/session', origin: ours }, 400],
    [{ method: 'GET', path: '/session?sid=<script>', origin: ours }, 400],
    [{ method: 'POST', path: '/session/end', origin: ours, body: `sid=${'s'.repeat(65)}` }, 400],
    [{ method: 'POST', path: '/session/end', origin: ours, body: `x=${'y'.repeat(1_000)}` }, 400],
  ];
  for (const [sent, status] of refused)
    expect(await statusOf(demo, sent), `${sent.method} ${sent.path} of ${sent.origin}`).toBe(status);
  expect(demo.asked()).toEqual([]);
  expect(await statusOf(demo, { method: 'GET', path: '/session?sid=s1', origin: ours })).toBe(200);
  expect(demo.asked()).toMatchObject([{ what: 'check', by: 'billing', found: false }]);
});

test('an end that names another session ends nothing', async ({ demo, context }) => {
  const page = await context.newPage();
  await page.goto(demo.urls.billing);
  await signIn(page, 'ada', 'analytical');
  await everySignedIn([page], 'Ada Lovelace');
  const status = await page.evaluate(async (url) => {
    const body = new URLSearchParams({ sid: 'of-an-earlier-session' });
    return (await fetch(url, { method: 'POST', credentials: 'include', body })).status;
  }, `${demo.urls.login}session/end`);
  expect(status).toBe(204);
  await click(page, 'check');
  await expect(entries(page, 'act', /the session lives/)).toHaveCount(1);
  expect(demo.asked()).toMatchObject([
    { what: 'end', found: false },
    { what: 'check', found: true },
  ]);
});
