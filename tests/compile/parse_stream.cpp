// SPDX-License-Identifier: MIT
// What was verified while it passed has no body that could be parsed: the host gives the one that
// it kept to `finish`, which looks at it.
#include <webhookpp/incremental_verifier.hpp>
#include <webhookpp/providers/seatsio.hpp>
#include <webhookpp/webhookpp.hpp>

namespace wh = webhookpp;

bool parse(wh::incremental_verification<> verification, const std::string& kept) {
    const wh::parser<wh::seatsio::catalog> parser;
#ifdef MUST_NOT_COMPILE
    const auto message = std::move(verification).finish();
    static_cast<void>(kept);
#else
    const auto message = std::move(verification).finish(kept);
#endif
    return message && parser.parse(*message).has_value();
}
