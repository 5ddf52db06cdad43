// The page `/inspect` of `lockstep dev`: the inspector alone, as an app of the hub's own origin. Production has none.

import { clientName } from './artefacts.js';
import type { Headers } from './headers.js';
import { hashSource } from './html.js';

export const inspectPath = '/inspect';
export const inspectorName = 'inspector.js';

export type InspectPage = { readonly headers: Headers; readonly body: string };

export function inspectPage(hub: string): InspectPage {
  const script = `
import { mountInspector } from '/${inspectorName}';
mountInspector(lockstep.connect({ hub: '${hub}' }), { parent: document.body });
`;
  const policy = [
    "default-src 'none'",
    `script-src 'self' ${hashSource(script)}`,
    "frame-src 'self'",
    // The client asks for the hub's page where it does not answer.
    "connect-src 'self'",
    ...["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"],
  ].join('; ');
  const body = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>Lockstep inspector</title>
<body>
<script src="/${clientName}"></script>
<script type="module">${script}</script>
</body>
</html>
`;
  const headers = {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': policy,
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  };
  return { headers, body };
}
