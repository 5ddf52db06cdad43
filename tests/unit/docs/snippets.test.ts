// What the README shows is run: its TypeScript is compiled against the package's own types, its configuration goes
// through the command line's check, the files and commands it names exist, and its figures are the ones that are
// tested.

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { hostUses } from '../../../js-glue/cli/hosts.js';
import { files } from '../repository/tree.js';
import { blocks, textOf } from './blocks.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));

// What an app has of its own, and the snippets only name.
const surroundings = `
  import { connect, followLogin, type Json, type LockstepError, returnWhenSignedIn, withSession } from 'lockstep';
  import type { User, UserManager } from 'oidc-client-ts';
  declare const user: User;
  declare const manager: UserManager;
  declare function render(snapshot: unknown): void;
  declare function dropTokens(reason: string): void;
  declare const popOuts: readonly Window[];
  declare function greet(subject: string | undefined): void;
  declare function warn(idleAt: number): void;
  declare function warnOffline(): void;
  declare const fetchWithToken: typeof fetch;
  declare const offerButton: HTMLElement;
  declare function explain(upgrade: string): void;
`;

function faultsOf(program: string): readonly string[] {
  const path = join(root, 'readme-snippets.tsx');
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    paths: {
      lockstep: [join(root, 'dist/client/index.d.ts')],
      'lockstep/adapters/*': [join(root, 'dist/adapters/*.d.ts')],
      'lockstep/*': [join(root, 'dist/*/index.d.ts')],
    },
    types: [],
    jsx: ts.JsxEmit.ReactJSX,
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile } = host;
  host.getSourceFile = (name, ...rest) =>
    name === path
      ? ts.createSourceFile(name, program, ts.ScriptTarget.ES2022)
      : getSourceFile.call(host, name, ...rest);
  const compiled = ts.createProgram([path], options, host);
  return ts
    .getPreEmitDiagnostics(compiled)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

/** Of a document; what `surroundings` imports already is not imported again. */
const snippetsOf = (path: string) =>
  blocks(path, 'ts').map((text) => text.replace(/^import .* from 'lockstep';$/m, '').replace(/^export /gm, ''));

test('the TypeScript of the README compiles', () => {
  const snippets = snippetsOf('README.md');
  expect(snippets.length).toBeGreaterThanOrEqual(3);
  expect(faultsOf(surroundings + snippets.join('\n'))).toEqual([]);
  expect(faultsOf(`${surroundings}\nconnect({ hub: 'https://hub.acme.com/' }).getSnapshot().nothing;`)).not.toEqual([]);
});

test('the TypeScript of the guide to adapters compiles', () => {
  const snippets = snippetsOf('docs/adapters.md').map((text) => text.replace(/^import { UserManager.*$/m, ''));
  expect(snippets.length).toBeGreaterThanOrEqual(5);
  const ofGuide = `
    import { UserManager as Manager } from 'oidc-client-ts';
    import type { LoginAdapter } from 'lockstep';
    declare function isSignedIn(): Promise<boolean>;
    declare function leaveForLogout(): Promise<void>;
    declare const publishableKey: string;
    declare const firebaseApp: import('@firebase/app').FirebaseApp;
  `;
  const program = snippets
    .join('\n')
    .replaceAll('new UserManager(', 'new Manager(')
    .replace("'firebase/auth'", "'@firebase/auth'");
  expect(faultsOf(surroundings + ofGuide + program)).toEqual([]);
});

const angularsOwn = `
  import type { Type } from '@angular/core';
  declare const App: Type<unknown>, Welcome: Type<unknown>, Orders: Type<unknown>;
`;
const vuesOwn = `
  declare const App: import('vue').Component;
  declare const routes: readonly import('vue-router').RouteRecordRaw[];
`;

const bindings = [
  ['docs/angular.md', 'ts', 2, angularsOwn],
  ['docs/lit.md', 'ts', 1, ''],
  ['docs/preact.md', 'tsx', 1, '/** @jsxImportSource preact */'],
  ['docs/react.md', 'tsx', 4, ''],
  ['docs/solid.md', 'tsx', 1, '/** @jsxImportSource solid-js */'],
  ['docs/svelte.md', 'ts', 2, ''],
  ['docs/vue.md', 'ts', 3, vuesOwn],
] as const;

test.each(bindings)('the TypeScript of %s compiles', (path, language, count, own) => {
  // The files of a guide are compiled as one.
  const snippets = blocks(path, language).map((text) => text.replace(/^import .* from '(lockstep|\.\/.+)';$/gm, ''));
  expect(snippets).toHaveLength(count);
  const program = `${own}\nimport { connect, followLogin } from 'lockstep';\n${snippets.join('\n')}`;
  expect(faultsOf(program)).toEqual([]);
});

const own = 'declare function accountMenu(session: unknown): HTMLElement; declare function showLogin(): void;';

const guides = [
  ['docs/inspector.md', 2],
  ['docs/testing.md', 3],
  ['docs/migrate.md', 1],
] as const;

test.each(guides)('the TypeScript of %s compiles', (path, count) => {
  const snippets = blocks(path, 'ts');
  expect(snippets).toHaveLength(count);
  expect(faultsOf(`${own}\n${snippets.join('\n')}`)).toEqual([]);
});

test('the guide to deploying names every file that is written for a host', () => {
  expect(hostUses.map(([name]) => name).filter((name) => !textOf('docs/deploy.md').includes(`\`${name}\``))).toEqual(
    [],
  );
});

test('the TypeScript of the guide to push compiles', () => {
  const snippets = blocks('docs/push.md', 'ts').map((text) => text.replace(/^export /gm, ''));
  expect(snippets).toHaveLength(2);
  const given = 'declare const sessions: { find(cookie: string | null): Promise<{ subject: string } | null> };';
  expect(faultsOf(`${given}\n${snippets.join('\n')}`)).toEqual([]);
});

const documents = files.filter((path) =>
  /^(\w+|docs\/.*|(examples|tests\/(transcripts|vectors))\/README)\.md$/.test(path),
);

const topFolders = [...new Set(files.flatMap((file) => /^[\w-]+(?=\/)/.exec(file) ?? []))];
// Of Emscripten's own; and a folder that is made when something has been found.
const notHere = ['emsdk_env.sh', 'tests/fuzz/found/codec'];

test.each([
  ['ts', 2],
  ['tsx', 1],
] as const)('each file of the first app compiles: %s', (language, count) => {
  const files = blocks('docs/first-app.md', language);
  expect(files).toHaveLength(count);
  const session = `
      declare const manager: import('oidc-client-ts').UserManager;
      declare const session: import('lockstep').Session;
    `;
  const faults = files.map((text) => faultsOf(text.replace(/^import .* from '.\/session';$/m, session)));
  expect(faults.flat()).toEqual([]);
});

test('every document with TypeScript is one of those above', () => {
  const apart = ['README.md', 'docs/adapters.md', 'docs/first-app.md', 'docs/push.md'];
  const compiled = [...apart, ...[...bindings, ...guides].map(([path]) => path)];
  // Written from the types, and compared with them.
  const shown = documents.filter((path) => path !== 'docs/public-types.md' && /^```tsx?$/m.test(textOf(path)));
  expect(shown.sort()).toEqual(compiled.sort());
});

test('every part that is imported beside the client has a guide', () => {
  const { exports } = JSON.parse(textOf('package.json'));
  const parts = Object.keys(exports).flatMap((name) => /^\.\/([\w-]+)$/.exec(name)?.[1] ?? []);
  const shown = documents
    .filter((path) => path.startsWith('docs/'))
    .map(textOf)
    .join('\n');
  expect(parts.filter((name) => name !== 'iife' && !shown.includes(`lockstep/${name}`))).toEqual([]);
});

describe.each(documents)('%s', (path) => {
  test('names only files that exist', () => {
    const links = [...textOf(path).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, target]) => target ?? '');
    // Pages that are made when the site is built: that fails at a link which leads nowhere.
    const written = links.filter((target) => !target.startsWith('reference/'));
    expect(written.filter((target) => !existsSync(join(root, dirname(path), target)))).toEqual([]);
  });

  // In ARCHITECTURE and CONTRIBUTING a path may begin anywhere: `client/types.ts`, `decide_*.cpp`.
  const isAnywhere = /^(ARCHITECTURE|CONTRIBUTING)\.md$/.test(path);
  const isFile = /^(?!(build|dist)\/)[\w./*-]+\.(\*|ts|mts|mjs|js|[ch]pp|md|json|html|sh|txt)$/;

  test('names only paths that exist', () => {
    const named = [...textOf(path).matchAll(/`([^`\n]+)`/g)]
      .flatMap(([, text = '']) => text.split(' '))
      .filter((name) => topFolders.some((folder) => name.startsWith(`${folder}/`)) || (isAnywhere && isFile.test(name)))
      .filter((name) => !notHere.includes(name));
    const isMissing = (name: string) => {
      const pattern = name.replace(/\/$/, '').replaceAll('.', '\\.').replaceAll('*', '[^/]*');
      const found = new RegExp(`${isAnywhere ? '(^|/)' : '^'}${pattern}(/|$)`);
      return !files.some((file) => found.test(file));
    };
    expect([...new Set(named)].filter(isMissing)).toEqual([]);
  });

  test('names only npm scripts that exist', () => {
    const { scripts } = JSON.parse(textOf('package.json'));
    const named = [...textOf(path).matchAll(/npm (?:run )?(start|test|build|bench|fuzz|format|setup|\w+:\w+)\b/g)].map(
      ([, name]) => name ?? '',
    );
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});
