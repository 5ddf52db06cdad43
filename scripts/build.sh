#!/usr/bin/env bash
# Builds dist/: the hub's module and script, the client with its types, the command line. Quick when nothing changed.
# Installs nothing; `npm run setup` does.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/say.sh
bash scripts/check-tools.sh

# Debian's Emscripten looks for acorn to shrink the script, and for the node that the build uses.
export NODE_PATH="$PWD/node_modules" EM_NODE_JS
EM_NODE_JS=$(command -v node)

say "Building the hub's module"
[ -e build/wasm/build.ninja ] || cmake --preset wasm >/dev/null
cmake --build --preset wasm

say "Bundling the hub's script, the client and the command line"
node scripts/bundle.mjs
npx --no-install tsc -p js-glue/client/tsconfig.json
npx --no-install tsc -p js-glue/tsconfig.parts.json
npx --no-install tsc -p js-glue/server/tsconfig.json
chmod +x dist/cli/main.js
# npm packs files with their rights, and those must not depend on the umask of whoever builds.
chmod -R u=rwX,go=rX dist
