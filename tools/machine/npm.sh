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
# An earlier version also wrote the marker where npm's configuration had left out the packages for development.
installed() { [ "$(cat "$mark" 2> /dev/null)" = "$lock" ] && [ -e node_modules/.bin/tsx ]; }
! installed || exit 0
one_at_a_time
! installed || exit 0
# The same packages in the same places, whatever NODE_ENV and the user's npmrc say. Nothing that a package brings runs at its
# installation.
progress "Installing npm packages" npm ci --ignore-scripts --no-audit --no-fund --include=dev --include=optional --include=peer \
    --bin-links --install-strategy=hoisted --location=project --no-global --no-dry-run --no-package-lock-only
printf '%s\n' "$lock" > "$mark"
