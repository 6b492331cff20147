// SPDX-License-Identifier: MIT
// A handler of an inbox that takes no event of the catalog is a mistake too.
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
                      [](const changed_object&, webhookpp::work<memory>&) {},
#else
                      [](const chart_created&, webhookpp::work<memory>&) {},
#endif
                  });
}
