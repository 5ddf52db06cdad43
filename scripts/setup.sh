#!/usr/bin/env bash
# Installs what the build and the tests need, Debian packages and npm packages, and further Debian packages that are
# named as arguments. Safe to repeat; does nothing when all is there.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/say.sh

node_major=$(node --version 2>/dev/null | sed -E 's/^v([0-9]+).*/\1/' || true)
if [ "${node_major:-0}" -lt 20 ]; then
  found=$(node --version 2>/dev/null || echo none)
  fail "Node.js 20 or later is needed (found: $found). Install it and run this again."
fi

# package → what it is for
packages=(
  g++ cmake ninja-build    # the native build
  nlohmann-json3-dev       # JSON in the codec
  catch2 librapidcheck-dev # native tests
  clang-format clang-tidy  # the format check and the linter
  clang libclang-rt-dev    # the fuzzers
  chromium                 # the browser tests
  firefox-esr              # the tests in three engines
  webkit2gtk-driver xvfb   # the third, which needs a screen
  redis-server nats-server # the push server over several nodes
)
# the WebAssembly build, unless another Emscripten is there
command -v em++ >/dev/null || [ -n "${EMSDK:-}" ] || packages+=(emscripten)
packages+=("$@")

missing=()
for package in "${packages[@]}"; do
  status=$(dpkg-query --show --showformat='${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$status" = installed ] || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
  if ! command -v apt-get >/dev/null; then
    fail "These Debian packages are needed, and there is no apt-get here: ${missing[*]}." \
      "Install them with your system's package manager and run this again."
  fi
  if [ "$(id -u)" -ne 0 ]; then
    fail "Run this as root once, or install by hand: sudo apt-get install --no-install-recommends ${missing[*]}"
  fi
  say "Installing ${missing[*]} (about a gigabyte with a browser and a compiler; some minutes on a slow line)"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -q
  apt-get install -y -q --no-install-recommends "${missing[@]}"
fi

installed=node_modules/.lockstep-installed
if [ ! -e "$installed" ] || [ package-lock.json -nt "$installed" ]; then
  say "Installing npm packages"
  npm ci --no-audit --no-fund --loglevel=error
  touch "$installed"
fi
