// SPDX-License-Identifier: MIT
// Values of signature headers, single ones, lists of versions and lists of pairs: the same
// signatures are found as by a slow reader.
#include <webhookpp/detail/signature_tokens.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <webhookpp/schemes/all.hpp>
#include <webhookpp/verifier_options.hpp>

#include "../reference/deliveries.hpp"
#include "harness.hpp"

namespace wh = webhookpp;

namespace {

// All schemes but those of tokens, which sign nothing.
std::vector<const wh::scheme*> signing_schemes() {
    std::vector<const wh::scheme*> all;
    for (const wh::scheme* const each : wh::schemes::all()) {
        if (each->algorithm != wh::algorithm::token) all.push_back(each);
    }
    return all;
}

}  // namespace

std::vector<std::string_view> fuzz::faults() {
    return {"case_ignored", "blanks_skipped", "second_header_alone",
            "last_of_16_signatures_refused"};
}

void fuzz::try_input(input bytes) {
    static const auto schemes = signing_schemes();
    if (bytes.empty()) return;
    const wh::scheme& scheme = *schemes[bytes[0] % schemes.size()];
    const std::string text(text_of(bytes.subspan(1)));
    if (text.size() > 8192) return;
    // Of some schemes there are two headers, which are read one after the other.
    std::vector<std::string> values{text};
    if (const std::size_t end = text.find('\n');
        !scheme.signature.second_header.empty() && end != std::string::npos) {
        values = {text.substr(0, end), text.substr(end + 1)};
    }

    reference::reading expected;
    std::string expected_time;
    wh::detail::signature_tokens found;
    for (std::string& value : values) {
        const bool good = reference::read_signatures(scheme, value, expected, expected_time);
        if (is_planted("case_ignored")) std::replace(value.begin(), value.end(), 'A', 'a');
        while (is_planted("blanks_skipped") && value.starts_with(' ')) value.erase(0, 1);
        if (is_planted("second_header_alone")) found = {};
        const std::size_t most =
            wh::limits().signatures - (is_planted("last_of_16_signatures_refused") ? 1 : 0);
        const auto read = found.read(scheme, value, most);
        require(read.has_value() == good, "a value is taken, or refused, that is not");
        if (!good) return;
    }
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
