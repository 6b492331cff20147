// SPDX-License-Identifier: MIT
// Feeds bodies that were bent at random to both JSON engines, which have to agree on each: the same
// alternative with the same values, or the same error at the same path. The seed is fixed.
//
// usage: differential_tests NUMBER VECTORS...

#include <array>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <random>
#include <string>
#include <vector>

#include <webhookpp/crypto/base64.hpp>
#include <webhookpp/providers/eventsair.hpp>
#include <webhookpp/providers/gatsby.hpp>
#include <webhookpp/providers/seably.hpp>
#include <webhookpp/providers/seatsio.hpp>
#include <webhookpp/providers/waitwhile.hpp>

#include "outcome.hpp"

namespace wh = webhookpp;

namespace {

struct comparison {
    std::string nlohmann;
    std::string simdjson;
};

template <class Catalog>
comparison compare(const std::string& body) {
    using outcome::parse_with;
    using outcome::text_of;
    return {text_of<Catalog>(parse_with<Catalog, wh::json::nlohmann_engine>(body)),
            text_of<Catalog>(parse_with<Catalog, wh::json::simdjson_engine>(body))};
}

using comparer = comparison (*)(const std::string& body);

const std::map<std::string, comparer> providers{{"seatsio", &compare<wh::seatsio::catalog>},
                                                {"waitwhile", &compare<wh::waitwhile::catalog>},
                                                {"eventsair", &compare<wh::eventsair::catalog>},
                                                {"gatsby", &compare<wh::gatsby::catalog>},
                                                {"seably", &compare<wh::seably::catalog>}};

struct sample {
    comparer compare_with;
    std::string body;
};

std::vector<sample> read_samples(const std::string& file) {
    std::ifstream lines(file);
    std::vector<sample> samples;
    for (std::string line; std::getline(lines, line);) {
        const auto vector = nlohmann::json::parse(line);
        const auto text = vector.at("body_base64").get<std::string>();
        std::vector<unsigned char> bytes(text.size());
        const auto size = wh::crypto::base64_decode(text, bytes);
        if (!size) throw std::runtime_error("not base64: " + line);
        samples.push_back(
            {providers.at(vector.at("provider").get<std::string>()),
             std::string(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(*size))});
    }
    if (samples.empty()) throw std::runtime_error("no vectors in " + file);
    return samples;
}

std::string nested(std::size_t depth, const std::string& inner) {
    return std::string(depth, '[') + inner + std::string(depth, ']');
}

// What JSON libraries are known to differ about.
const std::vector<std::string>& odd_values() {
    static const std::vector<std::string> all = [] {
        std::vector<std::string> values{"-0",
                                        "-0.0",
                                        "0.0",
                                        "1.0",
                                        "1E5",
                                        "1e400",
                                        "-1e400",
                                        "1e-400",
                                        "1e308",
                                        "1.8e308",
                                        "5e-324",
                                        "9007199254740993.0",
                                        "9223372036854775807",
                                        "-9223372036854775808",
                                        "9223372036854775808",
                                        "-9223372036854775809",
                                        "18446744073709551615",
                                        "18446744073709551616",
                                        "123456789012345678901234567890",
                                        "0.1000000000000000055511151231257827",
                                        "00",
                                        "01",
                                        ".5",
                                        "1.",
                                        "+1",
                                        "-",
                                        "1e",
                                        "0x1",
                                        "NaN",
                                        "Infinity",
                                        "nul",
                                        "null",
                                        "true",
                                        "falsee",
                                        "{}",
                                        "[]",
                                        "[1,]",
                                        "{\"a\":1,}",
                                        "{\"a\"}",
                                        "{,}",
                                        "[,]",
                                        "\"\"",
                                        "\"\\ud800\"",
                                        "\"\\udc00\"",
                                        "\"\\ud83d\\ude00\"",
                                        "\"\\ud800\\u0041\"",
                                        "\"\\ude00\\ud83d\"",
                                        "\"\\u0000\"",
                                        "\"\\x\"",
                                        "\"\\u12\"",
                                        "\"\\/\"",
                                        "\"\t\"",
                                        "\"\x7f\"",
                                        "'a'",
                                        "/* */1",
                                        "\"\xff\"",
                                        "\"\xc0\x80\"",
                                        "\"\xed\xa0\x80\"",
                                        "\"\xf4\x90\x80\x80\"",
                                        "\"\xef\xbf\xbf\"",
                                        "\xef\xbb\xbf",
                                        "\"2024-02-30T00:00:00Z\"",
                                        "\"2024-02-29T00:00:00.5+14:00\"",
                                        "\"2024-06-01T15:00\"",
                                        std::string(400, '9'),
                                        std::string("\0", 1),
                                        std::string("\"\0\"", 3)};
        for (const std::size_t depth : {59U, 60U, 61U, 62U, 63U, 64U, 65U, 66U}) {
            for (const char* inner : {"", "1", "{}", "[]", "{\"a\":1}"}) {
                values.push_back(nested(depth, inner));
            }
        }
        return values;
    }();
    return all;
}

class bender {
public:
    explicit bender(std::uint64_t seed) : random_(seed) {}

    std::size_t below(std::size_t limit) {
        return limit == 0 ? 0 : static_cast<std::size_t>(random_() % limit);
    }

    std::string bend(std::string body) {
        const std::size_t times = 1 + below(3);
        for (std::size_t i = 0; i < times; ++i) {
            below(6) == 0 ? bend_bytes(body) : bend_member(body);
        }
        return body;
    }

private:
    struct member {
        std::size_t begin = 0;  // of the name
        std::size_t value = 0;
        std::size_t end = 0;
    };

    // A member whose value is no container, in a body whose strings hold no escapes.
    member any_member(const std::string& body) {
        for (int i = 0; i < 20; ++i) {
            const std::size_t colon = body.find("\":", below(body.size()));
            if (colon == std::string::npos || colon == 0) continue;
            const std::size_t begin = body.rfind('"', colon - 1);
            const std::size_t value = body.find_first_not_of(' ', colon + 2);
            if (begin == std::string::npos || value == std::string::npos) continue;
            if (body[value] == '{' || body[value] == '[') continue;
            std::size_t end = body.find_first_of(",]}", value);
            if (body[value] == '"') end = body.find('"', value + 1) + 1;
            if (end != std::string::npos && end != 0) return {begin, value, end};
        }
        return {0, 0, body.size()};
    }

    // Mostly leaves JSON what it was.
    void bend_member(std::string& body) {
        const auto& odd = odd_values();
        const std::string& value = odd[below(odd.size())];
        const member at = any_member(body);
        const std::string text = body.substr(at.begin, at.end - at.begin);
        switch (below(7)) {
            case 0:
            case 1:
            case 2: body.replace(at.value, at.end - at.value, value); break;
            case 3: body.insert(at.begin, "\"x\":" + value + ","); break;
            case 4: body.insert(at.end, "," + text); break;  // twice
            case 5: body.replace(at.begin, text.size(), "\"y\":[" + value + "]"); break;
            default:  // with another one's value
                const member other = any_member(body);
                body.replace(at.value, at.end - at.value,
                             body.substr(other.value, other.end - other.value));
        }
    }

    void bend_bytes(std::string& body) {
        const std::size_t at = below(body.size() + 1);
        const std::size_t size = below(12);
        switch (below(6)) {
            case 0: body.insert(at, 1, static_cast<char>(below(256))); break;
            case 1:
                if (at < body.size()) body[at] = static_cast<char>(below(256));
                break;
            case 2: body.erase(at, size); break;
            case 3: body.insert(at, body.substr(below(body.size() + 1), size)); break;
            case 4: body.insert(at, 1, "{}[],:\"\\ \t\r\n0e-."[below(17)]); break;
            default: body.resize(at); break;
        }
    }

    std::mt19937_64 random_;
};

int run(std::size_t number, const std::vector<sample>& samples) {
    bender random(20240110);
    std::map<std::string, std::size_t> outcomes;
    for (std::size_t i = 0; i < number; ++i) {
        const sample& from = samples[random.below(samples.size())];
        const std::string body = i < samples.size() ? samples[i].body : random.bend(from.body);
        const auto [nlohmann, simdjson] =
            (i < samples.size() ? samples[i] : from).compare_with(body);
        if (nlohmann != simdjson) {
            std::cerr << "body " << i << " differs:\n"
                      << body << "\nnlohmann: " << nlohmann << "\nsimdjson: " << simdjson << '\n';
            return EXIT_FAILURE;
        }
        const bool number_first = nlohmann[0] >= '0' && nlohmann[0] <= '9';
        ++outcomes[number_first ? (nlohmann[0] == '0' ? "unknown" : "event")
                                : nlohmann.substr(0, nlohmann.find(' '))];
    }
    bool enough = true;
    for (const char* what :
         {"event", "unknown", "malformed_json", "missing_event_type", "invalid_payload"}) {
        std::cout << what << ": " << outcomes[what] << '\n';
        enough = enough && outcomes[what] >= number / 100;
    }
    std::cout << number << " bodies, no difference\n";
    return enough ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace

int main(int argc, char** argv) try {
    if (argc < 3) throw std::runtime_error("usage: differential_tests NUMBER VECTORS...");
    std::vector<sample> samples;
    for (int i = 2; i < argc; ++i) {
        for (auto& each : read_samples(argv[i])) samples.push_back(std::move(each));
    }
    const std::size_t number = std::stoul(argv[1]);
    if (number < 100 || samples.empty())
        throw std::runtime_error("too few bodies to tell anything");
    return run(number, samples);
} catch (const std::exception& e) {
    std::cerr << e.what() << '\n';
    return EXIT_FAILURE;
}
