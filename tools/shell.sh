#!/usr/bin/env bash
# shell.sh STACK: opens a PySpark shell on the cluster, with `spark` defined. On a terminal it is IPython; otherwise it runs its
# input line by line.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/lib.sh"

enter "$1"
ide=$(container_of jupyterlab)
if [ -t 0 ]; then
    exec "${client[@]}" exec --interactive --tty --env PYSPARK_DRIVER_PYTHON=/opt/python/bin/ipython "$ide" pyspark
fi
exec "${client[@]}" exec --interactive --env PYSPARK_DRIVER_PYTHON_OPTS=-i "$ide" pyspark
