#!/usr/bin/env bash
# git.sh setup: sets the filter of .gitattributes, with which git ignores the passphrase salt in a stack's file.
# git.sh settle FILE: makes git show FILE as unchanged if only its salt has changed.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname "$0")/lib.sh"

cd "$root"
git rev-parse --is-inside-work-tree > /dev/null 2>&1 || exit 0
case $1 in
    setup) git config filter.pulumi-salt.clean "sed '/^encryptionsalt:/d'" ;;
    # git compares file sizes before it runs the filter, and remembers the result once the file is added.
    settle) if git ls-files --error-unmatch "$2" > /dev/null 2>&1 && git diff --quiet -- "$2"; then git add -- "$2"; fi ;;
esac
