// Finds the texts of values in JSON that is known to be well-formed.
#ifndef WEBHOOKPP_JSON_SOURCE_TEXT_HPP
#define WEBHOOKPP_JSON_SOURCE_TEXT_HPP

#include <cstddef>
#include <string_view>

namespace webhookpp::json {

/// Where a walk through a document stands in its text: which values of an object or array have been
/// reached, and within which of another one that lies. Only when a text is asked for is it looked
/// up, and what was looked through for one value is not looked at again for the next.
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

    /// Leaves to the container where to go on.
    ~source_text() {
        if (!container_ || found_ == 0) return;
        container_->seen_ = container_->rest_.size() - rest_.size() + seen_;
        container_->open_ = open_ + 1;
    }

    /// Goes on to the next member or element; at first to the first one.
    void next() noexcept { ++reached_; }

    /// The text of the value that was reached. A view into the whole text.
    [[nodiscard]] std::string_view value() noexcept {
        const std::string_view from_here = rest();
        return from_here.substr(0, value_size());
    }

private:
    // The text from the value that was reached to the end of the document.
    std::string_view rest() noexcept {
        if (!container_) return rest_;
        if (found_ == 0) rest_ = container_->rest();
        for (; found_ < reached_; ++found_) {
            // Past the bracket, or past the value before and the comma.
            skip(found_ == 0 ? 1 : value_size());
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
        seen_ = 0;
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

    // Of the value that was found.
    std::size_t value_size() noexcept {
        if (seen_ == 0) see_scalar_or_bracket();
        while (open_ != 0 && seen_ < rest_.size()) {
            const char c = rest_[seen_];
            if (c == '"') {
                seen_ += string_size(rest_.substr(seen_));
                continue;
            }
            ++seen_;
            if (c == '{' || c == '[') ++open_;
            if (c == '}' || c == ']') --open_;
        }
        return seen_;
    }

    void see_scalar_or_bracket() noexcept {
        if (rest_.empty()) return;
        if (rest_.front() == '{' || rest_.front() == '[') {
            seen_ = 1;
            open_ = 1;
        } else if (rest_.front() == '"') {
            seen_ = string_size(rest_);
        } else {
            while (seen_ < rest_.size() && !ends_scalar(rest_[seen_])) ++seen_;
        }
    }
    static constexpr bool ends_scalar(char c) noexcept {
        return c == ',' || c == ']' || c == '}' || is_white_space(c);
    }

    source_text* container_ = nullptr;
    std::string_view rest_ = {};  // from the value that was found
    std::size_t seen_ = 0;        // how many bytes of that were looked through,
    std::size_t open_ = 0;        // and how many brackets are open behind them
    std::size_t reached_ = 0;
    std::size_t found_ = 0;
    bool has_names_ = false;
};

}  // namespace webhookpp::json

#endif
