#!/usr/bin/env bash
# audit.sh STACK: queries the sources of advisories for all pinned versions: npm, PyPI, Go, Debian, and grype for the stack's
# images. Exits with 0 if all sources responded without an unaccepted advisory, 3 if there is an unaccepted advisory, 2 if there
# is none but not all sources responded, 1 if it could not query at all.
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
cmp -s "$requirements" "$pip_audit/requirements.txt" || progress "Installing pip-audit" install_pip_audit ||
    say "pip-audit could not be installed."
tools/engine.sh "$engine" "$host" "${client[@]}"
exec tsx tools/audit.ts
