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
    explicit source_text(std::string_view text) noexcept : text_(text) { skip_white_space(); }

    /// Into the object or array that stands here.
    void enter() noexcept { skip_character(); }

    /// From the bracket, or from behind a value, to the next element.
    void to_element() noexcept {
        skip_white_space();
        if (here() != ',') return;
        skip_character();
        skip_white_space();
    }

    /// The same, and past the name of a member, to its value.
    void to_member(std::string_view name) noexcept {
        to_element();
        at_ = string_end(name.size());
        skip_white_space();
        skip_character();  // the colon
        skip_white_space();
    }

    /// Past the bracket that ends the object or array, from behind its last value.
    void leave() noexcept {
        skip_white_space();
        skip_character();
    }

    /// Past the value that stands here. `size`: how many bytes it stands for, if it is a string and
    /// that is known. Returns its text.
    std::string_view skip_value(std::size_t size = 0) noexcept {
        const std::size_t begin = at_;
        const char first = here();
        if (first == '"') {
            at_ = string_end(size);
        } else if (first == '{' || first == '[') {
            skip_container();
        } else {
            while (at_ < text_.size() && !ends_scalar(text_[at_])) ++at_;
        }
        return text_.substr(begin, at_ - begin);
    }

    /// Where it stands, to come back.
    [[nodiscard]] std::size_t position() const noexcept { return at_; }
    void go_back(std::size_t position) noexcept { at_ = position; }

private:
    [[nodiscard]] char here() const noexcept { return at_ < text_.size() ? text_[at_] : '\0'; }

    void skip_character() noexcept {
        if (at_ < text_.size()) ++at_;
    }
    // Between values, all other characters of the grammar come later than the space.
    static constexpr bool is_white_space(char c) noexcept {
        return static_cast<unsigned char>(c) <= ' ';
    }
    void skip_white_space() noexcept {
        while (at_ < text_.size() && is_white_space(text_[at_])) ++at_;
    }
    static constexpr bool ends_scalar(char c) noexcept {
        return c == ',' || c == ']' || c == '}' || is_white_space(c);
    }

    // The end of the string that stands here, quotes included. It has at least `size` bytes.
    [[nodiscard]] std::size_t string_end(std::size_t size) const noexcept {
        // A quote that no backslash precedes is the last one, wherever in the string one looks.
        const std::size_t likely = at_ + 1 + size;
        if (likely < text_.size() && text_[likely] == '"' && text_[likely - 1] != '\\') {
            return likely + 1;
        }
        for (std::size_t from = at_ + 1;;) {
            const std::size_t quote = text_.find('"', from);
            if (quote == std::string_view::npos) return text_.size();
            // Behind an odd number of backslashes it belongs to the string.
            std::size_t first = quote;
            while (first > from && text_[first - 1] == '\\') --first;
            from = quote + 1;
            if ((quote - first) % 2 == 0) return from;
        }
    }

    void skip_container() noexcept {
        std::size_t open = 0;
        while (at_ < text_.size()) {
            const char c = text_[at_];
            if (c == '"') {
                at_ = string_end(0);
                continue;
            }
            ++at_;
            if (c == '{' || c == '[') ++open;
            if ((c == '}' || c == ']') && --open == 0) return;
        }
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

}  // namespace webhookpp::json

#endif
