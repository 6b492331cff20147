// SPDX-License-Identifier: MIT
// The other of the two.
#include "all_headers.inc"

int status_in_second(const webhookpp::delivery& delivery) {
    const auto secret = webhookpp::key::from_text("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3");
    const webhookpp::receiver receiver{
        webhookpp::verifier<webhookpp::seatsio::scheme>{secret},
        webhookpp::parser<webhookpp::seatsio::catalog>{},
        webhookpp::handlers{[](const webhookpp::seatsio::chart_created&) {}}};
    return receiver.receive(delivery).status;
}
