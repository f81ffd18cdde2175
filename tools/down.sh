#!/usr/bin/env bash
# down.sh STACK: takes the cluster away. Images stay as a cache, and so does the data: the next up finds it.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/lib.sh"

stack=$1
cd "$root"
tools/setup.sh
# shellcheck source=/dev/null
. <(tools/env.sh "$stack")
pulumi stack select "$stack" > /dev/null || fail "There is no stack $stack."
mapfile -t where < <(tsx tools/where.ts)
tools/engine.sh "${where[0]}"
tsx tools/sweep.ts
pulumi destroy --yes --skip-preview
tools/git.sh settle "Pulumi.$stack.yaml"
