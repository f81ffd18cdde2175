#!/usr/bin/env bash
# prune-images.sh STACK: removes this project's unused images from the stack's engine.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/lib.sh"

enter "$1"
"${client[@]}" image prune --all --force --filter label=spark-cluster.image
