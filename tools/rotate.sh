#!/usr/bin/env bash
# rotate.sh STACK WHAT: sets a new token of JupyterLab (and Spark Connect), or a new secret of Spark's RPC (and the shared
# catalog), and brings the cluster up with it.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/lib.sh"

stack=$1
what=$2
case $what in
    token) words="JupyterLab and Spark Connect restart with a new token: kernels that run end, saved notebooks stay. The address
with the new token is printed at the end; the old token is rejected from then on." ;;
    secret) words="Master, workers and the other services with the secret restart with a new one: Spark applications that run end.
JupyterLab, its token and its kernels stay; restart the kernels that used the cluster." ;;
    *) fail "There is no $what to rotate, only token or secret." ;;
esac
enter "$stack"
say "$words"
# Plain text: it is not a secret, but Pulumi takes it for one by its name.
pulumi config set --plaintext "${what}Generation" "$(date --utc +%Y-%m-%dT%H:%M:%S.%NZ)"
exec tools/up.sh "$stack"
