#!/usr/bin/env bash
# Prints the docker compose command, one word a line: the client's own plugin, or else one that is built from its Go module into
# the project's cache.
set -euo pipefail
# shellcheck source=tools/machine/lib.sh
. "$(dirname "$0")/../../../tools/machine/lib.sh"

if docker compose version > /dev/null 2>&1; then
    printf '%s\n' docker compose
    exit
fi

cd "$(dirname "$0")"
version=$(sed -n 's#^.*github.com/docker/compose/v2 \(v[0-9.]*\).*#\1#p' go.mod | head -n 1)
folder=$root/node_modules/.cache/bench/compose-$(cat go.mod go.sum | sha256sum | cut -c 1-16)
if [ ! -x "$folder/docker-compose" ]; then
    command -v go > /dev/null || fail "docker compose is missing. Install it, or Go $(sed -n 's/^go //p' go.mod) to build it with."
    mkdir -p "$folder"
    progress "Building docker compose $version, about two minutes" go build -trimpath -o "$folder/docker-compose.partial" \
        -ldflags "-s -w -X github.com/docker/compose/v2/internal.Version=$version" github.com/docker/compose/v2/cmd
    mv "$folder/docker-compose.partial" "$folder/docker-compose"
fi
printf '%s\n' "$folder/docker-compose"
