// The user's gesture, which browsers require in the hub's own frame before they give it more than the part of the
// storage that belongs to this site. The frame is laid over an element of the app while the hub shows its button there.
// Its place in the document stays the same, since another place would reload it. This file is loaded when it is needed,
// and imports nothing of the first load, so that it stays a file of its own.

import type { Requests } from './requests.js';
import type { Scope, ScopeOptions, Snapshot } from './types.js';

/** A user may take their time; no timer of a browser holds more. */
const waitMsMax = 2 ** 31 - 1;

/**
 * Asks where there is something to ask for. Rejects with the signal's reason when that is aborted. `demand` is given by
 * the caller, since a file that two files import would be one more request at the start.
 */
export async function askForScope(
  options: ScopeOptions,
  frame: HTMLIFrameElement | undefined,
  getSnapshot: () => Snapshot,
  ask: Requests['ask'],
  demand: (holds: boolean, name: string, what: string) => void,
): Promise<Scope> {
  // An app without TypeScript may pass anything, or nothing.
  const { element, label, style, signal }: Partial<ScopeOptions> = Object(options);
  demand(element instanceof HTMLElement, 'element', 'an HTMLElement');
  demand(
    [label ?? '', style ?? ''].every((text) => typeof text === 'string'),
    'label and style',
    'strings',
  );
  signal?.throwIfAborted();
  if (frame && ['gesture', 'denied'].includes(getSnapshot().upgrade)) await showButton(options, frame, ask);
  return getSnapshot().scope;
}

async function showButton(
  { element, label, style, signal }: ScopeOptions,
  frame: HTMLIFrameElement,
  ask: Requests['ask'],
): Promise<void> {
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
    await Promise.race([ask('scope', () => ({ label, style }), waitMsMax), aborted]);
  } finally {
    life.abort();
    frame.style.cssText = hidden.css;
    frame.title = hidden.title;
    frame.tabIndex = -1;
    frame.ariaHidden = 'true';
  }
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
