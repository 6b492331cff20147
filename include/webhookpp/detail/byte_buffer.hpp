// SPDX-License-Identifier: MIT
// Bytes that are put together at run time: a first part in place, all on the heap beyond that.
#ifndef WEBHOOKPP_DETAIL_BYTE_BUFFER_HPP
#define WEBHOOKPP_DETAIL_BYTE_BUFFER_HPP

#include <cstddef>
#include <new>
#include <string_view>
#include <utility>

#include <webhookpp/crypto/memory.hpp>

namespace webhookpp::detail {

/// Grows without throwing, and keeps what it has allocated until it is destroyed or released.
template <std::size_t InPlace>
class byte_buffer {
public:
    byte_buffer() noexcept = default;
    byte_buffer(byte_buffer&& other) noexcept
        : size_(std::exchange(other.size_, 0)),
          capacity_(std::exchange(other.capacity_, InPlace)),
          heap_(std::exchange(other.heap_, nullptr)) {
        if (!heap_) std::string_view(other.in_place_, size_).copy(in_place_, size_);
    }
    byte_buffer& operator=(byte_buffer&& other) noexcept {
        if (this != &other) {
            this->~byte_buffer();
            ::new (static_cast<void*>(this)) byte_buffer(std::move(other));
        }
        return *this;
    }
    ~byte_buffer() { delete[] heap_; }

    /// Makes room for `size` bytes in all. Returns false when memory ran out.
    [[nodiscard]] bool reserve(std::size_t size) noexcept {
        if (size <= capacity_) return true;
        char* const larger = new (std::nothrow) char[size];
        if (!larger) return false;
        view().copy(larger, size_);
        wipe_memory();  // which may hold a token, and is not seen again
        delete[] heap_;
        heap_ = larger;
        capacity_ = size;
        return true;
    }

    /// Adds `text` at the end. Returns false, and adds nothing, when memory ran out.
    [[nodiscard]] bool append(std::string_view text) noexcept {
        if (text.size() > capacity_ - size_ && !reserve(2 * (size_ + text.size()))) return false;
        text.copy((heap_ ? heap_ : in_place_) + size_, text.size());
        size_ += text.size();
        return true;
    }

    void clear() noexcept { size_ = 0; }

    /// Forgets all bytes, and overwrites them and those that it has forgotten before.
    void wipe() noexcept {
        wipe_memory();
        clear();
    }

    /// Forgets all bytes, and gives memory of more than `most` bytes back.
    void release(std::size_t most) noexcept {
        size_ = 0;
        if (capacity_ <= most || heap_ == nullptr) return;
        delete[] heap_;
        heap_ = nullptr;
        capacity_ = InPlace;
    }

    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }
    /// Valid until the buffer changes.
    [[nodiscard]] std::string_view view() const noexcept {
        return {heap_ ? heap_ : in_place_, size_};
    }

private:
    void wipe_memory() noexcept {
        crypto::wipe({reinterpret_cast<unsigned char*>(heap_ ? heap_ : in_place_), capacity_});
    }

    std::size_t size_ = 0;
    std::size_t capacity_ = InPlace;
    char* heap_ = nullptr;
    char in_place_[InPlace];
};

}  // namespace webhookpp::detail

#endif
