// The hub's check at the provider itself: silent authentication (OpenID Connect Core 1.0 §3.1.2.1, `prompt=none`) in a
// frame that nobody sees. Only the page of a hub with `check.issuer` holds this script. The code is thrown away, and no
// token is ever asked for. Whether and when, and what follows, is C++'s to say; it also sets the time-out.

import { random } from './random.js';
import { silentRequest } from './silent-request.js';

/** PROTOCOL.md §5. */
type Config = {
  readonly hub: string;
  readonly site: string;
  readonly check: { readonly issuer: string; readonly clientId: string; readonly authorizationEndpoint: string };
};

const element = document.getElementById('config') as HTMLElement;
const config: Config = JSON.parse(element.textContent ?? '');
const fault = faultOf(config.check);
if (fault) {
  // The module refuses such a text, so that no hub starts with it.
  element.textContent = JSON.stringify({ ...config, check: fault });
  throw new Error(`Wrong configuration: ${fault}`);
}

/** What is wrong with it, beginning with the place. `lockstep build` names all faults, and says what to do. */
function faultOf({ issuer, clientId, authorizationEndpoint }: Readonly<Record<string, unknown>>): string | undefined {
  if (!isSecure(issuer)) return 'check.issuer: is no https URL.';
  if (!isSecure(authorizationEndpoint)) return 'check.authorizationEndpoint: is no https URL.';
  // RFC 6749 §A.1.
  if (typeof clientId !== 'string' || !/^[ -~]+$/.test(clientId)) return 'check.clientId: is no client identifier.';
  return undefined;
}

/** Over plain http anybody on the way could answer in the provider's place. */
function isSecure(text: unknown): boolean {
  return /^(https:\/\/|http:\/\/(([a-z\d-]+\.)*localhost|127(\.\d+){3})(:\d+)?(\/|$))/.test(String(text));
}

/** RFC 6749 §3.1: each may be there once. */
const members = ['state', 'iss', 'code', 'error'];

/**
 * The answer in the words of `check.url`; null: not known. The frame is gone when the promise is settled, and that
 * happens at the latest when `signal` is aborted.
 */
export async function ask(endpoint: string, signal: AbortSignal): Promise<string | null> {
  const { hub, site, check } = config;
  const state = random();
  const said = await answerOf(silentRequest(endpoint, check.clientId, hub, state), new URL(hub).origin, signal);
  const answer = new URLSearchParams(said);
  if (members.some((name) => answer.getAll(name).length > 1) || answer.get('state') !== state) return null;
  // RFC 9207 §2.4: an answer of another provider is none.
  if ((answer.get('iss') ?? check.issuer) !== check.issuer) return null;
  const error = answer.get('error');
  if (answer.get('code') && error === null) return '{"active":true}';
  // Any other error says that there is something to do, and not that nobody is signed in.
  return error === 'login_required' && !answer.has('code') && doCookiesTravel(endpoint, site)
    ? '{"active":false}'
    : null;
}

/**
 * What the callback page says of its own address, or nothing. A message counts only from the window of this very frame,
 * while it shows a page of the hub's origin; that it answers this request is for `state` to show, since the app above
 * may send the frame to the callback page by itself.
 */
function answerOf(url: string, origin: string, signal: AbortSignal): Promise<string> {
  const over = new AbortController();
  const frame = document.createElement('iframe');
  frame.hidden = true;
  // Whatever the provider shows may not take the user's page away, open a window, or submit a form.
  frame.setAttribute('sandbox', 'allow-scripts allow-same-origin');
  frame.src = url;
  return new Promise<string>((resolve) => {
    const end = (said: unknown) => resolve(typeof said === 'string' ? said : '');
    const listen = (target: EventTarget, type: string, listener: (event: Event) => void) =>
      target.addEventListener(type, listener, { signal: over.signal });
    listen(window, 'message', (event) => {
      const { source, origin: from, data } = event as MessageEvent;
      if (source === frame.contentWindow && from === origin) end(data);
    });
    listen(signal, 'abort', end);
    // A page that runs no more gets no answer either.
    listen(document, 'freeze', end);
    if (signal.aborted) end('');
    else document.documentElement.append(frame);
  }).finally(() => {
    over.abort();
    frame.remove();
  });
}

/**
 * Whether the browser sends the provider's cookies there, so that `login_required` is about them: a cookie that was
 * kept back looks the same. It sends them where everything is of one site. Which names are of one, its own list of
 * suffixes says: by it a page may set a cookie for the whole of its site, and for no more.
 */
function doCookiesTravel(endpoint: string, siteUrl: string): boolean {
  const asked = new URL(endpoint);
  const { hostname: site } = new URL(siteUrl);
  const { protocol, hostname } = location;
  const isOneName = asked.hostname === hostname;
  if (asked.protocol !== protocol || !(isOneName || asked.hostname.endsWith(`.${site}`))) return false;
  // For its own name a browser lets a page set a cookie also where that is a suffix: this would prove nothing.
  if (!isOneName && hostname === site) return false;
  const name = `lockstep-site-${random()}`;
  const attributes = `;Path=/;SameSite=Strict${isOneName ? '' : `;Domain=${site}`}`;
  document.cookie = `${name}=1${attributes};Max-Age=60`;
  const isKept = document.cookie.includes(name);
  document.cookie = `${name}=;${attributes};Max-Age=0`;
  return isKept;
}
