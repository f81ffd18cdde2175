#!/usr/bin/env bash
# engine.sh HOST: an engine that answers at HOST. One that does is used as it is; the default one of a Debian or Ubuntu machine
# is installed and started, with systemd or without.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/lib.sh"

host=$1
log=/var/log/dockerd.log

answers() { timeout 20 docker --host "$host" info > /dev/null 2>&1; }

is_debian() { (. /etc/os-release && [[ " $ID ${ID_LIKE-} " == *" debian "* ]]) 2> /dev/null; }

install_engine() {
    export DEBIAN_FRONTEND=noninteractive
    dpkg --configure -a # an installation that was cut off
    apt-get --option DPkg::Lock::Timeout=300 update --quiet
    # Since Debian 13 the client is a package of its own.
    apt-get --option DPkg::Lock::Timeout=300 install --quiet --yes --no-install-recommends ca-certificates docker.io iptables \
        "$(apt-cache show docker-cli > /dev/null 2>&1 && echo docker-cli || echo docker.io)"
}

# What an engine that was killed leaves behind keeps the next one from starting.
clear_remains() {
    local pidfile pid
    for pidfile in /var/run/docker.pid /var/run/docker/containerd/containerd.pid; do
        pid=$(cat "$pidfile" 2> /dev/null) || continue
        [[ "$(cat "/proc/$pid/comm" 2> /dev/null)" == @(dockerd|containerd) ]] || rm -f "$pidfile"
    done
    # A socket of a containerd that is gone makes dockerd wait for it instead of starting its own.
    pgrep -x containerd > /dev/null || rm -f /run/containerd/containerd.sock
}

start_engine() {
    if [ -d /run/systemd/system ]; then
        systemctl enable --now docker
    elif ! pgrep -x dockerd > /dev/null; then
        clear_remains
        setsid nohup dockerd >> "$log" 2>&1 < /dev/null &
    fi
    for _ in {1..120}; do
        ! answers || return 0
        sleep 0.5
    done
    say "The engine was started and does not answer. Its last lines:"
    tail -n 20 "$log" >&2 2> /dev/null || journalctl --unit docker --lines 20 --no-pager >&2 || true
    return 1
}

! answers || exit 0
[ "$host" = "$default_engine" ] || command -v docker > /dev/null ||
    fail "The docker client is missing, which the engine at $host is asked with: install Debian's docker.io, or Docker's docker-ce-cli."
[ "$host" = "$default_engine" ] || fail "No engine answers at $host. Start it, or name another: pulumi config set docker:host ..."
if [ "$(id -u)" != 0 ] || ! is_debian; then
    fail "No Docker engine answers at $host. Install and start one, on Debian and Ubuntu by:" \
        $'\n  sudo apt-get install docker.io\n  sudo systemctl enable --now docker && sudo usermod -aG docker "$USER" && newgrp docker'
fi
{ command -v dockerd && command -v docker; } > /dev/null || progress "Installing the Docker engine" install_engine
progress "Starting the Docker engine" start_engine
