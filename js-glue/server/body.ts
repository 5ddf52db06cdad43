// The body of a request, of which no more is read than a bound, whatever its length says.

import { Refusal } from './errors.js';

/** A logout token has some 1,000 bytes, one with a chain of certificates some 10,000. */
export const bodyBytesMax = 65_536;

/** How long a body may take: it holds a request of the server. */
export const bodyMsMax = 10_000;

/** Rejects with a refusal where it is too long, takes too long, or is no UTF-8. */
export async function textOf(request: Request): Promise<string> {
  const bytes = await inTime(bytesOf(request.body, bodyBytesMax));
  if (bytes === undefined) throw new Refusal('invalid_request', `The body has more than ${bodyBytesMax} bytes.`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new Refusal('invalid_request', 'The body is not UTF-8.');
  }
}

/** What is still to come is left to whoever holds the connection (node.ts). */
function inTime<T>(reading: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new Refusal('invalid_request', `The body takes more than ${bodyMsMax} ms.`));
    const timer = setTimeout(late, bodyMsMax);
    reading.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** Undefined where there are more; the rest is not read. */
export async function bytesOf(body: ReadableStream<Uint8Array> | null, bytesMax: number): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = [];
  const reader = body?.getReader();
  for (let bytes = 0; ; ) {
    const { value } = (await reader?.read()) ?? {};
    if (value === undefined) return Buffer.concat(chunks);
    bytes += value.byteLength;
    if (bytes > bytesMax) {
      await reader?.cancel().catch(() => undefined);
      return undefined;
    }
    chunks.push(value);
  }
}

/** The media type of the body, in lower case, without its parameters. */
export function mediaTypeOf(request: Request): string {
  return (request.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}
