#!/usr/bin/env bash
# publish.sh STACK: builds the stack's missing images and pushes all of them to its registry. Published images are not part of the
# stack, so no destroy deletes them.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/lib.sh"

stack=$1
enter "$stack" --create
[ "$image_source" = build ] || fail "Stack $stack pulls its images. Publish from a stack that builds them: make publish STACK=..."
[ -n "$image_registry" ] || fail "There is no registry to publish to: pulumi config set imageRegistry registry.example.com/team"
tools/build.sh "$stack"
tsx tools/publish.ts
