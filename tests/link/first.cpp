// SPDX-License-Identifier: MIT
// One of two translation units that include everything and are linked together.
#include "all_headers.inc"

int status_in_second(const webhookpp::delivery& delivery);

int main() {
    const auto secret = webhookpp::key::from_text("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3");
    const auto delivery = webhookpp::testing::sign_delivery(
        webhookpp::seatsio::scheme, secret,
        R"({"type":"chart.created","id":1,"timestamp":"2024-01-10T10:03:02Z","data":{"workspaceKey":"w","key":"k"}})",
        webhookpp::system_clock().now());
    return status_in_second(delivery.view()) == 200 ? 0 : 1;
}
