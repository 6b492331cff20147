// SPDX-License-Identifier: MIT
#include <webhookpp/verifier.hpp>

#include <chrono>
#include <string>
#include <vector>

#include "../catch.hpp"
#include "../golden.hpp"

namespace wh = webhookpp;
using golden::make_verifier;
using golden::refusal;
using wh::errc;

namespace {

// The v1a signature of `message`, made with the golden signing key.
std::string signed_v1a(std::string_view message) {
    const auto key = wh::key::from_whsk(golden::signing_key);
    const auto signer = wh::crypto::ed25519_signing_key::create(key.bytes()).value();
    unsigned char signature[wh::crypto::ed25519_signature_size];
    REQUIRE(signer.sign(wh::crypto::as_bytes(message), signature));
    std::string text(wh::crypto::base64_encoded_size(sizeof signature), '\0');
    wh::crypto::base64_encode(signature, text);
    return "v1a," + text;
}

std::string joined(std::string_view token, int times, std::string_view last = {}) {
    std::string list;
    for (int i = 0; i < times; ++i) list.append(i == 0 ? "" : " ").append(token);
    if (!last.empty()) list.append(list.empty() ? "" : " ").append(last);
    return list;
}

}  // namespace

TEST_CASE("a genuine delivery gives a message with all that is known about it") {
    const auto verifier = make_verifier();
    const golden::parts parts;
    const auto message = verifier.verify({parts.headers(), parts.body});
    REQUIRE(message);
    CHECK(message->body().data() == parts.body.data());
    CHECK(message->body().size() == parts.body.size());
    CHECK(message->id() == golden::id);
    CHECK(message->id_is_signed());
    CHECK(message->timestamp() == golden::now);
    CHECK(message->key_index() == 0U);
    CHECK(message->skipped_tokens() == 0);
    CHECK_FALSE(message->replay_possible());
    CHECK(message->assumed_because().empty());
}

TEST_CASE("an Ed25519 signature is verified with the public key") {
    golden::parts parts;
    parts.signature = golden::signature_v1a;
    CHECK_FALSE(refusal(make_verifier({golden::public_key}), parts.headers()));
    CHECK(refusal(make_verifier({golden::public_key}), parts.headers(), "{}") ==
          errc::signature_mismatch);
    // Longer than the scratch holds in place.
    parts.body = std::string(100'000, 'b');
    parts.signature = signed_v1a(parts.id + "." + parts.timestamp + "." + parts.body);
    CHECK_FALSE(refusal(make_verifier({golden::public_key}), parts.headers(), parts.body));
}

TEST_CASE("a key verifies signatures of its own kind only") {
    golden::parts parts;
    CHECK(refusal(make_verifier({golden::public_key}), parts.headers()) ==
          errc::no_supported_signature);
    parts.signature = golden::signature_v1a;
    CHECK(refusal(make_verifier(), parts.headers()) == errc::no_supported_signature);
}

TEST_CASE("a signature of one kind does not vouch for one of the other") {
    const auto both = make_verifier({golden::secret, golden::public_key});
    const std::string wrong_v1(golden::wrong_signature);
    const std::string wrong_v1a = signed_v1a("something else");
    golden::parts parts;
    for (const std::string& list : {wrong_v1 + " " + wrong_v1a, wrong_v1a + " " + wrong_v1}) {
        parts.signature = list;
        CHECK(refusal(both, parts.headers()) == errc::signature_mismatch);
        CHECK(refusal(make_verifier(), parts.headers()) == errc::signature_mismatch);
        CHECK(refusal(make_verifier({golden::public_key}), parts.headers()) ==
              errc::signature_mismatch);
    }
}

TEST_CASE("every key is tried, and the message says which one matched") {
    const auto verifier = make_verifier({golden::other_secret, golden::public_key, golden::secret});
    golden::parts parts;
    const auto by_secret = verifier.verify({parts.headers(), parts.body});
    REQUIRE(by_secret);
    CHECK(by_secret->key_index() == 2U);
    parts.signature = golden::signature_v1a;
    const auto by_public_key = verifier.verify({parts.headers(), parts.body});
    REQUIRE(by_public_key);
    CHECK(by_public_key->key_index() == 1U);
}

TEST_CASE("a signature is found at every place of the list") {
    const auto verifier = make_verifier();
    for (int before = 0; before < 16; ++before) {
        golden::parts parts;
        parts.signature = joined(golden::wrong_signature, before, golden::signature);
        for (int after = before + 1; after < 16; ++after) parts.signature += " v9,x";
        INFO(parts.signature);
        CHECK_FALSE(refusal(verifier, parts.headers()));
    }
}

TEST_CASE("tokens that say nothing to us are skipped and counted") {
    const auto verifier = make_verifier();
    const auto skipped = [&](const std::string& list) {
        golden::parts parts;
        parts.signature = list;
        const auto message = verifier.verify({parts.headers(), parts.body});
        REQUIRE(message);
        return message->skipped_tokens();
    };
    const std::string good(golden::signature);
    CHECK(skipped(good) == 0);
    CHECK(skipped(good + " " + std::string(golden::wrong_signature)) == 0);
    CHECK(skipped("v2,abcd " + good) == 1);
    CHECK(skipped("v1 garbage v1,!!!! v1,AAAA " + good + " v1,") == 5);
    CHECK(skipped(std::string(golden::signature_v1a) + " " + good) == 1);
    CHECK(skipped("  " + good + "  ") == 0);
}

TEST_CASE("the 17th token refuses, whatever its version, before any signature is computed") {
    const auto verifier = make_verifier();
    golden::parts parts;
    parts.signature = joined(golden::wrong_signature, 15, golden::signature);
    CHECK_FALSE(refusal(verifier, parts.headers()));
    parts.signature = joined("v9,x", 16, golden::signature);
    CHECK(refusal(verifier, parts.headers()) == errc::too_many_signatures);
    parts.signature = std::string(golden::signature) + " " + joined("x", 16);
    CHECK(refusal(verifier, parts.headers()) == errc::too_many_signatures);

    SECTION("a deployment can allow fewer, but not more") {
        wh::verifier_options options;
        options.limits.signatures = 2;
        parts.signature = joined("x", 1, golden::signature);
        CHECK_FALSE(refusal(make_verifier({golden::secret}, options), parts.headers()));
        parts.signature = joined("x", 2, golden::signature);
        CHECK(refusal(make_verifier({golden::secret}, options), parts.headers()) ==
              errc::too_many_signatures);
        options.limits.signatures = 1000;
        parts.signature = joined("x", 16, golden::signature);
        CHECK(refusal(make_verifier({golden::secret}, options), parts.headers()) ==
              errc::too_many_signatures);
    }
}

TEST_CASE("public keys are not tried more than 16 times a delivery") {
    const char* const other_public = "whpk_iojj3XQJ8ZX9UtstPLpdcspnCb8dlBIb83SIAbQPb1w=";
    const std::string wrong = signed_v1a("something else");
    golden::parts parts;

    parts.signature = joined(wrong, 15, golden::signature_v1a);
    CHECK_FALSE(refusal(make_verifier({golden::public_key}), parts.headers()));
    CHECK(refusal(make_verifier({other_public, golden::public_key}), parts.headers()) ==
          errc::too_many_signatures);
    parts.signature = joined(wrong, 7, golden::signature_v1a);
    CHECK_FALSE(refusal(make_verifier({other_public, golden::public_key}), parts.headers()));

    SECTION("counted to the one") {
        // The first key tries all nine tokens, so the second one's n-th is number 9 + n.
        const auto good_at = [&](int place) {
            parts.signature = joined(wrong, place - 1, golden::signature_v1a);
            if (place < 9) parts.signature += " " + joined(wrong, 9 - place);
            return refusal(make_verifier({other_public, golden::public_key}), parts.headers());
        };
        CHECK_FALSE(good_at(7));
        CHECK(good_at(8) == errc::too_many_signatures);
    }
    SECTION("and secrets, which are cheap, are tried first") {
        parts.signature = joined(wrong, 15, golden::signature);
        CHECK_FALSE(refusal(make_verifier({other_public, golden::public_key, golden::secret}),
                            parts.headers()));
    }
}

TEST_CASE("a verifier takes 8 keys, of which 4 may be public") {
    const std::vector<wh::key> secrets(9, wh::key::from_text(golden::secret));
    const std::vector<wh::key> public_keys(5, wh::key::from_text(golden::public_key));
    using verifier = golden::verifier;
    CHECK(verifier::try_create(std::span(secrets).first(8)));
    CHECK(verifier::try_create(secrets).error().code == errc::too_many_keys);
    CHECK(verifier::try_create(std::span(public_keys).first(4)));
    CHECK(verifier::try_create(public_keys).error().code == errc::too_many_keys);
}

TEST_CASE("a verifier cannot be made without a key, or with one that cannot verify") {
    CHECK(golden::verifier::try_create({}).error().code == errc::empty_key);
    CHECK_THROWS_AS(golden::verifier(std::span<const wh::key>()), wh::exception);
    const auto signer = wh::key::from_whsk(golden::signing_key);
    CHECK_THROWS_AS(golden::verifier(signer), wh::exception);
    CHECK(golden::verifier::try_create(std::span(&signer, 1)).error().code ==
          errc::key_wrong_prefix);
    wh::verifier_options strict;
    strict.secrets = wh::secret_length::strict;
    CHECK_THROWS_AS(make_verifier({"whsec_bXlzZWNyZXRrZXkxMjM0NQ=="}, strict), wh::exception);
    CHECK_NOTHROW(make_verifier({"whsec_bXlzZWNyZXRrZXkxMjM0NQ=="}));
}

TEST_CASE("keys can be exchanged while the verifier is in use") {
    const auto verifier = make_verifier({golden::other_secret});
    const golden::parts parts;
    CHECK(refusal(verifier, parts.headers()) == errc::signature_mismatch);
    REQUIRE(verifier.replace({wh::key::from_text(golden::secret)}));
    CHECK_FALSE(refusal(verifier, parts.headers()));

    SECTION("and the old ones stay when a new one is refused") {
        CHECK(verifier.replace({wh::key::from_text("whsec_")}).error().code == errc::empty_key);
        CHECK(verifier.replace(std::span<const wh::key>()).error().code == errc::empty_key);
        CHECK_FALSE(refusal(verifier, parts.headers()));
    }
}

TEST_CASE("a verifier can be moved") {
    auto verifier = make_verifier();
    const auto moved = std::move(verifier);
    CHECK_FALSE(refusal(moved, golden::parts().headers()));
}

TEST_CASE("the timestamp may be off by the tolerance, either way, and not by more") {
    const auto at = [](std::int64_t time, const wh::verifier_options& options = {}) {
        return refusal(make_verifier({golden::secret}, options, time), golden::parts().headers());
    };
    CHECK_FALSE(at(golden::now + 300));
    CHECK(at(golden::now + 301) == errc::timestamp_too_old);
    CHECK_FALSE(at(golden::now - 300));
    CHECK(at(golden::now - 301) == errc::timestamp_too_new);

    SECTION("past and future are set apart, as chrono durations or as seconds") {
        using namespace std::chrono_literals;
        const wh::verifier_options options{.tolerance =
                                               wh::tolerance{.past = 1h, .future = wh::seconds(0)}};
        CHECK_FALSE(at(golden::now + 3600, options));
        CHECK(at(golden::now + 3601, options) == errc::timestamp_too_old);
        CHECK_FALSE(at(golden::now, options));
        CHECK(at(golden::now - 1, options) == errc::timestamp_too_new);
        CHECK(wh::seconds(1500ms).count() == 1);
        CHECK(wh::seconds(std::chrono::hours::max()) == wh::seconds::unlimited());
        CHECK(wh::seconds(std::chrono::hours::min()).count() < 0);
    }
    SECTION("no clock, however wrong, makes the difference overflow") {
        CHECK(at(INT64_MAX) == errc::timestamp_too_old);
        CHECK(at(INT64_MIN) == errc::timestamp_too_new);
        CHECK(at(-1) == errc::timestamp_too_new);
    }
    SECTION("a negative tolerance accepts nothing") {
        const wh::verifier_options options{
            .tolerance = wh::tolerance{.past = wh::seconds(-1), .future = wh::seconds(-1)}};
        CHECK(at(golden::now, options) == errc::timestamp_too_old);
    }
    SECTION("without a limit the message says that it can be replayed") {
        const wh::verifier_options options{.tolerance = wh::tolerance::unlimited()};
        CHECK_FALSE(at(INT64_MAX, options));
        CHECK_FALSE(at(INT64_MIN, options));
        const auto verifier = make_verifier({golden::secret}, options);
        const golden::parts parts;
        CHECK(verifier.verify({parts.headers(), parts.body})->replay_possible());
    }
}

TEST_CASE("a body of the limit passes, one byte more is refused before anything else") {
    wh::verifier_options options;
    options.limits.body = golden::body.size();
    CHECK_FALSE(refusal(make_verifier({golden::secret}, options), golden::parts().headers()));
    options.limits.body = golden::body.size() - 1;
    CHECK(refusal(make_verifier({golden::secret}, options), {}) == errc::body_too_large);

    SECTION("by default at 1 MiB") {
        golden::parts parts;
        parts.body = std::string(1024 * 1024, 'a');
        parts.signature = "v1,txpEUxqWZJ5nteTnymUVa+7C4NHpBeXJ6CsBAW0c3/A=";  // published
        CHECK_FALSE(refusal(make_verifier(), parts.headers(), parts.body));
        parts.body += 'a';
        CHECK(refusal(make_verifier(), parts.headers(), parts.body) == errc::body_too_large);
    }
}

TEST_CASE("a header value over 8 KiB is refused") {
    golden::parts parts;
    parts.signature += " " + std::string(8192 - parts.signature.size() - 1, 'x');
    CHECK_FALSE(refusal(make_verifier(), parts.headers()));
    parts.signature += 'x';
    CHECK(refusal(make_verifier(), parts.headers()) == errc::header_too_large);
    parts = {};
    parts.id = std::string(10'000, 'i');
    CHECK(refusal(make_verifier(), parts.headers()) == errc::header_too_large);
}

TEST_CASE("the error names the header as the deciding family spells it") {
    const auto verifier = make_verifier();
    const auto where = [&](const golden::header_list& headers) {
        const auto verified = verifier.verify({headers, golden::body});
        REQUIRE_FALSE(verified);
        return std::string(verified.error().where);
    };
    golden::parts parts;
    parts.signature = golden::wrong_signature;
    CHECK(where(parts.headers("webhook")) == "webhook-signature");
    CHECK(where(parts.headers("svix")) == "svix-signature");
    CHECK(where({}) == "webhook-signature");
    CHECK(where({{"svix-id", "a"}, {"svix-timestamp", "1"}}) == "svix-signature");
    CHECK(where({{"svix-id", "a"}, {"webhook-signature", "v1,x"}, {"webhook-timestamp", "1"}}) ==
          "webhook-id");
}

TEST_CASE("a complete svix family decides, and only its duplicates count") {
    const auto verifier = make_verifier();
    const golden::parts good;
    golden::parts bad;
    bad.signature = golden::wrong_signature;
    const auto both = [](golden::header_list first, const golden::header_list& second) {
        first.insert(first.end(), second.begin(), second.end());
        return first;
    };
    CHECK_FALSE(refusal(verifier, both(good.headers("svix"), bad.headers("webhook"))));
    CHECK_FALSE(refusal(verifier, both(bad.headers("webhook"), good.headers("svix"))));
    CHECK(refusal(verifier, both(bad.headers("svix"), good.headers("webhook"))) ==
          errc::signature_mismatch);

    const golden::header_list doubled{{"webhook-id", "one"}, {"webhook-id", "two"}};
    CHECK_FALSE(refusal(verifier, both(good.headers("svix"), doubled)));
    CHECK(refusal(verifier, both(good.headers("webhook"), doubled)) == errc::duplicate_header);
    CHECK(refusal(verifier, both(good.headers("svix"), {{"svix-timestamp", "1"}})) ==
          errc::duplicate_header);
    const golden::header_list oversized{{"webhook-id", std::string(9000, 'i')}};
    CHECK_FALSE(refusal(verifier, both(good.headers("svix"), oversized)));

    SECTION("an incomplete one does not, and families are never mixed") {
        CHECK_FALSE(refusal(verifier, both(good.headers("webhook"), {{"svix-id", "zzz"}})));
        auto mixed = good.headers("svix");
        mixed.pop_back();
        mixed.emplace_back("webhook-signature", good.signature);
        CHECK(refusal(verifier, mixed) == errc::missing_header);
    }
    SECTION("empty headers are missing ones") {
        CHECK_FALSE(refusal(
            verifier, both(good.headers("webhook"),
                           {{"svix-id", ""}, {"svix-timestamp", " "}, {"svix-signature", ""}})));
    }
}

TEST_CASE("an explicit scratch can be reused, also after refusals") {
    const auto verifier = make_verifier({golden::public_key, golden::secret});
    wh::scratch work;
    golden::parts parts;
    for (int i = 0; i < 3; ++i) {
        parts.signature = golden::signature;
        CHECK(verifier.verify({parts.headers(), parts.body}, work));
        parts.signature = golden::signature_v1a;
        CHECK(verifier.verify({parts.headers(), parts.body}, work));
        CHECK_FALSE(verifier.verify({parts.headers(), parts.id}, work));
        CHECK_FALSE(verifier.verify({golden::header_list{}, parts.body}, work));
    }
}

TEST_CASE("a collection of headers verifies like the request that it came from") {
    const auto verifier = make_verifier();
    constexpr std::string_view names[] = {"webhook-id", "webhook-timestamp", "webhook-signature"};
    wh::collected_headers collected;
    REQUIRE(collected.collect(golden::parts().headers(), names, 8192));
    CHECK(verifier.verify({collected, golden::body}));
}

TEST_CASE("verification cannot throw") {
    const auto verifier = make_verifier();
    wh::scratch work;
    const wh::delivery any{golden::header_list{}, golden::body};
    CHECK(noexcept(verifier.verify(any)));
    CHECK(noexcept(verifier.verify(any, work)));
}

TEST_CASE("a body can be assumed to be verified, with a reason") {
    const auto message = wh::assume_verified(golden::body, "read from the provider's API over TLS");
    CHECK(message.body() == golden::body);
    CHECK(message.assumed_because() == "read from the provider's API over TLS");
    CHECK(message.id().empty());
    CHECK_FALSE(message.id_is_signed());
    CHECK_FALSE(message.key_index());
    CHECK(message.replay_possible());
}

TEST_CASE("ids may hold a dot where the deployment allows it") {
    golden::parts parts;
    parts.id = "a.b.c";
    parts.signature = "v1,vNARTgWtbY83hWHgvYLoQa4NUYYoD8bDylM/5aEyeSk=";
    CHECK(refusal(make_verifier(), parts.headers()) == errc::invalid_id);
    const wh::verifier_options options{.allow_dot_in_id = true};
    CHECK_FALSE(refusal(make_verifier({golden::secret}, options), parts.headers()));
}
