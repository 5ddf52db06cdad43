// The frame of everything Lockstep is compared with: as invisible as Lockstep's own, so that browsers treat both alike.

export function insertFrame(url: string, onLoad: () => void): HTMLIFrameElement {
  const frame = document.createElement('iframe');
  frame.style.cssText = 'position:fixed;inset:0;width:0;height:0;border:0;visibility:hidden';
  frame.addEventListener('load', onLoad, { once: true });
  frame.src = url;
  document.body.append(frame);
  return frame;
}
