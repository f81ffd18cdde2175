#!/usr/bin/env bash
# pin.sh STACK: holds the stack's base image to the digest that its registry keeps its tag by today. Again, it moves on to that of the day.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/lib.sh"

stack=$1
enter "$stack" --create
[ "$image_source" = build ] || fail "Stack $stack pulls its images, whose digests images.lock.json has: make pin is for a stack that builds them."
tools/engine.sh "$engine" "$host" "${client[@]}"
say "Asking for the digest of ${base_image%@*} ..."
pinned=$(tsx tools/pin.ts)
if [ "$pinned" = "$base_image" ]; then
    say "It is the one that stack $stack has: $pinned"
    exit
fi
pulumi config set baseImage "$pinned"
say "Stack $stack builds on $pinned from its next make up on."
