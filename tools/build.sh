#!/usr/bin/env bash
# build.sh STACK: builds the stack's images, and nothing else, on its engine.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/lib.sh"

stack=$1
prepare "$stack"
# A target excludes its parent, so the images' parent is targeted too.
SPARK_CLUSTER_IMAGES_ONLY=true pulumi_up '**:SparkCluster::spark' '**ImageHierarchy**'
