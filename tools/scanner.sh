#!/usr/bin/env bash
# scanner.sh NAME: builds a scanner of tools/scanners (syft, grype or govulncheck) if it is missing, and prints its path. Only
# from Go modules: go.sum pins their checksums, while the project has no checksums for downloads.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/lib.sh"

name=$1
cd "$root/tools/scanners"
package=$(sed -n "s#^[[:space:]]*\(tool \)\?\([^ ]*/cmd/$name\)\$#\2#p" go.mod)
[ -n "$package" ] || fail "There is no scanner $name in tools/scanners/go.mod."
folder=$root/node_modules/.cache/scanners-$(cat go.mod go.sum | sha256sum | cut -c 1-16)

if [ ! -x "$folder/$name" ]; then
    command -v go > /dev/null || fail "$name is built from Go modules: install Go $(sed -n 's/^go //p' go.mod) or newer."
    mkdir -p "$folder"
    progress "Building $name, a few minutes" go build -trimpath -ldflags "-s -w" -o "$folder/$name.partial" "$package"
    mv "$folder/$name.partial" "$folder/$name"
fi
printf '%s\n' "$folder/$name"
