// How long a login and a logout travel between two origins of one site. The pages act on their events, by their own
// clocks, so that no driver is between; the figures go into the results. What is asserted is that everything arrives.
// The first round, in which the code of both sides is cold, is shown separately.

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
    const times: { readonly received: number; readonly sent: number }[] = [];
    const now = () => performance.timeOrigin + performance.now();
    session.on('login', () => {
      times.push({ received: now(), sent: now() });
      outcome(session.logout());
    });
    Object.assign(window, { times });
  });
  await first.show();
  await first.evaluate((rounds) => {
    const times: { readonly received: number; readonly sent: number }[] = [];
    const now = () => performance.timeOrigin + performance.now();
    let sent = 0;
    const begin = () => {
      session.beginLogin();
      sent = now();
      outcome(session.login({ subject: `user-${times.length}` }));
    };
    session.on('logout', () => {
      times.push({ received: now(), sent });
      // Below the hub's bound on messages.
      if (times.length <= rounds) setTimeout(begin, 60);
    });
    Object.assign(window, { times });
    begin();
  }, rounds);
  type Times = { readonly received: number; readonly sent: number };
  const timesOf = (tab: typeof first) => tab.evaluate(() => Reflect.get(window, 'times') as readonly Times[]);
  await until(async () => (await timesOf(first)).length, 'rounds', 45_000).toBe(rounds + 1);
  const ours = await timesOf(first);
  const theirs = await timesOf(second);
  expect(theirs).toHaveLength(rounds + 1);
  const logins = theirs.map(({ received }, round) => received - (ours[round]?.sent ?? Number.NaN));
  const logouts = ours.map(({ received }, round) => received - (theirs[round]?.sent ?? Number.NaN));
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
