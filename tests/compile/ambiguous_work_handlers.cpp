// SPDX-License-Identifier: MIT
// Two handlers of an inbox for the same event are a mistake too.
#include <webhookpp/providers/seatsio.hpp>
#include <webhookpp/stores/memory.hpp>
#include <webhookpp/webhookpp.hpp>
#include <webhookpp/worker.hpp>

using namespace webhookpp::seatsio;
using webhookpp::stores::memory;

void handle(webhookpp::worker<webhookpp::inbox<memory>>& worker) {
    worker.handle("tickets", webhookpp::parser<catalog>{},
                  webhookpp::handlers{
                      [](const chart_created&, webhookpp::work<memory>&) {},
#ifdef MUST_NOT_COMPILE
                      [](const chart_created&, webhookpp::work<memory>&) {},
#else
                      [](const chart_published&, webhookpp::work<memory>&) {},
#endif
                  });
}
