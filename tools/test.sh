#!/usr/bin/env bash
# test.sh SUITE...: runs the suites unit, lint, core (clusters of the first tier) and extended (clusters of the second tier).
# Every suite runs, even if another fails. Prints the failures, the seconds of each, and "N passed, N failed" at the end.
# ONLY selects files of core and extended (ONLY=life); LANES is the number of files that run at the same time.
set -uo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/lib.sh"

cd "$root" || exit 1
tools/setup.sh || exit 1
only=${ONLY-}
lanes=${LANES:-2}
TEST_RESULTS=$(mktemp)
export TEST_RESULTS
trap 'rm -f "$TEST_RESULTS"' EXIT

# record KIND NAME STATUS SECONDS: writes a line for tests/report/summary.mjs.
record() {
    printf '{"kind":"%s","suite":"%s","file":"%s","name":"%s","status":"%s","seconds":%d}\n' "$1" "$2" "$2" "$2" "$3" "$4" >> "$TEST_RESULTS"
}

# run_suite NAME COMMAND...: runs a command whose tests are recorded by Jest's reporter. If it fails without a failed test, for
# example because of low coverage, the suite itself is recorded as a failed test.
run_suite() {
    local name=$1 started=$SECONDS status=passed
    shift
    say "== $name"
    "$@" || status=failed
    [ "$status" = passed ] || grep -q '"status":"\(failed\|not run\)"' "$TEST_RESULTS" || record test "$name" failed 0
    record suite "$name" "$status" $((SECONDS - started))
    [ "$status" = passed ]
}

lint() {
    local started=$SECONDS status=passed
    tools/lint.sh || status=failed
    record test lint "$status" $((SECONDS - started))
    record suite lint "$status" $((SECONDS - started))
}

# jest_lines OPTION...: prints a line for each test that ends. --forceExit, because tests of clusters may leave a connection open.
jest_lines() { npx --no-install jest "$@" --forceExit > /dev/null; }

prepare_engine() (
    where=$(npx --no-install tsx tools/where.ts "$1") && eval "$where" &&
        tools/engine.sh "$engine" "$host" "${client[@]}" && tools/base-image.sh "$base_image" "${client[@]}"
)

# build_images: builds the images on Docker once. Otherwise each cluster that starts at the same time would build and tag them.
build_images() (
    SPARK_CLUSTER_HOME=$(mktemp -d)
    export SPARK_CLUSTER_HOME
    trap 'rm -rf "$SPARK_CLUSTER_HOME" Pulumi.test-images.yaml' EXIT
    tools/on.sh docker build test-images > /dev/null
)

# provide WHAT COMMAND PACKAGE...: installs the Debian packages of a command that tests use, if it is missing.
provide() {
    command -v "$2" > /dev/null || progress "Installing $1 for the tests" install "${@:3}"
}

install() {
    apt-get --option DPkg::Lock::Timeout=300 update --quiet
    DEBIAN_FRONTEND=noninteractive apt-get --option DPkg::Lock::Timeout=300 install --quiet --yes --no-install-recommends "$@"
}

prepare_clusters() {
    prepare_engine docker && prepare_engine podman && build_images && provide "a browser" chromium chromium fonts-dejavu-core &&
        provide "a registry" docker-registry docker-registry && provide ssh ssh openssh-client
}

clusters=()
for suite in "$@"; do
    case $suite in
        unit) run_suite unit jest_lines --selectProjects unit --coverage --coverageReporters text-summary --maxWorkers 100% ;;
        lint) lint ;;
        core | extended) clusters+=("$suite") ;;
        *) fail "There is no suite $suite." ;;
    esac
done
if ((${#clusters[@]} > 0)); then
    run_suite "engines and programs for the tests" prepare_clusters &&
        run_suite "${clusters[*]}" jest_lines --selectProjects "${clusters[@]}" ${only:+--testPathPatterns "tests/.*/($only)[.]test"} \
            ${TESTS:+--testNamePattern "$TESTS"} --maxWorkers "$lanes"
fi
node tests/report/summary.mjs "$TEST_RESULTS"
