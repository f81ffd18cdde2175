#!/usr/bin/env bash
# audit.sh STACK: asks the sources of advisories about all that is pinned here: npm's, PyPI's, Go's, Debian's, and grype's about what is in
# the stack's images. Ends with 0 if all of them answered and know of nothing that is not accepted, with 3 if one does, with 2 if
# none does but not all answered, with 1 if it could not ask.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/lib.sh"

requirements=tools/audit.txt
pip_audit=node_modules/.cache/pip-audit

install_pip_audit() {
    rm -rf "$pip_audit"
    python3 -m venv "$pip_audit" &&
        "$pip_audit/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: --requirement "$requirements" &&
        cp "$requirements" "$pip_audit/requirements.txt"
}

enter "$1"
cmp -s "$requirements" "$pip_audit/requirements.txt" || progress "Installing pip-audit" install_pip_audit || say "It cannot be installed."
tools/engine.sh "$engine" "$host" "${client[@]}"
exec tsx tools/audit.ts
