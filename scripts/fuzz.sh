#!/usr/bin/env bash
# Fuzzes the codec for a minute, or as libFuzzer's own flags say: npm run fuzz -- -max_total_time=600
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/say.sh
bash scripts/setup.sh
runtime='/usr/lib/llvm-*/lib/clang/*/lib/linux/libclang_rt.fuzzer-*.a'
if ! command -v clang++ >/dev/null || ! compgen -G "$runtime" >/dev/null; then
  fail "Fuzzing needs clang and its runtime: apt-get install clang libclang-rt-14-dev"
fi
cmake --preset fuzz >/dev/null
cmake --build --preset fuzz
mkdir -p build/fuzz/corpus
exec build/fuzz/tests/fuzz/fuzz_codec build/fuzz/corpus -max_total_time=60 -max_len=9000 "$@"
