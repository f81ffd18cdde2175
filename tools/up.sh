#!/usr/bin/env bash
# up.sh STACK: everything from a bare machine to a cluster that has answered a job; nothing that is done already is done again.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/lib.sh"

stack=$1
cd "$root"
tools/setup.sh
# shellcheck source=/dev/null
. <(tools/env.sh "$stack")
pulumi stack select --create "$stack" > /dev/null
mapfile -t where < <(tsx tools/where.ts)
tools/engine.sh "${where[0]}"
tools/base-image.sh "${where[0]}" "${where[1]}"
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
