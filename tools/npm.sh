#!/usr/bin/env bash
# Installs the npm packages of the lock file. A marker file next to them has the hash of the lock file that is completely
# installed.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/lib.sh"

command -v npm > /dev/null || fail "npm is missing: install Node.js 20 or newer, which brings it."
cd "$root"
mark=node_modules/.complete
lock=$(cat package.json package-lock.json .npmrc | sha256sum)
[ "$(cat "$mark" 2> /dev/null)" = "$lock" ] && exit 0
# Nothing that a package brings runs at its installation.
progress "Installing npm packages" npm ci --ignore-scripts --no-audit --no-fund
printf '%s\n' "$lock" > "$mark"
