// One tab at the origin of an app, whose server is not asked: the browser's request is answered here, with a page whose
// only content is probe.ts. Waits for the report of the page, and collects the browser's complaints.

import type { Devtools, DevtoolsEvent, Params } from './devtools.js';
import type { Probed, ProbeSettings } from './probe.js';

export type Place = {
  readonly origin: string;
  readonly hub: { readonly origin: string; readonly url: string };
  /** Through which the hub is asked. */
  readonly proxy: URL | undefined;
};

/** How it went, and what the browser wrote to its console about policies. */
export type Visit = { readonly probed: Probed | undefined; readonly complaints: readonly string[] };

// A hub that does not answer is given up after `timeoutMs`; then the client takes up to five seconds to find out why.
const diagnosisMs = 8_000;
const path = '/lockstep-doctor';
const everyRequest = { patterns: [{ urlPattern: '*' }], handleAuthRequests: true };
const everyTarget = { autoAttach: true, waitForDebuggerOnStart: true, flatten: true };

/** `probe`: the text of the bundled probe.ts. */
export async function visit(
  devtools: Devtools,
  { origin, hub, proxy }: Place,
  timeoutMs: number,
  probe: string,
): Promise<Visit> {
  const { targetId } = await devtools.send('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await devtools.send('Target.attachToTarget', { targetId, flatten: true });
  const tab = String(sessionId);
  const sessions = new Set([tab]);
  const complaints = new Set<string>();
  const answers = { hub: hub.origin, origin, probe, settings: { hub: hub.url, timeoutMs } };
  // What a session cannot do any more, since its frame is gone, is not missed.
  const attempt = (method: string, params: Params, session?: string) =>
    void devtools.send(method, params, session).catch(() => {});

  let stop = () => {};
  const probed = new Promise<Probed | undefined>((resolve) => {
    const timer = setTimeout(() => resolve(undefined), timeoutMs + diagnosisMs);
    const silence = devtools.on((event) => {
      const { method, params, sessionId: session = '' } = event;
      if (!sessions.has(session)) return;
      if (method === 'Target.attachedToTarget') {
        const child = String(params.sessionId);
        sessions.add(child);
        // A frame of another site is a target of its own, and so are those in it.
        attempt('Fetch.enable', everyRequest, child);
        attempt('Target.setAutoAttach', everyTarget, child);
        attempt('Log.enable', {}, child);
        attempt('Runtime.enable', {}, child);
        attempt('Runtime.runIfWaitingForDebugger', {}, child);
      } else if (method === 'Fetch.requestPaused') attempt(...answerTo(params, answers), session);
      else if (method === 'Fetch.authRequired') attempt(...credentialsFor(params, proxy), session);
      else if (method === 'Runtime.bindingCalled') {
        const report = readProbed(params.payload);
        if (report) resolve(report);
      } else for (const text of complaintsOf(event)) complaints.add(text);
    });
    stop = () => {
      clearTimeout(timer);
      silence();
    };
  });
  try {
    await devtools.send('Fetch.enable', everyRequest, tab);
    await devtools.send('Target.setAutoAttach', everyTarget, tab);
    await devtools.send('Log.enable', {}, tab);
    await devtools.send('Runtime.enable', {}, tab);
    await devtools.send('Runtime.addBinding', { name: 'lockstepDoctor' }, tab);
    await devtools.send('Page.navigate', { url: `${origin}${path}` }, tab);
    return { probed: await probed, complaints: [...complaints] };
  } finally {
    stop();
    attempt('Target.closeTarget', { targetId });
  }
}

type Answers = {
  readonly hub: string;
  readonly origin: string;
  readonly probe: string;
  readonly settings: ProbeSettings;
};

/** The hub's server is asked; the app's is played; no other request is sent. */
function answerTo(
  params: Params,
  { hub, origin, probe, settings }: Answers,
): readonly [method: string, params: Params] {
  const { requestId } = params;
  const { url } = params.request as { readonly url: string };
  const fulfilled = (type: string, text: string): readonly [string, Params] => [
    'Fetch.fulfillRequest',
    {
      requestId,
      responseCode: 200,
      responseHeaders: [{ name: 'content-type', value: `${type}; charset=utf-8` }],
      body: Buffer.from(text).toString('base64'),
    },
  ];
  if (url === `${origin}${path}`) return fulfilled('text/html', pageWith(settings));
  if (url === `${origin}${path}.js`) return fulfilled('text/javascript', probe);
  if (url.startsWith(`${hub}/`)) return ['Fetch.continueRequest', { requestId }];
  return ['Fetch.failRequest', { requestId, errorReason: 'BlockedByClient' }];
}

/** Who asks for them is the proxy or a server; a server gets none, as from a stranger. */
function credentialsFor(params: Params, proxy: URL | undefined): readonly [method: string, params: Params] {
  const { source } = params.authChallenge as { readonly source?: string };
  const authChallengeResponse =
    source === 'Proxy' && proxy?.username
      ? {
          response: 'ProvideCredentials',
          username: decodeURIComponent(proxy.username),
          password: decodeURIComponent(proxy.password),
        }
      : { response: 'CancelAuth' };
  return ['Fetch.continueWithAuth', { requestId: params.requestId, authChallengeResponse }];
}

function pageWith(settings: ProbeSettings): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>lockstep doctor</title>
<link rel="icon" href="data:,">
<script type="application/json" id="settings">${JSON.stringify(settings)}</script>
<body><script type="module" src="${path}.js"></script></body>
</html>`;
}

/** What the console says of policies; the rest of it is not about the hub's deployment. */
function complaintsOf({ method, params }: DevtoolsEvent): readonly string[] {
  const entry = params.entry as { readonly text?: string } | undefined;
  const thrown = params.exceptionDetails as { readonly exception?: { readonly description?: string } } | undefined;
  const text =
    method === 'Log.entryAdded'
      ? entry?.text
      : method === 'Runtime.exceptionThrown'
        ? thrown?.exception?.description
        : '';
  return /content security policy|x-frame-options|permissions policy|compileerror/i.test(text ?? '')
    ? [(text ?? '').split('\n')[0] ?? '']
    : [];
}

/** A frame of the same process could call, too: what is no report of probe.ts is nothing. */
export function readProbed(payload: unknown): Probed | undefined {
  try {
    const probed = JSON.parse(String(payload));
    const texts = probed.welcome === true ? ['scope', 'medium', 'version'] : ['code', 'message'];
    const isReport =
      typeof probed.welcome === 'boolean' &&
      Number.isFinite(probed.ms) &&
      texts.every((name) => typeof probed[name] === 'string');
    return isReport ? probed : undefined;
  } catch {
    return undefined;
  }
}
