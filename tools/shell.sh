#!/usr/bin/env bash
# shell.sh STACK: a PySpark shell on the cluster, with `spark` at hand. On a terminal it is IPython; else it runs what it is given line by
# line.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/lib.sh"

enter "$1"
ide=$(container_of jupyterlab)
if [ -t 0 ]; then
    exec "${client[@]}" exec --interactive --tty --env PYSPARK_DRIVER_PYTHON=/opt/python/bin/ipython "$ide" pyspark
fi
exec "${client[@]}" exec --interactive --env PYSPARK_DRIVER_PYTHON_OPTS=-i "$ide" pyspark
