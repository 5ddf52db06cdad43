#!/usr/bin/env bash
# Fails where a tool of the build is missing, and says what installs it. Installs nothing: `npm pack` builds, and
# whoever packs has not asked for new packages on the machine.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/say.sh

missing=()
for tool in node cmake ninja; do
  command -v "$tool" >/dev/null || missing+=("$tool")
done
command -v em++ >/dev/null || [ -n "${EMSDK:-}" ] || missing+=("em++ (Emscripten)")
[ -e /usr/include/nlohmann/json.hpp ] || [ -e /usr/local/include/nlohmann/json.hpp ] || missing+=("nlohmann/json.hpp")
[ -e node_modules/esbuild ] || missing+=("node_modules")
if [ ${#missing[@]} -gt 0 ]; then
  printf -v list '%s, ' "${missing[@]}"
  fail "The build needs what is not here: ${list%, }. To install it all: npm run setup"
fi
