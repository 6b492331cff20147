// SPDX-License-Identifier: MIT
#include <webhookpp/incremental_verifier.hpp>

#include <array>
#include <memory>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include <webhookpp/testing/fixed_clock.hpp>
#include <webhookpp/testing/signed_delivery.hpp>
#include <webhookpp/verifier.hpp>

#include "../catch.hpp"
#include "../for_each_scheme.hpp"
#include "../golden.hpp"
#include "../scheme_keys.hpp"

namespace wh = webhookpp;
using wh::errc;

namespace {

using clock_type = wh::testing::fixed_clock;
using standard = wh::incremental_verifier<wh::schemes::standard_webhooks, clock_type>;
using pieces = std::vector<std::string_view>;

constexpr const char* url = "https://hooks.example.com/in";

// 200 bytes of all kinds.
std::string body_of_200() {
    std::string body;
    for (unsigned i = 0; i < 200; ++i) body += static_cast<char>(i * 89 + 7);
    return body;
}

pieces one_by_one(std::string_view body) {
    pieces all;
    for (std::size_t i = 0; i < body.size(); ++i) all.push_back(body.substr(i, 1));
    return all;
}

template <class Verifier>
wh::result<wh::verified_stream> stream(const Verifier& verifier, const wh::header_source& headers,
                                       const pieces& body) {
    auto started = verifier.begin(headers);
    if (!started) return wh::unexpected(started.error());
    for (const auto piece : body) {
        if (const auto good = started->update(piece); !good) return wh::unexpected(good.error());
    }
    return std::move(*started).finish();
}

template <class Verifier>
std::optional<errc> refused(const Verifier& verifier, const wh::header_source& headers,
                            const pieces& body) {
    const auto verified = stream(verifier, headers, body);
    return verified ? std::nullopt : std::optional(verified.error().code);
}

standard make_verifier(std::initializer_list<const char*> keys = {golden::secret},
                       const wh::verifier_options& options = {}, std::int64_t now = golden::now) {
    std::vector<wh::key> list;
    for (const char* text : keys) list.push_back(wh::key::from_text(text));
    return standard(list, options, {now});
}

std::optional<errc> refused_at_begin(const standard& verifier, const golden::header_list& headers) {
    const auto started = verifier.begin(headers);
    return started ? std::nullopt : std::optional(started.error().code);
}

void check_same(const wh::verified_stream& stream, const wh::verified_message& message) {
    CHECK(stream.body_is_signed());
    CHECK(stream.id() == message.id());
    CHECK(stream.id_is_signed() == message.id_is_signed());
    CHECK(stream.event_type() == message.event_type());
    CHECK(stream.timestamp() == message.timestamp());
    CHECK(stream.replay_possible() == message.replay_possible());
    CHECK(stream.key_index() == message.key_index());
    CHECK(stream.skipped_tokens() == message.skipped_tokens());
}

}  // namespace

TEST_CASE("every split of a body gives the verdict of the whole body, in every scheme") {
    std::size_t schemes = 0;
    golden::for_each_incremental_scheme([&]<const wh::scheme & Scheme>() {
        INFO(Scheme.name);
        ++schemes;
        const auto keys = golden::keys_for(Scheme.key);
        const wh::verifier_options options{.url = url};
        const wh::verifier<Scheme, clock_type> whole(keys.verify, options, {golden::now});
        const wh::incremental_verifier<Scheme, clock_type> verifier(keys.verify, options,
                                                                    {golden::now});
        const std::string body = body_of_200();
        auto sent = wh::testing::sign_delivery(Scheme, keys.sign, body, golden::now, "msg_1", url);
        if (!Scheme.event_type.header.empty()) {
            sent.headers.emplace_back(Scheme.event_type.header, "a.type");
        }
        const auto message = whole.verify(sent.view());
        REQUIRE(message);
        for (std::size_t at = 0; at <= body.size(); ++at) {
            const std::string_view view(body);
            const auto verified =
                stream(verifier, sent.headers, {view.substr(0, at), view.substr(at)});
            REQUIRE(verified);
            if (at == 100) check_same(*verified, *message);
        }
        CHECK(stream(verifier, sent.headers, one_by_one(body)));

        // What is refused as a whole is refused in pieces: any flipped bit, a piece that is
        // missing, doubled or in another place.
        for (std::size_t bit = 0; bit < 8 * body.size(); bit += 37) {
            std::string forged = body;
            forged[bit / 8] = static_cast<char>(forged[bit / 8] ^ (1 << bit % 8));
            REQUIRE(refused(verifier, sent.headers, one_by_one(forged)) ==
                    errc::signature_mismatch);
        }
        const std::string_view first = std::string_view(body).substr(0, 120);
        const std::string_view second = std::string_view(body).substr(120);
        for (const pieces& wrong :
             {pieces{first}, pieces{second, first}, pieces{first, first, second}, pieces{}}) {
            CHECK(refused(verifier, sent.headers, wrong) == errc::signature_mismatch);
        }
    });
    CHECK(schemes == 42);
}

TEST_CASE("an empty body needs no piece") {
    const auto verifier = make_verifier();
    const auto sent = wh::testing::sign_delivery(
        wh::schemes::standard_webhooks, wh::key::from_text(golden::secret), "", golden::now);
    CHECK_FALSE(refused(verifier, sent.headers, {}));
    CHECK_FALSE(refused(verifier, sent.headers, {"", ""}));
}

TEST_CASE("the headers may be gone when the body arrives") {
    auto headers = std::make_unique<golden::header_list>(golden::parts().headers());
    headers->emplace_back("X-Other", std::string(5000, 'x'));
    auto verifier = std::make_unique<standard>(make_verifier());
    auto started = verifier->begin(*headers);
    REQUIRE(started);
    headers.reset();
    verifier.reset();
    // Also after it has moved.
    auto moved = std::move(*started);
    CHECK(started->update(golden::body).error().code == errc::internal_error);
    CHECK(std::move(*started).finish().error().code == errc::internal_error);
    REQUIRE(moved.update(golden::body));
    const auto verified = std::move(moved).finish();
    REQUIRE(verified);
    CHECK(verified->id() == golden::id);
    CHECK(verified->timestamp() == golden::now);
}

TEST_CASE("a piece is whatever holds bytes") {
    const std::vector<unsigned char> bytes(golden::body.begin(), golden::body.end());
    const auto verifier = make_verifier();
    auto started = verifier.begin(golden::parts().headers());
    REQUIRE(started);
    CHECK(started->update(std::span(bytes).first(5)));
    CHECK(started->update(std::string(golden::body.substr(5))));
    CHECK(std::move(*started).finish());
}

TEST_CASE("headers that decide refuse a delivery before its body") {
    const auto verifier = make_verifier();
    const auto refusal_with = [&](auto change) {
        golden::parts parts;
        change(parts);
        return refused_at_begin(verifier, parts.headers());
    };
    CHECK(refused_at_begin(verifier, {}) == errc::missing_header);
    CHECK(refusal_with([](auto& p) { p.id = "a.b"; }) == errc::invalid_id);
    CHECK(refusal_with([](auto& p) { p.timestamp = "012"; }) == errc::invalid_timestamp);
    CHECK(refusal_with([](auto& p) { p.signature = "v1,x"; }) == errc::no_supported_signature);
    CHECK(refusal_with([](auto& p) { p.signature += std::string(9000, ' ') + "v1,x"; }) ==
          errc::header_too_large);
    CHECK(refusal_with([](auto& p) {
              for (int i = 0; i < 16; ++i) p.signature += " v1,x";
          }) == errc::too_many_signatures);
    auto twice = golden::parts().headers();
    twice.emplace_back("Webhook-Id", "other");
    CHECK(refused_at_begin(verifier, twice) == errc::duplicate_header);

    using stripe = wh::incremental_verifier<wh::schemes::stripe, clock_type>;
    const stripe lists(wh::key::from_text("secret"));
    const golden::header_list no_time{{"Stripe-Signature", "v1=" + std::string(64, 'a')}};
    CHECK(lists.begin(no_time).error().code == errc::invalid_header);
    const golden::header_list no_number{{"Stripe-Signature", "t=x,v1=" + std::string(64, 'a')}};
    CHECK(lists.begin(no_number).error() == wh::error{errc::invalid_timestamp, "Stripe-Signature"});
}

TEST_CASE("headers that throw or run out of memory refuse a delivery") {
    const auto verifier = make_verifier();
    const auto throwing = [](wh::header_sink) { throw 1; };
    CHECK(verifier.begin(throwing).error().code == errc::internal_error);
}

TEST_CASE("the time counts after the signature, at the end of the body") {
    const auto headers = golden::parts().headers();
    for (const auto& [now, expected] :
         {std::pair(golden::now + 300, std::optional<errc>()),
          std::pair(golden::now + 301, std::optional(errc::timestamp_too_old)),
          std::pair(golden::now - 301, std::optional(errc::timestamp_too_new))}) {
        const auto verifier = make_verifier({golden::secret}, {}, now);
        CHECK_FALSE(refused_at_begin(verifier, headers));
        CHECK(refused(verifier, headers, {golden::body}) == expected);
        CHECK(refused(verifier, headers, {"forged"}) == errc::signature_mismatch);
    }
    // A body that takes its time grows old.
    struct running_clock {
        const std::int64_t* time;
        std::int64_t now() const noexcept { return *time; }
    };
    std::int64_t time = golden::now;
    const wh::incremental_verifier<wh::schemes::standard_webhooks, running_clock> verifier(
        wh::key::from_text(golden::secret), {}, running_clock{&time});
    auto started = verifier.begin(headers);
    REQUIRE(started);
    REQUIRE(started->update(golden::body));
    time += 301;
    CHECK(std::move(*started).finish().error().code == errc::timestamp_too_old);
}

TEST_CASE("a body over the limit is refused as soon as it is") {
    const std::string large(100, 'x');
    const auto sent = wh::testing::sign_delivery(
        wh::schemes::standard_webhooks, wh::key::from_text(golden::secret), large, golden::now);
    const auto at_limit = make_verifier({golden::secret}, {.limits = {.body = 100}});
    CHECK_FALSE(refused(at_limit, sent.headers, one_by_one(large)));
    const auto over_limit = make_verifier({golden::secret}, {.limits = {.body = 99}});
    auto started = over_limit.begin(sent.headers);
    REQUIRE(started);
    for (int i = 0; i < 99; ++i) REQUIRE(started->update(std::string_view("x")));
    CHECK(started->update(std::string_view()));
    CHECK(started->update(std::string_view("x")).error().code == errc::body_too_large);
    // And stays refused, also for what would have fitted.
    CHECK(started->update(std::string_view()).error().code == errc::body_too_large);
    CHECK(std::move(*started).finish().error().code == errc::body_too_large);
    const std::string huge(2 * 1024 * 1024, 'x');
    CHECK(refused(make_verifier(), sent.headers, {huge}) == errc::body_too_large);
}

TEST_CASE("a verification is finished once") {
    const auto verifier = make_verifier();
    auto started = verifier.begin(golden::parts().headers());
    REQUIRE(started);
    REQUIRE(started->update(golden::body));
    CHECK(std::move(*started).finish());
    CHECK(started->update(golden::body).error().code == errc::internal_error);
    CHECK(std::move(*started).finish().error().code == errc::internal_error);
    CHECK(std::move(*started).finish(golden::body).error().code == errc::internal_error);
}

TEST_CASE("a body that the host kept becomes a message only if it is what has passed") {
    const auto verifier = make_verifier();
    const auto finish_with = [&](std::string_view fed, std::string_view kept) {
        auto started = verifier.begin(golden::parts().headers());
        REQUIRE(started);
        REQUIRE(started->update(fed));
        const auto message = std::move(*started).finish(kept);
        if (message) CHECK(message->body().data() == kept.data());
        return golden::refusal(message);
    };
    CHECK_FALSE(finish_with(golden::body, golden::body));
    std::string other(golden::body);
    for (std::size_t bit = 0; bit < 8 * other.size(); ++bit) {
        other[bit / 8] = static_cast<char>(other[bit / 8] ^ (1 << bit % 8));
        CHECK(finish_with(golden::body, other) == errc::internal_error);
        CHECK(finish_with(other, golden::body) == errc::signature_mismatch);
        other[bit / 8] = static_cast<char>(other[bit / 8] ^ (1 << bit % 8));
    }
    CHECK(finish_with(golden::body, golden::body.substr(1)) == errc::internal_error);
    CHECK(finish_with(golden::body, "") == errc::internal_error);
    CHECK(finish_with("", golden::body) == errc::signature_mismatch);
    // Nor if it is signed as well.
    golden::parts parts;
    parts.signature += " " + golden::signed_with_secret(golden::id, golden::timestamp, "{}");
    auto started = verifier.begin(parts.headers());
    REQUIRE(started);
    REQUIRE(started->update(golden::body));
    CHECK(std::move(*started).finish(std::string_view("{}")).error().code == errc::internal_error);
}

TEST_CASE("each secret has its own MAC, and the message tells which matched") {
    const auto eight = make_verifier(
        {golden::other_secret, golden::public_key, golden::other_secret, golden::other_secret,
         golden::other_secret, golden::other_secret, golden::other_secret, golden::secret});
    const auto verified = stream(eight, golden::parts().headers(), one_by_one(golden::body));
    REQUIRE(verified);
    CHECK(verified->key_index() == 7U);
    const auto twice = make_verifier({golden::other_secret, golden::secret, golden::secret});
    CHECK(stream(twice, golden::parts().headers(), {golden::body})->key_index() == 1U);
    CHECK(refused(make_verifier({golden::other_secret}), golden::parts().headers(),
                  {golden::body}) == errc::signature_mismatch);
}

TEST_CASE("of Standard Webhooks only v1 signatures are tried") {
    const auto verifier = make_verifier({golden::public_key, golden::secret});
    golden::parts parts;
    parts.signature = golden::signature_v1a;
    CHECK(refused_at_begin(verifier, parts.headers()) == errc::no_supported_signature);
    parts.signature.append(" v2,x ").append(golden::signature);
    const auto verified = stream(verifier, parts.headers(), {golden::body});
    REQUIRE(verified);
    CHECK(verified->key_index() == 1U);
    CHECK(verified->skipped_tokens() == 2);
    parts.signature = golden::signature_v1a;
    parts.signature.append(" ").append(golden::wrong_signature);
    CHECK(refused(verifier, parts.headers(), {golden::body}) == errc::signature_mismatch);
}

TEST_CASE("a ring without a secret is refused when it is made") {
    const auto published = wh::key::from_text(golden::public_key);
    const auto made = standard::try_create(std::span(&published, 1));
    REQUIRE_FALSE(made);
    CHECK(made.error().code == errc::key_wrong_prefix);
    CHECK(made.error().where.view().find("shared secret") != std::string_view::npos);
    CHECK_THROWS_AS(standard(published), wh::exception);
    CHECK(standard::try_create({}).error().code == errc::empty_key);
    const auto verifier = make_verifier();
    CHECK(verifier.replace({published}).error().code == errc::key_wrong_prefix);
    CHECK_FALSE(refused(verifier, golden::parts().headers(), {golden::body}));
    using square = wh::incremental_verifier<wh::schemes::square>;
    const auto key = wh::key::from_text("secret");
    CHECK(square::try_create(std::span(&key, 1)).error().code == errc::invalid_url);
}

TEST_CASE("a verification that has begun finishes with the old keys") {
    const auto verifier = make_verifier();
    const auto headers = golden::parts().headers();
    auto started = verifier.begin(headers);
    REQUIRE(started);
    REQUIRE(verifier.replace({wh::key::from_text(golden::other_secret)}));
    CHECK(refused(verifier, headers, {golden::body}) == errc::signature_mismatch);
    REQUIRE(started->update(golden::body));
    CHECK(std::move(*started).finish(golden::body));
    // Exchanges do not wait for it, and it does not read what they have wiped.
    started = verifier.begin(headers);
    REQUIRE(started);
    for (int i = 0; i < 100; ++i) REQUIRE(verifier.replace({wh::key::from_text(golden::secret)}));
    REQUIRE(started->update(golden::body));
    CHECK(std::move(*started).finish().error().code == errc::signature_mismatch);
}

namespace {

// Incremental verification that lacks one rule.
enum class broken {
    nothing,
    trusts_kept_body,   // takes the kept body for the one that has passed
    forgets_pieces,     // starts again with each piece
    ends_early,         // takes what has come for the whole body once it matches
    reads_ring_at_end,  // takes the keys of the end for those of the beginning
};

// Whether the control accepts `kept` after `fed` has passed.
bool control_accepts(broken fault, const pieces& fed, std::string_view kept,
                     const wh::key& at_begin, const wh::key& at_end) {
    const auto& with = fault == broken::reads_ring_at_end ? at_end : at_begin;
    const auto mac_of = [&](std::string_view body) {
        const auto prepared = wh::crypto::hmac_key::create(with.bytes()).value();
        const std::string message = std::string(golden::id) + "." + std::string(golden::timestamp) +
                                    "." + std::string(body);
        const wh::crypto::bytes all[] = {wh::crypto::as_bytes(message)};
        unsigned char mac[wh::crypto::sha256_size];
        REQUIRE(prepared.compute(wh::crypto::digest_context(), all, mac));
        return wh::detail::encoded(wh::encoding::base64, mac);
    };
    const std::string good(golden::signature.substr(3));
    std::string body;
    for (const auto piece : fed) {
        if (fault == broken::forgets_pieces) body.clear();
        body += piece;
        if (fault == broken::ends_early && mac_of(body) == good) return true;
    }
    return mac_of(body) == good && (fault == broken::trusts_kept_body || body == kept);
}

}  // namespace

TEST_CASE("each rule refuses a body that a verification without it accepts") {
    const auto secret = wh::key::from_whsec(golden::secret);
    const auto other = wh::key::from_whsec(golden::other_secret);
    struct rule {
        const char* name;
        broken fault;
        pieces fed;
        std::string_view kept;
        const wh::key& at_begin;
        const wh::key& at_end;
        errc refused_as;
    };
    const rule rules[] = {
        {"a kept body is the one that has passed",
         broken::trusts_kept_body,
         {golden::body},
         "{}",
         secret,
         secret,
         errc::internal_error},
        {"all pieces count",
         broken::forgets_pieces,
         {"{}", golden::body},
         golden::body,
         secret,
         secret,
         errc::signature_mismatch},
        {"a body goes to its end",
         broken::ends_early,
         {golden::body, "{}"},
         golden::body,
         secret,
         secret,
         errc::signature_mismatch},
        {"keys are those of the beginning",
         broken::reads_ring_at_end,
         {golden::body},
         golden::body,
         other,
         secret,
         errc::signature_mismatch},
    };
    CHECK(control_accepts(broken::nothing, {golden::body}, golden::body, secret, other));
    for (const rule& each : rules) {
        INFO(each.name);
        CHECK(control_accepts(each.fault, each.fed, each.kept, each.at_begin, each.at_end));
        CHECK_FALSE(
            control_accepts(broken::nothing, each.fed, each.kept, each.at_begin, each.at_end));
        const standard verifier(each.at_begin, {}, {golden::now});
        auto started = verifier.begin(golden::parts().headers());
        REQUIRE(started);
        for (const auto piece : each.fed) REQUIRE(started->update(piece));
        REQUIRE(verifier.replace({each.at_end}));
        CHECK(golden::refusal(std::move(*started).finish(each.kept)) == each.refused_as);
    }
}

TEST_CASE("verifications of several threads run beside exchanges of keys") {
    const auto verifier = make_verifier();
    const auto headers = golden::parts().headers();
    std::vector<std::thread> threads;
    std::array<int, 3> accepted{};
    for (int& count : accepted) {
        threads.emplace_back([&] {
            for (int i = 0; i < 200; ++i) {
                count += stream(verifier, headers, one_by_one(golden::body)).has_value() ? 1 : 0;
            }
        });
    }
    for (int i = 0; i < 200; ++i) {
        static_cast<void>(verifier.replace({wh::key::from_text(golden::secret)}));
    }
    for (auto& thread : threads) thread.join();
    for (const int count : accepted) CHECK(count == 200);
}

TEST_CASE("nothing throws once a verifier is made") {
    const auto verifier = make_verifier();
    auto started = verifier.begin(golden::parts().headers());
    CHECK(noexcept(verifier.begin(golden::header_list())));
    CHECK(noexcept(started->update(golden::body)));
    CHECK(noexcept(std::move(*started).finish()));
    CHECK(noexcept(std::move(*started).finish(golden::body)));
}
