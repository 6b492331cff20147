// SPDX-License-Identifier: MIT
// Bodies that arrive in pieces: the answer is that to the whole body, with whatever cuts.
#include <webhookpp/incremental_verifier.hpp>

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <webhookpp/schemes/all.hpp>

#include "../mutations/mutation.hpp"
#include "harness.hpp"

namespace {

using namespace mutations;
using wh::testing::fixed_clock;

template <const wh::scheme& Scheme>
void compare(fuzz::input bytes) {
    static const endpoint at = [] {
        endpoint made(Scheme, "https://hooks.example.com/in?a=1");
        std::array<unsigned char, 64> some{};
        for (unsigned i = 0; i < 6; ++i) {
            some.fill(static_cast<unsigned char>(i));
            choices chosen(some);
            made.add_genuine(chosen);
        }
        return made;
    }();
    static const wh::incremental_verifier<Scheme, fixed_clock> in_pieces = [] {
        std::vector<wh::key> keys;
        for (const auto& each : at.keys()) {
            if (reference::is_mac(each.makes)) keys.push_back(each.verify);
        }
        return wh::incremental_verifier<Scheme, fixed_clock>(keys, {.url = at.url()},
                                                             {golden::now});
    }();
    static const wh::any_verifier<fixed_clock> whole = [] {
        std::vector<wh::key> keys;
        for (const auto& each : at.keys()) {
            if (reference::is_mac(each.makes)) keys.push_back(each.verify);
        }
        return wh::any_verifier<fixed_clock>(Scheme, keys, {.url = at.url()}, {golden::now});
    }();

    choices chosen(bytes);
    request sent = chosen.one_of(at.genuine());
    mutator change(at, chosen);
    for (std::size_t i = chosen.below(3); i > 0; --i) {
        change.apply(static_cast<kind>(chosen.below(kinds)), sent);
    }
    const auto expected =
        whole.verify({.headers = sent.headers, .body = sent.body, .method = sent.method});
    auto running = in_pieces.begin(sent.headers, sent.method);
    if (!running) {
        fuzz::require(!expected && running.error().code == expected.error().code,
                      "the headers alone are refused for another cause");
        return;
    }
    std::string_view rest = sent.body;
    while (!rest.empty()) {
        const std::size_t size = chosen.used_up() ? rest.size() : chosen.below(rest.size() + 1);
        if (size == 0 && fuzz::is_planted("empty_piece_ends_the_body")) break;
        if (size != rest.size() || !fuzz::is_planted("last_piece_lost")) {
            fuzz::require(running->update(rest.substr(0, size)).has_value(), "a piece is refused");
        }
        rest.remove_prefix(size);
    }
    const auto found = std::move(*running).finish(sent.body);
    fuzz::require(found.has_value() == expected.has_value(), "pieces make a difference");
    if (!found) {
        fuzz::require(found.error().code == expected.error().code &&
                          found.error().where.view() == expected.error().where.view(),
                      "pieces are refused for another cause");
        return;
    }
    fuzz::require(found->id() == expected->id() && found->timestamp() == expected->timestamp() &&
                      found->key_index() == expected->key_index() &&
                      found->event_type() == expected->event_type() &&
                      found->skipped_tokens() == expected->skipped_tokens() &&
                      found->body() == sent.body,
                  "pieces make another message");
}

}  // namespace

std::vector<std::string_view> fuzz::faults() {
    return {"last_piece_lost", "empty_piece_ends_the_body"};
}

void fuzz::try_input(input bytes) {
    if (bytes.empty()) return;
    // One of each way to sign that can be verified in pieces.
    static constexpr void (*schemes[])(input) = {&compare<wh::schemes::standard_webhooks>,
                                                 &compare<wh::schemes::stripe>,
                                                 &compare<wh::schemes::slack>,
                                                 &compare<wh::schemes::github>,
                                                 &compare<wh::schemes::square>,
                                                 &compare<wh::schemes::paystack>,
                                                 &compare<wh::schemes::twitch>,
                                                 &compare<wh::schemes::vercel>};
    schemes[bytes[0] % std::size(schemes)](bytes.subspan(1));
}
