// SPDX-License-Identifier: MIT
// Measures what each scheme costs for a body of 1 KiB, beside the least that OpenSSL needs for the
// same signature.
#include <benchmark/benchmark.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <webhookpp/crypto/key.hpp>
#include <webhookpp/crypto/memory.hpp>
#include <webhookpp/detail/byte_buffer.hpp>
#include <webhookpp/detail/sent_time.hpp>
#include <webhookpp/detail/sent_token.hpp>
#include <webhookpp/detail/signature_tokens.hpp>
#include <webhookpp/detail/signed_message.hpp>
#include <webhookpp/schemes/all.hpp>
#include <webhookpp/sign.hpp>
#include <webhookpp/testing/fixed_clock.hpp>
#include <webhookpp/testing/signed_delivery.hpp>
#include <webhookpp/verifier.hpp>

#include "../tests/scheme_keys.hpp"
#include "floor_mac.hpp"
#include "median_reporter.hpp"
#include "samples.hpp"

namespace {

namespace wh = webhookpp;

constexpr std::size_t body_size = 1024;
constexpr const char* url = "https://hooks.example.com/in";
constexpr std::string_view message_id = "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W";
constexpr std::string_view event_type = "visit.created";
constexpr std::int64_t sent_at = 1'700'000'000;

/// A visit of a customer.
std::string json_body() {
    const std::string notes(body_size - waitwhile_body(0).size(), 'x');
    return waitwhile_body(0, notes);
}

/// A text message, its names in the order in which they are sent.
std::string form_body() {
    std::string body =
        "ToCountry=US&ToState=NY&SmsMessageSid=SMb7c2d9e04f1a68350b9c7d2e4f8a1630&NumMedia=0&"
        "ToCity=NEW+YORK&FromZip=94105&SmsSid=SMb7c2d9e04f1a68350b9c7d2e4f8a1630&FromState=CA&"
        "SmsStatus=received&FromCity=SAN+FRANCISCO&FromCountry=US&To=%2B12125550100&"
        "MessagingServiceSid=MG4d1f7c2a9b8e60355e7a0c4b1d9f2863&ToZip=10001&NumSegments=3&"
        "MessageSid=SMb7c2d9e04f1a68350b9c7d2e4f8a1630&"
        "AccountSid=AC09e5b3d7f1c84a62a2c6e8d0b4f79135&From=%2B14155550123&"
        "ApiVersion=2010-04-01&Body=";
    constexpr std::string_view words = "Where%27s+my+order%3F+";
    while (body.size() + words.size() <= body_size) body += words;
    return body.append(body_size - body.size(), 'x');
}

/// What is sent in the way of one scheme, and what OpenSSL alone is given of it.
struct sample {
    const wh::scheme& scheme;
    golden::key_pair keys;
    wh::testing::signed_delivery sent;
    std::string message;  // what is signed, in one piece: OpenSSL has no work with that
    wh::detail::signature_tokens signatures;

    explicit sample(const wh::scheme& described)
        : scheme(described), keys(golden::keys_for(described.key)) {
        const bool is_form = described.signs(wh::content_part::kind::form);
        sent.body = is_form ? form_body() : json_body();
        auto made = wh::sign(described, keys.sign,
                             {.id = message_id,
                              .timestamp = sent_at,
                              .body = sent.body,
                              .url = url,
                              .event_type = event_type})
                        .value();
        sent.target = wh::target_of(made.url);
        sent.headers = usual_headers(
            sent.body.size(), is_form ? "application/x-www-form-urlencoded" : "application/json");
        sent.headers.insert(sent.headers.end(), made.headers.begin(), made.headers.end());
        if (described.algorithm == wh::algorithm::token) return;

        wh::detail::byte_buffer<body_size> bytes;
        const std::string timestamp = wh::detail::sent_time_text(described, sent_at);
        wh::detail::join_message(bytes, described,
                                 {.id = message_id,
                                  .timestamp = timestamp,
                                  .body = sent.body,
                                  .url = url,
                                  .method = "POST",
                                  .target = sent.target},
                                 false, {})
            .value();
        message = bytes.view();
        signatures.read(described, made.headers.back().second, 1).value();
    }
};

// Through the verifier of the scheme. Its clock stands still, so that no sample grows too old;
// reading the real one is no part of the cost.
template <const wh::scheme& Scheme>
void run_verify(benchmark::State& state, const sample& with) {
    const wh::verifier<Scheme, wh::testing::fixed_clock> verifier(with.keys.verify, {.url = url},
                                                                  {sent_at});
    const wh::delivery delivery = with.sent.view();
    if (!verifier.verify(delivery)) state.SkipWithError("refused");
    for (auto _ : state) {
        const auto verdict = verifier.verify(delivery);
        benchmark::DoNotOptimize(verdict.has_value());
    }
}

void run_mac(benchmark::State& state, const sample& with, const EVP_MD* hash) {
    const auto key = with.keys.verify.read_as(with.scheme.key).value();
    floor_mac mac(hash, {reinterpret_cast<const char*>(key.bytes().data()), key.bytes().size()});
    if (!wh::crypto::equal(mac(with.message), with.signatures.candidates()[0].signature())) {
        state.SkipWithError("computes another MAC than the one that was sent");
    }
    for (auto _ : state) benchmark::DoNotOptimize(mac(with.message));
}

using openssl_key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

openssl_key read_public_key(const wh::key& key) {
    const auto bytes = key.bytes();
    const unsigned char* at = bytes.data();
    EVP_PKEY* const made =
        key.which() == wh::key::kind::ed25519_public_key
            ? EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, at, bytes.size())
            : d2i_PUBKEY(nullptr, &at, static_cast<long>(bytes.size()));
    return {made, &EVP_PKEY_free};
}

void run_signature(benchmark::State& state, const sample& with, const EVP_MD* hash) {
    const auto key = read_public_key(with.keys.verify.read_as(with.scheme.key).value());
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                          &EVP_MD_CTX_free);
    const auto message = wh::crypto::as_bytes(with.message);
    const auto signature = with.signatures.candidates()[0].signature();
    const auto verifies = [&] {
        // A context can be used again, but has to be initialized each time.
        return EVP_DigestVerifyInit(context.get(), nullptr, hash, nullptr, key.get()) == 1 &&
               EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(),
                                message.size()) == 1;
    };
    if (!verifies()) state.SkipWithError("does not verify the signature that was sent");
    for (auto _ : state) benchmark::DoNotOptimize(verifies());
}

// A token is no MAC: all that has to be done is to compare it.
void run_comparison(benchmark::State& state, const sample& with) {
    const auto key = with.keys.verify.read_as(with.scheme.key).value();
    const auto expected = wh::detail::sent_token(with.scheme.signature, key);
    const auto shown = expected;
    for (auto _ : state) {
        benchmark::DoNotOptimize(
            CRYPTO_memcmp(expected.view().data(), shown.view().data(), shown.view().size()));
    }
}

void run_alone(benchmark::State& state, const sample& with) {
    if (with.scheme.algorithm == wh::algorithm::token) return run_comparison(state, with);
    switch (with.signatures.candidates()[0].made_by) {
        case wh::algorithm::hmac_sha1: return run_mac(state, with, EVP_sha1());
        case wh::algorithm::hmac_sha256: return run_mac(state, with, EVP_sha256());
        case wh::algorithm::hmac_sha512: return run_mac(state, with, EVP_sha512());
        case wh::algorithm::ed25519: return run_signature(state, with, nullptr);
        case wh::algorithm::ecdsa_p256: return run_signature(state, with, EVP_sha256());
        case wh::algorithm::token: break;
    }
    state.SkipWithError("has no signature");
}

std::string alone(const wh::scheme& scheme) {
    return std::string(scheme.name) + " alone";
}

template <const wh::scheme& Scheme>
void add(std::deque<sample>& samples) {
    const sample& with = samples.emplace_back(Scheme);
    benchmark::RegisterBenchmark(std::string(Scheme.name).c_str(),
                                 [&with](auto& state) { run_verify<Scheme>(state, with); });
    benchmark::RegisterBenchmark(alone(Scheme).c_str(),
                                 [&with](auto& state) { run_alone(state, with); });
}

template <std::size_t... Index>
void add_all(std::deque<sample>& samples, std::index_sequence<Index...>) {
    (add<*wh::schemes::all()[Index]>(samples), ...);
}

void print_ratios(const median_reporter& measured) {
    print_heading("1 KiB, processor time", "MAC alone", "ratio");
    for (const wh::scheme* const scheme : wh::schemes::all()) {
        const std::string name(scheme->name);
        const double own = measured.median(name, processor_time);
        const double baseline = measured.median(alone(*scheme), processor_time);
        const double ratio = scheme->algorithm == wh::algorithm::token ? 0 : own / baseline;
        print_ratio(name.c_str(), own, baseline, ratio, 0, true);
    }
    std::puts(
        "Alone: the HMAC, or the check of the signature, of a message that is in one piece. For "
        "tokens,\nwhich have no ratio: the comparison.");
}

}  // namespace

int main(int argc, char** argv) {
    // Half of what the others take, since there are so many.
    if (!initialize_benchmarks(argc, argv, "0.05")) return EXIT_FAILURE;

    std::deque<sample> samples;  // which do not move when others are added
    add_all(samples, std::make_index_sequence<wh::schemes::all().size()>());

    median_reporter reporter;
    benchmark::RunSpecifiedBenchmarks(&reporter);
    print_ratios(reporter);
    return EXIT_SUCCESS;
}
