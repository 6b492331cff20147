#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# handshakes_with_curl.sh SERVER: sends every handshake to handshake_server over real HTTP, signed
# with openssl, and looks at status, headers and body of the answer.
set -euo pipefail

# shellcheck source=check.sh
source "$(dirname "${BASH_SOURCE[0]}")/check.sh"
server=${1:?usage: handshakes_with_curl.sh SERVER}

now=$(date +%s)
for name in SLACK ZOOM TWITCH META META_TOKEN DROPBOX; do
    declare "$name=$(openssl rand -hex 16)"
    export "${name?}"
done
openssl genpkey -algorithm ed25519 -out "$work/discord.pem"
openssl pkey -in "$work/discord.pem" -pubout -outform DER | tail -c 32 >"$work/discord_key"
DISCORD=$(hex "$work/discord_key")
export DISCORD

"$server" --port 0 >"$work/out" 2>"$work/err" &
pid=$!
trap '[[ -z $pid ]] || kill -KILL "$pid" || true; rm -rf "$work"' EXIT
port=
for ((i = 0; i < 100 && ${#port} == 0; i++)); do
    sleep 0.1
    port=$(sed -En 's|^listening on http://127.0.0.1:([0-9]+)/slack .*|\1|p' "$work/out")
done
check "the server says where it listens" '[1-9]*' "$port"
[[ $port ]] || { cat "$work/err" && exit 1; }

# ask SENTENCE PATTERN PATH OPTION...: PATTERN is of status, content type and body of the answer,
# and of the log.
ask() {
    local sentence=$1 pattern=$2 path=$3 before status
    shift 3
    before=$(wc -l <"$work/out")
    status=$(curl -q --noproxy '*' --silent --max-time 20 --output "$work/reply" \
        --dump-header "$work/reply_headers" --write-out '%{http_code} [%{content_type}]' \
        "http://127.0.0.1:$port/$path" "$@") || status="curl ended with $?, $status"
    check "$sentence" "$pattern" \
        "$status $(cat "$work/reply") ($(tail -n "+$((before + 1))" "$work/out" | paste -sd,))"
}

# post SENTENCE PATTERN PATH OPTION...: the same with the body $body.
post() {
    local sentence=$1 pattern=$2 path=$3
    shift 3
    ask "$sentence" "$pattern" "$path" -H 'Content-Type: application/json' --data-binary "$body" "$@"
}

# mac KEY TEXT: the HMAC-SHA256 in hex.
mac() {
    printf %s "$2" | openssl dgst -sha256 -mac HMAC -macopt "key:$1" -binary >"$work/mac"
    hex "$work/mac"
}

text='[[]text/plain; charset=utf-8]'
json='[[]application/json]'
good='(handshake 200)'

body='{"type":"url_verification","challenge":"3eZbrw1aBm2rZgRNFdxV2595E9CY"}'
slack=(-H "X-Slack-Request-Timestamp: $now" -H "X-Slack-Signature: v0=$(mac "$SLACK" "v0:$now:$body")")
post "Slack: the challenge comes back" "200 $text 3eZbrw1aBm2rZgRNFdxV2595E9CY $good" slack "${slack[@]}"
check "Slack: no browser guesses another type" '*[Xx]-[Cc]ontent-[Tt]ype-[Oo]ptions: nosniff*' \
    "$(cat "$work/reply_headers")"
post "Slack: unsigned" "401 * (delivery 401 missing_header)" slack
post "Slack: signed with another key" "401 * (delivery 401 signature_mismatch)" slack \
    -H "X-Slack-Request-Timestamp: $now" -H "X-Slack-Signature: v0=$(mac "$ZOOM" "v0:$now:$body")"
old=$((now - 301))
post "Slack: an old one" "401 * (delivery 401 timestamp_too_old)" slack \
    -H "X-Slack-Request-Timestamp: $old" -H "X-Slack-Signature: v0=$(mac "$SLACK" "v0:$old:$body")"
body='{"type":"url_verification","challenge":"<script>"}'
post "Slack: a challenge that is a page" "400 * (handshake 400 *)" slack \
    -H "X-Slack-Request-Timestamp: $now" -H "X-Slack-Signature: v0=$(mac "$SLACK" "v0:$now:$body")"
check "Slack: it does not come back" 0 "$(grep -c script "$work/reply" || true)"
body='{"type":"something"}'
post "Slack: an event is an event" "200 * (delivery 200)" slack \
    -H "X-Slack-Request-Timestamp: $now" -H "X-Slack-Signature: v0=$(mac "$SLACK" "v0:$now:$body")"

body='{"event":"endpoint.url_validation","payload":{"plainToken":"qgg8vlvZRS6UYooatFL8Aw"}}'
zoom=(-H "x-zm-request-timestamp: $now" -H "x-zm-signature: v0=$(mac "$ZOOM" "v0:$now:$body")")
answer="{\"plainToken\":\"qgg8vlvZRS6UYooatFL8Aw\",\"encryptedToken\":\"$(mac "$ZOOM" qgg8vlvZRS6UYooatFL8Aw)\"}"
post "Zoom: the token comes back with its MAC" "200 $json $answer $good" zoom "${zoom[@]}"
post "Zoom: no MAC for what is unsigned" "401 * (delivery 401 missing_header)" zoom

body='{"challenge":"pogchamp-kappa-360noscope","subscription":{"type":"channel.follow"}}'
time=$(date -u -d "@$now" +%Y-%m-%dT%H:%M:%S.000Z)
twitch=(-H 'Twitch-Eventsub-Message-Id: m1' -H "Twitch-Eventsub-Message-Timestamp: $time"
    -H 'Twitch-Eventsub-Message-Type: webhook_callback_verification'
    -H "Twitch-Eventsub-Message-Signature: sha256=$(mac "$TWITCH" "m1$time$body")")
post "Twitch: the challenge comes back" "200 $text pogchamp-kappa-360noscope $good" twitch "${twitch[@]}"
post "Twitch: another message id is not signed" "401 * (delivery 401 signature_mismatch)" twitch \
    "${twitch[@]/m1/m2}"

# discord BODY: sets `discord` to options of curl that sign it.
discord() {
    body=$1
    printf '%s%s' "$now" "$body" >"$work/message"
    openssl pkeyutl -sign -inkey "$work/discord.pem" -rawin -in "$work/message" -out "$work/signature"
    discord=(-H "X-Signature-Timestamp: $now" -H "X-Signature-Ed25519: $(hex "$work/signature")")
}
discord '{"type":1}'
post "Discord: a ping is answered" "200 $json {\"type\":1} $good" discord "${discord[@]}"
post "Discord: a wrong signature is refused" "401 * (delivery 401 signature_mismatch)" discord \
    "${discord[@]/Timestamp: $now/Timestamp: $((now - 1))}"
discord '{"version":1,"type":0}'
post "Discord: the ping for events is answered" '204 [[]*] * (handshake 204)' discord_events \
    "${discord[@]}"

query='hub.mode=subscribe&hub.challenge=1158201444'
ask "Meta: the challenge comes back" "200 $text 1158201444 $good" "meta?$query&hub.verify_token=$META_TOKEN"
ask "Meta: another token" "401 * (handshake 401 signature_mismatch)" \
    "meta?$query&hub.verify_token=${META_TOKEN:0:31}"
ask "Meta: no token" "401 * (handshake 401 *)" "meta?$query"
ask "Meta: the app secret is no verify token" "401 * (handshake 401 *)" "meta?$query&hub.verify_token=$META"

ask "Dropbox: the challenge comes back" "200 $text abc123 $good" 'dropbox?challenge=abc123'
ask "Dropbox: a page does not" "400 * (handshake 400 *)" 'dropbox?challenge=%3Cscript%3E'

asana=$(openssl rand -hex 32)
body='{}'
post "Asana: the secret is taken, and comes back" "200 * (secret taken,handshake 200)" asana \
    -H "X-Hook-Secret: $asana"
check "Asana: in the header of the same name" "*[Xx]-[Hh]ook-[Ss]ecret: $asana*" \
    "$(cat "$work/reply_headers")"
post "Asana: a second one is not" "401 * (handshake 401 *)" asana -H 'X-Hook-Secret: 0123456789abcdef'
body='{"type":"something"}'
post "Asana: its events are genuine now" "200 * (delivery 200)" asana \
    -H "X-Hook-Signature: $(mac "$asana" "$body")"
post "Asana: those with the second secret are not" "401 * (delivery 401 signature_mismatch)" asana \
    -H "X-Hook-Signature: $(mac 0123456789abcdef "$body")"

notion=secret_$(openssl rand -hex 20)
body="{\"verification_token\":\"$notion\"}"
post "Notion: the token is taken" "200 * (secret taken,handshake 200)" notion
post "Notion: a second time it is not" "401 * (delivery 401 missing_header)" notion
body='{"type":"something"}'
post "Notion: its events are genuine now" "200 * (delivery 200)" notion \
    -H "X-Notion-Signature: sha256=$(mac "$notion" "$body")"

kill -TERM "$pid"
wait "$pid" && status=0 || status=$?
pid=
check "SIGTERM ends it well" '0 stopped' "$status $(tail -n 1 "$work/out")"
for secret in "$SLACK" "$ZOOM" "$TWITCH" "$META" "$META_TOKEN" "$DROPBOX" "$asana" "$notion"; do
    check "no key is printed" 0 "$(cat "$work/out" "$work/err" | grep -c -F -e "$secret" || true)"
done
summary
