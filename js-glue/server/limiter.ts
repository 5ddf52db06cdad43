/** A token bucket: says whether there is room for one more, at `perSecond` on average and as many at once. */
export function createLimiter(perSecond: number, now: () => number): () => boolean {
  let room = perSecond;
  let last = now();
  return () => {
    const at = now();
    room = Math.min(perSecond, room + (Math.max(0, at - last) / 1_000) * perSecond);
    last = at;
    if (room < 1) return false;
    room -= 1;
    return true;
  };
}
