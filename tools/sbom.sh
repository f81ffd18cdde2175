#!/usr/bin/env bash
# sbom.sh STACK [IMAGE]: writes what each of the stack's images is made of, or one of them, into sbom/: Debian's, Python's and Maven's
# packages. What is there for that very image already stays.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/lib.sh"

enter "$1"
SYFT=$(tools/scanner.sh syft)
export SYFT
tools/engine.sh "$engine" "$host" "${client[@]}"
tsx tools/sbom.ts ${2:+"$2"}
