# shellcheck shell=bash
# Installs and starts Docker. Sourced by engine.sh.

log=/var/log/dockerd.log
# shellcheck disable=SC2034  # for engine.sh
default_hosts=(unix:///var/run/docker.sock)

is_installed() { { command -v dockerd && command -v docker; } > /dev/null; }

install() {
    # Since Debian 13 the client is a package of its own.
    apt_install ca-certificates docker.io iptables "$(apt-cache show docker-cli > /dev/null 2>&1 && echo docker-cli || echo docker.io)"
}

may_start() { [ "$(id -u)" = 0 ]; }

start() {
    if [ -d /run/systemd/system ]; then
        systemctl enable --now docker
    elif ! pgrep -x dockerd > /dev/null; then
        clear_remains
        in_background "$log" dockerd
    fi
}

last_words() { tail -n 20 "$log" 2> /dev/null || journalctl --unit docker --lines 20 --no-pager; }

by_hand() {
    # shellcheck disable=SC2016  # expanded by the user's shell
    printf '  %s\n' 'sudo apt-get install docker.io' \
        'sudo systemctl enable --now docker && sudo usermod -aG docker "$USER" && newgrp docker'
}

# Removes files of a killed engine that keep the next one from starting.
clear_remains() {
    local pidfile pid
    for pidfile in /var/run/docker.pid /var/run/docker/containerd/containerd.pid; do
        pid=$(cat "$pidfile" 2> /dev/null) || continue
        [[ "$(cat "/proc/$pid/comm" 2> /dev/null)" == @(dockerd|containerd) ]] || rm -f "$pidfile"
    done
    # If the socket of an ended containerd exists, dockerd waits for that containerd instead of starting its own.
    pgrep -x containerd > /dev/null || rm -f /run/containerd/containerd.sock
}
