#!/usr/bin/env bash
# submit.sh STACK APP ARGUMENT...: runs a Python script on the cluster, as a driver beside the notebooks; what it prints and its exit
# code pass through. APP is a file of this machine, or one of the shared volume by the path that notebooks have for it.
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
    # shellcheck disable=SC2016  # for the shell inside
    "${inside[@]}" sh -c 'mkdir "${1%/*}" && cat > "$1"' sh "$copy" < "$app"
    app=$copy
fi
# A standard input that stays open as long as the client lives, which this script becomes: with its end the job's standard input ends,
# and with that the job, which the engine would leave running.
exec {open}<> <(:)
exec "${inside[@]}" run-app "$app" "${@:3}" <&"$open"
