#!/usr/bin/env bash
# engine.sh KIND HOST CLIENT...: makes sure that an engine of this kind responds at HOST. A running engine is used as it is; the
# default engine of a Debian or Ubuntu machine is installed and started if necessary, with or without systemd.
set -euo pipefail
# shellcheck source=tools/machine/lib.sh
. "$(dirname "$0")/lib.sh"

kind=$1
host=$2
client=("${@:3}")
[[ "$kind" == @(docker|podman) ]] || fail "There is no engine $kind: pulumi config set engine docker"

answers() { timeout 20 "${client[@]}" info > /dev/null 2>&1; }

is_debian() { (. /etc/os-release && [[ " $ID ${ID_LIKE-} " == *" debian "* ]]) 2> /dev/null; }

apt_install() {
    export DEBIAN_FRONTEND=noninteractive
    dpkg --configure -a # finish an interrupted installation
    apt-get --option DPkg::Lock::Timeout=300 update --quiet
    apt-get --option DPkg::Lock::Timeout=300 install --quiet --yes --no-install-recommends "$@"
}

# in_background LOG COMMAND...: starts an engine without a service manager. In /, because Podman cannot start anything after its
# working folder has been deleted.
in_background() {
    (cd / && exec setsid nohup "${@:2}" >> "$1" 2>&1 < /dev/null) &
}

# An engine's file defines is_installed, install, may_start, start (returns before the engine responds), last_words, by_hand (the
# commands for a user) and default_hosts (its default sockets).
# shellcheck source=tools/machine/engines/docker.sh
# shellcheck source=tools/machine/engines/podman.sh
. "$root/tools/machine/engines/$kind.sh"

start_and_wait() {
    local end=$((SECONDS + 60))
    start
    while ((SECONDS < end)); do
        ! answers || return 0
        sleep 0.5
    done
    say "The engine has been started but does not respond. Its last lines:"
    last_words >&2 2> /dev/null || true
    return 1
}

! answers || exit 0
if [[ " ${default_hosts[*]} " != *" $host "* ]]; then
    command -v "${client[0]}" > /dev/null || fail "${client[0]} is missing: the client of the engine at $host."
    fail "No engine answers at $host. Start it, or name another: pulumi config set docker:host ..."
fi
if ! is_installed; then
    if [ "$(id -u)" != 0 ] || ! is_debian; then
        fail "No $kind engine answers at $host. Install and start one, on Debian and Ubuntu by:"$'\n'"$(by_hand)"
    fi
    progress "Installing the engine $kind" install
fi
may_start || fail "No $kind engine answers at $host. Start it:"$'\n'"$(by_hand)"
progress "Starting the engine $kind" start_and_wait
