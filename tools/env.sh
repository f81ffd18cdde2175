#!/usr/bin/env bash
# Prints the environment for a bare `pulumi up`: eval "$(make -s env)". If the user has chosen no backend, the state and a
# generated passphrase are kept in a folder of the home directory, so every checkout finds the same cluster.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/lib.sh"

stack=${1:-dev}
# It becomes part of file names and of names on the engine; Pulumi itself would accept a stack "..".
[[ "$stack" =~ ^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$ ]] ||
    fail "A stack's name begins with a letter or a digit and has at most 100 letters, digits and . _ -: ${stack@Q} is not valid."
home=${SPARK_CLUSTER_HOME:-$HOME/.spark-cluster}

backend_chosen() {
    [ -n "${PULUMI_BACKEND_URL-}" ] || [ -n "${PULUMI_ACCESS_TOKEN-}" ] || grep -q '^backend:' "$root/Pulumi.yaml" ||
        grep -qE '"current": *"[^"]' "${PULUMI_HOME:-$HOME/.pulumi}/credentials.json" 2> /dev/null
}

passphrase_chosen() { [ -n "${PULUMI_CONFIG_PASSPHRASE+set}" ] || [ -n "${PULUMI_CONFIG_PASSPHRASE_FILE-}" ]; }

make_passphrase() {
    [ ! -s "$home/passphrase" ] || return 0
    ! compgen -G "$home/state/.pulumi/stacks/*/*.json" > /dev/null ||
        fail "$home/state holds stacks, but their passphrase, $home/passphrase, is missing: put it back."
    (umask 077 && head -c 32 /dev/urandom | base64 > "$home/passphrase.partial")
    mv "$home/passphrase.partial" "$home/passphrase"
}

export_line() { printf 'export %s=%q\n' "$1" "$2"; }

if ! backend_chosen; then
    (umask 077 && mkdir -p "$home/state")
    export_line PULUMI_BACKEND_URL "file://$home/state"
    if ! passphrase_chosen; then
        make_passphrase
        export_line PULUMI_CONFIG_PASSPHRASE_FILE "$home/passphrase"
    fi
fi
export_line PULUMI_STACK "$stack"
export_line PULUMI_SKIP_UPDATE_CHECK true
[[ ":$PATH:" == *":$root/node_modules/.bin:"* ]] || export_line PATH "$root/node_modules/.bin:$PATH"
