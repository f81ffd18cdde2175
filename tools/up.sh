#!/usr/bin/env bash
# up.sh STACK: everything from a bare machine to a cluster that has answered a job; nothing that is done already is done again.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/lib.sh"

stack=$1
enter "$stack" --create
tools/engine.sh "$host"
tools/base-image.sh "$host" "$base_image"
tsx tools/sweep.ts

log=$(mktemp)
trap 'rm -f "$log"' EXIT
status=0
pulumi up --yes --skip-preview --suppress-outputs 2>&1 | tee "$log" || status=$?
tools/git.sh settle "Pulumi.$stack.yaml"
if ((status != 0)); then
    tsx tools/explain.ts "$log"
    exit "$status"
fi
tsx tools/check.ts
