// The user's gesture, which browsers require in the hub's own frame before they give it more than the part of the
// storage that belongs to this site. The frame is laid over an element of the app while the hub shows its button there:
// it is never moved in the document, since that would reload it. It is loaded when it is needed, and imports nothing of
// the first load, so that it stays a file of its own.

import type { Requests } from './requests.js';
import type { Scope, ScopeOptions } from './types.js';

/** A user may take their time; no timer of a browser holds more. */
const waitMsMax = 2 ** 31 - 1;

/** Rejects with the signal's reason when that is aborted. */
export async function showScopeButton(
  { element, label, style, signal }: ScopeOptions,
  frame: HTMLIFrameElement,
  ask: Requests['ask'],
  currentScope: () => Scope,
): Promise<Scope> {
  signal?.throwIfAborted();
  const life = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason), { signal: life.signal });
  });
  const hidden = { css: frame.style.cssText, title: frame.title };
  layOver(frame, element, life.signal);
  frame.title = label ?? 'Lockstep';
  frame.tabIndex = 0;
  frame.ariaHidden = null;
  try {
    await Promise.race([ask('scope', { label, style }, waitMsMax), aborted]);
  } finally {
    life.abort();
    frame.style.cssText = hidden.css;
    frame.title = hidden.title;
    frame.tabIndex = -1;
    frame.ariaHidden = 'true';
  }
  return currentScope();
}

/** Keeps the frame over the element until the signal is aborted. */
function layOver(frame: HTMLIFrameElement, element: HTMLElement, signal: AbortSignal): void {
  const follow = () => {
    const { left, top, width, height } = element.getBoundingClientRect();
    const place = `left:${left}px;top:${top}px;width:${width}px;height:${height}px`;
    frame.style.cssText = `position:fixed;${place};border:0;color-scheme:normal;z-index:2147483647`;
  };
  follow();
  addEventListener('scroll', follow, { capture: true, passive: true, signal });
  addEventListener('resize', follow, { signal });
  const observer = new ResizeObserver(follow);
  observer.observe(element);
  signal.addEventListener('abort', () => observer.disconnect());
}
