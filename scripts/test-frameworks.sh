#!/usr/bin/env bash
# Builds the example apps of the frameworks by their own tools and drives them in Chromium: npm run test:frameworks, or
# some of them: npm run test:frameworks -- -g "vite-vue|next". It needs the registry, and is no part of npm test.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/say.sh
bash scripts/setup.sh
bash scripts/build.sh
mkdir -p build/results

say "The example apps of the frameworks"
npx --no-install playwright test --config tests/frameworks/playwright.config.ts "$@"
