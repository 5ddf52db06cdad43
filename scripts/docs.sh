#!/usr/bin/env bash
# The documentation site: `dev` serves it while somebody writes, `build` writes it to build/docs. Needs a build, for the
# reference is made from its types.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/say.sh

[ -e dist/client/index.d.ts ] || bash scripts/build.sh
node scripts/reference.mjs
npx --no-install vitepress "${1:-dev}" docs
