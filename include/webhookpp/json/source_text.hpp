// SPDX-License-Identifier: MIT
// Finds the texts of values in JSON that is known to be well-formed.
#ifndef WEBHOOKPP_JSON_SOURCE_TEXT_HPP
#define WEBHOOKPP_JSON_SOURCE_TEXT_HPP

#include <cstddef>
#include <string_view>

namespace webhookpp::json {

/// Goes through the text of a document beside a walk through its values, so that the text of each
/// is at hand. Strings that the walk knows are stepped over without a look at what is in them.
///
/// The text must have been read by an engine before: nothing is checked here. A view of it.
class source_text {
public:
    /// Stands before the outermost value of `text`.
    explicit source_text(std::string_view text) noexcept
        : at_(text.data()), end_(text.data() + text.size()) {
        skip_separators();
    }

    /// Into the object or array that stands here.
    void enter() noexcept { skip_character(); }

    /// From the bracket, or from behind a value, to the next element.
    void to_element() noexcept { skip_separators(); }

    /// The same, and past the name of a member, to its value.
    void to_member(std::string_view name) noexcept {
        if (skip_plain_name(name.size())) return;
        skip_separators();
        skip_string(name.size());
        skip_separators();
    }

    /// Past the bracket that ends the object or array, from behind its last value.
    void leave() noexcept {
        skip_separators();
        skip_character();
    }

    /// Past the value that stands here. `size`: how many bytes it stands for, if it is a string and
    /// that is known.
    void skip_value(std::size_t size = 0) noexcept {
        if (at_ == end_) return;
        const char first = *at_;
        if (first == '"') {
            skip_string(size);
        } else if (first == '{' || first == '[') {
            skip_container();
        } else {
            skip_while([](char c) { return !ends_scalar(c); });
        }
    }

    /// Where it stands, to come back.
    [[nodiscard]] const char* position() const noexcept { return at_; }
    /// Back to where `position` was.
    void go_back(const char* position) noexcept { at_ = position; }

    /// The text from `position` to here.
    [[nodiscard]] std::string_view since(const char* position) const noexcept {
        return {position, static_cast<std::size_t>(at_ - position)};
    }

private:
    // Outside of strings, all other characters of the grammar come later than the space.
    static constexpr bool is_white_space(char c) noexcept {
        return static_cast<unsigned char>(c) <= ' ';
    }
    static constexpr bool ends_scalar(char c) noexcept {
        return c == ',' || c == ']' || c == '}' || is_white_space(c);
    }
    static constexpr bool separates(char c) noexcept {
        return c == ',' || c == ':' || is_white_space(c);
    }

    template <class Matches>
    void skip_while(Matches matches) noexcept {
        // A copy, which no character can alias.
        const char* at = at_;
        while (at != end_ && matches(*at)) ++at;
        at_ = at;
    }
    void skip_separators() noexcept { skip_while(separates); }
    void skip_character() noexcept {
        if (at_ != end_) ++at_;
    }

    // Past `,"name":`, as most senders write it. Returns whether it stands so here.
    bool skip_plain_name(std::size_t size) noexcept {
        if (static_cast<std::size_t>(end_ - at_) < size + 5) return false;
        const char* const quote = at_ + (*at_ == ',' ? 1 : 0);
        const char* const last = quote + size + 1;
        if (*quote != '"' || *last != '"' || last[-1] == '\\' || last[1] != ':' ||
            is_white_space(last[2])) {
            return false;
        }
        at_ = last + 2;
        return true;
    }

    // The string has at least `size` bytes between its quotes.
    void skip_string(std::size_t size) noexcept {
        // A quote that no backslash precedes is the last one, wherever in the string one looks.
        if (static_cast<std::size_t>(end_ - at_) > size + 1 && at_[size + 1] == '"' &&
            at_[size] != '\\') {
            at_ += size + 2;
        } else {
            find_string_end();
        }
    }

    void find_string_end() noexcept {
        const std::string_view text(at_, static_cast<std::size_t>(end_ - at_));
        for (std::size_t from = 1;;) {
            const std::size_t quote = text.find('"', from);
            if (quote == std::string_view::npos) {
                at_ = end_;
                return;
            }
            // Behind an odd number of backslashes it belongs to the string.
            std::size_t first = quote;
            while (first > from && text[first - 1] == '\\') --first;
            from = quote + 1;
            if ((quote - first) % 2 == 0) {
                at_ += from;
                return;
            }
        }
    }

    void skip_container() noexcept {
        std::size_t open = 0;
        while (at_ != end_) {
            const char c = *at_;
            if (c == '"') {
                find_string_end();
                continue;
            }
            ++at_;
            if (c == '{' || c == '[') ++open;
            if ((c == '}' || c == ']') && --open == 0) return;
        }
    }

    const char* at_;
    const char* end_;
};

}  // namespace webhookpp::json

#endif
