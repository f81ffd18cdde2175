# shellcheck shell=bash
# Functions that the scripts of this folder share. Sourced, never run.

root=$(CDPATH='' cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

say() { printf '%s\n' "$*" >&2; }

fail() {
    say "$@"
    exit 1
}

# one_at_a_time [FOLDER]: waits until no other installation of this user runs, in this checkout or another. Installations that may run
# beside each other name another folder. Without flock, as on macOS, does not wait.
one_at_a_time() {
    { command -v flock && exec 9< "${1:-$HOME}"; } > /dev/null 2>&1 || return 0
    ! flock --nonblock 9 2> /dev/null || return 0
    say "Waiting for another installation of this user ..."
    flock 9 2> /dev/null || true
}

# The version of an npm package in package.json, the only place that pins the versions of Pulumi and its plugin.
pinned() { sed -n 's|^ *"'"$1"'": "\([0-9][^"]*\)".*|\1|p' "$root/package.json"; }

# end_tree PID: ends a process and all that it has started, the last first.
end_tree() {
    local child
    for child in $(pgrep -P "$1"); do end_tree "$child"; done
    kill "$1" 2> /dev/null || true
}

# progress WHAT COMMAND...: runs a long command. Prints the elapsed time every 20 seconds, and the end of the command's output if
# the command fails. An interrupt ends the command, which would not hear of it in the background. With BESIDE, other commands run at
# the same time: each line says which it is about.
progress() {
    local what=$1 output status=0 started=$SECONDS
    shift
    output=$(mktemp)
    say "$what ..."
    "$@" > "$output" 2>&1 < /dev/null &
    local pid=$!
    # shellcheck disable=SC2064  # expand now: the variables are local
    trap "end_tree $pid; rm -f '$output'; exit 130" INT TERM HUP
    while kill -0 "$pid" 2> /dev/null; do
        sleep 1
        (((SECONDS - started) % 20 != 0 || SECONDS == started)) || say "  ... $((SECONDS - started)) s${BESIDE:+: $what}"
    done
    wait "$pid" || status=$?
    trap - INT TERM HUP
    ((status == 0)) || tail -n 30 "$output" >&2
    [ -z "${BESIDE-}" ] || ((status != 0)) || say "  ... done in $((SECONDS - started)) s: $what"
    rm -f "$output"
    return "$status"
}
