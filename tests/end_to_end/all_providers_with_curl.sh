#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# all_providers_with_curl.sh SERVER: sends deliveries of all five providers to the example
# all_providers_receiver over real HTTP, signed with openssl, and looks at status and output.
set -euo pipefail

# shellcheck source=check.sh
source "$(dirname "${BASH_SOURCE[0]}")/check.sh"
server=${1:?usage: all_providers_with_curl.sh SERVER}

openssl rand 24 >"$work/seatsio_key"
openssl rand 32 >"$work/eventsair_key"
waitwhile_secret=$(openssl rand -hex 12)
waitwhile_url='https://hooks.example.com/Waitwhile?a=1'
gatsby_token=$(openssl rand -hex 16)
seably_token=$(openssl rand -hex 16)
now=$(date +%s)

export WAITWHILE_SECRET=$waitwhile_secret GATSBY_TOKEN=$gatsby_token SEABLY_TOKEN=$seably_token
SEATSIO_SECRET=whsec_$(openssl base64 -A -in "$work/seatsio_key")
EVENTSAIR_SECRET=whsec_$(openssl base64 -A -in "$work/eventsair_key")
export SEATSIO_SECRET EVENTSAIR_SECRET

# Whoever forgets to configure something is told so before anything is received.
run env -u SEABLY_TOKEN WAITWHILE_URL="$waitwhile_url" "$server" --port 0
check "a token that is not set ends the program" '1 *SEABLY_TOKEN is not set*' "$status $err"
run env -u WAITWHILE_URL "$server" --port 0
check "a URL that is not set ends the program" '1 *invalid_url*' "$status $err"
run env WAITWHILE_URL=hooks.example.com "$server" --port 0
check "a URL without its scheme ends the program" '1 *invalid_url*' "$status $err"
run env GATSBY_TOKEN='with space' WAITWHILE_URL="$waitwhile_url" "$server" --port 0
check "a token that a URL cannot hold ends the program" '1 *' "$status $err"

WAITWHILE_URL=$waitwhile_url "$server" --port 0 >"$work/out" 2>"$work/err" &
pid=$!
trap '[[ -z $pid ]] || kill -KILL "$pid" || true; rm -rf "$work"' EXIT
port=
for ((i = 0; i < 100 && ${#port} == 0; i++)); do
    sleep 0.1
    port=$(sed -En 's|^listening on http://127.0.0.1:([0-9]+)/webhooks/seatsio .*|\1|p' "$work/out")
done
check "the server says where it listens" '[1-9]*' "$port"
[[ $port ]] || { cat "$work/err" && exit 1; }

# expect SENTENCE PATTERN PATH OPTION...: posts $work/body; PATTERN is of the status and the log.
expect() {
    local sentence=$1 pattern=$2 path=$3 before status log
    shift 3
    before=$(wc -l <"$work/out")
    status=$(curl -q --noproxy '*' --silent --max-time 20 --output "$work/reply" \
        --write-out '%{http_code}' "http://127.0.0.1:$port/webhooks/$path" \
        -H 'Content-Type: application/json' --data-binary "@$work/body" "$@") ||
        status="curl ended with $?, $status"
    log=$(tail -n "+$((before + 1))" "$work/out" | tr '\n' ' ')
    check "$sentence" "$pattern" "$status $log"
}

# standard KEY_FILE: sets `headers` to options of curl that sign $work/body.
standard() {
    local signature
    signature=$(token "$1" msg_1 "$now" "$work/body")
    headers=(-H 'Webhook-Id: msg_1' -H "Webhook-Timestamp: $now" -H "Webhook-Signature: $signature")
}

# waitwhile URL: the signature of $work/body for an endpoint of that URL.
waitwhile() {
    { printf %s "$1" && cat "$work/body"; } |
        openssl dgst -sha256 -mac HMAC -macopt "key:$waitwhile_secret" -binary | openssl base64 -A
}

# seats.io
printf '{"id":7,"type":"chart.published","timestamp":"2024-01-10T10:03:02.147433Z",%s}' \
    '"data":{"workspaceKey":"ws-1","key":"chart-1"}' >"$work/body"
standard "$work/seatsio_key"
expect "seats.io: a typed event" '200 chart published: chart-1 seatsio: 200 ' seatsio \
    "${headers[@]/Webhook-/svix-}"
expect "seats.io: another provider's route does not take it" \
    '401 eventsair: 401 signature_mismatch *' eventsair "${headers[@]}"
sed -i s/chart-1/chart-2/ "$work/body"
expect "seats.io: a changed body is refused" '401 seatsio: 401 signature_mismatch *' seatsio \
    "${headers[@]}"

# EventsAir
printf '{"type":"Event.Registration.Created","data":{"eventId":"e","registrationId":"r",%s}}' \
    '"timestamp":"2025-03-04T05:06:07Z","correlationId":"c"' >"$work/body"
standard "$work/eventsair_key"
expect "EventsAir: a typed event" '200 registration r for event e eventsair: 200 ' eventsair \
    "${headers[@]}"
printf '{"type":"Event.Session.Moved","data":{"sessionId":"s"}}' >"$work/body"
standard "$work/eventsair_key"
expect "EventsAir: a type that nobody knows" '200 another Session was Moved eventsair: 200 ' \
    eventsair "${headers[@]}"
printf '{"type":"Event.Created","data":{"eventId":"e"}}' >"$work/body"
standard "$work/eventsair_key"
expect "EventsAir: a member that is missing is named" \
    '400 eventsair: 400 invalid_payload data.timestamp ' eventsair "${headers[@]}"

# Waitwhile
visit() {
    printf '{"id":"evt1","created":"%s","accountId":"acc1","type":"visit.created","data":%s}' \
        "$(date -u -d "@$1" +%Y-%m-%dT%H:%M:%S.000Z)" \
        '{"id":"vis1","locationId":"loc1","state":"BOOKED","date":"2024-06-01T15:00"}' \
        >"$work/body"
}
visit "$now"
expect "Waitwhile: a typed event" \
    '200 new visit: vis1 is BOOKED, booked for 2024-06-01T15:00 waitwhile: 200 ' waitwhile \
    -H "X-Waitwhile-Signature: $(waitwhile "$waitwhile_url")"
refused='401 waitwhile: 401 signature_mismatch X-Waitwhile-Signature '
for url in '' 'https://hooks.example.com/Waitwhile' 'https://hooks.example.com/waitwhile?a=1' \
    "http://127.0.0.1:$port/webhooks/waitwhile"; do
    expect "Waitwhile: a signature for the URL '${url:-none}' is refused" "$refused" waitwhile \
        -H "X-Waitwhile-Signature: $(waitwhile "$url")"
done
expect "Waitwhile: the URL does not come from Host" "$refused" 'waitwhile?a=1' \
    -H 'Host: hooks.example.com' -H 'X-Forwarded-Proto: https' \
    -H "X-Waitwhile-Signature: $(waitwhile 'https://hooks.example.com/webhooks/waitwhile?a=1')"
expect "Waitwhile: hex is refused" '401 waitwhile: 401 no_supported_signature *' waitwhile \
    -H "X-Waitwhile-Signature: $(waitwhile "$waitwhile_url" | openssl base64 -d -A | od -An -v -tx1 | tr -d ' \n')"
expect "Waitwhile: no signature is refused" '401 waitwhile: 401 missing_header *' waitwhile
visit $((now - 5 * 24 * 60 * 60))
expect "Waitwhile: a replay is known by its age" '200 an old visit event is left alone *' \
    waitwhile -H "X-Waitwhile-Signature: $(waitwhile "$waitwhile_url")"

# Gatsby
printf '{"eventId":"e","personId":"p","action":"rsvp_updated","data":{%s}}' \
    '"rsvpStatus":"Accepted","previousStatus":"Invited","timestamp":"2023-11-02T09:45:00Z"' \
    >"$work/body"
expect "Gatsby: a typed event" '200 guest p: Invited -> Accepted gatsby: 200 ' \
    "gatsby?token=$gatsby_token"
expect "Gatsby: other members of the query do not matter" '200 *' \
    "gatsby?x=1&token=$gatsby_token&y=2"
expect "Gatsby: no token is refused" '401 gatsby: 401 missing_header *' gatsby
expect "Gatsby: a wrong token is refused" '401 gatsby: 401 signature_mismatch *' \
    "gatsby?token=${gatsby_token:0:31}g"
expect "Gatsby: the beginning of the token is refused" '401 gatsby: 401 signature_mismatch *' \
    "gatsby?token=${gatsby_token:0:31}"
expect "Gatsby: another provider's token is refused" '401 gatsby: 401 signature_mismatch *' \
    "gatsby?token=$seably_token"
expect "Gatsby: two different tokens are refused" '401 gatsby: 401 duplicate_header *' \
    "gatsby?token=$gatsby_token&token=x"
expect "Gatsby: a token in a header is refused" '401 gatsby: 401 missing_header *' gatsby \
    -H "token: $gatsby_token"
printf '{"contacts":[{}]}' >"$work/body"
expect "Gatsby: the body of the sample endpoint is no event" \
    '400 gatsby: 400 missing_event_type *' "gatsby?token=$gatsby_token"

# Seably
printf '{"event":"certificate.created","payload":{"data":{"type":"certificate","id":"SB-1"}}}' \
    >"$work/body"
expect "Seably: a typed event" '200 certificate SB-1 seably: 200 ' "seably?token=$seably_token"
printf '{"event":"user.invited","payload":{}}' >"$work/body"
expect "Seably: a new event that nobody handles is accepted" \
    '200 seably: 200 nobody handles this event ' "seably?token=$seably_token"

kill -TERM "$pid"
wait "$pid" && status=0 || status=$?
pid=
check "SIGTERM ends it well" '0 stopped' "$status $(tail -n 1 "$work/out")"
for secret in "$SEATSIO_SECRET" "$EVENTSAIR_SECRET" "$waitwhile_secret" "$gatsby_token" \
    "$seably_token"; do
    check "no key is printed" 0 \
        "$(cat "$work/out" "$work/err" "$work/printed" | grep -c -F -e "$secret" || true)"
done
summary
