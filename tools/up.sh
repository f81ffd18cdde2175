#!/usr/bin/env bash
# up.sh STACK: goes from a bare machine to a cluster that has run a job. Finished steps are not repeated.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/lib.sh"

stack=$1
prepare "$stack"
# shellcheck disable=SC2119  # no targets: all resources
pulumi_up
tsx tools/check.ts
