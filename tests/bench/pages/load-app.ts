// An app's page that connects as soon as its script runs, as apps do, or does not; and tells when its `load` event
// came.

import { connect } from 'lockstep';

const hub = new URLSearchParams(location.search).get('hub');
if (hub) connect({ hub });

const page = {
  /** From the start of the navigation. The entry is filled in after the event. */
  async loadedMs(): Promise<number> {
    const [entry] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
    if (!entry) throw new Error('The page has no entry of its navigation.');
    while (entry.loadEventEnd === 0) await new Promise((resolve) => setTimeout(resolve));
    return entry.loadEventStart;
  },
};

export type LoadPage = typeof page;
declare global {
  var loadPage: LoadPage;
}
globalThis.loadPage = page;
