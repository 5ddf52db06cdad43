// Real browsers under whatever a seed draws: tabs come and go, people log in and out at once, processes and servers
// die. `npm run chaos` runs it for longer; CONTRIBUTING.md says how.

import { sitesMax } from '../engines/support/places.js';
import { test } from '../engines/support/test.js';
import { playRound, type Tally } from './round.js';

const secondsByDefault = { chromium: 40, firefox: 20, webkit: 0 } as const;
/** By default of the day, so that every day tries something else. */
const today = Math.floor(Date.now() / 86_400_000) * 1_000;

test('all tabs agree in the end, nobody is locked out, and no ended session comes back, whatever happens', async ({
  engineName,
  profile,
}) => {
  const seconds = Number(process.env.CHAOS_SECONDS ?? secondsByDefault[engineName]);
  const roundsMax = Number(process.env.CHAOS_ROUNDS ?? Number.POSITIVE_INFINITY);
  const seed = Number(process.env.CHAOS_SEED ?? today);
  console.log(`Seed ${seed}: npm run chaos -- --browser ${engineName} --seed ${seed} --seconds ${seconds}`);
  // A round under way is finished, and its last tab may be slow.
  test.setTimeout((seconds + 240) * 1_000);
  const end = Date.now() + seconds * 1_000;
  const tallies: Tally[] = [];
  let browser = await profile.launch();
  while (tallies.length < roundsMax && (tallies.length === 0 || Date.now() < end)) {
    const rounds = tallies.length;
    if (rounds > 0 && rounds % sitesMax === 0) {
      await browser.kill();
      browser = await profile.launch();
    }
    tallies.push(await playRound(browser, seed + rounds, rounds % sitesMax));
  }
  const sum = (of: keyof Tally) => tallies.reduce((total, tally) => total + tally[of], 0);
  console.log(
    `${engineName}: ${tallies.length} rounds, seeds ${seed} to ${seed + tallies.length - 1}: ${sum('acts')} acts, ` +
      `${sum('logins')} logins, ${sum('refused')} refused, ${sum('logouts')} logouts`,
  );
});
