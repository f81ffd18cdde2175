#!/usr/bin/env bash
# up.sh STACK: everything from a bare machine to a cluster that has answered a job; nothing that is done already is done again.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/lib.sh"

stack=$1
prepare "$stack"
# shellcheck disable=SC2119  # of all, whatever this script was called with
pulumi_up
tsx tools/check.ts
