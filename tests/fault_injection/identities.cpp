// SPDX-License-Identifier: MIT
// Keys of messages, and what else is made of random numbers: all of it, or an error that says why
// not.
#include <set>
#include <string>

#include <webhookpp/crypto/hex.hpp>
#include <webhookpp/message_key.hpp>
#include <webhookpp/registration.hpp>
#include <webhookpp/retry_schedule.hpp>

#include "../messages.hpp"
#include "parts.hpp"
#include "path.hpp"

namespace wh = webhookpp;
using namespace fault_injection;

namespace {

std::string in_hex(const wh::message_key& key) {
    std::string text(2 * wh::message_key::size, '\0');
    wh::crypto::hex_encode(key.bytes(), text);
    return text;
}

}  // namespace

// What is made of random numbers, beside the keys of messages.
void fault_injection::try_random_numbers() {
    try_all({.name = "a placeholder key is made",
             .run =
                 [] {
                     try {
                         const wh::key made = wh::placeholder_key();
                         return done(made.bytes().size() == 32 ? "32" : "other");
                     } catch (const wh::exception& thrown) {
                         return refused(thrown.error().code);
                     }
                 },
             .expected = done("32"),
             .may_throw = true,
             .reasons = internal});
    // One of 86,400,000 delays is taken for one that is not random.
    constexpr wh::retry_schedule schedule{.first = wh::seconds(86'400),
                                          .longest = wh::seconds(86'400)};
    try_all({.name = "a delay is the longest one where it cannot be random",
             .run =
                 [&] {
                     return schedule.delay(1) == schedule.longest_delay(1)
                                ? refused(wh::errc::internal_error)
                                : done();
                 },
             .expected = done(),
             .makes_no = allocations});
}

// What messages are remembered by.
void fault_injection::try_identities() {
    // The keys are those of tests/unit/message_key.cpp.
    const auto try_one = [](const char* name, const wh::verified_message& message,
                            const wh::identification& as, const outcome& expected,
                            const std::set<kind>& makes_no = {}) {
        try_all({.name = name,
                 .run =
                     [&] {
                         return of(wh::identify(message, as), [](const auto& found) {
                             std::string text = in_hex(found.key);
                             if (found.body_key) text.append(", ").append(in_hex(*found.body_key));
                             return text;
                         });
                     },
                 .expected = expected,
                 .makes_no = makes_no,
                 .reasons = internal});
    };
    wh::identification as{.provider = "stripe", .endpoint = "orders"};
    const std::string of_id = "874af0956696a2531b5fff5ed8a5d81a703c925853b3484fedc762b46445a833";
    const std::string of_body = "0451be1645d3ffbf773dae3c7e778d8ba56f0e3b6926f211463eba23bfa659f2";
    try_one("a message is known by its id", messages::with_signed_id("evt_1"), as, done(of_id));
    try_one("a message is known by its id and its body",
            messages::with_unsigned_id("evt_1", R"({"a":1})"), as, done(of_id + ", " + of_body));
    try_one("a message is known by its body", messages::without_id(R"({"a":1})"), as,
            done(of_body));
    as.same_body = wh::same_body::ignore;
    const auto message = messages::without_id();
    std::set<std::string> given;
    try_all({.name = "a message is like no other",
             .run =
                 [&] {
                     return of(wh::identify(message, as), [&](const auto& found) {
                         return std::string(given.insert(in_hex(found.key)).second ? "new" : "old");
                     });
                 },
             .expected = done("new"),
             .makes_no = allocations,
             .reasons = internal});
}
