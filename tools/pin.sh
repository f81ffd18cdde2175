#!/usr/bin/env bash
# pin.sh STACK: pins the stack's base image to the digest that its tag has in the registry now. Another run moves the pin to the
# digest of that day.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/lib.sh"

stack=$1
enter "$stack" --create
[ "$image_source" = build ] || fail "Stack $stack pulls its images, whose digests are in images.lock.json: make pin is for a stack that builds its images."
tools/engine.sh "$engine" "$host" "${client[@]}"
say "Querying the digest of ${base_image%@*} ..."
pinned=$(tsx tools/pin.ts)
if [ "$pinned" = "$base_image" ]; then
    say "It is the one that stack $stack has: $pinned"
    exit
fi
pulumi config set baseImage "$pinned"
say "From its next make up on, stack $stack builds on $pinned."
