// Renders the page for each request. Everything else is a file.

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import sirv from 'sirv';
import { hydrationScript, page } from './dist/server/server.js';

const template = readFileSync('dist/client/index.html', 'utf8');
const files = sirv('dist/client', { extensions: [] });

createServer((request, response) => {
  if (request.url !== '/') return files(request, response);
  const html = template.replace('<!--hydration-->', hydrationScript()).replace('<!--page-->', page());
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(html);
}).listen(process.env.PORT);
