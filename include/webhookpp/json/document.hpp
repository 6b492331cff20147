// SPDX-License-Identifier: MIT
// A JSON text that was read whole, as a flat list of nodes.
#ifndef WEBHOOKPP_JSON_DOCUMENT_HPP
#define WEBHOOKPP_JSON_DOCUMENT_HPP

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <webhookpp/event.hpp>

namespace webhookpp::json {

/// Holds every value of a document in the order in which it stands there, doubled members included:
/// what a tree keyed by names cannot show.
class document {
    struct node;

public:
    /// What a value is.
    enum class kind : std::uint8_t { scalar, array, object };

    /// One value of a document, which must outlive it.
    class value {
    public:
        /// Whether it is an object.
        [[nodiscard]] bool is_object() const noexcept { return here().which == kind::object; }
        /// Whether it is an array.
        [[nodiscard]] bool is_array() const noexcept { return here().which == kind::array; }
        /// Whether it is `null`.
        [[nodiscard]] bool is_null() const noexcept {
            return here().which == kind::scalar && here().scalar == json_scalar::kind::null;
        }

        /// Whether the value is text, which then is `text`; valid as long as the document.
        [[nodiscard]] bool get_text(std::string_view& text) const noexcept {
            if (here().which != kind::scalar || here().scalar != json_scalar::kind::text)
                return false;
            text = whole_->text(here());
            return true;
        }

        /// The value; of an object or array only that it is `json`. Its text is valid as long as
        /// the document.
        [[nodiscard]] json_scalar scalar() const noexcept {
            if (here().which != kind::scalar) return {.which = json_scalar::kind::json};
            json_scalar found{.which = here().scalar};
            switch (found.which) {
                case json_scalar::kind::boolean: found.boolean = here().bits != 0; break;
                case json_scalar::kind::integer:
                    found.integer = static_cast<std::int64_t>(here().bits);
                    break;
                case json_scalar::kind::unsigned_integer:
                    found.unsigned_integer = here().bits;
                    break;
                case json_scalar::kind::number:
                    found.number = std::bit_cast<double>(here().bits);
                    break;
                case json_scalar::kind::text: found.text = whole_->text(here()); break;
                case json_scalar::kind::null:
                case json_scalar::kind::out_of_range:
                case json_scalar::kind::json: break;
            }
            return found;
        }

        /// How many elements an array has.
        [[nodiscard]] std::size_t size() const noexcept {
            std::size_t count = 0;
            for (std::size_t i = at_ + 1; i < here().end; i = whole_->nodes_[i].end) ++count;
            return count;
        }

        /// Calls `visit(name, value)` for each member of an object.
        template <class F>
        void for_each_member(F&& visit) const {
            for (std::size_t i = at_ + 1; i < here().end;) {
                const value member(*whole_, i + 1);
                visit(whole_->text(whole_->nodes_[i]), member);
                i = member.here().end;
            }
        }

        /// Calls `visit(value)` for each element of an array, until it returns false. Returns
        /// whether it never did.
        template <class F>
        [[nodiscard]] bool for_each_element(F&& visit) const {
            for (std::size_t i = at_ + 1; i < here().end;) {
                const value element(*whole_, i);
                if (!visit(element)) return false;
                i = element.here().end;
            }
            return true;
        }

    private:
        friend class document;
        value(const document& whole, std::size_t at) noexcept : whole_(&whole), at_(at) {}
        [[nodiscard]] const node& here() const noexcept { return whole_->nodes_[at_]; }

        const document* whole_;
        std::size_t at_;
    };

    /// Empty, with room for what a text of `size` bytes mostly holds.
    explicit document(std::size_t size) {
        texts_.reserve(size);
        nodes_.reserve(size / 8 + 8);
        open_.reserve(8);
    }

    /// The outermost value. The document must not be empty.
    [[nodiscard]] value root() const noexcept { return {*this, 0}; }

    // Building, from front to back.

    /// The most bytes that a text may have: what the nodes can number.
    static constexpr std::size_t max_size = UINT32_MAX;

    /// Adds a scalar; within an object the name of a member first, as text, and then its value.
    void add(const json_scalar& scalar) {
        node added{.which = kind::scalar, .scalar = scalar.which};
        added.end = static_cast<std::uint32_t>(nodes_.size() + 1);
        switch (scalar.which) {
            case json_scalar::kind::boolean: added.bits = scalar.boolean ? 1 : 0; break;
            case json_scalar::kind::integer:
                added.bits = static_cast<std::uint64_t>(scalar.integer);
                break;
            case json_scalar::kind::unsigned_integer: added.bits = scalar.unsigned_integer; break;
            case json_scalar::kind::number:
                added.bits = std::bit_cast<std::uint64_t>(scalar.number);
                break;
            case json_scalar::kind::text:
                added.bits = std::uint64_t{texts_.size()} << 32 | scalar.text.size();
                texts_.append(scalar.text);
                break;
            case json_scalar::kind::null:
            case json_scalar::kind::out_of_range:
            case json_scalar::kind::json: break;
        }
        nodes_.push_back(added);
    }
    /// Begins an array or an object.
    void begin(kind which) {
        open_.push_back(nodes_.size());
        nodes_.push_back({.which = which});
    }
    /// Ends what was begun last.
    void end() {
        nodes_[open_.back()].end = static_cast<std::uint32_t>(nodes_.size());
        open_.pop_back();
    }
    /// How many arrays and objects are begun and not ended.
    [[nodiscard]] std::size_t depth() const noexcept { return open_.size(); }

private:
    // A member is two nodes: its name as text, and its value. Sixteen bytes, so that the memory for
    // a document stays within a small multiple of its text.
    struct node {
        kind which = kind::scalar;
        json_scalar::kind scalar = json_scalar::kind::null;
        std::uint32_t end = 0;   // the first node after this value
        std::uint64_t bits = 0;  // the scalar; of a text, offset and size in texts_
    };

    [[nodiscard]] std::string_view text(const node& of) const noexcept {
        return std::string_view(texts_).substr(static_cast<std::size_t>(of.bits >> 32),
                                               static_cast<std::size_t>(of.bits & UINT32_MAX));
    }

    std::vector<node> nodes_;
    std::vector<std::size_t> open_;
    std::string texts_;
};

}  // namespace webhookpp::json

#endif
