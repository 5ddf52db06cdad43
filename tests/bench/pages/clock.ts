// One clock for all tabs of a machine: browsers count a page's time from one monotonic clock, whatever the process.

export function now(): number {
  return performance.timeOrigin + performance.now();
}
