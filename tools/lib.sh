# shellcheck shell=bash
# Functions that the scripts of this folder share. Sourced, never run.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# The stack's engine and what its images are built from: set by enter, from the output of tools/where.ts.
# shellcheck disable=SC2034  # for the scripts that source this
engine='' host='' target='' base_image='' image_source='' image_registry='' config_problems='' client=()

say() { printf '%s\n' "$*" >&2; }

fail() {
    say "$@"
    exit 1
}

# The version of an npm package in package.json, the only place that pins the versions of Pulumi and its plugin.
pinned() { node --print "require('$root/package.json').devDependencies['$1']"; }

# progress WHAT COMMAND...: runs a long command. Prints the elapsed time every 20 seconds, and the end of the command's output if
# the command fails.
progress() {
    local what=$1 log status=0 started=$SECONDS
    shift
    log=$(mktemp)
    say "$what ..."
    "$@" > "$log" 2>&1 < /dev/null &
    local pid=$!
    while kill -0 "$pid" 2> /dev/null; do
        sleep 1
        (((SECONDS - started) % 20 != 0 || SECONDS == started)) || say "  ... $((SECONDS - started)) s"
    done
    wait "$pid" || status=$?
    ((status == 0)) || tail -n 30 "$log" >&2
    rm -f "$log"
    return "$status"
}

# enter STACK [--create]: begins a command on a stack: installs the tools, sets the stack's environment, and finds its engine.
# Fails if there is no such stack, unless --create is given.
enter() {
    local environment where
    cd "$root" || return
    tools/setup.sh
    environment=$(tools/env.sh "$1")
    eval "$environment"
    pulumi stack select "${@:2}" "$1" > /dev/null || fail "There is no stack $1."
    opens_salt "Pulumi.$1.yaml" || forget_salt "Pulumi.$1.yaml"
    where=$(tsx tools/where.ts)
    eval "$where"
}

# opens_salt FILE: whether the passphrase fits the salt in a stack's file, if there is a salt. Pulumi checks it only when a secret
# is set, or in the middle of an up, so this sets a secret in a copy of the file.
opens_salt() {
    local copy words
    grep -q '^encryptionsalt:' "$1" 2> /dev/null || return 0
    copy=$(mktemp --suffix .yaml)
    cp "$1" "$copy"
    words=$(pulumi config set --secret --config-file "$copy" probe x 2>&1) || true
    rm -f "$copy"
    [[ "$words" != *"incorrect passphrase"* ]]
}

# forget_salt FILE: removes the salt of a lost passphrase from a stack's file, if the file has no secret. Pulumi generates a new
# salt.
forget_salt() {
    ! grep -q '^ *secure:' "$1" ||
        fail "$1 has secrets that were encrypted with another passphrase. Put that passphrase back, or set the secrets again."
    say "The salt in $1 belongs to another passphrase, and no secret needs it: generating a new salt."
    sed -i '/^encryptionsalt:/d' "$1"
}

# prepare STACK: prepares an up: enters the stack, starts the engine, gets the base image, and cleans up after a killed run.
prepare() {
    enter "$1" --create
    # Reject wrong values before anything is installed, started or pulled.
    [ -z "$config_problems" ] || fail "$config_problems"
    tools/engine.sh "$engine" "$host" "${client[@]}"
    [ "$image_source" = pull ] || tools/base-image.sh "$base_image" "${client[@]}"
    tsx tools/sweep.ts
}

# container_of ROLE: prints the id of the stack's container with a role; the first one if there are several.
container_of() {
    local found
    found=$("${client[@]}" ps --quiet --filter "label=spark-cluster.stack=$PULUMI_STACK" --filter "label=spark-cluster.role=$1")
    [ -n "$found" ] || [ "$target" != swarm ] || fail "No container of the role $1 runs on the node of $host. make status shows its node: set docker:host to that node."
    [ -n "$found" ] || fail "Stack $PULUMI_STACK has no running container of the role $1: make up STACK=$PULUMI_STACK starts it."
    printf '%s\n' "${found%%$'\n'*}"
}

# pulumi_up [TARGET...]: runs pulumi up on the prepared stack, for all resources or for some targets, and explains a failure.
pulumi_up() {
    local log status=0
    log=$(mktemp)
    pulumi up --yes --skip-preview --suppress-outputs "${@/#/--target=}" 2>&1 | tee "$log" || status=$?
    tools/git.sh settle "Pulumi.$PULUMI_STACK.yaml"
    ((status == 0)) || tsx tools/explain.ts "$log"
    rm -f "$log"
    return "$status"
}
