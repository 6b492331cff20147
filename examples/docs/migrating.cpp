// SPDX-License-Identifier: MIT
// The code of docs/migrating.md: a check by hand with its usual holes, each shown by a delivery,
// and the way from it to a verifier.

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <exception>
#include <initializer_list>
#include <iostream>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>
#include <webhookpp/providers/seatsio.hpp>
#include <webhookpp/testing/signed_delivery.hpp>
#include <webhookpp/webhookpp.hpp>

namespace wh = webhookpp;

namespace {

using headers_type = std::map<std::string, std::string>;

// What base64 stands for; of what is no base64, nothing.
std::string base64_decode(const std::string& text) {
    std::string bytes(text.size(), '\0');
    const auto* const from = reinterpret_cast<const unsigned char*>(text.data());
    auto* const to = reinterpret_cast<unsigned char*>(bytes.data());
    int size = EVP_DecodeBlock(to, from, static_cast<int>(text.size()));
    for (auto at = text.rbegin(); at != text.rend() && *at == '=' && size > 0; ++at) --size;
    bytes.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    return bytes;
}

// [by_hand]
bool is_genuine(headers_type headers, const std::string& body) {
    const char* const secret = std::getenv("SEATSIO_SECRET");  // hole 1
    const std::string key = base64_decode(secret ? secret + std::strlen("whsec_") : "");

    const auto json = nlohmann::json::parse(body, nullptr, false);  // hole 2
    const std::string message =
        headers["svix-id"] + "." + headers["svix-timestamp"] + "." + json.dump();

    unsigned char mac[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
         reinterpret_cast<const unsigned char*>(message.data()), message.size(), mac, &size);

    const std::string list = headers["svix-signature"];  // hole 3
    const std::string given = base64_decode(list.substr(list.find(',') + 1, 44));
    return std::memcmp(mac, given.data(), given.size()) == 0;  // hole 4; hole 5 is what is not here
}
// [by_hand]

using sent_type = wh::testing::signed_delivery;
constexpr const char* secret_text = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3";
constexpr const char* body_text = R"({"data":{"key":"chart-1","workspaceKey":"ws-1"},"id":1,)"
                                  R"("timestamp":"2024-01-10T10:03:02Z","type":"chart.published"})";

headers_type headers_of(const sent_type& sent) {
    return {sent.headers.begin(), sent.headers.end()};
}

// Signed with `keys`, under the names of the headers that seats.io uses.
sent_type signed_by(std::initializer_list<wh::key> keys, const std::string& body = body_text,
                    std::int64_t age = 0) {
    const auto made =
        wh::sign(
            wh::seatsio::scheme, std::span(keys.begin(), keys.size()),
            {.id = "msg_1", .timestamp = std::time(nullptr) - age, .body = body, .header_set = 1})
            .value();
    return {.headers = made.headers, .body = body};
}

void compare(std::string_view what, const sent_type& sent) {
    const wh::verifier<wh::seatsio::scheme> verifier{wh::key::from_text(secret_text)};
    const auto message = verifier.verify({sent.headers, sent.body});
    std::cout << what << ": by hand " << (is_genuine(headers_of(sent), sent.body) ? "yes" : "no")
              << ", webhookpp " << (message ? "yes" : "no, ")
              << (message ? "" : name(message.error().code)) << '\n';
}

void show_the_holes() {
    const auto secret = wh::key::from_text(secret_text);
    const auto next = wh::key::from_text("whsec_MTIzNDU2Nzg5MGFiY2RlZjAxMjM0NTY3");
    compare("a genuine delivery", signed_by({secret}));

    // An HMAC with the empty key, which everybody has.
    unsetenv("SEATSIO_SECRET");
    sent_type forged = signed_by({secret});
    const std::string message = "msg_1." + headers_of(forged)["svix-timestamp"] + "." + forged.body;
    unsigned char mac[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    HMAC(EVP_sha256(), "", 0, reinterpret_cast<const unsigned char*>(message.data()),
         message.size(), mac, &size);
    char text[64];
    EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text), mac, static_cast<int>(size));
    forged.headers.back().second = std::string("v1,") + text;
    compare("1. signed with an empty key, the secret is not set", forged);
    const auto none = wh::key::try_from_environment("SEATSIO_SECRET");
    std::cout << "   set-up: " << name(none.error().code) << ": " << none.error().where.view()
              << '\n';
    setenv("SEATSIO_SECRET", secret_text, 1);

    compare("2. genuine, with other white space or order of members",
            signed_by({secret}, R"({"type": "chart.published", "id": 1})"));
    compare("3. genuine, signed with the next key too", signed_by({next, secret}));
    sent_type empty = signed_by({secret}, R"({"type":"chart.forged"})");
    empty.headers.back().second = "v1,";
    compare("4. forged, with an empty signature", empty);
    compare("5. recorded a year ago", signed_by({secret}, body_text, 31'536'000));
}

std::optional<wh::seatsio::event> receive(const sent_type& request) {
    static const wh::verifier<wh::seatsio::scheme> verifier{
        wh::key::from_environment("SEATSIO_SECRET")};
    static const wh::parser<wh::seatsio::catalog> parser;
    const headers_type headers = headers_of(request);
    const std::string& body = request.body;
    // [both]
    auto message = verifier.verify({headers, body});
    if (!message && is_genuine(headers, body)) {
        std::cout << "only the check by hand says yes: " << name(message.error().code) << ' '
                  << message.error().where.view() << '\n';
        message = wh::assume_verified(body, "the check by hand said yes, until webhookpp decides");
    }
    if (!message) return std::nullopt;  // 401
    const auto event = parser.parse(*message);
    // [both]
    return event ? std::optional(*event) : std::nullopt;
}

void after() {
    // [after]
    const wh::receiver receiver{
        wh::verifier<wh::seatsio::scheme>{wh::key::from_environment("SEATSIO_SECRET")},
        wh::parser<wh::seatsio::catalog>{}, wh::handlers{[](const wh::seatsio::chart_published& e) {
            std::cout << e.data.key << '\n';
        }}};
    // [after]
    const sent_type sent = signed_by({wh::key::from_text(secret_text)});
    std::cout << receiver.receive(sent.view()).status << '\n';
}

}  // namespace

int main() try {
    setenv("SEATSIO_SECRET", secret_text, 1);
    show_the_holes();
    const auto secret = wh::key::from_text(secret_text);
    for (const std::int64_t age : {0, 86400}) {
        std::cout << (receive(signed_by({secret}, body_text, age)) ? "received\n" : "refused\n");
    }
    after();
    return EXIT_SUCCESS;
} catch (const std::exception& e) {
    std::cerr << e.what() << '\n';
    return EXIT_FAILURE;
}
