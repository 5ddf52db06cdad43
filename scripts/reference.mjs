// Writes docs/reference/: a page for every entry point of the package, from the docstrings of the types that it ships.
// Needs a build. An entry point is found in `exports` of package.json, so that a new one has its page by itself.
import { readFileSync, rmSync } from 'node:fs';
import { Application, ReflectionKind } from 'typedoc';

const root = new URL('..', import.meta.url).pathname;
const { name, exports } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));

/** What an app imports, by the name that TypeDoc gives the file of its types: the path below dist/. */
const imports = new Map();
const entryPoints = [];
for (const [path, { types }] of Object.entries(exports)) {
  if (!types) continue;
  entryPoints.push(root + types.slice(2));
  imports.set(types.replace(/^\.\/dist\/(.*?)(\/index)?\.d\.ts$/, '$1'), name + path.slice(1));
}

const app = await Application.bootstrapWithPlugins({
  plugin: ['typedoc-plugin-markdown'],
  entryPoints,
  outputs: [{ name: 'markdown', path: `${root}docs/reference` }],
  tsconfig: `${root}docs/.vitepress/tsconfig.reference.json`,
  // A peer that is not installed has no types; what is for it is written all the same.
  skipErrorChecking: true,
  disableGit: true,
  disableSources: true,
  excludeExternals: true,
  readme: 'none',
  logLevel: 'Warn',
  treatWarningsAsErrors: true,
  // Of the plugin: a page for each entry point, in the form that a site wants.
  outputFileStrategy: 'modules',
  modulesFileName: 'index',
  entryFileName: 'index',
  flattenOutputFiles: true,
  hideBreadcrumbs: true,
  hidePageHeader: true,
  useCodeBlocks: true,
  expandObjects: true,
  parametersFormat: 'table',
  // As lists they have headings, and `LockstepError.code` would take the anchor of `LockstepErrorCode`.
  classPropertiesFormat: 'table',
  groupOrder: ['Functions', 'Variables', '*'],
});
const project = await app.convert();
if (!project) throw new Error('The types could not be read.');
project.name = 'Reference';
for (const module of project.children) module.name = imports.get(module.name) ?? module.name;
// TypeDoc has no name for a parameter that a function takes apart at once.
for (const parameter of project.getReflectionsByKind(ReflectionKind.Parameter)) {
  if (parameter.name === '__namedParameters') parameter.name = 'options';
}
rmSync(`${root}docs/reference`, { recursive: true, force: true });
await app.generateOutputs(project);
if (app.logger.hasErrors() || app.logger.hasWarnings()) process.exit(1);
