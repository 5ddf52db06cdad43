// Hydration has to be there before Lit is.
import '@lit-labs/ssr-client/lit-element-hydrate-support.js';
import { connect } from 'lockstep';
import { definePage } from './lit-page.js';

const session = connect({ hub: document.documentElement.dataset.hub ?? '' });
// As an element that is defined late, when the hub has answered: its HTML still says what the server said.
await session.ready;
definePage(session);
