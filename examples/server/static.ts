// Static files by way of sirv, always revalidated: whoever rebuilds the demo sees the new files at once.

import type { IncomingMessage, ServerResponse } from 'node:http';
import sirv from 'sirv';

export type Headers = Readonly<Record<string, string>>;
export type Files = (request: IncomingMessage, response: ServerResponse, next: () => void) => void;

export type StaticOptions = {
  readonly headersOf?: (path: string) => Headers;
  /** Answer a path that is no file with the folder's index.html: a single-page app has its routes in the browser. */
  readonly single?: boolean;
};

export function staticFiles(folder: string, { headersOf = () => ({}), single = false }: StaticOptions = {}): Files {
  return sirv(folder, {
    etag: true,
    single,
    setHeaders(response, path) {
      response.setHeader('cache-control', 'no-cache');
      for (const [name, value] of Object.entries(headersOf(path))) response.setHeader(name, value);
    },
  });
}

export function notFound(_request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('There is nothing here.\n');
}
