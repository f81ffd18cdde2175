#!/usr/bin/env bash
# down.sh STACK: tears the cluster down. Images stay as a cache; the data stays too, and the next up finds it.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/lib.sh"

stack=$1
enter "$stack"
tools/engine.sh "$engine" "$host" "${client[@]}"
tsx tools/sweep.ts
pulumi destroy --yes --skip-preview
tools/git.sh settle "Pulumi.$stack.yaml"
