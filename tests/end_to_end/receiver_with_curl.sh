#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# receiver_with_curl.sh SERVER: sends deliveries to the example seatsio_receiver over real HTTP,
# signed with openssl, and looks at the status, at the reply and at what the server printed.
set -euo pipefail

# shellcheck source=check.sh
source "$(dirname "${BASH_SOURCE[0]}")/check.sh"
server=${1:?usage: receiver_with_curl.sh SERVER}

openssl rand 24 >"$work/key"
openssl rand 24 >"$work/other_key"
secret=whsec_$(openssl base64 -A -in "$work/key")
now=$(date +%s)
message_id=msg_2b1PlpNJlYr3

SEATSIO_SECRET=$secret "$server" --port 0 >"$work/out" 2>"$work/err" &
pid=$!
trap '[[ -z $pid ]] || kill -KILL "$pid" || true; rm -rf "$work"' EXIT
port=
for ((i = 0; i < 100 && ${#port} == 0; i++)); do
    sleep 0.1
    port=$(sed -En 's|^listening on http://127.0.0.1:([0-9]+)/webhooks/seatsio$|\1|p' "$work/out")
done
check "the server says where it listens" '[1-9]*' "$port"
[[ $port ]] || { cat "$work/err" && exit 1; }
url=http://127.0.0.1:$port/webhooks/seatsio

# event TYPE: a body as seats.io sends it.
event() {
    printf '{"id":7,"type":"%s","timestamp":"2024-01-10T10:03:02.147433Z",%s}' "$1" \
        '"data":{"workspaceKey":"ws-1","key":"thing-1"}'
}

# signed [ID [TIMESTAMP [KEY_FILE]]]: sets `headers` to options of curl that sign $work/body.
signed() {
    local id=${1-$message_id} time=${2-$now}
    signature=$(token "${3-$work/key}" "$id" "$time" "$work/body")
    headers=(-H "webhook-id: $id" -H "webhook-timestamp: $time" -H "webhook-signature: $signature")
}

# request OPTION...: sends it; sets `status`, and `log` to what the server printed meanwhile.
request() {
    local before
    before=$(wc -l <"$work/out")
    status=$(curl -q --noproxy '*' --silent --max-time 20 --output "$work/reply" \
        --write-out '%{http_code}' "$@") || status="curl ended with $?, $status"
    log=$(tail -n "+$((before + 1))" "$work/out")
    [[ $status != 401 ]] || { tr '\n' ' ' <"$work/reply" && echo; } >>"$work/replies_401"
}

# expect SENTENCE PATTERN OPTION...: posts $work/body; PATTERN is of the status and the log.
expect() {
    local sentence=$1 pattern=$2
    shift 2
    request "$url" -H "Content-Type: ${content_type-application/json}" \
        --data-binary "@$work/body" "$@"
    check "$sentence" "$pattern" "$status $log"
}

while read -r type words; do
    event "$type" >"$work/body"
    signed
    expect "$type is accepted and printed as what it is" \
        "200 accepted $words: thing-1 in workspace ws-1 at 2024-01-10T10:03:02.147433Z (item 7)" \
        "${headers[@]}"
done <<'END'
chart.created chart created
chart.published chart published
event.for.sale.config.updated for-sale configuration updated
event.channels.updated channels updated
event.categories.updated categories updated
event.table.booking.config.updated table booking configuration updated
END
event chart.renamed >"$work/body" && signed
expect "an event type that is not known is accepted" \
    "200 accepted an event of a new type: chart.renamed" "${headers[@]}"

event chart.created >"$work/body" && signed
accepted='200 accepted chart created: *'
mismatch='401 refused 401 signature_mismatch webhook-signature*'
good=("${headers[@]}")
genuine=$signature
id=("${good[@]:0:2}") time=("${good[@]:2:2}") sig=("${good[@]:4:2}")
expect "svix-* names are accepted" "$accepted" "${headers[@]/webhook-/svix-}"
expect "names in other letter case are accepted" "$accepted" \
    -H "WEBHOOK-ID: $message_id" -H "Webhook-Timestamp: $now" -H "wEbHoOk-SiGnAtUrE: $genuine"
expect "forged svix-* headers are not rescued by genuine webhook-* headers" \
    '401 refused 401 signature_mismatch svix-signature*' "${good[@]}" \
    -H "svix-id: forged" -H "svix-timestamp: $now" -H "svix-signature: $genuine"

forged=v1,$(openssl rand -base64 32)
expect "a forged signature is refused" "$mismatch" \
    "${id[@]}" "${time[@]}" -H "webhook-signature: $forged"
signed "$message_id" "$now" "$work/other_key"
expect "a signature by another key is refused" "$mismatch" "${headers[@]}"
signed "$message_id" $((now - 600))
expect "a delivery of ten minutes ago is refused" \
    '401 refused 401 timestamp_too_old webhook-timestamp*' "${headers[@]}"
signed "$message_id" $((now + 600))
expect "a delivery of ten minutes ahead is refused" \
    '401 refused 401 timestamp_too_new webhook-timestamp*' "${headers[@]}"
event chart.creatad >"$work/body"
expect "a body with one byte changed is refused" "$mismatch" "${good[@]}"
event chart.created >"$work/body"
expect "another id is refused" "$mismatch" -H 'webhook-id: msg_other' "${time[@]}" "${sig[@]}"
expect "another timestamp is refused" "$mismatch" \
    "${id[@]}" -H "webhook-timestamp: $((now - 1))" "${sig[@]}"

missing='401 refused 401 missing_header'
expect "webhook-id must be there" "$missing webhook-id*" "${time[@]}" "${sig[@]}"
expect "webhook-timestamp must be there" "$missing webhook-timestamp*" "${id[@]}" "${sig[@]}"
expect "webhook-signature must be there" "$missing webhook-signature*" "${id[@]}" "${time[@]}"
expect "an empty header is a missing one" "$missing webhook-id*" \
    -H 'webhook-id;' "${time[@]}" "${sig[@]}"
expect "two different ids are refused" '401 refused 401 duplicate_header webhook-id*' \
    "${good[@]}" -H 'webhook-id: msg_other'
expect "the same id twice is accepted" "$accepted" "${good[@]}" "${id[@]}"

# From here on the signature covers exactly what is sent, so that nothing but the form is wrong.
long_id=$(printf 'i%.0s' {1..256})
signed "$long_id" && expect "an id of 256 characters is accepted" "$accepted" "${headers[@]}"
for bad_id in $'msg_\303\244' $'msg_\344' msg.1 'msg 1' "${long_id}i"; do
    signed "$bad_id"
    printf -v shown %q "${bad_id:0:12}"
    expect "an id of ${#bad_id} bytes that starts with $shown is refused" \
        '401 refused 401 invalid_id webhook-id*' "${headers[@]}"
done
# Milliseconds have 13 digits, one more than seconds can have.
for text in "+$now" "-$now" "0$now" "$now.0" "${now}s" "$(printf 0x%x "$now")" "${now:0:5} 1" \
    "${now}000" "$now,$now" 'Wed, 10 Jan 2024 10:03:02 GMT'; do
    signed "$message_id" "$text"
    expect "the timestamp '$text' is refused" \
        '401 refused 401 invalid_timestamp webhook-timestamp*' "${headers[@]}"
done
signed "$message_id" "$now "
expect "a timestamp that was signed with a space behind it is refused" "$mismatch" "${headers[@]}"
expect "a space behind the timestamp, not signed, does not matter" "$accepted" \
    "${id[@]}" -H "webhook-timestamp: $now " "${sig[@]}"

fifteen=$(printf "$forged %.0s" {1..15})
expect "the sixteenth signature counts" "$accepted" \
    "${id[@]}" "${time[@]}" -H "webhook-signature: $fifteen$genuine"
expect "seventeen signatures are refused" \
    '401 refused 401 too_many_signatures webhook-signature*' \
    "${id[@]}" "${time[@]}" -H "webhook-signature: ${fifteen}v1a,unknown $genuine"
# The HTTP library refuses such a line itself, before the receiver sees it.
expect "a header of 9,000 bytes is refused" '4@(00|13|31) *' \
    "${id[@]}" "${time[@]}" -H "webhook-signature: $genuine $(printf 'x%.0s' {1..9000})"

event chart.created | head -c 60 >"$work/body" && signed
expect "a verified body that is not JSON is answered with 400" \
    '400 refused 400 malformed_json*' "${headers[@]}"
event chart.created | sed 's/,"key":"thing-1"//' >"$work/body" && signed
expect "the log names the member that a verified body lacks" \
    '400 refused 400 invalid_payload data.key*' "${headers[@]}"
printf '{"id":7}' >"$work/body" && signed
expect "a verified body without an event type is answered with 400" \
    '400 refused 400 missing_event_type type*' "${headers[@]}"

# padded SIZE: an event with an unknown member in front, SIZE bytes in all.
padded() {
    local rest
    rest=$(event chart.created)
    rest="\",${rest#\{}"
    { printf '{"pad":"' && head -c $(($1 - 8 - ${#rest})) /dev/zero | tr '\0' x &&
        printf %s "$rest"; } >"$work/body"
}
padded 1048576 && signed
expect "a body of exactly 1 MiB is accepted" "$accepted" "${headers[@]}"
expect "a body of exactly 1 MiB is accepted in chunks" "$accepted" \
    "${headers[@]}" -H 'Transfer-Encoding: chunked'
padded 1048577 && signed
expect "one byte more is refused" '413 refused 413 body_too_large body*' "${headers[@]}"
padded 2000000 && signed
expect "2 MB in chunks are refused" '413 refused 413 body_too_large body*' \
    "${headers[@]}" -H 'Transfer-Encoding: chunked'

# What arrives must be what was signed: nothing may be unpacked or taken apart on the way.
event chart.created >"$work/body" && signed
expect "a body that is called gzip arrives as it was sent" '200 accepted chart created: *' "${headers[@]}" \
    -H 'Content-Encoding: gzip'
gzip -c "$work/body" >"$work/packed" && mv "$work/packed" "$work/body"
expect "a gzip body is refused when only what is in it was signed" "$mismatch" "${headers[@]}" \
    -H 'Content-Encoding: gzip'
signed && expect "a signed gzip body is no event" '400 refused 400 malformed_json*' "${headers[@]}" \
    -H 'Content-Encoding: gzip'
printf -- '--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n%s\r\n--b--\r\n' \
    "$(event chart.created)" >"$work/body" && signed
content_type='multipart/form-data; boundary=b' \
    expect "a signed multipart body is genuine, and no event" '400 refused 400 malformed_json*' \
    "${headers[@]}"
: >"$work/body"
expect "an empty body is refused" "$mismatch" "${good[@]}"
signed && expect "an empty body that is signed is no event" '400 refused 400 malformed_json*' \
    "${headers[@]}"
request "${good[@]}" "$url" && check "GET is not found" '404 ' "$status $log"
request "${good[@]}" -d x "$url/more" && check "another path is not found" '404 ' "$status $log"

check "all refusals have the same text, which does not say why" \
    'the delivery could not be verified ' "$(sort -u "$work/replies_401")"

# refuses_to_start SENTENCE PATTERN COMMAND...
refuses_to_start() {
    run "${@:3}"
    check "$1" "1 $2" "$status $out$err"
}
refuses_to_start "the server does not start without SEATSIO_SECRET" '*SEATSIO_SECRET is not set*' \
    env -u SEATSIO_SECRET "$server" --port 0
refuses_to_start "the server does not start with an empty SEATSIO_SECRET" \
    '*SEATSIO_SECRET is empty*' env SEATSIO_SECRET= "$server" --port 0
refuses_to_start "the server does not start with a secret that begins with v1," \
    "*strip the \`v1,\`*" env SEATSIO_SECRET="v1,$secret" "$server" --port 0
refuses_to_start "the server says that its port is in use" \
    "cannot listen on 127.0.0.1:$port*in use*" env SEATSIO_SECRET="$secret" "$server" --port "$port"

kill -TERM "$pid"
# `wait` alone could wait for ever.
for ((i = 0; i < 100; i++)); do
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.1
done
((i < 100)) || kill -KILL "$pid"
status=0 && wait "$pid" || status=$?
pid=
check "SIGTERM ends the server in good order" '0 stopped' "$status $(tail -n 1 "$work/out")"
leaks=$(grep -icF -e "${secret#whsec_}" -e "$(hex "$work/key")" "$work/"{out,err,printed}) || true
check "the server never prints its secret" $'*/out:0\n*/err:0\n*/printed:0' "$leaks"
summary
