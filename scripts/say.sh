# What the scripts say to whoever runs them. Sourced, not run.
say() { printf '\n\033[1m▸ %s\033[0m\n' "$*"; }
fail() {
  printf '\n%s\n' "$*" >&2
  exit 1
}
