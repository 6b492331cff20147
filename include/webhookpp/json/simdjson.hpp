// SPDX-License-Identifier: MIT
// The fast JSON engine: simdjson 3 or 4.
#ifndef WEBHOOKPP_JSON_SIMDJSON_HPP
#define WEBHOOKPP_JSON_SIMDJSON_HPP

#include <simdjson.h>

#include <cstddef>
#include <string_view>
#include <utility>

#include <webhookpp/event.hpp>
#include <webhookpp/json/nlohmann.hpp>
#include <webhookpp/result.hpp>

namespace webhookpp::json {

namespace detail {

/// One value of a document that simdjson has read: what the decoder needs of it.
class simdjson_value {
public:
    explicit simdjson_value(const ::simdjson::dom::element& here) noexcept : here_(here) {}

    [[nodiscard]] bool is_object() const noexcept { return here_.is_object(); }
    [[nodiscard]] bool is_array() const noexcept { return here_.is_array(); }
    [[nodiscard]] bool is_null() const noexcept { return here_.is_null(); }

    /// Whether the value is text, which then is `text`; valid as long as the document.
    [[nodiscard]] bool get_text(std::string_view& text) const noexcept {
        return here_.get_string().get(text) == ::simdjson::SUCCESS;
    }

    /// The value; of an object or array only that it is `json`. Its text is valid as long as the
    /// document.
    [[nodiscard]] json_scalar scalar() const noexcept {
        using type = ::simdjson::dom::element_type;
        switch (here_.type()) {
            case type::STRING:
                return {.which = json_scalar::kind::text,
                        .text = here_.get_string().value_unsafe()};
            case type::INT64:
                return {.which = json_scalar::kind::integer,
                        .integer = here_.get_int64().value_unsafe()};
            case type::UINT64:
                return {.which = json_scalar::kind::unsigned_integer,
                        .unsigned_integer = here_.get_uint64().value_unsafe()};
            case type::DOUBLE:
                return {.which = json_scalar::kind::number,
                        .number = here_.get_double().value_unsafe()};
            case type::BOOL:
                return {.which = json_scalar::kind::boolean,
                        .boolean = here_.get_bool().value_unsafe()};
            case type::NULL_VALUE: return {};
            case type::ARRAY:
            case type::OBJECT: return {.which = json_scalar::kind::json};
            // Integers beyond 64 bits, which newer versions keep as text when they are told to.
            default: return {.which = json_scalar::kind::out_of_range};
        }
    }

    /// How many elements an array has; at least that many if there are very many.
    [[nodiscard]] std::size_t size() const noexcept {
        ::simdjson::dom::array elements;
        return here_.get(elements) == ::simdjson::SUCCESS ? elements.size() : 0;
    }

    /// Calls `visit(name, value)` for each member of an object.
    template <class F>
    void for_each_member(F&& visit) const {
        ::simdjson::dom::object members;
        if (here_.get(members) != ::simdjson::SUCCESS) return;
        for (const auto& member : members) {
            visit(member.key, simdjson_value(member.value));
        }
    }

    /// Calls `visit(value)` for each element of an array, until it returns false. Returns whether
    /// it never did.
    template <class F>
    [[nodiscard]] bool for_each_element(F&& visit) const {
        ::simdjson::dom::array elements;
        if (here_.get(elements) != ::simdjson::SUCCESS) return true;
        for (const auto element : elements) {
            if (!visit(simdjson_value(element))) return false;
        }
        return true;
    }

private:
    ::simdjson::dom::element here_;
};

/// The parser of a thread, whose memory is used again and again. Lent to one reader at a time.
class simdjson_parser {
public:
    simdjson_parser() noexcept : mine_(of_this_thread()), outer_(std::exchange(mine_.lent, true)) {}
    simdjson_parser(const simdjson_parser&) = delete;
    simdjson_parser& operator=(const simdjson_parser&) = delete;
    ~simdjson_parser() {
        if (outer_) return;
        mine_.lent = false;
        // A large body must not leave its memory behind.
        if (mine_.parser.capacity() > most_kept) mine_.parser = ::simdjson::dom::parser();
    }

    // Whoever parses within a parse, in a `value_traits` of its own, gets a new one.
    ::simdjson::dom::parser& get() noexcept { return outer_ ? fresh_ : mine_.parser; }

private:
    static constexpr std::size_t most_kept = std::size_t{64} * 1024;

    struct slot {
        ::simdjson::dom::parser parser;
        bool lent = false;
    };
    static slot& of_this_thread() noexcept {
        static thread_local slot mine;
        return mine;
    }

    slot& mine_;
    bool outer_;
    ::simdjson::dom::parser fresh_;
};

}  // namespace detail

/// Reads JSON text with simdjson, with the same result as `nlohmann_engine` for every text. What
/// simdjson does not take (integers beyond 64 bits, numbers beyond a double, the deepest allowed
/// level) it leaves to that. Needs the target `webhookpp::simdjson`.
class simdjson_engine {
public:
    /// As `nlohmann_engine::read`. Keeps up to about 1 MiB of memory for each thread.
    template <class Use>
    [[nodiscard]] static auto read(std::string_view text, std::size_t depth, Use use)
        -> decltype(use(std::declval<const detail::simdjson_value&>())) {
        // Newer versions skip a byte order mark. An empty view may have no memory to copy from.
        if (text.empty() || text.starts_with("\xEF\xBB\xBF")) {
            return unexpected(errc::malformed_json);
        }
        detail::simdjson_parser lent;
        ::simdjson::dom::element root;
        const auto read = read_into(root, lent.get(), text, depth);
        if (read == ::simdjson::SUCCESS) return use(detail::simdjson_value(root));
        if (is_final(read)) return unexpected(errc::malformed_json);
        return nlohmann_engine::read(text, depth, std::move(use));
    }

private:
    static ::simdjson::error_code read_into(::simdjson::dom::element& root,
                                            ::simdjson::dom::parser& parser, std::string_view text,
                                            std::size_t depth) noexcept {
        // Two levels fewer than simdjson's own limit, which counts neither scalars nor what is
        // empty: whatever it takes is within the depth, and the rest is decided by the other one.
        // It also allocates for each level.
        if (depth < 2 || depth > most_depth) return ::simdjson::DEPTH_ERROR;
        if (parser.capacity() < text.size() || parser.max_depth() != depth) {
            const auto size = text.size() < least_capacity ? least_capacity : text.size();
            if (const auto failed = parser.allocate(size, depth)) return failed;
        }
        return parser.parse(text.data(), text.size()).get(root);
    }

    // Whether the text is no JSON, whoever reads it.
    static bool is_final(::simdjson::error_code why) noexcept {
        switch (why) {
            case ::simdjson::TAPE_ERROR:
            case ::simdjson::STRING_ERROR:
            case ::simdjson::T_ATOM_ERROR:
            case ::simdjson::F_ATOM_ERROR:
            case ::simdjson::N_ATOM_ERROR:
            case ::simdjson::UTF8_ERROR:
            case ::simdjson::EMPTY:
            case ::simdjson::UNESCAPED_CHARS:
            case ::simdjson::UNCLOSED_STRING: return true;
            default: return false;
        }
    }

    static constexpr std::size_t most_depth = 1024;
    static constexpr std::size_t least_capacity = std::size_t{4} * 1024;
};

}  // namespace webhookpp::json

#endif
