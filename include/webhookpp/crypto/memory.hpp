// SPDX-License-Identifier: MIT
// Comparing and wiping secret bytes: the one place for each.
#ifndef WEBHOOKPP_CRYPTO_MEMORY_HPP
#define WEBHOOKPP_CRYPTO_MEMORY_HPP

#include <openssl/crypto.h>

#include <cstddef>
#include <span>
#include <string_view>
#include <utility>

namespace webhookpp::crypto {

/// Bytes that lie elsewhere.
using bytes = std::span<const unsigned char>;

/// The bytes of `text`, unchanged. Valid as long as `text` is.
[[nodiscard]] inline bytes as_bytes(std::string_view text) noexcept {
    return {reinterpret_cast<const unsigned char*>(text.data()), text.size()};
}

/// Whether both hold the same bytes. For equal lengths the time does not depend on the contents;
/// lengths are taken for public.
[[nodiscard]] inline bool equal(bytes left, bytes right) noexcept {
    return left.size() == right.size() &&
           CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

/// Overwrites `memory` in a way that the compiler does not remove.
inline void wipe(std::span<unsigned char> memory) noexcept {
    OPENSSL_cleanse(memory.data(), memory.size());
}

/// Owns secret bytes and wipes them before it lets go of them. Cannot be printed.
class secret_bytes {
public:
    secret_bytes() noexcept = default;
    /// `size` bytes of zero.
    explicit secret_bytes(std::size_t size) : data_(new unsigned char[size]()), size_(size) {}
    /// A copy of `source`.
    explicit secret_bytes(bytes source) : secret_bytes(source.size()) {
        for (std::size_t i = 0; i < size_; ++i) data_[i] = source[i];
    }
    secret_bytes(const secret_bytes& other) : secret_bytes(other.view()) {}
    secret_bytes(secret_bytes&& other) noexcept
        : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
    secret_bytes& operator=(secret_bytes other) noexcept {
        std::swap(data_, other.data_);
        std::swap(size_, other.size_);
        return *this;
    }
    ~secret_bytes() {
        wipe(writable());
        delete[] data_;
    }

    /// The bytes. Valid as long as this lives unchanged, as the next two.
    [[nodiscard]] bytes view() const noexcept { return {data_, size_}; }
    /// The bytes as text.
    [[nodiscard]] std::string_view text() const noexcept {
        return {reinterpret_cast<const char*>(data_), size_};
    }
    /// The bytes, to be written to.
    [[nodiscard]] std::span<unsigned char> writable() noexcept { return {data_, size_}; }

    /// Forgets all bytes from `size` on. `size` is at most the present size.
    void truncate(std::size_t size) noexcept {
        wipe(writable().subspan(size));
        size_ = size;
    }

private:
    unsigned char* data_ = nullptr;
    std::size_t size_ = 0;
};

}  // namespace webhookpp::crypto

#endif
