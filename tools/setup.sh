#!/usr/bin/env bash
# Installs everything that `pulumi up` needs on this machine, except an engine. A finished step does nothing; the next call
# finishes an interrupted one.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/lib.sh"

node_version=$(node --version 2> /dev/null) || fail "Node.js is missing: install version 20.19 or newer, with npm."
[ "$(printf 'v20.19\n%s\n' "$node_version" | sort --version-sort | head -n 1)" = v20.19 ] ||
    fail "Node.js $node_version is too old: install version 20.19 or newer."
"$root/tools/npm.sh"
"$root/tools/pulumi.sh"
"$root/tools/git.sh" setup
