// A panel for whoever develops or has a fault to find: what this tab shows, and why. That is built on the public API of
// the session alone, and is no more than the page may know. What all other tabs show it has of the hub, where the hub's
// configuration lets this origin inspect. Only pages that import it load it.

import type { Session } from 'lockstep';
import { createPanel } from './panel.js';

export { connectReduxDevtools } from './redux-devtools.js';
export { connectVueDevtools, type VueDevtoolsOptions } from './vue-devtools.js';

export type InspectorOptions = {
  /** Where the panel is shown, open. Default: a button floats in the corner of the page, and opens it. */
  readonly parent?: Element | undefined;
  /** URL of the session's hub, where the page has hubs of several: whose tabs are shown. */
  readonly hub?: string | URL | undefined;
};

/** Whoever has defined the element first, maybe another copy of this package, knows these two members and no more. */
type InspectorElement = HTMLElement & { connected?: () => void; disconnected?: () => void };

const tagName = 'lockstep-inspector';

/**
 * Shows the session in a `<lockstep-inspector>`, with its timeline from now on. Returns the function that removes it,
 * with every listener and timer. On a server, where there is no document, it does nothing.
 */
export function mountInspector(session: Session, { parent, hub }: InspectorOptions = {}): () => void {
  if (typeof document === 'undefined') return () => {};
  defineElement();
  const element: InspectorElement = document.createElement(tagName);
  if (!parent) float(element);
  const panel = createPanel(
    session,
    element.attachShadow({ mode: 'open' }),
    parent !== undefined,
    hub && new URL(hub).href,
  );
  // Also where a framework takes it out of the page, and maybe puts it back.
  element.connected = panel.start;
  element.disconnected = panel.stop;
  (parent ?? document.body).append(element);
  return () => element.remove();
}

function defineElement(): void {
  if (customElements.get(tagName)) return;
  customElements.define(
    tagName,
    class extends HTMLElement implements InspectorElement {
      connected?: () => void;
      disconnected?: () => void;
      connectedCallback(): void {
        this.connected?.();
      }
      disconnectedCallback(): void {
        this.disconnected?.();
      }
    },
  );
}

/** In the lowest place that is free, above those that float already. */
function float(element: HTMLElement): void {
  const floating = [...document.querySelectorAll<HTMLElement>(`${tagName}[floating]`)];
  const taken = floating.map(({ style }) => Number(style.getPropertyValue('--place')));
  let place = 0;
  while (taken.includes(place)) place += 1;
  element.toggleAttribute('floating', true);
  element.style.setProperty('--place', String(place));
}
