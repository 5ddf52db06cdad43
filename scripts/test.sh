#!/usr/bin/env bash
# Sets up, builds, and runs every test. The last line counts them.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/say.sh
bash scripts/setup.sh
bash scripts/build.sh
mkdir -p build/results
rm -f build/results/*

say "Format, types and the repository's own rules"
bash scripts/format.sh --check
npx --no-install tsc --noEmit

say "Native tests, with sanitizers (the first build takes some minutes)"
[ -e build/native/build.ninja ] || cmake --preset native >/dev/null
cmake --build --preset native
ctest --preset native --parallel "$(nproc)" --progress --output-junit "$PWD/build/results/native.xml" | tail -n 5

# The corpus has run among the native tests. This looks for what is new, beyond it.
bash scripts/fuzz.sh --seconds 12

say "Unit tests, vectors and transcripts in Node"
npx --no-install vitest run --reporter=default --reporter=junit --outputFile.junit=build/results/unit.xml

say "The documentation site, every link of it"
bash scripts/docs.sh build

say "End to end in Chromium"
npx --no-install playwright test --config tests/e2e/playwright.config.ts

say "The same promises in Chromium, Firefox and WebKitGTK"
npx --no-install playwright test --config tests/engines/playwright.config.ts
node examples/run.mjs scripts/matrix.ts --check

say "Chaos in Chromium and Firefox, for a minute"
npx --no-install playwright test --config tests/chaos/playwright.config.ts

say "What SECURITY.md cites, and what docs/cases.md shows"
node scripts/check-proofs.mjs SECURITY.md build/results
node scripts/cases.mjs --check
node scripts/count-tests.mjs build/results/{native,unit,e2e,engines,chaos}.xml
