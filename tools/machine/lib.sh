# shellcheck shell=bash
# Functions that the scripts of this folder share. Sourced, never run.

root=$(CDPATH='' cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

say() { printf '%s\n' "$*" >&2; }

fail() {
    say "$@"
    exit 1
}

# Waits until no other installation of this user runs, in this checkout or another. Without flock, as on macOS, does not wait.
one_at_a_time() {
    { command -v flock && exec 9< "$HOME"; } > /dev/null 2>&1 || return 0
    ! flock --nonblock 9 2> /dev/null || return 0
    say "Waiting for another installation of this user ..."
    flock 9 2> /dev/null || true
}

# The version of an npm package in package.json, the only place that pins the versions of Pulumi and its plugin.
pinned() { node --print 'require(process.argv[1]).devDependencies[process.argv[2]]' "$root/package.json" "$1"; }

# progress WHAT COMMAND...: runs a long command. Prints the elapsed time every 20 seconds, and the end of the command's output if
# the command fails.
progress() {
    local what=$1 output status=0 started=$SECONDS
    shift
    output=$(mktemp)
    say "$what ..."
    "$@" > "$output" 2>&1 < /dev/null &
    local pid=$!
    while kill -0 "$pid" 2> /dev/null; do
        sleep 1
        (((SECONDS - started) % 20 != 0 || SECONDS == started)) || say "  ... $((SECONDS - started)) s"
    done
    wait "$pid" || status=$?
    ((status == 0)) || tail -n 30 "$output" >&2
    rm -f "$output"
    return "$status"
}
