# SPDX-License-Identifier: MIT
# What the end-to-end tests share: checks that are counted, and signatures that openssl makes.
# Makes the directory $work, which goes away when the script ends.
# shellcheck shell=bash disable=SC2034  # what `run` sets is for the scripts
export LC_ALL=C

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0
failed=0

# check SENTENCE PATTERN SEEN: holds if all of SEEN matches the glob PATTERN.
check() {
    # shellcheck disable=SC2053  # unquoted: it is a pattern
    if [[ $3 == $2 ]]; then
        passed=$((passed + 1))
        printf 'ok - %s\n' "$1"
    else
        failed=$((failed + 1))
        local seen=${3//$'\n'/ | }
        printf 'not ok - %s (saw: %s)\n' "$1" "${seen:0:400}"
    fi
}

# Prints the totals. Its status is that of the whole script.
summary() {
    printf '%d passed, %d failed\n' "$passed" "$failed"
    ((passed > 0 && failed == 0))
}

# run COMMAND...: sets `status`, `out` and `err`; collects all output in $work/printed.
run() {
    status=0
    timeout 20 "$@" >"$work/run.out" 2>"$work/run.err" || status=$?
    out=$(<"$work/run.out")
    err=$(<"$work/run.err")
    cat "$work/run.out" "$work/run.err" >>"$work/printed"
}

# hex FILE: its bytes in hex.
hex() {
    od -An -v -tx1 "$1" | tr -d ' \n'
}

# token KEY_FILE ID TIMESTAMP BODY_FILE: the `v1` token, made without any code of this library.
token() {
    { printf '%s.%s.' "$2" "$3" && cat "$4"; } |
        openssl dgst -sha256 -mac HMAC -macopt "hexkey:$(hex "$1")" -binary |
        openssl base64 -A | sed 's/^/v1,/'
}
