// Evidence for a change that never reached a tab: it shows whether the product lost the change or the benchmark
// miscounted. The stores hold what was decided, the snapshots what each app was given, the history in which order.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { outFolder } from './build.js';
import type { Chromium } from './chromium.js';
import type { Evidence, Kind } from './pages/latency-app.js';
import { progress } from './report.js';
import { frameTargets, type Tab } from './tab.js';

/** A change that did not reach some tabs. */
export type Lost = {
  readonly kind: Kind;
  readonly n: number;
  readonly writer: number;
  readonly tabs: readonly number[];
};

export type Verdict = 'lost' | 'delivered without its number';

/** An odd change is a logout, an even one a login. */
export function verdictOf({ kind, n }: Lost, { snapshot }: Pick<Evidence, 'snapshot'>): Verdict {
  const isThere = n % 2 === 1 ? snapshot.status === 'signed-out' : snapshot.subject === `u-${n}`;
  return kind === 'lockstep' && isThere ? 'delivered without its number' : 'lost';
}

/**
 * Writes the evidence to build/bench/lost-change.json. Throws where a tab is in another state than the change left. A tab
 * in the right state has received the change together with the one before it, which counts as superseded.
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
    return `tab ${index} (${origin}) says "${state}" and received last change ${history.at(-1)?.n}: ${verdicts[i]}`;
  });
  const text =
    `Change ${lost.n} (${lost.kind}, made by tab ${lost.writer}) never came: ${said.join('; ')}. All tabs ` +
    `and stores are in ${file}.`;
  if (verdicts.includes('lost')) throw new Error(text);
  progress(text);
  await Promise.all(lost.tabs.map((index) => tabs[index]?.evaluate(() => latencyPage.forget())));
}
