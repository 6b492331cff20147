// SPDX-License-Identifier: MIT
// Values of signature headers, single ones, lists of versions and lists of pairs: the same
// signatures are found as by a slow reader.
#include <webhookpp/detail/signature_tokens.hpp>

#include <algorithm>
#include <string>
#include <string_view>

#include <webhookpp/schemes/all.hpp>
#include <webhookpp/verifier_options.hpp>

#include "../reference/deliveries.hpp"
#include "harness.hpp"

namespace wh = webhookpp;

void fuzz::try_input(input bytes) {
    if (bytes.empty()) return;
    // With each way to frame signatures that there is.
    static constexpr const wh::scheme* framed[] = {&wh::schemes::standard_webhooks,
                                                   &wh::schemes::stripe,
                                                   &wh::schemes::paddle,
                                                   &wh::schemes::sanity,
                                                   &wh::schemes::pagerduty,
                                                   &wh::schemes::github,
                                                   &wh::schemes::line,
                                                   &wh::schemes::sendgrid,
                                                   &wh::schemes::discord,
                                                   &wh::schemes::paystack,
                                                   &wh::schemes::intercom,
                                                   &wh::schemes::typeform};
    const wh::scheme& scheme = *framed[bytes[0] % std::size(framed)];
    const std::string value(text_of(bytes.subspan(1)));
    if (value.size() > 8192) return;

    reference::reading expected;
    std::string expected_time;
    const bool good = reference::read_signatures(scheme, value, expected, expected_time);

    std::string shown = value;
    if (fault_is_planted()) std::replace(shown.begin(), shown.end(), 'A', 'a');
    wh::detail::signature_tokens found;
    const auto read = found.read(scheme, shown, wh::limits().signatures);
    require(read.has_value() == good, "a value is taken, or refused, that is not");
    if (!good) return;
    require(found.timestamp() == expected_time, "another timestamp is found");
    require(found.candidates().size() == expected.candidates.size(),
            "more or fewer signatures are found");
    for (std::size_t i = 0; i < expected.candidates.size(); ++i) {
        const auto& candidate = found.candidates()[i];
        const std::string signature(candidate.signature().begin(), candidate.signature().end());
        require(candidate.made_by == expected.candidates[i].made_by &&
                    signature == expected.candidates[i].signature,
                "another signature is found");
    }
}
