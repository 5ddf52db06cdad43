// What browsers and providers send to a push server, and what a test reads of its answers.

import { sessionChannel, subjectChannel } from '../../../js-glue/server/channel.js';
import type { Handler, PushServer } from '../../../js-glue/server/push-server.js';
import { issuerName } from './issuer.js';

const hub = 'https://hub.acme.com';

/** For a state that is a moment away, on a busy machine, too. */
export const soon = { timeout: 15_000, interval: 20 };

export type Browser = { readonly sessionId?: string; readonly subject?: string; readonly ageMs?: number };

export function eventsQuery({ sessionId, subject = 'ada', ageMs = 60_000 }: Browser = {}): string {
  const query = new URLSearchParams({ subject: subjectChannel(issuerName, subject), age: `${ageMs}` });
  if (sessionId !== undefined) query.set('session', sessionChannel(issuerName, sessionId));
  return `${query}`;
}

export const eventsRequest = (browser: Browser = {}, headers: HeadersInit = {}): Request =>
  new Request(`${hub}/push?${eventsQuery(browser)}`, { headers });

export const logoutRequest = (token: string): Request =>
  new Request(`${hub}/backchannel`, { method: 'POST', body: new URLSearchParams({ logout_token: token }) });

export const authorization = 'Bearer agreed-beforehand-42';

export const securityRequest = (token: string, headers: Record<string, string> = {}): Request =>
  new Request(`${hub}/events`, {
    method: 'POST',
    body: token,
    headers: { 'content-type': 'application/secevent+jwt', authorization, ...headers },
  });

export const frontchannelRequest = (query: Record<string, string>): Request =>
  new Request(`${hub}/frontchannel?${new URLSearchParams(query)}`);

/** The stream of one browser, as a test reads it. */
export type OpenStream = {
  readonly status: number;
  readonly text: () => string;
  /** Resolves when the text has it; rejects when the stream ends without. */
  readonly until: (part: string) => Promise<void>;
  /** Resolves when the stream has ended. */
  readonly ended: Promise<void>;
  readonly cancel: () => Promise<void>;
};

export async function openStream(push: Pick<PushServer, 'events'>, browser: Browser = {}): Promise<OpenStream> {
  return readStream(await push.events(eventsRequest(browser)));
}

export function readStream(response: Response): OpenStream {
  const reader = (response.body ?? new ReadableStream<Uint8Array>()).getReader();
  let text = '';
  let isOver = false;
  const waiting = new Set<() => void>();
  const ended = (async () => {
    for (;;) {
      const { value, done } = await reader.read();
      text += Buffer.from(value ?? []).toString();
      if (done) isOver = true;
      for (const wake of waiting) wake();
      if (done) return;
    }
  })();
  const until = (part: string) =>
    new Promise<void>((resolve, reject) => {
      const see = () => {
        if (text.includes(part)) resolve();
        else if (isOver) reject(new Error(`The stream ended with: ${text}`));
        else return;
        waiting.delete(see);
      };
      waiting.add(see);
      see();
    });
  return { status: response.status, text: () => text, until, ended, cancel: () => reader.cancel() };
}

/** `active` or `ended`: what the level is for whoever connects now. */
export async function levelOf(push: Pick<PushServer, 'events'>, browser: Browser = {}): Promise<'active' | 'ended'> {
  const stream = await openStream(push, browser);
  await stream.until('\n\n');
  const isEnded = stream.text().includes('event: ended');
  await stream.cancel();
  return isEnded ? 'ended' : 'active';
}

export async function statusOf(handler: Handler, request: Request): Promise<number> {
  const { status, body } = await handler(request);
  await body?.cancel();
  return status;
}
