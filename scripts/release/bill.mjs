// The software bill of materials, CycloneDX 1.5: what of others is in the published files. npm lists what is installed;
// kept of that is what a bundle really holds, which esbuild names in a comment beside each file. The module's parts are
// no npm packages and are added by hand: nlohmann/json, and Emscripten, whose C and C++ libraries are linked.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * `tree`: built, with its packages, in a folder named like the package, for npm takes the name from there. `tarball`:
 * its SHA-256 in hex. `at`: the time of the commit. Nothing else goes in, so two bills of one commit are the same.
 */
export function billOf(tree, { tarball, at }) {
  const options = { cwd: tree, encoding: 'utf8', maxBuffer: 100_000_000 };
  const bill = JSON.parse(execFileSync('npm', ['sbom', '--sbom-format', 'cyclonedx'], options));
  // Of one package two versions may be installed, and one of them bundled.
  const refs = [...bundledIn(readFileSync(join(tree, 'dist/cli/main.js'), 'utf8'))].map((path) => {
    const { name, version } = JSON.parse(readFileSync(join(tree, path, 'package.json'), 'utf8'));
    return `${name}@${version}`;
  });
  const installed = bill.components.filter((each) => refs.includes(each['bom-ref']));
  const missing = refs.filter((ref) => !installed.some((each) => each['bom-ref'] === ref));
  if (missing.length > 0) throw new Error(`A bundle holds what npm does not list: ${missing.join(', ')}.`);
  const all = [...installed.map(asShipped), ...nativeComponents(tree)];
  const root = { ...bill.metadata.component, hashes: [{ alg: 'SHA-256', content: tarball }] };
  return {
    ...bill,
    serialNumber: `urn:uuid:${uuidOf(tarball)}`,
    metadata: { ...bill.metadata, timestamp: at, component: root },
    components: all,
    dependencies: [{ ref: root['bom-ref'], dependsOn: all.map((each) => each['bom-ref']) }],
  };
}

/** npm calls them required by development alone; where they are in a bundle, they are shipped. */
const asShipped = ({ properties: _, ...component }) => ({ ...component, scope: 'required' });

/** The paths of the packages whose files a bundle holds: `node_modules/commander`. */
export function bundledIn(bundle) {
  const files = bundle.matchAll(/^ *\/\/ (node_modules\/\S*)$/gm);
  return new Set([...files].map(([, path]) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0]));
}

function nativeComponents(tree) {
  const macros = execFileSync('g++', ['-x', 'c++', '-dM', '-E', '-'], {
    input: '#include <nlohmann/json.hpp>\n',
    encoding: 'utf8',
    maxBuffer: 10_000_000,
  });
  const part = (name) => new RegExp(`#define NLOHMANN_JSON_VERSION_${name} (\\d+)`).exec(macros)?.[1];
  const cache = readFileSync(join(tree, 'build/wasm/CMakeCache.txt'), 'utf8');
  const [, compiler] = /^LOCKSTEP_EMXX:FILEPATH=(.*)$/m.exec(cache) ?? [];
  const emscripten = execFileSync(compiler, ['--version'], { encoding: 'utf8' });
  return [
    native('nlohmann/json', `${part('MAJOR')}.${part('MINOR')}.${part('PATCH')}`, 'v'),
    native('emscripten-core/emscripten', /(\d+\.\d+\.\d+)/.exec(emscripten)?.[1], ''),
  ];
}

function native(name, version, prefix) {
  if (!/^\d+\.\d+\.\d+$/.test(version ?? '')) throw new Error(`The version of ${name} is not known: ${version}.`);
  const purl = `pkg:github/${name}@${prefix}${version}`;
  const licenses = [{ license: { id: 'MIT' } }];
  return { 'bom-ref': purl, type: 'library', name, version, scope: 'required', purl, licenses };
}

/** A name-based UUID (RFC 9562, section 5.8) from a hash. */
function uuidOf(hash) {
  const digits = `${hash.slice(0, 12)}8${hash.slice(13, 16)}8${hash.slice(17, 32)}`;
  return digits.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5');
}
