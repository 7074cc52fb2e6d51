# What every script shares, to be sourced first: the repository's root as the working folder, the folder of tools
# that we install ourselves, and one way to speak. Says nothing and installs nothing.
# shellcheck shell=bash
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Outside the repository, so that a fresh clone finds what an older one has built.
tools=${XDG_CACHE_HOME:-$HOME/.cache}/shopbell/tools
export PATH="$tools/bin:$PATH"

# A build that starts from nothing and is thrown away gains nothing from incremental files, and pays for them.
if [[ ${CI:-} ]]; then export CARGO_INCREMENTAL=0; fi

say() { printf '%s\n' "$*" >&2; }

die() {
  say "$@"
  exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }
