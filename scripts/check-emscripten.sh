#!/usr/bin/env bash
# Builds the module with the present Emscripten, runs the hub's tests with it, and compares the types that Emscripten
# writes for it with bridge-html/module.d.ts: `npm run check:emscripten -- DIR`. DIR holds Debian sid, or is made to
# hold it (1.3 GB, some minutes). Wants Debian and root; not a part of `npm test`.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/say.sh
folder=${1:-}
[ -n "$folder" ] ||
  fail "Name the folder that holds Debian sid, or is to hold it: npm run check:emscripten -- /var/tmp/sid"
bash scripts/build.sh

if [ ! -e "$folder/usr/bin/em++" ]; then
  command -v debootstrap >/dev/null || apt-get install -y -q --no-install-recommends debootstrap
  say "Installing Debian sid with Emscripten into $folder"
  debootstrap --variant=minbase --include=ca-certificates,emscripten,cmake,ninja-build,nlohmann-json3-dev sid "$folder"
fi

say "Building the module there"
work=$folder/lockstep
rm -rf "$work"
mkdir -p "$work/bin"
cp -r CMakeLists.txt CMakePresets.json cmake package.json wasm node_modules/typescript "$work"
printf '#!/bin/sh\nexec node /lockstep/typescript/bin/tsc "$@"\n' >"$work/bin/tsc"
chmod +x "$work/bin/tsc"
chroot "$folder" env -i PATH=/lockstep/bin:/usr/bin:/bin HOME=/root LDFLAGS='--emit-tsd hub.d.ts' bash -c '
  em++ --version | head -n 1
  cd /lockstep && cmake --preset wasm >/dev/null && cmake --build --preset wasm'

say "The hub's tests with that module"
before=$(mktemp -d)
made=(hub.js hub.wasm fallback.js)
(cd build/wasm && cp "${made[@]}" "$before")
trap 'cp "$before"/* build/wasm/; rm -r "$before"; bash scripts/build.sh >/dev/null' EXIT
(cd "$work/build/wasm" && cp "${made[@]}" "$OLDPWD/build/wasm")
npx --no-install vitest run tests/unit/hub

say "Its types"
cp "$work/build/wasm/hub.d.ts" build/wasm/emitted.d.ts
cat >build/wasm/emitted-types.ts <<'END'
import type { HubModule } from '../../bridge-html/module.js';
import type { MainModule } from './emitted.js';
declare const emitted: MainModule;
export const hub: HubModule = emitted;
export const names: Record<keyof HubModule, true> = {} as Record<keyof MainModule, true>;
export const emittedNames: Record<keyof MainModule, true> = {} as Record<keyof HubModule, true>;
END
npx --no-install tsc --noEmit --strict --module nodenext --target es2022 --skipLibCheck build/wasm/emitted-types.ts
echo "bridge-html/module.d.ts agrees."

say "Its size, in brotli"
node scripts/bundle.mjs
node -e "
  const { brotliCompressSync } = require('node:zlib');
  const { readFileSync, readdirSync } = require('node:fs');
  for (const name of readdirSync('dist/hub'))
    console.log(name, brotliCompressSync(readFileSync('dist/hub/' + name)).length);"
