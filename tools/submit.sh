#!/usr/bin/env bash
# submit.sh STACK APP ARGUMENT...: runs a Python script on the cluster, as a driver next to the notebooks; its output and exit
# code are passed through. APP is a file of this machine, or a path below /opt/workspace on the shared volume.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/lib.sh"

stack=$1
app=${2-}
[ -n "$app" ] || fail 'Which script? make submit APP=path/to/job.py ARGS="one two"'
if [[ "$app" != /opt/workspace/* ]]; then
    [ -f "$app" ] || fail "There is no file $app."
    app=$(realpath "$app")
fi
enter "$stack"
ide=$(container_of jupyterlab)
inside=("${client[@]}" exec --interactive "$ide")

if [[ "$app" != /opt/workspace/* ]]; then
    copy=/tmp/submit-$$-$RANDOM/${app##*/}
    # shellcheck disable=SC2016  # expanded by the shell in the container
    "${inside[@]}" sh -c 'mkdir "${1%/*}" && cat > "$1"' sh "$copy" < "$app"
    app=$copy
fi
# Keeps standard input open as long as the client runs, which replaces this script. When the client ends, the job's standard input
# ends, and run-app ends the job; the engine would leave it running.
exec {open}<> <(:)
exec "${inside[@]}" run-app "$app" "${@:3}" <&"$open"
