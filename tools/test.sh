#!/usr/bin/env bash
# test.sh SUITE...: runs the suites one after the other, all of them whatever fails, prints the time of each and closes with a line
# "N passed, N failed".
set -uo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/lib.sh"

cd "$root" || exit 1
tools/setup.sh || exit 1
passed=0
failed=0
summary=()

# jest_counts FILE: passed and failed tests; a file that could not be run at all counts as one that failed.
jest_counts() {
    node --print "const r = require('$1'); [r.numPassedTests, r.numFailedTests + r.numRuntimeErrorTestSuites].join(' ')" 2> /dev/null || echo "0 1"
}

run_jest() {
    local suite=$1 report
    report=$(mktemp --suffix .json)
    shift
    npx --no-install jest --selectProjects "$suite" --json --outputFile "$report" "$@" > /dev/null
    local status=$? good bad
    read -r good bad < <(jest_counts "$report")
    # Coverage below its threshold fails a run in which every test passed.
    ((status == 0 || bad > 0)) || bad=1
    rm -f "$report"
    counts=("$good" "$bad")
}

for suite in "$@"; do
    started=$SECONDS
    case $suite in
        unit) run_jest unit --coverage ;;
        integration)
            prepare_engine docker
            # A connection that a test left open must not keep the run from ending.
            run_jest integration --runInBand --forceExit
            ;;
        lint) if tools/lint.sh; then counts=(1 0); else counts=(0 1); fi ;;
        *) fail "There is no suite $suite." ;;
    esac
    ((passed += counts[0], failed += counts[1]))
    summary+=("$(printf '%-12s %4d passed %4d failed %6d s' "$suite" "${counts[0]}" "${counts[1]}" "$((SECONDS - started))")")
done

printf '\n'
printf '%s\n' "${summary[@]}"
printf '%d passed, %d failed\n' "$passed" "$failed"
((failed == 0 && passed > 0))
