// SPDX-License-Identifier: MIT
// Events of your own: described structs, types of your own, nlohmann's from_json, an envelope of
// your own, and a catalog that mixes them with a provider's. Decodes one body of each and prints
// what became of it.

#include <array>
#include <charconv>
#include <iostream>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <variant>
#include <vector>

#include <webhookpp/json/encode.hpp>
#include <webhookpp/providers/seatsio.hpp>
#include <webhookpp/webhookpp.hpp>

namespace wh = webhookpp;

// [described] A struct lists its members once. Decoding, encoding and the paths of errors use that.
struct order_line {
    std::string sku;
    std::int64_t quantity = 0;
    static constexpr wh::member members[] = {{"sku", wh::field<&order_line::sku>},
                                             {"quantity", wh::field<&order_line::quantity>}};
};

struct order_placed {
    static constexpr std::string_view type = "order.placed";

    std::int64_t id = 0;
    wh::timestamp at;
    std::vector<order_line> lines;
    std::optional<std::string> note;  // may be absent or null

    static constexpr wh::member members[] = {{"id", wh::field<&order_placed::id>},
                                             {"at", wh::field<&order_placed::at>},
                                             {"lines", wh::field<&order_placed::lines>},
                                             {"note", wh::field<&order_placed::note>}};
};
// [described]

// [kinds] An enumeration that may grow, a map, a part that is kept as JSON text, and everything
// that the description does not name.
enum class carrier { other, post, courier };
constexpr auto enumerators(carrier /*of*/) {
    return std::array{wh::enumerator{"POST", carrier::post},
                      wh::enumerator{"COURIER", carrier::courier}};
}

struct order_shipped {
    static constexpr std::string_view type = "order.shipped";

    wh::open_enum<carrier> by;
    std::map<std::string, std::int64_t> weights;
    wh::raw_json tracking;
    std::map<std::string, wh::raw_json> others;

    static constexpr wh::member members[] = {
        {"carrier", wh::field<&order_shipped::by>},
        {"weights", wh::field<&order_shipped::weights>},
        {"tracking", wh::field<&order_shipped::tracking>},
        {wh::other_members, wh::field<&order_shipped::others>}};
};
// [kinds]

// [from_json] A type that you have already, with nlohmann's from_json. It only needs a `type`.
struct refund {
    static constexpr std::string_view type = "refund";
    std::string reason;
    double amount = 0;
};
void from_json(const nlohmann::json& from, refund& to) {
    from.at("details").at("reason").get_to(to.reason);
    from.at("details").at("amount").get_to(to.amount);
}
// [from_json]

// [traits] A scalar type of your own.
struct color {
    unsigned rgb = 0;
};
template <>
struct webhookpp::value_traits<color> {
    static bool assign(color& target, const json_scalar& from) {
        if (from.which != json_scalar::kind::text || from.text.size() != 7) return false;
        const char* const end = from.text.data() + from.text.size();
        const auto parsed = std::from_chars(from.text.data() + 1, end, target.rgb, 16);
        return from.text[0] == '#' && parsed.ec == std::errc() && parsed.ptr == end;
    }
    static json_scalar read(const color& source, std::string& text) {
        text = "#";
        for (int shift = 20; shift >= 0; shift -= 4) {
            text += "0123456789abcdef"[(source.rgb >> shift) & 0xfU];
        }
        return {.which = json_scalar::kind::text, .text = text};
    }
};
// [traits]

// [envelope] An envelope of your own: a base for what all events have in common, and a catalog that
// knows which member names the type.
template <class Payload>
struct message {
    using described_by = message;
    std::string id;
    Payload payload;
    static constexpr wh::member members[] = {{"id", wh::field<&message::id>},
                                             {"payload", wh::field<&message::payload>}};
};

struct paint {
    color shade;
    static constexpr wh::member members[] = {{"shade", wh::field<&paint::shade>}};
};

struct paint_mixed : message<paint> {
    static constexpr std::string_view type = "paint_mixed";
};

struct paint_shop : wh::catalog<paint_mixed> {
    static constexpr std::string_view type_member = "kind";
};
// [envelope]

// [mixed] Your events and a provider's, in one catalog.
using orders = wh::catalog<order_placed, order_shipped, refund, wh::seatsio::chart_published>;
// [mixed]

namespace {

struct describe {
    std::string operator()(const order_placed& e) const {
        return "order " + std::to_string(e.id) + " of " + std::to_string(e.lines.size()) +
               " lines, placed " + e.at.to_string();
    }
    std::string operator()(const order_shipped& e) const {
        return "order shipped by " + std::string(e.by.text()) +
               (e.by == carrier::other ? ", which is new" : "") + ", tracking " +
               std::string(e.tracking.text()) + ", and " + std::to_string(e.others.size()) +
               " other members";
    }
    std::string operator()(const refund& e) const { return "refund: " + e.reason; }
    std::string operator()(const wh::seatsio::chart_published& e) const {
        return "chart published: " + e.data.key;
    }
    std::string operator()(const paint_mixed& e) const {
        return "paint mixed: " + wh::json::encode(e, paint_shop::type_member);
    }
    std::string operator()(const wh::unknown_event& e) const { return "unknown: " + e.type; }
};

template <class Catalog>
void decode(const std::string& body) {
    const auto event =
        wh::parser<Catalog>().parse(wh::assume_verified(body, "a body of this example"));
    if (event) {
        std::cout << std::visit(describe(), *event) << '\n';
    } else {
        std::cout << name(event.error().code) << ' ' << event.error().where.view() << '\n';
    }
}

}  // namespace

int main() {
    decode<orders>(R"({"type":"order.placed","id":7,"at":"2024-01-10T11:03:02+01:00",)"
                   R"("lines":[{"sku":"a","quantity":2},{"sku":"b","quantity":1}],"note":null})");
    decode<orders>(R"({"type":"order.placed","id":7,"at":"2024-01-10T11:03:02+01:00",)"
                   R"("lines":[{"sku":"a","quantity":2},{"sku":"b","quantity":"many"}]})");
    decode<orders>(R"({"type":"order.shipped","carrier":"DRONE","weights":{"a":300},)"
                   R"("tracking":[1, 2],"from":"here","to":"there"})");
    decode<orders>(R"({"type":"refund","details":{"reason":"late","amount":1.5}})");
    decode<orders>(R"({"type":"refund","details":{}})");
    decode<orders>(R"({"type":"chart.published","id":170,"timestamp":"2024-01-10T10:04:00Z",)"
                   R"("data":{"workspaceKey":"ws-0001","key":"chart-0001"}})");
    decode<orders>(R"({"type":"order.lost"})");
    decode<paint_shop>(R"({"kind":"paint_mixed","id":"m1","payload":{"shade":"#ff8000"}})");
}
