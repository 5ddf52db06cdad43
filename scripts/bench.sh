#!/usr/bin/env bash
# Sets up, builds, and measures. Takes about fifteen minutes; with --quick about two. Figures mean little on a busy
# machine.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/say.sh
bash scripts/setup.sh nginx-light libnginx-mod-nchan # push is compared with it
bash scripts/build.sh

say "Building the native benchmark"
[ -e build/bench/build.ninja ] || cmake --preset bench >/dev/null
cmake --build --preset bench

say "Measuring"
node examples/run.mjs tests/bench/bench.ts "$@"
