# shellcheck shell=bash
# Installs Podman and starts its service: as root the system's, otherwise the user's own. Sourced by engine.sh.

own_socket=${XDG_RUNTIME_DIR:-/run/user/$(id -u)}/podman/podman.sock
# shellcheck disable=SC2034  # for engine.sh
if [ "$(id -u)" = 0 ]; then
    default_hosts=(unix:///run/podman/podman.sock)
    log=/var/log/podman.log
else
    default_hosts=("unix://$own_socket")
    log=${own_socket%/*}/podman.log
fi
settings=/etc/containers/containers.conf

is_installed() { command -v podman > /dev/null; }

# catatonit is the init process of containers; uidmap and slirp4netns are for users other than root.
install() {
    apt_install ca-certificates podman netavark aardvark-dns catatonit uidmap slirp4netns fuse-overlayfs
    on_cgroup_v2 || command -v runc > /dev/null || apt_install runc
}

may_start() { true; }

start() {
    # shellcheck disable=SC2154  # set by engine.sh
    local socket=${host#unix://}
    [ "$(id -u)" != 0 ] || write_settings
    if [ -d /run/systemd/system ]; then
        if [ "$(id -u)" = 0 ]; then systemctl enable --now podman.socket; else systemctl --user enable --now podman.socket; fi
    elif ! pgrep --full --exact "podman system service --time=0 $host" > /dev/null; then
        mkdir -p "${socket%/*}"
        rm -f "$socket"
        in_background "$log" podman system service --time=0 "$host"
    fi
}

last_words() { tail -n 20 "$log" 2> /dev/null || journalctl --unit podman --lines 20 --no-pager; }

by_hand() {
    if is_installed; then
        printf '  %s\n' 'systemctl --user enable --now podman.socket'
    else
        printf '  %s\n' 'sudo apt-get install podman netavark aardvark-dns catatonit uidmap slirp4netns' \
            'systemctl --user enable --now podman.socket'
    fi
}

on_cgroup_v2() { [ -e /sys/fs/cgroup/cgroup.controllers ]; }

# Writes the settings that this machine needs. An existing file is left alone.
write_settings() {
    local needed
    needed=$(needed_settings)
    if [ -n "$needed" ] && [ ! -e "$settings" ]; then
        say "Writing $settings, because Podman's defaults require features that this machine does not have."
        mkdir -p "${settings%/*}"
        printf '# Written once by spark-cluster, which will not change it again.\n%s\n' "$needed" > "$settings"
    fi
}

needed_settings() {
    # Podman gives root's containers a limit of 1048576 open files, which not every root may set.
    if ! (ulimit -Hn 1048576) 2> /dev/null; then
        printf '[containers]\ndefault_ulimits = ["nofile=%s:%s", "nproc=32768:32768"]\n' "$(ulimit -Hn)" "$(ulimit -Hn)"
    fi
    # crun, the default, rejects cgroups v1 if v2 is mounted alongside it.
    on_cgroup_v2 || printf '[engine]\nruntime = "runc"\n'
}
