#!/usr/bin/env bash
# beside.sh KIND HOST BASE-IMAGE CLIENT...: for a machine that has nothing yet. Installs Pulumi, and at the same time the engine, to
# which it then brings the base image; without one if BASE-IMAGE is empty. If Pulumi fails, the engine's installation still ends, because
# apt cannot be stopped halfway. If the engine fails, the build of Pulumi is ended.
set -euo pipefail
# shellcheck source=tools/machine/lib.sh
. "$(dirname "$0")/lib.sh"

kind=$1
host=$2
base=$3
client=("${@:4}")
export BESIDE=true

engine() {
    "$root/tools/machine/engine.sh" "$kind" "$host" "${client[@]}" || return
    [ -z "$base" ] || "$root/tools/machine/base-image.sh" "$base" "${client[@]}"
}

"$root/tools/machine/pulumi.sh" &
of_pulumi=$!
engine &
of_engine=$!
trap 'end_tree "$of_pulumi"; end_tree "$of_engine"; exit 130' INT TERM HUP
status=0
wait "$of_engine" || {
    status=$?
    end_tree "$of_pulumi"
}
wait "$of_pulumi" || { ((status != 0)) || status=$?; }
exit "$status"
