// The frame element that holds the hub. Nobody sees it, reads it aloud or tabs into it, yet it counts as visible: browsers slow
// down or never load a frame that is `display: none`, lazy, or outside the viewport. It is not sandboxed, since that takes its origin away.

export function insertFrame(
  hub: string,
  onLoad: () => void,
  options: { readonly signal: AbortSignal },
): HTMLIFrameElement {
  const frame = document.createElement('iframe');
  frame.title = 'Lockstep hub';
  frame.tabIndex = -1;
  frame.allow = 'storage-access';
  frame.ariaHidden = 'true';
  frame.style.cssText = 'position:fixed;inset:0;width:0;height:0;border:0;visibility:hidden';
  frame.addEventListener('load', onLoad, options);
  frame.src = hub;
  // A script in the head runs before there is a body; a frame beside it works as well.
  (document.body ?? document.documentElement).append(frame);
  return frame;
}
