// Finds the texts of values in JSON that is known to be well-formed.
#ifndef WEBHOOKPP_JSON_SOURCE_TEXT_HPP
#define WEBHOOKPP_JSON_SOURCE_TEXT_HPP

#include <cstddef>
#include <string_view>

namespace webhookpp::json {

/// Where a walk through a document stands in its text: which values of an object or array have been
/// reached, and within which of another one that lies. Only when a text is asked for is it looked
/// up, and then each byte is looked at once for each container around it.
///
/// The text must have been read by an engine before: nothing is checked here. Refers to the text
/// and to the position that it lies within, which must outlive it.
class source_text {
public:
    /// The outermost value of `text`.
    explicit source_text(std::string_view text) noexcept : rest_(text) { skip_white_space(); }

    /// The members of the object, or the elements of the array, that `container` has reached.
    source_text(source_text& container, bool has_names) noexcept
        : container_(&container), has_names_(has_names) {}

    source_text(const source_text&) = delete;
    source_text& operator=(const source_text&) = delete;

    /// Goes on to the next member or element; at first to the first one.
    void next() noexcept { ++reached_; }

    /// The text of the value that was reached. A view into the whole text.
    [[nodiscard]] std::string_view value() noexcept {
        const std::string_view from_here = rest();
        return from_here.substr(0, value_size(from_here));
    }

private:
    // The text from the value that was reached to the end of the document.
    std::string_view rest() noexcept {
        if (!container_) return rest_;
        if (found_ == 0) rest_ = container_->rest();
        for (; found_ < reached_; ++found_) {
            // Past the bracket, or past the value before and the comma.
            skip(found_ == 0 ? 1 : value_size(rest_));
            skip_white_space();
            if (found_ != 0) skip(1);
            skip_white_space();
            if (!has_names_) continue;
            skip(string_size(rest_));
            skip_white_space();
            skip(1);  // the colon
            skip_white_space();
        }
        return rest_;
    }

    void skip(std::size_t count) noexcept {
        rest_.remove_prefix(count < rest_.size() ? count : rest_.size());
    }
    // Character by character: most are passed at once, so looking for a set of them costs more.
    static constexpr bool is_white_space(char c) noexcept {
        return c == ' ' || c == '\n' || c == '\r' || c == '\t';
    }
    void skip_white_space() noexcept {
        std::size_t at = 0;
        while (at < rest_.size() && is_white_space(rest_[at])) ++at;
        skip(at);
    }

    // Of the string that `text` begins with, quotes included.
    static std::size_t string_size(std::string_view text) noexcept {
        for (std::size_t at = 1;;) {
            const std::size_t quote = text.find('"', at);
            if (quote == std::string_view::npos) return text.size();
            // Behind an odd number of backslashes it belongs to the string.
            std::size_t first = quote;
            while (first > at && text[first - 1] == '\\') --first;
            at = quote + 1;
            if ((quote - first) % 2 == 0) return at;
        }
    }

    // Of the value that `text` begins with.
    static std::size_t value_size(std::string_view text) noexcept {
        if (text.empty()) return 0;
        if (text.front() == '"') return string_size(text);
        if (text.front() != '{' && text.front() != '[') {
            std::size_t at = 0;
            while (at < text.size() && text[at] != ',' && text[at] != ']' && text[at] != '}' &&
                   !is_white_space(text[at])) {
                ++at;
            }
            return at;
        }
        std::size_t open = 0;
        for (std::size_t at = 0; at < text.size();) {
            const char c = text[at];
            if (c == '"') {
                at += string_size(text.substr(at));
                continue;
            }
            ++at;
            if (c == '{' || c == '[') ++open;
            if ((c == '}' || c == ']') && --open == 0) return at;
        }
        return text.size();
    }

    source_text* container_ = nullptr;
    std::string_view rest_ = {};
    std::size_t reached_ = 0;
    std::size_t found_ = 0;
    bool has_names_ = false;
};

}  // namespace webhookpp::json

#endif
