// SPDX-License-Identifier: MIT
// An enumeration that the provider may extend at any time.
#ifndef WEBHOOKPP_OPEN_ENUM_HPP
#define WEBHOOKPP_OPEN_ENUM_HPP

#include <string>
#include <string_view>

namespace webhookpp {

/// The text that stands for an enumerator in JSON.
template <class Enum>
struct enumerator {
    std::string_view text = {};  ///< as it stands in JSON
    Enum value = {};             ///< what it stands for
};
template <class Enum>
enumerator(const char*, Enum) -> enumerator<Enum>;

/// One of the enumerators of `Enum`, and its text as it was sent. A text that none of them stands
/// for is kept too; its value is `Enum{}`, an enumerator that is best called `other`.
///
/// Beside `Enum` stands a function, found by its argument, that lists the texts:
/// ```
/// enum class state { other, open, closed };
/// constexpr auto enumerators(state) {
///     return std::array{webhookpp::enumerator{"OPEN", state::open},
///                       webhookpp::enumerator{"CLOSED", state::closed}};
/// }
/// ```
template <class Enum>
class open_enum {
    static_assert(
        [] {
            for (const auto& each : enumerators(Enum{})) {
                if (each.value == Enum{}) return false;
            }
            return true;
        }(),
        "Enum{} stands for all texts that are not known, so `enumerators` must not list it");

public:
    /// `Enum{}`, with an empty text.
    open_enum() = default;

    /// An enumerator, with its text; with an empty one if none is listed for it.
    open_enum(Enum value) : value_(value) {
        for (const auto& each : enumerators(value)) {
            if (each.value == value) {
                text_ = each.text;
                return;
            }
        }
    }

    /// Any text, and the enumerator that it stands for. Upper and lower case differ.
    explicit open_enum(std::string_view text) : text_(text) {
        for (const auto& each : enumerators(Enum{})) {
            if (each.text == text) value_ = each.value;
        }
    }

    /// The enumerator; `Enum{}` for a text that is not known.
    [[nodiscard]] Enum value() const noexcept { return value_; }

    /// The text as it was sent. Valid as long as this lives unchanged.
    [[nodiscard]] std::string_view text() const noexcept { return text_; }

    /// Whether the text is one that `Enum` knows.
    [[nodiscard]] bool is_known() const noexcept { return value_ != Enum{}; }

    friend bool operator==(const open_enum& left, const open_enum& right) noexcept {
        return left.text_ == right.text_;
    }
    friend bool operator==(const open_enum& left, Enum right) noexcept {
        return left.value_ == right;
    }

private:
    std::string text_;
    Enum value_ = {};
};

}  // namespace webhookpp

#endif
