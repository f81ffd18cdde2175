#!/usr/bin/env bash
# release.sh STACK: pushes the images to the stack's registry, and publishes the npm package, which has their digests. npm's own
# configuration names the npm registry.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/lib.sh"

cd "$root"
# shellcheck disable=SC2016  # JavaScript
package=$(node -p 'const { name, version } = require("./package.json"); `${name}@${version}`')
npm whoami > /dev/null 2>&1 || fail "npm has no login for its registry: npm login"
[ -z "$(npm view "$package" version 2> /dev/null)" ] || fail "$package is published already. Give this one another version: npm version patch"
tools/publish.sh "$1"
npm publish
say "$package is published, with the digests of its images."
