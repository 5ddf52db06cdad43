// The user's gesture, which browsers want in the hub's own frame before they give it more than the part of the storage that belongs to this
// site. The frame is laid over an element of the app while the hub shows its button there: it is never moved in the document, since that
// would reload it. Loaded when it is needed; it imports nothing that the first load has.

import type { Requests } from './requests.js';
import type { ScopeOptions, Snapshot } from './types.js';

/** A user may take their time; no timer of a browser holds more. */
const patienceMs = 2 ** 31 - 1;

/** Rejects with the signal's reason when that is aborted; the hub's button goes with the frame's place. */
export async function requestScope(
  options: ScopeOptions,
  frameNow: () => HTMLIFrameElement | undefined,
  ask: Requests['ask'],
  getSnapshot: () => Snapshot,
  demand: (holds: boolean, name: string, what: string) => void,
): Promise<Snapshot['scope']> {
  const { element, label, style, signal } = Object(options) as ScopeOptions;
  demand(element instanceof HTMLElement, 'element', 'an HTMLElement');
  demand(typeof (label ?? '') === 'string' && typeof (style ?? '') === 'string', 'label and style', 'strings');
  signal?.throwIfAborted();
  if (!/gesture|denied/.test(getSnapshot().upgrade)) return getSnapshot().scope;
  const frame = frameNow() as HTMLIFrameElement;
  const life = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason), { signal: life.signal });
  });
  const hidden = { css: frame.style.cssText, title: frame.title };
  show(frame, element, life.signal, label);
  try {
    await Promise.race([ask('scope', { label, style }, patienceMs), aborted]);
  } finally {
    life.abort();
    frame.style.cssText = hidden.css;
    frame.title = hidden.title;
    frame.tabIndex = -1;
    frame.ariaHidden = 'true';
  }
  return getSnapshot().scope;
}

function show(frame: HTMLIFrameElement, element: HTMLElement, signal: AbortSignal, label: string | undefined): void {
  const place = () => {
    const { left, top, width, height } = element.getBoundingClientRect();
    frame.style.cssText = `position:fixed;left:${left}px;top:${top}px;width:${width}px;height:${height}px;border:0;color-scheme:normal;z-index:2147483647`;
  };
  place();
  frame.title = label ?? 'Lockstep';
  frame.tabIndex = 0;
  frame.ariaHidden = null;
  addEventListener('scroll', place, { capture: true, passive: true, signal });
  addEventListener('resize', place, { signal });
  const observer = new ResizeObserver(place);
  observer.observe(element);
  signal.addEventListener('abort', () => observer.disconnect());
}
