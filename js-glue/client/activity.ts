// What the user does in this document. It only listens: what an action means is decided elsewhere.

function listen(types: readonly string[], listener: (event: Event) => void, signal: AbortSignal): void {
  // In the capture phase, so that an app that stops an event's propagation does not hide what its user does.
  for (const type of types) document.addEventListener(type, listener, { capture: true, passive: true, signal });
}

/** A touch is a pointer, too; a screen reader clicks without either. */
const acts = ['pointerdown', 'keydown', 'click'];

/** What feeds the idle timer. */
export function watchActivity(onAction: () => void, signal: AbortSignal): void {
  listen([...acts, 'wheel', 'visibilitychange'], () => document.hidden || onAction(), signal);
}

/** What begins a login, and shows that somebody looks at the page. What a script dispatches is no act. */
export function watchActs(onAct: () => void, signal: AbortSignal): void {
  listen(acts, ({ isTrusted }) => isTrusted && onAct(), signal);
}
