#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# tool.sh TOOL VECTORS_DIR: what scripts may rely on in the command line tool webhookpp: its exit
# statuses, its output, and that its signatures are those of openssl.
set -euo pipefail

# shellcheck source=check.sh
source "$(dirname "${BASH_SOURCE[0]}")/check.sh"
tool=${1:?usage: tool.sh TOOL VECTORS_DIR}
vectors=${2:?usage: tool.sh TOOL VECTORS_DIR}

openssl rand 24 >"$work/key"
openssl rand 24 >"$work/other_key"
WHSEC=whsec_$(openssl base64 -A -in "$work/key")
OTHER=whsec_$(openssl base64 -A -in "$work/other_key")
export WHSEC OTHER EMPTY=
unset ABSENT
printf '{"type":"ping","text":"caf\303\251"}' >"$work/body"
sent=1700000000

# expect SENTENCE STATUS OUT ERR ARGUMENT...: runs the tool; the three are patterns.
expect() {
    run "$tool" "${@:5}"
    check "$1" "status $2, out: $3, err: $4" "status $status, out: $out, err: $err"
}
# verifies SENTENCE STATUS ERR ARGUMENT...: that of `verify` with the headers in `delivery`.
verifies() {
    local verdict=
    [[ $2 != 0 ]] || verdict='verified: id msg_1, key *'
    expect "$1" "$2" "$verdict" "$3" verify --scheme standard_webhooks "${delivery[@]}" "${@:4}"
}
# takes: sets `delivery` to the headers that `sign` has just printed.
takes() {
    delivery=()
    while IFS= read -r line; do delivery+=(--header "$line"); done <<<"$out"
}

signing=(sign --scheme standard_webhooks --id msg_1 --timestamp "$sent" --body "$work/body")
by_openssl=$(token "$work/key" msg_1 "$sent" "$work/body")
three_headers=$'webhook-id: msg_1\nwebhook-timestamp: 1700000000\nwebhook-signature:'
expect "sign prints the headers, with the signature that openssl makes" 0 \
    "$three_headers $by_openssl" '' "${signing[@]}" --key-env WHSEC
takes
at=(--now "$sent")
whole=("${at[@]}" --key-env WHSEC --body "$work/body")
verifies "what was signed is verified" 0 '' "${whole[@]}"
verifies "without --body the body comes from the standard input" 0 '' \
    "${at[@]}" --key-env WHSEC <"$work/body"
verifies "--body - is the standard input" 0 '' "${at[@]}" --key-env WHSEC --body - <"$work/body"
verifies "an empty body is another body" 1 'signature_mismatch: webhook-signature' \
    "${at[@]}" --key-env WHSEC </dev/null
verifies "another key is refused" 1 'signature_mismatch: webhook-signature' \
    "${at[@]}" --key-env OTHER --body "$work/body"
verifies "of several keys one is enough" 0 '' "${whole[@]}" --key-env OTHER
check "verify says which key it was" '*, key 1 of 2, 0 signatures skipped' "$out"
verifies "headers that contradict each other are refused" 1 'duplicate_header: webhook-id' \
    "${whole[@]}" --header 'webhook-id: msg_2'
delivery=("${delivery[@]:0:4}")
verifies "a header that is missing is named" 1 'missing_header: webhook-signature' "${whole[@]}"
delivery+=(--header "webhook-signature: v1,$by_openssl")
verifies "a signature in no known form is told apart from a wrong one" 1 \
    'no_supported_signature: webhook-signature' "${whole[@]}"
expect "sign makes one signature for each key" 0 \
    "$three_headers $by_openssl $(token "$work/other_key" msg_1 "$sent" "$work/body")" '' \
    "${signing[@]}" --key-env WHSEC --key-env OTHER
takes
verifies "either of two signatures is enough" 0 '' \
    "${at[@]}" --key-env OTHER --body "$work/body"
expect "id and timestamp need not be given" 0 $'webhook-id: msg_*\nwebhook-timestamp: 1*' '' \
    sign --scheme standard_webhooks --key-env WHSEC --body "$work/body"
takes
expect "verify reads the real clock if it is given none" 0 'verified: id msg_*' '' \
    verify --scheme standard_webhooks "${delivery[@]}" --key-env WHSEC --body "$work/body"

# The window: both ends belong to it.
run "$tool" "${signing[@]}" --key-env WHSEC && takes
while read -r offset verdict tolerance; do
    error=
    [[ $verdict == 0 ]] || error="timestamp_too_$verdict: webhook-timestamp"
    # shellcheck disable=SC2086  # none or two words
    verifies "a clock $offset s off ${tolerance:+with $tolerance }gives ${error:-no error}" \
        "$([[ $verdict == 0 ]] && echo 0 || echo 1)" "$error" \
        --now $((sent + offset)) --key-env WHSEC --body "$work/body" $tolerance
done <<'END'
+300 0
+301 old
-300 0
-301 new
+600 0 --tolerance 600
+601 old --tolerance 600
-601 new --tolerance 600
+0 0 --tolerance 0
+1 old --tolerance 0
-1 new --tolerance 0
END

# Keys in files end as editors end them: with one line break.
printf '%s' "$WHSEC" >"$work/plain"
printf '%s\n' "$WHSEC" >"$work/unix"
printf '%s\r\n' "$WHSEC" >"$work/dos"
printf '%s\n\n' "$WHSEC" >"$work/blank_line"
for ending in plain unix dos; do
    verifies "--key-file reads a file with $ending line end" 0 '' \
        "${at[@]}" --key-file "$work/$ending" --body "$work/body"
done
usable=("${at[@]}" --body "$work/body")
verifies "a blank line is not part of a key" 2 '*key_whitespace*' \
    "${usable[@]}" --key-file "$work/blank_line"
verifies "a key file that is not there is misuse" 2 'cannot read *' \
    "${usable[@]}" --key-file "$work/none"
verifies "a variable that is not set is misuse" 2 '*ABSENT is not set*' \
    "${usable[@]}" --key-env ABSENT
verifies "an empty variable is misuse" 2 '*EMPTY is empty*' "${usable[@]}" --key-env EMPTY
verifies "no key is misuse" 2 'a key is needed*' "${usable[@]}"
verifies "a key without its prefix is misuse" 2 '*key_wrong_prefix*' "${usable[@]}" --key c2VjcmV0
verifies "a short key is misuse" 2 '*key_wrong_length*' "${usable[@]}" --key whsec_c2VjcmV0
verifies "a key that is not base64 is misuse" 2 '*key_bad_encoding*' "${usable[@]}" --key 'whsec_!'
verifies "an unknown option is misuse" 2 '*--nonsense*' "${whole[@]}" --nonsense
verifies "a negative tolerance is misuse" 2 '*--tolerance*' "${whole[@]}" --tolerance -1
verifies "a clock that is no number is misuse" 2 '*--now*' "${whole[@]}" --now noon
verifies "a header without a colon is misuse" 2 '*Name: value*' "${whole[@]}" --header nonsense
verifies "a body file that is not there is misuse" 2 'cannot read *' \
    "${at[@]}" --key-env WHSEC --body "$work/none"
for command in sign verify; do
    expect "$command: an unknown scheme is misuse" 2 '' 'unknown_scheme: none (known: *zoom)' \
        "$command" --scheme none --key-env WHSEC --body "$work/body"
    expect "$command: no scheme is misuse" 2 '' '*--scheme*' "$command" --key-env WHSEC
    expect "$command --help explains it" 0 '*--scheme*Example*' '' "$command" --help
done
expect "sign refuses an id that nobody would accept" 2 '' '*invalid_id*' \
    sign --scheme standard_webhooks --key-env WHSEC --id a.b --body "$work/body"
expect "no command is misuse" 2 '' '?*'
expect "an unknown command is misuse" 2 '' '?*' nonsense
expect "--help lists the commands" 0 '*sign*verify*explain*decode*list*' '' --help
expect "--version says which" 0 'webhookpp [0-9]*.[0-9]*.[0-9]*' '' --version

# Ed25519. A PKCS #8 file ends with the seed, a SubjectPublicKeyInfo with the public key.
openssl genpkey -algorithm ED25519 -out "$work/pem"
openssl pkey -in "$work/pem" -outform DER | tail -c 32 >"$work/seed"
openssl pkey -in "$work/pem" -pubout -outform DER >"$work/der"
tail -c 32 "$work/der" >"$work/public"
WHSK=whsk_$(openssl base64 -A -in "$work/seed")
WHSK_64=whsk_$(cat "$work/seed" "$work/public" | openssl base64 -A)
WHPK=whpk_$(openssl base64 -A -in "$work/public")
WHPK_DER=whpk_$(openssl base64 -A -in "$work/der")
export WHSK WHSK_64 WHPK WHPK_DER
{ printf 'msg_1.%s.' "$sent" && cat "$work/body"; } >"$work/message"
openssl pkeyutl -sign -inkey "$work/pem" -rawin -in "$work/message" -out "$work/signature"
for name in WHSK WHSK_64; do
    expect "sign makes the Ed25519 signature that openssl makes, from $name" 0 \
        "$three_headers v1a,$(openssl base64 -A -in "$work/signature")" '' \
        "${signing[@]}" --key-env "$name"
done
takes
printf '%s\n' "${out##*v1a,}" | openssl base64 -d -A >"$work/signature"
run openssl pkeyutl -verify -pubin -inkey "$work/der" -keyform DER -rawin -in "$work/message" \
    -sigfile "$work/signature"
check "openssl verifies it" '0 Signature Verified Successfully' "$status $out"
for name in WHPK WHPK_DER; do
    verifies "verify accepts it with $name" 0 '' "${usable[@]}" --key-env "$name"
done
verifies "verify refuses it for another body" 1 'signature_mismatch: webhook-signature' \
    "${at[@]}" --key-env WHPK --body "$work/message"
verifies "a shared secret cannot verify it" 1 'no_supported_signature: *' "${whole[@]}"
verifies "a receiver has no use for a signing key" 2 '*key_wrong_prefix*' \
    "${usable[@]}" --key-env WHSK
expect "a public key does not sign" 2 '' '*key_wrong_prefix*' "${signing[@]}" --key-env WHPK

# Waitwhile: the URL and the body, with the text of the secret.
TEXT=$(openssl rand -hex 12)
url=https://hooks.example.com/waitwhile
export TEXT
by_openssl=$({ printf %s "$url" && cat "$work/body"; } |
    openssl dgst -sha256 -hmac "$TEXT" -binary | openssl base64 -A)
expect "sign makes the signature of URL and body that openssl makes" 0 \
    "X-Waitwhile-Signature: $by_openssl" '' \
    sign --scheme waitwhile --key-env TEXT --url "$url" --body "$work/body"
# shows SCHEME SENTENCE STATUS OUT ERR ARGUMENT...: that of `verify` with the key TEXT and the body.
shows() {
    expect "$1: $2" "$3" "$4" "$5" verify --scheme "$1" --key-env TEXT --body "$work/body" "${@:6}"
}
waitwhile=(--header "X-Waitwhile-Signature: $by_openssl")
shows waitwhile "verify accepts it" 0 'verified: key 1 of 1, 0 signatures skipped' '' \
    "${waitwhile[@]}" --url "$url"
shows waitwhile "it is not valid for another URL" 1 '' 'signature_mismatch: X-Waitwhile-Signature' \
    "${waitwhile[@]}" --url "$url/"
shows waitwhile "without the URL nothing is verified" 2 '' 'invalid_url: *.url*' "${waitwhile[@]}"
expect "waitwhile: without the URL nothing is signed" 2 '' 'invalid_url: *.url*' \
    sign --scheme waitwhile --key-env TEXT --body "$work/body"

# Tokens.
unsigned='verified: key 1 of 1, the body is not signed'
PASSWORD=user:$TEXT
export PASSWORD
basic=$(printf %s "$PASSWORD" | openssl base64 -A)
expect "basic_auth: sign prints the header" 0 "Authorization: Basic $basic" '' \
    sign --scheme basic_auth --key-env PASSWORD --body "$work/body"
expect "basic_auth: verify accepts it" 0 "$unsigned" '' verify --scheme basic_auth \
    --key-env PASSWORD --header "Authorization: basic $basic" --body "$work/body"
shows basic_auth "a key needs a colon" 2 '' 'key_bad_encoding: TEXT: *user:password*' \
    --header "Authorization: Basic $basic"
while IFS=/ read -r scheme header _; do
    header+=' '
    expect "$scheme: sign prints the header" 0 "$header$TEXT" '' \
        sign --scheme "$scheme" --key-env TEXT --body "$work/body"
    shows "$scheme" "verify accepts it" 0 "$unsigned" '' --header "$header$TEXT"
    shows "$scheme" "verify refuses another" 1 '' "signature_mismatch: ${header%%:*}" \
        --header "$header${TEXT}0"
done <<'END'
bearer_token/Authorization: Bearer/
shared_token/X-Webhook-Token:/
END
while read -r scheme called; do
    expect "$scheme: sign prints the URL" 0 "url: $url$called$TEXT" '' \
        sign --scheme "$scheme" --key-env TEXT --url "$url" --body "$work/body"
    shows "$scheme" "verify accepts it" 0 "$unsigned" '' --url "$url$called$TEXT"
    shows "$scheme" "verify accepts path and query alone" 0 "$unsigned" '' --url "/in$called$TEXT"
    shows "$scheme" "verify refuses another" 1 '' "signature_mismatch: token in the target" \
        --url "$url$called${TEXT}0"
    shows "$scheme" "without the URL there is no token" 1 '' 'missing_header: token in the target'
done <<'END'
url_token ?token=
path_token /
END
expect "a header without a colon is not shown" 2 '' 'a header is *' verify --scheme bearer_token \
    --key-env TEXT --header "Authorization Bearer $TEXT" --body "$work/body"
# Explanations. Key texts that set-up refuses are not misuse here: they are what is explained.
# explains SENTENCE STATUS OUT ERR ARGUMENT...: that of `explain` with the headers in `delivery`.
explains() {
    expect "explain: $1" "$2" "$3" "$4" explain --scheme standard_webhooks "${delivery[@]}" "${@:5}"
}
run "$tool" "${signing[@]}" --key-env WHSEC && takes
usual=("${at[@]}" --key-env WHSEC --body "$work/body")
explains "a genuine delivery is accepted" 0 'accepted' '' "${usual[@]}"
{ cat "$work/body" && echo; } >"$work/longer_body"
explains "a line break that was added is named" 1 \
    $'refused: signature_mismatch: webhook-signature\n1. newline_added: the signature matches *' '' \
    "${at[@]}" --key-env WHSEC --body "$work/longer_body"
explains "what speaks for a mistake comes after what proves one" 1 \
    $'*\n1. newline_added: *\n2. length_differs: Content-Length is 28, *' '' \
    "${at[@]}" --key-env WHSEC --body "$work/longer_body" --header 'Content-Length: 28'
explains "an old delivery is old by so many seconds" 1 \
    $'refused: timestamp_too_old: *\n1. clock_skew: valid, but 3,725 s old; the limit is 60 s' '' \
    --key-env WHSEC --body "$work/body" --tolerance 60 --now $((sent + 3725))
explains "white space around a key is named" 1 \
    $'refused: key_whitespace: *\n1. key_whitespace: *' '' \
    "${at[@]}" --key-file "$work/blank_line" --body "$work/body"
explains "a key without its prefix is named" 1 \
    $'refused: key_wrong_prefix: *\n1. key_form: *' '' \
    "${at[@]}" --key "${WHSEC#*_}" --body "$work/body"
explains "an empty key is named" 1 $'refused: empty_key: *\n1. key_form: *' '' \
    "${at[@]}" --key-env EMPTY --body "$work/body"
explains "of several keys the bad one is named" 1 $'refused: key_whitespace: *\n1. * key 2: *' '' \
    "${at[@]}" --key-env WHSEC --key-file "$work/blank_line" --body "$work/body"
explains "the key of another endpoint is no usual mistake" 1 \
    $'refused: *\nnone of the usual mistakes: the key is probably of another endpoint' '' \
    "${at[@]}" --key-env OTHER --body "$work/body"
explains "a variable that is not set is misuse" 2 '' '*ABSENT is not set*' --key-env ABSENT
explains "no key is misuse" 2 '' 'a key is needed*' --body "$work/body"
explains "a body file that is not there is misuse" 2 '' 'cannot read *' \
    "${at[@]}" --key-env WHSEC --body "$work/none"
expect "explain: an unknown scheme is misuse" 2 '' 'unknown_scheme: none *' explain --scheme none
expect "explain: no scheme is misuse" 2 '' '*--scheme*' explain --key-env WHSEC
expect "explain --help explains it" 0 '*--scheme*--tolerance*Example*' '' explain --help
expect "explain: the delivery of another scheme is named" 1 $'*\n1. other_scheme: *waitwhile*' '' \
    explain --scheme shopify --key-env TEXT --body "$work/body" --url "$url" "${waitwhile[@]}"
expect "explain: another URL is named, and not shown" 1 \
    $'*\n1. url_differs: *no slash at the end of the path' '' \
    explain --scheme waitwhile --key-env TEXT --body "$work/body" --url "$url/" "${waitwhile[@]}"
expect "explain: without the URL nothing is explained" 2 '' 'invalid_url: *.url*' \
    explain --scheme waitwhile --key-env TEXT --body "$work/body" "${waitwhile[@]}"

# What `sign` printed on purpose is no leak.
sed -i "/^\(url\|Authorization\|X-Webhook-Token\): /d" "$work/printed"

# Events.
printf '{"id":7,"type":"chart.created","timestamp":"2024-01-10T10:03:02Z",%s}' \
    '"data":{"workspaceKey":"ws-1","key":"chart-1"}' >"$work/event"
decoding=(decode --provider seatsio)
expect "decode shows the typed event" 0 '{"result":"event","alternative":"chart_created",*}' '' \
    "${decoding[@]}" --body "$work/event"
expect "decode passes an event of unknown type" 0 '{"result":"unknown","type":"ping"}' '' \
    "${decoding[@]}" --body "$work/body"
sed 's/"key":"chart-1"/"key":1/' "$work/event" >"$work/bad_event"
expect "decode names the member that is wrong" 1 '*"invalid_payload","path":"data.key"}' '' \
    "${decoding[@]}" <"$work/bad_event"
expect "an unknown engine is misuse" 2 '' '*--engine*' "${decoding[@]}" --engine fast
for engine in nlohmann simdjson; do
    expect "decode shows the typed event, with $engine" 0 '{"result":"event",*"key":"chart-1"*}' '' \
        "${decoding[@]}" --engine "$engine" --body "$work/event"
    for file in events.jsonl:76 provider_events.jsonl:1499; do
        expect "decode agrees with all vectors of ${file%:*}, with $engine" 0 \
            "${file#*:} vectors, 0 differences" '' \
            decode --engine "$engine" --vectors "$vectors/${file%:*}" --check
    done
done
printf '{"id":"e","created":"2024-05-19T15:00:00Z","accountId":"a","type":"visit.removed",%s}' \
    '"data":{"id":"v","locationId":"l","state":"SERVED","locale":null,"x":null}' >"$work/visit"
expect "decode shows as null what is null, and leaves out what is absent" 0 \
    '*"data":{"id":"v","locationId":"l","state":"SERVED","locale":null}}}' '' \
    decode --provider waitwhile --body "$work/visit"
expect "decode shows raw JSON as JSON" 0 '*"attributes":{"a":\[1.5,null\]}*' '' \
    decode --provider seably --body - <<<'{"event":"certificate.created","payload":{"data":
    {"type":"certificate","id":"S","attributes":{"a":[1.50,null]}}}}'
expect "an unknown provider is misuse" 2 '' 'unknown provider: none' \
    decode --provider none --body "$work/event"
expect "no provider is misuse" 2 '' '*--provider*' decode --body "$work/event"

# What there is.
expect "list shows providers, schemes and event types" 0 '*seatsio*standard_webhooks*chart.created*' \
    '' list
for what in seatsio waitwhile eventsair gatsby seably visit.created location-status.updated \
    Event.Invoice.Finalized guestlist_updated certificate.created url_token basic_auth bearer_token \
    shared_token path_token; do
    check "list shows $what" "*$what*" "$out"
done

# test_vectors COMMAND FILE COUNT MEMBER_OF_FIRST WRONG_VALUE
test_vectors() {
    local file=$vectors/$2 broken=$work/broken
    expect "$1 agrees with all vectors of $2" 0 "$3 vectors, 0 differences" '' \
        "$1" --vectors "$file" --check
    expect "$1 prints a line for each vector" 0 '{"id":*' '' "$1" --vectors "$file"
    check "$1 leaves no vector out" "$3" "$(wc -l <<<"$out")"
    sed -E "1s/\"expect\": *\"$4\"/\"expect\":\"$5\"/" "$file" >"$broken"
    expect "$1 finds the one vector that is wrong" 1 $'{"id":*}\n'"$3 vectors, 1 differences" '' \
        "$1" --vectors "$broken" --check
    check "$1 prints no other vector" 2 "$(wc -l <<<"$out")"
    for line in '{"id":' '{}' '[]' "$(head -n 1 "$file" | sed 's/"body_base64": *"/&!/')"; do
        { head -n 2 "$file" && printf '%s\n' "$line"; } >"$broken"
        expect "$1 refuses the vector ${line:0:12}" 2 '*' '?*' "$1" --vectors "$broken" --check
    done
    expect "$1 --check needs vectors" 2 '' '*--vectors*' "$1" --check
}
test_vectors verify standard_webhooks.jsonl 132 accept reject
test_vectors verify waitwhile.jsonl 7 accept reject
test_vectors verify tokens.jsonl 107 accept reject
test_vectors verify schemes.jsonl 345 accept reject
test_vectors explain standard_webhooks.jsonl 132 accept reject
test_vectors explain schemes.jsonl 345 accept reject
test_vectors decode events.jsonl 76 event unknown
test_vectors decode provider_events.jsonl 1499 event unknown

leaks=$(printf '%s\n' "$TEXT" "$basic" "${WHSEC#*_}" "${OTHER#*_}" "${WHSK#*_}" "${WHSK_64#*_}" |
    grep -cFf - "$work/printed") || true
check "no key is ever printed" 0 "$leaks"
summary
