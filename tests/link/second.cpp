// The other of the two.
#include <webhookpp/explain.hpp>
#include <webhookpp/inbox.hpp>
#include <webhookpp/providers/seatsio.hpp>
#include <webhookpp/stores/memory.hpp>
#include <webhookpp/testing/fixed_clock.hpp>
#include <webhookpp/testing/signed_delivery.hpp>
#include <webhookpp/testing/store_conformance.hpp>
#include <webhookpp/webhookpp.hpp>

int status_in_second(const webhookpp::delivery& delivery) {
    const auto secret = webhookpp::key::from_text("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3");
    const webhookpp::receiver receiver{
        webhookpp::verifier<webhookpp::seatsio::scheme>{secret},
        webhookpp::parser<webhookpp::seatsio::catalog>{},
        webhookpp::handlers{[](const webhookpp::seatsio::chart_created&) {}}};
    return receiver.receive(delivery).status;
}
