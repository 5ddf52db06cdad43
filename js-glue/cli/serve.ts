// The files of a hub, as `lockstep serve` answers requests for them: with the headers of the build, compressed once at
// the start, and with a tag by which a browser that has them gets no byte again. Pure; the server is command-serve.ts.

import { createHash } from 'node:crypto';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { Headers } from './headers.js';
import type { HubFolder } from './hub-folder.js';
import { refusal, refuseMethod } from './serving.js';

export type FileRequest = {
  readonly method: string | undefined;
  /** Without its query. */
  readonly path: string;
  readonly acceptEncoding: string | undefined;
  readonly ifNoneMatch: string | undefined;
};

export type FileAnswer = { readonly status: number; readonly headers: Headers; readonly body: string | Buffer };

type Encoding = 'br' | 'gzip';
type File = { readonly headers: Headers; readonly tag: string; readonly bodies: ReadonlyMap<Encoding | '', Buffer> };
export type Files = ReadonlyMap<string, File>;

export function compressFiles({ files }: Pick<HubFolder, 'files'>): Files {
  // The page has two paths.
  const bodiesOf = new Map<string, File['bodies']>();
  return new Map(
    [...files].map(([path, { headers, body }]) => {
      const bodies = bodiesOf.get(body) ?? compressed(Buffer.from(body));
      bodiesOf.set(body, bodies);
      const tag = createHash('sha256').update(body).digest('base64url').slice(0, 22);
      return [path, { headers: { ...headers, 'X-Content-Type-Options': 'nosniff' }, tag, bodies }];
    }),
  );
}

function compressed(body: Buffer): File['bodies'] {
  return new Map([
    ['', body],
    ['gzip', gzipSync(body, { level: 9 })],
    ['br', brotliCompressSync(body)],
  ]);
}

export function answerFile(files: Files, { method, path, acceptEncoding = '', ifNoneMatch }: FileRequest): FileAnswer {
  const file = files.get(path);
  if (file === undefined) return refusal(404, 'There is nothing here.');
  const wrong = refuseMethod(method);
  if (wrong !== undefined) return wrong;
  const encoding = (['br', 'gzip'] as const).find((name) => accepts(acceptEncoding, name)) ?? '';
  // Each encoding is another text of bytes, and so has a tag of its own (RFC 9110 §8.8.3).
  const tag = `"${file.tag}${encoding}"`;
  const headers = { ...file.headers, ETag: tag, Vary: 'Accept-Encoding' };
  if (ifNoneMatch?.split(',').some((each) => each.trim().replace(/^W\//, '') === tag))
    return { status: 304, headers, body: '' };
  return {
    status: 200,
    headers: encoding === '' ? headers : { ...headers, 'Content-Encoding': encoding },
    body: file.bodies.get(encoding) ?? '',
  };
}

/** RFC 9110 §12.5.3, as far as browsers use it: a name, perhaps with `;q=0` for "not this". */
function accepts(header: string, encoding: Encoding): boolean {
  const entry = header
    .split(',')
    .map((part) => part.trim())
    .find((part) => part.split(';')[0]?.trim() === encoding);
  return entry !== undefined && !/;\s*q=0(\.0*)?\s*$/.test(entry);
}
