#!/usr/bin/env bash
# Checks Node.js, and installs the npm packages of the lock file. A marker file next to them has the hash of the lock file that is completely
# installed.
set -euo pipefail
# shellcheck source=tools/machine/lib.sh
. "$(dirname "$0")/lib.sh"

node_version=$(node --version 2> /dev/null) || fail "Node.js is missing: install version 20.19 or newer, with npm."
[ "$(printf 'v20.19\n%s\n' "$node_version" | sort --version-sort | head -n 1)" = v20.19 ] ||
    fail "Node.js $node_version is too old: install version 20.19 or newer."
command -v npm > /dev/null || fail "npm is missing: install Node.js 20 or newer, which brings it."
cd "$root"
mark=node_modules/.complete
lock=$(cat package.json package-lock.json .npmrc | sha256sum)
installed() { [ "$(cat "$mark" 2> /dev/null)" = "$lock" ]; }
! installed || exit 0
one_at_a_time
! installed || exit 0
# Nothing that a package brings runs at its installation.
progress "Installing npm packages" npm ci --ignore-scripts --no-audit --no-fund
printf '%s\n' "$lock" > "$mark"
