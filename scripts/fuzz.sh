#!/usr/bin/env bash
# Fuzzes the codec and the whole hub, one after the other, for a minute each:
#   npm run fuzz -- --seconds 600             for so long each; --hours 8
#   npm run fuzz -- --target hub              one of them
#   npm run fuzz -- --merge                   no fuzzing: replaces tests/fuzz/corpus by the smallest inputs that reach
#                                             what all known inputs reach
# What is found stays in build/fuzz/found, and the command fails.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/say.sh

targets=(codec hub)
seconds=60
merge=
while [ $# -gt 0 ]; do
  case "$1" in
    --seconds) seconds=$2 && shift 2 ;;
    --hours) seconds=$(($2 * 3600)) && shift 2 ;;
    --target) targets=("$2") && shift 2 ;;
    --merge) merge=1 && shift ;;
    *) fail "Not known: $1. Read the first lines of scripts/fuzz.sh." ;;
  esac
done

bash scripts/setup.sh
[ -e build/fuzz/build.ninja ] || cmake --preset fuzz >/dev/null
cmake --build --preset fuzz
mkdir -p build/fuzz/found

# Half of the time went to stacks of allocations and to libFuzzer's own statistics.
export ASAN_OPTIONS=malloc_context_size=2
# Longer inputs are rare, and cost the time of many short ones.
declare -A bytes_max=([codec]=9000 [hub]=800)
# The repository's corpus is small, so that it is read in seconds, and its inputs are short.
declare -A kept_bytes_max=([codec]=400 [hub]=300)

for target in "${targets[@]}"; do
  program=build/fuzz/tests/fuzz/fuzz_$target
  kept=tests/fuzz/corpus/$target
  grown=build/fuzz/corpus/$target
  mkdir -p "$grown" "$kept"
  if [ -n "$merge" ]; then
    rm -rf build/fuzz/merged && mkdir build/fuzz/merged
    "$program" -merge=1 -use_counters=0 -max_len="${kept_bytes_max[$target]}" build/fuzz/merged "$kept" "$grown"
    rm -rf "$kept" && mv build/fuzz/merged "$kept"
    continue
  fi
  say "Fuzzing: $target, $seconds s"
  "$program" "$grown" "$kept" -dict=tests/fuzz/words.dict -max_len="${bytes_max[$target]}" \
    -entropic=0 -max_total_time="$seconds" -artifact_prefix="build/fuzz/found/$target-" \
    -verbosity=0 -print_final_stats=1 ||
    fail "An input in build/fuzz/found breaks a promise. Mend it, and keep the input: CONTRIBUTING.md, \"Fuzzing\"."
done
