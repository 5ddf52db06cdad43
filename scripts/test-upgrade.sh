#!/usr/bin/env bash
# Builds an earlier commit beside this one and runs both in one browser: tests/upgrade. The first argument names the
# commit; without it that is the last release, or as long as there is none, the commit that this test was written after.
# Further arguments go to Playwright.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/say.sh

first=8a4ef1fb64
case "${1:-}" in
  '' | -*) ref=$(git describe --tags --abbrev=0 2>/dev/null || echo "$first") ;;
  *) ref=$1 && shift ;;
esac
commit=$(git rev-parse --verify --quiet "$ref^{commit}") || fail "There is no commit $ref."
export LOCKSTEP_OLDER="$PWD/build/upgrade/$commit"

if [ ! -e "$LOCKSTEP_OLDER/dist/cli/main.js" ]; then
  say "Building $ref beside this commit (some minutes, once)"
  rm -rf "$LOCKSTEP_OLDER"
  mkdir -p "$LOCKSTEP_OLDER"
  git archive "$commit" | tar -x -C "$LOCKSTEP_OLDER"
  ln -s "$PWD/node_modules" "$LOCKSTEP_OLDER/node_modules"
  # So that a test sees which of the two it has.
  sed -i -E 's/^(  "version": ")([^"]*)"/\1\2-older"/' "$LOCKSTEP_OLDER/package.json"
  bash "$LOCKSTEP_OLDER/scripts/build.sh"
fi
[ -e dist/hub/hub.html ] || bash scripts/build.sh

say "An app and a hub of $ref, and those of now, together"
npx --no-install playwright test --config tests/upgrade/playwright.config.ts "$@"
