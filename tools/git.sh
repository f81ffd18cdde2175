#!/usr/bin/env bash
# git.sh setup: the filter of .gitattributes, so that a passphrase salt in a stack's file is no change to git.
# git.sh settle FILE: tells git that a file in which only the salt is new is as it was.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/lib.sh"

cd "$root"
git rev-parse --is-inside-work-tree > /dev/null 2>&1 || exit 0
case $1 in
    setup) git config filter.pulumi-salt.clean "sed '/^encryptionsalt:/d'" ;;
    # git looks at a file's size before it asks the filter, and remembers the answer once the file is added.
    settle) if git ls-files --error-unmatch "$2" > /dev/null 2>&1 && git diff --quiet -- "$2"; then git add -- "$2"; fi ;;
esac
