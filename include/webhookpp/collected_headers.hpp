// SPDX-License-Identifier: MIT
// The few headers that a scheme reads, copied out of the request and tidied.
#ifndef WEBHOOKPP_COLLECTED_HEADERS_HPP
#define WEBHOOKPP_COLLECTED_HEADERS_HPP

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <webhookpp/detail/byte_buffer.hpp>
#include <webhookpp/detail/header_name.hpp>
#include <webhookpp/header_source.hpp>

namespace webhookpp {

namespace detail {

[[nodiscard]] constexpr std::string_view trim_blanks(std::string_view text) noexcept {
    const auto blank = [](char c) { return c == ' ' || c == '\t'; };
    while (!text.empty() && blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && blank(text.back())) text.remove_suffix(1);
    return text;
}

/// Some of the names that a collection looks for: a bit for each place.
using name_set = unsigned;

[[nodiscard]] constexpr name_set name_at(std::size_t place) noexcept {
    return 1U << place;
}

}  // namespace detail

/// Owns the values of some headers: trimmed of spaces and tabs, empty ones left out, differing
/// duplicates marked. The request that they came from may be gone.
///
/// Hosts that read the body later collect when the headers are there, and give the collection to
/// the verifier as its header source. Up to 1 KiB of values lies in the object, more on the heap.
class collected_headers {
public:
    /// The most names that one collection looks for.
    static constexpr std::size_t max_names = 8;

    /// What was found of a name.
    enum class state : std::uint8_t {
        missing,    ///< absent or empty
        single,     ///< one value, perhaps repeated
        duplicate,  ///< two or more different values
        too_large,  ///< a value is longer than the limit
    };

    collected_headers() noexcept = default;

    /// Replaces the contents by the values of `names` in `source`.
    ///
    /// `names` are texts, such as literals, that outlive the collection: the first `max_names` of
    /// them count, and an empty one matches nothing. A value of more than `value_limit` bytes is
    /// `too_large`. Returns false when memory ran out or the host's code threw; the collection is
    /// then empty.
    [[nodiscard]] bool collect(const header_source& source, std::span<const std::string_view> names,
                               std::size_t value_limit) noexcept {
        clear();
        detail::header_kinds kinds;
        for (const std::string_view name : names) {
            if (count_ == max_names) break;
            kinds.add(name);
            names_[count_++] = name;
        }
        bool good = true;
        auto take = [this, kinds, value_limit, &good](std::string_view name,
                                                      std::string_view value) {
            if (!kinds.may_have(name)) return;
            for (std::size_t i = 0; i < count_; ++i) {
                if (detail::equal_names(name, names_[i])) {
                    good = good && add(fields_[i], detail::trim_blanks(value), value_limit);
                    note(i);
                }
            }
        };
#if defined(__cpp_exceptions)
        try {
            source.visit(std::span(names_).first(count_), take);
        } catch (...) {
            good = false;
        }
#else
        source.visit(std::span(names_).first(count_), take);
#endif
        if (!good) clear();
        return good;
    }

    /// Forgets all headers and overwrites their values, which may be credentials.
    void wipe() noexcept {
        values_.wipe();
        clear();
    }

    /// What was found for the name at `index` (below `max_names`) of the collected names.
    [[nodiscard]] state which(std::size_t index) const noexcept {
        return fields_[index].which;
    }

    /// The places of all names that have a value.
    [[nodiscard]] detail::name_set found() const noexcept {
        return found_;
    }

    /// The places of all names that are `duplicate` or `too_large`.
    [[nodiscard]] detail::name_set flawed() const noexcept {
        return flawed_;
    }

    /// The first value for that name, or empty text. Valid until the collection changes.
    [[nodiscard]] std::string_view value(std::size_t index) const noexcept {
        return text(fields_[index].first);
    }

    /// Hands all values to `sink`, two for a duplicate: so a collection is a header source itself.
    void operator()(header_sink sink) const {
        for (std::size_t i = 0; i < count_; ++i) {
            if (fields_[i].which == state::missing) continue;
            sink(names_[i], text(fields_[i].first));
            if (fields_[i].second.size != 0) sink(names_[i], text(fields_[i].second));
        }
    }

private:
    struct slice {
        std::size_t offset = 0;
        std::size_t size = 0;
    };
    struct field {
        state which = state::missing;
        slice first;
        slice second;
    };

    void note(std::size_t place) noexcept {
        const state which = fields_[place].which;
        if (which != state::missing) found_ |= detail::name_at(place);
        if (which != state::missing && which != state::single) flawed_ |= detail::name_at(place);
    }

    void clear() noexcept {
        count_ = 0;
        found_ = 0;
        flawed_ = 0;
        for (field& each : fields_) each = field();
        values_.clear();
    }

    [[nodiscard]] bool add(field& to, std::string_view value, std::size_t limit) noexcept {
        if (value.empty() || to.which == state::too_large) return true;
        if (value.size() > limit) {
            to.which = state::too_large;
            // One byte over the limit is kept, so that a second collection finds the same: the
            // last, which is no blank that it would trim.
            to.first = {values_.size(), limit + 1};
            return values_.append(value.substr(0, limit)) &&
                   values_.append(value.substr(value.size() - 1));
        }
        if (to.which == state::missing) {
            to.which = state::single;
            return store(to.first, value);
        }
        if (to.which == state::single && value != text(to.first)) {
            to.which = state::duplicate;
            return store(to.second, value);
        }
        return true;
    }

    [[nodiscard]] bool store(slice& where, std::string_view value) noexcept {
        where = {values_.size(), value.size()};
        return values_.append(value);
    }

    [[nodiscard]] std::string_view text(slice of) const noexcept {
        return {values_.view().data() + of.offset, of.size};
    }

    std::size_t count_ = 0;
    detail::name_set found_ = 0;
    detail::name_set flawed_ = 0;
    std::string_view names_[max_names];
    field fields_[max_names] = {};
    detail::byte_buffer<1024> values_;
};

namespace detail {

/// Headers that may be credentials: their values are overwritten on each way out.
struct wiped_headers {
    wiped_headers() noexcept = default;
    wiped_headers(const wiped_headers&) = delete;
    wiped_headers& operator=(const wiped_headers&) = delete;
    ~wiped_headers() { collected.wipe(); }

    collected_headers collected;
};

}  // namespace detail

}  // namespace webhookpp

#endif
