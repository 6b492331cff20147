// SPDX-License-Identifier: MIT
// Collects a body that a server hands over in pieces, up to a limit.
#ifndef WEBHOOKPP_BOUNDED_BODY_HPP
#define WEBHOOKPP_BOUNDED_BODY_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <webhookpp/detail/byte_buffer.hpp>
#include <webhookpp/detail/host_text.hpp>
#include <webhookpp/verifier_options.hpp>

namespace webhookpp {

/// A body that arrives in pieces. Keeps at most one byte more than its limit, so that nobody can
/// fill the memory, and a receiver with the same limit refuses what was cut off as too large: hand
/// it over in any case.
///
///     webhookpp::bounded_body body;
///     while (const auto piece = read_some()) {
///         body.append(*piece);
///         if (body.is_endless()) break;  // and close the connection behind the answer
///     }
///     const auto reply = receiver.receive({headers, body});
///
/// What is too large is best read on, though it is dropped: a sender who is still sending when the
/// connection is closed does not see the answer.
///
/// Is a body for `delivery` by `data()` and `size()`. Can be moved; a moved-from one can only be
/// assigned to or destroyed. For one thread at a time.
class bounded_body {
public:
    /// Makes an empty one, for `limit` bytes: the same limit as the verifier's. Memory is taken as
    /// the body arrives, at most twice of what has arrived.
    explicit bounded_body(std::size_t limit = limits().body) noexcept : limit_(limit) {}

    /// Whether a body of `content_length` bytes would be kept. Where the `Content-Length` is known
    /// before the body, one that is too large need not be read at all.
    [[nodiscard]] bool has_room_for(std::uint64_t content_length) const noexcept {
        return content_length <= limit_;
    }

    /// Adds the next piece, of any type that holds contiguous bytes. Returns whether more would be
    /// kept: false once the limit is exceeded. Also when memory ran out: then what there is of the
    /// body is no longer the whole, and its signature will not match.
    template <detail::sized_bytes Piece>
    bool append(const Piece& piece) noexcept {
        const std::string_view all = detail::text_of(piece);
        received_ += all.size();
        if (closed_) return false;
        const std::size_t room = limit_ - size();
        // One byte over the limit shows that there was more.
        const std::string_view kept =
            all.substr(0, (std::min)(all.size(), room) + (all.size() > room ? 1 : 0));
        closed_ = !make_room_for(kept.size()) || !bytes_.append(kept) || all.size() > room;
        return !closed_;
    }

    /// What has been kept: `size()` bytes. Valid until the body changes or is moved.
    [[nodiscard]] const char* data() const noexcept { return bytes_.view().data(); }
    /// How many bytes have been kept: at most one more than the limit.
    [[nodiscard]] std::size_t size() const noexcept { return bytes_.view().size(); }

    /// What has been kept. Valid until the body changes or is moved.
    [[nodiscard]] std::string_view view() const noexcept { return bytes_.view(); }

    /// How many bytes have arrived, with those that were not kept. Some servers hand over a body
    /// that broke off as if it were whole: compare with the `Content-Length`.
    [[nodiscard]] std::uint64_t received() const noexcept { return received_; }

    /// Whether so much has arrived, some 16 times the limit, that it is not worth reading on.
    [[nodiscard]] bool is_endless() const noexcept { return received_ / 16 > limit_; }

    /// Forgets all, for the next body on the same connection. Keeps the memory that it has.
    void clear() noexcept {
        bytes_.clear();
        received_ = 0;
        closed_ = false;
    }

private:
    // Twice of what is needed, so that pieces cost little, but not more than can ever be kept.
    [[nodiscard]] bool make_room_for(std::size_t more) noexcept {
        const std::size_t needed = size() + more;
        if (needed <= bytes_.capacity()) return true;
        const std::size_t most = limit_ < SIZE_MAX ? limit_ + 1 : limit_;
        return bytes_.reserve((std::min)(most, 2 * needed));
    }

    std::size_t limit_;
    std::uint64_t received_ = 0;
    detail::byte_buffer<256> bytes_;
    bool closed_ = false;
};

}  // namespace webhookpp

#endif
