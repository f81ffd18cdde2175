#!/usr/bin/env bash
# Regenerates the lock files of the Python packages of images, tests, tools and bench from the .in files next to them.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/lib.sh"

uv_version=0.13.9
environment=$root/node_modules/.cache/uv-$uv_version

[ -x "$environment/bin/uv" ] || { python3 -m venv "$environment" && "$environment/bin/pip" install --quiet "uv==$uv_version"; }
for source in "$root"/images/spark-base/python/*.in "$root"/images/jupyterlab/*.in "$root"/tests/helpers/*.in "$root"/tools/*.in \
    "$root"/bench/tables/*.in; do
    say "$source"
    # Python 3.11 is that of Debian 12. --allow-unsafe, because build.in lists pip and setuptools.
    (cd "${source%/*}" && "$environment/bin/uv" pip compile --quiet --generate-hashes --python-version 3.11 --python-platform linux \
        --allow-unsafe --no-header --no-emit-index-url "${source##*/}" --output-file "$(basename "$source" .in).txt")
done
