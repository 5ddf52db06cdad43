// This page without a network, as far as a page can have it so: what a script reads of it, the browser's event, and no
// hub in a frame that is new (hub-link.ts). What the page itself asks of a server goes on.

/** By an inspector of this page. */
export const isOffline = (): boolean => Object.hasOwn(navigator, 'onLine');

export function setOffline(isWanted: boolean): void {
  if (isWanted === isOffline()) return;
  if (isWanted) Object.defineProperty(navigator, 'onLine', { configurable: true, value: false });
  else Reflect.deleteProperty(navigator, 'onLine');
  dispatchEvent(new Event(isWanted ? 'offline' : 'online'));
}
