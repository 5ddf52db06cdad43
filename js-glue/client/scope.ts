// The user's gesture, which browsers require in the hub's own frame before they give it more than the part of the
// storage that belongs to this site. The frame is laid over an element of the app while the hub shows its button there.
// This file is loaded when it is needed, and imports nothing of the first load, so that it stays a file of its own.

import type { Requests } from './requests.js';
import type { Scope, ScopeOptions, Snapshot } from './types.js';

/** A user may take their time; no timer of a browser holds more. */
const waitMsMax = 2 ** 31 - 1;

/** Given by the caller, since a file that two files import would be one more request at the start. */
type Demand = (holds: boolean, name: string, what: string) => void;

/** Asks where there is something to ask for. Rejects with the reason of a signal that is aborted. */
export async function askForScope(
  options: ScopeOptions,
  closing: AbortSignal,
  frame: HTMLIFrameElement | undefined,
  getSnapshot: () => Snapshot,
  ask: Requests['ask'],
  demand: Demand,
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
  if (frame && ['gesture', 'denied'].includes(getSnapshot().upgrade))
    await showButton(options, closing, frame, ask, demand);
  return getSnapshot().scope;
}

async function showButton(
  { element, label, style, signal }: ScopeOptions,
  closing: AbortSignal,
  frame: HTMLIFrameElement,
  ask: Requests['ask'],
  demand: Demand,
): Promise<void> {
  const life = new AbortController();
  const hidden = { css: frame.style.cssText, title: frame.title };
  const moveBack = moveIntoTopLayer(frame, element, demand);
  frame.title = label ?? 'Lockstep';
  frame.tabIndex = 0;
  frame.ariaHidden = null;
  try {
    await Promise.race([
      ask('scope', () => ({ label, style }), waitMsMax),
      layOver(frame, element, demand, life.signal),
      aborted(signal, life.signal),
      aborted(closing, life.signal),
    ]);
  } finally {
    life.abort();
    moveBack();
    frame.style.cssText = hidden.css;
    frame.title = hidden.title;
    frame.tabIndex = -1;
    frame.ariaHidden = 'true';
  }
}

function aborted(given: AbortSignal | undefined, signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => given?.addEventListener('abort', () => reject(given.reason), { signal }));
}

type Movable = Element & { readonly moveBefore?: (node: Node, child: Node | null) => void };

/**
 * What lies in the browser's top layer covers everything else, and outside of a modal dialog nobody can press anything.
 * To append the frame elsewhere would reload it; newer browsers can move it (Chromium 133, Firefox 144). Returns the
 * way back.
 */
function moveIntoTopLayer(frame: HTMLIFrameElement, element: HTMLElement, demand: Demand): () => void {
  const top = topLayerOf(element);
  if (!top) return () => {};
  demand(top.moveBefore !== undefined, 'element', 'outside of dialogs and popovers in this browser');
  top.moveBefore?.(frame, null);
  return () => {
    const root: Movable = document.documentElement;
    if (frame.isConnected) root.moveBefore?.(frame, null);
  };
}

function topLayerOf(element: HTMLElement): Movable | undefined {
  // In a browser that does not know one of these the name throws.
  const kinds = [':modal', ':popover-open', ':fullscreen'].filter((kind) => CSS.supports(`selector(${kind})`));
  // The page itself may be shown in full.
  for (let node: Node | null = element; node && node !== document.documentElement; node = parentOf(node)) {
    if (node instanceof HTMLElement && kinds.some((kind) => (node as HTMLElement).matches(kind))) return node;
  }
  return undefined;
}

/** Also out of a shadow tree. */
function parentOf(node: Node): Node | null {
  return node.parentNode ?? (node as Partial<ShadowRoot>).host ?? null;
}

/**
 * Keeps the frame over the element until the signal is aborted: at each animation frame, since no event comes with
 * every change of a layout. Rejects when the element is gone.
 */
function layOver(frame: HTMLIFrameElement, element: HTMLElement, demand: Demand, signal: AbortSignal): Promise<never> {
  const clipPath = watchClipping(element, signal);
  const place = createPlace(frame, element);
  // What the browser gives back is written in another way.
  let last = '';
  return new Promise((_, reject) => {
    function follow(): void {
      if (signal.aborted) return;
      try {
        demand(element.isConnected, 'element', 'left in the document');
      } catch (error) {
        reject(error);
        return;
      }
      const css =
        `position:fixed;${place()};margin:0;border:0;clip-path:${clipPath()};color-scheme:normal;` +
        'pointer-events:auto;z-index:2147483647';
      if (css !== last) frame.style.cssText = last = css;
      requestAnimationFrame(follow);
    }
    follow();
  });
}

/**
 * Where the frame must be placed to lie over the element. A page may shift or scale what is fixed in it, as a
 * transformed root element does: so each time it corrects what came of the last.
 */
function createPlace(frame: HTMLIFrameElement, element: HTMLElement): () => string {
  const sides = ['left', 'top', 'width', 'height'] as const;
  const given = { left: 0, top: 0, width: 0, height: 0 };
  let isPlaced = false;
  return () => {
    const to = element.getBoundingClientRect();
    const is = frame.getBoundingClientRect();
    for (const side of sides) given[side] = isPlaced ? given[side] + to[side] - is[side] : to[side];
    isPlaced = true;
    return sides.map((side) => `${side}:${given[side]}px`).join(';');
  };
}

/** What of the element can be seen: where a panel has scrolled it away, the frame must cover nothing else. */
function watchClipping(element: HTMLElement, signal: AbortSignal): () => string {
  let clipPath = 'none';
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { boundingClientRect: all, intersectionRect: seen } of entries) {
        const edges = [seen.top - all.top, all.right - seen.right, all.bottom - seen.bottom, seen.left - all.left];
        const isAll = edges.every((px) => px < 1);
        clipPath = isAll
          ? 'none'
          : `inset(${seen.width && seen.height ? edges.map((px) => `${px}px`).join(' ') : '50%'})`;
      }
    },
    { threshold: Array.from({ length: 101 }, (_, percent) => percent / 100) },
  );
  observer.observe(element);
  signal.addEventListener('abort', () => observer.disconnect());
  return () => clipPath;
}
