#!/usr/bin/env bash
# test.sh SUITE...: runs the suites, all of them whatever fails, prints what failed and the time of each, and closes with a line
# "N passed, N failed".
# integration runs on each engine of ENGINES, all at the same time: all of its tests on the first, and on the others those in which an
# engine has a say. When it is done on the first, ide runs there, and beside it faults and browser: they are the same on each. swarm, which
# makes engines of its own, follows where least is to be done.
set -uo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/lib.sh"

cd "$root" || exit 1
tools/setup.sh || exit 1
read -r -a engines <<< "${ENGINES:-docker podman}"
passed=0
failed=0
summary=()
failures=$(mktemp)
names=$(mktemp)

# jest_counts FILE: passed and failed tests; a file that could not be run at all counts as one that failed.
jest_counts() {
    node --print "const r = require('$1'); [r.numPassedTests, r.numFailedTests + r.numRuntimeErrorTestSuites].join(' ')" 2> /dev/null || echo "0 1"
}

# jest_failures FILE: each test that failed, with the file it is in, by "> " the lines that tell most, and in indented lines how why begins
# and ends: a command's last words are at its end.
jest_failures() {
    node --print "
        const cut = (lines, count) => lines.length <= count ? lines : [...lines.slice(0, 4), '...', ...lines.slice(4 - count)];
        const explained = text => {
            const lines = util.stripVTControlCharacters(text).split('\n').filter(line => !/^ *(at .*)?\$/.test(line));
            const telling = lines.filter(line => /error|expected|received|time/i.test(line));
            const shown = (telling.length > 0 ? telling : lines).slice(0, 3).map(line => '  > ' + line.trim());
            return [...shown, ...cut(lines, 24).map(line => '    ' + line)].map(line => line.slice(0, 300)).join('\n');
        };
        require('$1').testResults.flatMap(file => {
            const failed = file.assertionResults.filter(test => test.status === 'failed')
                .map(test => [test.fullName, test.failureMessages.join('\n')]);
            const whole = file.status === 'failed' && failed.length === 0 ? [['(could not be run)', file.message]] : [];
            return [...failed, ...whole].map(([name, why]) => path.relative('$root', file.name) + ': ' + name + '\n' + explained(why));
        }).join('\n')" 2> /dev/null
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
    ((bad == 0)) || jest_failures "$report" | sed "s/^/${TEST_ENGINE:-$suite} | /" | tee -a "$failures" |
        grep --invert-match '^[a-z]* |     ' | cut --characters 1-200 >> "$names"
    rm -f "$report"
    printf '%d %d\n' "$good" "$bad" > "$counts"
}

# add NAME PASSED FAILED SECONDS: adds to the sums.
add() {
    ((passed += $2, failed += $3))
    summary+=("$(printf '%-22s %4d passed %4d failed %6d s' "$@")")
}

prepare_engine() {
    local where
    where=$(npx --no-install tsx tools/where.ts "$1") && eval "$where" &&
        tools/engine.sh "$engine" "$host" "${client[@]}" && tools/base-image.sh "$base_image" "${client[@]}"
}

# provide WHAT COMMAND PACKAGE...: a program of Debian's that tests use.
provide() {
    command -v "$2" > /dev/null || progress "Installing $1 for the tests" install "${@:3}"
}

install() {
    apt-get --option DPkg::Lock::Timeout=300 update --quiet
    DEBIAN_FRONTEND=noninteractive apt-get --option DPkg::Lock::Timeout=300 install --quiet --yes --no-install-recommends "$@"
}

wanted() { [[ " ${on_engines[*]} " == *" $1 "* ]]; }

# run_lane FILE SUITE@ENGINE...: runs suites, one file of tests at a time, and writes a line "NAME PASSED FAILED SECONDS" for each. A
# connection that a test left open must not keep the run from ending.
run_lane() {
    local results=$1 each suite engine started counts
    counts=$(mktemp)
    for each in "${@:2}"; do
        suite=${each%@*} engine=${each#*@}
        # integration takes images away from its engine.
        while [[ "$suite" == @(faults|browser|swarm) && " ${engines[*]} " == *" $engine "* ]] && wanted integration &&
            [ ! -e "$results.integration@$engine" ]; do sleep 1; done
        started=$SECONDS
        TEST_ENGINE=$engine run_jest "$suite" "$counts" --runInBand --forceExit 2> >(sed --unbuffered "s/^/$engine | /" >&2)
        echo "$suite on $engine $(cat "$counts") $((SECONDS - started))" >> "$results"
        touch "$results.$each"
    done
    rm -f "$counts"
}

# The suites that need an engine.
run_on_engines() {
    local each first=${engines[0]} lane suites lanes=() results running=() name on engine good bad seconds
    ! { wanted integration || wanted swarm; } ||
        { provide "a registry" docker-registry docker-registry && provide ssh ssh openssh-client; } || return
    ! wanted browser || provide "a browser" chromium chromium fonts-dejavu-core || return
    for lane in "integration ide" "faults browser"; do
        suites=""
        for each in $lane; do
            ! wanted "$each" || suites+=" $each@$first"
        done
        [ -z "$suites" ] || lanes+=("$suites")
    done
    export TEST_FIRST_ENGINE=$first
    (prepare_engine "$first") || return
    if wanted integration; then
        for each in "${engines[@]:1}"; do
            (prepare_engine "$each") || return
            lanes+=("integration@$each")
        done
    fi
    if wanted swarm; then
        # A swarm is made of Docker engines, whatever the others are about.
        (prepare_engine docker) || return
        ((${#lanes[@]} > 0)) || lanes=("")
        lanes[-1]+=" swarm@docker"
    fi
    results=$(mktemp)
    for each in "${lanes[@]}"; do
        # shellcheck disable=SC2086  # names of suites
        run_lane "$results" $each &
        running+=($!)
    done
    wait "${running[@]}"
    while read -r name on engine good bad seconds; do
        add "$name $on $engine" "$good" "$bad" "$seconds"
    done < "$results"
    rm -f "$results" "$results".*
}

on_engines=()
for suite in "$@"; do
    started=$SECONDS
    case $suite in
        unit)
            counts=$(mktemp)
            run_jest unit "$counts" --coverage --maxWorkers=100%
            read -r good bad < "$counts"
            rm -f "$counts"
            add unit "$good" "$bad" $((SECONDS - started))
            ;;
        lint) if tools/lint.sh; then add lint 1 0 $((SECONDS - started)); else add lint 0 1 $((SECONDS - started)); fi ;;
        integration | faults | ide | browser | swarm) on_engines+=("$suite") ;;
        *) fail "There is no suite $suite." ;;
    esac
done
if ((${#on_engines[@]} > 0)); then
    run_on_engines || { say "The engines could not be prepared."; failed=$((failed + 1)); }
fi

printf '\n'
cat "$failures"
printf '%s\n' "${summary[@]}"
# Once more, short: the last lines are what everybody sees.
cat "$names"
rm -f "$failures" "$names"
printf '%d passed, %d failed\n' "$passed" "$failed"
((failed == 0 && passed > 0))
