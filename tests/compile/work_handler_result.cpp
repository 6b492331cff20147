// SPDX-License-Identifier: MIT
// What a handler of an inbox returns says what is to become of the event, or nothing.
#include <webhookpp/providers/seatsio.hpp>
#include <webhookpp/stores/memory.hpp>
#include <webhookpp/webhookpp.hpp>
#include <webhookpp/worker.hpp>

using namespace webhookpp::seatsio;
using webhookpp::stores::memory;

void handle(webhookpp::worker<webhookpp::inbox<memory>>& worker) {
    worker.handle("tickets", webhookpp::parser<catalog>{},
                  webhookpp::handlers{
#ifdef MUST_NOT_COMPILE
                      [](const chart_created&) { return 0; },
#else
                      [](const chart_created&) { return webhookpp::disposition::done(); },
#endif
                  });
}
