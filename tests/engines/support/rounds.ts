// Several pages act at the same instants. They do it by themselves, by the one clock that they all see: a driver would
// be late, and so would the timers of a page behind another; a worker's are not.

import type { Place } from './engine.js';
import { until } from './tab.js';

export type Rounds = {
  /** When the first round is, in epoch milliseconds. */
  readonly begin: number;
  readonly apartMs: number;
  readonly rounds: number;
};

/** Every round, `act` runs in the page with the round's number. Returns at once. */
export async function actInRounds(place: Place, rounds: Rounds, act: (round: number) => void): Promise<void> {
  await place.evaluate(actInPage, { ...rounds, act: String(act) });
}

export async function roundsAreOver(places: readonly Place[], { begin, apartMs, rounds }: Rounds): Promise<void> {
  const patience = begin - Date.now() + apartMs * rounds + 20_000;
  for (const place of places) {
    await until(() => place.evaluate(() => Reflect.get(window, 'round') as number), 'rounds', patience).toBe(rounds);
  }
}

function actInPage({ begin, apartMs, rounds, act }: Rounds & { readonly act: string }): void {
  const perform = new Function('round', `(${act})(round)`);
  Object.assign(window, { round: 0 });
  const ticking = URL.createObjectURL(new Blob(['setInterval(() => postMessage(0), 3)'], { type: 'text/javascript' }));
  const worker = new Worker(ticking);
  let round = 0;
  worker.onmessage = () => {
    const at = begin + round * apartMs;
    if (round === rounds || Date.now() < at - 6) return;
    // The last milliseconds to the point.
    while (Date.now() < at);
    perform(round++);
    Object.assign(window, { round });
    if (round === rounds) worker.terminate();
  };
}
