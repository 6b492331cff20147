// SPDX-License-Identifier: MIT
#include <webhookpp/key_ring.hpp>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "../catch.hpp"
#include "../golden.hpp"

namespace wh = webhookpp;

namespace {

wh::key_set make_set(std::vector<const char*> texts) {
    std::vector<wh::key> keys;
    for (const char* text : texts) keys.push_back(wh::key::from_text(text));
    return wh::key_set::create(keys, wh::schemes::standard_webhooks, wh::secret_length::usual)
        .value();
}

}  // namespace

TEST_CASE("a key set keeps the order of its keys") {
    const auto keys = make_set({golden::secret, golden::public_key, golden::other_secret});
    REQUIRE(keys.keys().size() == 3);
    CHECK(keys.keys()[0].secret);
    CHECK(keys.keys()[1].ed25519);
    CHECK_FALSE(keys.keys()[1].secret);
    CHECK(keys.keys()[2].secret);
}

TEST_CASE("a key set has only keys that the scheme can verify with") {
    const wh::scheme only_secrets{.name = "x",
                                  .algorithm = wh::algorithm::hmac_sha256,
                                  .content = {wh::schemes::body},
                                  .signature = {.header = "X-Signature"}};
    const wh::scheme only_public_keys{.name = "x",
                                      .algorithm = wh::algorithm::ed25519,
                                      .content = {wh::schemes::body},
                                      .signature = {.header = "X-Signature"}};
    const auto refused = [](const char* text, const wh::scheme& scheme) {
        const auto key = wh::key::from_text(text);
        const auto made = wh::key_set::create(std::span(&key, 1), scheme, wh::secret_length::usual);
        return made ? std::nullopt : std::optional(made.error().code);
    };
    CHECK_FALSE(refused(golden::secret, only_secrets));
    CHECK(refused(golden::public_key, only_secrets) == wh::errc::key_wrong_prefix);
    CHECK_FALSE(refused(golden::public_key, only_public_keys));
    CHECK(refused(golden::secret, only_public_keys) == wh::errc::key_wrong_prefix);
}

TEST_CASE("a reader keeps its set while others are put in place") {
    wh::key_ring ring(make_set({golden::secret}));
    {
        const wh::key_ring::reader first(ring);
        ring.replace(make_set({golden::secret, golden::other_secret}));
        const wh::key_ring::reader second(ring);
        ring.replace(make_set({golden::public_key}));
        CHECK(first->keys().size() == 1);
        CHECK(first->keys()[0].secret);
        CHECK(second->keys().size() == 2);
    }
    ring.replace(make_set({golden::public_key, golden::secret}));
    CHECK(wh::key_ring::reader(ring)->keys().size() == 2);
}

TEST_CASE("threads verify while others replace the keys, and every verdict is right") {
    // The delivery is signed with `secret`, which every set of keys holds at another place; the
    // forged one is refused by all of them.
    const auto verifier = golden::make_verifier({golden::secret});
    const golden::parts genuine;
    golden::parts forged;
    forged.signature = golden::wrong_signature;
    std::atomic<int> wrong{0};
    std::atomic<bool> done{false};

    std::vector<std::thread> readers;
    for (int i = 0; i < 3; ++i) {
        readers.emplace_back([&] {
            const auto good = genuine.headers();
            const auto bad = forged.headers();
            for (int n = 0; n < 20'000 && !done; ++n) {
                if (golden::refusal(verifier, good)) ++wrong;
                if (!golden::refusal(verifier, bad)) ++wrong;
            }
        });
    }
    std::vector<std::thread> writers;
    for (int i = 0; i < 2; ++i) {
        writers.emplace_back([&] {
            const auto secret = wh::key::from_text(golden::secret);
            const auto other = wh::key::from_text(golden::other_secret);
            const auto public_key = wh::key::from_text(golden::public_key);
            for (int n = 0; n < 300; ++n) {
                if (!verifier.replace({other, secret})) ++wrong;
                if (!verifier.replace({secret, public_key})) ++wrong;
            }
        });
    }
    for (auto& thread : writers) thread.join();
    done = true;
    for (auto& thread : readers) thread.join();
    CHECK(wrong == 0);
}
