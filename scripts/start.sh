#!/usr/bin/env bash
# Sets up, builds, and runs the demo: an OpenID Provider and three micro-apps on three origins.
set -euo pipefail
cd "$(dirname "$0")/.."
bash scripts/setup.sh
bash scripts/build.sh
exec node examples/run.mjs "$@"
