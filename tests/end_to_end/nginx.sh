#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# nginx.sh RECEIVER FASTCGI_RECEIVER [NGINX]: sends deliveries through nginx, as the configurations
# of examples/frameworks set it up: to a receiver that speaks HTTP, and to one that speaks FastCGI,
# over TCP and over a Unix domain socket. Signed with openssl, sent with curl.
set -euo pipefail

here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=check.sh
source "$here/check.sh"
usage='usage: nginx.sh RECEIVER FASTCGI_RECEIVER [NGINX]'
receiver=${1:?$usage}
fastcgi_receiver=${2:?$usage}
nginx=${3:-nginx}
configurations=$here/../../examples/frameworks

openssl rand 24 >"$work/key"
SEATSIO_SECRET=whsec_$(openssl base64 -A -in "$work/key")
export SEATSIO_SECRET
forged=v1,$(openssl rand -base64 32)
path=/webhooks/seatsio
receiver_pid=
nginx_pid=
end_all() {
    local pid
    for pid in $receiver_pid $nginx_pid; do kill -KILL "$pid" || true; done
    rm -rf "$work"
}
trap end_all EXIT

# start_receiver COMMAND...: sets `receiver_pid`, and `backend` to where it listens.
start_receiver() {
    : >"$work/out"
    "$@" >"$work/out" 2>&1 &
    receiver_pid=$!
    backend=
    for ((i = 0; i < 100 && ${#backend} == 0; i++)); do
        sleep 0.1
        backend=$(sed -En "s#^listening (on http://|for FastCGI on )([^ ]+)#\2#p" "$work/out")
    done
    backend=${backend%"$path"}
    check "the receiver listens behind nginx, $name" '?*' "$backend"
}

# answers PORT: whether somebody takes connections there.
answers() {
    (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# start_nginx CONFIGURATION PORT_BEHIND: on a port that seems to be free; sets `nginx_pid`, `port`.
start_nginx() {
    local try globals=
    # A master process of root would take another user, who cannot read in $work.
    [[ $(id -u) != 0 ]] || globals='user root;'
    for ((try = 0; try < 10; try++)); do
        port=$((20000 + RANDOM % 10000))
        ! answers "$port" || continue
        rm -rf "$work/nginx" && mkdir "$work/nginx"
        sed -e "s|127\.0\.0\.1:8081|127.0.0.1:$port|" -e "s|127\.0\.0\.1:$2;|$backend;|" \
            "$configurations/$1" >"$work/nginx/nginx.conf"
        "$nginx" -p "$work/nginx" -c "$work/nginx/nginx.conf" -e error.log -g "$globals" &
        nginx_pid=$!
        for ((i = 0; i < 50; i++)); do
            sleep 0.1
            kill -0 "$nginx_pid" 2>/dev/null || continue 2
            if [[ -s $work/nginx/nginx.pid ]] && answers "$port"; then return 0; fi
        done
    done
    cat "$work/nginx/error.log"
    return 1
}

# ended PID: its status, once it has ended; kills it when it takes longer than 10 seconds.
ended() {
    for ((i = 0; i < 100; i++)); do
        kill -0 "$1" 2>/dev/null || break
        sleep 0.1
    done
    ((i < 100)) || kill -KILL "$1"
    status=0 && wait "$1" || status=$?
}

# padded SIZE: an event of SIZE bytes.
padded() {
    local rest='","id":7,"type":"chart.created","timestamp":"2024-01-10T10:03:02.147433Z",'
    rest+='"data":{"workspaceKey":"ws-1","key":"thing-1"}}'
    { printf '{"pad":"' && head -c $(($1 - 8 - ${#rest})) /dev/zero | tr '\0' x &&
        printf %s "$rest"; } >"$work/body"
}

# sign: sets `headers`, `id`, `time` and `sig` to options of curl that sign $work/body.
sign() {
    local now
    now=$(date +%s)
    id=(-H 'Webhook-Id: msg_1') time=(-H "Webhook-Timestamp: $now")
    sig=(-H "Webhook-Signature: $(token "$work/key" msg_1 "$now" "$work/body")")
    headers=("${id[@]}" "${time[@]}" "${sig[@]}")
}

# request OPTION...: sends it; sets `status`, and `log` to what the receiver printed meanwhile.
request() {
    local before
    before=$(wc -l <"$work/out")
    status=$(curl -q --noproxy '*' --silent --max-time 20 --output "$work/reply" \
        --write-out '%{http_code}' "$@") || status="curl ended with $?, $status"
    log=$(tail -n "+$((before + 1))" "$work/out")
}

# expect SENTENCE PATTERN OPTION...: posts $work/body; PATTERN is of the status and the log.
expect() {
    request "http://127.0.0.1:$port$path" -H 'Content-Type: application/json' \
        --data-binary "@$work/body" "${@:3}"
    check "$1, $name" "$2" "$status $log"
}

accepted='200 accepted chart created: *'
mismatch='401 refused 401 signature_mismatch webhook-signature*'
duplicate='401 refused 401 duplicate_header webhook-'
chunked=(-H 'Transfer-Encoding: chunked')

deliveries() {
    padded 200 && sign
    expect "a genuine delivery is accepted" "$accepted" "${headers[@]}"
    check "the receiver's answer arrives, $name" 'ok' "$(<"$work/reply")"
    expect "a forged signature is refused" "$mismatch" \
        "${id[@]}" "${time[@]}" -H "Webhook-Signature: $forged"
    check "the receiver's refusal arrives, $name" 'the delivery could not be verified' \
        "$(<"$work/reply")"
    expect "no signature is refused" '401 refused 401 missing_header webhook-signature*' \
        "${id[@]}" "${time[@]}"

    expect "the same id twice is accepted" "$accepted" "${headers[@]}" "${id[@]}"
    expect "the same signature twice is accepted" "$accepted" "${headers[@]}" "${sig[@]}"
    expect "another id behind is refused" "${duplicate}id*" "${headers[@]}" -H 'webhook-id: other'
    expect "another id before is refused" "${duplicate}id*" -H 'webhook-id: other' "${headers[@]}"
    expect "another signature behind is refused" "${duplicate}signature*" \
        "${headers[@]}" -H "Webhook-Signature: $forged"
    expect "another signature before is refused" "${duplicate}signature*" \
        -H "Webhook-Signature: $forged" "${headers[@]}"

    expect "a name with _ does not touch a genuine delivery" "$accepted" \
        "${headers[@]}" -H 'Webhook_Id: other'
    expect "a name with _ stands for no other" '401 refused 401 missing_header webhook-id*' \
        -H 'Webhook_Id: msg_1' "${time[@]}" "${sig[@]}"
    expect "what is said to be forwarded does not matter" "$accepted" "${headers[@]}" \
        -H 'X-Forwarded-For: 127.0.0.1' -H 'X-Forwarded-Host: other' -H 'Proxy: http://other'
    expect "a body in chunks is accepted" "$accepted" "${headers[@]}" "${chunked[@]}"
    expect "a body that is called gzip arrives as it was sent" "$accepted" \
        "${headers[@]}" -H 'Content-Encoding: gzip'
    gzip -c "$work/body" >"$work/packed" && mv "$work/packed" "$work/body" && sign
    expect "a gzip body arrives as it was sent" '400 refused 400 malformed_json*' \
        "${headers[@]}" -H 'Content-Encoding: gzip'
    : >"$work/body" && sign
    expect "an empty body is genuine, and no event" '400 refused 400 malformed_json*' \
        "${headers[@]}"

    padded 1048576 && sign
    expect "a body of exactly 1 MiB is accepted" "$accepted" "${headers[@]}"
    expect "a body of exactly 1 MiB is accepted in chunks" "$accepted" \
        "${headers[@]}" "${chunked[@]}"
    padded 1048577 && sign
    expect "one byte more is refused" '413 ' "${headers[@]}"
    expect "one byte more is refused in chunks" '413 ' "${headers[@]}" "${chunked[@]}"
    check "no delivery was left in a file, $name" '' "$(find "$work/nginx/body" -type f)"
}

# Nothing of a delivery that breaks off reaches the receiver, not even if what came is signed.
broken_off() {
    local before
    padded 200 && sign
    before=$(wc -l <"$work/out")
    {
        printf 'POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n' "$path"
        printf '%s\r\n' "${id[1]}" "${time[1]}" "${sig[1]}" '' | cat - "$work/body"
    } >"/dev/tcp/127.0.0.1/$port"
    sleep 0.3
    check "a delivery that breaks off does not arrive, $name" '' \
        "$(tail -n "+$((before + 1))" "$work/out")"
}

other_requests() {
    local target
    padded 200 && sign
    # Never a redirect, which senders take for a failure.
    for target in / /webhooks /webhooks/ "$path/" "$path/more" "/./$path/" /Webhooks/seatsio; do
        request --path-as-is "${headers[@]}" --data-binary "@$work/body" \
            "http://127.0.0.1:$port$target"
        check "$target is not found, $name" '404 ' "$status $log"
    done
    request "${headers[@]}" "http://127.0.0.1:$port$path"
    check "GET is not found, $name" '404 ' "$status $log"
    expect "a query does not matter" "$accepted" "${headers[@]}" --url-query a=b
}

# around CONFIGURATION PORT_BEHIND COMMAND...: all checks for one receiver.
around() {
    start_receiver "${@:3}"
    start_nginx "$1" "$2"
    deliveries
    broken_off
    other_requests
    kill -TERM "$receiver_pid"
    ended "$receiver_pid"
    receiver_pid=
    check "SIGTERM ends the receiver, $name" '0 stopped' "$status $(tail -n 1 "$work/out")"
    expect "senders are told to try again later when there is no receiver" '502 ' "${headers[@]}"
    kill -QUIT "$nginx_pid"
    ended "$nginx_pid"
    nginx_pid=
    check "nginx ends, $name" 0 "$status"
}

name='over HTTP' && around nginx_proxy.conf 8080 "$receiver" --port 0
name='over FastCGI' && around nginx_fastcgi.conf 9000 "$fastcgi_receiver" --port 0
name='over a Unix domain socket' &&
    around nginx_fastcgi.conf 9000 "$fastcgi_receiver" --bind "unix:$work/webhooks.sock"
check "the socket's file is gone" '' "$(find "$work" -name webhooks.sock)"
summary
