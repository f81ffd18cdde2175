#!/usr/bin/env bash
# lint.sh: checks types, style, Dockerfiles, shell scripts and Go formatting. Every check runs; the last line lists those that
# failed.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/lib.sh"

cd "$root"
requirements=tools/lint-requirements.txt
linters=node_modules/.cache/lint
failed=()

# Installs the linters of the requirements file into a virtual environment, which is moved into place once it is complete. Only
# its binaries are used, and moving does not break those.
install_linters() {
    rm -rf "$linters.partial"
    mkdir -p "${linters%/*}"
    python3 -m venv "$linters.partial" || return
    "$linters.partial/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps --only-binary :all: \
        --require-hashes --requirement "$requirements" || return
    cp "$requirements" "$linters.partial/requirements.txt" || return
    rm -rf "$linters"
    mv "$linters.partial" "$linters"
}

# files_of TEST: prints the existing files that git tracks or would add and that pass a test.
files_of() {
    local file
    while IFS= read -r -d '' file; do
        if [ -f "$file" ] && "$1" "$file"; then printf '%s\0' "$file"; fi
    done < "$known_files"
}

is_dockerfile() { [[ "${1##*/}" == @(Dockerfile|Dockerfile.*|*.Dockerfile|*.dockerfile) ]]; }

is_shell_script() {
    local first=
    [[ "$1" != *.sh ]] || return 0
    IFS= read -r -n 100 first < "$1" || true
    [[ "$first" =~ ^'#!'.*[/\ ](ba|da|k)?sh(\ |$) ]]
}

# each_of TEST LINTER...: runs a linter over the files that pass a test. Fails if the linter is missing or has no file to check.
each_of() {
    local test=$1 files
    shift
    if ! command -v "$1" > /dev/null; then
        say "$1 is missing. It comes from PyPI with Python's venv and pip (on Debian: apt-get install python3-venv);" \
            "without them, put a $1 of your own on the PATH."
        return 1
    fi
    mapfile -d '' -t files < <(files_of "$test")
    if ((${#files[@]} == 0)); then
        say "There is no file for $1 to check."
        return 1
    fi
    "$@" -- "${files[@]}"
}

format_of_go() {
    local unformatted
    # Go is needed only to build Pulumi's tools, so many machines do not have it.
    if ! command -v gofmt > /dev/null; then
        say "Not checked: gofmt is missing. Only an edit of tools/pulumi needs it."
        return 0
    fi
    unformatted=$(gofmt -l tools/pulumi) || return
    [ -z "$unformatted" ] || say "Not formatted by gofmt:" "$unformatted"
    [ -z "$unformatted" ]
}

check() {
    local what=$1
    shift
    say "== $what"
    "$@" || failed+=("$what")
}

command -v git > /dev/null || fail "git is missing: it lists the files to check."
known_files=$(mktemp)
trap 'rm -f "$known_files"' EXIT
git ls-files -z --cached --others --exclude-standard > "$known_files"

if ! cmp -s "$requirements" "$linters/requirements.txt"; then
    progress "Installing hadolint and ShellCheck" install_linters || say "They could not be installed; using those on the PATH."
fi
export PATH="$root/$linters/bin:$root/node_modules/.bin:$PATH"

check types tsc --noEmit
check eslint eslint --max-warnings 0 .
check prettier prettier --check .
check hadolint each_of is_dockerfile hadolint
check shellcheck each_of is_shell_script shellcheck --external-sources
check gofmt format_of_go

((${#failed[@]} == 0)) || fail "Failed: ${failed[*]}"
say "No problems found."
