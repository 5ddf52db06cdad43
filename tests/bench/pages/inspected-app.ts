// The page of blank-app.ts with an inspector that is closed.

import { mountInspector } from 'lockstep/inspector';
import { page as blank } from './blank-app.js';

const page = {
  mount(): void {
    const session = blank.session();
    if (session) mountInspector(session);
  },
};

declare global {
  var inspectedPage: typeof page;
}
globalThis.inspectedPage = page;
globalThis.blankPage = blank;
