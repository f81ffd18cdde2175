#!/usr/bin/env bash
# sbom.sh STACK [IMAGE]: writes an SBOM of each of the stack's images, or of one of them, into sbom/: Debian, Python and Maven
# packages. An SBOM that already exists for the same image stays.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/lib.sh"

enter "$1"
SYFT=$(tools/scanner.sh syft)
export SYFT
tools/engine.sh "$engine" "$host" "${client[@]}"
tsx tools/sbom.ts ${2:+"$2"}
