#!/usr/bin/env bash
# Chaos in real browsers: npm run chaos -- --seconds 600 --seed 7 --browser firefox
# One round again: npm run chaos -- --browser chromium --seed 7 --rounds 1
# Without --browser it runs in both at once.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/say.sh
bash scripts/setup.sh
bash scripts/build.sh
mkdir -p build/results

chosen=()
while [ $# -gt 0 ]; do
  case "$1" in
    --seconds) export CHAOS_SECONDS="${2:?--seconds needs a number}" ;;
    --seed) export CHAOS_SEED="${2:?--seed needs a number}" ;;
    --rounds) export CHAOS_ROUNDS="${2:?--rounds needs a number}" ;;
    --browser) chosen+=("--project=${2:?--browser needs chromium or firefox}") ;;
    *) fail "$1 is none of --seconds, --seed, --rounds and --browser." ;;
  esac
  shift 2
done

say "Chaos in real browsers"
npx --no-install playwright test --config tests/chaos/playwright.config.ts "${chosen[@]}"
