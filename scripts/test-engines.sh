#!/usr/bin/env bash
# Runs the suite of engines: npm run test:engines, or a part of it: npm run test:engines -- --engine firefox -g "logout"
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/say.sh
bash scripts/setup.sh
bash scripts/build.sh
mkdir -p build/results

chosen=()
while [ $# -gt 0 ]; do
  case "$1" in
    --engine)
      chosen+=("--project=${2:?--engine needs chromium, firefox or webkit}")
      shift 2
      ;;
    *)
      chosen+=("$1")
      shift
      ;;
  esac
done

say "The same promises in Chromium, Firefox and WebKitGTK"
npx --no-install playwright test --config tests/engines/playwright.config.ts "${chosen[@]}"
