#!/usr/bin/env bash
# prune-images.sh STACK: removes those of this project's images that no container uses, from the engine that a stack lives on.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/lib.sh"

enter "$1"
"${client[@]}" image prune --all --force --filter label=spark-cluster.image
