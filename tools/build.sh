#!/usr/bin/env bash
# build.sh STACK: the stack's images and nothing else, on its engine.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/lib.sh"

stack=$1
prepare "$stack"
# A target stands for itself alone, so that what the images are children of is one too.
SPARK_CLUSTER_IMAGES_ONLY=true pulumi_up '**:SparkCluster::spark' '**ImageHierarchy**'
