// SPDX-License-Identifier: MIT
// Counts heap allocations in `verify`: none of ours, and at most two of OpenSSL's for each MAC. And
// in bodies that arrive in pieces, and in decoding. And lets allocations and updates of digests
// fail, which must give an error and not a verdict.

#include <dlfcn.h>
#include <malloc.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include <webhookpp/any_verifier.hpp>
#include <webhookpp/bounded_body.hpp>
#include <webhookpp/collected_headers.hpp>
#include <webhookpp/detail/running_verification.hpp>
#include <webhookpp/incremental_verifier.hpp>
#include <webhookpp/json/nlohmann.hpp>
#include <webhookpp/json/simdjson.hpp>
#include <webhookpp/parser.hpp>
#include <webhookpp/providers/seatsio.hpp>
#include <webhookpp/providers/waitwhile.hpp>
#include <webhookpp/schemes/all.hpp>
#include <webhookpp/testing/fixed_clock.hpp>

#include "golden.hpp"
#include "sample_bodies.hpp"
#include "scheme_keys.hpp"

namespace wh = webhookpp;

namespace {

// Plain, since this program has one thread.
int ours = 0;
std::size_t held = 0;     // of ours, in bytes
std::size_t largest = 0;  // of ours, in bytes
bool exhausted = false;   // whether those of ours fail that may
int openssls = 0;
int failing = 0;  // which allocation of OpenSSL's fails, counted from 1; 0 for none
int updates = 0;  // of digests
int failing_update = 0;

void* openssl_malloc(std::size_t size, const char*, int) {
    return ++openssls == failing ? nullptr : std::malloc(size);
}
void* openssl_realloc(void* memory, std::size_t size, const char*, int) {
    ++openssls;
    return std::realloc(memory, size);
}
void openssl_free(void* memory, const char*, int) {
    std::free(memory);
}

}  // namespace

// In place of OpenSSL's own, which it hands on to; parameters are called as there.
extern "C" int EVP_DigestUpdate(EVP_MD_CTX* ctx, const void* d, std::size_t cnt) {
    static const auto own =
        reinterpret_cast<decltype(&EVP_DigestUpdate)>(dlsym(RTLD_NEXT, "EVP_DigestUpdate"));
    return ++updates == failing_update ? 0 : own(ctx, d, cnt);
}

namespace {

void* take(std::size_t size) noexcept {
    ++ours;
    void* const memory = std::malloc(size);
    held += malloc_usable_size(memory);
    return memory;
}
void give_back(void* memory) noexcept {
    held -= malloc_usable_size(memory);
    std::free(memory);
}

}  // namespace

// Not inlined: GCC would take malloc on one side and delete on the other for a mismatch.
[[gnu::noinline]] void* operator new(std::size_t size) {
    if (void* const memory = take(size)) return memory;
    throw std::bad_alloc();
}
[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    return take(size);
}
[[gnu::noinline]] void* operator new[](std::size_t size) {
    return ::operator new(size);
}
[[gnu::noinline]] void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
    if (size > largest) largest = size;
    return exhausted ? nullptr : take(size);
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
    give_back(memory);
}
[[gnu::noinline]] void operator delete[](void* memory) noexcept {
    give_back(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
    give_back(memory);
}
[[gnu::noinline]] void operator delete[](void* memory, std::size_t) noexcept {
    give_back(memory);
}

namespace {

int failures = 0;

template <class Verifier>
void check(const char* what, bool accepted, int macs, const Verifier& verifier,
           const golden::header_list& headers, const std::string& body,
           const std::string& target = {}, int own = 0) {
    // The first verification of a thread makes its scratch.
    static_cast<void>(verifier.verify({headers, body, "POST", target}));
    ours = 0;
    openssls = 0;
    const bool verified = verifier.verify({headers, body, "POST", target}).has_value();
    const bool good = verified == accepted && ours <= own && openssls <= 2 * macs;
    failures += good ? 0 : 1;
    std::printf("%s - %s: %d of ours, %d of OpenSSL's for %d MACs\n", good ? "ok" : "not ok", what,
                ours, openssls, macs);
}

void report(bool good, const char* what) {
    failures += good ? 0 : 1;
    std::printf("%s - %s\n", good ? "ok" : "not ok", what);
}

// Lets each update of a digest fail that a verification makes.
void check_failing_updates() {
    const auto verifier = golden::make_verifier();
    golden::parts parts;
    parts.body.assign(1000, 'x');
    const auto sent = wh::sign(wh::schemes::standard_webhooks, wh::key::from_text(golden::secret),
                               {.id = "msg_1", .timestamp = golden::now, .body = parts.body})
                          .value()
                          .headers;
    for (int update = 1; update < 100; ++update) {
        updates = 0;
        failing_update = update;
        const auto verdict = verifier.verify({sent, parts.body});
        failing_update = 0;
        if (updates < update) {
            report(verdict && updates > 0, "updates of OpenSSL's that do not fail are no error");
            return;
        }
        report(
            !verdict && verdict.error().code == wh::errc::internal_error && ERR_peek_error() == 0,
            "an update of OpenSSL's fails: an error");
    }
    report(false, "a verification updates its digests a few times only");
}

// Whether a body of `size` bytes that arrives in pieces took memory as is promised, and not often.
bool grows_with_body(std::size_t limit, std::size_t size, std::size_t piece) {
    const std::string bytes(piece, 'x');
    ours = 0;
    largest = 0;
    wh::bounded_body body(limit);
    bool good = true;
    while (body.received() < size) {
        body.append(bytes);
        good = good && largest <= 2 * body.received() && largest <= limit + 1;
    }
    return good && body.size() == std::min(limit + 1, body.received()) && ours <= 14;
}

void check_collected_bodies() {
    report(grows_with_body(1024 * 1024, 2'000'000, 1000) && grows_with_body(1000, 3000, 600) &&
               grows_with_body(100'000, 300'000, 100'001) && grows_with_body(100'000, 5000, 300),
           "a body takes memory as it arrives, and never more than its limit");
    wh::bounded_body body;
    const std::string piece(300, 'x');
    exhausted = true;
    const bool taken = body.append(piece);
    exhausted = false;
    report(!taken && body.size() == 0 && !body.append(piece) && body.size() == 0,
           "a piece for which there is no memory ends the body");
}

void check_collected_headers() {
    constexpr std::string_view names[] = {"a", "b", "c"};
    const golden::header_list headers{
        {"a", "small"}, {"b", std::string(2000, 'x')}, {"c", "small"}};
    wh::collected_headers collected;
    exhausted = true;
    const bool good = collected.collect(headers, names, 8192);
    exhausted = false;
    using state = wh::collected_headers::state;
    report(!good && collected.which(0) == state::missing && collected.which(2) == state::missing,
           "headers for which there is no memory leave no others");
    golden::header_list endless;
    for (int i = 0; i < 1000; ++i) {
        endless.emplace_back("a", std::to_string(i));
        endless.emplace_back("b", std::string(100, 'x'));
    }
    ours = 0;
    const bool found = collected.collect(endless, names, 99);
    report(found && ours == 0 && collected.which(0) == state::duplicate &&
               collected.which(1) == state::too_large,
           "headers without end take no more memory than two");
    const auto genuine = golden::parts().headers();
    auto padded = genuine;
    padded.insert(padded.begin(), {"webhook-id", std::string(2000, 'x')});
    const auto verifier = golden::make_verifier();
    exhausted = true;
    const auto early = verifier.collect(padded);
    const auto refused = verifier.check_headers(padded);
    exhausted = false;
    const auto verified = verifier.verify({early, golden::body});
    report(!verified && verified.error().code == wh::errc::missing_header && !refused &&
               refused.error().code == wh::errc::internal_error,
           "nothing is accepted from headers for which there was no memory");
}

// Each scheme with an HMAC. A message that has to be put together, perhaps in two ways, takes
// memory once for each.
void check_schemes() {
    constexpr const char* url = "https://hooks.example.com/a/path/longer/than/a/short/string";
    const std::string json(512 * 1024, 'x');
    const std::string form = "a=1&b=" + json;
    for (const wh::scheme* each : wh::schemes::all()) {
        if (!wh::detail::uses_hmac(*each)) continue;
        const auto keys = golden::keys_for(each->key);
        const bool is_form = each->signs(wh::content_part::kind::form);
        const std::string& body = is_form ? form : json;
        const auto made = wh::sign(*each, keys.sign,
                                   {.id = "msg_1",
                                    .timestamp = golden::now,
                                    .body = body,
                                    .url = url,
                                    .event_type = "shop.order.paid"})
                              .value();
        const wh::any_verifier<wh::testing::fixed_clock> verifier(*each, keys.verify, {.url = url},
                                                                  {golden::now});
        const std::string name(each->name);
        const std::string target(wh::target_of(made.url));
        const int ways = each->url.any_default_port ? 2 : 1;
        const int joined = wh::detail::has_plain_parts(*each) ? 0 : 1;
        const int form_memory = is_form ? 2 : 0;
        check((name + ": accepted").c_str(), true, 1, verifier, made.headers, body, target,
              joined + form_memory);
        check((name + ": refused").c_str(), false, ways, verifier, made.headers, body + 'x', target,
              joined + ways * form_memory);
    }
}

// Takes everything that nlohmann's reader reads, and keeps nothing.
struct forgetful_reader : nlohmann::json_sax<nlohmann::json> {
    bool null() override { return true; }
    bool boolean(bool) override { return true; }
    bool number_integer(number_integer_t) override { return true; }
    bool number_unsigned(number_unsigned_t) override { return true; }
    bool number_float(number_float_t, const string_t&) override { return true; }
    bool string(string_t&) override { return true; }
    bool binary(binary_t&) override { return true; }
    bool start_object(std::size_t) override { return true; }
    bool key(string_t&) override { return true; }
    bool end_object() override { return true; }
    bool start_array(std::size_t) override { return true; }
    bool end_array() override { return true; }
    bool parse_error(std::size_t, const std::string&, const nlohmann::json::exception&) override {
        return false;
    }
};

int allocations_of_reading(const std::string& body) {
    forgetful_reader reader;
    ours = 0;
    const bool read = nlohmann::json::sax_parse(body, &reader);
    return read ? ours : 0;
}

// To decode an event takes the allocations of a copy of it, which are those of its texts and lists;
// beside `others`.
template <class Catalog, class Engine>
void check_decoding(const std::string& what, const std::string& body, int others) {
    const wh::parser<Catalog, Engine> parser;
    const auto message = wh::assume_verified(body, "made by the test");
    // The first one of a thread makes what all of them use.
    const auto first = parser.parse(message).value();
    ours = 0;
    const auto copy = first;
    const int copied = ours;
    ours = 0;
    const auto event = parser.parse(message);
    const int taken = ours;
    const bool good = event && event->index() != 0 && copied > 0 && taken <= copied + others;
    failures += good ? 0 : 1;
    std::printf("%s - %s: %d allocations, %d for a copy, %d others\n", good ? "ok" : "not ok",
                what.c_str(), taken, copied, others);
}

void check_decoding() {
    const std::string seatsio = seatsio_body();
    const std::string waitwhile = waitwhile_body(3);
    using wh::json::nlohmann_engine;
    using wh::json::simdjson_engine;
    check_decoding<wh::seatsio::catalog, simdjson_engine>("seats.io, simdjson", seatsio, 0);
    check_decoding<wh::waitwhile::catalog, simdjson_engine>("Waitwhile, simdjson", waitwhile, 0);
    // The three lists of a document.
    check_decoding<wh::seatsio::catalog, nlohmann_engine>("seats.io, nlohmann", seatsio,
                                                          allocations_of_reading(seatsio) + 3);
    check_decoding<wh::waitwhile::catalog, nlohmann_engine>("Waitwhile, nlohmann", waitwhile,
                                                            allocations_of_reading(waitwhile) + 3);
}

// Each engine uses its memory again, but not that of a body that was large.
template <class Engine>
void check_kept_memory(const char* what, std::size_t most) {
    const wh::parser<wh::seatsio::catalog, Engine> parser;
    const std::string large = "[" + std::string(512 * 1024, ' ') + "]";
    const std::size_t before = held;
    const auto refused = parser.parse(wh::assume_verified(large, "made by the test"));
    // What was there before may have been given back.
    const std::size_t kept = held > before ? held - before : 0;
    const bool good = !refused && kept <= most;
    failures += good ? 0 : 1;
    std::printf("%s - %s: %zu bytes kept of a large body\n", good ? "ok" : "not ok", what, kept);
}

// A set of keys that was replaced is given back at once when nobody reads it.
void check_replaced_keys() {
    const auto verifier = golden::make_verifier();
    const wh::key keys[] = {wh::key::from_text(golden::secret)};
    bool good = verifier.replace(keys).has_value();
    const std::size_t before = held;
    for (int i = 0; i < 100; ++i) good = good && verifier.replace(keys) && held == before;
    failures += good ? 0 : 1;
    std::printf("%s - keys that were replaced take no memory\n", good ? "ok" : "not ok");
}

}  // namespace

int main() {
    if (CRYPTO_set_mem_functions(openssl_malloc, openssl_realloc, openssl_free) != 1) {
        std::puts("not ok - OpenSSL's allocations cannot be counted");
        return 1;
    }
    const auto one_key = golden::make_verifier();
    const auto three_keys =
        golden::make_verifier({golden::other_secret, golden::other_secret, golden::secret});
    const auto bodies_key = wh::key::from_text(golden::secret);

    golden::parts parts;
    check("accepted", true, 1, one_key, parts.headers(), parts.body);
    check("accepted with the third of three keys", true, 3, three_keys, parts.headers(),
          parts.body);

    auto headers = parts.headers("svix");
    for (const char* name : {"Host", "User-Agent", "Content-Type", "Accept", "X-Request-Id"}) {
        headers.emplace_back(name, std::string(100, 'x'));
    }
    check("accepted among other headers", true, 1, one_key, headers, parts.body);

    const std::string large(512 * 1024, 'x');
    const auto signed_large = wh::sign(wh::schemes::standard_webhooks, bodies_key,
                                       {.id = "msg_large", .timestamp = golden::now, .body = large})
                                  .value()
                                  .headers;
    check("accepted with a large body", true, 1, one_key, signed_large, large);

    parts.signature = golden::wrong_signature;
    for (int i = 0; i < 15; ++i) parts.signature.append(" ").append(golden::wrong_signature);
    check("refused with 16 wrong signatures", false, 1, one_key, parts.headers(), parts.body);
    check("refused with three keys", false, 3, three_keys, parts.headers(), parts.body);
    parts.signature += " v1,x";
    check("refused for 17 signatures", false, 0, one_key, parts.headers(), parts.body);
    check("refused without headers", false, 0, one_key, {}, parts.body);

    const auto text_key = wh::key::from_text("user:password");
    const char* const url = "https://hooks.example.com/a/path/longer/than/a/short/string";
    const wh::any_verifier waitwhile(wh::schemes::waitwhile, text_key, {.url = url});
    const auto by_waitwhile =
        wh::sign(wh::schemes::waitwhile, text_key, {.body = large, .url = url}).value().headers;
    check("Waitwhile: accepted", true, 1, waitwhile, by_waitwhile, large);
    check("Waitwhile: refused", false, 1, waitwhile, by_waitwhile, "{}");
    const wh::any_verifier basic(wh::schemes::basic_auth, {text_key, text_key});
    check("credentials: accepted", true, 0, basic,
          {{"Authorization", "Basic dXNlcjpwYXNzd29yZA=="}}, large);
    check("credentials: refused", false, 0, basic,
          {{"Authorization", "Basic " + std::string(800, 'A')}}, large);
    const wh::any_verifier in_url(wh::schemes::url_token, wh::key::from_text("token"));
    check("token in the URL: accepted", true, 0, in_url, {}, large, "/in?a=1&token=token");
    check("token in the URL: refused", false, 0, in_url, {}, large,
          "/in?token=" + std::string(8000, 'x'));

    // Long enough to fill what a scratch has in place, were it not emptied.
    parts = {};
    parts.id.assign(200, 'i');
    const auto long_id = parts.headers();
    ours = 0;
    for (int i = 0; i < 100; ++i) {
        static_cast<void>(one_key.verify({long_id, parts.body}));
    }
    failures += ours == 0 ? 0 : 1;
    std::printf("%s - a hundred deliveries take no more memory than one\n",
                ours == 0 ? "ok" : "not ok");

    parts = {};
    parts.signature = golden::signature_v1a;
    const auto public_key = golden::make_verifier({golden::public_key});
    const auto headers_v1a = parts.headers();
    ours = 0;
    static_cast<void>(public_key.verify({headers_v1a, large}));
    failures += ours == 1 ? 0 : 1;
    std::printf("%s - a forged large body takes its memory once\n", ours == 1 ? "ok" : "not ok");
    ours = 0;
    static_cast<void>(public_key.verify({headers_v1a, large}));
    failures += ours == 1 ? 0 : 1;
    std::printf("%s - and leaves none of it behind\n", ours == 1 ? "ok" : "not ok");

    const auto genuine = golden::parts().headers();
    for (int allocation = 1; allocation <= 2; ++allocation) {
        openssls = 0;
        failing = allocation;
        const auto verified = one_key.verify({genuine, golden::body});
        failing = 0;
        const bool good =
            !verified && verified.error().code == wh::errc::internal_error && ERR_peek_error() == 0;
        failures += good ? 0 : 1;
        std::printf("%s - allocation %d of OpenSSL's fails: an error, and its queue is empty\n",
                    good ? "ok" : "not ok", allocation);
    }

    check_collected_bodies();
    check_collected_headers();

    // A body that is verified in pieces takes no memory.
    const wh::incremental_verifier<wh::schemes::standard_webhooks, wh::testing::fixed_clock> at_now(
        bodies_key, {}, {golden::now});
    ours = 0;
    auto started = at_now.begin(signed_large);
    const int for_begin = ours;
    openssls = 0;
    bool fed = started.has_value();
    for (std::size_t at = 0; at < large.size(); at += 4096) {
        fed = fed && started->update(std::string_view(large).substr(at, 4096));
    }
    const bool constant = fed && for_begin == 1 && ours == 1 && openssls == 0;
    const bool proved = fed && std::move(*started).finish().has_value();
    failures += constant && proved ? 0 : 1;
    std::printf("%s - in pieces: one allocation to begin with, none for the body\n",
                constant && proved ? "ok" : "not ok");
    bool reached = true;
    for (int allocation = 1; reached; ++allocation) {
        openssls = 0;
        failing = allocation;
        auto begun = at_now.begin(genuine);
        if (begun) static_cast<void>(begun->update(golden::body));
        const auto verified = begun
                                  ? std::move(*begun).finish(golden::body)
                                  : wh::result<wh::verified_message>(wh::unexpected(begun.error()));
        failing = 0;
        reached = openssls >= allocation;
        const bool good = (reached ? !verified && verified.error().code == wh::errc::internal_error
                                   : verified.has_value()) &&
                          ERR_peek_error() == 0;
        failures += good ? 0 : 1;
        std::printf("%s - in pieces: allocation %d of OpenSSL's %s\n", good ? "ok" : "not ok",
                    allocation, reached ? "fails: an error" : "is not needed");
    }

    check_schemes();
    check_replaced_keys();
    check_decoding();
    constexpr std::size_t mebibyte = std::size_t{1024} * 1024;
    check_kept_memory<wh::json::simdjson_engine>("simdjson", mebibyte);
    check_kept_memory<wh::json::nlohmann_engine>("nlohmann", mebibyte);
    check_failing_updates();

    // The counter counts: this allocates.
    ours = 0;
    const std::vector<int> control(100);
    failures += ours == 1 && control.size() == 100 ? 0 : 1;
    std::printf("%s - the counter sees an allocation\n", ours == 1 ? "ok" : "not ok");
    return failures == 0 ? 0 : 1;
}
