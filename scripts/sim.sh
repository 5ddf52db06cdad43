#!/usr/bin/env bash
# Runs the simulator: npm run sim -- --seeds 100000, or one seed again: npm run sim -- --seed 42
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/say.sh
bash scripts/setup.sh
[ -e build/native/build.ninja ] || cmake --preset native >/dev/null
cmake --build --preset native --target sim
exec build/native/tests/sim/sim "$@"
