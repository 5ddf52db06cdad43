// One round: some acts that the seed chooses, with faults among them; then the faults end, and all tabs must agree
// within a bounded time, somebody can sign in, and what the pages have noted meanwhile keeps every promise.

import type { Browser } from '../engines/support/engine.js';
import { actOnce, type Chaos, comeBack, drawActs, open, startHub, thaw } from './acts.js';
import { brokenPromises } from './check.js';
import type { Note } from './notes.js';
import { createRandom } from './random.js';
import { asksItsHub, type ChaosTab, goBack, type Look, looks, pause, waitFor, within } from './tabs.js';
import { type ChaosWorld, startChaosWorld } from './world.js';

/** A client asks again for a hub that was away after a minute at most. */
const agreementMs = 90_000;
const noteMs = 10_000;

/** What a round leaves behind, for whoever has to find the fault. */
export class ChaosFault extends Error {}

/** How often: a run in which nobody got in, or nobody was refused, has shown little. */
export type Tally = {
  readonly acts: number;
  readonly logins: number;
  readonly refused: number;
  readonly logouts: number;
};

export async function playRound(browser: Browser, seed: number, siteNumber: number): Promise<Tally> {
  const world = await startChaosWorld(siteNumber);
  const chaos = begin(browser, world, seed);
  try {
    await act(chaos);
    await endFaults(chaos);
    await agree(chaos, 'all tabs agree');
    await signInAndOut(chaos);
    await notesArrive(chaos);
    const broken = brokenPromises(world.notes(), {
      disturbedAt: chaos.disturbedAt,
      expected: chaos.expected,
    });
    if (broken.length > 0) throw new Error(broken.join('\n'));
    return tallyOf(chaos);
  } catch (error) {
    throw new ChaosFault(await describe(chaos, seed, error));
  } finally {
    browser.resume();
    await browser.closeTabs();
    await world.close();
  }
}

function tallyOf({ acts, world }: Chaos): Tally {
  const ended = world.notes().flatMap((note) => ('outcome' in note ? [`${note.type} ${note.outcome}`] : []));
  const count = (what: string) => ended.filter((each) => each === what).length;
  return {
    acts: acts.length,
    logins: count('login-ended done'),
    refused: count('login-ended session-ended'),
    logouts: count('logout-ended done'),
  };
}

function begin(browser: Browser, world: ChaosWorld, seed: number): Chaos {
  const random = createRandom(seed);
  return {
    browser,
    world,
    random,
    drawn: drawActs(browser, random),
    acts: [],
    disturbedAt: [],
    expected: new Set(),
    tabs: [],
    isHubStopped: false,
    hasHubDied: false,
    opened: 0,
    logins: 0,
  };
}

async function act(chaos: Chaos): Promise<void> {
  const perform = async (one: (chaos: Chaos) => Promise<string>) => {
    const began = Date.now();
    chaos.acts.push(`${began} …`);
    chaos.acts[chaos.acts.length - 1] = `${began} ${await one(chaos)}`;
  };
  for (const _ of [1, 2, 3]) await perform(open);
  for (let left = 5 + chaos.random.below(11); left > 0; left--) {
    await perform(actOnce);
    await pause(chaos.random.below(4) * 100);
  }
}

/** From here on nothing fails any more, and everything that is under way comes to its end. */
async function endFaults(chaos: Chaos): Promise<void> {
  const { world, tabs } = chaos;
  if (chaos.isHubStopped) await startHub(chaos);
  world.check.answer({ active: true });
  for (const one of tabs) if (one.where === 'frozen') await thaw(chaos, one);
  world.check.release({ active: true });
  for (const one of tabs) {
    if (one.where === 'provider') await comeBack(chaos, one);
    if (one.where === 'plain') await goBack(one);
  }
  if (chaos.tabs.length < 2) await open(chaos);
  for (const one of chaos.tabs) {
    // What the user looks at wakes up.
    await one.tab.show();
    // One that is dead does not answer.
    await looks(one);
  }
  // A login that meets no living hub fails with `timeout`, and it is for the app to repeat it. This one comes later.
  if (chaos.expected.has('hub-lost')) await Promise.all(chaos.tabs.map(asksItsHub));
  world.silent.answer({ active: true });
  world.silent.release({ active: true });
}

async function agree({ tabs }: Chaos, what: string, wanted: (look: Look) => boolean = () => true): Promise<void> {
  let last: readonly Look[] = [];
  const isSo = async () => {
    last = await Promise.all(tabs.map(looks));
    const [first] = last;
    const kinds = new Set(last.map(({ status, subject, scope, login }) => `${status} ${subject} ${scope} ${login}`));
    const isKnown = first?.scope === 'shared' && /^signed-(in|out)$/.test(first.status);
    return kinds.size === 1 && isKnown && wanted(first) && last.every(({ pending }) => pending === 0);
  };
  await waitFor(isSo, what, agreementMs).catch((error) => {
    throw new Error(`${error instanceof Error ? error.message : error}\n${JSON.stringify(last)}`);
  });
}

/** Nobody is locked out: whoever signs in now gets in, and a logout ends it everywhere. */
async function signInAndOut(chaos: Chaos): Promise<void> {
  const one = chaos.random.pick(chaos.tabs);
  const login = ++chaos.logins;
  const given = { subject: chaos.random.pick(['ada', 'grace']), sessionId: 'sid-of-the-end' };
  chaos.acts.push(`${Date.now()} at the end: login ${login} of ${given.subject} in tab ${one.name}`);
  await one.tab.evaluate((act) => window.acts.form(act), { login, how: 'form', given });
  await one.tab.show();
  await within(one.tab.click('#send'), 'the click');
  await agree(chaos, `all tabs show login ${login}`, (look) => look.login === login);
  const other = chaos.random.pick(chaos.tabs);
  chaos.acts.push(`${Date.now()} at the end: logout in tab ${other.name}`);
  await other.tab.evaluate(() => void window.acts.logout());
  await agree(chaos, 'all tabs are signed out', ({ status }) => status === 'signed-out');
}

/** Every page's notes are at the server, in full. */
async function notesArrive({ tabs, world }: Chaos): Promise<void> {
  for (const { tab, name } of tabs) {
    const { document, count } = await tab.evaluate(() => window.barrier());
    const arrived = () => new Set(world.notes().flatMap((note) => (note.document === document ? [note.number] : [])));
    await waitFor(async () => arrived().size === count, `the notes of tab ${name}`, noteMs);
  }
}

async function describe({ acts, world, tabs, browser }: Chaos, seed: number, error: unknown): Promise<string> {
  const names = [...new Set(world.notes().map(({ tab }) => tab))];
  const stories = names.map((name) => [
    `Tab ${name}:`,
    ...world
      .notes()
      .filter(({ tab }) => tab === name)
      .map(line),
  ]);
  const shown = await Promise.all(
    tabs.map(
      async (one: ChaosTab) => `Tab ${one.name} (${one.where}) shows ${await looks(one).then(JSON.stringify, String)}`,
    ),
  );
  return [
    `${error instanceof Error ? error.message : error}`,
    `Again: npm run chaos -- --browser ${browser.name} --seed ${seed} --rounds 1`,
    'Acts:',
    ...acts,
    ...stories.flat(),
    ...shown,
  ].join('\n');
}

function line({ at, tab: _tab, document, number: _number, type, ...rest }: Note): string {
  return `  ${at} ${document.slice(-4)} ${type} ${JSON.stringify(rest)}`;
}
