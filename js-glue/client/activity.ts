// What counts as an action of the user, so that the idle timer is fed without the app's help. It only listens: the
// connection decides how often a `touch` is sent, and the hub what it means.

export function watchActivity(onAction: () => void, signal: AbortSignal): void {
  // In the capture phase, so that an app that stops an event's propagation does not make its user look idle.
  const options = { capture: true, passive: true, signal };
  // A touch is a pointer, too.
  for (const type of ['pointerdown', 'keydown', 'wheel', 'visibilitychange']) {
    document.addEventListener(type, () => document.hidden || onAction(), options);
  }
}
