// SPDX-License-Identifier: MIT
// Explanations: whatever fails, they say what is so, or that they cannot tell.
#include <webhookpp/explain.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <webhookpp/schemes/github.hpp>
#include <webhookpp/testing/signed_delivery.hpp>

#include "../golden.hpp"
#include "parts.hpp"
#include "path.hpp"

namespace wh = webhookpp;
using namespace fault_injection;

namespace {

void try_explanation(const std::string& name, const wh::scheme& scheme,
                     const std::vector<std::string_view>& keys,
                     const wh::testing::signed_delivery& sent, const std::string& expected,
                     long stride = 1) {
    const auto request = sent.view();
    try_all({.name = "explained: " + name,
             .run =
                 [&] {
                     const auto found = wh::explain(scheme, keys, request, {}, golden::now);
                     if (found.refusal && found.refusal->code == wh::errc::internal_error) {
                         return refused(wh::errc::internal_error);
                     }
                     const unwatched here;
                     return done(in_words(found));
                 },
             .expected = done(expected),
             .may_throw = true,
             .may_overcome = true,  // it makes contexts that it may not need
             .reasons = internal,
             .stride = stride});
}

}  // namespace

void fault_injection::try_explanations() {
    const wh::scheme& github = wh::schemes::github;
    const auto key = wh::key::from_text("a-token");
    const std::string body = R"({"zen":"Keep it logically awesome.","hook_id":1})";
    const auto sent = wh::testing::sign_delivery(github, key, body + "\n", golden::now);
    try_explanation("accepted", github, {"another-token", "a-token"}, sent, "accepted\n");
    try_explanation("a key that does not fit", github, {"another-token"}, sent,
                    "refused: signature_mismatch: X-Hub-Signature-256\n"
                    "none of the usual mistakes: the key is probably of another endpoint\n",
                    std::min(step, 13L));  // it tries hundreds of keys and bodies
    auto trimmed = sent;
    trimmed.body.pop_back();
    try_explanation("a line break is gone", github, {"a-token"}, trimmed,
                    "refused: signature_mismatch: X-Hub-Signature-256\n"
                    "1. body_trimmed: the signature matches the body with a line break (LF) at its "
                    "end\n");
    try_explanation("white space around the key", github, {" a-token\n"}, sent,
                    "refused: key_whitespace: surrounding whitespace: remove it, also a newline at "
                    "the end of a file\n"
                    "1. key_whitespace: white space or quotes stand around the key; without them "
                    "the delivery is genuine (set-up says key_whitespace: surrounding whitespace: "
                    "remove it, also a newline at the end of a file)\n");
}
