#!/usr/bin/env bash
# Lints the C++ that is compiled natively with clang-tidy: bash scripts/lint.sh, or with the paths of single sources.
# wasm/browser needs Emscripten's headers, which clang-tidy does not have.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/say.sh
command -v clang-tidy >/dev/null || fail "clang-tidy is missing. Run: npm run setup"
cmake --preset native >/dev/null
mkdir -p build/lint
# One command for each source of ours, though several targets compile it, without what only g++ reads.
node - "$@" >build/lint/sources <<'JS'
const fs = require('node:fs');
const path = require('node:path');
const wanted = process.argv.slice(2).map((name) => path.resolve(name));
const commands = new Map();
for (const entry of JSON.parse(fs.readFileSync('build/native/compile_commands.json', 'utf8'))) {
  const name = path.relative('.', entry.file);
  if (!/^(wasm|tests)\//.test(name) || commands.has(name)) continue;
  if (wanted.length && !wanted.includes(path.resolve(name))) continue;
  const command = entry.command.replace(/ -(Winvalid-pch|Wno-maybe-uninitialized|include \S*cmake_pch\S*)/g, '');
  commands.set(name, { ...entry, command });
}
fs.writeFileSync('build/lint/compile_commands.json', JSON.stringify([...commands.values()], null, 1));
console.log([...commands.keys()].join('\n'));
JS
# It counts on stderr what it suppressed in system headers.
xargs -P "$(nproc)" -n 1 clang-tidy -p build/lint --quiet <build/lint/sources 2> >(grep -v "warnings generated" >&2)
