// `lockstep dev`: the hub for development, on this machine, for every app of it. No file is written, and the
// configuration is optional: of it count the times of a session, and the apps on this machine that it names.

import { watch } from 'node:fs';
import { createServer } from 'node:http';
import { basename, dirname, resolve } from 'node:path';
import { readArtefacts } from './artefacts.js';
import { formatFinding } from './build.js';
import { checkConfig } from './config.js';
import { answer, type DevHub, hubUrl, nearAddress, pagesOf } from './dev.js';
import { readText } from './files.js';
import { inspectPath } from './inspect-page.js';
import { hasDisplay, isWebAddress, openPages } from './open-pages.js';
import { type AppOrigin, isLoopback } from './origin.js';
import { listening, portFrom, portOf, stopped } from './serving.js';
import { isName, signInPath } from './sign-in.js';
import { fail, print } from './terminal.js';

export type DevOptions = {
  /** Undefined: the usual name, if it is there. */
  readonly config: string | undefined;
  readonly usualConfig: string;
  readonly port: string;
  readonly artefacts: URL;
  /** Whom the login page signs in; undefined: there is no such page. */
  readonly as: string | undefined;
  /** Addresses to open in the browser; true: those of the configuration. */
  readonly open: readonly string[] | true | undefined;
};

/** What counts of a configuration. */
type Given = Pick<DevHub, 'session' | 'named'>;
type Live = { hub: DevHub };

const nothing: Given = { session: {}, named: [] };
const faultsMax = 20;

/** Resolves with the exit code when the server is stopped. */
export async function runDev(options: DevOptions): Promise<number> {
  const { config, usualConfig, port: portText, artefacts, as, open } = options;
  const port = portFrom(portText);
  if (typeof port === 'string') return fail(port);
  const fault = faultOf(options);
  if (fault !== undefined) return fail(fault);
  const parts = await readArtefacts(artefacts);
  if (typeof parts === 'string') return fail(parts);
  const path = config ?? usualConfig;
  const found = await configuration(path, nothing);
  if (found === undefined && config !== undefined) return fail(`${config} is not there.`);

  const live: Live = { hub: { port, artefacts: parts, seen: new Map(), as, ...(found ?? nothing) } };
  const server = createServer((request, response) => {
    const { method, url, headers } = request;
    const before = live.hub.seen.size;
    const {
      status,
      headers: sent,
      body,
    } = answer(live.hub, { method, url, host: headers.host, referer: headers.referer });
    const newest = [...live.hub.seen.values()].at(-1);
    if (newest && live.hub.seen.size > before) print(process.stdout, allowed(newest));
    response.writeHead(status, sent).end(method === 'HEAD' ? undefined : body);
  });
  // By that name alone: nobody beyond this machine can reach it.
  const refused = await listening(server, port, 'localhost');
  if (refused !== undefined) return fail(refused);
  live.hub = { ...live.hub, port: portOf(server) };
  print(process.stdout, instructions(live.hub, found === undefined ? undefined : path));
  if (open) await show(pagesOf(live.hub, open === true ? [] : open));
  const stop = found === undefined ? () => undefined : follow(path, live);
  await stopped();
  stop();
  server.closeAllConnections();
  server.close();
  return 0;
}

/** Of what `--as` and `--open` are given. */
function faultOf({ as, open }: DevOptions): string | undefined {
  if (as !== undefined && !isName(as)) return '--as must be a name of 1 to 256 bytes.';
  const wrong = open === true ? undefined : open?.find((url) => !isWebAddress(url));
  return wrong === undefined
    ? undefined
    : `--open takes addresses such as http://localhost:5173/, and ${wrong} is none.`;
}

/** That no browser can be started does not stop the hub. */
async function show(urls: readonly string[]): Promise<void> {
  const say = (text: string) => print(process.stdout, `${text}\n`);
  if (urls.length === 0) return say('Nothing to open: name the apps after --open, or in the configuration.');
  if (!hasDisplay(process.env, process.platform)) return say('Nothing is opened: this is CI, or there is no display.');
  await openPages(urls).then(
    () => say(`Opened: ${urls.join(' ')}`),
    (cause: Error) => say(`Nothing is opened: ${cause.message}`),
  );
}

/** Undefined: there is none. Of one with faults, which are printed, the one before it counts. */
async function configuration(path: string, before: Given): Promise<Given | undefined> {
  const text = await readText(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'ENOENT') print(process.stderr, `${path} cannot be read: ${cause.message}\n`);
    return undefined;
  });
  if (text === undefined) return undefined;
  const checked = checkConfig(text);
  if ('config' in checked) {
    const { session, apps } = checked.config;
    return { session, named: apps.filter(({ origin }) => isLoopback(origin.host)) };
  }
  const lines = checked.faults.slice(0, faultsMax).map((finding) => `${formatFinding(path, finding)}\n`);
  print(process.stderr, `${lines.join('')}The hub goes on as before.\n`);
  return before;
}

/** Reads the configuration again whenever it changes. Editors replace the file, so its folder is watched. */
function follow(path: string, live: Live): () => void {
  let timer: NodeJS.Timeout | undefined;
  const again = async () => {
    const given = await configuration(path, live.hub);
    live.hub = { ...live.hub, ...(given ?? nothing) };
    print(process.stdout, `${path} was read again: reload your apps.\n`);
  };
  const watcher = watch(dirname(resolve(path)), (_, name) => {
    if (name !== basename(path)) return;
    clearTimeout(timer);
    timer = setTimeout(() => void again(), 100);
  });
  return () => {
    clearTimeout(timer);
    watcher.close();
  };
}

/** Nothing else says to whoever develops why such an app is not in lockstep. */
function allowed(app: AppOrigin): string {
  const near = nearAddress(app);
  const why = "Browsers take it for another site than the hub's, and may keep its session apart.";
  return `Allowed: ${app.text}\n${near === undefined ? '' : `  ${why} Open it at ${near}\n`}`;
}

function instructions({ port, as }: DevHub, path: string | undefined): string {
  const times =
    path === undefined
      ? 'There is no configuration, so no session ends by idleness or by age.'
      : `How long a session may be idle, and how long it may last, is what ${path} says.`;
  const login = as === undefined ? '' : `\n${new URL(signInPath, hubUrl(port))} signs ${as} in.\n`;
  return `The hub runs at ${hubUrl(port)} for every app on this machine:

  connect({ hub: '${hubUrl(port)}' })
${login}
Inspect all tabs at ${new URL(inspectPath, hubUrl(port)).href}, or with lockstep/inspector in an app.

An app is allowed when it embeds the hub, with every capability.
${times}
This hub never asks your identity provider whether a session still lives (\`check\` of a configuration does that where
the hub is deployed). What your apps do at the provider works as usual. Stop with Ctrl-C.
`;
}
