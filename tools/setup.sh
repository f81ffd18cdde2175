#!/usr/bin/env bash
# Everything that `pulumi up` needs on this machine, but for an engine. Each step does nothing when it is done, and what was cut
# off is finished by the next call.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/lib.sh"

command -v node > /dev/null || fail "Node.js is missing: install version 20 or newer."
"$root/tools/npm.sh"
"$root/tools/pulumi.sh"
"$root/tools/git.sh" setup
