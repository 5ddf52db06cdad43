import { connect } from 'lockstep';
import { createElement as h, hydrate } from 'preact';
import { Page } from './preact-page.js';

hydrate(h(Page, { session: connect({ hub: document.documentElement.dataset.hub ?? '' }) }), document.body);
