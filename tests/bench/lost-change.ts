// When a tab was never told of a change: everything that tells a change the product lost from a mistake of the benchmark. The store says
// what was decided, each snapshot what its app was told of it, and the history in which order.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { outFolder } from './build.js';
import type { Chromium } from './chromium.js';
import type { Evidence, Kind } from './pages/latency-app.js';
import { progress } from './report.js';
import { frameTargets, type Tab } from './tab.js';

/** A change that some tabs were not told of. */
export type Lost = {
  readonly kind: Kind;
  readonly n: number;
  readonly writer: number;
  readonly tabs: readonly number[];
};

export type Verdict = 'lost' | 'told without its number';

/** An odd change is a logout, an even one a login. */
export function verdictOf({ kind, n }: Lost, { snapshot }: Pick<Evidence, 'snapshot'>): Verdict {
  const isThere = n % 2 === 1 ? snapshot.status === 'signed-out' : snapshot.subject === `u-${n}`;
  return kind === 'lockstep' && isThere ? 'told without its number' : 'lost';
}

/**
 * Writes the evidence to build/bench/lost-change.json. Throws where a tab is in another state than the change left it in. A tab that is in the
 * right one has heard of it together with the change before: that is no loss, and is counted with the superseded ones.
 */
export async function explainLost(browser: Chromium, hub: string, tabs: readonly Tab[], lost: Lost): Promise<void> {
  const evidence = await Promise.all(tabs.map((tab) => tab.evaluate(() => latencyPage.evidence())));
  const frames = await frameTargets(browser, hub);
  const stores = await Promise.all(frames.map((frame) => frame.evaluate(() => ({ ...localStorage }))));
  await mkdir(outFolder, { recursive: true });
  const file = join(outFolder, 'lost-change.json');
  await writeFile(file, `${JSON.stringify({ lost, tabs: evidence, stores }, null, 2)}\n`);
  const verdicts = lost.tabs.map((index) => verdictOf(lost, evidence[index] as Evidence));
  const said = lost.tabs.map((index, i) => {
    const { origin, snapshot, history } = evidence[index] as Evidence;
    const state = `${snapshot.status} ${snapshot.subject ?? ''}`.trim();
    return `tab ${index} (${origin}) says "${state}" and heard last of change ${history.at(-1)?.n}: ${verdicts[i]}`;
  });
  const text = `Change ${lost.n} (${lost.kind}, made by tab ${lost.writer}) never came: ${said.join('; ')}. All tabs and stores are in ${file}.`;
  if (verdicts.includes('lost')) throw new Error(text);
  progress(text);
  await Promise.all(lost.tabs.map((index) => tabs[index]?.evaluate(() => latencyPage.forget())));
}
