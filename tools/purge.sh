#!/usr/bin/env bash
# purge.sh STACK: deletes the data that a stack left, after a question; YES=1 is the answer of a script.
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
engine() { docker --host "${where[0]}" "$@"; }

[ -z "$(engine ps --all --quiet --filter "label=spark-cluster.stack=$stack")" ] || fail "Stack $stack still has containers: make down first."
mapfile -t volumes < <(engine volume ls --quiet --filter "label=spark-cluster.stack=$stack")
((${#volumes[@]} > 0)) || fail "Stack $stack has left no data on ${where[0]}."
say "This deletes notebooks, files and settings of stack $stack for good: ${volumes[*]}"
if [ "${YES-}" != 1 ]; then
    read -r -p "Type the stack's name to go on: " answer
    [ "$answer" = "$stack" ] || fail "Nothing was deleted."
fi
engine volume rm "${volumes[@]}"
