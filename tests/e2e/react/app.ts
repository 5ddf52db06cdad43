import { connect } from 'lockstep';
import { createElement } from 'react';
import { hydrateRoot } from 'react-dom/client';
import { Page } from './page.js';

const session = connect({ hub: document.documentElement.dataset.hub ?? '' });
const root = document.getElementById('root');
if (root)
  hydrateRoot(root, createElement(Page, { session }), {
    onRecoverableError: (error) => console.error('React recovers', error),
  });
