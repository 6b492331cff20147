// SPDX-License-Identifier: MIT
// What every receiver does before and after its own work: verify, answer handshakes, report.
#ifndef WEBHOOKPP_DETAIL_DELIVERY_GATE_HPP
#define WEBHOOKPP_DETAIL_DELIVERY_GATE_HPP

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include <webhookpp/collected_headers.hpp>
#include <webhookpp/detail/handshake_reader.hpp>
#include <webhookpp/error.hpp>
#include <webhookpp/expected_handshake.hpp>
#include <webhookpp/handshake.hpp>
#include <webhookpp/header_source.hpp>
#include <webhookpp/outcome.hpp>
#include <webhookpp/reply.hpp>
#include <webhookpp/request.hpp>
#include <webhookpp/result.hpp>
#include <webhookpp/verified_message.hpp>

namespace webhookpp::detail {

template <class Verifier, class Parser>
class delivery_gate {
public:
    delivery_gate(Verifier verifier, Parser parser, expected_handshake handshake,
                  std::function<void(const outcome&)> log)
        : verifier_(std::move(verifier)),
          parser_(std::move(parser)),
          handshake_(std::move(handshake)),
          log_(std::move(log)) {}

    /// Answers what is refused or is a handshake; everything else with what `next` makes of the
    /// message.
    template <class Next>
    reply receive(const delivery& request, Next next) const noexcept {
        const handshake_reader handshake(handshake_, verifier_, parser_, request);
        if (handshake_) {
            if (const auto asked = handshake.before_verification()) return answer(*asked, nullptr);
        }
        const auto message = verifier_.verify(request);
        if (!message) return refuse(message.error());
        if (handshake_) {
            if (const auto asked = handshake.after_verification(*message)) {
                return answer(*asked, &*message);
            }
        }
        return next(*message);
    }

    [[nodiscard]] collected_headers collect(const header_source& headers) const noexcept {
        std::span<const std::string_view> more;
        if (handshake_) {
            // Where a challenge stands in a header, it is the marker.
            const handshake_field& marker = handshake_.described().marker.field;
            if (marker.where == handshake_field::place::header) more = std::span(&marker.name, 1);
        }
        return verifier_.collect(headers, more);
    }

    [[nodiscard]] std::optional<reply> refuse_early(const header_source& headers,
                                                    std::uint64_t content_length) const noexcept {
        if (content_length > verifier_.body_limit()) {
            return refuse({errc::body_too_large, "body"});
        }
        if (handshake_) return std::nullopt;
        const auto good = verifier_.check_headers(headers);
        if (good) return std::nullopt;
        return refuse(good.error());
    }

    reply accept(const outcome& what) const noexcept {
        report(what);
        return accepted_reply();
    }

    /// `what`: the rest of what the log gets.
    reply refuse(const error& why, outcome what = {}) const noexcept {
        what.status = http_status(why.code);
        what.error = why;
        report(what);
        return refusal_reply(why.code);
    }

    [[nodiscard]] const Verifier& verifier() const noexcept { return verifier_; }
    [[nodiscard]] const Parser& parser() const noexcept { return parser_; }

private:
    reply answer(const result<reply>& handshake, const verified_message* message) const noexcept {
        if (!handshake) {
            return refuse(handshake.error(), {.message = message, .handshake = true});
        }
        report({.status = handshake->status, .message = message, .handshake = true});
        return *handshake;
    }

    void report(const outcome& what) const noexcept {
        if (!log_) return;
#if defined(__cpp_exceptions)
        try {
            log_(what);
        } catch (...) {
            // A log that fails must not turn a handled event into one that is sent again.
            return;
        }
#else
        log_(what);
#endif
    }

    Verifier verifier_;
    Parser parser_;
    expected_handshake handshake_;
    std::function<void(const outcome&)> log_;
};

}  // namespace webhookpp::detail

#endif
