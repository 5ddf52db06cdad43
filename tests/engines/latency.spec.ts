// How long a login and a logout travel between two origins of one site. The pages act from what they are told, by their own clocks, so that no
// driver stands between; the figures go into the results. What is asserted is that everything arrives. The first round, in which the code of both
// sides is cold, is told apart.

import { note, noteFigures, quantile } from './support/rows.js';
import { expect, seen, snapshot, test, until } from './support/test.js';
import { topologies } from './support/topologies.js';

const rounds = 100;

test('a hundred logins and a hundred logouts arrive', async ({ world, tabs }) => {
  const [first, second] = await tabs(world.portal, world.billing);
  await seen([first, second], { status: 'signed-out' });
  const { medium } = await snapshot(first);
  // The one answers each login with a logout, from its own event.
  await second.evaluate(() => {
    const stamps: { readonly heard: number; readonly sent: number }[] = [];
    const now = () => performance.timeOrigin + performance.now();
    session.on('login', () => {
      stamps.push({ heard: now(), sent: now() });
      outcome(session.logout());
    });
    Object.assign(window, { stamps });
  });
  await first.show();
  await first.evaluate((rounds) => {
    const stamps: { readonly heard: number; readonly sent: number }[] = [];
    const now = () => performance.timeOrigin + performance.now();
    let sent = 0;
    const begin = () => {
      sent = now();
      outcome(session.login({ subject: `user-${stamps.length}` }));
    };
    session.on('logout', () => {
      stamps.push({ heard: now(), sent });
      // Below the hub's bound on messages.
      if (stamps.length <= rounds) setTimeout(begin, 60);
    });
    Object.assign(window, { stamps });
    begin();
  }, rounds);
  type Stamp = { readonly heard: number; readonly sent: number };
  const stampsOf = (tab: typeof first) => tab.evaluate(() => Reflect.get(window, 'stamps') as readonly Stamp[]);
  await until(async () => (await stampsOf(first)).length, 'rounds', 45_000).toBe(rounds + 1);
  const ours = await stampsOf(first);
  const theirs = await stampsOf(second);
  expect(theirs).toHaveLength(rounds + 1);
  const logins = theirs.map(({ heard }, round) => heard - (ours[round]?.sent ?? Number.NaN));
  const logouts = ours.map(({ heard }, round) => heard - (theirs[round]?.sent ?? Number.NaN));
  for (const [what, [cold = Number.NaN, ...warm]] of Object.entries({ login: logins, logout: logouts })) {
    noteFigures({
      name: `a ${what} travels, two origins of one site, ${medium}`,
      rounds,
      p50: quantile(warm, 0.5),
      p99: quantile(warm, 0.99),
      first: quantile([cold], 1),
    });
  }
  note('a hundred logins and a hundred logouts arrive', topologies.oneSite.name, 'yes');
});
