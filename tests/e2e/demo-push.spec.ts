// "Sign out everywhere" on the provider's page, in one browser: its logout tokens reach every tab of every browser.

import { createProfile, launch, removeProfile } from './support/browser.js';
import {
  asked,
  click,
  entries,
  everySignedIn,
  everySignedOut,
  expect,
  openSixTabs,
  signIn,
  test,
} from './support/demo.js';
import { usualProfile } from './support/test.js';

test('a person who is signed out everywhere is signed out in six tabs and on the phone', async ({ demo, context }) => {
  const profile = await createProfile(usualProfile);
  const phone = await launch(profile, usualProfile);
  const tabs = await openSixTabs(context, demo);
  await signIn(tabs[0], 'ada', 'analytical');
  await everySignedIn(tabs, 'Ada Lovelace');
  const onPhone = await openSixTabs(phone.context, demo);
  await signIn(onPhone[3], 'ada', 'analytical');
  await everySignedIn(onPhone, 'Ada Lovelace');

  const administrator = await context.newPage();
  await administrator.goto(demo.urls.login);
  await click(administrator, 'everywhere');
  await everySignedOut(tabs, 'revoked');
  await everySignedOut(onPhone, 'revoked');
  for (const page of [...tabs, ...onPhone])
    await expect(entries(page, 'logout', /the provider revoked the session/)).toHaveCount(1);
  expect(asked(demo, 'everywhere')).toMatchObject([{ by: 'login', found: true }]);
  // Nobody has asked the provider to end what it has ended.
  expect(asked(demo, 'end')).toEqual([]);

  await tabs[0].bringToFront();
  await signIn(tabs[0], 'grace', 'compiler');
  await everySignedIn(tabs, 'Grace Hopper');
  await phone.kill();
  await removeProfile(profile);
});
