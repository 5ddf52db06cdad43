// A trace of the whole browser: events of every process with one clock, in microseconds. It needs no change of the
// pages, where clocks are coarse (100 µs) unless a page is isolated, and an isolated page's frames get other processes
// than a usual one's.

import type { Chromium } from './chromium.js';
import type { Target } from './tab.js';

export type TraceEvent = {
  readonly name: string;
  readonly cat: string;
  /** `X` has a duration, `I` and `R` are moments, `M` is about the process. */
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds. */
  readonly ts: number;
  readonly dur?: number;
};

export async function startTrace(browser: Chromium, target: Target, categories: readonly string[]) {
  const events: TraceEvent[] = [];
  let complete = () => {};
  const completed = new Promise<void>((resolve) => {
    complete = resolve;
  });
  const stop = browser.listen(({ method, params }) => {
    if (method === 'Tracing.dataCollected') events.push(...(params.value as TraceEvent[]));
    if (method === 'Tracing.tracingComplete') complete();
  });
  const traceConfig = { includedCategories: categories };
  await target.send('Tracing.start', { traceConfig, transferMode: 'ReportEvents' });
  return {
    async end(): Promise<readonly TraceEvent[]> {
      await target.send('Tracing.end');
      await completed;
      stop();
      return events;
    },
  };
}
