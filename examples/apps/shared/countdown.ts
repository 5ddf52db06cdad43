// A tick a second while somebody looks, for the countdowns of the demo. Lockstep itself runs no timer for them, and a
// hidden tab runs none.

export function everySecondWhileVisible(tick: (now: number) => void): void {
  let timer: ReturnType<typeof setInterval> | undefined;
  function follow(): void {
    clearInterval(timer);
    if (document.visibilityState !== 'visible') return;
    tick(Date.now());
    timer = setInterval(() => tick(Date.now()), 1_000);
  }
  document.addEventListener('visibilitychange', follow);
  follow();
}
