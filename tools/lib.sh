# shellcheck shell=bash
# What the scripts of this folder have in common. Sourced, never run.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# Where the stack lives and what it is made from: set by enter, from what tools/where.ts prints.
# shellcheck disable=SC2034  # for those who source this
engine='' host='' target='' base_image='' image_source='' image_registry='' config_problems='' client=()

say() { printf '%s\n' "$*" >&2; }

fail() {
    say "$@"
    exit 1
}

# The version of an npm package as package.json pins it: the one place where versions of Pulumi and its plugin stand.
pinned() { node --print "require('$root/package.json').dependencies['$1']"; }

# progress WHAT COMMAND...: runs a command that takes long and prints little; a line every 20 seconds says that it goes on, and
# what it printed is shown only if it fails.
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

# enter STACK: what the commands of a stack begin with: the tools, the stack's environment, and where it lives. Fails for a stack that
# is not there; up makes it first.
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

# opens_salt FILE: whether the passphrase is the one that the salt of a stack's file was made with, if it has a salt. Pulumi tells only
# who sets a secret, and in the middle of an up; so one is set in a copy.
opens_salt() {
    local copy words
    grep -q '^encryptionsalt:' "$1" 2> /dev/null || return 0
    copy=$(mktemp --suffix .yaml)
    cp "$1" "$copy"
    words=$(pulumi config set --secret --config-file "$copy" probe x 2>&1) || true
    rm -f "$copy"
    [[ "$words" != *"incorrect passphrase"* ]]
}

# forget_salt FILE: drops the salt of a passphrase that is gone from a stack's file, if no secret in it needs that passphrase. Pulumi
# makes another.
forget_salt() {
    ! grep -q '^ *secure:' "$1" ||
        fail "$1 has secrets that this passphrase does not open. Put the passphrase back that they were made with, or set them anew."
    say "The salt in $1 belongs to another passphrase, and no secret needs it: making another."
    sed -i '/^encryptionsalt:/d' "$1"
}

# prepare STACK: what has to be there before a stack is touched: all of enter, an engine, the base image, and nothing that a killed run
# left half-made.
prepare() {
    enter "$1" --create
    # Before anything is installed, started or pulled for values that are wrong.
    [ -z "$config_problems" ] || fail "$config_problems"
    tools/engine.sh "$engine" "$host" "${client[@]}"
    [ "$image_source" = pull ] || tools/base-image.sh "$base_image" "${client[@]}"
    tsx tools/sweep.ts
}

# container_of ROLE: the container of the stack that has a role, by its id; the first one where there are several.
container_of() {
    local found
    found=$("${client[@]}" ps --quiet --filter "label=spark-cluster.stack=$PULUMI_STACK" --filter "label=spark-cluster.role=$1")
    [ -n "$found" ] || [ "$target" != swarm ] || fail "No container of the role $1 runs on the node of $host. make status tells where it is: docker:host has to name that one."
    [ -n "$found" ] || fail "Stack $PULUMI_STACK has no running container of the role $1: make up STACK=$PULUMI_STACK brings it up."
    printf '%s\n' "${found%%$'\n'*}"
}

# pulumi_up TARGET...: a pulumi up, of all or of some targets, on the stack that prepare was for. It says all there is to say when it
# fails.
pulumi_up() {
    local log status=0
    log=$(mktemp)
    pulumi up --yes --skip-preview --suppress-outputs "${@/#/--target=}" 2>&1 | tee "$log" || status=$?
    tools/git.sh settle "Pulumi.$PULUMI_STACK.yaml"
    ((status == 0)) || tsx tools/explain.ts "$log"
    rm -f "$log"
    return "$status"
}
