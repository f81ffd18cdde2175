#!/usr/bin/env bash
# jar-sums.sh STACK: prints the SHA-256 checksums of all jars that S3A needs with the stack's Spark, in the format of
# images/spark-base/s3-jars. The jars come from Maven Central, or from MAVEN_MIRROR. The stack has to run without s3 and
# extraJars.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/lib.sh"

enter "$1"
ide=$(container_of jupyterlab)
image=$("${client[@]}" inspect --format '{{.Image}}' "$ide")
"${client[@]}" run --rm --user 0 --env S3=true --env EXTRA_JARS= --env MAVEN_MIRROR "$image" extra-jars --sums
