// What the user does where this document has no events of: in frames, in pop-outs that the app fills, before a playing
// video. It is loaded only where a session has an idle end, and imports nothing of the first load, so that it stays a
// file of its own.
//
// A frame of another origin says nothing of what happens in it. But a press of a key or a button there activates the
// documents above it, too (HTML Standard, "User activation processing model"). That has no event. So the state is
// looked at, every few seconds, while the focus is in a frame, and never else.

import type { ActivityOptions } from './types.js';

/** A browser keeps an activation for about five seconds. */
const lookMs = 4000;
const actions = ['pointerdown', 'keydown', 'click', 'wheel'];

/** `isTimed`: has the session an idle end now? */
export function watchElsewhere(
  onAction: () => void,
  { events = [], documents, media, frames = true }: ActivityOptions,
  isTimed: () => boolean,
  signal: AbortSignal,
): void {
  const watched = new WeakSet<Document>();

  function listen(target: Document, types: readonly string[]): void {
    for (const type of types) target.addEventListener(type, onAction, { capture: true, passive: true, signal });
  }

  function watchDocuments(): void {
    for (const each of documents?.() ?? []) {
      if (watched.has(each)) continue;
      watched.add(each);
      listen(each, [...actions, ...events]);
    }
  }

  listen(document, events);
  // Dispatched some four times a second while something plays.
  if (media) document.addEventListener('timeupdate', () => document.hidden || onAction(), { capture: true, signal });
  if (frames) watchFrames(onAction, isTimed, signal);
  // A pop-out takes the focus, at the latest when the user acts there.
  addEventListener('blur', watchDocuments, { signal });
  watchDocuments();
}

function watchFrames(onAction: () => void, isTimed: () => boolean, signal: AbortSignal): void {
  let timer: ReturnType<typeof setTimeout> | undefined;

  /** Wherever in the document: the focus of a shadow tree is its host's. */
  function isInFrame(): boolean {
    let { activeElement } = document;
    while (activeElement?.shadowRoot) ({ activeElement } = activeElement.shadowRoot);
    return activeElement instanceof HTMLIFrameElement;
  }

  function look(): void {
    timer = undefined;
    if (signal.aborted || document.hidden || !isTimed() || !isInFrame()) return;
    // The window may have lost the focus to another program, which has no event when it comes back.
    if (document.hasFocus() && navigator.userActivation?.isActive) onAction();
    timer = setTimeout(look, lookMs);
  }

  /** In the next task the focus is where it goes. */
  function lookSoon(): void {
    timer ??= setTimeout(look);
  }

  // The focus leaves this document; or the page is seen again, which may have been left with the focus in a frame.
  addEventListener('blur', lookSoon, { signal });
  document.addEventListener('visibilitychange', lookSoon, { signal });
  signal.addEventListener('abort', () => clearTimeout(timer));
  look();
}
