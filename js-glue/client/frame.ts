// The frame element that holds the hub. It is invisible, silent and out of the tab order, yet it counts as visible:
// browsers slow down or never load a frame that is `display: none`, lazy, or outside the viewport. It is not sandboxed,
// since a sandbox takes its origin away.

export function insertFrame(hub: string, onLoad: () => void, signal: AbortSignal): HTMLIFrameElement {
  const frame = document.createElement('iframe');
  frame.title = 'Lockstep hub';
  frame.tabIndex = -1;
  frame.allow = 'storage-access';
  frame.ariaHidden = 'true';
  frame.style.cssText = 'position:fixed;inset:0;width:0;height:0;border:0;visibility:hidden';
  frame.addEventListener('load', onLoad, { signal });
  frame.src = hub;
  // Beside the body, not in it: Turbo, Astro and htmx replace the body, some pages put a clone of it back, and a script
  // in the head runs before there is one.
  document.documentElement.append(frame);
  return frame;
}
