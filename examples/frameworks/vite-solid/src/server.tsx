import { generateHydrationScript, renderToString } from 'solid-js/web';
import { Page } from './page';

export const page = () => renderToString(() => <Page />);
export const hydrationScript = () => generateHydrationScript();
