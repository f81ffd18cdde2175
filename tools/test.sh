#!/usr/bin/env bash
# test.sh SUITE...: runs the suites one after the other, all of them whatever fails, prints the time of each and closes with a line
# "N passed, N failed". The integration tests run on each engine of ENGINES, both at the same time.
set -uo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/lib.sh"

cd "$root" || exit 1
tools/setup.sh || exit 1
read -r -a engines <<< "${ENGINES:-docker podman}"
passed=0
failed=0
summary=()

# jest_counts FILE: passed and failed tests; a file that could not be run at all counts as one that failed.
jest_counts() {
    node --print "const r = require('$1'); [r.numPassedTests, r.numFailedTests + r.numRuntimeErrorTestSuites].join(' ')" 2> /dev/null || echo "0 1"
}

# run_jest SUITE FILE OPTION...: runs a suite and writes how many of its tests passed and failed into a file.
run_jest() {
    local suite=$1 counts=$2 report status good bad
    report=$(mktemp --suffix .json)
    npx --no-install jest --selectProjects "$suite" --json --outputFile "$report" "${@:3}" > /dev/null
    status=$?
    read -r good bad < <(jest_counts "$report")
    # Coverage below its threshold fails a run in which every test passed.
    ((status == 0 || bad > 0)) || bad=1
    rm -f "$report"
    printf '%d %d\n' "$good" "$bad" > "$counts"
}

# add NAME FILE SECONDS: adds what a file says to the sums.
add() {
    local good bad
    read -r good bad < "$2"
    rm -f "$2"
    ((passed += good, failed += bad))
    summary+=("$(printf '%-22s %4d passed %4d failed %6d s' "$1" "$good" "$bad" "$3")")
}

prepare_engine() {
    local where
    where=$(npx --no-install tsx tools/where.ts "$1") && eval "$where" &&
        tools/engine.sh "$engine" "$host" "${client[@]}" && tools/base-image.sh "$base_image" "${client[@]}"
}

install_registry() {
    apt-get --option DPkg::Lock::Timeout=300 update --quiet
    DEBIAN_FRONTEND=noninteractive apt-get --option DPkg::Lock::Timeout=300 install --quiet --yes --no-install-recommends docker-registry
}

run_integration() {
    local each results=() started=$SECONDS running=()
    command -v docker-registry > /dev/null || progress "Installing a registry for the tests" install_registry || return
    for each in "${engines[@]}"; do
        (prepare_engine "$each") || return
    done
    for each in "${engines[@]}"; do
        results+=("$(mktemp)")
        # One file at a time on each engine. A connection that a test left open must not keep the run from ending.
        TEST_ENGINE=$each run_jest integration "${results[-1]}" --runInBand --forceExit 2> >(sed --unbuffered "s/^/$each | /" >&2) &
        running+=($!)
    done
    wait "${running[@]}"
    for each in "${!engines[@]}"; do
        add "integration on ${engines[each]}" "${results[each]}" $((SECONDS - started))
    done
}

for suite in "$@"; do
    started=$SECONDS
    counts=$(mktemp)
    case $suite in
        unit)
            run_jest unit "$counts" --coverage
            add unit "$counts" $((SECONDS - started))
            ;;
        lint)
            if tools/lint.sh; then echo "1 0" > "$counts"; else echo "0 1" > "$counts"; fi
            add lint "$counts" $((SECONDS - started))
            ;;
        integration) run_integration || { say "The engines could not be prepared."; failed=$((failed + 1)); } ;;
        *) fail "There is no suite $suite." ;;
    esac
    rm -f "$counts"
done

printf '\n'
printf '%s\n' "${summary[@]}"
printf '%d passed, %d failed\n' "$passed" "$failed"
((failed == 0 && passed > 0))
