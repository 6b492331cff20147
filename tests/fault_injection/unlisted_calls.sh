#!/bin/sh
# SPDX-License-Identifier: MIT
# What a program takes from a library itself, and not from the test, is what cannot fail: lists the
# others, of which there must be none.
#
# unlisted_calls.sh NM PROGRAM LIBRARY HARMLESS SYMBOL...
#
# LIBRARY is a regular expression for its symbols, which may end in @ and a version; HARMLESS one
# for the whole names of those that cannot fail. Each SYMBOL has to be there, which shows that the
# program was read and LIBRARY matches.
set -eu

nm=$1
program=$2
library=$3
harmless=$4
shift 4

[ $# -gt 0 ] || { echo "name a symbol that has to be there" >&2; exit 2; }

# Not in a pipe, in which its failure would go unseen.
symbols=$("$nm" -D --undefined-only "$program")
names=$(printf '%s\n' "$symbols" | awk '{ print $2 }' | grep -E "$library" | sed 's/@.*//')

status=0
for symbol in "$@"; do
    if ! printf '%s\n' "$names" | grep -qxF "$symbol"; then
        echo "$program does not take $symbol from a library, which it has to"
        status=1
    fi
done
# grep ends with 1 where it finds nothing, and with more where it fails.
found=0
unlisted=$(printf '%s\n' "$names" | grep -vxE "$harmless") || found=$?
if [ $found -eq 0 ]; then
    echo "No test makes these fail, and the list of what cannot fail does not name them:"
    printf '%s\n' "$unlisted"
fi
[ $status -eq 0 ] && [ $found -eq 1 ]
