// SPDX-License-Identifier: MIT
// A body that nobody verified cannot be parsed.
#include <webhookpp/providers/seatsio.hpp>
#include <webhookpp/webhookpp.hpp>

bool parse(const webhookpp::verifier<webhookpp::seatsio::scheme>& verifier,
           const webhookpp::delivery& delivery) {
    const webhookpp::parser<webhookpp::seatsio::catalog> parser;
#ifdef MUST_NOT_COMPILE
    static_cast<void>(verifier);
    return parser.parse(delivery.body).has_value();
#else
    const auto message = verifier.verify(delivery);
    return message && parser.parse(*message).has_value();
#endif
}
