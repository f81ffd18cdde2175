#!/usr/bin/env bash
# beside.sh KIND HOST BASE-IMAGE CLIENT...: for a machine that has nothing yet. Installs Pulumi, and at the same time the engine, to
# which it then brings the base image; without one if BASE-IMAGE is empty. What fails first ends the other.
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

running=()
end_all() { for pid in "${running[@]}"; do end_tree "$pid"; done; }
trap 'end_all; exit 130' INT TERM HUP
"$root/tools/machine/pulumi.sh" &
running+=($!)
engine &
running+=($!)
for _ in "${running[@]}"; do
    wait -n || {
        status=$?
        end_all
        exit "$status"
    }
done
