// An app with the inspector, for a page with a strict policy. Whatever the policy refuses is kept.

import { connect } from 'lockstep';
import { mountInspector } from 'lockstep/inspector';

declare global {
  interface Window {
    refusals: string[];
    unmount: () => void;
  }
}

window.refusals = [];
document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
  window.refusals.push(`${violatedDirective} ${blockedURI}`);
});
const session = connect({ hub: document.documentElement.dataset.hub ?? '' });
window.unmount = mountInspector(session);
