#!/usr/bin/env bash
# Formats everything, or with --check says what is not formatted.
set -euo pipefail
cd "$(dirname "$0")/.."
mapfile -t sources < <(git ls-files --cached --others --exclude-standard '*.cpp' '*.hpp')
if [ "${1:-}" = --check ]; then
  clang-format --dry-run --Werror "${sources[@]}"
  npx --no-install biome check --error-on-warnings .
else
  clang-format -i "${sources[@]}"
  npx --no-install biome check --write .
fi
