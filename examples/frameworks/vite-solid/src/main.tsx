import { hydrate } from 'solid-js/web';
import { Page } from './page';
import { session } from './session';

// As where a page is hydrated late: the hub has answered, or cannot be reached, and the HTML still says `connecting`.
session.ready.catch(() => undefined).then(() => hydrate(() => <Page />, document.querySelector('#app') as Element));
