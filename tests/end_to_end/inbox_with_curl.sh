#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# inbox_with_curl.sh SERVER TOOL: sends deliveries to the example inbox_receiver over real HTTP,
# signed with openssl, and looks at the answers, at the inbox with `webhookpp inbox`, and at what
# the handlers have done.
set -euo pipefail

# shellcheck source=check.sh
source "$(dirname "${BASH_SOURCE[0]}")/check.sh"
server=${1:?usage: inbox_with_curl.sh SERVER TOOL}
tool=${2:?usage: inbox_with_curl.sh SERVER TOOL}

openssl rand 24 >"$work/key"
openssl rand 24 >"$work/other_key"
secret=whsec_$(openssl base64 -A -in "$work/key")
export WEBHOOKPP_STORE=$work/inbox.db
pid=
trap '[[ -z $pid ]] || kill -KILL "$pid" || true; rm -rf "$work"' EXIT

# start OPTION...: starts the server; sets `pid` and `url`.
start() {
    SEATSIO_SECRET=$secret "$server" --port 0 --store "$WEBHOOKPP_STORE" "$@" \
        >"$work/out" 2>"$work/err" &
    pid=$!
    url=
    for ((i = 0; i < 200 && ${#url} == 0; i++)); do
        sleep 0.05
        url=$(sed -En 's|^listening on (http://127.0.0.1:[0-9]+/webhooks/seatsio)$|\1|p' \
            "$work/out")
    done
    [[ $url ]] || { cat "$work/err" && exit 1; }
}

# stop: asks the server to end; sets `status`.
stop() {
    kill -TERM "$pid"
    status=0
    wait "$pid" || status=$?
    pid=
}

# event TYPE ITEM: a body as seats.io sends it, into $work/body.
event() {
    printf '{"id":%s,"type":"%s","timestamp":"2024-01-10T10:03:02.147433Z",%s}' "$2" "$1" \
        '"data":{"workspaceKey":"ws-1","key":"thing-1"}' >"$work/body"
}

# post ID [KEY_FILE]: sends $work/body; sets `status`.
post() {
    local now signature
    now=$(date +%s)
    signature=$(token "${2-$work/key}" "$1" "$now" "$work/body")
    status=$(curl -q --noproxy '*' --silent --max-time 20 --output "$work/reply" \
        --dump-header "$work/headers" --write-out '%{http_code}' "$url" \
        -H 'Content-Type: application/json' -H "webhook-id: $1" -H "webhook-timestamp: $now" \
        -H "webhook-signature: $signature" --data-binary "@$work/body") || status="curl: $?"
}

# wait_for PATTERN: until `webhookpp inbox stats` shows it.
wait_for() {
    for ((i = 0; i < 200; i++)); do
        run "$tool" inbox stats
        # shellcheck disable=SC2053  # unquoted: it is a pattern
        [[ $out != $1 ]] || return 0
        sleep 0.05
    done
}

run "$tool" inbox stats
check "an inbox that is not there is not made" '2 there is no inbox *' "$status $err"
check "  nor is its file" 'no' "$([[ -e $WEBHOOKPP_STORE ]] && echo yes || echo no)"

start
event chart.published 1
post msg_1
check "a genuine delivery is accepted" 200 "$status"
post msg_1
check "so is its retry" 200 "$status"
post msg_2 "$work/other_key"
check "a forged one is not" 401 "$status"
event chart.invented 3
post msg_3
check "one of a type that no handler knows is accepted" 200 "$status"
printf '{"id":"x","type":"chart.created"}' >"$work/body"
post msg_4
check "one that cannot be decoded is accepted" 200 "$status"
wait_for $'ready 0\nleased 0\ndone 1\ndead 2\n*'
check "one is handled, two are given up, and the forged one is nowhere" \
    $'0 ready 0\nleased 0\ndone 1\ndead 2\nduplicates 1\nwaiting bytes 0\nwaiting since -' \
    "$status $out"
check "the handler ran once" 1 "$(grep -c '^handled chart.published of thing-1 (item 1' "$work/out")"

run "$tool" inbox list --state dead
check "the dead are listed" \
    $'0 NUMBER *\n2 *dead *chart.invented *msg_3 *are new\n3 *dead *chart.created *msg_4 *invalid_payload: *' \
    "$status $out"
run "$tool" inbox list --after 2
check "from a number on" $'0 NUMBER *\n3 *' "$status $out"
run "$tool" inbox list --most 1
check "and so many" $'0 NUMBER *\n1 *done *msg_1*' "$status $out"
run "$tool" inbox list --endpoint other
check "of another endpoint there are none" '0 NUMBER*LAST ERROR' "$status $out"
run "$tool" inbox show 3
check "an entry is shown" '0 {*"state": "dead"*"messageId": "msg_4"*"attempts": 1*' "$status $out"
run "$tool" inbox show 3 --body
check "its body is shown as it came" "0 $(<"$work/body")" "$status $out"
run "$tool" inbox show 77
check "one that is not there is not" '1 there is no entry 77' "$status $err"
run "$tool" inbox redrive 1
check "what is done is not handled again" '1 entry 1 is not dead*' "$status $err"
run "$tool" inbox redrive
check "which entries is to be said" '2 which entries*' "$status $err"
run "$tool" inbox redrive 2
check "what is dead is handled again" '0 entry 2 is ready again' "$status $out"
wait_for $'ready 0\nleased 0\ndone 1\ndead 2\n*'
check "and is dead again, for the same reason" 'ready 0*dead 2*' "$out"
run "$tool" inbox redrive --all
check "all are handled again" '0 2 entries are ready again' "$status $out"
wait_for $'ready 0\nleased 0\ndone 1\ndead 2\n*'
run "$tool" inbox purge
check "nothing is old enough to be purged" '0 0 entries purged' "$status $out"
sleep 0.01
run "$tool" inbox purge --keep-bodies 0
check "a body is, if bodies are not kept" '0 1 entries purged' "$status $out"
run "$tool" inbox show 1
check "then only the key is left" '0 {*"state": "done"*"body": null*' "$status $out"
event chart.published 1
post msg_1
check "which still knows the message" 200 "$status"
stop
check "the server ends when it is asked to" 0 "$status"
check "  and says so" '*stopped' "$(<"$work/out")"

mode=$(stat -c %a "$WEBHOOKPP_STORE")
check "nobody else can read the inbox" 600 "$mode"
start
post msg_1
check "a restart forgets nothing" 200 "$status"
run "$tool" inbox stats
check "  so this was a duplicate" $'0 ready 0\nleased 0\ndone 1\ndead 2\nduplicates 3\n*' \
    "$status $out"
stop

WEBHOOKPP_STORE=$work/body run "$tool" inbox stats
check "a file that is no database is refused" '2 *' "$status $err"
check "nothing printed the secret" 0 "$(cat "$work"/out "$work"/err "$work"/printed |
    grep -c -F "${secret#whsec_}" || true)"
summary
