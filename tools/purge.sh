#!/usr/bin/env bash
# purge.sh STACK: deletes the data that a stack left, after a confirmation; YES=1 confirms in scripts.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/lib.sh"

stack=$1
enter "$stack"

[ -z "$("${client[@]}" ps --all --quiet --filter "label=spark-cluster.stack=$stack")" ] || fail "Stack $stack still has containers: make down first."
mapfile -t volumes < <("${client[@]}" volume ls --quiet --filter "label=spark-cluster.stack=$stack")
((${#volumes[@]} > 0)) || fail "Stack $stack has left no data on $host."
say "This deletes notebooks, files and settings of stack $stack for good: ${volumes[*]}"
if [ "${YES-}" != 1 ]; then
    read -r -p "Type the stack's name to go on: " answer
    [ "$answer" = "$stack" ] || fail "Nothing was deleted."
fi
"${client[@]}" volume rm "${volumes[@]}"
