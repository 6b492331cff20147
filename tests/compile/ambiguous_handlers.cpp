// SPDX-License-Identifier: MIT
// Two handlers for the same event are a mistake, not an event that nobody gets.
#include <webhookpp/providers/seatsio.hpp>
#include <webhookpp/webhookpp.hpp>

using namespace webhookpp::seatsio;

void make(webhookpp::verifier<webhookpp::seatsio::scheme> verifier) {
    const webhookpp::receiver receiver{std::move(verifier), webhookpp::parser<catalog>{},
                                       webhookpp::handlers{
                                           [](const chart_created&) {},
#ifdef MUST_NOT_COMPILE
                                           [](const chart_created&) {},
#else
                                           [](const chart_published&) {},
#endif
                                       }};
    static_cast<void>(receiver);
}
