// SPDX-License-Identifier: MIT
// The headers of a request, copied to be changed.
#ifndef WEBHOOKPP_DETAIL_COPIED_HEADERS_HPP
#define WEBHOOKPP_DETAIL_COPIED_HEADERS_HPP

#include <algorithm>
#include <cstddef>
#include <list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <webhookpp/collected_headers.hpp>
#include <webhookpp/crypto/memory.hpp>
#include <webhookpp/header_source.hpp>
#include <webhookpp/scheme.hpp>
#include <webhookpp/schemes/all.hpp>

namespace webhookpp::detail {

/// Calls `take` with each header name, not empty, that `described` reads a signature, a time or an
/// id from.
template <class Take>
void for_each_name(const scheme& described, Take take) {
    for (const header_names* const each :
         {&described.signature.header, &described.timestamp.header, &described.id.header}) {
        for (std::size_t set = 0; set < each->count; ++set) take((*each)[set]);
    }
    if (!described.signature.second_header.empty()) take(described.signature.second_header);
}

/// Owns names and values, of which some are credentials: they are wiped. A header source.
class copied_headers {
public:
    static constexpr std::size_t max_headers = 256;

    copied_headers() = default;
    copied_headers(const header_source& source, const scheme& described, std::size_t value_limit)
        : copied_headers() {
        const auto wanted = known_names(described);
        auto take = [&](std::string_view name, std::string_view value) {
            // One byte over the limit is kept that is no blank, so that the copy is too large as
            // well.
            const std::string_view shown = trim_blanks(value);
            const std::size_t end = shown.size() > value_limit
                                        ? shown.find_first_not_of(" \t", value_limit) + 1
                                        : shown.size();
            add(name, shown.substr(0, end));
        };
        source.visit(wanted, take);
    }
    copied_headers(const copied_headers& other) : copied_headers() {
        for (const auto& [name, value] : other.fields_) add(name, value);
    }
    copied_headers& operator=(const copied_headers&) = delete;
    ~copied_headers() {
        for (auto& field : fields_) wipe(field.second);
    }

    void add(std::string_view name, std::string_view value) {
        if (fields_.size() < max_headers) fields_.emplace_back(name, value);
    }

    /// The value of the header of that name, trimmed; empty if there is none, or if there are two
    /// that differ.
    [[nodiscard]] std::string_view value(std::string_view name) const noexcept {
        std::string_view found;
        for (const auto& field : fields_) {
            const std::string_view each = trim_blanks(field.second);
            if (each.empty() || !equal_names(field.first, name)) continue;
            if (!found.empty() && each != found) return {};
            found = each;
        }
        return found;
    }

    /// Whether there is a header of that name that is not empty.
    [[nodiscard]] bool has(std::string_view name) const noexcept {
        return std::any_of(fields_.begin(), fields_.end(), [name](const auto& field) {
            return equal_names(field.first, name) && !trim_blanks(field.second).empty();
        });
    }

    /// Puts `value` in place of all values of the headers of that name, of which there is one then.
    void set(std::string_view name, std::string_view value) {
        remove(name);
        add(name, value);
    }

    void remove(std::string_view name) {
        fields_.remove_if([&](auto& field) {
            if (!equal_names(field.first, name)) return false;
            wipe(field.second);
            return true;
        });
    }

    [[nodiscard]] auto begin() const noexcept { return fields_.begin(); }
    [[nodiscard]] auto end() const noexcept { return fields_.end(); }

private:
    static void wipe(std::string& text) noexcept {
        crypto::wipe({reinterpret_cast<unsigned char*>(text.data()), text.size()});
    }

    // For sources that only look headers up.
    static std::vector<std::string_view> known_names(const scheme& described) {
        std::vector<std::string_view> names{"Content-Length", "Content-Encoding", "Host",
                                            "X-Forwarded-Host"};
        const auto add_new = [&](std::string_view name) {
            const bool known = std::any_of(names.begin(), names.end(),
                                           [&](auto other) { return equal_names(other, name); });
            if (!known) names.push_back(name);
        };
        for_each_name(described, add_new);
        for (const scheme* const each : schemes::all()) for_each_name(*each, add_new);
        return names;
    }

    // A list, since a vector moves texts: of a short one that leaves the bytes where it was.
    std::list<std::pair<std::string, std::string>> fields_;
};

}  // namespace webhookpp::detail

#endif
