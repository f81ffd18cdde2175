#!/usr/bin/env bash
# on.sh ENGINE COMMAND STACK: runs build, up or down for a stack on an engine of this kind. A new stack gets this engine.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/lib.sh"

kind=$1
command=$2
stack=$3
is_new=true
[ ! -e "$root/Pulumi.$stack.yaml" ] || is_new=
enter "$stack" --create
if [ "$engine" != "$kind" ]; then
    [ -n "$is_new" ] || fail "Stack $stack is on $engine and cannot change its engine: choose another stack with STACK=..."
    pulumi config set engine "$kind"
fi
exec "tools/$command.sh" "$stack"
