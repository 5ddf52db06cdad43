// Writes what a person reads after a build: who is in lockstep with whom in which browser, how large the hub is, where
// it goes, and how an app connects. Decides words and columns only.

import { callbackName, clientName, fallbackName } from './artefacts.js';
import { type Built, pageName } from './build.js';
import type { Config } from './config.js';
import { hostUses } from './hosts.js';
import { escaped, type Paint } from './terminal.js';
import type { Relation, Verdict } from './verdict.js';

export type Written = {
  readonly folder: string;
  /** Of the page. */
  readonly raw: number;
  readonly gzip: number;
};

export function report(
  { config, verdicts, embedderVerdicts, files, clientIntegrity }: Built,
  written: Written,
  paint: Paint,
): string {
  const kB = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`;
  const width = Math.max(...hostUses.map(([name]) => name.length));
  return [
    paint.bold('Whose tabs each app is in lockstep with'),
    '',
    ...verdictTable('app', verdicts, paint),
    '',
    ...explanations(verdicts),
    '',
    ...embedderPart(embedderVerdicts, paint),
    paint.bold(`Wrote ${files.size} files to ${escaped(written.folder)}`),
    '',
    `  ${pageName} is the hub: ${kB(written.raw)}, ${kB(written.gzip)} as gzip. Deploy it so that ${config.hub.url}`,
    `  serves it, with ${fallbackName} beside it, and with the headers of your host's file:`,
    '',
    ...hostUses.map(([name, use]) => `    ${name.padEnd(width)}   ${use}`),
    '',
    ...providerPart(config, paint),
    paint.bold('In every app'),
    '',
    "  import { connect } from 'lockstep';",
    `  const session = connect({ hub: '${config.hub.url}' });`,
    '',
    paint.bold('In a page without a bundler'),
    '',
    `  <script src="${config.hub.url}${clientName}"></script>`,
    `  <script>const session = lockstep.connect({ hub: '${config.hub.url}' });</script>`,
    '',
    '  A copy on a server of yours can be held to its hash, which another version of Lockstep changes:',
    '',
    `    integrity="${clientIntegrity}" crossorigin`,
    '',
    paint.bold('Once it is deployed'),
    '',
    `  npx lockstep doctor ${config.hub.url}`,
    '',
  ].join('\n');
}

function providerPart({ hub, check }: Config, paint: Paint): readonly string[] {
  if (check === undefined || 'url' in check) return [];
  return [
    paint.bold('At the provider'),
    '',
    `  Register the public client ${escaped(check.clientId)} with this redirect URI, and no other right:`,
    '',
    `    ${hub.url}${callbackName}`,
    '',
    '  Its authorization endpoint is in the page. With this line in "check" no build has to ask for it:',
    '',
    `    "authorizationEndpoint": ${JSON.stringify(check.authorizationEndpoint)}`,
    '',
  ];
}

function embedderPart(verdicts: readonly Verdict[], paint: Paint): readonly string[] {
  if (verdicts.length === 0) return [];
  return [
    paint.bold('Below an embedder'),
    '',
    ...verdictTable('embedder', verdicts, paint),
    '',
    '  Browsers split storage by the topmost page. In such a frame an app is in lockstep with those whom both tables ' +
      'name.\n  An embedder itself has no right.',
    '',
  ];
}

function verdictTable(of: string, verdicts: readonly Verdict[], paint: Paint): readonly string[] {
  const rows = verdicts.map(({ origin, chromium, firefox, webkit }) => [origin, chromium, firefox, webkit]);
  const all = [[of, 'Chrome, Edge', 'Firefox', 'Safari'], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const [head = '', ...body] = all.map((row) =>
    `  ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('   ')}`.trimEnd(),
  );
  return [paint.dim(head), ...body];
}

const sentences: Readonly<Record<Relation, string>> = {
  'same-site':
    'Same-site apps share one session, and the scope is `shared`. Over plain http Safari splits ' +
    'storage by origin: only tabs of\n' +
    '  the same origin share one, and the scope is `partitioned`.',
  'other-scheme':
    'Http apps of an https hub: such a page is given nothing, so that tabs share a session only under the ' +
    'same http site (in Safari:\n' +
    '  origin), and the scope is `partitioned`.',
  'cross-site':
    'Cross-site apps: Chrome and Edge give the hub its storage at once where third-party cookies are ' +
    'allowed. Elsewhere, and in Firefox,\n' +
    '  the user must have used a page of the site of the hub, and press a button once ' +
    '(`session.requestScope`). Until then, and in Safari,\n' +
    '  tabs share a session only under the same site (in Safari: origin), and the scope is `partitioned`.',
  'own-scheme':
    'Apps of a scheme of their own (a native shell, an extension) have no site. In Chrome and Edge an extension ' +
    'shares one session with\n' +
    '  all. Elsewhere such pages share one with pages of their origin alone, and the scope is `partitioned`.',
};

function explanations(verdicts: readonly Verdict[]): readonly string[] {
  const present = new Set(verdicts.map(({ relation }) => relation));
  const order: readonly Relation[] = ['same-site', 'other-scheme', 'cross-site', 'own-scheme'];
  return order.filter((relation) => present.has(relation)).map((relation) => `  ${sentences[relation]}`);
}
