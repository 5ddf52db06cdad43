// What a round does: what users do to tabs, what apps do, and what happens to browsers and servers. Each act says when
// it can be done; the seed chooses among those.

import { devtools } from '../engines/support/chromium.js';
import type { Browser } from '../engines/support/engine.js';
import type { How } from './notes.js';
import type { Random } from './random.js';
import { type ChaosTab, goBack, goTo, isAlive, isAt, openTab, pause, reload, within } from './tabs.js';
import type { ChaosWorld } from './world.js';

/** All that a round has. */
export type Chaos = {
  readonly browser: Browser;
  readonly world: ChaosWorld;
  readonly random: Random;
  readonly acts: string[];
  readonly disturbedAt: number[];
  readonly expected: Set<string>;
  /** How each act that this round has is performed, as often as it weighs. */
  readonly drawn: readonly Act['perform'][];
  tabs: ChaosTab[];
  isHubStopped: boolean;
  /** A process of hubs has died. */
  hasHubDied: boolean;
  opened: number;
  logins: number;
};

type Act = {
  readonly weight: number;
  /** Something breaks: each round draws which of these it has. */
  readonly isFault?: true;
  /** Does it, and says what it did; or nothing where it cannot be done now. */
  readonly perform: (chaos: Chaos) => Promise<string> | undefined;
};

const tabsMax = 5;
const at = (chaos: Chaos, where: ChaosTab['where']) => chaos.tabs.filter((one) => one.where === where);

/** With a tab that is somewhere, if there is one. */
const inTab =
  (where: ChaosTab['where'], perform: (chaos: Chaos, one: ChaosTab) => Promise<string>): Act['perform'] =>
  (chaos) => {
    const there = at(chaos, where);
    return there.length === 0 ? undefined : perform(chaos, chaos.random.pick(there));
  };

export function disturb({ disturbedAt, expected }: Chaos, ...codes: readonly string[]): void {
  disturbedAt.push(Date.now());
  for (const code of codes) expected.add(code);
}

/** What clients say of a hub that does not answer. */
const lostHub = ['hub-unreachable', 'timeout', 'hub-not-found', 'frame-refused', 'not-a-hub', 'closed', 'hub-lost'];

export async function open(chaos: Chaos): Promise<string> {
  const { browser, world, random } = chaos;
  const one = await openTab(browser, world, random.pick(world.hosts), `${++chaos.opened}`);
  chaos.tabs.push(one);
  return `open tab ${one.name} at ${one.host.split('.')[0]}`;
}

async function close(chaos: Chaos, one: ChaosTab): Promise<string> {
  chaos.tabs = chaos.tabs.filter((each) => each !== one);
  await within(one.tab.close(), `closing tab ${one.name}`);
  return `close tab ${one.name}`;
}

async function refresh(one: ChaosTab): Promise<string> {
  await reload(one);
  return `reload tab ${one.name}`;
}

/** Whoever signs in: the same person or another, with a session id of the provider, of the app, or without. */
function nextLogin(chaos: Chaos, one: ChaosTab) {
  const { random } = chaos;
  const subject = random.pick(['ada', 'ada', 'ada', 'grace']);
  const sessionId = random.pick([undefined, `${one.host.split('.')[0]}-bff`, `sid-of-${subject}`]);
  return { login: ++chaos.logins, given: { subject, ...(sessionId && { sessionId }) } };
}

async function logIn(chaos: Chaos, one: ChaosTab, how: How): Promise<string> {
  const act = { ...nextLogin(chaos, one), how };
  const { subject, sessionId } = act.given;
  const said = `login ${act.login} of ${subject} in tab ${one.name}, ${how}, ${sessionId ?? 'no id'}`;
  if (how === 'form') {
    await one.tab.evaluate((given) => window.acts.form(given), act);
    await one.tab.show();
    await within(one.tab.click('#send'), 'the click');
  } else if (how === 'silent') {
    await one.tab.evaluate((given) => void window.acts.silent(given), act);
  } else {
    const to = chaos.world.world.url(chaos.world.sites.magazine, '/plain');
    await one.tab.evaluate((given) => window.acts.redirect(given), { ...act, to });
    await isAt(one, to);
    one.where = 'provider';
  }
  return said;
}

export async function comeBack(chaos: Chaos, one: ChaosTab): Promise<string> {
  await goTo(one, chaos.world.appUrl(one.host, one.name, `&code=${chaos.logins}`), 'app');
  return `tab ${one.name} comes back from the provider`;
}

/** A browser freezes no tab that the user looks at. */
async function freeze(chaos: Chaos, one: ChaosTab): Promise<string> {
  const other = at(chaos, 'app').find((each) => each !== one);
  if (!other) return refresh(one);
  await other.tab.show();
  disturb(chaos, 'timeout');
  await devtools(one.tab, 'Page.setWebLifecycleState', { state: 'frozen' });
  one.where = 'frozen';
  return `freeze tab ${one.name}`;
}

export async function thaw(chaos: Chaos, one: ChaosTab): Promise<string> {
  await devtools(one.tab, 'Page.setWebLifecycleState', { state: 'active' });
  one.where = 'app';
  disturb(chaos);
  return `wake tab ${one.name}`;
}

/** Other tabs of the same process die with it, and a browser may be a moment late to see it. */
async function whoDied({ tabs }: Chaos): Promise<readonly ChaosTab[]> {
  const dead = new Set<ChaosTab>();
  for (const _ of [1, 2, 3]) {
    const alive = await Promise.all(tabs.map(isAlive));
    for (const [index, one] of tabs.entries()) if (!alive[index]) dead.add(one);
    await pause(300);
  }
  return [...dead];
}

async function crash(chaos: Chaos, one: ChaosTab): Promise<string> {
  const which = chaos.random.pick(['app', 'hub'] as const);
  disturb(chaos, ...lostHub, 'duty-failed');
  try {
    await within(chaos.browser.crash(one.tab, which), 'the crash', 40_000);
  } catch (error) {
    // While its server is away there is no hub to crash.
    if (which === 'hub') return `no hub to crash in tab ${one.name}`;
    throw error;
  }
  if (which === 'hub') chaos.hasHubDied = true;
  const dead = await whoDied(chaos);
  chaos.tabs = chaos.tabs.filter((each) => !dead.includes(each));
  for (const each of dead) await within(each.tab.close(), 'closing', 4_000).catch(() => {});
  return `crash the ${which} of tab ${one.name}: tabs ${dead.map(({ name }) => name).join(', ') || 'none'} died`;
}

async function removeHub(chaos: Chaos, one: ChaosTab): Promise<string> {
  disturb(chaos, ...lostHub);
  await one.tab.evaluate(() => window.acts.removeHub());
  return `take the hub's frame out of tab ${one.name}`;
}

async function stopHub(chaos: Chaos): Promise<string> {
  disturb(chaos, ...lostHub);
  chaos.isHubStopped = true;
  await chaos.world.world.hub.stop();
  return "stop the hub's server";
}

export async function startHub(chaos: Chaos): Promise<string> {
  disturb(chaos);
  await chaos.world.world.hub.start();
  chaos.isHubStopped = false;
  return "start the hub's server";
}

async function suspend(chaos: Chaos): Promise<string> {
  disturb(chaos, 'timeout');
  chaos.browser.suspend();
  await pause(1_000);
  chaos.browser.resume();
  disturb(chaos);
  return 'suspend the browser for a second';
}

async function changeProvider(chaos: Chaos): Promise<string> {
  const { check } = chaos.world;
  const answer = chaos.random.pick(['active', 'inactive', '500', 'nothing'] as const);
  if (answer === 'active' || answer === 'inactive') check.answer({ active: answer === 'active' });
  else if (answer === '500') check.answer({ status: 500 });
  else check.answer('held');
  if (answer === '500' || answer === 'nothing') chaos.expected.add('duty-failed');
  return `the provider answers checks with: ${answer}`;
}

async function release({ world }: Chaos): Promise<string> {
  world.silent.release({ active: true });
  return 'the provider answers all silent sign-ins';
}

const inApp = (perform: (chaos: Chaos, one: ChaosTab) => Promise<string>) => inTab('app', perform);

const actsOfAll: readonly Act[] = [
  { weight: 4, perform: (chaos) => (chaos.tabs.length < tabsMax ? open(chaos) : undefined) },
  { weight: 1, perform: inApp((chaos, one) => close(chaos, one)) },
  {
    weight: 2,
    perform: inApp((_, one) => refresh(one)),
  },
  {
    weight: 2,
    perform: inApp(async ({ world, hasHubDied }, one) => {
      // Chromium's driver gets no answer from a page that Back brings out of the cache with a dead frame.
      if (hasHubDied) return refresh(one);
      await goTo(one, world.world.url(one.host, '/plain'), 'plain');
      return `tab ${one.name} goes to another page`;
    }),
  },
  {
    weight: 4,
    perform: inTab('plain', async (chaos, one) => {
      disturb(chaos);
      await goBack(one);
      return `Back in tab ${one.name}`;
    }),
  },
  { weight: 6, perform: inApp((chaos, one) => logIn(chaos, one, 'form')) },
  { weight: 6, perform: inApp((chaos, one) => logIn(chaos, one, 'silent')) },
  { weight: 2, perform: inApp((chaos, one) => logIn(chaos, one, 'redirect')) },
  { weight: 3, perform: inTab('provider', comeBack) },
  { weight: 4, perform: (chaos) => release(chaos) },
  {
    weight: 6,
    perform: inApp(async (_, one) => {
      await one.tab.evaluate(() => void window.acts.logout());
      return `logout in tab ${one.name}`;
    }),
  },
  {
    weight: 3,
    perform: inApp(async (_, one) => {
      await one.tab.evaluate(() => void window.acts.check());
      return `tab ${one.name} asks for a check`;
    }),
  },
  { weight: 2, isFault: true, perform: (chaos) => changeProvider(chaos) },
  {
    weight: 1,
    isFault: true,
    perform: inApp((chaos, one) => (at(chaos, 'frozen').length > 0 ? thawAny(chaos) : crash(chaos, one))),
  },
  { weight: 2, isFault: true, perform: inApp(removeHub) },
  { weight: 1, isFault: true, perform: (chaos) => (chaos.isHubStopped ? undefined : stopHub(chaos)) },
  { weight: 3, perform: (chaos) => (chaos.isHubStopped ? startHub(chaos) : undefined) },
  { weight: 1, isFault: true, perform: (chaos) => suspend(chaos) },
];

const thawAny = (chaos: Chaos) => thaw(chaos, chaos.random.pick(at(chaos, 'frozen')));

/** What only Chromium's driver can order. */
const actsOfChromium: readonly Act[] = [
  { weight: 2, isFault: true, perform: inApp(freeze) },
  { weight: 3, perform: inTab('frozen', thaw) },
];

/** Some rounds have hardly a fault, so that what people do at once is seen; others have many. */
export function drawActs(browser: Browser, random: Random): Chaos['drawn'] {
  const faultsOfFour = random.below(4);
  return [...actsOfAll, ...(browser.name === 'chromium' ? actsOfChromium : [])]
    .filter(({ isFault }) => !isFault || random.below(4) < faultsOfFour)
    .flatMap(({ weight, perform }) => Array.from({ length: weight }, () => perform));
}

/** The next act, whatever can be done now. */
export async function actOnce(chaos: Chaos): Promise<string> {
  for (;;) {
    const done = chaos.random.pick(chaos.drawn)(chaos);
    if (done) return await done;
  }
}
