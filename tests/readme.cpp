// Compiles the C++ snippets of README.md, each in the surroundings that a reader would give it.
#include <webhookpp/inbox_receiver.hpp>
#include <webhookpp/incremental_verifier.hpp>
#include <webhookpp/providers/seatsio.hpp>
#include <webhookpp/stores/sqlite.hpp>
#include <webhookpp/webhookpp.hpp>
#include <webhookpp/workers.hpp>

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

// What the snippets take for granted.
struct request_type {
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
};
struct response_type {
    int status = 0;
};
struct server_type {
    template <class Handler>
    void Post(const char*, Handler handler) {
        response_type response;
        handler(request_type(), response);
    }
};
void sync_categories(std::string_view, std::string_view) {}
void refresh(std::string_view) {}
void note(std::string_view, std::string_view) {}
void use(std::string_view, std::string_view, std::optional<std::size_t>) {}

}  // namespace

namespace first {

void snippet(server_type& server) {
#include "readme_1.inc"
}

}  // namespace first

namespace second {

namespace wh = webhookpp;

webhookpp::reply snippet(const request_type& request) {
#include "readme_2.inc"
}

}  // namespace second

namespace third {

namespace wh = webhookpp;

std::optional<std::string> next_piece() {
    return std::nullopt;
}
void write(std::string_view) {}

webhookpp::reply snippet(const request_type& request) {
#include "readme_3.inc"
}

}  // namespace third

namespace fourth {

namespace wh = webhookpp;

extern const wh::result<wh::verified_message> message;

#include "readme_4.inc"

}  // namespace fourth

namespace fifth {

namespace wh = webhookpp;
using fourth::order_placed;
using fourth::orders;

void snippet() {
#include "readme_5.inc"
}

}  // namespace fifth
