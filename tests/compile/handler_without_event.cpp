// SPDX-License-Identifier: MIT
// A handler that takes no event of the catalog is a mistake, not a handler that is never called.
#include <webhookpp/providers/seatsio.hpp>
#include <webhookpp/webhookpp.hpp>

using namespace webhookpp::seatsio;

void make(webhookpp::verifier<webhookpp::seatsio::scheme> verifier) {
    const webhookpp::receiver receiver{std::move(verifier), webhookpp::parser<catalog>{},
                                       webhookpp::handlers{
#ifdef MUST_NOT_COMPILE
                                           [](const changed_object&) {},
#else
                                           [](const chart_created&) {},
#endif
                                       }};
    static_cast<void>(receiver);
}
