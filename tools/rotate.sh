#!/usr/bin/env bash
# rotate.sh STACK WHAT: another token for JupyterLab (and Spark Connect), or another secret for Spark's RPC (and the shared catalog), on a
# cluster that is brought up with it.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/lib.sh"

stack=$1
what=$2
case $what in
    token) words="JupyterLab starts anew with another token, and so does Spark Connect: kernels that run end, what notebooks have saved stays. The
address with the new token is printed at the end; the old one is refused from then on." ;;
    secret) words="Master and workers start anew with another secret, and what else knows it: Spark applications that run end. JupyterLab, its
token and its kernels stay; restart the kernels that were on the cluster." ;;
    *) fail "There is no $what to rotate: token, or secret." ;;
esac
enter "$stack"
say "$words"
# Plain, as it is no secret: only its name sounds like one to Pulumi.
pulumi config set --plaintext "${what}Generation" "$(date --utc +%Y-%m-%dT%H:%M:%S.%NZ)"
exec tools/up.sh "$stack"
