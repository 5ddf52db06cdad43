// The Chromium of the tests and the benchmark, and the switches it is started with. They are few on purpose: those that
// test drivers add by themselves turn off storage partitioning, the back-forward cache and throttling, and with them
// the browser that users have.

/** Debian's, unless CHROMIUM names another. */
export const chromiumPath = process.env.CHROMIUM ?? '/usr/bin/chromium';

export const honestSwitches: readonly string[] = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
