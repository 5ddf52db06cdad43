// An app with the inspector, for a page with a strict policy. Whatever the policy refuses is kept.

import { connect } from 'lockstep';
import { mountInspector } from 'lockstep/inspector';

declare global {
  interface Window {
    refusals: string[];
    unmount: () => void;
    /** What the session showed when the inspector was mounted. */
    atMount: string;
  }
}

window.refusals = [];
document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
  window.refusals.push(`${violatedDirective} ${blockedURI}`);
});
const session = connect({ hub: document.documentElement.dataset.hub ?? '' });
if (location.search === '?late') document.addEventListener('load', mountAtLoadOfHub, { capture: true });
else window.unmount = mountInspector(session);
if (location.search === '?two') mountInspector(session);

/** Its load is seen on its way down, and the welcome comes after it. */
function mountAtLoadOfHub({ target }: Event): void {
  if (!(target instanceof HTMLIFrameElement)) return;
  document.removeEventListener('load', mountAtLoadOfHub, { capture: true });
  // Not yet: its own listeners are called after this one.
  target.addEventListener(
    'load',
    () => {
      window.atMount = session.getSnapshot().status;
      window.unmount = mountInspector(session);
    },
    { once: true },
  );
}
