#!/usr/bin/env bash
# logs.sh STACK [ROLE]: prints the logs of a role's containers, or of all containers; with several containers, each line begins
# with the container's name. FOLLOW=1 follows the logs.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/lib.sh"

stack=$1
role=${2-}
enter "$stack"
if [ "$target" = swarm ]; then
    logs=("${client[@]}" service logs)
    mapfile -t names < <("${client[@]}" service ls --format '{{.Name}}' --filter "label=spark-cluster.stack=$stack" \
        --filter "label=spark-cluster.role${role:+=$role}" | sort)
else
    logs=("${client[@]}" logs)
    mapfile -t names < <("${client[@]}" ps --all --format '{{.Names}}' --filter "label=spark-cluster.stack=$stack" \
        --filter "label=spark-cluster.role${role:+=$role}" | sort --version-sort)
fi
((${#names[@]} > 0)) || fail "Stack $stack has no container${role:+ of the role $role}. make status shows what there is."

[ "${FOLLOW-}" != 1 ] || logs+=(--follow)
((${#names[@]} > 1)) || exec "${logs[@]}" "${names[0]}"
for name in "${names[@]}"; do
    "${logs[@]}" "$name" 2>&1 | sed --unbuffered "s/^/${name#"spark-cluster-$stack-"} | /" &
    [ "${FOLLOW-}" = 1 ] || wait
done
wait
