#!/usr/bin/env bash
# Replays a transcript through the native core: `npm run replay -- FILE`. It is a file that the inspector has saved, or
# one of tests/transcripts. Ends with 1 where a hub does something else than the file has.
set -euo pipefail
file=$(realpath "${1:?Name the transcript: npm run replay -- FILE}")
cd "$(dirname "$0")/.."
source scripts/say.sh

[ -e build/native/build.ninja ] || cmake --preset native >/dev/null
say "Building the replay"
cmake --build --preset native --target replay
build/native/tests/native/replay "$file"
