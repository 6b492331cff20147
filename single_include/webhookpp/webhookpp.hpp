// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the webhookpp authors
// webhookpp 0.1.0: receives webhooks. One header in place of many.
//
// Holds webhookpp::core, webhookpp::webhookpp and most of webhookpp::testing: verification and
// signing with all schemes, events with nlohmann/json, all providers, the receiver, inboxes and
// guards with the store in memory, adapters, signed deliveries and clocks for tests. It stands for
// all of their headers, which are not to be included beside it. The simdjson engine, stores in
// databases and the checks of stores are in include/ alone.
//
// Needs C++20, libcrypto of OpenSSL 3.0 or newer, and nlohmann/json 3.10 or newer.
//
// Made by scripts/single-header. Changes belong into include/.
#ifndef WEBHOOKPP_WEBHOOKPP_HPP
#define WEBHOOKPP_WEBHOOKPP_HPP

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <charconv>
#include <chrono>
#include <compare>
#include <concepts>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <exception>
#include <functional>
#include <initializer_list>
#include <iterator>
#include <limits>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <new>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include <openssl/crypto.h>
#include <openssl/decoder.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <nlohmann/json.hpp>

// <webhookpp/crypto/memory.hpp>
// Comparing and wiping secret bytes: the one place for each.

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

// <webhookpp/detail/byte_buffer.hpp>
// Bytes that are put together at run time: a first part in place, all on the heap beyond that.

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

// <webhookpp/detail/host_text.hpp>
// Text and bytes as host programs hold them, recognised by shape.

namespace webhookpp::detail {

template <class T>
concept byte_sized = sizeof(T) == 1;

// A pointer to bytes of any type, or to memory without one.
template <class P>
concept byte_pointer = std::is_pointer_v<std::remove_cvref_t<P>> &&
    (std::is_void_v<std::remove_pointer_t<std::remove_cvref_t<P>>> || requires(P pointer) {
        { *pointer } -> byte_sized;
    });

// Something that holds contiguous bytes: std::string, std::vector<std::byte>, QByteArray ...
template <class T>
concept byte_container = requires(const T& t) {
    { t.data() } -> byte_pointer;
    { t.size() } -> std::convertible_to<std::size_t>;
};

// The same with other names: oat++.
template <class T>
concept get_data_container = requires(const T& t) {
    { t.getData() } -> byte_pointer;
    { t.getSize() } -> std::convertible_to<std::size_t>;
};

// A pointer and a length, as C programs write it: mongoose, h2o and nginx.
template <class T>
concept buf_len = requires(const T& t) {
    { t.buf } -> byte_pointer;
    { t.len } -> std::convertible_to<std::size_t>;
};
template <class T>
concept base_len = requires(const T& t) {
    { t.base } -> byte_pointer;
    { t.len } -> std::convertible_to<std::size_t>;
};
template <class T>
concept data_len = requires(const T& t) {
    { t.data } -> byte_pointer;
    { t.len } -> std::convertible_to<std::size_t>;
};
template <class T>
concept pointer_and_length = buf_len<T> || base_len<T> || data_len<T>;

/// Something that knows its bytes and how many they are.
template <class T>
concept sized_bytes = byte_container<T> || get_data_container<T> || pointer_and_length<T>;

/// Any text, also one that ends at a NUL.
template <class T>
concept text = sized_bytes<T> || std::convertible_to<const T&, std::string_view>;

template <class Size>
[[nodiscard]] std::string_view bytes_at(const void* data, Size size) noexcept {
    // A length below zero stands for "none" where lengths have a sign.
    const auto count = static_cast<std::ptrdiff_t>(size);
    if (!data || count <= 0) return {};
    return {static_cast<const char*>(data), static_cast<std::size_t>(count)};
}

// What knows its length comes first: some of it converts to `const char*` as well, which would stop
// at a NUL.
template <text T>
[[nodiscard]] std::string_view text_of(const T& t) noexcept {
    if constexpr (byte_container<T>) {
        return bytes_at(t.data(), t.size());
    } else if constexpr (get_data_container<T>) {
        return bytes_at(t.getData(), t.getSize());
    } else if constexpr (buf_len<T>) {
        return bytes_at(t.buf, t.len);
    } else if constexpr (base_len<T>) {
        return bytes_at(t.base, t.len);
    } else if constexpr (data_len<T>) {
        return bytes_at(t.data, t.len);
    } else if constexpr (std::is_pointer_v<T>) {
        return t ? std::string_view(t) : std::string_view();
    } else {
        return t;
    }
}

}  // namespace webhookpp::detail

// <webhookpp/crypto/base64.hpp>
// Strict base64: RFC 4648 section 4, with padding, one spelling for each value.

namespace webhookpp::crypto {

/// How many characters encode `size` bytes.
[[nodiscard]] constexpr std::size_t base64_encoded_size(std::size_t size) noexcept {
    return (size + 2) / 3 * 4;
}

/// The most bytes that `size` characters can stand for.
[[nodiscard]] constexpr std::size_t base64_decoded_size_limit(std::size_t size) noexcept {
    return size / 4 * 3;
}

namespace detail {

// The value of each character of the standard alphabet, 0xff for every other byte. Text that is
// decoded by table is public (a received signature) or decoded once at set-up (a key).
struct base64_values {
    unsigned char of[256] = {};
    constexpr base64_values() noexcept {
        for (auto& value : of) value = 0xff;
        unsigned char next = 0;
        for (const char c : std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                             "0123456789+/")) {
            of[static_cast<unsigned char>(c)] = next++;
        }
    }
};
inline constexpr base64_values base64_table{};

}  // namespace detail

/// Decodes `text` into the front of `out`.
///
/// Returns how many bytes were written, or nothing when `text` is not canonical (length not a
/// multiple of four, a character outside the alphabet, padding missing or misplaced, unused bits
/// set) or does not fit. `out` may have been written to in part.
[[nodiscard]] constexpr std::optional<std::size_t> base64_decode(
    std::string_view text, std::span<unsigned char> out) noexcept {
    if (text.size() % 4 != 0) return std::nullopt;
    std::size_t padding = 0;
    if (text.ends_with("==")) {
        padding = 2;
    } else if (text.ends_with('=')) {
        padding = 1;
    }
    const std::size_t size = base64_decoded_size_limit(text.size()) - padding;
    if (size > out.size()) return std::nullopt;

    const auto value = [&text](std::size_t position) -> std::uint32_t {
        return detail::base64_table.of[static_cast<unsigned char>(text[position])];
    };
    std::uint32_t invalid = 0;
    std::size_t written = 0;
    const std::size_t whole = text.size() - (padding == 0 ? 0 : 4);
    for (std::size_t i = 0; i < whole; i += 4) {
        const std::uint32_t a = value(i);
        const std::uint32_t b = value(i + 1);
        const std::uint32_t c = value(i + 2);
        const std::uint32_t d = value(i + 3);
        invalid |= a | b | c | d;
        out[written++] = static_cast<unsigned char>(a << 2 | b >> 4);
        out[written++] = static_cast<unsigned char>(b << 4 | c >> 2);
        out[written++] = static_cast<unsigned char>(c << 6 | d);
    }
    if (padding != 0) {
        const std::uint32_t a = value(whole);
        const std::uint32_t b = value(whole + 1);
        const std::uint32_t c = padding == 1 ? value(whole + 2) : 0;
        invalid |= a | b | c;
        out[written++] = static_cast<unsigned char>(a << 2 | b >> 4);
        if (padding == 1) out[written++] = static_cast<unsigned char>(b << 4 | c >> 2);
        const std::uint32_t unused = padding == 1 ? c & 0x03U : b & 0x0fU;
        if (unused != 0) return std::nullopt;
    }
    // Values are below 64; the mark of a foreign character has the two upper bits set.
    if ((invalid & 0xc0U) != 0) return std::nullopt;
    return written;
}

/// Whether `text` is the base64 of any bytes: what `base64_decode` takes, without room for them.
[[nodiscard]] constexpr bool is_base64(std::string_view text) noexcept {
    if (text.size() % 4 != 0) return false;
    unsigned char group[3] = {};
    for (; !text.empty(); text.remove_prefix(4)) {
        const auto size = base64_decode(text.substr(0, 4), group);
        const bool last = text.size() == 4;
        if (!size || (*size < sizeof group && !last)) return false;
    }
    return true;
}

/// Writes `base64_encoded_size(data.size())` characters to the front of `out`, which must have room
/// for them. Uses no table and no branch on the data, so it is fit for a freshly made signature.
constexpr void base64_encode(std::span<const unsigned char> data, std::span<char> out) noexcept {
    const auto character = [](std::uint32_t value) -> char {
        const auto below = [&](std::uint32_t limit) { return (value - limit) >> 8 & 0xffU; };
        std::uint32_t c = 0;
        c |= below(26) & (value + 'A');
        c |= ~below(26) & below(52) & (value - 26 + 'a');
        c |= ~below(52) & below(62) & (value - 52 + '0');
        c |= ~below(62) & below(63) & static_cast<std::uint32_t>('+');
        c |= ~below(63) & static_cast<std::uint32_t>('/');
        return static_cast<char>(c & 0xffU);
    };
    std::size_t written = 0;
    for (std::size_t i = 0; i < data.size(); i += 3) {
        const std::size_t left = data.size() - i;
        const std::uint32_t group = static_cast<std::uint32_t>(data[i]) << 16 |
                                    (left > 1 ? static_cast<std::uint32_t>(data[i + 1]) << 8 : 0) |
                                    (left > 2 ? static_cast<std::uint32_t>(data[i + 2]) : 0);
        out[written++] = character(group >> 18);
        out[written++] = character(group >> 12 & 63);
        out[written++] = left > 1 ? character(group >> 6 & 63) : '=';
        out[written++] = left > 2 ? character(group & 63) : '=';
    }
}

}  // namespace webhookpp::crypto

// <webhookpp/crypto/openssl_errors.hpp>
// Keeps the calling thread's OpenSSL error queue as the host left it.

namespace webhookpp::crypto {

/// Removes, at the end of its scope, the errors that OpenSSL queued within it: a left-over entry
/// would make a later `SSL_get_error` of the host on this thread report a failure that is not its
/// own. Entries from before stay.
class error_queue_guard {
public:
    /// Remembers where the queue ends.
    error_queue_guard() noexcept { ERR_set_mark(); }
    error_queue_guard(const error_queue_guard&) = delete;
    error_queue_guard& operator=(const error_queue_guard&) = delete;
    ~error_queue_guard() { ERR_pop_to_mark(); }
};

}  // namespace webhookpp::crypto

// <webhookpp/detail/owner.hpp>
// Sole ownership of one object, ours or OpenSSL's, without the cost of including <memory>.

namespace webhookpp::detail {

template <class T>
void delete_object(T* object) {
    delete object;
}

template <class T, void (*Free)(T*) = delete_object<T>>
class owner {
public:
    constexpr owner() noexcept = default;
    explicit owner(T* object) noexcept : object_(object) {}
    owner(owner&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
    owner& operator=(owner other) noexcept {
        std::swap(object_, other.object_);
        return *this;
    }
    owner(const owner&) = delete;
    ~owner() { Free(object_); }

    [[nodiscard]] T* get() const noexcept { return object_; }
    T* operator->() const noexcept { return object_; }
    explicit operator bool() const noexcept { return object_ != nullptr; }

private:
    T* object_ = nullptr;
};

}  // namespace webhookpp::detail

// <webhookpp/fixed_text.hpp>
// Text of bounded length that lives inside its object: no heap, no lifetime to care for.

namespace webhookpp {

/// Owns up to `Capacity` bytes of text in place. What does not fit is cut off at the end.
///
/// Copies are independent of each other. `view()` is valid as long as the object lives unchanged.
template <std::size_t Capacity>
class fixed_text {
    static_assert(Capacity > 0 && Capacity <= UINT16_MAX);

public:
    // Not defaulted: `{}` would then write zeros over all of it.

    /// Empty.
    constexpr fixed_text() noexcept {}  // NOLINT(modernize-use-equals-default)

    /// Copies the first `Capacity` bytes of `text`.
    constexpr fixed_text(std::string_view text) noexcept { append(text); }
    constexpr fixed_text(const char* text) noexcept : fixed_text(std::string_view(text)) {}

    constexpr fixed_text(const fixed_text& other) noexcept { append(other.view()); }
    constexpr fixed_text& operator=(const fixed_text& other) noexcept {
        if (this != &other) {
            size_ = 0;
            append(other.view());
        }
        return *this;
    }
    constexpr ~fixed_text() = default;

    /// Adds the part of `text` that still fits.
    constexpr fixed_text& append(std::string_view text) noexcept {
        const std::size_t room = Capacity - size_;
        const std::size_t added = text.size() < room ? text.size() : room;
        std::string_view::traits_type::copy(bytes_ + size_, text.data(), added);
        size_ = static_cast<std::uint16_t>(size_ + added);
        return *this;
    }

    /// The text.
    [[nodiscard]] constexpr std::string_view view() const noexcept { return {bytes_, size_}; }
    /// The text: `size()` bytes, with no zero behind them.
    [[nodiscard]] constexpr const char* data() const noexcept { return bytes_; }
    /// How many bytes the text has.
    [[nodiscard]] constexpr std::size_t size() const noexcept { return size_; }
    /// How many it can have.
    [[nodiscard]] static constexpr std::size_t capacity() noexcept { return Capacity; }
    /// Whether there is no text.
    [[nodiscard]] constexpr bool empty() const noexcept { return size_ == 0; }
    /// The text, as `view`.
    constexpr operator std::string_view() const noexcept { return view(); }

    friend constexpr bool operator==(const fixed_text& left, const fixed_text& right) noexcept {
        return left.view() == right.view();
    }
    friend constexpr bool operator==(const fixed_text& left, std::string_view right) noexcept {
        return left.view() == right;
    }
    friend constexpr bool operator==(const fixed_text& left, const char* right) noexcept {
        return left.view() == right;
    }

private:
    std::uint16_t size_ = 0;
    // Left uninitialised at run time on purpose: only the first size_ bytes are ever read.
    char bytes_[Capacity];
};

}  // namespace webhookpp

// <webhookpp/error.hpp>
// Why a delivery, a body or a key was refused: one enumeration for the whole library.

namespace webhookpp {

/// The name of a refusal. Numbers and names are stable: they are never reused or renamed, so logs
/// and alerts may rely on them. The status that answers each is given by `http_status`.
enum class errc : std::uint8_t {
    // 401: the delivery does not prove who sent it.
    missing_header = 1,          ///< a header or token that the scheme reads is absent or empty
    duplicate_header = 2,        ///< it is there twice, with different values
    invalid_header = 3,          ///< its value does not have the form that the scheme prescribes
    invalid_id = 4,              ///< the message id is too long or holds a forbidden character
    invalid_timestamp = 5,       ///< not a plain decimal number of seconds
    no_supported_signature = 6,  ///< no signature that a configured key could have made
    too_many_signatures = 7,     ///< more signatures than the limits allow
    signature_mismatch = 8,      ///< signatures of the right form, none made by a configured key
    timestamp_too_old = 9,       ///< the signature is right, but the delivery is stale
    timestamp_too_new = 10,      ///< the signature is right, but the delivery is from the future

    // 413: more bytes than the limits allow.
    body_too_large = 20,    ///< more bytes than `limits::body`
    header_too_large = 21,  ///< a header or the target has more than its limit

    // 400: who sent it is proved, but the body cannot be decoded.
    malformed_json = 30,      ///< grammar, UTF-8 or depth
    missing_event_type = 31,  ///< no event type, or one that is not a string
    invalid_payload = 32,     ///< a member is absent, doubled, of the wrong type or out of range

    // 500
    handler_failed = 40,  ///< a handler threw an exception

    // 503: nothing is wrong with the delivery; the sender should try again.
    store_unavailable = 50,  ///< the store failed, so nothing is safe yet
    overloaded = 51,         ///< there is no room for more at present
    in_progress = 52,        ///< the same message is being handled
    shutting_down = 53,      ///< the inbox accepts no more
    internal_error = 54,     ///< memory or OpenSSL ran out of resources

    // Set-up only: never caused by a delivery.
    empty_key = 60,         ///< there is no key, or it has no bytes
    key_whitespace = 61,    ///< white space around the key
    key_wrong_prefix = 62,  ///< the prefix says that this is another kind of key, or there is none
    key_bad_encoding = 63,  ///< not canonical base64, or a character that the key cannot have
    key_wrong_length = 64,  ///< too short or too long for its kind
    key_weak = 65,          ///< a public key for which signatures can be forged
    too_many_keys = 66,     ///< more than a verifier takes
    unknown_scheme = 67,    ///< no scheme has this name
    invalid_url = 68,       ///< the scheme needs a URL, and none, or none that will do, was given
    invalid_option = 69,    ///< an option with which nothing could work
};

/// The name of `code` as it is spelled here, for logs. Static text.
[[nodiscard]] constexpr std::string_view name(errc code) noexcept {
    switch (code) {
        case errc::missing_header: return "missing_header";
        case errc::duplicate_header: return "duplicate_header";
        case errc::invalid_header: return "invalid_header";
        case errc::invalid_id: return "invalid_id";
        case errc::invalid_timestamp: return "invalid_timestamp";
        case errc::no_supported_signature: return "no_supported_signature";
        case errc::too_many_signatures: return "too_many_signatures";
        case errc::signature_mismatch: return "signature_mismatch";
        case errc::timestamp_too_old: return "timestamp_too_old";
        case errc::timestamp_too_new: return "timestamp_too_new";
        case errc::body_too_large: return "body_too_large";
        case errc::header_too_large: return "header_too_large";
        case errc::malformed_json: return "malformed_json";
        case errc::missing_event_type: return "missing_event_type";
        case errc::invalid_payload: return "invalid_payload";
        case errc::handler_failed: return "handler_failed";
        case errc::store_unavailable: return "store_unavailable";
        case errc::overloaded: return "overloaded";
        case errc::in_progress: return "in_progress";
        case errc::shutting_down: return "shutting_down";
        case errc::internal_error: return "internal_error";
        case errc::empty_key: return "empty_key";
        case errc::key_whitespace: return "key_whitespace";
        case errc::key_wrong_prefix: return "key_wrong_prefix";
        case errc::key_bad_encoding: return "key_bad_encoding";
        case errc::key_wrong_length: return "key_wrong_length";
        case errc::key_weak: return "key_weak";
        case errc::too_many_keys: return "too_many_keys";
        case errc::unknown_scheme: return "unknown_scheme";
        case errc::invalid_url: return "invalid_url";
        case errc::invalid_option: return "invalid_option";
    }
    return "unknown_error";
}

/// The HTTP status that answers a delivery refused with `code`. Set-up errors, which no delivery
/// causes, give 503.
[[nodiscard]] constexpr int http_status(errc code) noexcept {
    const auto number = static_cast<unsigned>(code);
    if (number < 20) return 401;
    if (number < 30) return 413;
    if (number < 40) return 400;
    if (number < 50) return 500;
    return 503;
}

/// A refusal: its name, and the place or cause. Owns its text, allocates nothing, and never holds
/// a secret. Of a body it holds nothing but keys of maps, and those only if they have at most 16
/// letters, digits, `-` and `_`.
struct error {
    errc code = errc::internal_error;  ///< the name of the refusal

    /// For a delivery the header's name; for a payload the path of the member
    /// (`data.dataFields[1].id`, the empty path is the root); for set-up what to do about it.
    /// Cut off after 160 bytes.
    fixed_text<160> where = {};

    friend constexpr bool operator==(const error&, const error&) noexcept = default;
};

}  // namespace webhookpp

// <webhookpp/result.hpp>
// A value or the error that took its place.

namespace webhookpp {

template <class T>
class result;

/// Wraps an error so that it converts to any `result`.
class unexpected {
public:
    /// Wraps `e`, or makes an error of `code` and `where`.
    constexpr explicit unexpected(const error& e) noexcept : error_(e) {}
    constexpr explicit unexpected(errc code, std::string_view where = {}) noexcept
        : error_{code, where} {}

    /// The error.
    [[nodiscard]] constexpr const webhookpp::error& error() const noexcept { return error_; }

private:
    webhookpp::error error_;
};

/// The one exception of this library, thrown by constructors when something is configured wrongly
/// and by `result::value()` when there is none. `what()` is the error's name and its cause.
class exception : public std::exception {
public:
    /// Reports `e`.
    explicit exception(const error& e) noexcept : error_(e) {
        text_.append(name(e.code));
        if (!e.where.empty()) text_.append(": ").append(e.where);
        text_.append(std::string_view("\0", 1));
    }
    /// The error.
    [[nodiscard]] const webhookpp::error& error() const noexcept { return error_; }
    /// Name and cause: `empty_key: SEATSIO_SECRET is not set`. Valid as long as this.
    [[nodiscard]] const char* what() const noexcept override { return text_.view().data(); }

private:
    webhookpp::error error_;
    fixed_text<200> text_;
};

namespace detail {

[[noreturn]] inline void raise(const error& e) {
#if defined(__cpp_exceptions)
    throw exception(e);
#else
    static_cast<void>(e);
    std::abort();
#endif
}

// What a result of `T` can be made from, and that is not a result or a failure itself.
template <class U, class T>
concept value_for =
    std::is_constructible_v<T, U> && !std::is_same_v<std::remove_cvref_t<U>, result<T>> &&
    !std::is_same_v<std::remove_cvref_t<U>, unexpected>;

}  // namespace detail

/// A `T` or an `error`, with names and meanings of C++23's `std::expected<T, error>`: the same type
/// in every language standard, so that programs built from parts with different standards agree.
///
/// Reading a value that is not there through `*` or `->` is undefined, as in the standard;
/// `value()` throws `exception` (without exceptions: aborts).
template <class T>
class [[nodiscard]] result {
public:
    /// What a success holds.
    using value_type = T;
    /// What a failure holds.
    using error_type = webhookpp::error;

    /// A success.
    template <detail::value_for<T> U = T>
    constexpr explicit(!std::is_convertible_v<U, T>) result(U&& value)
        : value_(std::in_place, std::forward<U>(value)) {}
    /// A failure: `return unexpected(errc::invalid_header, name)`.
    constexpr result(const unexpected& failure) noexcept : error_(failure.error()) {}

    /// A value made in place from `arguments`, for what is costly to move.
    template <class... Arguments>
    constexpr explicit result(std::in_place_t, Arguments&&... arguments)
        : value_(std::in_place, std::forward<Arguments>(arguments)...) {}

    /// Whether there is a value.
    [[nodiscard]] constexpr bool has_value() const noexcept { return value_.has_value(); }
    /// Whether there is a value.
    constexpr explicit operator bool() const noexcept { return has_value(); }

    /// The value, which has to be there.
    constexpr T& operator*() & noexcept { return *value_; }
    constexpr const T& operator*() const& noexcept { return *value_; }
    constexpr T&& operator*() && noexcept { return *std::move(value_); }
    /// A member of the value, which has to be there.
    constexpr T* operator->() noexcept { return &*value_; }
    constexpr const T* operator->() const noexcept { return &*value_; }

    /// The value. Throws `exception` with the error where there is none.
    constexpr T& value() & { return require(), *value_; }
    constexpr const T& value() const& { return require(), *value_; }
    constexpr T&& value() && { return require(), *std::move(value_); }

    /// The error. Only to be asked for where there is no value.
    [[nodiscard]] constexpr const error_type& error() const noexcept { return error_; }

    /// The value, or `otherwise` where there is none.
    template <class U>
    constexpr T value_or(U&& otherwise) const& {
        return has_value() ? *value_ : static_cast<T>(std::forward<U>(otherwise));
    }
    template <class U>
    constexpr T value_or(U&& otherwise) && {
        return has_value() ? *std::move(value_) : static_cast<T>(std::forward<U>(otherwise));
    }

    /// `f(value)`, which returns another `result`; or this error.
    template <class F>
    constexpr auto and_then(F&& f) const& -> std::invoke_result_t<F, const T&> {
        if (has_value()) return std::forward<F>(f)(*value_);
        return unexpected(error_);
    }
    template <class F>
    constexpr auto and_then(F&& f) && -> std::invoke_result_t<F, T&&> {
        if (has_value()) return std::forward<F>(f)(*std::move(value_));
        return unexpected(error_);
    }

    /// A `result` of `f(value)`; or this error.
    template <class F>
    constexpr auto transform(F&& f) const& -> result<std::invoke_result_t<F, const T&>> {
        if (has_value()) return std::forward<F>(f)(*value_);
        return unexpected(error_);
    }
    template <class F>
    constexpr auto transform(F&& f) && -> result<std::invoke_result_t<F, T&&>> {
        if (has_value()) return std::forward<F>(f)(*std::move(value_));
        return unexpected(error_);
    }

    /// This value; or `f(error)`, which returns the same kind of `result`.
    template <class F>
    constexpr result or_else(F&& f) const& {
        if (has_value()) return *this;
        return std::forward<F>(f)(error_);
    }

    /// This value; or the error that `f(error)` returns.
    template <class F>
    constexpr result transform_error(F&& f) const& {
        if (has_value()) return *this;
        return unexpected(std::forward<F>(f)(error_));
    }

private:
    constexpr void require() const {
        if (!has_value()) detail::raise(error_);
    }

    std::optional<T> value_;
    error_type error_;
};

/// Success without a value, or an `error`.
template <>
class [[nodiscard]] result<void> {
public:
    using value_type = void;
    using error_type = webhookpp::error;

    constexpr result() noexcept = default;
    constexpr result(const unexpected& failure) noexcept : error_(failure.error()) {}

    [[nodiscard]] constexpr bool has_value() const noexcept { return !error_.has_value(); }
    constexpr explicit operator bool() const noexcept { return has_value(); }
    constexpr void operator*() const noexcept {}
    constexpr void value() const {
        if (!has_value()) detail::raise(*error_);
    }
    [[nodiscard]] constexpr const error_type& error() const noexcept { return *error_; }

private:
    std::optional<error_type> error_;
};

}  // namespace webhookpp

// <webhookpp/crypto/hmac.hpp>
// HMAC (RFC 2104) with the key schedule computed once per key.

namespace webhookpp::crypto {

/// The hash functions that providers sign with. SHA-1 is broken for signatures of documents, but
/// not in an HMAC.
enum class hash : std::uint8_t { sha1, sha256, sha512 };

/// The bytes of a SHA-256, and of the largest hash that providers sign with.
inline constexpr std::size_t sha256_size = 32;
inline constexpr std::size_t largest_hash_size = 64;

/// How many bytes a hash of this kind has.
[[nodiscard]] constexpr std::size_t hash_size(hash of) noexcept {
    if (of == hash::sha1) return 20;
    return of == hash::sha256 ? sha256_size : largest_hash_size;
}

namespace detail {

[[nodiscard]] inline const EVP_MD* openssl_hash(hash of) noexcept {
    if (of == hash::sha1) return EVP_sha1();
    return of == hash::sha256 ? EVP_sha256() : EVP_sha512();
}

/// Adds the parts of a message to a digest, small ones together: a call of OpenSSL costs more than
/// to copy some dozen bytes.
class joining_update {
public:
    explicit joining_update(EVP_MD_CTX* context) noexcept : context_(context) {}

    void add(bytes part) noexcept {
        if (part.size() > sizeof joined_ - size_) {
            update({joined_, std::exchange(size_, 0)});
            if (part.size() > sizeof joined_) return update(part);
        }
        if (!part.empty()) std::memcpy(joined_ + size_, part.data(), part.size());
        size_ += part.size();
    }

    /// Returns whether all parts have been added.
    [[nodiscard]] bool finish() noexcept {
        update({joined_, size_});
        return good_;
    }

private:
    void update(bytes with) noexcept {
        good_ = good_ && EVP_DigestUpdate(context_, with.data(), with.size()) == 1;
    }

    EVP_MD_CTX* context_;
    bool good_ = true;
    std::size_t size_ = 0;
    unsigned char joined_[256];
};

}  // namespace detail

/// Owns an OpenSSL digest context, which `get()` gives: null when memory had run out.
class digest_context : public webhookpp::detail::owner<EVP_MD_CTX, &EVP_MD_CTX_free> {
public:
    /// A new one.
    digest_context() noexcept : owner(make()) {}

    /// Makes the context, if memory had run out before.
    void ensure() noexcept {
        if (!get()) *this = digest_context();
    }

private:
    static EVP_MD_CTX* make() noexcept {
        const error_queue_guard queue;
        return EVP_MD_CTX_new();
    }
};

/// Computes the SHA-256 of `data`. `context` is overwritten. Returns whether OpenSSL succeeded.
[[nodiscard]] inline bool sha256(const digest_context& context, bytes data,
                                 std::span<unsigned char, sha256_size> digest) noexcept {
    const error_queue_guard queue;
    EVP_MD_CTX* const work = context.get();
    const bool good = work != nullptr && EVP_DigestInit_ex(work, EVP_sha256(), nullptr) == 1 &&
                      EVP_DigestUpdate(work, data.data(), data.size()) == 1 &&
                      EVP_DigestFinal_ex(work, digest.data(), nullptr) == 1;
    EVP_MD_CTX_reset(work);  // which may be null
    return good;
}

/// A secret, prepared for HMAC: the two digest states that depend on the key alone. Immutable, so
/// any number of threads may use one at the same time, each with its own context.
class hmac_key {
public:
    /// Prepares `secret`, of 1 to any number of bytes.
    ///
    /// Errors: `empty_key`; `internal_error` when OpenSSL fails.
    [[nodiscard]] static result<hmac_key> create(bytes secret, hash with = hash::sha256) {
        if (secret.empty()) return unexpected(errc::empty_key, "an empty key signs for anybody");
        const error_queue_guard queue;
        hmac_key key(with);
        secret_bytes block(with == hash::sha512 ? 128 : 64);
        if (secret.size() > block.view().size()) {
            // RFC 2104: a key longer than a block is replaced by its digest.
            if (EVP_Digest(secret.data(), secret.size(), block.writable().data(), nullptr,
                           detail::openssl_hash(with), nullptr) != 1) {
                return unexpected(errc::internal_error, "the hash function is not available");
            }
        } else {
            for (std::size_t i = 0; i < secret.size(); ++i) block.writable()[i] = secret[i];
        }
        if (!key.inner_.get() || !key.outer_.get() || !key.start(key.inner_, block, 0x36) ||
            !key.start(key.outer_, block, 0x36 ^ 0x5c)) {
            return unexpected(errc::internal_error, "the hash function is not available");
        }
        return key;
    }

    /// How many bytes a MAC has.
    [[nodiscard]] std::size_t size() const noexcept { return hash_size(hash_); }

    /// Computes the MAC of a message into the first `size()` bytes of `mac`. `message(add)` calls
    /// `add(part)` for each of its parts, which are `bytes`, in order.
    ///
    /// `context` is overwritten and holds nothing of the key afterwards. Returns whether OpenSSL
    /// succeeded; if it did not, or if `mac` has no room, `mac` is all zero.
    template <class Message>
        requires(!std::is_convertible_v<const Message&, std::span<const bytes>>)
    [[nodiscard]] bool compute(const digest_context& context, const Message& message,
                               std::span<unsigned char> mac) const noexcept {
        // Copying prepared states is the fastest way that OpenSSL 3 offers without deprecated
        // calls.
        const error_queue_guard queue;
        EVP_MD_CTX* const work = context.get();
        bool good =
            work != nullptr && mac.size() >= size() && EVP_MD_CTX_copy_ex(work, inner_.get()) == 1;
        if (good) {
            detail::joining_update update(work);
            message([&update](bytes part) { update.add(part); });
            good = update.finish() && finish(work, mac);
        }
        EVP_MD_CTX_reset(work);  // which may be null
        if (!good) wipe(mac);
        return good;
    }

    /// As above, for a list of all parts.
    [[nodiscard]] bool compute(const digest_context& context, std::span<const bytes> parts,
                               std::span<unsigned char> mac) const noexcept {
        const auto message = [parts](const auto& add) {
            for (const bytes part : parts) add(part);
        };
        return compute(context, message, mac);
    }

    /// A copy of this key for messages that begin with `prefix`: what it computes is the MAC of
    /// `prefix` and of what it is given. Holds the prefix as a digest state, of constant size.
    /// Nothing when OpenSSL fails.
    [[nodiscard]] std::optional<hmac_key> with_prefix(
        std::span<const bytes> prefix) const noexcept {
        const error_queue_guard queue;
        hmac_key copy(hash_);
        bool good = copy.inner_.get() != nullptr && copy.outer_.get() != nullptr &&
                    EVP_MD_CTX_copy_ex(copy.inner_.get(), inner_.get()) == 1 &&
                    EVP_MD_CTX_copy_ex(copy.outer_.get(), outer_.get()) == 1;
        for (const bytes part : prefix) {
            good = good && EVP_DigestUpdate(copy.inner_.get(), part.data(), part.size()) == 1;
        }
        if (!good) return std::nullopt;
        return copy;
    }

private:
    friend class running_hmac;

    explicit hmac_key(hash with) noexcept : hash_(with) {}

    // Turns the block by `mask` and starts `context` with it.
    bool start(const digest_context& context, secret_bytes& block,
               unsigned char mask) const noexcept {
        for (unsigned char& byte : block.writable()) byte = static_cast<unsigned char>(byte ^ mask);
        return EVP_DigestInit_ex(context.get(), detail::openssl_hash(hash_), nullptr) == 1 &&
               EVP_DigestUpdate(context.get(), block.view().data(), block.view().size()) == 1;
    }

    bool finish(EVP_MD_CTX* work, std::span<unsigned char> mac) const noexcept {
        return EVP_DigestFinal_ex(work, mac.data(), nullptr) == 1 &&
               EVP_MD_CTX_copy_ex(work, outer_.get()) == 1 &&
               EVP_DigestUpdate(work, mac.data(), size()) == 1 &&
               EVP_DigestFinal_ex(work, mac.data(), nullptr) == 1;
    }

    digest_context inner_;
    digest_context outer_;
    hash hash_;
};

/// A MAC of a message that arrives in pieces, of which none is kept. For one thread at a time.
///
/// Owns copies of the key's states, so that the key may be gone; they are wiped with it.
class running_hmac {
public:
    /// Starts the MAC, with `key`, of a message that begins with `prefix`. Should OpenSSL fail,
    /// here or later, then `finish` tells.
    running_hmac(const hmac_key& key, std::span<const bytes> prefix) noexcept
        : key_(key.with_prefix(prefix)), good_(start()) {}

    running_hmac(const running_hmac&) = delete;
    running_hmac& operator=(const running_hmac&) = delete;
    ~running_hmac() = default;

    /// Adds the next piece of the message.
    void update(bytes piece) noexcept {
        const error_queue_guard queue;
        good_ = good_ && EVP_DigestUpdate(work_.get(), piece.data(), piece.size()) == 1;
    }

    /// How many bytes the MAC has.
    [[nodiscard]] std::size_t size() const noexcept { return key_ ? key_->size() : 0; }

    /// Computes the MAC of the prefix and all pieces into the first `size()` bytes of `mac`. May be
    /// called once. Returns whether OpenSSL has always succeeded; if not, or if `mac` has no room,
    /// `mac` is all zero.
    [[nodiscard]] bool finish(std::span<unsigned char> mac) noexcept {
        const error_queue_guard queue;
        good_ = good_ && mac.size() >= size() && key_->finish(work_.get(), mac);
        if (!good_) wipe(mac);
        return std::exchange(good_, false);
    }

    /// Computes the MAC of the prefix and `rest`, whatever the pieces were, in the same way.
    /// `finish` gives nothing afterwards.
    [[nodiscard]] bool compute(bytes rest, std::span<unsigned char> mac) const noexcept {
        if (!key_) wipe(mac);
        return key_ && key_->compute(work_, std::span(&rest, 1), mac);
    }

private:
    [[nodiscard]] bool start() noexcept {
        const error_queue_guard queue;
        return key_ && work_.get() != nullptr &&
               EVP_MD_CTX_copy_ex(work_.get(), key_->inner_.get()) == 1;
    }

    std::optional<hmac_key> key_;
    digest_context work_;
    bool good_ = false;
};

}  // namespace webhookpp::crypto

// <webhookpp/crypto/ed25519.hpp>
// Ed25519 signatures (RFC 8032), with the public keys refused that prove nothing.

namespace webhookpp::crypto {

/// The bytes of a public key or a seed, and those of a signature: RFC 8032, section 5.1.
inline constexpr std::size_t ed25519_key_size = 32;
inline constexpr std::size_t ed25519_signature_size = 64;

/// Owns an OpenSSL key.
using pkey = webhookpp::detail::owner<EVP_PKEY, &EVP_PKEY_free>;

namespace detail {

// Whether `key`, its sign bit aside, encodes a y coordinate that OpenSSL 3.0 takes but that no
// honest key has: y >= p, or one of the eight points of small order, under which signatures are
// valid for messages that nobody signed. Taming the many EdDSAs (Chalkias et al., 2020), table 1.
[[nodiscard]] inline bool is_weak_ed25519_point(bytes key) noexcept {
    unsigned char y[ed25519_key_size];
    for (std::size_t i = 0; i < ed25519_key_size; ++i) y[i] = key[i];
    y[31] &= 0x7f;

    // p = 2^255 - 19 in little-endian order is ed, 30 times ff, 7f.
    bool at_least_p = y[0] >= 0xed && y[31] == 0x7f;
    for (std::size_t i = 1; i < 31; ++i) at_least_p = at_least_p && y[i] == 0xff;
    if (at_least_p) return true;

    static constexpr unsigned char small_order[][ed25519_key_size] = {
        {0},  // order 4
        {1},  // the identity
        {0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
         0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
         0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f},  // order 2
        {0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4,
         0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6,
         0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05},  // order 8
        {0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b,
         0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39,
         0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a},  // order 8
    };
    for (const auto& point : small_order) {
        if (equal(y, point)) return true;
    }
    return false;
}

}  // namespace detail

/// A public key that verifies Ed25519 signatures. Immutable; any number of threads may use one at
/// the same time, each with its own context.
class ed25519_public_key {
public:
    /// Takes the 32 raw bytes of RFC 8032, section 5.1.5. Bytes that stand for no point of the
    /// curve are not found out here; under such a key no signature is valid.
    ///
    /// Errors: `key_wrong_length`; `key_weak` for points of small order and non-canonical
    /// encodings; `internal_error` when OpenSSL fails.
    [[nodiscard]] static result<ed25519_public_key> create(bytes raw) {
        if (raw.size() != ed25519_key_size) {
            return unexpected(errc::key_wrong_length, "an Ed25519 public key has 32 bytes");
        }
        if (detail::is_weak_ed25519_point(raw)) {
            return unexpected(errc::key_weak,
                              "signatures under this public key can be forged: it is a point of "
                              "small order or not canonical");
        }
        const error_queue_guard queue;
        pkey key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, raw.data(), raw.size()));
        if (!key.get()) return unexpected(errc::internal_error, "Ed25519 is not available");
        return ed25519_public_key(std::move(key));
    }

    /// Whether `signature`, of 64 bytes, was made over `message` by the holder of the private key.
    /// `context` is overwritten. A failure of OpenSSL counts as a signature that does not match.
    [[nodiscard]] bool verify(const digest_context& context, bytes message,
                              bytes signature) const noexcept {
        const error_queue_guard queue;
        EVP_MD_CTX* const work = context.get();
        const bool good = work != nullptr && signature.size() == ed25519_signature_size &&
                          EVP_DigestVerifyInit(work, nullptr, nullptr, nullptr, key_.get()) == 1 &&
                          EVP_DigestVerify(work, signature.data(), signature.size(), message.data(),
                                           message.size()) == 1;
        EVP_MD_CTX_reset(work);  // which may be null
        return good;
    }

private:
    explicit ed25519_public_key(pkey key) noexcept : key_(std::move(key)) {}

    pkey key_;
};

/// A private key that makes Ed25519 signatures.
class ed25519_signing_key {
public:
    /// Takes a seed of 32 bytes, or a seed followed by its public key: 64 bytes.
    ///
    /// Errors: `key_wrong_length`, also when the public half belongs to another seed;
    /// `internal_error` when OpenSSL fails.
    [[nodiscard]] static result<ed25519_signing_key> create(bytes raw) {
        if (raw.size() != ed25519_key_size && raw.size() != 2 * ed25519_key_size) {
            return unexpected(errc::key_wrong_length, "an Ed25519 signing key has 32 or 64 bytes");
        }
        const error_queue_guard queue;
        pkey key(
            EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, raw.data(), ed25519_key_size));
        unsigned char public_half[ed25519_key_size];
        std::size_t size = sizeof public_half;
        if (!key.get() || EVP_PKEY_get_raw_public_key(key.get(), public_half, &size) != 1) {
            return unexpected(errc::internal_error, "Ed25519 is not available");
        }
        if (raw.size() > ed25519_key_size && !equal(raw.subspan(ed25519_key_size), public_half)) {
            return unexpected(errc::key_wrong_length,
                              "the second half of this signing key is not the public key of the "
                              "first");
        }
        return ed25519_signing_key(std::move(key));
    }

    /// Signs `message`. Returns whether OpenSSL succeeded.
    [[nodiscard]] bool sign(bytes message,
                            std::span<unsigned char, ed25519_signature_size> signature) const {
        const error_queue_guard queue;
        const digest_context context;
        std::size_t size = signature.size();
        return context.get() != nullptr &&
               EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1 &&
               EVP_DigestSign(context.get(), signature.data(), &size, message.data(),
                              message.size()) == 1 &&
               size == signature.size();
    }

private:
    explicit ed25519_signing_key(pkey key) noexcept : key_(std::move(key)) {}

    pkey key_;
};

}  // namespace webhookpp::crypto

// <webhookpp/crypto/ecdsa.hpp>
// ECDSA signatures over P-256 with SHA-256 (FIPS 186-5), written in ASN.1 DER.

namespace webhookpp::crypto {

/// The most bytes that a signature has: two numbers of 33 bytes, and their frames.
inline constexpr std::size_t ecdsa_p256_signature_limit = 72;

namespace detail {

[[nodiscard]] inline bool is_p256(const pkey& key) noexcept {
    char group[32] = {};
    std::size_t size = 0;
    return key.get() != nullptr && EVP_PKEY_is_a(key.get(), "EC") == 1 &&
           EVP_PKEY_get_group_name(key.get(), group, sizeof group, &size) == 1 &&
           std::string_view(group) == "prime256v1";
}

// Null if `der` is no SubjectPublicKeyInfo of an EC key, or has more behind it. Not d2i_PUBKEY,
// whose header would be a large part of what a verifier includes.
[[nodiscard]] inline pkey decode_public_key(bytes der) noexcept {
    EVP_PKEY* decoded = nullptr;
    const webhookpp::detail::owner<OSSL_DECODER_CTX, &OSSL_DECODER_CTX_free> decoder(
        OSSL_DECODER_CTX_new_for_pkey(&decoded, "DER", "SubjectPublicKeyInfo", "EC",
                                      EVP_PKEY_PUBLIC_KEY, nullptr, nullptr));
    const unsigned char* rest = der.data();
    std::size_t rest_size = der.size();
    const bool good =
        decoder && OSSL_DECODER_from_data(decoder.get(), &rest, &rest_size) == 1 && rest_size == 0;
    pkey key(decoded);
    return good ? std::move(key) : pkey(nullptr);
}

// Whether the point of a public key is one that a private key stands behind: OpenSSL reads the
// point at infinity too, and under that (k * G).x and hash / k are a signature for every k.
[[nodiscard]] inline bool is_sound_public_key(const pkey& key) noexcept {
    const webhookpp::detail::owner<EVP_PKEY_CTX, &EVP_PKEY_CTX_free> check(
        EVP_PKEY_CTX_new(key.get(), nullptr));
    return check && EVP_PKEY_public_check(check.get()) == 1;
}

}  // namespace detail

/// A public key that verifies ECDSA P-256 signatures. Immutable; any number of threads may use one
/// at the same time, each with its own context.
class ecdsa_p256_public_key {
public:
    /// Takes an X.509 SubjectPublicKeyInfo in DER: RFC 5480, section 2.
    ///
    /// Errors: `key_bad_encoding` for other bytes, for points that are not on the curve, and for
    /// other curves; `key_weak` for the point at infinity, under which anybody can sign.
    [[nodiscard]] static result<ecdsa_p256_public_key> create(bytes der) {
        const error_queue_guard queue;
        pkey key = detail::decode_public_key(der);
        if (!detail::is_p256(key)) {
            return unexpected(errc::key_bad_encoding,
                              "this is no P-256 public key (a SubjectPublicKeyInfo in base64, "
                              "without BEGIN and END lines)");
        }
        if (!detail::is_sound_public_key(key)) {
            return unexpected(errc::key_weak, "anybody can sign under this public key");
        }
        return ecdsa_p256_public_key(std::move(key));
    }

    /// Whether `signature`, in DER, was made over `message` by the holder of the private key.
    /// `context` is overwritten. A failure of OpenSSL counts as a signature that does not match.
    [[nodiscard]] bool verify(const digest_context& context, bytes message,
                              bytes signature) const noexcept {
        const error_queue_guard queue;
        EVP_MD_CTX* const work = context.get();
        const bool good =
            work != nullptr &&
            EVP_DigestVerifyInit(work, nullptr, EVP_sha256(), nullptr, key_.get()) == 1 &&
            EVP_DigestVerify(work, signature.data(), signature.size(), message.data(),
                             message.size()) == 1;
        EVP_MD_CTX_reset(work);  // which may be null
        return good;
    }

private:
    explicit ecdsa_p256_public_key(pkey key) noexcept : key_(std::move(key)) {}

    pkey key_;
};

/// A private key that makes ECDSA P-256 signatures.
class ecdsa_p256_signing_key {
public:
    /// Takes a PKCS #8 PrivateKeyInfo in DER: RFC 5208, section 5.
    ///
    /// Errors: `key_bad_encoding` for other bytes and other curves.
    [[nodiscard]] static result<ecdsa_p256_signing_key> create(bytes der) {
        const error_queue_guard queue;
        const unsigned char* at = der.data();
        pkey key(d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(der.size())));
        if (!detail::is_p256(key) || at != der.data() + der.size()) {
            return unexpected(errc::key_bad_encoding,
                              "this is no P-256 private key (PKCS #8 in base64, without BEGIN and "
                              "END lines)");
        }
        return ecdsa_p256_signing_key(std::move(key));
    }

    /// Signs `message` into the front of `signature`. Returns the size of the signature, 0 when
    /// OpenSSL failed.
    [[nodiscard]] std::size_t sign(
        bytes message, std::span<unsigned char, ecdsa_p256_signature_limit> signature) const {
        const error_queue_guard queue;
        const digest_context context;
        std::size_t size = signature.size();
        const bool good =
            context.get() != nullptr &&
            EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_.get()) == 1 &&
            EVP_DigestSign(context.get(), signature.data(), &size, message.data(),
                           message.size()) == 1;
        // When memory runs out, OpenSSL 3.0 may succeed with a size of -1.
        return good && size <= signature.size() ? size : 0;
    }

private:
    explicit ecdsa_p256_signing_key(pkey key) noexcept : key_(std::move(key)) {}

    pkey key_;
};

}  // namespace webhookpp::crypto

// <webhookpp/crypto/key_form.hpp>
// How keys are written, and what they are read for.

namespace webhookpp {

/// How a scheme's keys are written. A scheme names its form; text that a program is configured with
/// is read by it and by nothing else, never guessed.
enum class key_form : std::uint8_t {
    /// `whsec_` and the secret, or `whpk_` and an Ed25519 public key; to sign also `whsk_` and an
    /// Ed25519 signing key; all in base64. Standard Webhooks 1.0.0, "Signature scheme".
    standard_webhooks,

    /// Text whose bytes are the secret, whatever they begin with: 1 to 4,096 of them, without white
    /// space around them.
    text,

    /// A secret in base64, with padding.
    base64,

    /// A secret in hex, in upper or lower case.
    hex,

    /// An Ed25519 public key, 32 bytes in hex; to sign, a seed of 32 bytes or seed and public key.
    ed25519_hex,

    /// An Ed25519 public key in base64: 32 raw bytes, or the 44 of an X.509 SubjectPublicKeyInfo;
    /// to sign, a seed of 32 bytes, seed and public key, or a PKCS #8 PrivateKeyInfo.
    ed25519_base64,

    /// An ECDSA P-256 public key, an X.509 SubjectPublicKeyInfo in base64; to sign, a PKCS #8
    /// PrivateKeyInfo.
    p256_base64,

    /// A token as it stands in a header: 1 to 4,096 visible ASCII characters.
    token,

    /// A token as it stands in a URL: 1 to 4,096 of the characters that nobody percent-encodes,
    /// which are letters, digits and `-._~` (RFC 3986, section 2.3). Not `.` or `..` alone, which
    /// clients take out of a path (section 5.2.4).
    url_token,

    /// `user:password`, of 2 to 4,096 bytes, one of both not empty. The user has no colon:
    /// RFC 7617, section 2.
    credentials,
};

/// What a key is read for. It matters where a text may be a public key or a private one.
enum class key_use : std::uint8_t { verify, sign };

/// Which lengths of `whsec_` secrets are accepted.
enum class secret_length : std::uint8_t {
    usual,   ///< 16 to 75 bytes: Svix documents 18, and its server issues up to 75
    strict,  ///< 24 to 64 bytes: what Standard Webhooks 1.0.0 prescribes
};

}  // namespace webhookpp

// <webhookpp/crypto/secret_text.hpp>
// Reads the text of secrets in steps that do not depend on it: no branch, and no table.

// What is public of a secret: its length, the padding of its base64, and whether it is one at all.
// Each verdict is one call of `equal`, which no compiler looks into to leave a loop earlier.
namespace webhookpp::crypto {

/// Whether `secret` begins with `prefix`.
[[nodiscard]] inline bool starts_with(std::string_view secret, std::string_view prefix) noexcept {
    return equal(as_bytes(secret.substr(0, prefix.size())), as_bytes(prefix));
}

/// Whether `secret` ends with `suffix`.
[[nodiscard]] inline bool ends_with(std::string_view secret, std::string_view suffix) noexcept {
    return secret.size() >= suffix.size() &&
           starts_with(secret.substr(secret.size() - suffix.size()), suffix);
}

namespace detail {

// All bits set if `c` lies between the two characters, none otherwise.
[[nodiscard]] constexpr std::uint32_t within(std::uint32_t c, char first, char last) noexcept {
    const std::uint32_t below = c - static_cast<unsigned char>(first);
    const std::uint32_t above = static_cast<unsigned char>(last) - c;
    return ((below | above) >> 31) - 1;  // either is negative for a character outside
}

// The value of a digit of base64 or hex; all bits set for other characters.
[[nodiscard]] constexpr std::uint32_t base64_digit(char digit) noexcept {
    const std::uint32_t c = static_cast<unsigned char>(digit);
    const std::uint32_t upper = within(c, 'A', 'Z');
    const std::uint32_t lower = within(c, 'a', 'z');
    const std::uint32_t number = within(c, '0', '9');
    const std::uint32_t plus = within(c, '+', '+');
    const std::uint32_t slash = within(c, '/', '/');
    return (upper & (c - 'A')) | (lower & (c - 'a' + 26)) | (number & (c - '0' + 52)) |
           (plus & 62U) | (slash & 63U) | ~(upper | lower | number | plus | slash);
}
[[nodiscard]] constexpr std::uint32_t hex_digit(char digit) noexcept {
    const std::uint32_t c = static_cast<unsigned char>(digit);
    const std::uint32_t upper = within(c, 'A', 'F');
    const std::uint32_t lower = within(c, 'a', 'f');
    const std::uint32_t number = within(c, '0', '9');
    return (upper & (c - 'A' + 10)) | (lower & (c - 'a' + 10)) | (number & (c - '0')) |
           ~(upper | lower | number);
}

// Whether no bit of `flaws` is set.
[[nodiscard]] inline bool is_flawless(std::uint32_t flaws) noexcept {
    const unsigned char all[] = {
        static_cast<unsigned char>(flaws), static_cast<unsigned char>(flaws >> 8),
        static_cast<unsigned char>(flaws >> 16), static_cast<unsigned char>(flaws >> 24)};
    constexpr unsigned char none[sizeof all] = {};
    return equal(all, none);
}

}  // namespace detail

/// Whether all of `secret` is visible ASCII: no space, no control character.
[[nodiscard]] inline bool is_visible_ascii_secret(std::string_view secret) noexcept {
    std::uint32_t flaws = 0;
    for (const char c : secret) flaws |= ~detail::within(static_cast<unsigned char>(c), '!', '~');
    return detail::is_flawless(flaws);
}

/// Whether `secret` has only characters that are never percent-encoded: RFC 3986, section 2.3.
[[nodiscard]] inline bool is_unreserved_secret(std::string_view secret) noexcept {
    std::uint32_t flaws = 0;
    for (const char each : secret) {
        const std::uint32_t c = static_cast<unsigned char>(each);
        flaws |= ~(detail::within(c, 'a', 'z') | detail::within(c, 'A', 'Z') |
                   detail::within(c, '0', '9') | detail::within(c, '-', '.') |
                   detail::within(c, '_', '_') | detail::within(c, '~', '~'));
    }
    return detail::is_flawless(flaws);
}

/// Decodes base64 into the front of `out`: the same texts as `base64_decode`, to the same bytes.
[[nodiscard]] inline std::optional<std::size_t> base64_decode_secret(
    std::string_view text, std::span<unsigned char> out) noexcept {
    if (text.size() % 4 != 0) return std::nullopt;
    std::size_t padding = 0;
    if (ends_with(text, "==")) {
        padding = 2;
    } else if (ends_with(text, "=")) {
        padding = 1;
    }
    const std::size_t size = base64_decoded_size_limit(text.size()) - padding;
    if (size > out.size()) return std::nullopt;

    std::uint32_t flaws = 0;
    std::uint32_t pending = 0;  // bits that have been read and not written, at its lower end
    unsigned bits = 0;
    std::size_t written = 0;
    for (const char c : text.substr(0, text.size() - padding)) {
        const std::uint32_t digit = detail::base64_digit(c);
        flaws |= digit & ~std::uint32_t{63};
        pending = pending << 6 | (digit & 63U);
        bits += 6;
        if (bits < 8) continue;
        bits -= 8;
        out[written++] = static_cast<unsigned char>(pending >> bits);
    }
    flaws |= pending & ((1U << bits) - 1);
    if (!detail::is_flawless(flaws)) return std::nullopt;
    return written;
}

/// Decodes hex, in upper or lower case, into the front of `out`: the same texts as `hex_decode`, to
/// the same bytes.
[[nodiscard]] inline std::optional<std::size_t> hex_decode_secret(
    std::string_view text, std::span<unsigned char> out) noexcept {
    if (text.size() % 2 != 0 || text.size() / 2 > out.size()) return std::nullopt;
    std::uint32_t flaws = 0;
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const std::uint32_t high = detail::hex_digit(text[i]);
        const std::uint32_t low = detail::hex_digit(text[i + 1]);
        flaws |= (high | low) & ~std::uint32_t{15};
        out[i / 2] = static_cast<unsigned char>(high << 4 | low);
    }
    if (!detail::is_flawless(flaws)) return std::nullopt;
    return text.size() / 2;
}

}  // namespace webhookpp::crypto

// <webhookpp/detail/key_mistake.hpp>
// What is wrong with the text of a key, in words for whoever configures it. None shows any of it.

namespace webhookpp::detail {

/// Why `text` is no key in `form`, whatever it stands for; empty if it may be one.
[[nodiscard]] inline std::string_view mistake_in_form(key_form form,
                                                      std::string_view text) noexcept {
    if (form == key_form::token && !crypto::is_visible_ascii_secret(text)) {
        return "a token has only visible ASCII characters: no other can be sent in a header";
    }
    if (form == key_form::url_token && !crypto::is_unreserved_secret(text)) {
        return "a token in a URL has only letters, digits and - . _ ~: others may be "
               "percent-encoded on the way";
    }
    if (form == key_form::url_token && (text == "." || text == "..")) {
        return "a token of one or two dots never arrives, since clients take such segments "
               "out of paths: choose another";
    }
    if (form == key_form::credentials && text.find(':') == std::string_view::npos) {
        return "credentials are written user:password, and there is no colon";
    }
    if (form == key_form::credentials && text == ":") {
        return "credentials are written user:password, and both are empty";
    }
    return {};
}

/// Why `text` is none of Standard Webhooks with the prefix that is wanted, which it has not.
[[nodiscard]] inline std::string_view mistake_in_prefix(std::string_view text) noexcept {
    const auto looks_like = [text](std::string_view start) { return text.starts_with(start); };
    if (looks_like("v1,whsec_")) return "looks like `v1,whsec_`: strip the `v1,`";
    if (looks_like("whpk_")) return "this is a public key (whpk_), not a secret";
    if (looks_like("whsk_")) return "this is a signing key (whsk_): it belongs to the sender";
    if (looks_like("whsec_")) return "this is a shared secret (whsec_)";
    if (looks_like("WHSEC_") || looks_like("WHPK_") || looks_like("WHSK_")) {
        return "the prefix is written in lower case";
    }
    if (looks_like("-----BEGIN")) {
        return "this is PEM: a secret starts with whsec_, a public key with whpk_";
    }
    return "a secret starts with whsec_, a public key with whpk_";
}

/// Why `text` is no base64, which it is not.
[[nodiscard]] inline std::string_view mistake_in_base64(std::string_view text) noexcept {
    if (text.find_first_of("-_") != std::string_view::npos) {
        return "url-safe base64: the standard alphabet has + and / in place of - and _";
    }
    if (text.find_first_of(" \t\r\n") != std::string_view::npos) {
        return "white space within the base64";
    }
    if (text.size() % 4 != 0) return "the base64 is cut off, or its padding (=) is missing";
    return "not canonical base64";
}

}  // namespace webhookpp::detail

// <webhookpp/crypto/key.hpp>
// A key as a program is configured with it: read strictly, wiped after use, never printed.

namespace webhookpp {

/// One key. Copies and the original are independent; each wipes its bytes when it is destroyed.
/// There is no way to print one, and no error message contains any part of one.
///
/// The factories throw `exception` (without exceptions: abort) where their `try_` twins return the
/// error: `empty_key`, `key_whitespace`, `key_wrong_prefix`, `key_bad_encoding`, `key_wrong_length`
/// or `key_weak`, with the cause and what to do about it in `where`.
class key {
public:
    /// What the bytes are, once they are known.
    enum class kind : std::uint8_t {
        configured_text,      ///< text that is yet to be read in the scheme's form
        secret,               ///< a shared secret, for HMAC
        ed25519_public_key,   ///< 32 bytes
        ed25519_signing_key,  ///< 32 or 64 bytes
        p256_public_key,      ///< a SubjectPublicKeyInfo in DER
        p256_signing_key,     ///< a PrivateKeyInfo in DER
    };

    /// `text` as the provider shows it. The scheme of the verifier that gets it says how to read
    /// it, so an error in it is found when the verifier is made.
    [[nodiscard]] static key from_text(std::string_view text) {
        return try_from_text(text).value();
    }
    /// As `from_text`, with the error as a value.
    [[nodiscard]] static result<key> try_from_text(std::string_view text) {
        return configured(text, {});
    }

    /// The value of the environment variable `name`, as for `from_text`. The error also names the
    /// variable, if its name is in upper case, when it is not set or empty. Not safe while another
    /// thread changes the environment.
    [[nodiscard]] static key from_environment(const char* name) {
        return try_from_environment(name).value();
    }
    /// As `from_environment`, with the error as a value.
    [[nodiscard]] static result<key> try_from_environment(const char* name) {
        if (is_key_text(name)) {
            return unexpected(errc::key_wrong_prefix,
                              "this is a key, where the name of an environment variable is wanted");
        }
        const char* const value = std::getenv(name);
        // Another text may well be a secret in the wrong place, so it is not shown.
        const origin shown = is_variable_name(name) ? name : "the environment variable";
        if (!value) return unexpected(error{errc::empty_key, cause(shown, " is not set")});
        if (*value == '\0') return unexpected(error{errc::empty_key, cause(shown, " is empty")});
        return configured(value, shown);
    }

    /// `whsec_` and 16 to 75 bytes in base64.
    [[nodiscard]] static key from_whsec(std::string_view text) {
        return try_from_whsec(text).value();
    }
    /// As `from_whsec`, with the error as a value.
    [[nodiscard]] static result<key> try_from_whsec(std::string_view text) {
        return read(text, {}, kind::secret);
    }

    /// `whpk_` and, in base64, 32 raw bytes or the 44 of an X.509 SubjectPublicKeyInfo.
    [[nodiscard]] static key from_whpk(std::string_view text) {
        return try_from_whpk(text).value();
    }
    /// As `from_whpk`, with the error as a value.
    [[nodiscard]] static result<key> try_from_whpk(std::string_view text) {
        return read(text, {}, kind::ed25519_public_key);
    }

    /// `whsk_` and, in base64, a seed of 32 bytes or seed and public key: 64. Only signs.
    [[nodiscard]] static key from_whsk(std::string_view text) {
        return try_from_whsk(text).value();
    }
    /// As `from_whsk`, with the error as a value.
    [[nodiscard]] static result<key> try_from_whsk(std::string_view text) {
        return read(text, {}, kind::ed25519_signing_key);
    }

    /// A shared secret or a token of 1 to 4,096 bytes, which are not decoded. The scheme may ask
    /// for more.
    [[nodiscard]] static key from_bytes(crypto::bytes secret) {
        return try_from_bytes(secret).value();
    }
    /// As `from_bytes`, with the error as a value.
    [[nodiscard]] static result<key> try_from_bytes(crypto::bytes secret) {
        if (secret.empty()) return unexpected(errc::empty_key, "the secret has no bytes");
        if (secret.size() > max_text) {
            return unexpected(errc::key_wrong_length, "a secret has at most 4,096 bytes");
        }
        return key(kind::secret, crypto::secret_bytes(secret), {});
    }

    /// This key in `form`, for `use`: text is decoded, its characters and its length are checked.
    /// `lengths` counts for `whsec_` secrets only. What verifiers and `sign` call. Errors: those of
    /// the class; `key_wrong_prefix` also for a key from `from_whsec`, `from_whpk` or `from_whsk`
    /// where another form is wanted.
    [[nodiscard]] result<key> read_as(key_form form, secret_length lengths = secret_length::usual,
                                      key_use use = key_use::verify) const {
        if (form == key_form::standard_webhooks) return read_standard(lengths);
        const bool wants_ed25519 =
            form == key_form::ed25519_hex || form == key_form::ed25519_base64;
        if (wants_ed25519 && kind_ == wanted_kind(form, use)) return *this;
        if (wants_ed25519 && bytes_.text().starts_with(prefix(wanted_kind(form, use)))) {
            return read(bytes_.text(), origin_, wanted_kind(form, use));
        }
        if (read_as_standard_) {
            return refuse(errc::key_wrong_prefix, origin_,
                          "this key was decoded as one of Standard Webhooks, and the scheme wants "
                          "its text: make it with from_text or from_environment");
        }
        if (const auto why = detail::mistake_in_form(form, bytes_.text()); !why.empty()) {
            return refuse(errc::key_bad_encoding, origin_, why);
        }
        // Bytes are what text stands for.
        if (kind_ != kind::configured_text || !is_encoded(form)) {
            return checked(wanted_kind(form, use), bytes_, origin_);
        }
        crypto::secret_bytes decoded(bytes_.view().size());
        const bool in_hex = form == key_form::hex || form == key_form::ed25519_hex;
        const auto size = in_hex ? crypto::hex_decode_secret(bytes_.text(), decoded.writable())
                                 : crypto::base64_decode_secret(bytes_.text(), decoded.writable());
        if (!size && in_hex) return refuse(errc::key_bad_encoding, origin_, "not hex");
        if (!size) {
            return refuse(errc::key_bad_encoding, origin_,
                          detail::mistake_in_base64(bytes_.text()));
        }
        decoded.truncate(*size);
        return checked(wanted_kind(form, use), std::move(decoded), origin_);
    }

    /// What the bytes are.
    [[nodiscard]] kind which() const noexcept { return kind_; }

    /// The decoded bytes; for `configured_text` the text. Valid as long as the key.
    [[nodiscard]] crypto::bytes bytes() const noexcept { return bytes_.view(); }

private:
    // Where the text came from, for messages: the name of an environment variable or nothing.
    using origin = fixed_text<64>;
    using message = decltype(error::where);

    static constexpr std::size_t max_text = 4096;

    key(kind which, crypto::secret_bytes bytes, const origin& from)
        : bytes_(std::move(bytes)), origin_(from), kind_(which) {}

    static kind wanted_kind(key_form form, key_use use) noexcept {
        const bool sign = use == key_use::sign;
        if (form == key_form::ed25519_hex || form == key_form::ed25519_base64) {
            return sign ? kind::ed25519_signing_key : kind::ed25519_public_key;
        }
        if (form == key_form::p256_base64) {
            return sign ? kind::p256_signing_key : kind::p256_public_key;
        }
        return kind::secret;
    }

    static bool is_encoded(key_form form) noexcept {
        return form == key_form::base64 || form == key_form::hex || form == key_form::ed25519_hex ||
               form == key_form::ed25519_base64 || form == key_form::p256_base64;
    }

    [[nodiscard]] result<key> read_standard(secret_length lengths) const {
        auto decoded = kind_ == kind::configured_text
                           ? read(bytes_.text(), origin_, prefixed_kind())
                           : result<key>(*this);
        if (decoded && decoded->kind_ == kind::secret) {
            const std::size_t size = decoded->bytes_.view().size();
            const bool strict = lengths == secret_length::strict;
            if (size < (strict ? 24U : 16U) || size > (strict ? 64U : 75U)) {
                return refuse(errc::key_wrong_length, origin_,
                              strict ? "a whsec_ secret has 24 to 64 bytes in strict mode"
                                     : "a whsec_ secret has 16 to 75 bytes");
            }
        }
        return decoded;
    }

    static message cause(const origin& from, std::string_view text) {
        message where;
        return where.append(from).append(text);
    }
    static unexpected refuse(errc code, const origin& from, std::string_view text) {
        return unexpected(
            error{code, from.empty() ? message(text) : cause(from, ": ").append(text)});
    }

    // Whether `name` is one as POSIX has them: upper-case letters, digits and `_`, no digit first.
    // Keys of letters and digits mostly have lower-case ones.
    static bool is_variable_name(std::string_view name) noexcept {
        for (const char c : name) {
            if (!(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') && c != '_') return false;
        }
        return !name.empty() && !(name.front() >= '0' && name.front() <= '9');
    }

    // Whether text begins as keys do, and so must not be shown.
    static bool is_key_text(std::string_view text) noexcept {
        return crypto::starts_with(text, "whsec_") || crypto::starts_with(text, "whpk_") ||
               crypto::starts_with(text, "whsk_") || crypto::starts_with(text, "v1,");
    }

    // What holds for text in any form.
    static result<key> configured(std::string_view text, const origin& from) {
        if (text.empty()) return refuse(errc::empty_key, from, "the key is empty");
        for (const std::string_view white_space : {" ", "\t", "\r", "\n", "\v", "\f"}) {
            if (!crypto::starts_with(text, white_space) && !crypto::ends_with(text, white_space)) {
                continue;
            }
            return refuse(errc::key_whitespace, from,
                          "surrounding whitespace: remove it, also a newline at the end of a file");
        }
        if (text.size() > max_text) {
            return refuse(errc::key_wrong_length, from, "a key has at most 4,096 characters");
        }
        return key(kind::configured_text, crypto::secret_bytes(crypto::as_bytes(text)), from);
    }

    // The kind that the prefix of configured text announces.
    [[nodiscard]] kind prefixed_kind() const noexcept {
        if (bytes_.text().starts_with("whpk_")) return kind::ed25519_public_key;
        if (bytes_.text().starts_with("whsk_")) return kind::ed25519_signing_key;
        return kind::secret;
    }

    static std::string_view prefix(kind which) noexcept {
        if (which == kind::ed25519_public_key) return "whpk_";
        if (which == kind::ed25519_signing_key) return "whsk_";
        return "whsec_";
    }

    // Reads Standard Webhooks text that has to be of kind `wanted`.
    static result<key> read(std::string_view text, const origin& from, kind wanted) {
        if (auto checked = configured(text, from); !checked) return checked;
        if (!text.starts_with(prefix(wanted))) {
            return refuse(errc::key_wrong_prefix, from, detail::mistake_in_prefix(text));
        }
        text.remove_prefix(prefix(wanted).size());
        if (text.empty()) return refuse(errc::empty_key, from, "nothing stands after the prefix");
        if (is_key_text(text)) {
            return refuse(errc::key_wrong_prefix, from, "the prefix stands there twice");
        }
        crypto::secret_bytes decoded(crypto::base64_decoded_size_limit(text.size()));
        const auto size = crypto::base64_decode_secret(text, decoded.writable());
        if (!size) return refuse(errc::key_bad_encoding, from, detail::mistake_in_base64(text));
        decoded.truncate(*size);
        auto made = checked(wanted, std::move(decoded), from);
        if (!made) return made;
        made->read_as_standard_ = true;
        return made->read_standard(secret_length::usual);
    }

    // Only keys that can be used: a public key is a sound one, a private key one that can sign.
    static result<key> checked(kind which, crypto::secret_bytes decoded, const origin& from) {
        const auto unusable = [&]() -> std::optional<error> {
            switch (which) {
                case kind::ed25519_public_key:
                    decoded = without_der(std::move(decoded), ed25519_public_der);
                    return error_of(crypto::ed25519_public_key::create(decoded.view()));
                case kind::ed25519_signing_key:
                    decoded = without_der(std::move(decoded), ed25519_private_der);
                    return error_of(crypto::ed25519_signing_key::create(decoded.view()));
                case kind::p256_public_key:
                    return error_of(crypto::ecdsa_p256_public_key::create(decoded.view()));
                case kind::p256_signing_key:
                    return error_of(crypto::ecdsa_p256_signing_key::create(decoded.view()));
                case kind::configured_text:
                case kind::secret: break;
            }
            return std::nullopt;
        }();
        if (unusable) return refuse(unusable->code, from, unusable->where);
        return key(which, std::move(decoded), from);
    }

    template <class T>
    static std::optional<error> error_of(const result<T>& made) {
        return made ? std::nullopt : std::optional(made.error());
    }

    // The fixed beginnings of an Ed25519 SubjectPublicKeyInfo and PrivateKeyInfo: RFC 8410,
    // sections 4 and 7.
    static constexpr unsigned char ed25519_public_der[] = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03,
                                                           0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};
    static constexpr unsigned char ed25519_private_der[] = {0x30, 0x2e, 0x02, 0x01, 0x00, 0x30,
                                                            0x05, 0x06, 0x03, 0x2b, 0x65, 0x70,
                                                            0x04, 0x22, 0x04, 0x20};

    // The key that stands in `decoded` behind the fixed beginning `der`, if it does.
    static crypto::secret_bytes without_der(crypto::secret_bytes decoded, crypto::bytes der) {
        const auto view = decoded.view();
        if (view.size() != der.size() + crypto::ed25519_key_size ||
            !crypto::equal(view.first(der.size()), der)) {
            return decoded;
        }
        return crypto::secret_bytes(view.subspan(der.size()));
    }

    crypto::secret_bytes bytes_;
    origin origin_;
    kind kind_;
    bool read_as_standard_ = false;  // from `whsec_`, `whpk_` or `whsk_` text
};

}  // namespace webhookpp

// <webhookpp/tolerance.hpp>
// How far a delivery's timestamp may be from the receiver's clock.

namespace webhookpp {

namespace detail {

template <class T>
concept duration = requires(const T& d) {
    d.count();
    T::period::num;
    T::period::den;
};

}  // namespace detail

/// A number of seconds. Made from a `std::chrono` duration (`5min`), which is recognised by its
/// shape so that nobody pays for `<chrono>` here, or explicitly from a count.
class seconds {
public:
    /// `count` of them.
    constexpr explicit seconds(std::int64_t count) noexcept : count_(count) {}

    /// Fractions of a second are cut off; what is too long is `unlimited()`.
    template <detail::duration Duration>
    constexpr seconds(const Duration& d) noexcept : count_(whole_seconds(d)) {}

    /// Longer than any time.
    [[nodiscard]] static constexpr seconds unlimited() noexcept { return seconds(INT64_MAX); }

    /// How many seconds.
    [[nodiscard]] constexpr std::int64_t count() const noexcept { return count_; }

    friend constexpr bool operator==(const seconds&, const seconds&) noexcept = default;

private:
    template <class Duration>
    static constexpr std::int64_t whole_seconds(const Duration& d) noexcept {
        constexpr std::int64_t num = Duration::period::num;
        constexpr std::int64_t den = Duration::period::den;
        if (d.count() >= INT64_MAX / num) return INT64_MAX;
        if (d.count() <= -(INT64_MAX / num)) return -INT64_MAX;
        return static_cast<std::int64_t>(d.count()) * num / den;
    }

    std::int64_t count_;
};

/// How far a signed timestamp may lie in the past and in the future, both ends included.
struct tolerance {
    seconds past{300};    ///< how old a delivery may be
    seconds future{300};  ///< how far the sender's clock may be ahead

    /// Switches the check off. Whoever recorded a delivery can then replay it at any time: for
    /// tests, and for hosts that remember every id for ever.
    [[nodiscard]] static constexpr tolerance unlimited() noexcept {
        return {seconds::unlimited(), seconds::unlimited()};
    }

    friend constexpr bool operator==(const tolerance&, const tolerance&) noexcept = default;
};

}  // namespace webhookpp

// <webhookpp/verifier_options.hpp>
// What a deployment chooses for a verifier.

namespace webhookpp {

/// The most that a delivery may ask for. A limit that is exactly reached passes.
struct limits {
    std::size_t body = std::size_t{1024} * 1024;       ///< bytes; beyond: `body_too_large`
    std::size_t header_value = std::size_t{8} * 1024;  ///< bytes; beyond: `header_too_large`
    std::size_t query = std::size_t{8} * 1024;         ///< bytes of the target; `header_too_large`
    std::size_t form_fields = 1000;             ///< of a signed form; beyond: `body_too_large`
    std::size_t signatures = 16;                ///< of any version, 1 to 16; `too_many_signatures`
    std::size_t public_key_verifications = 16;  ///< a delivery; beyond: `too_many_signatures`
};

/// How a verifier is set up. The defaults are safe.
struct verifier_options {
    /// How far the signed timestamp may be from now; nothing means what the scheme says.
    std::optional<webhookpp::tolerance> tolerance = std::nullopt;

    /// What deliveries may cost.
    webhookpp::limits limits = {};

    /// The URL of the endpoint, exactly as it is registered with the sender: for schemes that sign
    /// it. Neither the request nor its `Host` decides what the sender called.
    std::string url = {};

    /// How long `whsec_` keys have to be.
    secret_length secrets = secret_length::usual;

    /// Accepts message ids with a dot in them. Then `a.1` + `2.b` and `a` + `1.2.b` are signed
    /// alike, so that whoever can choose ids or the start of bodies may shift bytes between them.
    bool allow_dot_in_id = false;
};

}  // namespace webhookpp

// <webhookpp/bounded_body.hpp>
// Collects a body that a server hands over in pieces, up to a limit.

namespace webhookpp {

/// A body that arrives in pieces. Keeps at most one byte more than its limit, so that nobody can
/// fill the memory, and a receiver with the same limit refuses what was cut off as too large: hand
/// it over in any case.
///
///     webhookpp::bounded_body body;
///     while (const auto piece = read_some()) {
///         body.append(*piece);
///         if (body.is_endless()) break;  // and close the connection behind the answer
///     }
///     const auto reply = receiver.receive({headers, body});
///
/// What is too large is best read on, though it is dropped: a sender who is still sending when the
/// connection is closed does not see the answer.
///
/// Is a body for `delivery` by `data()` and `size()`. Can be moved; a moved-from one can only be
/// assigned to or destroyed. For one thread at a time.
class bounded_body {
public:
    /// Makes an empty one, for `limit` bytes: the same limit as the verifier's. Memory is taken as
    /// the body arrives, at most twice of what has arrived.
    explicit bounded_body(std::size_t limit = limits().body) noexcept : limit_(limit) {}

    /// Whether a body of `content_length` bytes would be kept. Where the `Content-Length` is known
    /// before the body, one that is too large need not be read at all.
    [[nodiscard]] bool has_room_for(std::uint64_t content_length) const noexcept {
        return content_length <= limit_;
    }

    /// Adds the next piece, of any type that holds contiguous bytes. Returns whether more would be
    /// kept: false once the limit is exceeded. Also when memory ran out: then what there is of the
    /// body is no longer the whole, and its signature will not match.
    template <detail::sized_bytes Piece>
    bool append(const Piece& piece) noexcept {
        const std::string_view all = detail::text_of(piece);
        received_ += all.size();
        if (closed_) return false;
        const std::size_t room = limit_ - size();
        // One byte over the limit shows that there was more.
        const std::string_view kept =
            all.substr(0, (std::min)(all.size(), room) + (all.size() > room ? 1 : 0));
        closed_ = !make_room_for(kept.size()) || !bytes_.append(kept) || all.size() > room;
        return !closed_;
    }

    /// What has been kept: `size()` bytes. Valid until the body changes or is moved.
    [[nodiscard]] const char* data() const noexcept { return bytes_.view().data(); }
    /// How many bytes have been kept: at most one more than the limit.
    [[nodiscard]] std::size_t size() const noexcept { return bytes_.view().size(); }

    /// What has been kept. Valid until the body changes or is moved.
    [[nodiscard]] std::string_view view() const noexcept { return bytes_.view(); }

    /// How many bytes have arrived, with those that were not kept. Some servers hand over a body
    /// that broke off as if it were whole: compare with the `Content-Length`.
    [[nodiscard]] std::uint64_t received() const noexcept { return received_; }

    /// Whether so much has arrived, some 16 times the limit, that it is not worth reading on.
    [[nodiscard]] bool is_endless() const noexcept { return received_ / 16 > limit_; }

    /// Forgets all, for the next body on the same connection. Keeps the memory that it has.
    void clear() noexcept {
        bytes_.clear();
        received_ = 0;
        closed_ = false;
    }

private:
    // Twice of what is needed, so that pieces cost little, but not more than can ever be kept.
    [[nodiscard]] bool make_room_for(std::size_t more) noexcept {
        const std::size_t needed = size() + more;
        if (needed <= bytes_.capacity()) return true;
        const std::size_t most = limit_ < SIZE_MAX ? limit_ + 1 : limit_;
        return bytes_.reserve((std::min)(most, 2 * needed));
    }

    std::size_t limit_;
    std::uint64_t received_ = 0;
    detail::byte_buffer<256> bytes_;
    bool closed_ = false;
};

}  // namespace webhookpp

// <webhookpp/detail/header_name.hpp>
// Names of headers, which no letter case and no locale tells apart.

namespace webhookpp::detail {

[[nodiscard]] constexpr char fold_ascii(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

// Eight characters at once, each as by fold_ascii.
[[nodiscard]] constexpr std::uint64_t fold_ascii(std::uint64_t eight) noexcept {
    constexpr std::uint64_t each = 0x0101010101010101;
    const std::uint64_t low = eight & (0x7F * each);
    // The highest bit of each byte tells: at least 'A', above 'Z', no ASCII.
    const std::uint64_t letters =
        (low + (0x80 - 'A') * each) & ~(low + (0x7F - 'Z') * each) & ~eight & (0x80 * each);
    return eight | (letters >> 2);
}

// Header names are ASCII, so only ASCII letters fold: no locale can make others equal.
[[nodiscard]] constexpr bool equal_names(std::string_view left, std::string_view right) noexcept {
    if (left.size() != right.size()) return false;
    std::size_t i = 0;
    if (!std::is_constant_evaluated() && left.size() >= 8) {
        const auto differ = [&](std::size_t at) {
            std::uint64_t words[2];
            std::memcpy(&words[0], left.data() + at, 8);
            std::memcpy(&words[1], right.data() + at, 8);
            return fold_ascii(words[0]) != fold_ascii(words[1]);
        };
        for (; i + 8 < left.size(); i += 8) {
            if (differ(i)) return false;
        }
        return !differ(left.size() - 8);
    }
    for (; i < left.size(); ++i) {
        if (fold_ascii(left[i]) != fold_ascii(right[i])) return false;
    }
    return true;
}

/// Tells most headers of a request apart from those that are wanted, without a look at each name:
/// by length and first letter.
class header_kinds {
public:
    /// Adds the kind of `name`, if it is not empty.
    constexpr void add(std::string_view name) noexcept {
        if (!name.empty()) bits_ |= bit(name);
    }

    /// False if no name like `name` was added, or if it is empty.
    [[nodiscard]] constexpr bool may_have(std::string_view name) const noexcept {
        return !name.empty() && (bits_ & bit(name)) != 0;
    }

private:
    [[nodiscard]] static constexpr std::uint64_t bit(std::string_view name) noexcept {
        const std::uint64_t first = static_cast<unsigned char>(fold_ascii(name[0]));
        return std::uint64_t{1} << ((name.size() + 5 * first) % 64);
    }

    std::uint64_t bits_ = 0;
};

}  // namespace webhookpp::detail

// <webhookpp/detail/header_field.hpp>
// One header as host programs hold it, recognised by shape.

namespace webhookpp::detail {

template <class T>
concept text_value = text<std::remove_cvref_t<T>>;

template <class T>
concept text_list = !text<T> && requires(const T& list) {
    std::begin(list) != std::end(list);
    { *std::begin(list) } -> text_value;
};

// The second part of a pair: text, several, or an object that has it.
template <class T>
concept pair_value = text<T> || text_list<T> || requires(const T& t) {
    { t.value() } -> text_value;
} || requires(const T& t) {
    { t.value } -> text_value;
};

template <class T>
concept pair_field = requires(const T& field) {
    { field.first } -> text_value;
    requires pair_value<std::remove_cvref_t<decltype(field.second)>>;
};
template <class T>
concept name_string_field = requires(const T& field) {
    { field.name_string() } -> text_value;
    { field.value() } -> text_value;
};
template <class T>
concept name_function_field = requires(const T& field) {
    { field.name() } -> text_value;
    { field.value() } -> text_value;
};
template <class T>
concept name_member_field = requires(const T& field) {
    { field.name } -> text_value;
    { field.value } -> text_value;
};
template <class T>
concept key_member_field = requires(const T& field) {
    { field.key } -> text_value;
    { field.value } -> text_value;
};

/// A header in one of the forms that HTTP servers have.
template <class T>
concept header_field = pair_field<T> || name_string_field<T> || name_function_field<T> ||
    name_member_field<T> || key_member_field<T>;

template <text Name, class Value, class Sink>
void show_pair(const Name& name, const Value& value, const Sink& sink) {
    if constexpr (text<Value>) {
        sink(text_of(name), text_of(value));
    } else if constexpr (text_list<Value>) {
        for (auto&& each : value) sink(text_of(name), text_of(each));
    } else if constexpr (requires {
                             { value.value() } -> text_value;
                         }) {
        sink(text_of(name), text_of(value.value()));
    } else {
        sink(text_of(name), text_of(value.value));
    }
}

/// Hands name and value of `field` to `sink`: once for each value that it has.
template <header_field T, class Sink>
void show_field(const T& field, const Sink& sink) {
    if constexpr (pair_field<T>) {
        show_pair(field.first, field.second, sink);
    } else if constexpr (name_string_field<T>) {
        // Boost.Beast, whose name() is a number.
        sink(text_of(field.name_string()), text_of(field.value()));
    } else if constexpr (name_function_field<T>) {
        sink(text_of(field.name()), text_of(field.value()));
    } else if constexpr (name_member_field<T>) {
        sink(text_of(field.name), text_of(field.value));
    } else {
        sink(text_of(field.key), text_of(field.value));
    }
}

}  // namespace webhookpp::detail

// <webhookpp/header_source.hpp>
// Reads request headers from whatever a host server keeps them in, recognised by shape.

namespace webhookpp {

class header_sink;
class header_source;

namespace detail {

template <class T>
concept header_host = !std::same_as<std::remove_cvref_t<T>, header_source>;

template <class F>
concept header_taker =
    std::invocable<F&, std::string_view, std::string_view> && !std::same_as<F, header_sink>;

}  // namespace detail

/// Where a source hands over headers, one call each. Refers to a callable and does not own it:
/// valid during the call that it was passed to.
class header_sink {
public:
    /// A view of `take`, which is called with the name and the value of each header.
    template <detail::header_taker F>
    header_sink(F& take) noexcept : target_(&take), call_(&call<F>) {}

    /// Takes one header. Both views need to be valid only during the call.
    void operator()(std::string_view name, std::string_view value) const {
        call_(target_, name, value);
    }

private:
    template <class F>
    static void call(void* target, std::string_view name, std::string_view value) {
        (*static_cast<F*>(target))(name, value);
    }

    void* target_;
    void (*call_)(void*, std::string_view, std::string_view);
};

/// For hosts whose headers have none of the shapes below: specialise it for the type that holds
/// them, which may be a C library's.
///
///     template <>
///     struct webhookpp::header_traits<MHD_Connection> {
///         static void visit(MHD_Connection& connection, webhookpp::header_sink sink);
///     };
///
/// `visit` hands every header to `sink`. It may take its parameter as const.
template <class T>
struct header_traits;

/// A type with `header_traits`.
template <class T>
concept described_headers = requires(T& source, header_sink sink) {
    header_traits<std::remove_const_t<T>>::visit(source, sink);
};

/// A range of headers, such as `std::multimap<std::string, std::string>`. A header is a pair
/// (`first`, `second`; the second is text, a range of texts, or an object with `value()` or
/// `value`), or an object with `name_string()` and `value()`, `name()` and `value()`, `name` and
/// `value`, or `key` and `value`. Texts are whatever holds contiguous bytes, converts to
/// `std::string_view`, or is a pointer and a length (`buf`, `base` or `data`, and `len`).
template <class T>
concept header_range = requires(T& range) {
    std::begin(range) != std::end(range);
    requires detail::header_field<std::remove_cvref_t<decltype(*std::begin(range))>>;
};

namespace detail {

// Stand for the callables that member visitors take. Only declared: they are never called.
struct any_field_taker {
    template <class Field>
    void operator()(const Field& field) const;
};
struct any_pair_taker {
    template <class Name, class Value>
    void operator()(const Name& name, const Value& value) const;
};

// restinio
template <class T>
concept for_each_field_source = requires(T& source) {
    source.for_each_field(any_field_taker());
};

// proxygen
template <class T>
concept for_each_source = requires(T& source) {
    source.forEach(any_pair_taker());
};

// oat++
template <class T>
concept get_all_source = requires(T& source) {
    requires header_range<std::remove_reference_t<decltype(source.getAll())>>;
};

}  // namespace detail

/// An object with a member function that shows all headers: `for_each_field(f)`, where `f` takes a
/// header as in a `header_range`; `forEach(f)`, where `f` takes name and value; or `getAll()`,
/// which returns a `header_range`.
template <class T>
concept header_member_visitor =
    detail::for_each_field_source<T> || detail::for_each_source<T> || detail::get_all_source<T>;

/// A callable that visits all headers: `void(header_sink)`.
template <class T>
concept header_visitor = std::invocable<T&, header_sink>;

namespace detail {

// What a lookup for a header's name may return.
template <class T>
concept found_header = text<std::remove_cvref_t<T>> || requires(T found) {
    static_cast<bool>(found);
    requires text<std::remove_cvref_t<decltype(*found)>>;
};

template <class T, class Name>
concept looks_up_by = std::invocable<T&, Name> && requires {
    requires found_header<std::invoke_result_t<T&, Name>>;
};

}  // namespace detail

/// A callable that finds one header by its name: from `std::string_view`, `const std::string&` or
/// `const char*` to text (empty means absent), a pointer to text (null means absent) or an optional
/// text.
template <class T>
concept header_lookup = !header_visitor<T> && (detail::looks_up_by<T, std::string_view> ||
                                               detail::looks_up_by<T, const std::string&> ||
                                               detail::looks_up_by<T, const char*>);

/// Any host's headers, by reference: made implicitly from what has `header_traits`, a
/// `header_range`, a `header_member_visitor`, a `header_visitor` or a `header_lookup`, the first of
/// these that fits. It does not own them, and they must outlive it.
///
/// A range or visitor should show duplicates as they arrived. A lookup shows one value for each
/// name, so differing duplicates go unseen: such a delivery is accepted where the visible value
/// verifies, never where none does.
///
/// A generic lambda (`[](auto name)`) fits nothing, since asking what it takes would compile it:
/// write the type of its parameter.
class header_source {
public:
    /// A view of `source`.
    template <detail::header_host T>
    header_source(T&& source) noexcept
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast): `visit_as` knows what was const
        : source_(const_cast<void*>(static_cast<const void*>(&source))),
          visit_(visit_of<seen_as<std::remove_reference_t<T>>>()) {}

    /// Hands headers to `sink`: at least all whose name is in `wanted`, in any order and any letter
    /// case. Throws what the host's own code throws.
    void visit(std::span<const std::string_view> wanted, header_sink sink) const {
        visit_(source_, wanted, sink);
    }

private:
    template <class T>
    static constexpr bool is_source =
        described_headers<T> || header_range<T> || header_member_visitor<T> || header_visitor<T> ||
        header_lookup<T>;

    // Const wherever that will do: only what cannot be read otherwise is read as it was given, such
    // as the request of uWebSockets, whose begin() is not const.
    template <class T>
    using seen_as = std::conditional_t<is_source<const T>, const T, T>;

    using visit_function = void (*)(void*, std::span<const std::string_view>, header_sink);

    template <class T>
    static constexpr visit_function visit_of() noexcept {
        static_assert(is_source<T>,
                      "headers have to be a type with webhookpp::header_traits, a range of headers "
                      "(pairs, or objects with name and value), an object with for_each_field, "
                      "forEach or getAll, a callable void(webhookpp::header_sink) that visits all "
                      "of them, or a callable that takes a std::string_view name and returns text, "
                      "a pointer or an optional");
        return &visit_as<T>;
    }

    template <class T>
    static void visit_as(void* erased, std::span<const std::string_view> wanted, header_sink sink) {
        T& source = *static_cast<T*>(erased);
        if constexpr (described_headers<T>) {
            header_traits<std::remove_const_t<T>>::visit(source, sink);
        } else if constexpr (header_range<T>) {
            show_range(source, sink);
        } else if constexpr (detail::for_each_field_source<T>) {
            source.for_each_field([sink](const auto& field) { detail::show_field(field, sink); });
        } else if constexpr (detail::for_each_source<T>) {
            source.forEach([sink](const auto& name, const auto& value) {
                sink(detail::text_of(name), detail::text_of(value));
            });
        } else if constexpr (detail::get_all_source<T>) {
            auto&& all = source.getAll();
            show_range(all, sink);
        } else if constexpr (header_visitor<T>) {
            source(sink);
        } else {
            for (const std::string_view name : wanted) {
                if (!name.empty()) show_found(name, look_up(source, name), sink);
            }
        }
    }

    template <class Range>
    static void show_range(Range& range, header_sink sink) {
        for (auto&& field : range) detail::show_field(field, sink);
    }

    template <class T>
    static decltype(auto) look_up(T& source, std::string_view name) {
        if constexpr (detail::looks_up_by<T, std::string_view>) {
            return source(name);
        } else if constexpr (detail::looks_up_by<T, const std::string&>) {
            return source(std::string(name));
        } else {
            // What the scheme looks for are literals, but the header's name may be a part of one.
            return source(std::string(name).c_str());
        }
    }

    template <class Found>
    static void show_found(std::string_view name, Found&& found, header_sink sink) {
        if constexpr (detail::text<std::remove_cvref_t<Found>>) {
            sink(name, detail::text_of(found));
        } else if (static_cast<bool>(found)) {
            sink(name, detail::text_of(*found));
        }
    }

    void* source_;
    visit_function visit_;
};

}  // namespace webhookpp

// <webhookpp/collected_headers.hpp>
// The few headers that a scheme reads, copied out of the request and tidied.

namespace webhookpp {

namespace detail {

[[nodiscard]] constexpr std::string_view trim_blanks(std::string_view text) noexcept {
    const auto blank = [](char c) { return c == ' ' || c == '\t'; };
    while (!text.empty() && blank(text.front())) text.remove_prefix(1);
    while (!text.empty() && blank(text.back())) text.remove_suffix(1);
    return text;
}

/// Some of the names that a collection looks for: a bit for each place.
using name_set = unsigned;

[[nodiscard]] constexpr name_set name_at(std::size_t place) noexcept {
    return 1U << place;
}

}  // namespace detail

/// Owns the values of some headers: trimmed of spaces and tabs, empty ones left out, differing
/// duplicates marked. The request that they came from may be gone.
///
/// Hosts that read the body later collect when the headers are there, and give the collection to
/// the verifier as its header source. Up to 1 KiB of values lies in the object, more on the heap.
class collected_headers {
public:
    /// The most names that one collection looks for.
    static constexpr std::size_t max_names = 8;

    /// What was found of a name.
    enum class state : std::uint8_t {
        missing,    ///< absent or empty
        single,     ///< one value, perhaps repeated
        duplicate,  ///< two or more different values
        too_large,  ///< a value is longer than the limit
    };

    collected_headers() noexcept = default;

    /// Replaces the contents by the values of `names` in `source`.
    ///
    /// `names` are texts, such as literals, that outlive the collection: the first `max_names` of
    /// them count, and an empty one matches nothing. A value of more than `value_limit` bytes is
    /// `too_large`. Returns false when memory ran out or the host's code threw; the collection is
    /// then empty.
    [[nodiscard]] bool collect(const header_source& source, std::span<const std::string_view> names,
                               std::size_t value_limit) noexcept {
        clear();
        detail::header_kinds kinds;
        for (const std::string_view name : names) {
            if (count_ == max_names) break;
            kinds.add(name);
            names_[count_++] = name;
        }
        bool good = true;
        auto take = [this, kinds, value_limit, &good](std::string_view name,
                                                      std::string_view value) {
            if (!kinds.may_have(name)) return;
            for (std::size_t i = 0; i < count_; ++i) {
                if (detail::equal_names(name, names_[i])) {
                    good = good && add(fields_[i], detail::trim_blanks(value), value_limit);
                    note(i);
                }
            }
        };
#if defined(__cpp_exceptions)
        try {
            source.visit(std::span(names_).first(count_), take);
        } catch (...) {
            good = false;
        }
#else
        source.visit(std::span(names_).first(count_), take);
#endif
        if (!good) clear();
        return good;
    }

    /// Forgets all headers and overwrites their values, which may be credentials.
    void wipe() noexcept {
        values_.wipe();
        clear();
    }

    /// What was found for the name at `index` (below `max_names`) of the collected names.
    [[nodiscard]] state which(std::size_t index) const noexcept {
        return fields_[index].which;
    }

    /// The places of all names that have a value.
    [[nodiscard]] detail::name_set found() const noexcept {
        return found_;
    }

    /// The places of all names that are `duplicate` or `too_large`.
    [[nodiscard]] detail::name_set flawed() const noexcept {
        return flawed_;
    }

    /// The first value for that name, or empty text. Valid until the collection changes.
    [[nodiscard]] std::string_view value(std::size_t index) const noexcept {
        return text(fields_[index].first);
    }

    /// Hands all values to `sink`, two for a duplicate: so a collection is a header source itself.
    void operator()(header_sink sink) const {
        for (std::size_t i = 0; i < count_; ++i) {
            if (fields_[i].which == state::missing) continue;
            sink(names_[i], text(fields_[i].first));
            if (fields_[i].second.size != 0) sink(names_[i], text(fields_[i].second));
        }
    }

private:
    struct slice {
        std::size_t offset = 0;
        std::size_t size = 0;
    };
    struct field {
        state which = state::missing;
        slice first;
        slice second;
    };

    void note(std::size_t place) noexcept {
        const state which = fields_[place].which;
        if (which != state::missing) found_ |= detail::name_at(place);
        if (which != state::missing && which != state::single) flawed_ |= detail::name_at(place);
    }

    void clear() noexcept {
        count_ = 0;
        found_ = 0;
        flawed_ = 0;
        for (field& each : fields_) each = field();
        values_.clear();
    }

    [[nodiscard]] bool add(field& to, std::string_view value, std::size_t limit) noexcept {
        if (value.empty() || to.which == state::too_large) return true;
        if (value.size() > limit) {
            to.which = state::too_large;
            // One byte over the limit is kept, so that a second collection finds the same: the
            // last, which is no blank that it would trim.
            to.first = {values_.size(), limit + 1};
            return values_.append(value.substr(0, limit)) &&
                   values_.append(value.substr(value.size() - 1));
        }
        if (to.which == state::missing) {
            to.which = state::single;
            return store(to.first, value);
        }
        if (to.which == state::single && value != text(to.first)) {
            to.which = state::duplicate;
            return store(to.second, value);
        }
        return true;
    }

    [[nodiscard]] bool store(slice& where, std::string_view value) noexcept {
        where = {values_.size(), value.size()};
        return values_.append(value);
    }

    [[nodiscard]] std::string_view text(slice of) const noexcept {
        return {values_.view().data() + of.offset, of.size};
    }

    std::size_t count_ = 0;
    detail::name_set found_ = 0;
    detail::name_set flawed_ = 0;
    std::string_view names_[max_names];
    field fields_[max_names] = {};
    detail::byte_buffer<1024> values_;
};

namespace detail {

/// Headers that may be credentials: their values are overwritten on each way out.
struct wiped_headers {
    wiped_headers() noexcept = default;
    wiped_headers(const wiped_headers&) = delete;
    wiped_headers& operator=(const wiped_headers&) = delete;
    ~wiped_headers() { collected.wipe(); }

    collected_headers collected;
};

}  // namespace detail

}  // namespace webhookpp

// <webhookpp/reply.hpp>
// What to answer to the sender of a delivery.

namespace webhookpp {

/// One header of a reply. The name is static, the value is owned.
struct reply_header {
    std::string_view name = {};  ///< such as `Retry-After`
    fixed_text<256> value = {};  ///< what is longer is cut off
};

/// The headers of a reply: a range of at most 3 that lies in place.
class reply_headers {
public:
    /// The most headers of one reply.
    static constexpr std::size_t max = 3;

    reply_headers() noexcept = default;

    /// The first `max` of `headers`.
    reply_headers(std::initializer_list<reply_header> headers) noexcept {
        for (const reply_header& each : headers) add(each.name, each.value);
    }

    /// Adds a header, if there is room. `name` is a literal.
    void add(std::string_view name, std::string_view value) noexcept {
        if (size_ == max) return;
        list_[size_].name = name;
        list_[size_++].value = value;
    }

    /// The first header.
    [[nodiscard]] const reply_header* begin() const noexcept { return list_; }
    /// Behind the last header.
    [[nodiscard]] const reply_header* end() const noexcept { return list_ + size_; }
    /// How many headers there are.
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    /// The header at `index`, which is below `size()`.
    [[nodiscard]] const reply_header& operator[](std::size_t index) const noexcept {
        return list_[index];
    }

private:
    reply_header list_[max];
    std::size_t size_ = 0;
};

/// An HTTP response: what `receiver` answers. It owns all of its text in place, of which what is
/// longer than 256 bytes is cut off, allocates nothing, and can be kept and copied at will. It
/// never tells which check failed: that is for the log, not for somebody who is guessing.
struct reply {
    int status = 200;            ///< the HTTP status
    reply_headers headers = {};  ///< to be sent as they are
    fixed_text<256> body = {};   ///< converts to `std::string_view`
};

namespace detail {

[[nodiscard]] inline reply text_reply(int status, std::string_view text) noexcept {
    return {status, {{"Content-Type", "text/plain; charset=utf-8"}}, text};
}

}  // namespace detail

/// The reply to an accepted delivery.
[[nodiscard]] inline reply accepted_reply() noexcept {
    return detail::text_reply(200, "ok\n");
}

/// The reply to a delivery that was refused with `code`.
[[nodiscard]] inline reply refusal_reply(errc code) noexcept {
    switch (http_status(code)) {
        case 401: return detail::text_reply(401, "the delivery could not be verified\n");
        case 413: return detail::text_reply(413, "the delivery is too large\n");
        case 400: return detail::text_reply(400, "the event could not be decoded\n");
        case 500: return detail::text_reply(500, "the event could not be handled\n");
        default: {
            reply later = detail::text_reply(503, "try again later\n");
            // Senders that follow Standard Webhooks honour it; half a minute lets a restart or a
            // spike pass.
            later.headers.add("Retry-After", "30");
            return later;
        }
    }
}

}  // namespace webhookpp

// <webhookpp/request.hpp>
// What a host server hands over for one delivery.

namespace webhookpp {

class body_view;

namespace detail {

template <class T>
concept body_container =
    sized_bytes<std::remove_cvref_t<T>> && !std::same_as<std::remove_cvref_t<T>, body_view>;

// Whether the bytes of a `T` given by value live on after it: views are trivially copyable classes,
// and std::array, which is that too but owns, is an aggregate.
template <class T>
concept outlived_by_its_bytes = std::is_lvalue_reference_v<T> ||
    pointer_and_length<std::remove_cvref_t<T>> ||
    (std::is_trivially_copyable_v<T> && !std::is_aggregate_v<T>);

template <class T>
concept lasting_body = body_container<T> && outlived_by_its_bytes<T>;

template <class T>
concept temporary_body = body_container<T> && !outlived_by_its_bytes<T>;

}  // namespace detail

/// The bytes of a body exactly as they arrived, by reference: made implicitly from whatever holds
/// contiguous bytes (`std::string`, `std::string_view`, `std::vector<unsigned char>`,
/// `std::span<const std::byte>`, a struct of `buf`, `base` or `data` and `len` ...), which must
/// outlive it and all that is verified from it. From a temporary container it cannot be made; from
/// a bare pointer, which has no length, neither.
class body_view {
public:
    constexpr body_view() noexcept = default;

    /// A view of `body`.
    template <detail::lasting_body T>
    body_view(T&& body) noexcept : bytes_(detail::text_of(body)) {}

    template <detail::temporary_body T>
    body_view(T&& temporary) = delete;

    /// All of it. Valid as long as what holds the bytes.
    [[nodiscard]] constexpr std::string_view bytes() const noexcept { return bytes_; }

private:
    std::string_view bytes_;
};

/// One request as it arrived. A view: it owns nothing, and is best made in the call that uses it:
/// `receiver.receive({request.headers, request.body})`.
struct delivery {
    header_source headers;             ///< as the server keeps them
    body_view body = {};               ///< exactly as it arrived
    std::string_view method = "POST";  ///< read where the scheme signs it, and by handshakes
    std::string_view target = {};      ///< path and query, where a scheme reads them
};

/// Path and query of `url` as they stand there: what a request to it has as its target. Empty where
/// the URL has neither; a text that starts with `/` is a target already. Views `url`.
[[nodiscard]] constexpr std::string_view target_of(std::string_view url) noexcept {
    url = url.substr(0, url.find('#'));
    if (const auto scheme = url.find("://"); scheme < url.find_first_of("/?")) {
        url.remove_prefix(scheme + 3);
    }
    const auto path = url.find_first_of("/?");
    return path == std::string_view::npos ? std::string_view() : url.substr(path);
}

}  // namespace webhookpp

// <webhookpp/adapters/beast.hpp>
// Deliveries in a server that is made with Boost.Beast. Includes nothing of Boost: the program
// does, which calls what is here.

#if defined(__cpp_impl_coroutine)
#include <coroutine>
#endif

namespace webhookpp {

namespace adapters {

/// The type of body to read deliveries with: Beast puts what arrives into a `bounded_body`, which
/// drops what is over its limit.
///
///     boost::beast::http::request_parser<webhookpp::adapters::beast_body> parser;
struct beast_body {
    /// What holds the body.
    using value_type = bounded_body;

    /// How many bytes of the body are kept.
    [[nodiscard]] static std::uint64_t size(const value_type& body) noexcept { return body.size(); }

    /// What Beast calls while it reads.
    class reader {
    public:
        /// Reads into `body`, which must outlive the reader.
        template <class Header>
        reader(Header& /*headers*/, value_type& body) noexcept : body_(&body) {}

        /// Before the first piece. The announced length decides nothing: the limit counts what
        /// arrives.
        template <class Length, class Error>
        void init(const Length& /*length*/, Error& error) noexcept {
            error = Error();
        }

        /// Adds the next pieces. Returns how many bytes they have, also of what is over the limit,
        /// so that Beast reads on.
        template <class Buffers, class Error>
        std::size_t put(const Buffers& pieces, Error& error) noexcept {
            error = Error();
            std::size_t taken = 0;
            const auto end = buffer_sequence_end(pieces);
            for (auto piece = buffer_sequence_begin(pieces); piece != end; ++piece) {
                body_->append(
                    std::string_view(static_cast<const char*>(piece->data()), piece->size()));
                taken += piece->size();
            }
            return taken;
        }

        /// Behind the last piece.
        template <class Error>
        void finish(Error& error) noexcept {
            error = Error();
        }

    private:
        value_type* body_;
    };
};

}  // namespace adapters

namespace detail {

template <class Parser>
concept beast_parser = requires(Parser& parser) {
    requires std::same_as<std::remove_cvref_t<decltype(parser.get().body())>, bounded_body>;
    parser.get().method_string();
};

// Beast's functions are found by their arguments, if the program has included them.
template <class Stream, class Buffer, class Parser>
concept beast_readable = requires(Stream& stream, Buffer& buffer, Parser& parser) {
    read_header(stream, buffer, parser);
    read_some(stream, buffer, parser);
};

template <class Buffer>
concept beast_flat_buffer =
    std::constructible_from<typename Buffer::const_buffers_type, const char*, std::size_t>;

// What is to be done about a body that has not been read.
template <class Parser>
class beast_rest {
public:
    // `arrived` bytes lie unread behind the headers.
    beast_rest(Parser& parser, std::size_t arrived, std::size_t limit)
        : parser_(parser), limit_(limit) {
        if (parser.is_header_done()) length_ = parser.content_length().value_or(0);
        const bool has_body = length_ != 0 || (parser.is_header_done() && parser.chunked());
        if (!parser.is_header_done() || (has_body && parser.is_done()) ||
            parser.get().body().size() != 0) {
            raise({errc::internal_error, "not called between the headers and the body"});
        }
        // Else a call that finds a part of a chunk at the end of what it has would not return.
        parser.eager(false);
        const auto& headers = parser.get().base();
        const std::string_view expected = text_of(headers["Expect"]);
        waits_ = headers.version() >= 11 && arrived == 0 && !parser.is_done() &&
                 equal_names(trim_blanks(expected), "100-continue");
    }

    [[nodiscard]] std::uint64_t content_length() const noexcept { return length_; }

    // Whether the sender holds the body back until it is asked for it.
    [[nodiscard]] bool sender_waits() const noexcept { return waits_; }
    void sender_was_asked() noexcept { waits_ = false; }

    // Whether there is more to read, and it is worth it.
    [[nodiscard]] bool more() const noexcept {
        return !parser_.is_done() && !waits_ && length_ / 16 <= limit_ && received_ / 16 <= limit_;
    }
    void count(std::size_t received) noexcept { received_ += received; }

private:
    Parser& parser_;
    std::uint64_t limit_;
    std::uint64_t length_ = 0;
    std::uint64_t received_ = 0;
    bool waits_ = false;
};

// All of a delivery but reading and writing.
template <class Parser, class Receiver>
class beast_delivery {
public:
    beast_delivery(Parser& parser, std::size_t arrived, const Receiver& receiver)
        : rest_(parser, arrived, receiver.verifier().body_limit()),
          parser_(parser),
          receiver_(receiver),
          // Beast before 1.90 adds the trailers behind a chunked body to the headers.
          headers_(receiver.collect(parser.get().base())),
          refused_(receiver.refuse_early(headers_, rest_.content_length())) {
        const std::size_t limit = receiver.verifier().body_limit();
        parser.get().body() = bounded_body(refused_ ? 0 : limit);
    }

    // Whether to send 100 Continue. Asked once.
    [[nodiscard]] bool asks_sender() noexcept {
        if (refused_ || !rest_.sender_waits()) return false;
        rest_.sender_was_asked();
        return true;
    }

    [[nodiscard]] bool more() const noexcept { return rest_.more(); }
    void count(std::size_t received) noexcept { rest_.count(received); }

    [[nodiscard]] reply answer() const noexcept {
        if (refused_) return *refused_;
        const auto& request = parser_.get();
        if (!parser_.is_done() && request.body().size() <= receiver_.verifier().body_limit()) {
            return refusal_reply(errc::body_too_large);  // chunks with little in them
        }
        return receiver_.receive({.headers = headers_,
                                  .body = request.body(),
                                  .method = text_of(request.method_string()),
                                  .target = text_of(request.target())});
    }

private:
    beast_rest<Parser> rest_;
    Parser& parser_;
    const Receiver& receiver_;
    collected_headers headers_;
    std::optional<reply> refused_;
};

template <class Buffer>
[[nodiscard]] auto beast_continue() noexcept {
    constexpr std::string_view line = "HTTP/1.1 100 Continue\r\n\r\n";
    return typename Buffer::const_buffers_type(line.data(), line.size());
}

// These checks are made before the functions are looked at, so that what they say comes first.
template <class Stream, class Buffer, class Parser>
constexpr bool checked_for_beast() {
    static_assert(beast_parser<Parser>,
                  "the parser has to be a boost::beast::http::request_parser<"
                  "webhookpp::adapters::beast_body>");
    static_assert(beast_flat_buffer<Buffer>, "the buffer has to be a boost::beast::flat_buffer");
    static_assert(beast_readable<Stream, Buffer, Parser>,
                  "Beast cannot read from this: include <boost/beast/http.hpp>, and give a "
                  "boost::beast::tcp_stream or another stream of Asio");
    return true;
}

}  // namespace detail

namespace adapters {

/// Reads the headers of the next request into `parser`, which is a new one, as Beast's
/// `read_header` does and with what it throws. Sets aside Beast's limit for the body, which would
/// end the connection without an answer: `receive` and `drop_body` have a limit of their own.
///
/// Between this and `receive`, look at `parser.get().target()`. `parser.header_limit()` is to be
/// set before; the buffer's own limit has to be larger.
template <class Stream, class Buffer, class Parser>
void read_headers(Stream& stream, Buffer& buffer, Parser& parser) {
    static_assert(detail::checked_for_beast<Stream, Buffer, Parser>());
    parser.body_limit(UINT64_MAX);
    read_header(stream, buffer, parser);
}

/// Receives the delivery of which `read_headers` has read the headers, and returns what to answer:
/// see `make_response`. Throws what Beast throws when the connection fails or the body is cut
/// short, and then the receiver has not seen it.
///
/// Takes the headers before the body is read, so that no trailer can pass for one. Reads and drops
/// what is refused, up to 16 times the verifier's limit for bodies: so the sender gets the answer,
/// and not a connection that breaks off. Answers `Expect: 100-continue`, unless the headers alone
/// are reason to refuse. How long it may take is for the stream to limit.
template <class Stream, class Buffer, class Parser, class Receiver>
[[nodiscard]] reply receive(Stream& stream, Buffer& buffer, Parser& parser,
                            const Receiver& receiver) {
    static_assert(detail::checked_for_beast<Stream, Buffer, Parser>());
    detail::beast_delivery delivery(parser, buffer.size(), receiver);
    if (delivery.asks_sender()) write(stream, detail::beast_continue<Buffer>());
    while (delivery.more()) delivery.count(read_some(stream, buffer, parser));
    return delivery.answer();
}

/// Reads and drops the body of a request that is no delivery, up to 16 times `limit`, so that its
/// sender gets the answer. Throws as `receive` does.
template <class Stream, class Buffer, class Parser>
void drop_body(Stream& stream, Buffer& buffer, Parser& parser, std::size_t limit = limits().body) {
    static_assert(detail::checked_for_beast<Stream, Buffer, Parser>());
    detail::beast_rest rest(parser, buffer.size(), limit);
    parser.get().body() = bounded_body(0);
    while (rest.more()) rest.count(read_some(stream, buffer, parser));
}

/// Makes the response of `answer`: `Response` is a `boost::beast::http::response` with a
/// `string_body`. It keeps the connection where the sender wants that and the request has been read
/// to its end: close it after a response whose `keep_alive()` is false.
template <class Response, class Parser>
[[nodiscard]] Response make_response(const reply& answer, const Parser& parser) {
    using text = std::remove_cvref_t<decltype(parser.get().target())>;
    Response response;
    response.version(parser.get().version());
    response.result(static_cast<unsigned>(answer.status));
    for (const reply_header& header : answer.headers) {
        const std::string_view value = header.value;
        response.set(text(header.name.data(), header.name.size()),
                     text(value.data(), value.size()));
    }
    const std::string_view body = answer.body;
    response.body().assign(body.begin(), body.end());
    response.keep_alive(parser.is_done() && parser.keep_alive());
    response.prepare_payload();
    return response;
}

}  // namespace adapters

#if defined(__cpp_impl_coroutine)

namespace detail {

template <class Token>
inline constexpr bool no_awaitable_token = false;

// The `awaitable<Result, Executor>` to what with `Token` is an `awaitable<std::size_t, Executor>`.
template <class Result, class Token, class Awaitable>
struct beast_awaitable {
    static_assert(no_awaitable_token<Token>, "the token has to be boost::asio::use_awaitable");
};

// A token that was made with `redirect_error` or the like would hide that the connection has ended:
// those hold something.
template <class Result, std::default_initializable Token, template <class, class> class Awaitable,
          class Executor>
struct beast_awaitable<Result, Token, Awaitable<std::size_t, Executor>> {
    using type = Awaitable<Result, Executor>;
};

template <class Result, class Stream, class Buffer, class Parser, class Token>
struct beast_coroutine {
    static_assert(checked_for_beast<Stream, Buffer, Parser>());
    using type =
        typename beast_awaitable<Result, Token,
                                 decltype(async_read_some(
                                     std::declval<Stream&>(), std::declval<Buffer&>(),
                                     std::declval<Parser&>(), std::declval<Token&>()))>::type;
};

}  // namespace detail

namespace adapters {

/// `read_headers` in a coroutine: `co_await` it with `boost::asio::use_awaitable`. This one takes
/// every other token of Asio as well.
template <class Stream, class Buffer, class Parser, class Token>
auto async_read_headers(Stream& stream, Buffer& buffer, Parser& parser, Token&& token) {
    static_assert(detail::checked_for_beast<Stream, Buffer, Parser>());
    parser.body_limit(UINT64_MAX);
    return async_read_header(stream, buffer, parser, std::forward<Token>(token));
}

/// `receive` as a coroutine, with `boost::asio::use_awaitable` as its token. All that it is given
/// has to live until it ends.
template <class Stream, class Buffer, class Parser, class Receiver, class Token>
[[nodiscard]] typename detail::beast_coroutine<reply, Stream, Buffer, Parser, Token>::type
async_receive(Stream& stream, Buffer& buffer, Parser& parser, const Receiver& receiver,
              Token token) {
    detail::beast_delivery delivery(parser, buffer.size(), receiver);
    if (delivery.asks_sender()) {
        co_await async_write(stream, detail::beast_continue<Buffer>(), token);
    }
    while (delivery.more()) {
        delivery.count(co_await async_read_some(stream, buffer, parser, token));
    }
    co_return delivery.answer();
}

/// The same for receivers that block, such as those with an inbox: they answer on a thread of
/// `blocking`, the executor of a `boost::asio::thread_pool`, and the threads of the event loop go
/// on with other connections meanwhile.
template <class Stream, class Buffer, class Parser, class Receiver, class Executor, class Token>
[[nodiscard]] typename detail::beast_coroutine<reply, Stream, Buffer, Parser, Token>::type
async_receive(Stream& stream, Buffer& buffer, Parser& parser, const Receiver& receiver,
              Executor blocking, Token token) {
    using coroutine = typename detail::beast_coroutine<reply, Stream, Buffer, Parser, Token>::type;
    detail::beast_delivery delivery(parser, buffer.size(), receiver);
    if (delivery.asks_sender()) {
        co_await async_write(stream, detail::beast_continue<Buffer>(), token);
    }
    while (delivery.more()) {
        delivery.count(co_await async_read_some(stream, buffer, parser, token));
    }
    const auto answer = [&delivery]() -> coroutine { co_return delivery.answer(); };
    co_return co_await co_spawn(blocking, answer, token);
}

/// `drop_body` as a coroutine, with `boost::asio::use_awaitable` as its token.
template <class Stream, class Buffer, class Parser, class Token>
[[nodiscard]] typename detail::beast_coroutine<void, Stream, Buffer, Parser, Token>::type
async_drop_body(Stream& stream, Buffer& buffer, Parser& parser, Token token,
                std::size_t limit = limits().body) {
    detail::beast_rest rest(parser, buffer.size(), limit);
    parser.get().body() = bounded_body(0);
    while (rest.more()) rest.count(co_await async_read_some(stream, buffer, parser, token));
}

}  // namespace adapters

#endif

}  // namespace webhookpp

// <webhookpp/adapters/cgi.hpp>
// Requests in the environment of a CGI or FastCGI program: RFC 3875, section 4.1.

namespace webhookpp::adapters {

/// The request of a CGI program in its environment: an array of `NAME=value`, null at its end, such
/// as `environ` or libfcgi's `request.envp`, which must outlive this. A header source:
///
///     const webhookpp::adapters::cgi_request request(envp);
///     receiver.receive({.headers = request, .body = body,
///                       .method = request.method(), .target = request.target()});
///
/// CGI writes `Webhook-Id` and `Webhook_Id` alike, as `HTTP_WEBHOOK_ID`. Both are shown as
/// `WEBHOOK-ID`: if a server lets header names with `_` through (nginx does not, unless
/// `underscores_in_headers` is on), two that differ are refused as duplicates.
class cgi_request {
public:
    /// A view of `environment`.
    explicit cgi_request(const char* const* environment) noexcept : environment_(environment) {}

    /// The value of the variable `name`; empty if there is none.
    [[nodiscard]] std::string_view variable(std::string_view name) const noexcept {
        for (const char* const* each = environment_; each && *each; ++each) {
            const std::string_view entry(*each);
            if (entry.size() > name.size() && entry[name.size()] == '=' &&
                entry.starts_with(name)) {
                return entry.substr(name.size() + 1);
            }
        }
        return {};
    }

    /// The request's method.
    [[nodiscard]] std::string_view method() const noexcept { return variable("REQUEST_METHOD"); }

    /// Path and query as the sender wrote them: `REQUEST_URI`, which is no part of the standard,
    /// but which nginx, Apache and lighttpd set. Empty elsewhere.
    [[nodiscard]] std::string_view target() const noexcept { return variable("REQUEST_URI"); }

    /// How many bytes the body has, as the server says; nothing where it does not say, or not in
    /// digits alone. What can be read may be less, if the server has gone.
    [[nodiscard]] std::optional<std::uint64_t> content_length() const noexcept {
        const std::string_view text = variable("CONTENT_LENGTH");
        const char* const end = text.data() + text.size();
        std::uint64_t length = 0;
        const auto [stopped, failed] = std::from_chars(text.data(), end, length);
        if (failed != std::errc() || stopped != end) return std::nullopt;
        return length;
    }

    /// Hands all headers to `sink`. Names are in upper case, and those of more than 128 bytes,
    /// which no scheme has, are left out.
    void operator()(header_sink sink) const {
        for (const char* const* each = environment_; each && *each; ++each) {
            const std::string_view entry(*each);
            const std::size_t equals = entry.find('=');
            if (equals == std::string_view::npos) continue;
            std::string_view name = entry.substr(0, equals);
            if (name.starts_with("HTTP_")) {
                name.remove_prefix(5);
            } else if (name != "CONTENT_TYPE" && name != "CONTENT_LENGTH") {
                continue;
            }
            char written[128];
            if (name.size() > sizeof written) continue;
            for (std::size_t i = 0; i < name.size(); ++i) {
                written[i] = name[i] == '_' ? '-' : name[i];
            }
            sink(std::string_view(written, name.size()), entry.substr(equals + 1));
        }
    }

private:
    const char* const* environment_;
};

}  // namespace webhookpp::adapters

// <webhookpp/adapters/httplib.hpp>
// Bodies as they were sent, from cpp-httplib.

namespace webhookpp::adapters {

/// Keeps cpp-httplib from changing the body of `request`, which it does before a handler sees it:
/// it unpacks `Content-Encoding: gzip`, takes `multipart/form-data` apart and refuses forms of more
/// than 8 KiB. What is signed is the body as it was sent.
///
/// To be called in the server's pre-routing handler, for the paths of webhooks. The headers that
/// cause it are renamed, to `X-Original-Content-Encoding` and `X-Original-Content-Type`. Checked
/// with 0.11.4 and 0.53.1. May throw what the container of the headers throws.
///
/// `Request` is `httplib::Request`. The library hands it over as const, but the object is none.
template <class Request>
void keep_body_as_sent(const Request& request) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast): as said above
    auto& headers = const_cast<Request&>(request).headers;
    const auto rename = [&headers](const char* from, const char* to) {
        const auto found = headers.find(from);
        if (found == headers.end()) return;
        std::string value = found->second;
        headers.erase(from);
        headers.emplace(to, std::move(value));
    };
    rename("Content-Encoding", "X-Original-Content-Encoding");
    rename("Content-Type", "X-Original-Content-Type");
}

/// Reads the body through the `httplib::ContentReader` that a `Post` handler with three parameters
/// gets, which is the way to have a limit: the library has none for chunked bodies.
///
/// Returns it, cut off behind one byte more than `limit`. What goes beyond is read and dropped, up
/// to 16 times the limit, so that the sender gets the answer, and not a connection that breaks off.
///
/// Returns nothing where the body broke off or its framing was wrong, as it is then not what was
/// sent, even if what came of it is signed; or where it is longer than the server's own limit. The
/// library has then set the status of the response, 400 or 413.
template <class ContentReader>
[[nodiscard]] std::optional<bounded_body> read_body(const ContentReader& read,
                                                    std::size_t limit = limits().body) {
    bounded_body body(limit);
    const bool whole = read([&body](const char* data, std::size_t size) {
        body.append(std::string_view(data, size));
        return !body.is_endless();
    });
    if (!whole && !body.is_endless()) return std::nullopt;
    return body;
}

}  // namespace webhookpp::adapters

// <webhookpp/adapters/tail_queue.hpp>
// Headers in a BSD tail queue, as libevent's evhttp keeps them.

namespace webhookpp {

namespace detail {

// `struct evkeyvalq` and its like: a list whose members have `key`, `value` and `next.tqe_next`.
template <class T>
concept header_tail_queue = requires(const T& queue) {
    requires std::is_pointer_v<decltype(queue.tqh_first)>;
    requires std::is_same_v<std::remove_cvref_t<decltype(queue.tqh_first->next.tqe_next)>,
                            std::remove_cvref_t<decltype(queue.tqh_first)>>;
    requires header_field<std::remove_pointer_t<decltype(queue.tqh_first)>>;
};

}  // namespace detail

/// With this header included, a tail queue of headers is a header source:
///
///     #include <event2/keyvalq_struct.h>
///     receiver.receive({*evhttp_request_get_input_headers(request), body});
template <detail::header_tail_queue Queue>
struct header_traits<Queue> {
    static void visit(const Queue& queue, header_sink sink) {
        for (const auto* field = queue.tqh_first; field != nullptr; field = field->next.tqe_next) {
            detail::show_field(*field, sink);
        }
    }
};

}  // namespace webhookpp

// <webhookpp/clock.hpp>
// Where verifiers, guards and inboxes get the time from.

namespace webhookpp {

/// Something that tells the time: `now()` gives Unix seconds. It is called from every thread that
/// verifies, at the same time.
template <class T>
concept clock_source = requires(const T& clock) {
    { clock.now() }
    noexcept->std::same_as<std::int64_t>;
};

/// A `clock_source` that also tells `milliseconds()`, Unix time as well: for leases and retries.
template <class T>
concept fine_clock_source = clock_source<T> && requires(const T& clock) {
    { clock.milliseconds() }
    noexcept->std::same_as<std::int64_t>;
};

/// The system's clock.
struct system_clock {
    /// Unix seconds.
    [[nodiscard]] std::int64_t now() const noexcept {
        return static_cast<std::int64_t>(std::time(nullptr));
    }

    /// Unix milliseconds.
    [[nodiscard]] std::int64_t milliseconds() const noexcept {
        std::timespec time{};
        if (std::timespec_get(&time, TIME_UTC) != TIME_UTC) return now() * 1000;
        return static_cast<std::int64_t>(time.tv_sec) * 1000 + time.tv_nsec / 1'000'000;
    }
};

}  // namespace webhookpp

// <webhookpp/crypto/hex.hpp>
// Hexadecimal digits.

namespace webhookpp::crypto {

/// Which letters stand for ten to fifteen.
enum class hex_case : std::uint8_t {
    lower,   ///< `a` to `f`: signatures have one spelling
    either,  ///< keys, which providers show in upper or lower case
};

/// Decodes `text` into the front of `out`.
///
/// Returns how many bytes were written, or nothing when there is an odd number of digits, a
/// character that is no digit, or no room. `out` may have been written to in part.
[[nodiscard]] constexpr std::optional<std::size_t> hex_decode(
    std::string_view text, std::span<unsigned char> out,
    hex_case letters = hex_case::lower) noexcept {
    const auto value = [letters](char c) -> int {
        if (c >= '0' && c <= '9') return c - '0';
        if (c >= 'a' && c <= 'f') return c - 'a' + 10;
        if (letters == hex_case::either && c >= 'A' && c <= 'F') return c - 'A' + 10;
        return -1;
    };
    if (text.size() % 2 != 0 || text.size() / 2 > out.size()) return std::nullopt;
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const int high = value(text[i]);
        const int low = value(text[i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        out[i / 2] = static_cast<unsigned char>(high * 16 + low);
    }
    return text.size() / 2;
}

/// Writes two digits in lower case for each byte of `data` to the front of `out`, which must have
/// room for them. Uses no table and no branch on the data, so it is fit for a fresh signature.
constexpr void hex_encode(std::span<const unsigned char> data, std::span<char> out) noexcept {
    const auto digit = [](unsigned value) {
        // 39 lie between '9' and 'a'; above 9 the difference to 9 is negative as an unsigned.
        return static_cast<char>('0' + value + ((9U - value) >> 8 & 39U));
    };
    for (std::size_t i = 0; i < data.size(); ++i) {
        out[2 * i] = digit(data[i] >> 4U);
        out[2 * i + 1] = digit(data[i] & 15U);
    }
}

}  // namespace webhookpp::crypto

// <webhookpp/detail/characters.hpp>
// The classes of characters that tokens, ids and URLs are made of.

namespace webhookpp::detail {

/// Whether all of `text` is visible ASCII: no space, no control character.
[[nodiscard]] constexpr bool is_visible_ascii(std::string_view text) noexcept {
    for (const char c : text) {
        if (c < '!' || c > '~') return false;
    }
    return true;
}

/// Whether `text` has only characters that are never percent-encoded: RFC 3986, section 2.3.
[[nodiscard]] constexpr bool is_unreserved(std::string_view text) noexcept {
    for (const char c : text) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        const bool digit = c >= '0' && c <= '9';
        if (!letter && !digit && c != '-' && c != '.' && c != '_' && c != '~') return false;
    }
    return true;
}

}  // namespace webhookpp::detail

// <webhookpp/scheme.hpp>
// The description of a way to prove a sender: data that reads like a row of a table.

namespace webhookpp {

/// How a sender proves itself.
enum class algorithm : std::uint8_t {
    hmac_sha1,    ///< signs with a shared secret, as the next two
    hmac_sha256,  ///< the usual one
    hmac_sha512,  ///< the same with SHA-512
    ed25519,      ///< signs with a key pair, as the next one
    ecdsa_p256,   ///< with SHA-256; the signature is in ASN.1 DER
    token,        ///< shows the key itself: nothing is signed, not even the body
};

/// How the bytes of a signature or a token are written. Each has one spelling for each value.
enum class encoding : std::uint8_t {
    base64,     ///< with padding: RFC 4648, section 4
    base64url,  ///< without padding: RFC 4648, section 5
    hex,        ///< in lower case
    plain,      ///< as they are: a token of visible ASCII characters
};

/// The name under which a header is sent. Where providers send the same headers under two sets of
/// names, each header of the scheme has two: `{"webhook-id", "svix-id"}`. A set is read whole or
/// not at all; the second set decides when all its headers are there.
struct header_names {
    std::string_view names[2];  ///< the second is empty if there is one set only
    std::size_t count = 0;      ///< how many sets there are: 0, 1 or 2

    constexpr header_names() noexcept = default;
    /// A header with one name.
    constexpr header_names(const char* name) noexcept : names{name, {}}, count(1) {}
    /// A header that is sent under one name or the other.
    constexpr header_names(const char* first, const char* second) noexcept
        : names{first, second}, count(2) {}

    /// The name in a set, 0 or 1.
    [[nodiscard]] constexpr std::string_view operator[](std::size_t set) const noexcept {
        return names[set];
    }
};

/// One part of the bytes that are signed.
struct content_part {
    /// What stands there.
    enum class kind : std::uint8_t {
        literal,    ///< always the same text
        id,         ///< the message id
        timestamp,  ///< the time of sending, as it stands in its header
        body,       ///< all of it, as it arrived
        url,        ///< of the endpoint, as `scheme::url` says
        method,     ///< of the request
        form,       ///< the fields of a form in the body, as `scheme::form` says
    };

    kind which = kind::literal;  ///< what stands there
    std::string_view text;       ///< of a literal

    constexpr content_part() noexcept = default;
    /// A part of the delivery.
    constexpr content_part(kind part) noexcept : which(part) {}
    /// A text that is always the same.
    constexpr content_part(const char* literal) noexcept : text(literal) {}
};

/// The bytes that are signed: the parts one after the other.
struct signed_content {
    /// The most parts that there are.
    static constexpr std::size_t max_parts = 8;

    content_part parts[max_parts];  ///< one after the other
    std::size_t count = 0;          ///< how many there are

    /// The parts in their order: texts and kinds.
    template <class... Parts>
    constexpr signed_content(Parts... list) noexcept
        : parts{content_part(list)...}, count(sizeof...(Parts)) {
        static_assert(sizeof...(Parts) <= max_parts, "a content has at most 8 parts");
    }

    /// How often `part` is signed.
    [[nodiscard]] constexpr std::size_t times(content_part::kind part) const noexcept {
        std::size_t found = 0;
        for (std::size_t i = 0; i < count; ++i) found += parts[i].which == part ? 1 : 0;
        return found;
    }
};

/// A version label of a signature list and the algorithm that it stands for.
struct signature_version {
    std::string_view label = {};                              ///< such as `v1`
    webhookpp::algorithm algorithm = algorithm::hmac_sha256;  ///< how signatures with it are made
};

/// A signature header that lists `name=value` elements: `t=1700000000,v1=5257...`. Spaces around
/// elements do not count, elements of other names are skipped.
struct signature_pairs {
    std::string_view name = {};  ///< of the elements that are signatures
    char separator = ',';        ///< between two elements
};

/// Where the signature or the token stands: in a header, or, only a token, in the target of the
/// request.
struct signature_source {
    /// The header in which it stands; none for a token in the target.
    header_names header = {};

    /// Another header that may hold a signature, beside the first or in its place.
    std::string_view second_header = {};

    /// A word before it in the header, in any letter case, with one or more spaces after it:
    /// `Authorization: Bearer <token>`. RFC 7235, section 2.1.
    std::string_view word = {};

    /// A fixed text before it, letter by letter: `sha256=`.
    std::string_view prefix = {};

    /// If it has a name, the header lists such elements.
    signature_pairs pairs = {};

    /// The member of the target's query whose value is the token, byte by byte: nothing is
    /// percent-decoded.
    std::string_view query = {};

    /// The token is the last segment of the target's path.
    bool end_of_path = false;

    /// How its bytes are written.
    webhookpp::encoding encoding = encoding::base64;

    /// If any, the header lists `version,signature` tokens, with one space between two of them.
    /// Tokens of other versions, and malformed ones, are skipped and counted.
    signature_version versions[2] = {};

    /// Whether the token stands in the target.
    [[nodiscard]] constexpr bool in_target() const noexcept {
        return !query.empty() || end_of_path;
    }
};

/// Where the message id stands. It has 1 to 256 visible ASCII characters, and no dot where it is
/// signed. One that is not signed may be absent.
struct id_source {
    header_names header = {};  ///< none where deliveries have no id
};

/// How a time is written.
enum class time_format : std::uint8_t {
    seconds,       ///< Unix time in 1 to 12 digits without leading zero
    milliseconds,  ///< Unix time in 1 to 15 digits without leading zero
    rfc3339,       ///< `2023-11-14T22:13:20.123Z`, also with an offset
};

/// Where the time of sending stands: in a header of its own, or in an element of the signature
/// header. It is signed as it stands there. Where nothing separates it from what is signed beside
/// it, a Unix time has to have all of its 10 or 13 digits, so that none can change sides.
struct timestamp_source {
    header_names header = {};                   ///< its own, if it has one
    std::string_view element = {};              ///< the name of the element
    time_format format = time_format::seconds;  ///< how it is written
};

/// Where the event type stands, if it is no part of the body. It has 1 to 128 visible ASCII
/// characters; one that has not counts as absent, since no scheme signs it there.
struct event_type_source {
    std::string_view header = {};  ///< none where the body names it
};

/// How the URL is signed: that of `verifier_options::url`, byte by byte, unless this says
/// otherwise. Scheme, host, port and path never come from the request.
struct url_source {
    /// The query is that of `delivery::target`, because the sender changes it for each request.
    bool query_of_request = false;

    /// Signatures over the URL with the default port (`:443`, `:80`) and without one both count.
    bool any_default_port = false;

    /// The characters that are signed as they are where the URL has them percent-encoded.
    std::string_view decoded = {};
};

/// How a form in the body is signed: names and values, decoded, one after the other, sorted by name
/// and then by value, equal fields once.
struct form_source {
    /// The member of the target's query that has the SHA-256 of the body, in hex, when the body is
    /// no form. Then no fields are signed, and that value has to be right.
    std::string_view body_digest = {};
};

struct scheme;

namespace detail {

// Checks the description that it is the last member of: detail/scheme_check.hpp.
struct scheme_check {
    constexpr scheme_check(const scheme& described);
};

}  // namespace detail

/// A way to prove who sent a delivery. Everything that verifies, signs or explains works from this
/// one description. Write one as a `constexpr` variable with designated initialisers, as in
/// `schemes/waitwhile.hpp`; a description that contradicts itself does not compile, and throws
/// `exception` when it is made at run time.
struct scheme {
    /// By which `schemes::find` and entries of inboxes know it.
    std::string_view name = {};

    /// Nothing where `signature.versions` say it.
    std::optional<webhookpp::algorithm> algorithm = std::nullopt;

    key_form key = key_form::standard_webhooks;  ///< how keys are written
    signed_content content = {};                 ///< what is signed
    signature_source signature = {};             ///< where the signature stands
    id_source id = {};                           ///< where the message id stands
    timestamp_source timestamp = {};             ///< where the time of sending stands
    event_type_source event_type = {};    ///< where the event type stands, if not in the body
    url_source url = {};                  ///< how the URL is signed, if it is
    form_source form = {};                ///< how a form is signed, if it is
    webhookpp::tolerance tolerance = {};  ///< how far the time of sending may be off

    /// How long a message has to be remembered, so that all its retries are known for what they
    /// are: longer than the provider goes on trying, and than a person may send it again.
    seconds retention{604'800};  // 7 days

    /// Whether two messages may have the same body, byte by byte: notifications that only say that
    /// something is new. A digest of the body then tells nothing about replays.
    bool repeats_bodies = false;

    /// Whether a document or the source code of the provider confirms all of this. If not, other
    /// sources agree on it; look at a delivery of your own before you rely on it.
    bool confirmed = true;

    /// Checks the description, and has to stay as it is.
    detail::scheme_check check = *this;

    /// Whether a sender can prove itself in this way.
    [[nodiscard]] constexpr bool uses(webhookpp::algorithm way) const noexcept {
        for (const signature_version& version : signature.versions) {
            if (!version.label.empty() && version.algorithm == way) return true;
        }
        return algorithm == way;
    }

    /// Whether `part` is signed.
    [[nodiscard]] constexpr bool signs(content_part::kind part) const noexcept {
        return content.times(part) != 0;
    }

    /// Whether the time of sending is signed.
    [[nodiscard]] constexpr bool has_timestamp() const noexcept {
        return timestamp.header.count != 0 || !timestamp.element.empty();
    }

    /// Whether the target of the request is read: for a token, or for the query that is signed.
    [[nodiscard]] constexpr bool reads_target() const noexcept {
        return signature.in_target() || url.query_of_request;
    }

    /// Whether one of its signatures is made with a key pair.
    [[nodiscard]] constexpr bool uses_key_pairs() const noexcept {
        return uses(webhookpp::algorithm::ed25519) || uses(webhookpp::algorithm::ecdsa_p256);
    }
};

/// The words that scheme descriptions are written with, and the schemes of this library.
namespace schemes {

/// What a `scheme::content` is made of, beside literals.
inline constexpr auto id = content_part::kind::id;
inline constexpr auto timestamp = content_part::kind::timestamp;
inline constexpr auto body = content_part::kind::body;
inline constexpr auto url = content_part::kind::url;
inline constexpr auto method = content_part::kind::method;
inline constexpr auto form = content_part::kind::form;

/// What a `scheme::algorithm` can be.
inline constexpr auto hmac_sha1 = algorithm::hmac_sha1;
inline constexpr auto hmac_sha256 = algorithm::hmac_sha256;
inline constexpr auto hmac_sha512 = algorithm::hmac_sha512;
inline constexpr auto ed25519 = algorithm::ed25519;
inline constexpr auto ecdsa_p256 = algorithm::ecdsa_p256;
inline constexpr auto token = algorithm::token;

/// How a signature can be written: `signature_source::encoding`.
inline constexpr auto base64 = encoding::base64;
inline constexpr auto base64url = encoding::base64url;
inline constexpr auto hex = encoding::hex;
inline constexpr auto plain = encoding::plain;

/// How the time can be written, if not in seconds: `timestamp_source::format`.
inline constexpr auto milliseconds = time_format::milliseconds;
inline constexpr auto rfc3339 = time_format::rfc3339;

/// Elements named `name` between separators: `.pairs = pairs("v1")`.
[[nodiscard]] constexpr signature_pairs pairs(const char* name, char separator = ',') noexcept {
    return {name, separator};
}

}  // namespace schemes

}  // namespace webhookpp

// <webhookpp/detail/scheme_check.hpp>
// Finds the mistakes in a description: while it is compiled, or when it is made at run time.

namespace webhookpp::detail {

// Not constexpr on purpose: a call while a scheme is compiled is an error, and the compiler quotes
// the line with the text. For a scheme made at run time it throws.
inline void mistake(const char* what) {
    raise(error{errc::unknown_scheme, what});
}

constexpr bool lists_versions(const scheme& described) {
    return !described.signature.versions[0].label.empty();
}

constexpr void check_pairs(const scheme& described) {
    const signature_source& signature = described.signature;
    const std::string_view name = signature.pairs.name;
    if (name.empty()) {
        if (!described.timestamp.element.empty()) {
            mistake("a .timestamp in an .element needs a signature header with .pairs");
        }
        return;
    }
    if (lists_versions(described)) mistake("a header lists .pairs or .versions, not both");
    if (!signature.prefix.empty()) {
        mistake("a list of .pairs has no .prefix: the names stand before the signatures");
    }
    if (!signature.word.empty()) mistake("a list of .pairs has no .word before it");
    if (!signature.second_header.empty()) mistake("a list of .pairs stands in one header");
    if (signature.pairs.separator != ',' && signature.pairs.separator != ';') {
        mistake("the separator of .pairs is a comma or a semicolon");
    }
    if (!is_unreserved(name) || !is_unreserved(described.timestamp.element)) {
        mistake("the names of .pairs have only letters, digits and - . _ ~");
    }
    if (name == described.timestamp.element) {
        mistake("signature and timestamp are elements of the same name");
    }
}

constexpr void check_versions(const scheme& described) {
    const signature_source& signature = described.signature;
    if (!lists_versions(described) && !signature.versions[1].label.empty()) {
        mistake("the second of the .versions has a label, and the first has none");
    }
    if (!lists_versions(described)) return;
    if (!signature.prefix.empty()) mistake("a list of .versions has no .prefix before it");
    if (!signature.second_header.empty()) mistake("a list of .versions stands in one header");
    if (signature.header.count == 0) mistake("the .versions are listed in a .header");
    if (!signature.word.empty()) mistake("a list of .versions has no .word before it");
    if (signature.encoding != encoding::base64) mistake("signatures of .versions are in base64");
    if (signature.versions[0].label == signature.versions[1].label) {
        mistake("two .versions of the .signature have the same label");
    }
    for (const signature_version& version : signature.versions) {
        if (version.algorithm == algorithm::token) mistake("a token has no .versions");
    }
}

constexpr void check_signature(const scheme& described) {
    const signature_source& signature = described.signature;
    const bool in_header = signature.header.count != 0;
    if (!in_header && !signature.in_target()) {
        mistake("the .signature stands nowhere: in a .header, .query member or at .end_of_path");
    }
    if ((in_header ? 1 : 0) + (signature.query.empty() ? 0 : 1) + (signature.end_of_path ? 1 : 0) >
        1) {
        mistake("the .signature stands in two places: .header, .query and .end_of_path exclude");
    }
    if (!is_unreserved(signature.query)) {
        mistake("the name of the .query member has only letters, digits and - . _ ~");
    }
    if (!is_visible_ascii(signature.word)) mistake("the .word is one word in visible ASCII");
    if (!in_header && !signature.word.empty()) mistake("only a .header has a .word");
    if (!is_visible_ascii(signature.prefix)) mistake("the .prefix is visible ASCII");
    if (!in_header && !signature.prefix.empty()) mistake("only a .header has a .prefix");
    if (!in_header && !signature.second_header.empty()) {
        mistake("a .second_header needs a first .header");
    }
    check_pairs(described);
    check_versions(described);
}

constexpr void check_algorithm(const scheme& described) {
    if (!described.algorithm && !lists_versions(described)) {
        mistake("the scheme has no .algorithm, and the .signature lists no .versions");
    }
    if (described.algorithm && lists_versions(described)) {
        mistake("the .versions of the .signature say the algorithm: leave out .algorithm");
    }
    const key_form form = described.key;
    if (described.uses(algorithm::ed25519) && form != key_form::standard_webhooks &&
        form != key_form::ed25519_hex && form != key_form::ed25519_base64) {
        mistake(
            "the .key of Ed25519 is key_form::ed25519_hex, ed25519_base64 or standard_webhooks");
    }
    if (described.uses(algorithm::ecdsa_p256) != (form == key_form::p256_base64)) {
        mistake("the .key of ECDSA P-256 is key_form::p256_base64, and of nothing else");
    }
    if (!described.uses(algorithm::ed25519) &&
        (form == key_form::ed25519_hex || form == key_form::ed25519_base64)) {
        mistake("the .key is one of Ed25519, but the .algorithm is not");
    }
    for (const signature_version& version : described.signature.versions) {
        if (!version.label.empty() && version.algorithm != algorithm::hmac_sha256 &&
            version.algorithm != algorithm::ed25519) {
            mistake("signatures of .versions are made by hmac_sha256 or ed25519");
        }
    }
}

constexpr void check_token(const scheme& described) {
    const signature_source& signature = described.signature;
    if (described.content.count != 0) mistake("a token signs nothing: leave out the .content");
    if (described.key != key_form::token && described.key != key_form::url_token &&
        described.key != key_form::credentials) {
        mistake("the .key of a token is key_form::token, url_token or credentials");
    }
    if (!signature.pairs.name.empty()) mistake("a token stands alone, not in .pairs");
    if (!signature.prefix.empty()) mistake("a token has no .prefix");
    if (!signature.second_header.empty()) mistake("a token stands in one header");
    if (signature.encoding == encoding::hex || signature.encoding == encoding::base64url) {
        mistake("a token is sent in .encoding = plain or base64");
    }
    if (signature.in_target() && described.key != key_form::url_token) {
        mistake("a token in the URL needs .key = key_form::url_token: it is compared undecoded");
    }
    if (signature.in_target() && signature.encoding != encoding::plain) {
        mistake("a token in the URL stands there as it is: .encoding = plain");
    }
    if (described.key == key_form::credentials && signature.encoding != encoding::base64) {
        mistake("credentials are sent in .encoding = base64");
    }
}

constexpr void check_content(const scheme& described) {
    using part = content_part::kind;
    const signed_content& content = described.content;
    if (described.signature.in_target()) mistake("only a token stands in the URL");
    if (described.signature.encoding == encoding::plain) {
        mistake("a computed signature is never .encoding = plain");
    }
    if (described.key == key_form::token || described.key == key_form::url_token ||
        described.key == key_form::credentials) {
        mistake("only a token has a .key that is sent");
    }
    if (content.count == 0) mistake("there is no .content: say which bytes are signed");
    if (content.times(part::body) + content.times(part::form) != 1) {
        mistake("the .content has to sign the body or the form in it, once");
    }
    for (const part each : {part::id, part::timestamp, part::url, part::method}) {
        if (content.times(each) > 1) mistake("the .content signs something twice");
    }
    const url_source& url = described.url;
    if (content.times(part::url) == 0 &&
        (url.query_of_request || url.any_default_port || !url.decoded.empty())) {
        mistake("the scheme says how the .url is signed, but the .content does not sign it");
    }
    if (!described.form.body_digest.empty() &&
        (content.times(part::form) == 0 || !url.query_of_request)) {
        mistake("a .body_digest is for a .content with a form and a .url with the request's query");
    }
    if (content.times(part::id) > 0 && described.id.header.count == 0) {
        mistake("the .content signs an id, but .id does not say where it stands");
    }
    if (content.times(part::timestamp) > 0 && !described.has_timestamp()) {
        mistake("the .content signs a timestamp, but .timestamp does not say where it stands");
    }
}

constexpr void check_headers(const scheme& described) {
    const std::size_t sets = described.signature.header.count;
    for (const header_names* header :
         {&described.signature.header, &described.id.header, &described.timestamp.header}) {
        for (std::size_t i = 0; i < header->count; ++i) {
            if (header->names[i].empty()) mistake("a header has an empty name");
        }
    }
    if (described.signature.in_target() &&
        (described.id.header.count != 0 || !described.event_type.header.empty())) {
        mistake("a token in the URL goes with no headers");
    }
    if (described.signature.in_target()) return;
    if ((described.id.header.count != 0 && described.id.header.count != sets) ||
        (described.timestamp.header.count != 0 && described.timestamp.header.count != sets)) {
        mistake("all headers need the same number of names");
    }
}

constexpr scheme_check::scheme_check(const scheme& described) {
    if (described.name.empty()) mistake("the scheme has no .name");
    check_signature(described);
    check_algorithm(described);
    if (described.timestamp.header.count > 0 && !described.timestamp.element.empty()) {
        mistake("the .timestamp stands in a .header or in an .element, not in both");
    }
    if (described.has_timestamp() && !described.signs(content_part::kind::timestamp)) {
        mistake("the .timestamp is not part of the .content: what is not signed proves nothing");
    }
    if (described.algorithm == algorithm::token) {
        check_token(described);
    } else {
        check_content(described);
    }
    check_headers(described);
    if (described.retention.count() < 1) mistake("the .retention is at least 1 second");
}

}  // namespace webhookpp::detail

// <webhookpp/detail/challenge.hpp>
// Challenges that a key may sign: texts that no scheme takes for a message.

namespace webhookpp::detail {

/// Whether all of `text` may stand in a challenge that is signed.
[[nodiscard]] constexpr bool has_challenge_characters(std::string_view text) noexcept {
    return is_unreserved(text) && text.find_first_of(".~") == std::string_view::npos;
}

/// Whether `text` may be signed: 1 to 128 letters, digits, `-` and `_`.
[[nodiscard]] constexpr bool is_challenge(std::string_view text) noexcept {
    return !text.empty() && text.size() <= 128 && has_challenge_characters(text);
}

/// Whether a secret of `described` may sign challenges: each of its messages has a literal that
/// cannot stand in one, so none can pass for a message.
[[nodiscard]] constexpr bool signs_challenges(const scheme& described) noexcept {
    if (described.algorithm != algorithm::hmac_sha256) return false;
    for (std::size_t i = 0; i < described.content.count; ++i) {
        const content_part& part = described.content.parts[i];
        if (part.which == content_part::kind::literal && !has_challenge_characters(part.text)) {
            return true;
        }
    }
    return false;
}

}  // namespace webhookpp::detail

// <webhookpp/detail/date_time.hpp>
// Dates and times of day in the form of ISO 8601, which instants and local times share.

namespace webhookpp::detail {

/// A date of the proleptic Gregorian calendar and a time of day, without zone.
struct date_time {
    int year = 1970;
    int month = 1;
    int day = 1;
    int hour = 0;
    int minute = 0;
    int second = 0;
    std::uint32_t nanosecond = 0;
};

/// Days from 1970-01-01 to a date, with years that begin in March so that the leap day comes last.
[[nodiscard]] constexpr std::int64_t days_from_date(int year, int month, int day) noexcept {
    const int from_march = (month + 9) % 12;
    const std::int64_t shifted = std::int64_t{year} + 400 - (month < 3 ? 1 : 0);
    const std::int64_t day_of_year = (153 * from_march + 2) / 5 + day - 1;
    return shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + day_of_year - 865'565;
}

[[nodiscard]] constexpr int days_in_month(int year, int month) noexcept {
    constexpr int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap ? 1 : 0);
}

/// The number in the two digits at `position`, which `text` must reach beyond; -1 if others stand
/// there.
[[nodiscard]] constexpr int two_digits_at(std::string_view text, std::size_t position) noexcept {
    const int tens = text[position] - '0';
    const int ones = text[position + 1] - '0';
    return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? -1 : tens * 10 + ones;
}

/// Takes `2024-01-10T10:03` from the front of `text`; nothing if no date that exists stands there.
[[nodiscard]] constexpr std::optional<date_time> take_date_and_minute(
    std::string_view& text) noexcept {
    constexpr std::size_t size = 16;
    if (text.size() < size || text[4] != '-' || text[7] != '-' ||
        (text[10] != 'T' && text[10] != 't') || text[13] != ':') {
        return std::nullopt;
    }
    const int century = two_digits_at(text, 0);
    const int year = two_digits_at(text, 2);
    date_time read;
    read.year = century * 100 + year;
    read.month = two_digits_at(text, 5);
    read.day = two_digits_at(text, 8);
    read.hour = two_digits_at(text, 11);
    read.minute = two_digits_at(text, 14);
    if (century < 0 || year < 0 || read.month < 1 || read.month > 12 || read.day < 1 ||
        read.day > days_in_month(read.year, read.month) || read.hour < 0 || read.hour > 23 ||
        read.minute < 0 || read.minute > 59) {
        return std::nullopt;
    }
    text.remove_prefix(size);
    return read;
}

/// Takes `:02` and a fraction of 1 to 9 digits, if there is one, from the front of `text`. Returns
/// whether that stood there. Leap seconds are not known.
[[nodiscard]] constexpr bool take_second(std::string_view& text, date_time& read) noexcept {
    if (text.size() < 3 || text[0] != ':') return false;
    read.second = two_digits_at(text, 1);
    if (read.second < 0 || read.second > 59) return false;
    text.remove_prefix(3);
    if (text.empty() || text[0] != '.') return true;
    std::size_t digits = 1;
    std::uint32_t unit = 100'000'000;
    for (; digits < text.size() && text[digits] >= '0' && text[digits] <= '9'; ++digits) {
        if (digits > 9) return false;
        read.nanosecond += static_cast<std::uint32_t>(text[digits] - '0') * unit;
        unit /= 10;
    }
    text.remove_prefix(digits);
    return digits > 1;
}

[[nodiscard]] constexpr std::int64_t seconds_from_1970(const date_time& from) noexcept {
    return days_from_date(from.year, from.month, from.day) * 86'400 +
           std::int64_t{from.hour} * 3600 + std::int64_t{from.minute} * 60 + from.second;
}

/// A `std::chrono` time point, recognised by its shape; fractions that it cannot hold are cut off,
/// and a time beyond its range becomes its first or last.
template <class TimePoint>
[[nodiscard]] constexpr TimePoint time_point_from(std::int64_t seconds, std::uint32_t nanosecond) {
    using duration = typename TimePoint::duration;
    using period = typename duration::period;
    using rep = typename duration::rep;
    static_assert(period::num == 1, "ask for a time point of seconds or finer");
    if constexpr (std::is_integral_v<rep>) {
        // One second of room for the fraction.
        constexpr std::int64_t last =
            (TimePoint::max)().time_since_epoch().count() / period::den - 1;
        if (seconds > last) return (TimePoint::max)();
        if (seconds < -last) return (TimePoint::min)();
    }
    return TimePoint(duration(static_cast<rep>(seconds) * static_cast<rep>(period::den) +
                              static_cast<rep>(nanosecond * period::den / 1'000'000'000)));
}

inline void append_digits(std::string& text, std::int64_t number, std::size_t width) {
    const std::string digits = std::to_string(number);
    if (digits.size() < width) text.append(width - digits.size(), '0');
    text.append(digits);
}

/// `2024-01-10T10:03`
[[nodiscard]] inline std::string date_and_minute_text(const date_time& from) {
    std::string text;
    append_digits(text, from.year, 4);
    for (const auto& [mark, number] : {std::pair{'-', from.month}, std::pair{'-', from.day},
                                       std::pair{'T', from.hour}, std::pair{':', from.minute}}) {
        append_digits(text += mark, number, 2);
    }
    return text;
}

/// `:02`, and 3, 6 or 9 digits of a fraction if there is one, as few as hold all of it.
[[nodiscard]] inline std::string second_text(const date_time& from) {
    std::string text = ":";
    append_digits(text, from.second, 2);
    if (from.nanosecond == 0) return text;
    text += '.';
    if (from.nanosecond % 1'000'000 == 0) {
        append_digits(text, from.nanosecond / 1'000'000, 3);
    } else if (from.nanosecond % 1000 == 0) {
        append_digits(text, from.nanosecond / 1000, 6);
    } else {
        append_digits(text, from.nanosecond, 9);
    }
    return text;
}

}  // namespace webhookpp::detail

// <webhookpp/timestamp.hpp>
// An instant in time, as events carry them.

namespace webhookpp {

/// An instant in UTC with nanoseconds, in the years 0000 to 9999. Compares as an instant, whatever
/// offset it was written with.
class timestamp {
public:
    /// 1970-01-01T00:00:00Z.
    constexpr timestamp() noexcept = default;

    /// `unix_seconds` and `nanoseconds` (0 to 999,999,999) after that.
    constexpr timestamp(std::int64_t unix_seconds, std::uint32_t nanoseconds) noexcept
        : seconds_(unix_seconds), nanoseconds_(nanoseconds) {}

    /// Reads RFC 3339 date and time: `2024-01-10T10:03:02.147433Z`, with 0 to 9 digits of a
    /// fraction and `Z` or an offset such as `+02:00`.
    ///
    /// Nothing is returned for text without an offset (that is a local time, not an instant), for
    /// dates that do not exist, for leap seconds, and beyond the years 0000 to 9999.
    [[nodiscard]] static constexpr std::optional<timestamp> parse(std::string_view text) noexcept;

    /// RFC 3339 with `Z` and 0, 3, 6 or 9 digits of a fraction, as few as hold all of it.
    [[nodiscard]] std::string to_string() const;

    /// Whole seconds since 1970, rounded down.
    [[nodiscard]] constexpr std::int64_t unix_seconds() const noexcept { return seconds_; }
    /// What is beyond these: 0 to 999,999,999.
    [[nodiscard]] constexpr std::uint32_t nanoseconds() const noexcept { return nanoseconds_; }

    /// This instant as a `std::chrono` time point such as `std::chrono::sys_seconds`, recognised by
    /// its shape. Fractions that it cannot hold are cut off; beyond its range it is the first or
    /// last that it can hold.
    template <class TimePoint>
    [[nodiscard]] constexpr TimePoint as() const {
        return detail::time_point_from<TimePoint>(seconds_, nanoseconds_);
    }

    // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 takes the default for a null pointer
    friend constexpr auto operator<=>(const timestamp&, const timestamp&) noexcept = default;

private:
    std::int64_t seconds_ = 0;
    std::uint32_t nanoseconds_ = 0;
};

namespace detail {

inline constexpr std::int64_t first_second = -62'167'219'200;  // 0000-01-01T00:00:00Z
inline constexpr std::int64_t last_second = 253'402'300'799;   // 9999-12-31T23:59:59Z

// The seconds that "Z" or "+hh:mm" stands for.
[[nodiscard]] constexpr std::optional<int> parse_offset(std::string_view text) noexcept {
    if (text == "Z" || text == "z") return 0;
    if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':') {
        return std::nullopt;
    }
    const int hours = two_digits_at(text, 1);
    const int minutes = two_digits_at(text, 4);
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return std::nullopt;
    return (text[0] == '-' ? -60 : 60) * (hours * 60 + minutes);
}

}  // namespace detail

constexpr std::optional<timestamp> timestamp::parse(std::string_view text) noexcept {
    auto read = detail::take_date_and_minute(text);
    if (!read || !detail::take_second(text, *read)) return std::nullopt;
    const auto offset = detail::parse_offset(text);
    if (!offset) return std::nullopt;
    const std::int64_t seconds = detail::seconds_from_1970(*read) - *offset;
    if (seconds < detail::first_second || seconds > detail::last_second) return std::nullopt;
    return timestamp(seconds, read->nanosecond);
}

inline std::string timestamp::to_string() const {
    const std::int64_t seconds = seconds_ < detail::first_second  ? detail::first_second
                                 : seconds_ > detail::last_second ? detail::last_second
                                                                  : seconds_;
    const auto of_day = static_cast<int>(((seconds % 86'400) + 86'400) % 86'400);
    const std::int64_t days = (seconds - of_day) / 86'400;
    detail::date_time parts;
    // Inverse of days_from_date. A year begins at most 1.5 days after, and 0.8 days before, what
    // the average of 400 years (146,097 days) says: a day less gives the year or the one before it.
    parts.year = static_cast<int>((days + 719'527) * 400 / 146'097);
    if (detail::days_from_date(parts.year + 1, 1, 1) <= days) ++parts.year;
    parts.month = 12;
    while (detail::days_from_date(parts.year, parts.month, 1) > days) --parts.month;
    parts.day = static_cast<int>(days - detail::days_from_date(parts.year, parts.month, 1) + 1);
    parts.hour = of_day / 3600;
    parts.minute = of_day / 60 % 60;
    parts.second = of_day % 60;
    parts.nanosecond = nanoseconds_;
    return detail::date_and_minute_text(parts) + detail::second_text(parts) + 'Z';
}

}  // namespace webhookpp

// <webhookpp/detail/sent_time.hpp>
// The time of sending, as schemes write it.

namespace webhookpp::detail {

/// A number of 1 to `digits` digits (at most 18). No leading zero: then the text that was signed
/// and the number that is compared mean the same in every implementation.
[[nodiscard]] constexpr std::optional<std::int64_t> parse_digits(std::string_view text,
                                                                 std::size_t digits) noexcept {
    if (text.empty() || text.size() > digits || (text.size() > 1 && text[0] == '0')) {
        return std::nullopt;
    }
    std::int64_t value = 0;
    for (const char digit : text) {
        if (digit < '0' || digit > '9') return std::nullopt;
        value = value * 10 + (digit - '0');
    }
    return value;
}

/// Whether the timestamp stands in the content beside a part that is no literal, so that digits
/// could change sides.
[[nodiscard]] constexpr bool has_open_timestamp(const signed_content& content) noexcept {
    using part = content_part::kind;
    const auto open = [&content](std::size_t i) {
        return i < content.count && content.parts[i].which != part::literal;
    };
    for (std::size_t i = 0; i < content.count; ++i) {
        if (content.parts[i].which == part::timestamp && (open(i + 1) || (i > 0 && open(i - 1)))) {
            return true;
        }
    }
    return false;
}

/// The Unix seconds that `text` stands for in the form of `described`; nothing if it has another.
[[nodiscard]] constexpr std::optional<std::int64_t> parse_sent_time(
    const scheme& described, std::string_view text) noexcept {
    if (described.timestamp.format == time_format::rfc3339) {
        const auto instant = timestamp::parse(text);
        return instant ? std::optional(instant->unix_seconds()) : std::nullopt;
    }
    const bool milliseconds = described.timestamp.format == time_format::milliseconds;
    if (has_open_timestamp(described.content) && text.size() != (milliseconds ? 13U : 10U)) {
        return std::nullopt;
    }
    const auto number = parse_digits(text, milliseconds ? 15 : 12);
    return number && milliseconds ? std::optional(*number / 1000) : number;
}

/// `unix_seconds` in the form of `described`.
[[nodiscard]] inline std::string sent_time_text(const scheme& described,
                                                std::int64_t unix_seconds) {
    switch (described.timestamp.format) {
        case time_format::rfc3339: return timestamp(unix_seconds, 0).to_string();
        case time_format::milliseconds:
            return unix_seconds == 0 ? "0" : std::to_string(unix_seconds).append("000");
        case time_format::seconds: break;
    }
    return std::to_string(unix_seconds);
}

}  // namespace webhookpp::detail

// <webhookpp/verified_message.hpp>
// The proof that a delivery was verified, and what is known about it.

namespace webhookpp {

namespace detail {
class message_factory;
struct verified_facts;
}  // namespace detail

/// A message whose sender is proved. Only verification makes one (and, loudly, `assume_verified`),
/// and parsers take nothing else: so an event that nobody verified cannot be decoded.
///
/// Owns everything but the body, which it views: the body must outlive it.
class verified_message {
public:
    /// The most bytes that a message id has.
    static constexpr std::size_t max_id = 256;

    /// The most bytes that an event type in a header has.
    static constexpr std::size_t max_event_type = 128;

    /// For verification, which alone has the key to this.
    verified_message(const detail::message_factory&, const body_view& body,
                     const detail::verified_facts& facts) noexcept;

    /// The body, exactly as it arrived.
    [[nodiscard]] std::string_view body() const noexcept { return body_.bytes(); }

    /// Whether the body is part of what was signed. False where the scheme's sender only shows a
    /// token, and for `assume_verified`: whoever saw one such delivery can send another body.
    [[nodiscard]] bool body_is_signed() const noexcept { return body_is_signed_; }

    /// The message id: the same on every retry of a message, so the key for de-duplication. Empty
    /// where the scheme has none. Valid as long as the message.
    [[nodiscard]] std::string_view id() const noexcept { return id_.view(); }

    /// The event type that a header names; empty where the scheme has none, since it then stands in
    /// the body. Headers that name it are never signed: one of more than `max_event_type` bytes, or
    /// not in visible ASCII, counts as absent. Valid as long as the message.
    [[nodiscard]] std::string_view event_type() const noexcept { return event_type_.view(); }

    /// Whether the id is part of what was signed. One that is not may have been changed on its way.
    [[nodiscard]] bool id_is_signed() const noexcept { return id_is_signed_; }

    /// When the delivery was sent, in Unix seconds; nothing where no timestamp was signed.
    [[nodiscard]] std::optional<std::int64_t> timestamp() const noexcept { return timestamp_; }

    /// Whether a recorded delivery would be accepted again at any later time: nothing that was
    /// signed limits its age. Within the tolerance every delivery can be repeated; only remembering
    /// ids stops that.
    [[nodiscard]] bool replay_possible() const noexcept { return replay_possible_; }

    /// Which key matched: its place in the list that the verifier was made with, from 0. Nothing
    /// for `assume_verified`. Tells when a rotation is over.
    [[nodiscard]] std::optional<std::size_t> key_index() const noexcept { return key_index_; }

    /// How many tokens of the signature list were skipped: unknown versions, malformed ones, and
    /// those that no configured key could have made. Above 0, look whether the sender has begun to
    /// sign in a new way.
    [[nodiscard]] std::size_t skipped_tokens() const noexcept { return skipped_tokens_; }

    /// Why the message was assumed to be verified; empty if a verifier proved it.
    [[nodiscard]] std::string_view assumed_because() const noexcept { return assumed_because_; }

private:
    body_view body_;
    fixed_text<max_id> id_;
    fixed_text<max_event_type> event_type_;
    std::string_view assumed_because_;
    std::optional<std::int64_t> timestamp_;
    std::optional<std::size_t> key_index_;
    std::size_t skipped_tokens_;
    bool body_is_signed_;
    bool id_is_signed_;
    bool replay_possible_;
};

namespace detail {

// What a verifier found out about a delivery.
struct verified_facts {
    std::string_view id = {};
    std::string_view event_type = {};
    std::optional<std::int64_t> timestamp = std::nullopt;
    std::optional<std::size_t> key_index = std::nullopt;
    std::size_t skipped_tokens = 0;
    bool body_is_signed = false;
    bool id_is_signed = false;
    bool replay_possible = true;
    std::string_view assumed_because = {};
};

class message_factory {
public:
    [[nodiscard]] static verified_message make(const body_view& body,
                                               const verified_facts& facts) noexcept {
        return {message_factory(), body, facts};
    }

    /// As `make`, where it is needed: a message is large.
    [[nodiscard]] static result<verified_message> make_result(
        const body_view& body, const verified_facts& facts) noexcept {
        return result<verified_message>(std::in_place, message_factory(), body, facts);
    }

private:
    message_factory() noexcept = default;
};

}  // namespace detail

inline verified_message::verified_message(const detail::message_factory&, const body_view& body,
                                          const detail::verified_facts& facts) noexcept
    : body_(body),
      id_(facts.id),
      event_type_(facts.event_type),
      assumed_because_(facts.assumed_because),
      timestamp_(facts.timestamp),
      key_index_(facts.key_index),
      skipped_tokens_(facts.skipped_tokens),
      body_is_signed_(facts.body_is_signed),
      id_is_signed_(facts.id_is_signed),
      replay_possible_(facts.replay_possible) {}

/// Lets an UNVERIFIED body pass for a verified one. Only for bodies that came over a channel that
/// is already authenticated: the provider's API over TLS, a queue that nobody else writes to.
///
/// `reason` is a literal that says why; every use of this function should be easy to find and to
/// defend. The body must outlive the message.
template <std::size_t Size>
[[nodiscard]] verified_message assume_verified(const body_view& body,
                                               const char (&reason)[Size]) noexcept {
    static_assert(Size > 1, "say why this body can be trusted without a signature");
    return detail::message_factory::make(body,
                                         {.assumed_because = std::string_view(reason, Size - 1)});
}

}  // namespace webhookpp

// <webhookpp/detail/scheme_headers.hpp>
// Finds and checks the headers that a scheme reads.

namespace webhookpp::detail {

/// The headers of one delivery: one set of names, decided on. Views into the collected headers.
struct scheme_headers {
    std::string_view signature;
    std::string_view second_signature;
    std::string_view id;
    std::string_view timestamp;
    std::string_view event_type;

    std::optional<std::int64_t> time;  ///< what `timestamp` says, in Unix seconds

    // Under which names they were sent, for errors.
    std::string_view signature_name;
    std::string_view timestamp_name;
};

[[nodiscard]] constexpr bool is_valid_id(std::string_view id, bool allow_dot) noexcept {
    if (id.size() > verified_message::max_id) return false;
    return is_visible_ascii(id) && (allow_dot || id.find('.') == std::string_view::npos);
}

// A part of a type would be another type.
[[nodiscard]] constexpr bool is_valid_event_type(std::string_view type) noexcept {
    return type.size() <= verified_message::max_event_type && is_visible_ascii(type);
}

/// Which headers a scheme reads, under which names. Made once for each verifier.
class header_plan {
public:
    enum role : std::size_t { signature, second, id, timestamp, event_type, roles };

    constexpr explicit header_plan(const scheme& described) noexcept
        : described_(&described), sets_(described.signature.header.count) {
        for (std::size_t set = 0; set < sets_; ++set) {
            for (std::size_t which = 0; which < roles; ++which) {
                const std::string_view name = name_in(described, set, which);
                // The collection looks for few names, so those that are not there take no place.
                if (name.empty() || count_ == collected_headers::max_names) continue;
                places_[set][which] = static_cast<std::uint8_t>(count_);
                names_[count_++] = name;
            }
        }
        // What is not signed may be absent, and cannot make a delivery bad.
        required_[signature] = true;
        required_[timestamp] = true;
        required_[id] = described.signs(content_part::kind::id);
        for (std::size_t set = 0; set < sets_; ++set) {
            signatures_[set] = names_of(set, signature) | names_of(set, second);
            needed_[set] = names_of(set, timestamp) | (required_[id] ? names_of(set, id) : 0);
        }
    }

    [[nodiscard]] constexpr const scheme& described() const noexcept { return *described_; }
    [[nodiscard]] constexpr std::size_t sets() const noexcept { return sets_; }

    /// The names to collect.
    [[nodiscard]] constexpr std::span<const std::string_view> names() const noexcept {
        return std::span(names_).first(count_);
    }

    /// Whether the header has a name in this set.
    [[nodiscard]] constexpr bool has(std::size_t set, std::size_t which) const noexcept {
        return places_[set][which] != nowhere;
    }

    /// Where the header's name stands among `names()`, if it has one.
    [[nodiscard]] constexpr std::size_t place(std::size_t set, std::size_t which) const noexcept {
        return places_[set][which];
    }

    /// The header's name; empty if it has none.
    [[nodiscard]] constexpr std::string_view name(std::size_t set,
                                                  std::size_t which) const noexcept {
        return has(set, which) ? names_[place(set, which)] : std::string_view();
    }

    /// Whether a delivery without this header, or with two of them, is refused.
    [[nodiscard]] constexpr bool is_required(std::size_t which) const noexcept {
        return required_[which];
    }

    /// The header's name in this set, if it has one.
    [[nodiscard]] constexpr name_set names_of(std::size_t set, std::size_t which) const noexcept {
        return has(set, which) ? name_at(place(set, which)) : 0;
    }

    /// Of these names in the set, one at least has to be there.
    [[nodiscard]] constexpr name_set signatures(std::size_t set) const noexcept {
        return signatures_[set];
    }

    /// The other names in the set that all have to be there.
    [[nodiscard]] constexpr name_set needed(std::size_t set) const noexcept { return needed_[set]; }

private:
    static constexpr std::uint8_t nowhere = 255;

    [[nodiscard]] static constexpr std::string_view name_in(const scheme& described,
                                                            std::size_t set,
                                                            std::size_t which) noexcept {
        switch (which) {
            case signature: return described.signature.header[set];
            case second: return set == 0 ? described.signature.second_header : std::string_view();
            case id: return described.id.header[set];
            case timestamp: return described.timestamp.header[set];
            default: return set == 0 ? described.event_type.header : std::string_view();
        }
    }

    const scheme* described_;
    std::size_t sets_;
    std::size_t count_ = 0;
    std::string_view names_[collected_headers::max_names] = {};
    std::uint8_t places_[2][roles] = {{nowhere, nowhere, nowhere, nowhere, nowhere},
                                      {nowhere, nowhere, nowhere, nowhere, nowhere}};
    bool required_[roles] = {};
    name_set signatures_[2] = {};
    name_set needed_[2] = {};
};

/// Looks up the headers of one delivery.
class scheme_header_reader {
public:
    scheme_header_reader(const header_plan& plan, const verifier_options& options,
                         collected_headers& headers) noexcept
        : plan_(plan), options_(options), headers_(headers) {}

    /// Collects the headers, of which the scheme reads some, from `source`, and checks them into
    /// `read`, which is empty.
    [[nodiscard]] result<void> read(const header_source& source, scheme_headers& read) noexcept {
        if (!headers_.collect(source, plan_.names(), options_.limits.header_value)) {
            return unexpected(errc::internal_error, "headers");
        }
        const auto set = deciding_set();
        if (!set) return unexpected(errc::missing_header, missing_name());
        return read_set(*set, read);
    }

private:
    using role = header_plan::role;
    using state_of = collected_headers::state;

    [[nodiscard]] state_of state(std::size_t set, std::size_t which) const noexcept {
        return plan_.has(set, which) ? headers_.which(plan_.place(set, which)) : state_of::missing;
    }

    [[nodiscard]] bool is_signed(std::size_t set) const noexcept {
        return (plan_.signatures(set) & headers_.found()) != 0;
    }

    [[nodiscard]] bool is_complete(std::size_t set) const noexcept {
        return is_signed(set) && (plan_.needed(set) & ~headers_.found()) == 0;
    }

    // Whether this header makes its set incomplete.
    [[nodiscard]] bool is_missing(std::size_t set, std::size_t which) const noexcept {
        if (which == role::signature) return !is_signed(set);
        return (plan_.names_of(set, which) & plan_.needed(set) & ~headers_.found()) != 0;
    }

    // Which set of names decides: the last one that is complete. Sets are never mixed.
    [[nodiscard]] std::optional<std::size_t> deciding_set() const noexcept {
        for (std::size_t set = plan_.sets(); set-- > 0;) {
            if (is_complete(set)) return set;
        }
        return std::nullopt;
    }

    // The first header that is missing from the set of which most is there.
    [[nodiscard]] std::string_view missing_name() const noexcept {
        std::size_t fewest = role::roles;
        std::string_view missing;
        for (std::size_t set = plan_.sets(); set-- > 0;) {
            std::size_t absent = 0;
            std::string_view first_absent;
            for (std::size_t which = 0; which < role::roles; ++which) {
                if (is_missing(set, which) && absent++ == 0) first_absent = plan_.name(set, which);
            }
            // On a tie the earlier set, which is the standard's, gives its name.
            if (absent <= fewest) {
                fewest = absent;
                missing = first_absent;
            }
        }
        return missing;
    }

    [[nodiscard]] std::string_view value(std::size_t set, std::size_t which) const noexcept {
        return state(set, which) == state_of::single ? headers_.value(plan_.place(set, which))
                                                     : std::string_view();
    }

    // Refuses the set for its first header that is too large or there twice.
    [[nodiscard]] result<void> check_flaws(std::size_t set) const noexcept {
        for (std::size_t which = 0; which < role::roles; ++which) {
            if (!plan_.is_required(which) && which != role::second) continue;
            const auto found = state(set, which);
            if (found == state_of::too_large) {
                return unexpected(errc::header_too_large, plan_.name(set, which));
            }
            if (found == state_of::duplicate) {
                return unexpected(errc::duplicate_header, plan_.name(set, which));
            }
        }
        return {};
    }

    [[nodiscard]] result<void> read_set(std::size_t set, scheme_headers& read) const noexcept {
        if (headers_.flawed() != 0) {
            if (auto good = check_flaws(set); !good) return good;
        }
        read.signature = value(set, role::signature);
        read.second_signature = value(set, role::second);
        read.id = value(set, role::id);
        read.timestamp = value(set, role::timestamp);
        read.event_type = value(set, role::event_type);
        read.signature_name = plan_.name(set, role::signature);
        read.timestamp_name = plan_.name(set, role::timestamp);
        if (plan_.is_required(role::id)) {
            if (!is_valid_id(read.id, options_.allow_dot_in_id)) {
                return unexpected(errc::invalid_id, plan_.name(set, role::id));
            }
        } else if (!is_valid_id(read.id, true)) {
            read.id = {};
        }
        if (!is_valid_event_type(read.event_type)) read.event_type = {};
        if (!read.timestamp_name.empty()) {
            read.time = parse_sent_time(plan_.described(), read.timestamp);
            if (!read.time) return unexpected(errc::invalid_timestamp, read.timestamp_name);
        }
        return {};
    }

    const header_plan& plan_;
    const verifier_options& options_;
    collected_headers& headers_;
};

}  // namespace webhookpp::detail

// <webhookpp/detail/sent_token.hpp>
// Tokens as they are sent: in a header, perhaps behind a word, or in the target of the request.

namespace webhookpp::detail {

/// What stands in `value` behind `word` and one or more spaces; all of it where there is no word to
/// look for. Nothing if another word stands there. RFC 7235, section 2.1: the word's letter case
/// does not matter, and there is no other white space.
[[nodiscard]] constexpr std::optional<std::string_view> after_word(std::string_view value,
                                                                   std::string_view word) noexcept {
    if (word.empty()) return value;
    if (!equal_names(value.substr(0, word.size()), word)) return std::nullopt;
    value.remove_prefix(word.size());
    const std::size_t start = value.find_first_not_of(' ');
    if (start == 0 || start == std::string_view::npos) return std::nullopt;
    return value.substr(start);
}

/// The token in `value`, encoded as it is; nothing if none in the form of `source` stands there.
[[nodiscard]] constexpr std::optional<std::string_view> shown_token(
    const signature_source& source, std::string_view value) noexcept {
    const auto token = after_word(value, source.word);
    if (!token || !is_visible_ascii(*token)) return std::nullopt;
    if (source.encoding == encoding::base64 && !crypto::is_base64(*token)) return std::nullopt;
    return token;
}

/// The token that deliveries with `with` show. Since base64 has one spelling, texts are equal if
/// and only if what they stand for is: so the key is encoded once, and nothing that is received is
/// decoded.
[[nodiscard]] inline crypto::secret_bytes sent_token(const signature_source& source,
                                                     const key& with) {
    if (source.encoding == encoding::plain) return crypto::secret_bytes(with.bytes());
    crypto::secret_bytes text(crypto::base64_encoded_size(with.bytes().size()));
    const auto out = text.writable();
    crypto::base64_encode(with.bytes(), {reinterpret_cast<char*>(out.data()), out.size()});
    return text;
}

/// What stands for a header's name in errors about tokens in the target.
inline constexpr std::string_view token_in_target = "token in the target";

/// The token in `target`, which is neither decoded nor checked.
///
/// Errors: `missing_header` when the token is absent or empty, `duplicate_header` when it is there
/// twice with different values.
[[nodiscard]] inline result<std::string_view> token_in(const signature_source& source,
                                                       std::string_view target) noexcept {
    const std::size_t question = target.find('?');
    std::string_view found;
    if (source.end_of_path) {
        found = target.substr(0, question);
        found.remove_prefix(found.rfind('/') + 1);  // without any slash: + 1 makes it 0
    } else if (question != std::string_view::npos) {
        for (std::string_view rest = target.substr(question + 1); !rest.empty();) {
            const std::string_view member = rest.substr(0, rest.find('&'));
            rest.remove_prefix(member.size() < rest.size() ? member.size() + 1 : rest.size());
            const std::size_t equals = member.find('=');
            if (equals == std::string_view::npos || member.substr(0, equals) != source.query) {
                continue;
            }
            const std::string_view value = member.substr(equals + 1);
            if (value.empty()) continue;
            if (!found.empty() && value != found) {
                return unexpected(errc::duplicate_header, token_in_target);
            }
            found = value;
        }
    }
    if (found.empty()) return unexpected(errc::missing_header, token_in_target);
    return found;
}

}  // namespace webhookpp::detail

// <webhookpp/crypto/base64url.hpp>
// Base64 for URLs: RFC 4648 section 5, without padding, one spelling for each value.

namespace webhookpp::crypto {

/// Decodes `text` into the front of `out`.
///
/// Returns how many bytes were written, or nothing when `text` is not canonical (a character
/// outside the alphabet, padding, a length that no bytes have, unused bits set) or does not fit.
/// `out` may have been written to in part.
[[nodiscard]] constexpr std::optional<std::size_t> base64url_decode(
    std::string_view text, std::span<unsigned char> out) noexcept {
    std::size_t written = 0;
    for (; !text.empty(); text.remove_prefix(text.size() < 4 ? text.size() : 4)) {
        char group[4] = {'=', '=', '=', '='};
        for (std::size_t i = 0; i < 4 && i < text.size(); ++i) {
            const char c = text[i];
            if (c == '+' || c == '/' || c == '=') return std::nullopt;
            group[i] = c == '-' ? '+' : (c == '_' ? '/' : c);
        }
        const auto size = base64_decode({group, 4}, out.subspan(written));
        if (!size) return std::nullopt;
        written += *size;
    }
    return written;
}

/// Writes `data` to the front of `out`, which must have room for `base64_encoded_size(data.size())`
/// characters. Returns how many were written. Like `base64_encode` fit for a fresh signature.
constexpr std::size_t base64url_encode(std::span<const unsigned char> data,
                                       std::span<char> out) noexcept {
    base64_encode(data, out);
    const std::size_t size = (data.size() * 4 + 2) / 3;
    for (char& each : out.first(size)) {
        const std::uint32_t c = static_cast<unsigned char>(each);
        const auto is = [c](char wanted) {
            return ((c ^ static_cast<unsigned char>(wanted)) - 1) >> 31;
        };
        each = static_cast<char>(c + is('+') * ('-' - '+') + is('/') * ('_' - '/'));
    }
    return size;
}

}  // namespace webhookpp::crypto

// <webhookpp/detail/signature_tokens.hpp>
// Decodes the signatures of a header: one, or a list of them.

namespace webhookpp::detail {

/// The hash function of an HMAC algorithm.
[[nodiscard]] constexpr crypto::hash hash_of(algorithm made_by) noexcept {
    if (made_by == algorithm::hmac_sha1) return crypto::hash::sha1;
    return made_by == algorithm::hmac_sha512 ? crypto::hash::sha512 : crypto::hash::sha256;
}

[[nodiscard]] constexpr bool is_hmac(algorithm made_by) noexcept {
    return made_by == algorithm::hmac_sha1 || made_by == algorithm::hmac_sha256 ||
           made_by == algorithm::hmac_sha512;
}

/// How many bytes a signature of this algorithm has; 0 where they differ.
[[nodiscard]] constexpr std::size_t signature_size(algorithm made_by) noexcept {
    if (made_by == algorithm::ed25519) return crypto::ed25519_signature_size;
    return is_hmac(made_by) ? crypto::hash_size(hash_of(made_by)) : 0;
}

/// The most bytes that a signature of any algorithm has.
inline constexpr std::size_t signature_limit = crypto::ecdsa_p256_signature_limit;

/// A token of the right form: a signature that may be compared.
struct signature_candidate {
    algorithm made_by;
    std::size_t size;
    unsigned char bytes[signature_limit];

    [[nodiscard]] crypto::bytes signature() const noexcept {
        return crypto::bytes(bytes).first(size);
    }
};

/// The signatures of one delivery.
class signature_tokens {
public:
    static constexpr std::size_t max_tokens = 16;

    /// Reads the value of a signature header. May be called for each of two headers.
    ///
    /// Errors, for which `where` is yet to be said: `too_many_signatures` when there are more than
    /// `limit` or `max_tokens` of any kind, before any is decoded; `invalid_header` when the
    /// timestamp element is there twice or not at all.
    [[nodiscard]] result<void> read(const scheme& described, std::string_view value,
                                    std::size_t limit) noexcept {
        const signature_source& source = described.signature;
        if (!source.pairs.name.empty()) return read_pairs(described, value, limit);
        if (described.algorithm) {
            const auto only = after_word(value, source.word);
            if (!only || !only->starts_with(source.prefix) ||
                !decode(source.encoding, only->substr(source.prefix.size()),
                        *described.algorithm)) {
                ++skipped_;
            }
            return {};
        }
        std::size_t tokens = 0;
        for (std::string_view rest = value; !rest.empty();) {
            if (!next(rest, ' ').empty() && (++tokens > limit || tokens > max_tokens)) {
                return unexpected(errc::too_many_signatures);
            }
        }
        while (!value.empty()) {
            const auto token = next(value, ' ');
            if (!token.empty() && !decode_version(source, token)) ++skipped_;
        }
        return {};
    }

    [[nodiscard]] std::span<const signature_candidate> candidates() const noexcept {
        return std::span(candidates_).first(count_);
    }

    /// How many candidates are signatures of an algorithm for which `wanted(algorithm)` is true.
    template <class Wanted>
    [[nodiscard]] std::size_t count_if(Wanted wanted) const noexcept {
        std::size_t found = 0;
        for (const auto& candidate : candidates()) found += wanted(candidate.made_by) ? 1 : 0;
        return found;
    }

    /// How many candidates are signatures of this algorithm.
    [[nodiscard]] std::size_t count(algorithm made_by) const noexcept {
        return count_if([made_by](algorithm other) { return other == made_by; });
    }

    /// How many tokens are no candidates.
    [[nodiscard]] std::size_t skipped() const noexcept { return skipped_; }

    /// The timestamp element, where the scheme has one. A view into the value that was read.
    [[nodiscard]] std::string_view timestamp() const noexcept { return timestamp_; }

private:
    // Takes the text up to the next separator from the front of `rest`.
    static std::string_view next(std::string_view& rest, char separator) noexcept {
        const std::size_t end = rest.find(separator);
        const std::string_view token = rest.substr(0, end);
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
        return token;
    }

    result<void> read_pairs(const scheme& described, std::string_view value,
                            std::size_t limit) noexcept {
        const signature_source& source = described.signature;
        const auto is_timestamp = [&described](std::string_view name) {
            return !described.timestamp.element.empty() && name == described.timestamp.element;
        };
        std::size_t tokens = 0;
        std::size_t timestamps = 0;
        for (std::string_view rest = value; !rest.empty();) {
            const auto element = trim_blanks(next(rest, source.pairs.separator));
            const std::string_view name = element.substr(0, element.find('='));
            if (is_timestamp(name) && name.size() < element.size()) {
                ++timestamps;
                timestamp_ = element.substr(name.size() + 1);
            } else if (!element.empty() && (++tokens > limit || tokens > max_tokens)) {
                return unexpected(errc::too_many_signatures);
            }
        }
        if (timestamps != (described.timestamp.element.empty() ? 0 : 1)) {
            return unexpected(errc::invalid_header);
        }
        while (!value.empty()) {
            const auto element = trim_blanks(next(value, source.pairs.separator));
            const std::string_view name = element.substr(0, element.find('='));
            if (element.empty() || is_timestamp(name)) continue;
            if (name != source.pairs.name || name.size() == element.size() ||
                !decode(source.encoding, element.substr(name.size() + 1), *described.algorithm)) {
                ++skipped_;
            }
        }
        return {};
    }

    bool decode_version(const signature_source& source, std::string_view token) noexcept {
        const std::size_t comma = token.find(',');
        if (comma == std::string_view::npos) return false;
        const std::string_view label = token.substr(0, comma);
        const std::string_view text = token.substr(comma + 1);
        for (const signature_version& version : source.versions) {
            if (version.label.empty() || version.label != label) continue;
            return decode(source.encoding, text, version.algorithm);
        }
        return false;
    }

    bool decode(encoding written_in, std::string_view text, algorithm made_by) noexcept {
        if (count_ == max_tokens) return false;
        signature_candidate& candidate = candidates_[count_];
        const auto size = [&]() -> std::optional<std::size_t> {
            switch (written_in) {
                case encoding::hex: return crypto::hex_decode(text, candidate.bytes);
                case encoding::base64url: return crypto::base64url_decode(text, candidate.bytes);
                case encoding::base64: return crypto::base64_decode(text, candidate.bytes);
                case encoding::plain: break;
            }
            return std::nullopt;
        }();
        const std::size_t wanted = signature_size(made_by);
        if (!size || *size == 0 || (wanted != 0 && *size != wanted)) return false;
        candidate.made_by = made_by;
        candidate.size = *size;
        ++count_;
        return true;
    }

    signature_candidate candidates_[max_tokens];
    std::size_t count_ = 0;
    std::size_t skipped_ = 0;
    std::string_view timestamp_ = {};
};

}  // namespace webhookpp::detail

// <webhookpp/detail/form_fields.hpp>
// The fields of an HTML form in a body: application/x-www-form-urlencoded.

namespace webhookpp::detail {

/// Appends `text` to `out` with `%41` and `+` decoded as browsers write them. A `%` before anything
/// but two hex digits stands for itself. Returns false when memory ran out.
template <std::size_t InPlace>
[[nodiscard]] bool append_form_decoded(byte_buffer<InPlace>& out, std::string_view text) noexcept {
    bool good = true;
    for (std::size_t i = 0; i < text.size() && good; ++i) {
        unsigned char byte[1] = {static_cast<unsigned char>(text[i] == '+' ? ' ' : text[i])};
        if (text[i] == '%' && i + 2 < text.size() &&
            crypto::hex_decode(text.substr(i + 1, 2), byte, crypto::hex_case::either)) {
            i += 2;
        }
        good = out.append({reinterpret_cast<const char*>(byte), 1});
    }
    return good;
}

/// How many texts stand in `body` between ampersands.
[[nodiscard]] constexpr std::size_t count_pairs(std::string_view body) noexcept {
    std::size_t count = 0;
    for (; !body.empty(); ++count) {
        const std::size_t end = body.find('&');
        body.remove_prefix(end == std::string_view::npos ? body.size() : end + 1);
    }
    return count;
}

/// Appends names and values of the fields in `body` to `out`: sorted by name and then by value,
/// byte by byte, equal fields once.
///
/// Errors: `body_too_large` for more than `limit` fields; `internal_error` when memory ran out.
template <std::size_t InPlace>
[[nodiscard]] result<void> append_sorted_fields(byte_buffer<InPlace>& out, std::string_view body,
                                                std::size_t limit) noexcept {
    struct field {
        std::string_view name;
        std::string_view value;

        static int compare(const void* left, const void* right) {
            const auto& a = *static_cast<const field*>(left);
            const auto& b = *static_cast<const field*>(right);
            const int names = a.name.compare(b.name);
            return names != 0 ? names : a.value.compare(b.value);
        }
    };
    const std::size_t count = count_pairs(body);
    if (count > limit) return unexpected(errc::body_too_large, "form fields");
    if (count == 0) return {};

    byte_buffer<512> decoded;
    // Decoding shortens, so the texts never move.
    struct field_array {
        explicit field_array(std::size_t size) noexcept : data(new (std::nothrow) field[size]) {}
        field_array(const field_array&) = delete;
        field_array& operator=(const field_array&) = delete;
        ~field_array() { delete[] data; }
        field* data;
    };
    const field_array all(count);
    field* const fields = all.data;
    if (!fields || !decoded.reserve(body.size())) return unexpected(errc::internal_error, "body");
    std::size_t found = 0;
    for (std::string_view rest = body; !rest.empty();) {
        const std::string_view pair = rest.substr(0, rest.find('&'));
        rest.remove_prefix(pair.size() < rest.size() ? pair.size() + 1 : rest.size());
        const std::size_t equals = pair.find('=');
        const std::size_t name = decoded.size();
        bool good = append_form_decoded(decoded, pair.substr(0, equals));
        const std::size_t value = decoded.size();
        if (equals != std::string_view::npos) {
            good = good && append_form_decoded(decoded, pair.substr(equals + 1));
        }
        if (!good) return unexpected(errc::internal_error, "body");
        fields[found++] = {decoded.view().substr(name, value - name), decoded.view().substr(value)};
    }
    std::qsort(fields, found, sizeof(field), &field::compare);
    for (std::size_t i = 0; i < found; ++i) {
        if (i > 0 && field::compare(&fields[i - 1], &fields[i]) == 0) continue;
        if (!out.append(fields[i].name) || !out.append(fields[i].value)) {
            return unexpected(errc::internal_error, "body");
        }
    }
    return {};
}

}  // namespace webhookpp::detail

// <webhookpp/detail/signed_url.hpp>
// The URL as a sender signs it: that of the endpoint, in the form that the scheme describes.

namespace webhookpp::detail {

/// A URL in the three parts that schemes treat differently.
struct url_parts {
    std::string_view authority;  ///< `https://host:port`
    std::string_view path;
    std::string_view query;  ///< with its question mark
};

[[nodiscard]] constexpr url_parts split_url(std::string_view url) noexcept {
    const std::size_t scheme = url.find("://");
    const std::size_t host = scheme == std::string_view::npos ? 0 : scheme + 3;
    const std::size_t path = url.find_first_of("/?", host);
    if (path == std::string_view::npos) return {url, {}, {}};
    const std::size_t query = url.find('?', path);
    if (query == std::string_view::npos) return {url.substr(0, path), url.substr(path), {}};
    return {url.substr(0, path), url.substr(path, query - path), url.substr(query)};
}

/// The default port of `authority` with its colon, `:443` or `:80`; empty for other schemes.
[[nodiscard]] constexpr std::string_view default_port(std::string_view authority) noexcept {
    if (authority.starts_with("https://")) return ":443";
    return authority.starts_with("http://") ? ":80" : "";
}

/// Whether `authority` has a port of its own, which no spelling leaves out.
[[nodiscard]] constexpr bool has_other_port(std::string_view authority) noexcept {
    const std::size_t host = authority.find("://");
    const std::size_t begin = host == std::string_view::npos ? 0 : host + 3;
    // The colons of an IPv6 address stand in brackets.
    const std::size_t colon = authority.rfind(':');
    const bool has_port = colon != std::string_view::npos && colon >= begin &&
                          authority.find(']', colon) == std::string_view::npos;
    return has_port && !authority.ends_with(default_port(authority));
}

/// Appends `text` to `out`, with those of `characters` as they are that it has percent-encoded.
/// Returns false when memory ran out.
template <std::size_t InPlace>
[[nodiscard]] bool append_with_decoded(byte_buffer<InPlace>& out, std::string_view text,
                                       std::string_view characters) noexcept {
    if (characters.empty()) return out.append(text);
    bool good = true;
    while (!text.empty() && good) {
        unsigned char byte[1] = {static_cast<unsigned char>(text.front())};
        const bool decoded =
            text.front() == '%' &&
            crypto::hex_decode(text.substr(1, 2), byte, crypto::hex_case::either) == 1 &&
            characters.find(static_cast<char>(byte[0])) != std::string_view::npos;
        good = out.append(decoded ? std::string_view(reinterpret_cast<char*>(byte), 1)
                                  : text.substr(0, 1));
        text.remove_prefix(decoded ? 3 : 1);
    }
    return good;
}

/// Appends the URL that is signed to `out`. `other_port`: with the default port where `url` has
/// none, without it where `url` has it. Returns false when memory ran out.
template <std::size_t InPlace>
[[nodiscard]] bool append_signed_url(byte_buffer<InPlace>& out, const url_source& form,
                                     std::string_view url, std::string_view target,
                                     bool other_port) noexcept {
    url_parts parts = split_url(url);
    if (form.query_of_request) {
        const std::size_t question = target.find('?');
        parts.query = question == std::string_view::npos ? "" : target.substr(question);
    }
    std::string_view port;
    if (other_port) {
        port = default_port(parts.authority);
        if (parts.authority.ends_with(port)) {
            parts.authority.remove_suffix(port.size());
            port = {};
        }
    }
    bool good = true;
    for (const std::string_view part : {parts.authority, port, parts.path, parts.query}) {
        good = good && append_with_decoded(out, part, form.decoded);
    }
    return good;
}

/// The value of the member `name` in the query of `target`, undecoded; empty if there is none, or
/// if there are two. An empty value is a missing one.
[[nodiscard]] constexpr std::string_view query_member(std::string_view target,
                                                      std::string_view name) noexcept {
    const std::size_t question = target.find('?');
    if (question == std::string_view::npos) return {};
    std::string_view found;
    for (std::string_view rest = target.substr(question + 1); !rest.empty();) {
        const std::string_view member = rest.substr(0, rest.find('&'));
        rest.remove_prefix(member.size() < rest.size() ? member.size() + 1 : rest.size());
        if (member.size() <= name.size() + 1 || !member.starts_with(name) ||
            member[name.size()] != '=') {
            continue;
        }
        if (!found.empty()) return {};
        found = member.substr(name.size() + 1);
    }
    return found;
}

}  // namespace webhookpp::detail

// <webhookpp/detail/signed_message.hpp>
// The bytes that a sender signs, put together from the parts that a scheme names.

namespace webhookpp::detail {

/// What the parts of a content stand for in one delivery. Views.
struct content_values {
    std::string_view id = {};
    std::string_view timestamp = {};
    std::string_view body = {};
    std::string_view url = {};  ///< as the endpoint is configured with it
    std::string_view method = {};
    std::string_view target = {};
};

/// Whether each part of the content stands somewhere as it is, so that nothing has to be put
/// together to sign it.
[[nodiscard]] constexpr bool has_plain_parts(const scheme& described) noexcept {
    const url_source& url = described.url;
    return !described.signs(content_part::kind::form) && !url.query_of_request &&
           !url.any_default_port && url.decoded.empty();
}

/// The text of a part that stands somewhere as it is.
[[nodiscard]] constexpr std::string_view plain_text(const content_part& part,
                                                    const content_values& values) noexcept {
    switch (part.which) {
        case content_part::kind::id: return values.id;
        case content_part::kind::timestamp: return values.timestamp;
        case content_part::kind::body: return values.body;
        case content_part::kind::url: return values.url;
        case content_part::kind::method: return values.method;
        case content_part::kind::literal: return part.text;
        case content_part::kind::form: break;
    }
    return {};
}

/// Whether there are two spellings of the URL that both count.
[[nodiscard]] constexpr bool has_two_urls(const scheme& described, std::string_view url) noexcept {
    return described.url.any_default_port && !has_other_port(split_url(url).authority);
}

/// Whether `text` is the SHA-256 of `body` in hex. `internal_error` when OpenSSL fails.
[[nodiscard]] inline result<bool> is_digest_of(const crypto::digest_context& context,
                                               std::string_view body,
                                               std::string_view text) noexcept {
    unsigned char shown[crypto::sha256_size];
    unsigned char digest[crypto::sha256_size];
    if (crypto::hex_decode(text, shown, crypto::hex_case::either) != sizeof shown) return false;
    if (!crypto::sha256(context, crypto::as_bytes(body), digest)) {
        return unexpected(errc::internal_error, "SHA-256");
    }
    return crypto::equal(shown, digest);
}

/// The most fields that a form may have.
inline constexpr std::size_t default_form_fields = 1000;

/// Puts the signed bytes together in `out`, which is cleared before. `other_port` chooses the
/// second spelling of the URL.
///
/// Errors: `signature_mismatch` when the digest of the body in the URL is wrong, `body_too_large`
/// for a form with more than `form_fields` fields, `internal_error` when memory or OpenSSL fails.
template <std::size_t InPlace>
[[nodiscard]] result<void> join_message(byte_buffer<InPlace>& out, const scheme& described,
                                        const content_values& values, bool other_port,
                                        const crypto::digest_context& context,
                                        std::size_t form_fields = default_form_fields) noexcept {
    out.clear();
    // Mostly the body is what takes room; with that, it is copied once.
    bool good = out.reserve(values.body.size() + values.url.size() + values.target.size() + 512);
    for (std::size_t i = 0; i < described.content.count && good; ++i) {
        const content_part& part = described.content.parts[i];
        if (part.which == content_part::kind::url) {
            good = append_signed_url(out, described.url, values.url, values.target, other_port);
        } else if (part.which == content_part::kind::form) {
            const auto digest = described.form.body_digest.empty()
                                    ? std::string_view()
                                    : query_member(values.target, described.form.body_digest);
            if (digest.empty()) {
                auto appended = append_sorted_fields(out, values.body, form_fields);
                if (!appended) return appended;
            } else {
                const auto right = is_digest_of(context, values.body, digest);
                if (!right) return unexpected(right.error());
                if (!*right) {
                    return unexpected(errc::signature_mismatch, described.form.body_digest);
                }
            }
        } else {
            good = out.append(plain_text(part, values));
        }
    }
    if (!good) return unexpected(errc::internal_error, "body");
    return {};
}

}  // namespace webhookpp::detail

// <webhookpp/check_age.hpp>
// Whether something was sent recently enough.

namespace webhookpp {

/// Whether `sent` is within `allowed` of `now`, both in Unix seconds and both ends included.
///
/// Verifiers call it where a scheme signs a timestamp. Where the scheme signs none but the body
/// tells when the event happened, as Waitwhile's `created`, which is signed with the body, call it
/// with that. Errors: `timestamp_too_old`, `timestamp_too_new`. No value overflows.
[[nodiscard]] inline result<void> check_age(std::int64_t sent, std::int64_t now,
                                            const tolerance& allowed) noexcept {
    // Unsigned, so that no clock, however wrong, makes a difference overflow.
    const auto from = [](std::int64_t earlier, std::int64_t later) {
        return static_cast<std::uint64_t>(later) - static_cast<std::uint64_t>(earlier);
    };
    const auto exceeds = [](std::uint64_t difference, seconds most) {
        if (most == seconds::unlimited()) return false;
        return most.count() < 0 || difference > static_cast<std::uint64_t>(most.count());
    };
    if (sent <= now && exceeds(from(sent, now), allowed.past)) {
        return unexpected(errc::timestamp_too_old);
    }
    if (sent > now && exceeds(from(now, sent), allowed.future)) {
        return unexpected(errc::timestamp_too_new);
    }
    return {};
}

}  // namespace webhookpp

// <webhookpp/detail/verification_steps.hpp>
// The steps that are the same whether a body is verified at once or while it arrives.

namespace webhookpp::detail {

/// Decodes the signatures in `headers` into `tokens`, and adds the timestamp that stands among them
/// to `headers`.
///
/// Errors: `too_many_signatures`, `invalid_header`, `invalid_timestamp`.
[[nodiscard]] inline result<void> read_signatures(const scheme& described, const limits& most,
                                                  scheme_headers& headers,
                                                  signature_tokens& tokens) noexcept {
    for (const std::string_view value : {headers.signature, headers.second_signature}) {
        if (value.empty()) continue;
        const auto read = tokens.read(described, value, most.signatures);
        if (!read) return unexpected(read.error().code, headers.signature_name);
    }
    if (!described.timestamp.element.empty()) {
        headers.timestamp = tokens.timestamp();
        headers.timestamp_name = headers.signature_name;
        headers.time = parse_sent_time(described, headers.timestamp);
        if (!headers.time) return unexpected(errc::invalid_timestamp, headers.timestamp_name);
    }
    return {};
}

/// Whether `mac` is one of the candidates. All are compared.
[[nodiscard]] inline bool is_mac(const signature_tokens& tokens, crypto::bytes mac) noexcept {
    bool matched = false;
    for (const auto& candidate : tokens.candidates()) {
        if (is_hmac(candidate.made_by) && crypto::equal(mac, candidate.signature())) matched = true;
    }
    return matched;
}

/// Whether the delivery was sent recently enough. To be called once the signature has matched:
/// "valid but stale" and "forged" are told apart in the log.
[[nodiscard]] inline result<void> check_sent_time(const scheme_headers& headers, std::int64_t now,
                                                  const tolerance& allowed) noexcept {
    if (!headers.time) return {};
    const auto fresh = check_age(*headers.time, now, allowed);
    if (!fresh) return unexpected(fresh.error().code, headers.timestamp_name);
    return {};
}

/// What is known about a delivery of which the key at `key_index` made a signature.
[[nodiscard]] inline verified_facts facts_of(const scheme& described, const scheme_headers& headers,
                                             const tolerance& allowed, std::size_t key_index,
                                             std::size_t skipped_tokens) noexcept {
    return {.id = headers.id,
            .event_type = headers.event_type,
            .timestamp = headers.time,
            .key_index = key_index,
            .skipped_tokens = skipped_tokens,
            .body_is_signed = described.signs(content_part::kind::body) ||
                              described.signs(content_part::kind::form),
            .id_is_signed = described.signs(content_part::kind::id),
            .replay_possible = !headers.time || allowed.past == seconds::unlimited()};
}

}  // namespace webhookpp::detail

// <webhookpp/detail/endpoint_url.hpp>
// The URL of an endpoint, as a program is configured with it.

namespace webhookpp::detail {

/// Whether `url` may be the URL of an endpoint: http or https, and neither white space nor control
/// characters. It is signed byte by byte, so nothing of it is changed. The error, `invalid_url`,
/// does not show it, since there may be a token in it.
[[nodiscard]] inline result<void> check_endpoint_url(std::string_view url) {
    if (url.empty()) {
        return unexpected(errc::invalid_url,
                          "the scheme needs the URL of the endpoint: set .url to it, exactly as it "
                          "is registered with the sender");
    }
    for (const char c : url) {
        if (static_cast<unsigned char>(c) <= ' ' || c == '\x7f') {
            return unexpected(errc::invalid_url,
                              "there is white space or a control character in the .url");
        }
    }
    for (const std::string_view start :
         {std::string_view("https://"), std::string_view("http://")}) {
        if (url.starts_with(start) && url.size() > start.size()) return {};
    }
    return unexpected(errc::invalid_url,
                      "the .url is the whole one and starts with https:// or http://");
}

}  // namespace webhookpp::detail

// <webhookpp/detail/flag_lock.hpp>
// A small lock for what is rare and done quickly, without the cost of including <mutex>.

namespace webhookpp::detail {

// Sets a flag while it lives. Who finds it set waits.
class flag_lock {
public:
    explicit flag_lock(std::atomic_flag& flag) noexcept : flag_(flag) {
        while (flag_.test_and_set(std::memory_order_acquire)) flag_.wait(true);
    }
    flag_lock(const flag_lock&) = delete;
    flag_lock& operator=(const flag_lock&) = delete;
    ~flag_lock() {
        flag_.clear(std::memory_order_release);
        flag_.notify_one();
    }

private:
    std::atomic_flag& flag_;
};

}  // namespace webhookpp::detail

// <webhookpp/key_ring.hpp>
// The keys of a verifier: several at once, exchanged while deliveries are being verified.

namespace webhookpp {

/// A set of keys, prepared for verification. Immutable.
class key_set {
public:
    /// The most keys of one set.
    static constexpr std::size_t max_keys = 8;
    /// The most of them that may be public: each costs a verification.
    static constexpr std::size_t max_public_keys = 4;

    /// A key ready for use: one of them, the others are empty.
    struct prepared_key {
        algorithm used_with = algorithm::token;                 ///< what signatures it verifies
        std::optional<crypto::hmac_key> secret = std::nullopt;  ///< for HMAC
        std::optional<crypto::ed25519_public_key> ed25519 = std::nullopt;  ///< for Ed25519
        std::optional<crypto::ecdsa_p256_public_key> p256 = std::nullopt;  ///< for ECDSA P-256
        crypto::secret_bytes token = {};  ///< as deliveries have to show it
    };

    /// Reads `keys` as `described` says they are written, and prepares them.
    ///
    /// Errors: `empty_key` when there is none, `too_many_keys`, `key_wrong_prefix` for a signing
    /// key and for one that the scheme has no use for, and those of `key`.
    [[nodiscard]] static result<key_set> create(std::span<const key> keys, const scheme& described,
                                                secret_length lengths) {
        if (keys.empty()) return unexpected(errc::empty_key, "a verifier needs at least one key");
        if (keys.size() > max_keys) return unexpected(errc::too_many_keys, "at most 8 keys");
        key_set made;
        std::size_t public_keys = 0;
        for (const key& each : keys) {
            const auto read = each.read_as(described.key, lengths);
            if (!read) return unexpected(read.error());
            if (const auto good = prepare(made.keys_[made.size_++], *read, described); !good) {
                return unexpected(good.error());
            }
            public_keys += read->which() == key::kind::secret ? 0 : 1;
            if (public_keys > max_public_keys) {
                return unexpected(errc::too_many_keys, "at most 4 public keys");
            }
        }
        return made;
    }

    /// The keys in the order in which the program was configured with them.
    [[nodiscard]] std::span<const prepared_key> keys() const noexcept {
        return std::span(keys_).first(size_);
    }

private:
    key_set() = default;

    template <class T>
    static result<void> keep(std::optional<T>& in, result<T> made) {
        if (!made) return unexpected(made.error());
        in = *std::move(made);
        return {};
    }

    static result<void> prepare(prepared_key& to, const key& read, const scheme& described) {
        const crypto::bytes bytes = read.bytes();
        if (described.algorithm == algorithm::token) {
            to.token = detail::sent_token(described.signature, read);
            return {};
        }
        switch (read.which()) {
            case key::kind::secret:
                // A list of versions has one algorithm with a secret at most.
                to.used_with = described.algorithm.value_or(algorithm::hmac_sha256);
                if (!detail::is_hmac(to.used_with) || !described.uses(to.used_with)) break;
                return keep(to.secret,
                            crypto::hmac_key::create(bytes, detail::hash_of(to.used_with)));
            case key::kind::ed25519_public_key:
                to.used_with = algorithm::ed25519;
                if (!described.uses(to.used_with)) break;
                return keep(to.ed25519, crypto::ed25519_public_key::create(bytes));
            case key::kind::p256_public_key:
                to.used_with = algorithm::ecdsa_p256;
                if (!described.uses(to.used_with)) break;
                return keep(to.p256, crypto::ecdsa_p256_public_key::create(bytes));
            case key::kind::ed25519_signing_key:
            case key::kind::p256_signing_key:
            case key::kind::configured_text:
                return unexpected(errc::key_wrong_prefix,
                                  "this is a signing key (whsk_), which belongs to the sender: "
                                  "verify with its public key (whpk_)");
        }
        return unexpected(errc::key_wrong_prefix,
                          "the scheme has no signatures that this kind of key makes");
    }

    prepared_key keys_[max_keys];
    std::size_t size_ = 0;
};

/// Holds the current key set. Any number of threads may read while others replace: readers never
/// wait, and keep the set that they started with until they are done.
///
/// A set that was replaced is wiped by `replace` itself, unless a reader holds on to it for longer
/// than a millisecond or so: then by the next `replace`, or with the ring. Readers announce
/// themselves in counters that threads do not share as long as there are few of them, so that
/// verification scales with the cores.
class key_ring {
public:
    /// `keys` are the first.
    explicit key_ring(key_set keys) : owned_(new holder{std::move(keys)}) {
        current_.store(&owned_->keys);
    }
    key_ring(const key_ring&) = delete;
    key_ring& operator=(const key_ring&) = delete;

    /// No thread may be reading.
    ~key_ring() = default;

    /// Makes `keys` the current set. Threads that replace at the same time take turns, and wait
    /// briefly for readers of the old set.
    void replace(key_set keys) {
        detail::owner<holder> fresh(new holder{std::move(keys)});
        const detail::flag_lock lock(replacing_);
        std::swap(owned_, fresh);
        current_.store(&owned_->keys);
        fresh->older = std::move(retired_);
        retired_ = std::move(fresh);
        // A reader is done within one verification, so this rarely leaves a set for the next time.
        for (int attempt = 0; attempt < 10'000 && retired_; ++attempt) release_unread();
    }

    /// Keeps the current set readable while it lives.
    class reader {
    public:
        /// Takes hold of the current set of `ring`, which must outlive this.
        explicit reader(const key_ring& ring) noexcept
            : count_(ring.readers_[lane()].count), keys_(begin(ring, count_)) {}
        reader(const reader&) = delete;
        reader& operator=(const reader&) = delete;
        ~reader() { count_.fetch_sub(1, std::memory_order_release); }

        /// The set. Valid as long as the reader.
        const key_set& operator*() const noexcept { return *keys_; }
        /// The same.
        const key_set* operator->() const noexcept { return keys_; }

    private:
        static const key_set* begin(const key_ring& ring,
                                    std::atomic<std::uint32_t>& count) noexcept {
            // Sequentially consistent, as is the store in replace(): either replace() sees this
            // count, or the load below sees the new set.
            count.fetch_add(1);
            return ring.current_.load();
        }

        std::atomic<std::uint32_t>& count_;
        const key_set* keys_;
    };

private:
    static constexpr std::size_t lanes = 16;
    static constexpr std::uint32_t all_readers = (1U << lanes) - 1;

    // A cache line each, so that threads on different lanes do not slow each other down.
    struct alignas(64) reader_count {
        mutable std::atomic<std::uint32_t> count{0};
    };

    // A key set, and the sets that it replaced and that may still be read.
    struct holder {
        key_set keys;
        std::uint32_t unseen = all_readers;  // lanes not seen without readers since it retired
        detail::owner<holder> older = {};
    };

    static std::size_t lane() noexcept {
        static std::atomic<std::size_t> next{0};
        thread_local const std::size_t mine = next.fetch_add(1, std::memory_order_relaxed) % lanes;
        return mine;
    }

    // A lane that is seen without readers after a set was retired has none of that set.
    void release_unread() noexcept {
        std::uint32_t idle = 0;
        for (std::size_t i = 0; i < lanes; ++i) {
            if (readers_[i].count.load() == 0) idle |= 1U << i;
        }
        for (detail::owner<holder>* each = &retired_; *each;) {
            (*each)->unseen &= ~idle;
            if ((*each)->unseen == 0) {
                detail::owner<holder> older = std::move((*each)->older);
                *each = std::move(older);
            } else {
                each = &(*each)->older;
            }
        }
    }

    std::atomic<const key_set*> current_{nullptr};
    reader_count readers_[lanes];
    std::atomic_flag replacing_ = ATOMIC_FLAG_INIT;  // readers never wait for it
    detail::owner<holder> owned_;                    // the current set
    detail::owner<holder> retired_;                  // the others, newest first
};

}  // namespace webhookpp

// <webhookpp/detail/verifier_core.hpp>
// What verifiers are made of, whatever they do with it: a scheme, keys and options that fit.

namespace webhookpp::detail {

/// A scheme that outlives whoever refers to it.
class lasting_scheme {
public:
    constexpr lasting_scheme(const scheme& described) noexcept : described_(&described) {}
    lasting_scheme(const scheme&& temporary) = delete;

    constexpr const scheme& operator*() const noexcept { return *described_; }
    constexpr const scheme* operator->() const noexcept { return described_; }

private:
    const scheme* described_;
};

/// Which keys a verifier has a use for.
enum class usable_keys : std::uint8_t {
    all,
    secrets,  ///< one of them at least; others wait for verifiers that use them
};

class verifier_core {
public:
    [[nodiscard]] static result<verifier_core> create(lasting_scheme described,
                                                      std::span<const key> keys,
                                                      const verifier_options& options,
                                                      usable_keys usable = usable_keys::all) {
        if (described->signs(content_part::kind::url)) {
            if (const auto good = check_endpoint_url(options.url); !good) {
                return unexpected(good.error());
            }
        }
        auto prepared = prepare(keys, *described, options, usable);
        if (!prepared) return unexpected(prepared.error());
        return verifier_core(described, *std::move(prepared), options, usable);
    }

    /// Exchanges the keys; if one is refused, the old ones stay.
    [[nodiscard]] result<void> replace(std::span<const key> keys) const {
        auto prepared = prepare(keys, described(), options_, usable_);
        if (!prepared) return unexpected(prepared.error());
        ring_->replace(*std::move(prepared));
        return {};
    }

    [[nodiscard]] const scheme& described() const noexcept { return plan_.described(); }
    [[nodiscard]] const header_plan& plan() const noexcept { return plan_; }
    [[nodiscard]] const key_ring& ring() const noexcept { return *ring_.get(); }
    [[nodiscard]] const verifier_options& options() const noexcept { return options_; }

private:
    verifier_core(lasting_scheme described, key_set keys, const verifier_options& options,
                  usable_keys usable)
        : plan_(*described),
          ring_(new key_ring(std::move(keys))),
          options_(options),
          usable_(usable) {}

    static result<key_set> prepare(std::span<const key> keys, const scheme& described,
                                   const verifier_options& options, usable_keys usable) {
        auto made = key_set::create(keys, described, options.secrets);
        if (!made || usable == usable_keys::all) return made;
        for (const auto& each : made->keys()) {
            if (is_hmac(each.used_with)) return made;
        }
        return unexpected(errc::key_wrong_prefix,
                          "bodies that arrive in pieces are verified with a shared secret "
                          "(whsec_), and there are only public keys (whpk_)");
    }

    header_plan plan_;
    owner<key_ring> ring_;
    verifier_options options_;
    usable_keys usable_;
};

}  // namespace webhookpp::detail

// <webhookpp/scratch.hpp>
// Work space that verifications share, so that they allocate nothing.

namespace webhookpp {

namespace detail {
class verification;
}

/// Work space for verifications, one at a time: a header source that is being read must not verify
/// with the same one. Holds no key material between them.
class scratch {
public:
    scratch() noexcept = default;

    /// The one of the calling thread, made by its first verification: 2 KiB, and on the heap at
    /// most 64 KiB more if deliveries had long headers or public keys were used.
    [[nodiscard]] static scratch& of_this_thread() noexcept {
        static thread_local scratch mine;
        return mine;
    }

private:
    friend class detail::verification;

    collected_headers headers_;
    detail::byte_buffer<512> message_;  // the signed bytes, where they have to be in one piece
    crypto::digest_context context_;
};

}  // namespace webhookpp

// <webhookpp/detail/verification.hpp>
// Verifies one delivery against the description of a scheme.

namespace webhookpp::detail {

/// One verification: headers or target, then signatures or a token, keys, time.
class verification {
public:
    verification(const verifier_core& core, const delivery& request, scratch& work) noexcept
        : core_(core),
          scheme_(core.described()),
          options_(core.options()),
          request_(request),
          work_(work) {
        work_.context_.ensure();
    }

    verification(const verification&) = delete;
    verification& operator=(const verification&) = delete;

    ~verification() {
        // A large body, perhaps a forged one, must not leave its memory behind.
        work_.message_.release(std::size_t{16} * 1024);
        // The token of a genuine delivery is the key.
        if (shows_token()) work_.headers_.wipe();
    }

    [[nodiscard]] result<verified_message> run(std::int64_t now) noexcept {
        if (const auto good = read(); !good) return unexpected(good.error());
        const key_ring::reader reader(core_.ring());
        return decide(reader->keys(), now);
    }

    /// What the headers decide without the body: all that can be wrong with them, and the token.
    [[nodiscard]] result<void> check_headers() noexcept {
        if (scheme_.signature.in_target()) return {};
        if (auto good = read_headers(); !good) return good;
        const key_ring::reader reader(core_.ring());
        if (shows_token()) {
            const auto matched = matching_token(reader->keys());
            if (!matched) return unexpected(matched.error());
            return {};
        }
        for (const auto& key : reader->keys()) {
            if (tokens_.count(key.used_with) != 0) return {};
        }
        return unexpected(errc::no_supported_signature, headers_.signature_name);
    }

    /// Writes the MAC of `challenge` with the key that proves the delivery, if one does.
    [[nodiscard]] result<void> answer(std::int64_t now, std::string_view challenge,
                                      std::span<unsigned char, crypto::sha256_size> mac) noexcept {
        if (const auto good = read(); !good) return unexpected(good.error());
        // One set of keys for both, so that no exchange can come between.
        const key_ring::reader reader(core_.ring());
        const auto message = decide(reader->keys(), now);
        if (!message) return unexpected(message.error());
        if (!signs_challenges(scheme_)) {
            return unexpected(errc::unknown_scheme, "a challenge could be one of its messages");
        }
        if (!is_challenge(challenge)) return unexpected(errc::invalid_payload, "challenge");
        const auto& matched = reader->keys()[*message->key_index()];
        const crypto::bytes part = crypto::as_bytes(challenge);
        if (!matched.secret->compute(work_.context_, std::span(&part, 1), mac)) {
            return unexpected(errc::internal_error, "HMAC");
        }
        return {};
    }

private:
    using prepared_keys = std::span<const key_set::prepared_key>;

    [[nodiscard]] result<void> read() noexcept {
        if (request_.body.bytes().size() > options_.limits.body) {
            return unexpected(errc::body_too_large, "body");
        }
        return read_headers();
    }

    [[nodiscard]] result<verified_message> decide(prepared_keys keys, std::int64_t now) noexcept {
        const auto key_index = shows_token() ? matching_token(keys) : matching_key(keys);
        if (!key_index) return unexpected(key_index.error());
        const auto allowed = options_.tolerance.value_or(scheme_.tolerance);
        if (const auto fresh = check_sent_time(headers_, now, allowed); !fresh) {
            return unexpected(fresh.error());
        }
        return message_factory::make_result(
            request_.body, facts_of(scheme_, headers_, allowed, *key_index,
                                    tokens_.skipped() + candidates_without_key(keys)));
    }

    [[nodiscard]] bool shows_token() const noexcept {
        return scheme_.algorithm == algorithm::token;
    }

    [[nodiscard]] result<void> read_headers() noexcept {
        if (scheme_.reads_target() && request_.target.size() > options_.limits.query) {
            return unexpected(errc::header_too_large, "target");
        }
        if (scheme_.signature.in_target()) {
            const auto token = token_in(scheme_.signature, request_.target);
            if (!token) return unexpected(token.error());
            headers_.signature = *token;
            headers_.signature_name = token_in_target;
            return {};
        }
        auto read = scheme_header_reader(core_.plan(), options_, work_.headers_)
                        .read(request_.headers, headers_);
        if (!read || shows_token()) return read;
        return read_signatures(scheme_, options_.limits, headers_, tokens_);
    }

    // All keys are compared, so that the time does not tell which of them matched.
    [[nodiscard]] result<std::size_t> matching_token(prepared_keys keys) const noexcept {
        const auto token = shown_token(scheme_.signature, headers_.signature);
        if (!token) return unexpected(errc::no_supported_signature, headers_.signature_name);
        std::optional<std::size_t> matched;
        for (std::size_t i = keys.size(); i-- > 0;) {
            if (crypto::equal(keys[i].token.view(), crypto::as_bytes(*token))) matched = i;
        }
        if (!matched) return unexpected(errc::signature_mismatch, headers_.signature_name);
        return *matched;
    }

    // Every key that could have made one of the candidates is tried, the cheap ones first.
    [[nodiscard]] result<std::size_t> matching_key(prepared_keys keys) noexcept {
        bool tried = false;
        for (const bool with_secret : {true, false}) {
            for (std::size_t i = 0; i < keys.size(); ++i) {
                if (is_hmac(keys[i].used_with) != with_secret ||
                    tokens_.count(keys[i].used_with) == 0) {
                    continue;
                }
                tried = true;
                const auto matched = matches(keys[i]);
                if (!matched) return unexpected(matched.error());
                if (*matched) return i;
            }
        }
        return unexpected(tried ? errc::signature_mismatch : errc::no_supported_signature,
                          headers_.signature_name);
    }

    [[nodiscard]] result<bool> matches(const key_set::prepared_key& key) noexcept {
        if (is_hmac(key.used_with) && has_plain_parts(scheme_)) {
            return matches_mac(*key.secret, [this, with = values()](const auto& add) {
                for (std::size_t i = 0; i < scheme_.content.count; ++i) {
                    add(crypto::as_bytes(plain_text(scheme_.content.parts[i], with)));
                }
            });
        }
        // The others need the message in one piece.
        const bool two_urls = has_two_urls(scheme_, options_.url);
        for (const bool other_port : {false, true}) {
            if (other_port && !two_urls) break;
            if (!joined_ || *joined_ != other_port) {
                const auto good = join_message(work_.message_, scheme_, values(), other_port,
                                               work_.context_, options_.limits.form_fields);
                if (!good) return unexpected(good.error());
                joined_ = other_port;
            }
            const auto message = crypto::as_bytes(work_.message_.view());
            auto matched = is_hmac(key.used_with) ? matches_mac(*key.secret, std::span(&message, 1))
                                                  : matches_public(key, message);
            if (!matched || *matched) return matched;
        }
        return false;
    }

    template <class Message>
    [[nodiscard]] result<bool> matches_mac(const crypto::hmac_key& secret,
                                           const Message& message) noexcept {
        unsigned char mac[crypto::largest_hash_size];
        if (!secret.compute(work_.context_, message, mac)) {
            return unexpected(errc::internal_error, "HMAC");
        }
        const bool matched = is_mac(tokens_, crypto::bytes(mac).first(secret.size()));
        // The right signature of a forged delivery is worth as much as the key.
        crypto::wipe(mac);
        return matched;
    }

    [[nodiscard]] result<bool> matches_public(const key_set::prepared_key& key,
                                              crypto::bytes message) noexcept {
        for (const auto& candidate : tokens_.candidates()) {
            if (candidate.made_by != key.used_with) continue;
            if (public_key_verifications_++ == options_.limits.public_key_verifications) {
                return unexpected(errc::too_many_signatures, headers_.signature_name);
            }
            const auto signature = candidate.signature();
            if (key.ed25519 ? key.ed25519->verify(work_.context_, message, signature)
                            : key.p256->verify(work_.context_, message, signature)) {
                return true;
            }
        }
        return false;
    }

    [[nodiscard]] content_values values() const noexcept {
        return {.id = headers_.id,
                .timestamp = headers_.timestamp,
                .body = request_.body.bytes(),
                .url = options_.url,
                .method = request_.method,
                .target = request_.target};
    }

    [[nodiscard]] std::size_t candidates_without_key(prepared_keys keys) const noexcept {
        return tokens_.count_if([keys](algorithm made_by) {
            for (const auto& key : keys) {
                if (key.used_with == made_by) return false;
            }
            return true;
        });
    }

    const verifier_core& core_;
    const scheme& scheme_;
    const verifier_options& options_;
    const delivery& request_;
    scratch& work_;
    scheme_headers headers_;
    signature_tokens tokens_;
    std::size_t public_key_verifications_ = 0;
    std::optional<bool> joined_ = std::nullopt;  // the message is, with the other port or not
};

}  // namespace webhookpp::detail

// <webhookpp/any_verifier.hpp>
// Proves who sent a delivery, in a way that is chosen while the program runs.

namespace webhookpp {

/// Verifies deliveries in the way that a scheme describes, with one or several keys. The scheme,
/// such as `*schemes::find("waitwhile")`, must outlive the verifier and cannot be a temporary.
/// Where it is known when the program is compiled, `verifier` names it in its type.
///
/// `Clock` tells the time. All `const` functions may be called from any number of threads at the
/// same time. Can be moved while nobody uses it; a moved-from verifier can only be destroyed or
/// assigned to.
template <clock_source Clock = system_clock>
class any_verifier {
public:
    /// Makes a verifier with these keys, of which 4 may be public and 8 in all.
    ///
    /// Throws `exception` where `try_create` returns the error.
    any_verifier(detail::lasting_scheme described, const key& only,
                 const verifier_options& options = {}, Clock clock = {})
        : any_verifier(described, std::span(&only, 1), options, std::move(clock)) {}
    any_verifier(detail::lasting_scheme described, std::initializer_list<key> keys,
                 const verifier_options& options = {}, Clock clock = {})
        : any_verifier(described, std::span(keys.begin(), keys.size()), options, std::move(clock)) {
    }
    any_verifier(detail::lasting_scheme described, std::span<const key> keys,
                 const verifier_options& options = {}, Clock clock = {})
        : any_verifier(try_create(described, keys, options, std::move(clock)).value()) {}

    /// As the constructors, with the error as a value: `empty_key` also when there are no keys,
    /// `too_many_keys`, `key_whitespace`, `key_wrong_prefix`, `key_bad_encoding`,
    /// `key_wrong_length`, `key_weak`; `invalid_url` where the scheme signs the URL and `options`
    /// have none; `where` says what to do. `internal_error` when OpenSSL fails. Like all that sets
    /// up, throws `std::bad_alloc` when memory runs out; `verify` does not.
    [[nodiscard]] static result<any_verifier> try_create(detail::lasting_scheme described,
                                                         std::span<const key> keys,
                                                         const verifier_options& options = {},
                                                         Clock clock = {}) {
        auto core = detail::verifier_core::create(described, keys, options);
        if (!core) return unexpected(core.error());
        return any_verifier(*std::move(core), std::move(clock));
    }

    /// Decides whether `request` proves that its sender has one of the keys, and was sent within
    /// the tolerance where the scheme signs a timestamp.
    ///
    /// The message views the body of `request`, which must outlive it. Errors, in the order of the
    /// checks: `body_too_large`, `missing_header`, `header_too_large`, `duplicate_header`,
    /// `invalid_id`, `invalid_timestamp`, `too_many_signatures`, `no_supported_signature`,
    /// `signature_mismatch`, `timestamp_too_old`, `timestamp_too_new`; `internal_error` when memory
    /// or OpenSSL fails. For a token in the URL the target is checked as a header is, and is too
    /// large before anything is missing from it.
    ///
    /// Allocates nothing with secrets or tokens and ordinary headers, apart from what OpenSSL does,
    /// unless the scheme signs a form, or a URL that has to be put together.
    /// The form without `work` uses the calling thread's scratch.
    [[nodiscard]] result<verified_message> verify(const delivery& request,
                                                  scratch& work) const noexcept {
        return detail::verification(core_, request, work).run(clock_.now());
    }
    [[nodiscard]] result<verified_message> verify(const delivery& request) const noexcept {
        return verify(request, scratch::of_this_thread());
    }

    /// Copies what the scheme reads out of `headers`, and what is called as one of `more`, which
    /// are literals; in all `collected_headers::max_names`. For hosts whose headers are gone, or
    /// are other ones, when the body has arrived: what it returns is a header source for `verify`.
    ///
    /// It is empty when memory ran out or the host's code threw; then `verify` finds no headers.
    [[nodiscard]] collected_headers collect(
        const header_source& headers, std::span<const std::string_view> more = {}) const noexcept {
        std::string_view names[collected_headers::max_names];
        std::size_t count = 0;
        for (const auto& list : {core_.plan().names(), more}) {
            for (const std::string_view name : list) {
                if (count < collected_headers::max_names) names[count++] = name;
            }
        }
        collected_headers collected;
        static_cast<void>(collected.collect(headers, std::span(names).first(count),
                                            core_.options().limits.header_value));
        return collected;
    }

    /// Refuses what `headers` decide without the body, so that it need not be read: with the error
    /// that `verify` would give for a body within the limit, or with nothing. Errors:
    /// `missing_header`, `header_too_large`, `duplicate_header`, `invalid_header`, `invalid_id`,
    /// `invalid_timestamp`, `too_many_signatures`, `no_supported_signature`; `signature_mismatch`
    /// only for a token in a header; `internal_error`. A time of sending is not compared with the
    /// clock, since nothing proves it before the signature does.
    [[nodiscard]] result<void> check_headers(const header_source& headers) const noexcept {
        const delivery request{.headers = headers};
        return detail::verification(core_, request, scratch::of_this_thread()).check_headers();
    }

    /// The most bytes that a body may have, as it was chosen in `verifier_options`.
    [[nodiscard]] std::size_t body_limit() const noexcept { return core_.options().limits.body; }

    /// How far a signed timestamp may be from now: as `verifier_options` say, or else the scheme.
    [[nodiscard]] webhookpp::tolerance tolerance() const noexcept {
        return core_.options().tolerance.value_or(core_.described().tolerance);
    }

    /// The scheme that it verifies. Lives as long as it was given to.
    [[nodiscard]] const scheme& described() const noexcept { return core_.described(); }

    /// The HMAC-SHA256 of `challenge`, in hex, with the key that proves `request`: for providers
    /// that let an endpoint show that it has the key, as Zoom does.
    ///
    /// Nobody can have a message signed in this way. `request` is verified first. A challenge has 1
    /// to 128 letters, digits, `-` and `_`, and the scheme must sign messages with a literal of
    /// other characters, such as the colons of `v0:1700000000:{}`: so no challenge is a message.
    ///
    /// Errors: those of `verify`; then `unknown_scheme` for another scheme, `invalid_payload` for
    /// another challenge.
    [[nodiscard]] result<fixed_text<2 * crypto::sha256_size>> answer_challenge(
        const delivery& request, std::string_view challenge) const noexcept {
        unsigned char mac[crypto::sha256_size];
        const auto made = detail::verification(core_, request, scratch::of_this_thread())
                              .answer(clock_.now(), challenge, mac);
        if (!made) return unexpected(made.error());
        char digits[2 * crypto::sha256_size];
        crypto::hex_encode(mac, digits);
        return fixed_text<2 * crypto::sha256_size>(std::string_view(digits, sizeof digits));
    }

    /// Exchanges the keys. Verifications that are under way finish with the old ones, those that
    /// begin afterwards use the new ones. If a key is refused, the old keys stay. Errors: as for
    /// `try_create`.
    [[nodiscard]] result<void> replace(std::span<const key> keys) const {
        return core_.replace(keys);
    }
    [[nodiscard]] result<void> replace(std::initializer_list<key> keys) const {
        return replace(std::span(keys.begin(), keys.size()));
    }

private:
    any_verifier(detail::verifier_core core, Clock clock)
        : core_(std::move(core)), clock_(std::move(clock)) {}

    detail::verifier_core core_;
    [[no_unique_address]] Clock clock_;
};

}  // namespace webhookpp

// <webhookpp/schemes/bearer_token.hpp>
// Tokens in the Authorization header: RFC 6750.

namespace webhookpp::schemes {

/// `Authorization: Bearer <token>`; the keys are the valid tokens.
///
/// Proves only that the sender knows a token. Nothing is signed, not even the body: whoever sees
/// one delivery can send others, at any time. The word is read in any letter case and one or more
/// spaces follow it, as RFC 7235 (section 2.1) writes credentials; RFC 6750 has nothing stricter.
///
/// For tokens that an OAuth server issues, and that are not known beforehand: `bearer.hpp`.
inline constexpr scheme bearer_token{
    .name = "bearer_token",
    .algorithm = token,
    .key = key_form::token,
    .signature = {.header = "Authorization", .word = "Bearer", .encoding = plain},
};

}  // namespace webhookpp::schemes

// <webhookpp/bearer.hpp>
// Takes a bearer token out of a delivery, for hosts that have it checked elsewhere.

namespace webhookpp {

/// The token of `Authorization: Bearer <token>`, NOT YET CHECKED: for tokens that an OAuth server
/// issues, so that no list of valid ones exists. Two steps are left to the host:
///
/// 1. Ask the server that issued it whether it is active, and meant for this endpoint (RFC 7662).
/// 2. Only then make a message, which everything else takes:
///    `assume_verified(request.body, "the token server says that the token is active")`.
///
/// Where the valid tokens are known, use a verifier of `schemes::bearer_token` instead.
///
/// The headers and limits are those of such a verifier. Errors: `body_too_large`, `missing_header`,
/// `header_too_large`, `duplicate_header`, `no_supported_signature` for another word than `Bearer`
/// or a character that is not visible ASCII; `internal_error` when memory runs out. No error holds
/// the token, and what was copied of it on the way is wiped. Throws `std::bad_alloc` only, when
/// there is no memory for the token.
[[nodiscard]] inline result<std::string> bearer_token_of(const delivery& request,
                                                         const limits& allowed = {}) {
    if (request.body.bytes().size() > allowed.body) return unexpected(errc::body_too_large, "body");
    verifier_options options;
    options.limits = allowed;
    detail::wiped_headers collected;
    detail::scheme_headers headers;
    constexpr detail::header_plan plan(schemes::bearer_token);
    const auto read = detail::scheme_header_reader(plan, options, collected.collected)
                          .read(request.headers, headers);
    if (!read) return unexpected(read.error());
    const auto token = detail::shown_token(schemes::bearer_token.signature, headers.signature);
    if (!token) return unexpected(errc::no_supported_signature, headers.signature_name);
    // In place, since moving a short text leaves its bytes where it was.
    return result<std::string>(std::in_place, *token);
}

}  // namespace webhookpp

// <webhookpp/crypto/random.hpp>
// Random bytes that nobody can guess.

namespace webhookpp::crypto {

/// Fills `out`, of at most 1 MiB, with random bytes. Returns whether OpenSSL succeeded.
[[nodiscard]] inline bool fill_random(std::span<unsigned char> out) noexcept {
    const error_queue_guard queue;
    return RAND_priv_bytes(out.data(), static_cast<int>(out.size())) == 1;
}

}  // namespace webhookpp::crypto

// <webhookpp/schemes/adyen_body.hpp>
// Adyen: platforms, management and banking.

namespace webhookpp::schemes {

/// Signed: the body. Not signed: any header. No timestamp is signed, so a recorded delivery can
/// be replayed at any time: remember a digest of the body. The key is the HMAC key, in hex.
/// Payments notifications of Adyen are signed item by item, in the body, which this is not for.
///
/// Source:
/// https://docs.adyen.com/development-resources/webhooks/secure-webhooks/verify-hmac-signatures
inline constexpr scheme adyen_body{
    .name = "adyen_body",
    .algorithm = hmac_sha256,
    .key = key_form::hex,
    .content = {body},
    .signature = {.header = "HmacSignature", .encoding = base64},
    .retention = seconds(3'024'000),  // 35 days
};

}  // namespace webhookpp::schemes

// <webhookpp/schemes/airtable.hpp>
// Airtable.

namespace webhookpp::schemes {

/// Signed: the body. Not signed: any header. No timestamp is signed, so a recorded delivery can
/// be replayed at any time: remember nothing: a body only says that something changed, and the
/// changes are fetched. The key is the `macSecretBase64` of the webhook, in base64.
///
/// Source: https://airtable.com/developers/web/api/webhooks-overview
inline constexpr scheme airtable{
    .name = "airtable",
    .algorithm = hmac_sha256,
    .key = key_form::base64,
    .content = {body},
    .signature = {.header = "X-Airtable-Content-MAC", .prefix = "hmac-sha256=", .encoding = hex},
    .repeats_bodies = true,
};

}  // namespace webhookpp::schemes

// <webhookpp/schemes/standard_webhooks.hpp>
// Standard Webhooks 1.0.0 and Svix, which is the same under other header names.

namespace webhookpp::schemes {

/// Signed: id, timestamp and body; the event type only as part of the body. A delivery can be
/// replayed within the tolerance, and no longer.
///
/// Sources: Standard Webhooks 1.0.0 (spec/standard-webhooks.md, "Webhook headers" and "Signature
/// scheme"); Svix documentation, "Verifying webhooks manually".
inline constexpr scheme standard_webhooks{
    .name = "standard_webhooks",
    .key = key_form::standard_webhooks,
    .content = {id, ".", timestamp, ".", body},
    .signature = {.header = {"webhook-signature", "svix-signature"},
                  .versions = {{"v1", hmac_sha256}, {"v1a", ed25519}}},
    .id = {.header = {"webhook-id", "svix-id"}},
    .timestamp = {.header = {"webhook-timestamp", "svix-timestamp"}},
};

}  // namespace webhookpp::schemes

// <webhookpp/schemes/aliases.hpp>
// Providers that sign as others do.

namespace webhookpp::schemes {

/// Svix, and all who send with it: https://docs.svix.com/receiving/verifying-payloads/how-manual
inline constexpr const scheme& svix = standard_webhooks;

/// https://github.com/openai/openai-python resources/webhooks
inline constexpr const scheme& openai = standard_webhooks;

/// https://github.com/anthropics/anthropic-sdk-python resources/beta/webhooks.py
inline constexpr const scheme& anthropic = standard_webhooks;

/// https://clerk.com/docs/reference/backend/verify-webhook
inline constexpr const scheme& clerk = standard_webhooks;

/// https://resend.com/docs/dashboard/webhooks
inline constexpr const scheme& resend = standard_webhooks;

/// https://github.com/replicate/replicate-javascript lib/util.js
inline constexpr const scheme& replicate = standard_webhooks;

/// Polar, with a secret that begins with `whsec_`.
inline constexpr const scheme& polar = standard_webhooks;

/// Polar, with a secret of its older form (`polar_whs_...`), whose text is the key.
///
/// Not confirmed by the provider's own code or by a delivery of known origin. Source: the
/// documentation of Polar (https://polar.sh/docs), by way of a catalogue of webhooks.
inline constexpr scheme polar_legacy{
    .name = "polar_legacy",
    .key = key_form::text,
    .content = {id, ".", timestamp, ".", body},
    .signature = {.header = "webhook-signature", .versions = {{"v1", hmac_sha256}}},
    .id = {.header = "webhook-id"},
    .timestamp = {.header = "webhook-timestamp"},
    .confirmed = false,
};

}  // namespace webhookpp::schemes

// <webhookpp/schemes/asana.hpp>
// Asana.

namespace webhookpp::schemes {

/// Signed: the body. Not signed: any header. No timestamp is signed, so a recorded delivery can
/// be replayed at any time: remember a digest of the body. The key is the text of
/// `X-Hook-Secret` that Asana sends when the webhook is created.
///
/// Source: https://developers.asana.com/docs/webhooks-guide
inline constexpr scheme asana{
    .name = "asana",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {body},
    .signature = {.header = "X-Hook-Signature", .encoding = hex},
};

}  // namespace webhookpp::schemes

// <webhookpp/schemes/basic_auth.hpp>
// User and password in the Authorization header: RFC 7617.

namespace webhookpp::schemes {

/// `Authorization: Basic base64(user:password)`; the keys are the valid `user:password` texts.
///
/// Proves only that the sender knows one of them. Nothing is signed, not even the body: whoever
/// sees one delivery can send others, at any time. The word is read in any letter case and one or
/// more spaces follow it (RFC 7235, section 2.1); the base64 has one spelling, with padding.
inline constexpr scheme basic_auth{
    .name = "basic_auth",
    .algorithm = token,
    .key = key_form::credentials,
    .signature = {.header = "Authorization", .word = "Basic", .encoding = base64},
};

}  // namespace webhookpp::schemes

// <webhookpp/schemes/bitbucket.hpp>
// Bitbucket Cloud and Data Center.

namespace webhookpp::schemes {

/// Signed: the body. Not signed: any header, so neither the event type nor the request id. No
/// timestamp is signed, so a recorded delivery can be replayed at any time: remember a digest
/// of the body. The key is the text of the secret. The header is called as that of others with
/// SHA-1; here it is SHA-256.
///
/// Not confirmed by the provider's own code or by a delivery of known origin: its documentation
/// was seen in excerpts, or several independent programs agree.
///
/// Source: https://bitbucket.org/blog/enhanced-webhook-security
inline constexpr scheme bitbucket{
    .name = "bitbucket",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {body},
    .signature = {.header = "X-Hub-Signature", .prefix = "sha256=", .encoding = hex},
    .id = {.header = "X-Request-UUID"},
    .event_type = {.header = "X-Event-Key"},
    .confirmed = false,
};

}  // namespace webhookpp::schemes

// <webhookpp/schemes/box.hpp>
// Box.

namespace webhookpp::schemes {

/// Signed: the body and the time of sending. Not signed: the delivery id, and the headers that
/// name version and algorithm, which are not read: nothing else is accepted. A delivery can be
/// replayed for 600 s. There are two keys, primary and secondary, each with a header of its
/// own; one right signature is enough. The keys are texts.
///
/// Source: https://developer.box.com/guides/webhooks/v2/signatures-v2
inline constexpr scheme box{
    .name = "box",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {body, timestamp},
    .signature = {.header = "BOX-SIGNATURE-PRIMARY",
                  .second_header = "BOX-SIGNATURE-SECONDARY",
                  .encoding = base64},
    .id = {.header = "BOX-DELIVERY-ID"},
    .timestamp = {.header = "BOX-DELIVERY-TIMESTAMP", .format = rfc3339},
    .tolerance = {.past = seconds(600), .future = seconds(600)},
};

}  // namespace webhookpp::schemes

// <webhookpp/schemes/calendly.hpp>
// Calendly.

namespace webhookpp::schemes {

/// Signed: the time of sending and the body. Not signed: any other header. A delivery can be
/// replayed for 180 s. The key is the text of the signing key.
///
/// Not confirmed by the provider's own code or by a delivery of known origin: its documentation
/// was seen in excerpts, or several independent programs agree.
///
/// Source: https://developer.calendly.com/api-docs (webhook signatures)
inline constexpr scheme calendly{
    .name = "calendly",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {timestamp, ".", body},
    .signature = {.header = "Calendly-Webhook-Signature", .pairs = pairs("v1"), .encoding = hex},
    .timestamp = {.element = "t"},
    .tolerance = {.past = seconds(180), .future = seconds(180)},
    .confirmed = false,
};

}  // namespace webhookpp::schemes

// <webhookpp/schemes/circleci.hpp>
// CircleCI.

namespace webhookpp::schemes {

/// Signed: the body. Not signed: any header. No timestamp is signed, so a recorded delivery can
/// be replayed at any time: remember the `id` in the body, which is signed. The key is the text
/// of the secret. The header lists `version=signature`; only `v1` is known.
///
/// Source: https://circleci.com/docs/guides/integration/outbound-webhooks
inline constexpr scheme circleci{
    .name = "circleci",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {body},
    .signature = {.header = "circleci-signature", .pairs = pairs("v1"), .encoding = hex},
};

}  // namespace webhookpp::schemes

// <webhookpp/schemes/coinbase_commerce.hpp>
// Coinbase Commerce.

namespace webhookpp::schemes {

/// Signed: the body. Not signed: any header. No timestamp is signed, so a recorded delivery can
/// be replayed at any time: remember `event.id` in the body, which is signed. The key is the
/// text of the secret.
///
/// Source: https://github.com/coinbase/coinbase-commerce-python webhook.py
inline constexpr scheme coinbase_commerce{
    .name = "coinbase_commerce",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {body},
    .signature = {.header = "X-CC-Webhook-Signature", .encoding = hex},
};

}  // namespace webhookpp::schemes

// <webhookpp/schemes/discord.hpp>
// Discord: interactions and webhook events.

namespace webhookpp::schemes {

/// Signed: the time of sending and the body, by Ed25519. Nothing stands between the two, so the
/// time has to have all of its 10 digits. A delivery can be replayed within the tolerance, and
/// no longer. The key is the public key of the application, in hex. Discord sends wrong
/// signatures on purpose and wants 401 for them.
///
/// Source: https://discord.com/developers/docs/interactions/overview
inline constexpr scheme discord{
    .name = "discord",
    .algorithm = ed25519,
    .key = key_form::ed25519_hex,
    .content = {timestamp, body},
    .signature = {.header = "X-Signature-Ed25519", .encoding = hex},
    .timestamp = {.header = "X-Signature-Timestamp"},
};

}  // namespace webhookpp::schemes

// <webhookpp/schemes/dropbox.hpp>
// Dropbox.

namespace webhookpp::schemes {

/// Signed: the body. Not signed: any header. No timestamp is signed, so a recorded delivery can
/// be replayed at any time: remember nothing: bodies only say which accounts changed, and are
/// the same each time. The key is the app secret.
///
/// Source: https://www.dropbox.com/developers/reference/webhooks
inline constexpr scheme dropbox{
    .name = "dropbox",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {body},
    .signature = {.header = "X-Dropbox-Signature", .encoding = hex},
    .repeats_bodies = true,
};

}  // namespace webhookpp::schemes

// <webhookpp/schemes/elevenlabs.hpp>
// ElevenLabs.

namespace webhookpp::schemes {

/// Signed: the time of sending and the body. Not signed: any other header. A delivery can be
/// replayed for 1,800 s. The key is the text of the secret.
///
/// Source: https://github.com/elevenlabs/elevenlabs-js src/wrapper/webhooks.ts
inline constexpr scheme elevenlabs{
    .name = "elevenlabs",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {timestamp, ".", body},
    .signature = {.header = "ElevenLabs-Signature", .pairs = pairs("v0"), .encoding = hex},
    .timestamp = {.element = "t"},
    .tolerance = {.past = seconds(1800), .future = seconds(1800)},
};

}  // namespace webhookpp::schemes

// <webhookpp/schemes/gitea.hpp>
// Gitea, Forgejo and Gogs.

namespace webhookpp::schemes {

/// Signed: the body. Not signed: any header, so neither the event type nor the delivery id. No
/// timestamp is signed, so a recorded delivery can be replayed at any time: remember a digest
/// of the body. The key is the text of the secret. Choose JSON as the content type: of a form,
/// Gitea signs the decoded `payload` field and not the body. Without a secret Gitea sends an
/// empty signature, which is refused.
///
/// Source: https://github.com/go-gitea/gitea services/webhook/deliver.go
inline constexpr scheme gitea{
    .name = "gitea",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {body},
    .signature = {.header = "X-Gitea-Signature", .encoding = hex},
    .id = {.header = "X-Gitea-Delivery"},
    .event_type = {.header = "X-Gitea-Event"},
};

}  // namespace webhookpp::schemes

// <webhookpp/schemes/github.hpp>
// GitHub.

namespace webhookpp::schemes {

/// Signed: the body. Not signed: any header, so neither the event type nor the delivery id. No
/// timestamp is signed, so a recorded delivery can be replayed at any time: remember a digest
/// of the body, or the delivery id against GitHub's own redeliveries. The key is the text of
/// the secret.
///
/// Source: https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
inline constexpr scheme github{
    .name = "github",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {body},
    .signature = {.header = "X-Hub-Signature-256", .prefix = "sha256=", .encoding = hex},
    .id = {.header = "X-GitHub-Delivery"},
    .event_type = {.header = "X-GitHub-Event"},
};

}  // namespace webhookpp::schemes

// <webhookpp/schemes/gitlab_token.hpp>
// GitLab: secret tokens.

namespace webhookpp::schemes {

/// The header equals one of the keys. Proves only that the sender knows the token. Nothing is
/// signed, not even the body: whoever sees one delivery can send others, at any time. Newer
/// versions of GitLab can also sign, as Standard Webhooks prescribe: use `standard_webhooks`
/// then.
///
/// Source: https://docs.gitlab.com/user/project/integrations/webhooks
inline constexpr scheme gitlab_token{
    .name = "gitlab_token",
    .algorithm = token,
    .key = key_form::token,
    .signature = {.header = "X-Gitlab-Token", .encoding = plain},
    .id = {.header = "X-Gitlab-Event-UUID"},
    .event_type = {.header = "X-Gitlab-Event"},
};

}  // namespace webhookpp::schemes

// <webhookpp/schemes/hubspot_v3.hpp>
// HubSpot, signature version 3.

namespace webhookpp::schemes {

/// Signed: method, URL, body and time of sending. The URL comes from `verifier_options::url`,
/// never from the request, but for the query, which HubSpot changes: that is the one of
/// `delivery::target`. Some characters are signed as they are where the URL has them
/// percent-encoded. Not signed: any other header. A delivery can be replayed within the
/// tolerance, and no longer. Nothing stands between the query and the body, so that bytes can
/// change sides: believe nothing in the query, and no body that is not the JSON you expect. The
/// time is in milliseconds, with nothing before it, so it has to have all of its 13 digits. The
/// key is the text of the client secret.
///
/// Source: https://developers.hubspot.com/docs/api/webhooks/validating-requests
inline constexpr scheme hubspot_v3{
    .name = "hubspot_v3",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {method, url, body, timestamp},
    .signature = {.header = "X-HubSpot-Signature-v3", .encoding = base64},
    .timestamp = {.header = "X-HubSpot-Request-Timestamp", .format = milliseconds},
    .url = {.query_of_request = true, .decoded = ":/?@!$'()*,;"},
};

}  // namespace webhookpp::schemes

// <webhookpp/schemes/intercom.hpp>
// Intercom.

namespace webhookpp::schemes {

/// Signed: the body. Not signed: any header. No timestamp is signed, so a recorded delivery can
/// be replayed at any time: remember the `id` in the body, which is signed. The key is the
/// client secret of the app.
///
/// Not confirmed by the provider's own code or by a delivery of known origin: its documentation
/// was seen in excerpts, or several independent programs agree.
///
/// Source: https://developers.intercom.com/docs/references/webhooks/webhook-models
inline constexpr scheme intercom{
    .name = "intercom",
    .algorithm = hmac_sha1,
    .key = key_form::text,
    .content = {body},
    .signature = {.header = "X-Hub-Signature", .prefix = "sha1=", .encoding = hex},
    .confirmed = false,
};

}  // namespace webhookpp::schemes

// <webhookpp/schemes/jira.hpp>
// Jira Cloud: webhooks of an administrator, with a secret.

namespace webhookpp::schemes {

/// Signed: the body. Not signed: any header, so not the webhook id. No timestamp is signed, so
/// a recorded delivery can be replayed at any time: remember the webhook id in
/// `X-Atlassian-Webhook-Identifier`, which stays the same when a delivery is tried again, or a
/// digest of the body. The key is the text of the secret. Webhooks that apps register are not
/// signed in this way.
///
/// Not confirmed by the provider's own code or by a delivery of known origin: its documentation
/// was seen in excerpts, or several independent programs agree.
///
/// Source: https://developer.atlassian.com/cloud/jira/platform/webhooks/#secure-admin-webhooks
inline constexpr scheme jira{
    .name = "jira",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {body},
    .signature = {.header = "X-Hub-Signature", .prefix = "sha256=", .encoding = hex},
    .id = {.header = "X-Atlassian-Webhook-Identifier"},
    .confirmed = false,
};

}  // namespace webhookpp::schemes

// <webhookpp/schemes/line.hpp>
// LINE.

namespace webhookpp::schemes {

/// Signed: the body. Not signed: any header. No timestamp is signed, so a recorded delivery can
/// be replayed at any time: remember `webhookEventId` of each event in the body, which is
/// signed. The key is the channel secret.
///
/// Source: https://developers.line.biz/en/docs/messaging-api/verify-webhook-signature
inline constexpr scheme line{
    .name = "line",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {body},
    .signature = {.header = "x-line-signature", .encoding = base64},
};

}  // namespace webhookpp::schemes

// <webhookpp/schemes/linear.hpp>
// Linear.

namespace webhookpp::schemes {

/// Signed: the body. Not signed: any header, so neither `Linear-Timestamp`, the event type nor
/// the delivery id. No timestamp is signed, so a recorded delivery can be replayed at any time:
/// remember a digest of the body, or give `webhookTimestamp` of the body, which is signed and
/// in milliseconds, to `check_age` (Linear advises 60 s). The key is the text of the secret.
///
/// Source: https://linear.app/developers/webhooks
inline constexpr scheme linear{
    .name = "linear",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {body},
    .signature = {.header = "Linear-Signature", .encoding = hex},
    .id = {.header = "Linear-Delivery"},
    .event_type = {.header = "Linear-Event"},
};

}  // namespace webhookpp::schemes

// <webhookpp/schemes/meta.hpp>
// Meta: Facebook, Instagram, Messenger, WhatsApp.

namespace webhookpp::schemes {

/// Signed: the body. Not signed: any header. No timestamp is signed, so a recorded delivery can
/// be replayed at any time: remember a digest of the body. The key is the app secret.
///
/// Not confirmed by the provider's own code or by a delivery of known origin: its documentation
/// was seen in excerpts, or several independent programs agree.
///
/// Source: https://developers.facebook.com/docs/graph-api/webhooks/getting-started
inline constexpr scheme meta{
    .name = "meta",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {body},
    .signature = {.header = "X-Hub-Signature-256", .prefix = "sha256=", .encoding = hex},
    .confirmed = false,
};

}  // namespace webhookpp::schemes

// <webhookpp/schemes/mux.hpp>
// Mux.

namespace webhookpp::schemes {

/// Signed: the time of sending and the body. Not signed: any other header. A delivery can be
/// replayed within the tolerance, and no longer. The key is the text of the secret.
///
/// Source: https://www.mux.com/docs/core/verify-webhook-signatures
inline constexpr scheme mux{
    .name = "mux",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {timestamp, ".", body},
    .signature = {.header = "Mux-Signature", .pairs = pairs("v1"), .encoding = hex},
    .timestamp = {.element = "t"},
};

}  // namespace webhookpp::schemes

// <webhookpp/schemes/notion.hpp>
// Notion.

namespace webhookpp::schemes {

/// Signed: the body. Not signed: any header. No timestamp is signed, so a recorded delivery can
/// be replayed at any time: remember the `id` of the event in the body, which is signed. The
/// key is the text of the verification token that Notion sends when the endpoint is set up.
///
/// Source: https://developers.notion.com/reference/webhooks
inline constexpr scheme notion{
    .name = "notion",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {body},
    .signature = {.header = "X-Notion-Signature", .prefix = "sha256=", .encoding = hex},
};

}  // namespace webhookpp::schemes

// <webhookpp/schemes/paddle.hpp>
// Paddle Billing.

namespace webhookpp::schemes {

/// Signed: the time of sending and the body. Not signed: any other header. A delivery can be
/// replayed within the tolerance, and no longer. The key is the text of the secret. Paddle's
/// own libraries allow 5 s, this scheme 300 s.
///
/// Source: https://developer.paddle.com/webhooks/signature-verification
inline constexpr scheme paddle{
    .name = "paddle",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {timestamp, ":", body},
    .signature = {.header = "Paddle-Signature", .pairs = pairs("h1", ';'), .encoding = hex},
    .timestamp = {.element = "ts"},
};

}  // namespace webhookpp::schemes

// <webhookpp/schemes/pagerduty.hpp>
// PagerDuty, webhooks v3.

namespace webhookpp::schemes {

/// Signed: the body. Not signed: any header. No timestamp is signed, so a recorded delivery can
/// be replayed at any time: remember `event.id` in the body, which is signed. The key is the
/// text of the secret. The header has a `v1` signature for each active secret.
///
/// Source: https://developer.pagerduty.com/docs/verifying-signatures
inline constexpr scheme pagerduty{
    .name = "pagerduty",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {body},
    .signature = {.header = "X-PagerDuty-Signature", .pairs = pairs("v1"), .encoding = hex},
};

}  // namespace webhookpp::schemes

// <webhookpp/schemes/paystack.hpp>
// Paystack.

namespace webhookpp::schemes {

/// Signed: the body. Not signed: any header. No timestamp is signed, so a recorded delivery can
/// be replayed at any time: remember a digest of the body. The key is the secret key of the
/// account.
///
/// Not confirmed by the provider's own code or by a delivery of known origin: its documentation
/// was seen in excerpts, or several independent programs agree.
///
/// Source: https://paystack.com/docs/payments/webhooks
inline constexpr scheme paystack{
    .name = "paystack",
    .algorithm = hmac_sha512,
    .key = key_form::text,
    .content = {body},
    .signature = {.header = "x-paystack-signature", .encoding = hex},
    .confirmed = false,
};

}  // namespace webhookpp::schemes

// <webhookpp/schemes/razorpay.hpp>
// Razorpay.

namespace webhookpp::schemes {

/// Signed: the body. Not signed: any header, so not `x-razorpay-event-id`. No timestamp is
/// signed, so a recorded delivery can be replayed at any time: remember a digest of the body,
/// or the event id against Razorpay's own retries. The key is the webhook secret, not the API
/// secret.
///
/// Not confirmed by the provider's own code or by a delivery of known origin: its documentation
/// was seen in excerpts, or several independent programs agree.
///
/// Source: https://razorpay.com/docs/webhooks/validate-test
inline constexpr scheme razorpay{
    .name = "razorpay",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {body},
    .signature = {.header = "X-Razorpay-Signature", .encoding = hex},
    .id = {.header = "x-razorpay-event-id"},
    .confirmed = false,
};

}  // namespace webhookpp::schemes

// <webhookpp/schemes/samsara.hpp>
// Samsara.

namespace webhookpp::schemes {

/// Signed: the time of sending and the body. Not signed: any other header. A delivery can be
/// replayed within the tolerance, and no longer. The key is the secret, in base64.
///
/// Not confirmed by the provider's own code or by a delivery of known origin: its documentation
/// was seen in excerpts, or several independent programs agree.
///
/// Source: https://developers.samsara.com/docs/webhooks
inline constexpr scheme samsara{
    .name = "samsara",
    .algorithm = hmac_sha256,
    .key = key_form::base64,
    .content = {"v1:", timestamp, ":", body},
    .signature = {.header = "X-Samsara-Signature", .prefix = "v1=", .encoding = hex},
    .timestamp = {.header = "X-Samsara-Timestamp"},
    .confirmed = false,
};

}  // namespace webhookpp::schemes

// <webhookpp/schemes/sanity.hpp>
// Sanity.

namespace webhookpp::schemes {

/// Signed: the time of sending and the body. Not signed: any other header, so not
/// `idempotency-key`. A delivery can be replayed within the tolerance, and no longer. The time
/// is in milliseconds. The key is the text of the secret.
///
/// Source: https://github.com/sanity-io/webhook-toolkit src/signature.ts
inline constexpr scheme sanity{
    .name = "sanity",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {timestamp, ".", body},
    .signature = {.header = "sanity-webhook-signature",
                  .pairs = pairs("v1"),
                  .encoding = base64url},
    .id = {.header = "idempotency-key"},
    .timestamp = {.element = "t", .format = milliseconds},
};

}  // namespace webhookpp::schemes

// <webhookpp/schemes/sendgrid.hpp>
// SendGrid event webhook.

namespace webhookpp::schemes {

/// Signed: the time of sending and the body, by ECDSA over P-256. Nothing stands between the
/// two, so the time has to have all of its 10 digits. The body ends with a line break, which
/// belongs to it. A delivery can be replayed within the tolerance, and no longer. The key is
/// the verification key of the account: a SubjectPublicKeyInfo in base64.
///
/// Source: https://github.com/sendgrid/sendgrid-python helpers/eventwebhook
inline constexpr scheme sendgrid{
    .name = "sendgrid",
    .algorithm = ecdsa_p256,
    .key = key_form::p256_base64,
    .content = {timestamp, body},
    .signature = {.header = "X-Twilio-Email-Event-Webhook-Signature", .encoding = base64},
    .timestamp = {.header = "X-Twilio-Email-Event-Webhook-Timestamp"},
};

}  // namespace webhookpp::schemes

// <webhookpp/schemes/sentry.hpp>
// Sentry: the integration platform.

namespace webhookpp::schemes {

/// Signed: the body. Not signed: any header, so neither `Sentry-Hook-Timestamp`, which proves
/// nothing, nor the event type. No timestamp is signed, so a recorded delivery can be replayed
/// at any time: remember a digest of the body. The key is the client secret.
///
/// Not confirmed by the provider's own code or by a delivery of known origin: its documentation
/// was seen in excerpts, or several independent programs agree.
///
/// Source: https://docs.sentry.io/organization/integrations/integration-platform/webhooks
inline constexpr scheme sentry{
    .name = "sentry",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {body},
    .signature = {.header = "Sentry-Hook-Signature", .encoding = hex},
    .id = {.header = "Request-ID"},
    .event_type = {.header = "Sentry-Hook-Resource"},
    .confirmed = false,
};

}  // namespace webhookpp::schemes

// <webhookpp/schemes/shared_token.hpp>
// A header that equals a token.

namespace webhookpp::schemes {

/// The header `header` equals one of the keys. `header` is a literal.
///
///     inline constexpr wh::scheme mine = wh::schemes::shared_token_in("X-Gitlab-Token");
///
/// Proves only that the sender knows the token. Nothing is signed, not even the body: whoever sees
/// one delivery can send others, at any time.
[[nodiscard]] constexpr scheme shared_token_in(const char* header) {
    return scheme{
        .name = "shared_token",
        .algorithm = token,
        .key = key_form::token,
        .signature = {.header = header, .encoding = plain},
    };
}

/// The header `X-Webhook-Token` equals one of the keys: `shared_token_in`.
inline constexpr scheme shared_token = shared_token_in("X-Webhook-Token");

}  // namespace webhookpp::schemes

// <webhookpp/schemes/shopify.hpp>
// Shopify.

namespace webhookpp::schemes {

/// Signed: the body. Not signed: any header, so neither the topic, `X-Shopify-Triggered-At` nor
/// the webhook id. No timestamp is signed, so a recorded delivery can be replayed at any time:
/// remember a digest of the body, or the webhook id against Shopify's own retries. The key is
/// the client secret of the app.
///
/// Source: https://shopify.dev/docs/apps/build/webhooks
inline constexpr scheme shopify{
    .name = "shopify",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {body},
    .signature = {.header = "X-Shopify-Hmac-Sha256", .encoding = base64},
    .id = {.header = "X-Shopify-Webhook-Id"},
    .event_type = {.header = "X-Shopify-Topic"},
};

}  // namespace webhookpp::schemes

// <webhookpp/schemes/slack.hpp>
// Slack.

namespace webhookpp::schemes {

/// Signed: the time of sending and the body. Not signed: any other header. A delivery can be
/// replayed within the tolerance, and no longer. The key is the text of the signing secret.
///
/// Source: https://docs.slack.dev/authentication/verifying-requests-from-slack
inline constexpr scheme slack{
    .name = "slack",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {"v0:", timestamp, ":", body},
    .signature = {.header = "X-Slack-Signature", .prefix = "v0=", .encoding = hex},
    .timestamp = {.header = "X-Slack-Request-Timestamp"},
    .retention = seconds(86'400),
};

}  // namespace webhookpp::schemes

// <webhookpp/schemes/square.hpp>
// Square.

namespace webhookpp::schemes {

/// Signed: the URL that is registered with Square, byte by byte, and the body. The URL comes
/// from `verifier_options::url`, never from the request. Not signed: any header. No timestamp
/// is signed, so a recorded delivery can be replayed at any time: remember `event_id` of the
/// body, which is signed. The key is the text of the signature key.
///
/// Source: https://developer.squareup.com/docs/webhooks/step3validate
inline constexpr scheme square{
    .name = "square",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {url, body},
    .signature = {.header = "x-square-hmacsha256-signature", .encoding = base64},
};

}  // namespace webhookpp::schemes

// <webhookpp/schemes/stripe.hpp>
// Stripe.

namespace webhookpp::schemes {

/// Signed: the time of sending and the body. Not signed: any other header. A delivery can be
/// replayed within the tolerance, and no longer. The key is the whole text of the signing
/// secret, `whsec_` included: it is not decoded. Signatures of other versions, `v0` among them,
/// do not count.
///
/// Source: https://docs.stripe.com/webhooks/signature
inline constexpr scheme stripe{
    .name = "stripe",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {timestamp, ".", body},
    .signature = {.header = "Stripe-Signature", .pairs = pairs("v1"), .encoding = hex},
    .timestamp = {.element = "t"},
    .retention = seconds(3'024'000),  // 35 days
};

}  // namespace webhookpp::schemes

// <webhookpp/schemes/telegram.hpp>
// Telegram bots.

namespace webhookpp::schemes {

/// The header equals the `secret_token` that `setWebhook` was called with. Proves only that the
/// sender knows the token. Nothing is signed, not even the body: whoever sees one delivery can
/// send others, at any time.
///
/// Not confirmed by the provider's own code or by a delivery of known origin: its documentation
/// was seen in excerpts, or several independent programs agree.
///
/// Source: https://core.telegram.org/bots/api#setwebhook
inline constexpr scheme telegram{
    .name = "telegram",
    .algorithm = token,
    .key = key_form::token,
    .signature = {.header = "X-Telegram-Bot-Api-Secret-Token", .encoding = plain},
    .confirmed = false,
};

}  // namespace webhookpp::schemes

// <webhookpp/schemes/telnyx.hpp>
// Telnyx.

namespace webhookpp::schemes {

/// Signed: the time of sending and the body, by Ed25519. A delivery can be replayed within the
/// tolerance, and no longer. The key is the public key of the account, in base64.
///
/// Source: https://github.com/team-telnyx/telnyx-python lib/webhook_verification.py
inline constexpr scheme telnyx{
    .name = "telnyx",
    .algorithm = ed25519,
    .key = key_form::ed25519_base64,
    .content = {timestamp, "|", body},
    .signature = {.header = "telnyx-signature-ed25519", .encoding = base64},
    .timestamp = {.header = "telnyx-timestamp"},
};

}  // namespace webhookpp::schemes

// <webhookpp/schemes/ticket_tailor.hpp>
// Ticket Tailor.

namespace webhookpp::schemes {

/// Signed: the time of sending and the body. Not signed: any other header. Nothing stands
/// between the two, so the time has to have all of its 10 digits. A delivery can be replayed
/// within the tolerance, and no longer. The key is the text of the secret.
///
/// Not confirmed by the provider's own code or by a delivery of known origin: its documentation
/// was seen in excerpts, or several independent programs agree.
///
/// Source: https://developers.tickettailor.com/docs/webhook/security
inline constexpr scheme ticket_tailor{
    .name = "ticket_tailor",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {timestamp, body},
    .signature = {.header = "Tickettailor-Webhook-Signature",
                  .pairs = pairs("v1"),
                  .encoding = hex},
    .timestamp = {.element = "t"},
    .confirmed = false,
};

}  // namespace webhookpp::schemes

// <webhookpp/schemes/tito.hpp>
// Tito.

namespace webhookpp::schemes {

/// Signed: the body. Not signed: any header, so not the event type. No timestamp is signed, so
/// a recorded delivery can be replayed at any time: remember a digest of the body. The key is
/// the security token of the endpoint.
///
/// Not confirmed by the provider's own code or by a delivery of known origin: its documentation
/// was seen in excerpts, or several independent programs agree.
///
/// Source: https://ti.to/docs/api/admin
inline constexpr scheme tito{
    .name = "tito",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {body},
    .signature = {.header = "Tito-Signature", .encoding = base64},
    .event_type = {.header = "X-Webhook-Name"},
    .confirmed = false,
};

}  // namespace webhookpp::schemes

// <webhookpp/schemes/trello.hpp>
// Trello.

namespace webhookpp::schemes {

/// Signed: the body, and the callback URL byte by byte. The URL comes from
/// `verifier_options::url`, never from the request. Not signed: any header. No timestamp is
/// signed, so a recorded delivery can be replayed at any time: remember `action.id` of the
/// body, which is signed. The key is the text of the app secret.
///
/// Not confirmed by the provider's own code or by a delivery of known origin: its documentation
/// was seen in excerpts, or several independent programs agree.
///
/// Source: https://developer.atlassian.com/cloud/trello/guides/rest-api/webhooks
inline constexpr scheme trello{
    .name = "trello",
    .algorithm = hmac_sha1,
    .key = key_form::text,
    .content = {body, url},
    .signature = {.header = "X-Trello-Webhook", .encoding = base64},
    .confirmed = false,
};

}  // namespace webhookpp::schemes

// <webhookpp/schemes/twilio.hpp>
// Twilio.

namespace webhookpp::schemes {

/// Signed: the URL, and of a form the fields; of other bodies their SHA-256, which the URL has
/// in `bodySHA256`. The URL comes from `verifier_options::url`, never from the request, but for
/// the query, which Twilio changes: that is the one of `delivery::target`. URLs with the
/// default port and without one both count.
///
/// Fields are signed as they are decoded, name and value without anything between them, so that
/// bytes can change sides: read the fields that you expect by their names. Not signed: any
/// header, the idempotency token among them. No timestamp is signed, so a recorded delivery can
/// be replayed at any time: remember the ids in the fields. The key is the text of the auth
/// token.
///
/// Source: https://www.twilio.com/docs/usage/webhooks/webhooks-security
inline constexpr scheme twilio{
    .name = "twilio",
    .algorithm = hmac_sha1,
    .key = key_form::text,
    .content = {url, form},
    .signature = {.header = "X-Twilio-Signature", .encoding = base64},
    .id = {.header = "I-Twilio-Idempotency-Token"},
    .url = {.query_of_request = true, .any_default_port = true},
    .form = {.body_digest = "bodySHA256"},
};

}  // namespace webhookpp::schemes

// <webhookpp/schemes/twitch.hpp>
// Twitch EventSub.

namespace webhookpp::schemes {

/// Signed: message id, time of sending and body. Not signed: the subscription type in the
/// header, which stands in the body too. A delivery can be replayed for 600 s. The key is the
/// text of the secret.
///
/// Not confirmed by the provider's own code or by a delivery of known origin: its documentation
/// was seen in excerpts, or several independent programs agree.
///
/// Source: https://dev.twitch.tv/docs/eventsub/handling-webhook-events
inline constexpr scheme twitch{
    .name = "twitch",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {id, timestamp, body},
    .signature = {.header = "Twitch-Eventsub-Message-Signature",
                  .prefix = "sha256=",
                  .encoding = hex},
    .id = {.header = "Twitch-Eventsub-Message-Id"},
    .timestamp = {.header = "Twitch-Eventsub-Message-Timestamp", .format = rfc3339},
    .event_type = {.header = "Twitch-Eventsub-Subscription-Type"},
    .tolerance = {.past = seconds(600), .future = seconds(600)},
    .confirmed = false,
};

}  // namespace webhookpp::schemes

// <webhookpp/schemes/typeform.hpp>
// Typeform.

namespace webhookpp::schemes {

/// Signed: the body. Not signed: any header. No timestamp is signed, so a recorded delivery can
/// be replayed at any time: remember `event_id` in the body, which is signed. The key is the
/// text of the secret.
///
/// Not confirmed by the provider's own code or by a delivery of known origin: its documentation
/// was seen in excerpts, or several independent programs agree.
///
/// Source: https://www.typeform.com/developers/webhooks/secure-your-webhooks
inline constexpr scheme typeform{
    .name = "typeform",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {body},
    .signature = {.header = "Typeform-Signature", .prefix = "sha256=", .encoding = base64},
    .confirmed = false,
};

}  // namespace webhookpp::schemes

// <webhookpp/schemes/url_token.hpp>
// A token in the URL: as a member of the query, or at the end of the path.

namespace webhookpp::schemes {

/// The member `member` of the query of `delivery::target` equals one of the keys:
/// `/hooks?token=...`. `member` is a literal.
///
/// Proves only that the sender knows the URL. Nothing is signed, not even the body: whoever sees
/// one delivery can send others, at any time. And URLs are seen: servers and proxies in between
/// write them to their access logs. Keep tokens out of those logs, and change them often.
///
/// Compared byte by byte, without percent-decoding; so keys have only characters that nobody
/// percent-encodes.
[[nodiscard]] constexpr scheme url_token_in(const char* member) {
    return scheme{
        .name = "url_token",
        .algorithm = token,
        .key = key_form::url_token,
        .signature = {.query = member, .encoding = plain},
    };
}

/// The member `token` of the query equals one of the keys: `url_token_in`.
inline constexpr scheme url_token = url_token_in("token");

/// The last segment of the path of `delivery::target` equals one of the keys: `/hooks/<token>`.
/// What `url_token_in` says about tokens in URLs holds here too.
inline constexpr scheme path_token{
    .name = "path_token",
    .algorithm = token,
    .key = key_form::url_token,
    .signature = {.end_of_path = true, .encoding = plain},
};

}  // namespace webhookpp::schemes

// <webhookpp/schemes/vercel.hpp>
// Vercel.

namespace webhookpp::schemes {

/// Signed: the body. Not signed: any header. No timestamp is signed, so a recorded delivery can
/// be replayed at any time: remember the `id` in the body, which is signed. The key is the text
/// of the secret.
///
/// Not confirmed by the provider's own code or by a delivery of known origin: its documentation
/// was seen in excerpts, or several independent programs agree.
///
/// Source: https://vercel.com/docs/webhooks/webhooks-api
inline constexpr scheme vercel{
    .name = "vercel",
    .algorithm = hmac_sha1,
    .key = key_form::text,
    .content = {body},
    .signature = {.header = "x-vercel-signature", .encoding = hex},
    .confirmed = false,
};

}  // namespace webhookpp::schemes

// <webhookpp/schemes/waitwhile.hpp>
// Waitwhile.

namespace webhookpp::schemes {

/// Signed: the URL that is registered with Waitwhile, byte by byte, and the body directly behind
/// it. The URL comes from `verifier_options::url`, never from the request. The key is the text of
/// the secret, which is not decoded.
///
/// Not signed: any header; there is no timestamp and no delivery id. So a recorded delivery can be
/// replayed at any later time. Events carry `id` and `created` in the body, which is signed:
/// remember the one, and give the other to `check_age`.
///
/// Source: https://developers.waitwhile.com/docs/authenticating-webhooks
inline constexpr scheme waitwhile{
    .name = "waitwhile",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {url, body},
    .signature = {.header = "X-Waitwhile-Signature", .encoding = base64},
};

}  // namespace webhookpp::schemes

// <webhookpp/schemes/woocommerce.hpp>
// WooCommerce.

namespace webhookpp::schemes {

/// Signed: the body. Not signed: any header, so neither the topic nor the delivery id. No
/// timestamp is signed, so a recorded delivery can be replayed at any time: remember a digest
/// of the body. The key is the text of the secret. The ping when a webhook is saved is not
/// signed.
///
/// Not confirmed by the provider's own code or by a delivery of known origin: its documentation
/// was seen in excerpts, or several independent programs agree.
///
/// Source: https://developer.woocommerce.com/docs/apis/rest-api/v3/webhooks
inline constexpr scheme woocommerce{
    .name = "woocommerce",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {body},
    .signature = {.header = "X-WC-Webhook-Signature", .encoding = base64},
    .id = {.header = "X-WC-Webhook-Delivery-ID"},
    .event_type = {.header = "X-WC-Webhook-Topic"},
    .confirmed = false,
};

}  // namespace webhookpp::schemes

// <webhookpp/schemes/workos.hpp>
// WorkOS.

namespace webhookpp::schemes {

/// Signed: the time of sending and the body. Not signed: any other header. A delivery can be
/// replayed within the tolerance, and no longer. The time is in milliseconds. The key is the
/// text of the secret.
///
/// Not confirmed by the provider's own code or by a delivery of known origin: its documentation
/// was seen in excerpts, or several independent programs agree.
///
/// Source: https://workos.com/docs/events/data-syncing/webhooks
inline constexpr scheme workos{
    .name = "workos",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {timestamp, ".", body},
    .signature = {.header = "WorkOS-Signature", .pairs = pairs("v1"), .encoding = hex},
    .timestamp = {.element = "t", .format = milliseconds},
    .confirmed = false,
};

}  // namespace webhookpp::schemes

// <webhookpp/schemes/xero.hpp>
// Xero.

namespace webhookpp::schemes {

/// Signed: the body. Not signed: any header. No timestamp is signed, so a recorded delivery can
/// be replayed at any time: remember a digest of the body. The key is the text of the webhook
/// key, which looks like base64 but is not decoded. "Intent to receive" is signed rightly or
/// wrongly on purpose, and wants 200 or 401.
///
/// Not confirmed by the provider's own code or by a delivery of known origin: its documentation
/// was seen in excerpts, or several independent programs agree.
///
/// Source: https://developer.xero.com/documentation/guides/webhooks/configuring-your-server
inline constexpr scheme xero{
    .name = "xero",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {body},
    .signature = {.header = "x-xero-signature", .encoding = base64},
    .confirmed = false,
};

}  // namespace webhookpp::schemes

// <webhookpp/schemes/zendesk.hpp>
// Zendesk.

namespace webhookpp::schemes {

/// Signed: the time of sending and the body. Not signed: any other header, so not the
/// invocation id. A delivery can be replayed within the tolerance, and no longer. The key is
/// the text of the secret, which looks like base64 but is not decoded. The body may be empty.
///
/// Not confirmed by the provider's own code or by a delivery of known origin: its documentation
/// was seen in excerpts, or several independent programs agree.
///
/// Source: https://developer.zendesk.com/documentation/webhooks/verifying
inline constexpr scheme zendesk{
    .name = "zendesk",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {timestamp, body},
    .signature = {.header = "X-Zendesk-Webhook-Signature", .encoding = base64},
    .id = {.header = "X-Zendesk-Webhook-Invocation-Id"},
    .timestamp = {.header = "X-Zendesk-Webhook-Signature-Timestamp", .format = rfc3339},
    .confirmed = false,
};

}  // namespace webhookpp::schemes

// <webhookpp/schemes/zoom.hpp>
// Zoom.

namespace webhookpp::schemes {

/// Signed: the time of sending and the body. Not signed: any other header. A delivery can be
/// replayed within the tolerance, and no longer. The key is the text of the secret token.
///
/// Source: https://developers.zoom.us/docs/api/webhooks
inline constexpr scheme zoom{
    .name = "zoom",
    .algorithm = hmac_sha256,
    .key = key_form::text,
    .content = {"v0:", timestamp, ":", body},
    .signature = {.header = "x-zm-signature", .prefix = "v0=", .encoding = hex},
    .timestamp = {.header = "x-zm-request-timestamp"},
};

}  // namespace webhookpp::schemes

// <webhookpp/schemes/all.hpp>
// All schemes of this library, for programs that choose one at run time.

namespace webhookpp {

namespace detail {

inline constexpr const scheme* all_schemes[] = {
    &schemes::adyen_body,
    &schemes::airtable,
    &schemes::asana,
    &schemes::basic_auth,
    &schemes::bearer_token,
    &schemes::bitbucket,
    &schemes::box,
    &schemes::calendly,
    &schemes::circleci,
    &schemes::coinbase_commerce,
    &schemes::discord,
    &schemes::dropbox,
    &schemes::elevenlabs,
    &schemes::gitea,
    &schemes::github,
    &schemes::gitlab_token,
    &schemes::hubspot_v3,
    &schemes::intercom,
    &schemes::jira,
    &schemes::line,
    &schemes::linear,
    &schemes::meta,
    &schemes::mux,
    &schemes::notion,
    &schemes::paddle,
    &schemes::pagerduty,
    &schemes::path_token,
    &schemes::paystack,
    &schemes::polar_legacy,
    &schemes::razorpay,
    &schemes::samsara,
    &schemes::sanity,
    &schemes::sendgrid,
    &schemes::sentry,
    &schemes::shared_token,
    &schemes::shopify,
    &schemes::slack,
    &schemes::square,
    &schemes::standard_webhooks,
    &schemes::stripe,
    &schemes::telegram,
    &schemes::telnyx,
    &schemes::ticket_tailor,
    &schemes::tito,
    &schemes::trello,
    &schemes::twilio,
    &schemes::twitch,
    &schemes::typeform,
    &schemes::url_token,
    &schemes::vercel,
    &schemes::waitwhile,
    &schemes::woocommerce,
    &schemes::workos,
    &schemes::xero,
    &schemes::zendesk,
    &schemes::zoom,
};

struct scheme_alias {
    std::string_view name;
    const scheme* stands_for;
};
inline constexpr scheme_alias scheme_aliases[] = {
    {"anthropic", &schemes::anthropic}, {"clerk", &schemes::clerk},
    {"openai", &schemes::openai},       {"polar", &schemes::polar},
    {"replicate", &schemes::replicate}, {"resend", &schemes::resend},
    {"svix", &schemes::svix},
};

}  // namespace detail

namespace schemes {

/// Every scheme, in the order of their names. They live as long as the program.
[[nodiscard]] constexpr std::span<const scheme* const> all() noexcept {
    return detail::all_schemes;
}

/// The scheme of that name, which may also be that of a provider who signs as others do (`svix`);
/// null if there is none.
[[nodiscard]] constexpr const scheme* find(std::string_view name) noexcept {
    for (const scheme* const each : all()) {
        if (each->name == name) return each;
    }
    for (const detail::scheme_alias& each : detail::scheme_aliases) {
        if (each.name == name) return each.stands_for;
    }
    return nullptr;
}

}  // namespace schemes

}  // namespace webhookpp

// <webhookpp/detail/copied_headers.hpp>
// The headers of a request, copied to be changed.

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

// <webhookpp/detail/key_text.hpp>
// The text of a key, and what else it may stand for than its scheme says.

namespace webhookpp::detail {

/// `text` without white space, quotes, byte order marks and NULs around it, as they come from
/// files, environments and web pages. Views `text`.
[[nodiscard]] constexpr std::string_view without_surroundings(std::string_view text) noexcept {
    constexpr std::string_view blanks(" \t\r\n\v\f\0", 7);
    // A byte order mark, a no-break space, a space of no width, and an escape that nobody read.
    constexpr std::string_view others[] = {"\xef\xbb\xbf", "\xc2\xa0", "\xe2\x80\x8b", "\\n",
                                           "\\r"};
    constexpr std::string_view quotes = "\"'`";
    for (std::size_t size = text.size() + 1; text.size() < size;) {
        size = text.size();
        while (!text.empty() && blanks.find(text.front()) != std::string_view::npos)
            text.remove_prefix(1);
        while (!text.empty() && blanks.find(text.back()) != std::string_view::npos)
            text.remove_suffix(1);
        for (const std::string_view other : others) {
            if (text.starts_with(other) && other[0] != '\\') text.remove_prefix(other.size());
            if (text.ends_with(other)) text.remove_suffix(other.size());
        }
        if (text.size() > 1 && quotes.find(text.front()) != std::string_view::npos &&
            text.front() == text.back()) {
            text = text.substr(1, text.size() - 2);
        }
    }
    return text;
}

/// The bytes that `text` stands for in base64 of either alphabet, with padding or without; nothing
/// if it is none.
[[nodiscard]] inline std::optional<crypto::secret_bytes> any_base64(std::string_view text) {
    while (text.ends_with('=')) text.remove_suffix(1);
    if (text.empty() || text.size() % 4 == 1) return std::nullopt;
    crypto::secret_bytes padded((text.size() + 3) / 4 * 4);
    const auto standard = padded.writable();
    for (std::size_t i = 0; i < standard.size(); ++i) {
        const char c = i < text.size() ? text[i] : '=';
        standard[i] = static_cast<unsigned char>(c == '-' ? '+' : (c == '_' ? '/' : c));
    }
    crypto::secret_bytes decoded(standard.size());
    const auto size = crypto::base64_decode(padded.text(), decoded.writable());
    if (!size) return std::nullopt;
    decoded.truncate(*size);
    return decoded;
}

/// The bytes that `text` stands for in hex of upper or lower case; nothing if it is none.
[[nodiscard]] inline std::optional<crypto::secret_bytes> any_hex(std::string_view text) {
    crypto::secret_bytes decoded(text.size() / 2);
    const auto size = crypto::hex_decode(text, decoded.writable(), crypto::hex_case::either);
    if (!size || *size == 0) return std::nullopt;
    return decoded;
}

/// `start` and then `text`.
[[nodiscard]] inline crypto::secret_bytes joined(std::string_view start, std::string_view text) {
    crypto::secret_bytes both(start.size() + text.size());
    const auto out = both.writable();
    for (std::size_t i = 0; i < start.size(); ++i) out[i] = static_cast<unsigned char>(start[i]);
    for (std::size_t i = 0; i < text.size(); ++i) {
        out[start.size() + i] = static_cast<unsigned char>(text[i]);
    }
    return both;
}

/// `bytes` in base64.
[[nodiscard]] inline crypto::secret_bytes in_base64(std::string_view bytes) {
    crypto::secret_bytes text(crypto::base64_encoded_size(bytes.size()));
    const auto out = text.writable();
    crypto::base64_encode(crypto::as_bytes(bytes),
                          {reinterpret_cast<char*>(out.data()), out.size()});
    return text;
}

/// `bytes` in lower-case hex.
[[nodiscard]] inline crypto::secret_bytes in_hex(std::string_view bytes) {
    crypto::secret_bytes text(2 * bytes.size());
    const auto out = text.writable();
    crypto::hex_encode(crypto::as_bytes(bytes), {reinterpret_cast<char*>(out.data()), out.size()});
    return text;
}

/// `text` without the prefix of a shared secret of Standard Webhooks.
[[nodiscard]] constexpr std::string_view without_whsec(std::string_view text) noexcept {
    if (text.starts_with("v1,")) text.remove_prefix(3);
    if (text.starts_with("whsec_")) text.remove_prefix(6);
    return text;
}

/// What is between the first and the last line of a PEM file, without line breaks; empty if `text`
/// is none.
[[nodiscard]] inline crypto::secret_bytes without_pem(std::string_view text) {
    constexpr std::string_view dashes = "-----";
    if (!text.starts_with(dashes)) return {};
    const std::size_t begin = text.find(dashes, dashes.size());
    if (begin == std::string_view::npos) return {};
    text.remove_prefix(begin + dashes.size());
    text = text.substr(0, text.find(dashes));
    crypto::secret_bytes inner(text.size());
    const auto out = inner.writable();
    std::size_t size = 0;
    for (const char c : text) {
        if (c != '\n' && c != '\r' && c != ' ') out[size++] = static_cast<unsigned char>(c);
    }
    inner.truncate(size);
    return inner;
}

}  // namespace webhookpp::detail

// <webhookpp/detail/failed_delivery.hpp>
// A delivery that was refused, to be verified again with one thing changed.

namespace webhookpp::detail {

/// A clock that always shows the same time.
struct stopped_clock {
    std::int64_t unix_seconds = 0;

    [[nodiscard]] std::int64_t now() const noexcept { return unix_seconds; }
};

/// A key as a program has it, usable or not.
struct configured_key {
    crypto::secret_bytes text = {};
    std::optional<key> made = std::nullopt;       ///< nothing where the text makes no key at all
    std::optional<error> refusal = std::nullopt;  ///< why no key of the scheme can be made of it
    std::optional<key> repaired = std::nullopt;   ///< made of the text without white space around
    [[nodiscard]] const std::optional<key>& usable() const noexcept {
        return refusal ? repaired : made;
    }
};

/// `key` as it is configured, with `made` and `text`, for `described`.
[[nodiscard]] inline configured_key read_configured(const scheme& described, secret_length lengths,
                                                    crypto::secret_bytes text,
                                                    const result<key>& made) {
    const auto refusal_of = [&](const result<key>& each) -> std::optional<error> {
        if (!each) return each.error();
        const auto set = key_set::create(std::span(&*each, 1), described, lengths);
        return set ? std::nullopt : std::optional(set.error());
    };
    configured_key read{.text = std::move(text), .refusal = refusal_of(made)};
    if (made) read.made = *made;
    if (!read.refusal) return read;
    const auto trimmed = key::try_from_text(without_surroundings(read.text.text()));
    const auto otherwise = refusal_of(trimmed);
    if (!otherwise) read.repaired = *trimmed;
    if (otherwise && otherwise->code == errc::internal_error) read.refusal = otherwise;
    return read;
}

/// One thing to verify in place of the delivery that failed. Views.
struct trial {
    const scheme* described;
    std::span<const key> keys;
    const copied_headers* headers;
    std::string_view body;
    std::string_view method;
    std::string_view target;
    std::string_view url;
};

/// What is known about the delivery. The request and the keys have to outlive it.
class failed_delivery {
public:
    /// The most verifications that one delivery is worth.
    static constexpr std::size_t most_trials = 320;

    failed_delivery(const scheme& described, std::span<const configured_key> keys,
                    const delivery& request, const verifier_options& options, std::int64_t now)
        : scheme_(described),
          keys_(keys),
          headers_(request.headers, described, options.limits.header_value),
          request_(request),
          options_(options),
          now_(now) {
        for (const configured_key& each : keys) {
            if (each.usable()) usable_.push_back(*each.usable());
        }
    }

    /// The delivery as it is, with the keys that can be used: to be changed and tried.
    [[nodiscard]] trial as_it_is() const noexcept {
        return {.described = &scheme_,
                .keys = usable_,
                .headers = &headers_,
                .body = body(),
                .method = request_.method,
                .target = request_.target,
                .url = options_.url};
    }

    /// Whether the signature of `changed` is right, however old it is. False when there were too
    /// many trials.
    [[nodiscard]] bool matches(const trial& changed) {
        if (changed.keys.empty() || trials_ == most_trials) return false;
        ++trials_;
        verifier_options options = options_;
        options.tolerance = webhookpp::tolerance::unlimited();
        options.limits.body = most_bytes();
        options.url = changed.url;
        const auto ready = any_verifier<stopped_clock>::try_create(*changed.described, changed.keys,
                                                                   options, stopped_clock{now_});
        if (!ready) return found_none(ready.error());
        const auto message =
            ready->verify({*changed.headers, changed.body, changed.method, changed.target}, work_);
        if (!message) return found_none(message.error());
        sent_ = message->timestamp();
        key_index_ = message->key_index().value_or(0);
        return true;
    }

    /// Whether a verifier of `with` takes `made`.
    [[nodiscard]] bool is_key_of(const scheme& with, const key& made) {
        const auto set = key_set::create(std::span(&made, 1), with, options_.secrets);
        return set ? true : found_none(set.error());
    }

    /// Whether OpenSSL or memory has failed on the way, so that a match may be missing.
    [[nodiscard]] bool is_incomplete() const noexcept { return incomplete_; }

    /// When the message that matched was sent, in Unix seconds.
    [[nodiscard]] std::optional<std::int64_t> sent() const noexcept { return sent_; }
    /// Which of its keys matched.
    [[nodiscard]] std::size_t key_index() const noexcept { return key_index_; }

    [[nodiscard]] const scheme& described() const noexcept { return scheme_; }
    [[nodiscard]] std::span<const configured_key> keys() const noexcept { return keys_; }
    [[nodiscard]] const copied_headers& headers() const noexcept { return headers_; }
    [[nodiscard]] std::string_view body() const noexcept { return request_.body.bytes(); }
    [[nodiscard]] const verifier_options& options() const noexcept { return options_; }
    [[nodiscard]] std::int64_t now() const noexcept { return now_; }

    /// The most bytes that a body may have that is tried.
    [[nodiscard]] std::size_t most_bytes() const noexcept {
        constexpr std::size_t room = std::size_t{64} * 1024;
        return 4 * (std::max)(body().size(), room);
    }

    /// How evidence about a key begins, where there are several.
    [[nodiscard]] std::string key_label(std::size_t index) const {
        return keys_.size() < 2 ? std::string() : "key " + std::to_string(index + 1) + ": ";
    }

private:
    bool found_none(const error& why) noexcept {
        if (why.code == errc::internal_error) incomplete_ = true;
        return false;
    }

    const scheme& scheme_;
    std::span<const configured_key> keys_;
    std::vector<key> usable_;
    copied_headers headers_;
    const delivery& request_;
    const verifier_options& options_;
    std::int64_t now_;
    scratch work_;
    std::size_t trials_ = 0;
    bool incomplete_ = false;
    std::optional<std::int64_t> sent_ = std::nullopt;
    std::size_t key_index_ = 0;
};

}  // namespace webhookpp::detail

// <webhookpp/detail/json_spelling.hpp>
// Writes JSON text in other ways, as parsers and writers on the way of a body do.

namespace webhookpp::detail {

/// How the white space between the tokens is written.
struct json_layout {
    std::string_view comma = ",";
    std::string_view colon = ":";
    std::string_view indent = {};  ///< for each level, on lines of their own; empty: on one line
    bool as_it_is = false;
};

/// How the characters of texts are written.
struct json_texts {
    enum class other_characters : std::uint8_t { as_they_are, plain, escaped };

    other_characters beyond_ascii = other_characters::as_they_are;
    bool escapes_slashes = false;  ///< `\/`; otherwise `/`, unless texts are left as they are
    bool escapes_html = false;     ///< `<`, `>` and `&` as `\u003c`

    /// Whether texts are copied.
    [[nodiscard]] constexpr bool as_they_are() const noexcept {
        return beyond_ascii == other_characters::as_they_are && !escapes_slashes && !escapes_html;
    }
};

/// Rewrites JSON text token by token: numbers, and the order of members, stay as they are.
class json_rewriter {
public:
    /// The deepest nesting that is written on lines of its own.
    static constexpr std::size_t max_depth = 64;

    json_rewriter(const json_layout& layout, const json_texts& texts, std::size_t most_bytes)
        : layout_(layout), texts_(texts), most_bytes_(most_bytes) {}

    /// `text` written anew; nothing if it is no JSON object or array at the first glance, or would
    /// have too many bytes.
    [[nodiscard]] std::optional<std::string> rewrite(std::string_view text) {
        constexpr std::string_view blanks = " \t\r\n";
        const std::size_t begin = text.find_first_not_of(blanks);
        if (begin == std::string_view::npos || (text[begin] != '{' && text[begin] != '['))
            return std::nullopt;
        out_.clear();
        out_.reserve(text.size());
        for (std::size_t i = 0; i < text.size();) {
            if (out_.size() > most_bytes_) return std::nullopt;
            if (text[i] == '"') {
                const std::size_t end = end_of_text(text, i);
                if (end == std::string_view::npos) return std::nullopt;
                write_text(text.substr(i, end - i));
                i = end;
            } else if (layout_.as_it_is) {
                out_ += text[i++];
            } else if (blanks.find(text[i]) != std::string_view::npos) {
                ++i;
            } else if (!write_punctuation(text, i)) {
                return std::nullopt;
            }
        }
        if (depth_ != 0) return std::nullopt;
        return std::move(out_);
    }

private:
    // Behind the closing quotation mark.
    static std::size_t end_of_text(std::string_view text, std::size_t begin) noexcept {
        for (std::size_t i = begin + 1; i < text.size(); ++i) {
            if (text[i] == '\\') {
                ++i;
            } else if (text[i] == '"') {
                return i + 1;
            }
        }
        return std::string_view::npos;
    }

    void write_line_break() {
        if (layout_.indent.empty()) return;
        out_ += '\n';
        for (std::size_t i = 0; i < depth_; ++i) out_ += layout_.indent;
    }

    // Writes the token at `i`, and goes behind it.
    [[nodiscard]] bool write_punctuation(std::string_view text, std::size_t& i) {
        const char c = text[i++];
        if (c == '{' || c == '[') {
            out_ += c;
            const std::size_t next = text.find_first_not_of(" \t\r\n", i);
            if (next != std::string_view::npos && (text[next] == '}' || text[next] == ']')) {
                out_ += text[next];
                i = next + 1;
            } else {
                if (++depth_ > max_depth && !layout_.indent.empty()) return false;
                write_line_break();
            }
        } else if (c == '}' || c == ']') {
            if (depth_ == 0) return false;
            --depth_;
            write_line_break();
            out_ += c;
        } else if (c == ',') {
            out_ += layout_.comma;
            write_line_break();
        } else if (c == ':') {
            out_ += layout_.colon;
        } else {
            out_ += c;
        }
        return true;
    }

    void write_escape(std::uint32_t unit) {
        const unsigned char bytes[2] = {static_cast<unsigned char>(unit >> 8U),
                                        static_cast<unsigned char>(unit & 0xffU)};
        char digits[4];
        crypto::hex_encode(bytes, digits);
        out_.append("\\u").append(digits, sizeof digits);
    }

    void write_text(std::string_view text) {
        using other_characters = json_texts::other_characters;
        if (texts_.as_they_are()) {
            out_ += text;
            return;
        }
        for (std::size_t i = 0; i < text.size(); ++i) {
            const auto byte = static_cast<unsigned char>(text[i]);
            if (text[i] == '\\' && i + 1 < text.size()) {
                if (text[i + 1] == '/') continue;  // the slash is written next
                if (text[i + 1] == 'u' && texts_.beyond_ascii == other_characters::plain) {
                    i += write_plain(text.substr(i)) - 1;
                } else {
                    out_.append(text.substr(i++, 2));
                }
            } else if (text[i] == '/' && texts_.escapes_slashes) {
                out_ += "\\/";
            } else if (texts_.escapes_html &&
                       (text[i] == '<' || text[i] == '>' || text[i] == '&')) {
                write_escape(byte);
            } else if (byte >= 0x80 && texts_.beyond_ascii == other_characters::escaped) {
                i += write_escaped(text.substr(i)) - 1;
            } else {
                out_ += text[i];
            }
        }
    }

    // Writes the UTF-8 character that `text` begins with as escapes; returns how long it is.
    std::size_t write_escaped(std::string_view text) {
        const auto at = [&](std::size_t i) {
            return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i]));
        };
        const std::size_t size = at(0) >= 0xf0 ? 4 : (at(0) >= 0xe0 ? 3 : 2);
        if (at(0) < 0xc0 || size > text.size()) {
            out_ += text[0];
            return 1;
        }
        std::uint32_t point = at(0) & (0xffU >> (size + 1));
        for (std::size_t i = 1; i < size; ++i) point = point << 6U | (at(i) & 0x3fU);
        if (point >= 0x10000) {
            write_escape(0xd800U + ((point - 0x10000U) >> 10U));
            write_escape(0xdc00U + ((point - 0x10000U) & 0x3ffU));
        } else {
            write_escape(point);
        }
        return size;
    }

    // Writes the escape or the pair of escapes that `text` begins with as UTF-8, unless it stands
    // for a control character, a quotation mark or a backslash; returns how long it is.
    std::size_t write_plain(std::string_view text) {
        const auto unit_at = [&](std::size_t i) -> std::optional<std::uint32_t> {
            unsigned char bytes[2];
            if (text.substr(i, 2) != "\\u" || text.size() < i + 6 ||
                !crypto::hex_decode(text.substr(i + 2, 4), bytes, crypto::hex_case::either)) {
                return std::nullopt;
            }
            return static_cast<std::uint32_t>(bytes[0]) << 8U | bytes[1];
        };
        const auto first = unit_at(0);
        if (!first || *first < 0x20 || *first == '"' || *first == '\\') {
            out_ += text.substr(0, 2);
            return 2;
        }
        std::size_t size = 6;
        std::uint32_t point = *first;
        if (const auto second = unit_at(6); point >= 0xd800 && point < 0xdc00 && second) {
            point = 0x10000U + ((point - 0xd800U) << 10U) + (*second & 0x3ffU);
            size = 12;
        }
        append_utf8(point);
        return size;
    }

    void append_utf8(std::uint32_t point) {
        const auto add = [&](std::uint32_t byte) { out_ += static_cast<char>(byte); };
        if (point < 0x80) return add(point);
        if (point < 0x800) {
            add(0xc0U | point >> 6U);
        } else if (point < 0x10000) {
            add(0xe0U | point >> 12U);
            add(0x80U | (point >> 6U & 0x3fU));
        } else {
            add(0xf0U | point >> 18U);
            add(0x80U | (point >> 12U & 0x3fU));
            add(0x80U | (point >> 6U & 0x3fU));
        }
        add(0x80U | (point & 0x3fU));
    }

    json_layout layout_;
    json_texts texts_;
    std::size_t most_bytes_;
    std::string out_;
    std::size_t depth_ = 0;
};

}  // namespace webhookpp::detail

// <webhookpp/detail/rewritten_text.hpp>
// Text as programs on its way change it, and as people write numbers.

namespace webhookpp::detail {

/// `text` with `to` in place of each `from`, which is not empty; nothing if there is none, also not
/// as a part of `to`.
[[nodiscard]] inline std::optional<std::string> replaced(std::string_view text,
                                                         std::string_view from,
                                                         std::string_view to) {
    std::string changed;
    std::size_t done = 0;
    for (std::size_t at = text.find(from); at != std::string_view::npos;
         at = text.find(from, done)) {
        changed.append(text.substr(done, at - done)).append(to);
        done = at + from.size();
    }
    if (done == 0) return std::nullopt;
    return changed.append(text.substr(done));
}

/// `text`, which may be a token, with `%41` decoded, and `+` where `plus_is_space`.
[[nodiscard]] inline crypto::secret_bytes percent_decoded(std::string_view text,
                                                          bool plus_is_space) {
    crypto::secret_bytes decoded(text.size());
    std::size_t size = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned char byte[1] = {
            static_cast<unsigned char>(plus_is_space && text[i] == '+' ? ' ' : text[i])};
        if (text[i] == '%' && i + 2 < text.size() &&
            crypto::hex_decode(text.substr(i + 1, 2), byte, crypto::hex_case::either)) {
            i += 2;
        }
        decoded.writable()[size++] = byte[0];
    }
    decoded.truncate(size);
    return decoded;
}

/// `text` as browsers write it in a form.
[[nodiscard]] inline std::string form_encoded(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string encoded;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == ' ') {
            encoded += '+';
        } else if (c == '*' || (c != '~' && is_unreserved({&c, 1}))) {
            encoded += c;
        } else {
            encoded.append(1, '%').append(1, digits[byte >> 4U]).append(1, digits[byte & 15U]);
        }
    }
    return encoded;
}

/// `text`, which is Latin-1, in UTF-8; nothing if it is ASCII.
[[nodiscard]] inline std::optional<std::string> utf8_from_latin1(std::string_view text) {
    std::string utf8;
    bool changed = false;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        changed = changed || byte >= 0x80;
        if (byte >= 0x80) utf8 += static_cast<char>(0xc0U | byte >> 6U);
        utf8 += static_cast<char>(byte >= 0x80 ? 0x80U | (byte & 0x3fU) : byte);
    }
    return changed ? std::optional(utf8) : std::nullopt;
}

/// `text`, which is UTF-8, in Latin-1; nothing if it is ASCII or has other characters.
[[nodiscard]] inline std::optional<std::string> latin1_from_utf8(std::string_view text) {
    std::string latin1;
    bool changed = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto lead = static_cast<unsigned char>(text[i]);
        if (lead < 0x80) {
            latin1 += text[i];
            continue;
        }
        if ((lead != 0xc2 && lead != 0xc3) || i + 1 == text.size()) return std::nullopt;
        const auto next = static_cast<unsigned char>(text[++i]);
        latin1 += static_cast<char>((lead & 0x03U) << 6U | (next & 0x3fU));
        changed = true;
    }
    return changed ? std::optional(latin1) : std::nullopt;
}

/// `number` as people read it: 1,048,576.
[[nodiscard]] inline std::string with_commas(std::uint64_t number) {
    std::string text = std::to_string(number);
    for (std::size_t at = text.size(); at > 3;) text.insert(at -= 3, 1, ',');
    return text;
}

}  // namespace webhookpp::detail

// <webhookpp/explanation.hpp>
// Why a delivery was refused, for developers and logs.

namespace webhookpp {

/// A usual mistake. The names, which `name` gives, are stable.
enum class cause : std::uint8_t {
    body_reserialised,  ///< the body was parsed, decoded or unpacked, and written again
    body_trimmed,       ///< white space, mostly a last line break, was taken from the body
    newline_added,      ///< a line break or other white space was added to the body
    key_form,           ///< the key is not read as the sender reads it: base64, hex, text, prefix
    key_whitespace,     ///< white space or quotes around the key
    encoding,           ///< the signature or token is written in another way: hex, base64, prefix
    other_scheme,       ///< signed in the way of another scheme, or in another header
    clock_skew,         ///< too old or too new, or a time in another unit
    url_differs,        ///< another URL was signed than that of the endpoint's configuration
    families_mixed,     ///< headers of two sets of names: `webhook-*` and `svix-*`
    length_differs,     ///< more or fewer bytes have arrived than were sent
};

/// The name of `which` as it is spelled here. Static text.
[[nodiscard]] constexpr std::string_view name(cause which) noexcept {
    switch (which) {
        case cause::body_reserialised: return "body_reserialised";
        case cause::body_trimmed: return "body_trimmed";
        case cause::newline_added: return "newline_added";
        case cause::key_form: return "key_form";
        case cause::key_whitespace: return "key_whitespace";
        case cause::encoding: return "encoding";
        case cause::other_scheme: return "other_scheme";
        case cause::clock_skew: return "clock_skew";
        case cause::url_differs: return "url_differs";
        case cause::families_mixed: return "families_mixed";
        case cause::length_differs: return "length_differs";
    }
    return "unknown_cause";
}

/// A cause, and what speaks for it.
struct likely_cause {
    cause which = cause::key_form;  ///< which mistake it is

    /// In English, for a developer. Where it says that the signature matches, that was verified.
    /// Never holds a byte of a key or a right signature, nor anything of the body or the URL.
    std::string evidence = {};

    friend bool operator==(const likely_cause&, const likely_cause&) = default;
};

/// What `explain` has found out.
struct explanation {
    /// Why the delivery, or a key at set-up, is refused; nothing for one that is accepted.
    std::optional<error> refusal = std::nullopt;

    /// The most likely first. Empty for a delivery that is accepted, and where none of the usual
    /// mistakes was made.
    std::vector<likely_cause> causes = {};

    /// Whether the delivery was accepted.
    [[nodiscard]] bool accepted() const noexcept { return !refusal; }
};

/// All of `found`, a line each: the verdict, and for a refusal the causes, numbered from 1, or that
/// there are none.
[[nodiscard]] inline std::string in_words(const explanation& found) {
    if (found.accepted()) return "accepted\n";
    const error& refusal = *found.refusal;
    std::string text = "refused: ";
    text.append(name(refusal.code));
    if (!refusal.where.empty()) text.append(": ").append(refusal.where);
    text += '\n';
    std::size_t number = 0;
    for (const likely_cause& each : found.causes) {
        text.append(std::to_string(++number)).append(". ").append(name(each.which));
        text.append(": ").append(each.evidence).append("\n");
    }
    if (number != 0) return text;
    text += "none of the usual mistakes: ";
    switch (refusal.code) {
        case errc::signature_mismatch: text += "the key is probably of another endpoint\n"; break;
        case errc::missing_header:
            text += "the sender does not sign, or something on the way removes the header\n";
            break;
        default: text += "look at the place that the verdict names\n"; break;
    }
    return text;
}

}  // namespace webhookpp

// <webhookpp/detail/explain_body.hpp>
// Mistakes with bodies: bytes that were added, taken away or written anew.

namespace webhookpp::detail {

/// Looks for what happened to the body of one delivery.
class body_mistakes {
public:
    body_mistakes(failed_delivery& failed, std::vector<likely_cause>& causes)
        : failed_(failed), causes_(causes) {
        tried_.push_back(std::hash<std::string_view>()(failed.body()));
    }

    /// Adds what makes the signature match. Returns whether anything does.
    [[nodiscard]] bool find() {
        if (!is_signed()) return false;
        return find_white_space() || find_length() || find_characters() || find_form() ||
               find_json();
    }

    /// Adds that the body has another length than the request says.
    void find_length_trace() {
        const auto announced = announced_length();
        if (!is_signed() || !announced || *announced == failed_.body().size()) return;
        std::string text = "Content-Length is " + with_commas(*announced) + ", the body has " +
                           with_commas(failed_.body().size()) + " bytes";
        if (failed_.body().empty()) text += ": something has read it before";
        causes_.push_back({cause::length_differs, std::move(text)});
    }

    /// Adds what speaks for another mistake although no signature matches.
    void find_traces() {
        if (!is_signed()) return;
        const std::string_view body = failed_.body();
        if (body.empty() && announced_length().value_or(0) == 0) {
            causes_.push_back(
                {cause::body_trimmed, "the body is empty: something may have read it before"});
        }
        const bool is_packed = body.starts_with("\x1f\x8b");
        const std::string_view coding = failed_.headers().value("Content-Encoding");
        const bool says_packed = equal_names(coding, "gzip") || equal_names(coding, "x-gzip");
        if (is_packed && coding.empty()) {
            causes_.push_back({cause::body_reserialised,
                               "the body is packed with gzip, and no Content-Encoding says so: "
                               "something on the way has packed it or removed the header"});
        } else if (says_packed && !is_packed && !body.empty()) {
            causes_.push_back({cause::body_reserialised,
                               "Content-Encoding says that the body is packed, and it does not "
                               "begin as gzip does: something may have unpacked it"});
        }
    }

private:
    [[nodiscard]] bool is_signed() const {
        return failed_.described().signs(content_part::kind::body) ||
               failed_.described().signs(content_part::kind::form);
    }

    // `evidence` says what the signature matches.
    [[nodiscard]] bool tries(cause which, std::string_view evidence, std::string_view body) {
        const std::size_t hash = std::hash<std::string_view>()(body);
        if (std::find(tried_.begin(), tried_.end(), hash) != tried_.end()) return false;
        tried_.push_back(hash);
        trial changed = failed_.as_it_is();
        changed.body = body;
        if (!failed_.matches(changed)) return false;
        causes_.push_back({which, std::string("the signature matches ").append(evidence)});
        return true;
    }
    [[nodiscard]] bool tries(cause which, std::string_view evidence,
                             const std::optional<std::string>& body) {
        return body && tries(which, evidence, std::string_view(*body));
    }

    static std::string_view without_end(std::string_view text, std::string_view end) {
        if (text.ends_with(end)) text.remove_suffix(end.size());
        return text;
    }

    [[nodiscard]] bool find_white_space() {
        const std::string_view body = failed_.body();
        const auto shorter = [&](std::string_view evidence, const auto& text) {
            return tries(cause::newline_added, evidence, text);
        };
        std::string_view without_lines = body;
        while (without_lines.ends_with('\n') || without_lines.ends_with('\r')) {
            without_lines.remove_suffix(1);
        }
        if (shorter("the body without its last line break",
                    body.ends_with("\r\n") ? without_end(body, "\r\n") : without_end(body, "\n")) ||
            shorter("the body without the line breaks at its end", without_lines)) {
            return true;
        }
        const std::size_t begin = body.find_first_not_of(" \t\r\n");
        if (begin != std::string_view::npos) {
            const auto inner = body.substr(begin, body.find_last_not_of(" \t\r\n") + 1 - begin);
            if (shorter("the body without the white space around it", inner) ||
                shorter("the body without the white space before it", body.substr(begin))) {
                return true;
            }
        }
        const auto longer = [&](std::string_view evidence, std::string_view start,
                                std::string_view end) {
            return tries(cause::body_trimmed, evidence,
                         std::optional(std::string(start).append(body).append(end)));
        };
        return longer("the body with a line break (LF) at its end", "", "\n") ||
               longer("the body with a line break (CRLF) at its end", "", "\r\n") ||
               longer("the body with two line breaks (LF) at its end", "", "\n\n") ||
               longer("the body with two line breaks (CRLF) at its end", "", "\r\n\r\n") ||
               longer("the body with a space at its end", "", " ") ||
               longer("the body with a line break (LF) before it", "\n", "") ||
               longer("the body with a line break (CRLF) before it", "\r\n", "") ||
               longer("the body with a line break (LF) before it and at its end", "\n", "\n") ||
               shorter("the body with LF in place of each CRLF", replaced(body, "\r\n", "\n")) ||
               tries(cause::body_trimmed, "the body with CRLF in place of each LF",
                     replaced(body, "\n", "\r\n"));
    }

    [[nodiscard]] bool find_length() {
        const std::string_view body = failed_.body();
        if (const auto announced = announced_length();
            announced && *announced < body.size() &&
            tries(cause::length_differs,
                  "the first " + with_commas(*announced) + " bytes of the body, which has " +
                      with_commas(body.size()) + "; Content-Length is " + with_commas(*announced),
                  body.substr(0, *announced))) {
            return true;
        }
        const std::size_t last = body.find_last_not_of('\0');
        return tries(cause::length_differs, "the body without the NUL bytes at its end",
                     body.substr(0, last + 1));  // without any other byte: + 1 makes it 0
    }

    [[nodiscard]] bool find_characters() {
        constexpr std::string_view mark = "\xef\xbb\xbf";
        const std::string_view body = failed_.body();
        const auto written_anew = [&](std::string_view evidence, const auto& text) {
            return tries(cause::body_reserialised, evidence, text);
        };
        if (body.starts_with(mark)) {
            return written_anew("the body without the byte order mark before it",
                                body.substr(mark.size()));
        }
        return written_anew("the body with a byte order mark before it",
                            std::optional(std::string(mark).append(body))) ||
               written_anew(
                   "the body as it was before something read it as Latin-1 and wrote it "
                   "as UTF-8",
                   latin1_from_utf8(body)) ||
               written_anew("the body in UTF-8 in place of Latin-1", utf8_from_latin1(body));
    }

    // Forms with the payload in one field: some senders sign the form, some the field.
    [[nodiscard]] bool find_form() {
        constexpr std::string_view field = "payload=";
        const std::string_view body = failed_.body();
        if (body.starts_with(field)) {
            const auto value =
                percent_decoded(body.substr(field.size(), body.find('&') - field.size()), true);
            return tries(cause::body_reserialised, "the decoded value of the field `payload`",
                         std::optional(std::string(value.text())));
        }
        if (!body.starts_with('{')) return false;
        return tries(cause::body_reserialised, "a form with the body in its field `payload`",
                     std::optional(std::string(field) + form_encoded(body)));
    }

    [[nodiscard]] bool find_json() {
        using other = json_texts::other_characters;
        struct layout {
            std::string_view words;
            json_layout form;
        };
        struct texts {
            std::string_view words;
            json_texts form;
        };
        static constexpr layout layouts[] = {
            {"its white space as it is", {.as_it_is = true}},
            {"no white space between its tokens", {}},
            {"a space after each comma and colon", {", ", ": ", {}, false}},
            {"an indentation of 2 spaces", {",", ": ", "  ", false}},
            {"an indentation of 4 spaces", {",", ": ", "    ", false}},
            {"an indentation of tabs", {",", ": ", "\t", false}},
            {"a space after each colon", {",", ": ", {}, false}},
        };
        static constexpr texts spellings[] = {
            {"", {}},
            {", with \\/ for each slash", {other::as_they_are, true, false}},
            {", with characters in place of \\u and \\/ escapes", {other::plain, false, false}},
            {", with \\u escapes for all but ASCII", {other::escaped, false, false}},
            {", with \\u escapes for all but ASCII and \\/ for each slash",
             {other::escaped, true, false}},
            {", with \\u escapes for <, > and &", {other::plain, false, true}},
        };
        for (const texts& spelling : spellings) {
            for (const layout& each : layouts) {
                auto text = json_rewriter(each.form, spelling.form, failed_.most_bytes())
                                .rewrite(failed_.body());
                if (!text) continue;
                std::string words = "the JSON of the body with ";
                words.append(each.words).append(spelling.words);
                if (tries(cause::body_reserialised, words, text)) return true;
                if (!spelling.words.empty()) continue;
                words += " and a line break (LF) at its end";
                *text += '\n';
                if (tries(cause::body_reserialised, words, text)) return true;
            }
        }
        return false;
    }

    [[nodiscard]] std::optional<std::size_t> announced_length() const {
        const auto length = parse_digits(failed_.headers().value("Content-Length"), 15);
        return length ? std::optional(static_cast<std::size_t>(*length)) : std::nullopt;
    }

    failed_delivery& failed_;
    std::vector<likely_cause>& causes_;
    std::vector<std::size_t> tried_;  // hashes of bodies
};

}  // namespace webhookpp::detail

// <webhookpp/detail/explain_headers.hpp>
// Mistakes with headers: mixed families, other names, and signatures of other schemes.

namespace webhookpp::detail {

/// Looks for headers of one delivery that stand under other names than those that the scheme reads.
class header_mistakes {
public:
    header_mistakes(failed_delivery& failed, std::vector<likely_cause>& causes)
        : failed_(failed), causes_(causes) {}

    /// Adds that the headers of two sets of names were mixed. Returns whether they were, and match.
    [[nodiscard]] bool find_families() {
        const header_names* const roles[] = {&failed_.described().signature.header,
                                             &failed_.described().timestamp.header,
                                             &failed_.described().id.header};
        if (roles[0]->count != 2) return false;
        // Each bit of a choice is a role, and says from which set.
        for (std::size_t choice = 0; choice < 8; ++choice) {
            copied_headers headers = failed_.headers();
            std::string words;
            bool complete = true;
            for (std::size_t role = 0; role < 3; ++role) {
                const header_names& names = *roles[role];
                if (names.count != 2) continue;
                const std::string_view chosen = names[choice >> role & 1U];
                const std::string_view value = failed_.headers().value(chosen);
                complete = complete && !value.empty();
                words.append(words.empty() ? "" : " and ").append(chosen);
                headers.remove(names[1]);
                headers.set(names[0], value);
            }
            trial changed = failed_.as_it_is();
            changed.headers = &headers;
            if (!complete || !failed_.matches(changed)) continue;
            causes_.push_back({cause::families_mixed,
                               "the signature matches " + words +
                                   "; headers of both families are there, and only those of one "
                                   "are read"});
            return true;
        }
        return false;
    }

    /// Adds that the signature stands in a header of another name. Returns whether it matches.
    [[nodiscard]] bool find_other_name() {
        const scheme& described = failed_.described();
        if (described.signature.header.count == 0) return false;
        if (find_spelled_otherwise()) return true;
        if (failed_.headers().has(described.signature.header[0])) return false;
        std::size_t tried = 0;
        for (const auto& [name, value] : failed_.headers()) {
            if (value.size() < 20 || equal_names(name, described.signature.header[0]) ||
                ++tried > 16) {
                continue;
            }
            copied_headers headers = failed_.headers();
            headers.set(described.signature.header[0], value);
            trial changed = failed_.as_it_is();
            changed.headers = &headers;
            if (!failed_.matches(changed)) continue;
            causes_.push_back(
                {cause::other_scheme, "the signature is right, but stands in another header than " +
                                          std::string(described.signature.header[0]) +
                                          known_name(name, ": in ", "")});
            return true;
        }
        return false;
    }

    /// Adds that the delivery is genuine in the way of other schemes. Returns whether it is.
    [[nodiscard]] bool find_other_scheme() {
        std::string names;
        std::string_view header;
        for (const scheme* const other : schemes::all()) {
            if (other->name == failed_.described().name) continue;
            const auto keys = keys_for(*other);
            trial changed = failed_.as_it_is();
            changed.described = other;
            changed.keys = keys;
            if (!failed_.matches(changed)) continue;
            names.append(names.empty() ? "" : ", ").append(other->name);
            if (header.empty() && other->signature.header.count != 0) {
                header = other->signature.header[0];
            }
        }
        if (names.empty()) return false;
        std::string text = "the delivery is genuine in the way of " + names;
        text.append(header.empty() ? ": the token stands in the URL"
                                   : ": the proof stands in " + std::string(header));
        causes_.push_back({cause::other_scheme, std::move(text)});
        return true;
    }

    /// Adds what speaks for such a mistake although nothing matches.
    void find_traces() {
        const scheme& described = failed_.described();
        const header_names& wanted = described.signature.header;
        if (wanted.count == 2) find_parts_of_families();
        bool there = wanted.count == 0;
        for (std::size_t set = 0; set < wanted.count; ++set) {
            there = there || failed_.headers().has(wanted[set]);
        }
        if (there) return;
        std::string present;
        for (const scheme* const other : schemes::all()) {
            for (std::size_t set = 0; set < other->signature.header.count; ++set) {
                const std::string_view name = other->signature.header[set];
                if (!failed_.headers().has(name)) continue;
                if (present.empty()) {
                    present.append(name).append(" is there, which is read by ").append(other->name);
                } else if (present.starts_with(name) && present[name.size()] == ' ') {
                    present.append(", ").append(other->name);
                }
            }
        }
        if (!present.empty()) {
            present.append("; ").append(described.name).append(" reads ").append(wanted[0]);
            causes_.push_back({cause::other_scheme, std::move(present)});
            return;
        }
        for (const auto& [name, value] : failed_.headers()) {
            if (!is_similar(name, wanted[0])) continue;
            causes_.push_back({cause::other_scheme, "a header with a similar name is there; " +
                                                        std::string(described.name) + " reads " +
                                                        std::string(wanted[0])});
            return;
        }
    }

private:
    // Each name without what frameworks and gateways change in it: HTTP_X_HUB_SIGNATURE.
    static std::string bare(std::string_view name) {
        std::string letters;
        for (const char c : name) {
            if (c != '-' && c != '_') letters += fold_ascii(c);
        }
        std::string_view rest = letters;
        if (rest.starts_with("http")) rest.remove_prefix(4);
        if (rest.starts_with("x")) rest.remove_prefix(1);
        return std::string(rest);
    }

    static bool is_similar(std::string_view left, std::string_view right) {
        const std::string first = bare(left);
        const std::string second = bare(right);
        if (first.size() < 8 || second.size() < 8) return false;
        return first.starts_with(second) || second.starts_with(first);
    }

    // Names that no scheme has are not shown: whatever stands there.
    static std::string known_name(std::string_view name, std::string_view before,
                                  std::string_view after) {
        std::string words;
        for (const scheme* const each : schemes::all()) {
            for_each_name(*each, [&](std::string_view known) {
                if (words.empty() && equal_names(name, known)) {
                    words.append(before).append(known).append(after);
                }
            });
        }
        return words;
    }

    [[nodiscard]] bool find_spelled_otherwise() {
        copied_headers headers = failed_.headers();
        std::string_view renamed;
        for_each_name(failed_.described(), [&](std::string_view wanted) {
            if (failed_.headers().has(wanted)) return;
            for (const auto& [name, value] : failed_.headers()) {
                if (equal_names(name, wanted) || bare(name) != bare(wanted)) continue;
                headers.set(wanted, value);
                renamed = wanted;
                break;
            }
        });
        trial changed = failed_.as_it_is();
        changed.headers = &headers;
        if (renamed.empty() || !failed_.matches(changed)) return false;
        causes_.push_back({cause::other_scheme,
                           "the signature is right, but a header stands under another spelling "
                           "than " +
                               std::string(renamed) +
                               ": with underscores, another prefix or without one"});
        return true;
    }

    void find_parts_of_families() {
        const scheme& described = failed_.described();
        std::string words;
        bool seen[2] = {false, false};
        bool whole = false;
        for (std::size_t set = 0; set < 2; ++set) {
            bool complete = true;
            for (const header_names* const each :
                 {&described.id.header, &described.timestamp.header, &described.signature.header}) {
                if (each->count != 2) continue;
                const bool there = failed_.headers().has((*each)[set]);
                complete = complete && there;
                if (!there) continue;
                seen[set] = true;
                words.append(words.empty() ? "" : ", ").append((*each)[set]);
            }
            whole = whole || complete;
        }
        if (!seen[0] || !seen[1] || whole) return;
        causes_.push_back(
            {cause::families_mixed,
             "headers of both families are there, and neither is complete: " + words});
    }

    [[nodiscard]] std::vector<key> keys_for(const scheme& other) const {
        std::vector<key> keys;
        for (const configured_key& each : failed_.keys()) {
            const auto text = key::try_from_text(without_surroundings(each.text.text()));
            if (text && failed_.is_key_of(other, *text)) {
                keys.push_back(*text);
            } else if (each.made && failed_.is_key_of(other, *each.made)) {
                keys.push_back(*each.made);
            }
        }
        return keys;
    }

    failed_delivery& failed_;
    std::vector<likely_cause>& causes_;
};

}  // namespace webhookpp::detail

// <webhookpp/detail/key_readings.hpp>
// Other ways to read the text of a key than the one that its scheme prescribes.

namespace webhookpp::detail {

/// What a text is read as; nothing if it cannot be read so.
using key_bytes = std::optional<crypto::secret_bytes>;

/// Another way to read the text of a key, and what it says about the sender if it is right.
struct key_reading {
    cause which;
    std::string_view evidence;
    key_bytes (*read)(std::string_view text);
};

/// What the HMAC key may be that a text stands for.
inline constexpr key_reading secret_readings[] = {
    {cause::key_form,
     "the signature was made with the text of the key, not with what it stands for",
     [](std::string_view text) -> key_bytes { return joined({}, without_surroundings(text)); }},
    {cause::key_form,
     "the signature was made with what the base64 of the key stands for, not with its text",
     [](std::string_view text) { return any_base64(without_surroundings(text)); }},
    {cause::key_form,
     "the signature was made with what the hex of the key stands for, not with its text",
     [](std::string_view text) { return any_hex(without_surroundings(text)); }},
    {cause::key_form,
     "the signature was made with what the base64 after the prefix of the key stands for",
     [](std::string_view text) { return any_base64(without_whsec(without_surroundings(text))); }},
    {cause::key_form, "the signature was made with the text after the prefix of the key",
     [](std::string_view text) -> key_bytes {
         return joined({}, without_whsec(without_surroundings(text)));
     }},
    {cause::key_form, "the signature was made with the text of the key with its prefix whsec_",
     [](std::string_view text) -> key_bytes {
         return joined("whsec_", without_whsec(without_surroundings(text)));
     }},
    {cause::key_form, "the signature was made with the base64 of the key as text",
     [](std::string_view text) -> key_bytes { return in_base64(without_surroundings(text)); }},
    {cause::key_form, "the signature was made with whsec_ and the base64 of the key as text",
     [](std::string_view text) -> key_bytes {
         const auto encoded = in_base64(without_surroundings(text));
         return joined("whsec_", encoded.text());
     }},
    {cause::key_form, "the signature was made with the hex of the key as text",
     [](std::string_view text) -> key_bytes { return in_hex(without_surroundings(text)); }},
    {cause::key_whitespace, "the sender signs with a line break (LF) at the end of the key",
     [](std::string_view text) -> key_bytes { return joined(text, "\n"); }},
    {cause::key_whitespace, "the sender signs with a line break (CRLF) at the end of the key",
     [](std::string_view text) -> key_bytes { return joined(text, "\r\n"); }},
    {cause::key_whitespace, "the sender signs with a space at the end of the key",
     [](std::string_view text) -> key_bytes { return joined(text, " "); }},
    {cause::key_whitespace, "the sender signs with a space before the key",
     [](std::string_view text) -> key_bytes { return joined(" ", text); }},
    {cause::key_whitespace,
     "the sender signs with the white space or the quotes that stand around the key",
     [](std::string_view text) -> key_bytes { return joined({}, text); }},
};

/// What the text of a token may have been meant to be.
inline constexpr key_reading token_readings[] = {
    {cause::key_form, "the token that was sent is the key without a word such as Bearer before it",
     [](std::string_view text) -> key_bytes {
         const std::size_t space = without_surroundings(text).rfind(' ');
         if (space == std::string_view::npos) return std::nullopt;
         return joined({}, without_surroundings(text).substr(space + 1));
     }},
    {cause::key_form, "the token that was sent is what the base64 of the key stands for",
     [](std::string_view text) { return any_base64(without_surroundings(text)); }},
    {cause::key_form, "the token that was sent is the base64 of the key",
     [](std::string_view text) -> key_bytes { return in_base64(without_surroundings(text)); }},
    {cause::key_form, "what was sent are the credentials that the base64 after Basic stands for",
     [](std::string_view text) {
         const auto trimmed = without_surroundings(text);
         return any_base64(trimmed.substr(trimmed.rfind(' ') + 1));
     }},
};

}  // namespace webhookpp::detail

// <webhookpp/detail/explain_key.hpp>
// Mistakes with keys: white space around them, and texts that are read in another form.

namespace webhookpp::detail {

/// Looks for mistakes with the keys of one delivery.
class key_mistakes {
public:
    key_mistakes(failed_delivery& failed, std::vector<likely_cause>& causes)
        : failed_(failed), causes_(causes) {}

    /// Adds what set-up refuses, and what the sender used in place of a key. Returns whether a
    /// signature matched.
    [[nodiscard]] bool find() {
        const bool matched = find_surroundings() || find_reading() || find_form();
        for (std::size_t i = 0; i < failed_.keys().size(); ++i) {
            const auto& refusal = failed_.keys()[i].refusal;
            // Found already, where something matched.
            if (!refusal || (matched && i == matched_)) continue;
            causes_.push_back({is_white_space(i) ? cause::key_whitespace : cause::key_form,
                               failed_.key_label(i) + "refused at set-up: " + text_of(*refusal)});
        }
        if (!matched) find_wrong_kind();
        return matched;
    }

private:
    static std::string text_of(const error& refusal) {
        std::string text(name(refusal.code));
        if (!refusal.where.empty()) text.append(": ").append(refusal.where);
        return text;
    }

    [[nodiscard]] bool is_white_space(std::size_t i) const {
        const auto& each = failed_.keys()[i];
        return each.repaired || (each.refusal && each.refusal->code == errc::key_whitespace);
    }

    void add(cause which, std::size_t index, std::string_view evidence) {
        matched_ = index;
        std::string text = failed_.key_label(index).append(evidence);
        if (const auto& refusal = failed_.keys()[index].refusal; refusal) {
            text.append(" (set-up says ").append(text_of(*refusal)).append(")");
        }
        causes_.push_back({which, std::move(text)});
    }

    // Tries keys made by `make`, which gives nothing or a key for each that is configured.
    template <class Make>
    [[nodiscard]] bool tries(const scheme& described, cause which, std::string_view evidence,
                             Make make) {
        std::vector<key> keys;
        std::vector<std::size_t> places;
        for (std::size_t i = 0; i < failed_.keys().size(); ++i) {
            const std::string_view text = failed_.keys()[i].text.text();
            const std::optional<key> made = make(text);
            if (!made || !failed_.is_key_of(described, *made)) continue;
            keys.push_back(*made);
            places.push_back(i);
        }
        trial changed = failed_.as_it_is();
        changed.described = &described;
        changed.keys = keys;
        if (!failed_.matches(changed)) return false;
        add(which, places[failed_.key_index()], evidence);
        return true;
    }

    [[nodiscard]] secret_length lengths() const { return failed_.options().secrets; }

    static std::optional<key> made_of(const result<key>& made) {
        return made ? std::optional(*made) : std::nullopt;
    }

    [[nodiscard]] bool find_surroundings() {
        return tries(failed_.described(), cause::key_whitespace,
                     "white space or quotes stand around the key; without them the delivery is "
                     "genuine",
                     [](std::string_view text) -> std::optional<key> {
                         const auto inner = without_surroundings(text);
                         if (inner.size() == text.size()) return std::nullopt;
                         return made_of(key::try_from_text(inner));
                     });
    }

    [[nodiscard]] bool find_reading() {
        const bool shows_token = failed_.described().algorithm == algorithm::token;
        scheme in_text = failed_.described();
        if (!shows_token) in_text.key = key_form::text;
        const auto readings = shows_token ? std::span<const key_reading>(token_readings)
                                          : std::span<const key_reading>(secret_readings);
        if (!shows_token && !uses_secrets()) return false;
        for (const key_reading& each : readings) {
            const auto make = [&](std::string_view text) -> std::optional<key> {
                const key_bytes bytes = each.read(text);
                if (!bytes || (shows_token && bytes->text() == text)) return std::nullopt;
                return made_of(key::try_from_bytes(bytes->view()));
            };
            if (tries(in_text, each.which, each.evidence, make)) return true;
        }
        return false;
    }

    // Public keys in another encoding, or in PEM.
    [[nodiscard]] bool find_form() {
        if (!failed_.described().uses_key_pairs()) return false;
        constexpr std::pair<key_form, std::string_view> forms[] = {
            {key_form::ed25519_hex, "the key is written in hex, which the scheme does not want"},
            {key_form::ed25519_base64,
             "the key is written in base64 without a prefix or in PEM, which the scheme does not "
             "want"},
            {key_form::p256_base64, "the key is written in PEM: leave out its first and last line"},
            {key_form::standard_webhooks,
             "the key is written with a prefix, which the scheme does not want"},
        };
        for (const auto& [form, evidence] : forms) {
            scheme other = failed_.described();
            other.key = form;
            const auto make = [](std::string_view text) {
                const auto trimmed = without_surroundings(text);
                const auto inner = without_pem(trimmed);
                return made_of(key::try_from_text(inner.view().empty() ? trimmed : inner.text()));
            };
            if (tries(other, cause::key_form, evidence, make)) return true;
        }
        return false;
    }

    [[nodiscard]] bool uses_secrets() const {
        const scheme& described = failed_.described();
        return described.uses(algorithm::hmac_sha1) || described.uses(algorithm::hmac_sha256) ||
               described.uses(algorithm::hmac_sha512);
    }

    // Signatures that no configured key could have made, whatever it is.
    void find_wrong_kind() {
        const scheme& described = failed_.described();
        bool can[2] = {false, false};
        bool sent[2] = {false, false};
        for (const key& each : failed_.as_it_is().keys) {
            const auto read = each.read_as(described.key, lengths());
            if (read) can[read->which() == key::kind::secret ? 0 : 1] = true;
        }
        for (const signature_version& version : described.signature.versions) {
            if (version.label.empty()) continue;
            const std::string label = std::string(version.label) + ',';
            for (std::size_t set = 0; set < described.signature.header.count; ++set) {
                const auto value = failed_.headers().value(described.signature.header[set]);
                if (value.starts_with(label) || value.find(' ' + label) != std::string_view::npos) {
                    sent[is_hmac(version.algorithm) ? 0 : 1] = true;
                }
            }
        }
        if (sent[0] && !sent[1] && can[1] && !can[0]) {
            causes_.push_back({cause::key_form,
                               "the delivery is signed with a shared secret, and only public keys "
                               "are configured"});
        }
        if (sent[1] && !sent[0] && can[0] && !can[1]) {
            causes_.push_back({cause::key_form,
                               "the delivery is signed with a key pair, and only shared secrets "
                               "are configured"});
        }
    }

    failed_delivery& failed_;
    std::vector<likely_cause>& causes_;
    std::size_t matched_ = 0;
};

}  // namespace webhookpp::detail

// <webhookpp/sign.hpp>
// Signs as a provider would: for tests, and for programs that send webhooks.

namespace webhookpp {

/// What is to be signed.
struct unsigned_message {
    std::string_view id = {};    ///< 1 to 256 visible ASCII characters without a dot
    std::int64_t timestamp = 0;  ///< of sending, in Unix seconds: 0 to 253,402,300,799
    std::string_view body = {};  ///< exactly as it will be sent

    /// Of the endpoint, as the receiver has it in `verifier_options::url`. Needed where the scheme
    /// signs it, or where the token stands in it: there it has none yet, and no fragment.
    std::string_view url = {};

    std::string_view method = "POST";  ///< of the request, where the scheme signs it

    /// Whether the body is a form, where the scheme signs forms and other bodies differently.
    bool form_body = true;

    std::string_view event_type = {};  ///< for schemes that send it in a header; may be empty

    /// Under which set of names the headers are sent: 0 for `webhook-*`, 1 for `svix-*`.
    std::size_t header_set = 0;
};

/// The headers of a signed delivery, names and values: a header source.
using signed_headers = std::vector<std::pair<std::string, std::string>>;

/// What to send with the body.
struct signed_request {
    signed_headers headers = {};  ///< to be sent beside those of HTTP itself

    /// The URL to call: that of the message, with what the scheme wants in it added: a token, or
    /// the digest of a body that is no form.
    std::string url = {};
};

namespace detail {

// The bytes of a signature.
struct raw_signature {
    algorithm made_by = algorithm::hmac_sha256;
    std::size_t size = 0;
    unsigned char bytes[signature_limit] = {};
};

[[nodiscard]] inline result<raw_signature> sign_bytes(const scheme& described, const key& with,
                                                      crypto::bytes message) {
    raw_signature made;
    switch (with.which()) {
        case key::kind::secret: {
            made.made_by = described.algorithm.value_or(algorithm::hmac_sha256);
            const auto prepared = crypto::hmac_key::create(with.bytes(), hash_of(made.made_by));
            if (!prepared) return unexpected(prepared.error());
            const bool good =
                prepared->compute(crypto::digest_context(), std::span(&message, 1), made.bytes);
            made.size = good ? prepared->size() : 0;
            break;
        }
        case key::kind::ed25519_signing_key: {
            made.made_by = algorithm::ed25519;
            const auto prepared = crypto::ed25519_signing_key::create(with.bytes());
            if (!prepared) return unexpected(prepared.error());
            const auto room = std::span(made.bytes).first<crypto::ed25519_signature_size>();
            made.size = prepared->sign(message, room) ? room.size() : 0;
            break;
        }
        case key::kind::p256_signing_key: {
            made.made_by = algorithm::ecdsa_p256;
            const auto prepared = crypto::ecdsa_p256_signing_key::create(with.bytes());
            if (!prepared) return unexpected(prepared.error());
            made.size = prepared->sign(message, made.bytes);
            break;
        }
        case key::kind::ed25519_public_key:
        case key::kind::p256_public_key:
        case key::kind::configured_text:
            return unexpected(
                errc::key_wrong_prefix,
                "a public key (whpk_) cannot sign: sign with its signing key (whsk_)");
    }
    if (!described.uses(made.made_by)) {
        return unexpected(errc::key_wrong_prefix,
                          "the scheme has no signatures that this kind of key makes");
    }
    if (made.size == 0) return unexpected(errc::internal_error, "signature");
    return made;
}

[[nodiscard]] inline std::string encoded(encoding form, std::span<const unsigned char> bytes) {
    std::string text(2 * bytes.size() + 4, '\0');
    switch (form) {
        case encoding::hex:
            crypto::hex_encode(bytes, text);
            text.resize(2 * bytes.size());
            break;
        case encoding::base64url: text.resize(crypto::base64url_encode(bytes, text)); break;
        case encoding::base64:
            crypto::base64_encode(bytes, text);
            text.resize(crypto::base64_encoded_size(bytes.size()));
            break;
        case encoding::plain:
            text.assign(reinterpret_cast<const char*>(bytes.data()), bytes.size());
            break;
    }
    return text;
}

// One signature as it stands in the header, with what the scheme puts before it.
[[nodiscard]] inline std::string signature_element(const signature_source& source,
                                                   const raw_signature& made) {
    const std::string text = encoded(source.encoding, std::span(made.bytes).first(made.size));
    if (!source.pairs.name.empty()) return std::string(source.pairs.name) + '=' + text;
    for (const signature_version& version : source.versions) {
        if (version.label.empty() || version.algorithm != made.made_by) continue;
        return std::string(version.label) + ',' + text;
    }
    return std::string(source.prefix) + text;
}

// What each key adds to the signature header.
[[nodiscard]] inline result<std::string> signature_value(const scheme& described,
                                                         std::span<const key> keys,
                                                         std::string_view message,
                                                         std::string_view timestamp) {
    const signature_source& source = described.signature;
    std::string value;
    if (!described.timestamp.element.empty()) {
        value.append(described.timestamp.element).append(1, '=').append(timestamp);
    }
    for (const key& each : keys) {
        const auto read = each.read_as(described.key, secret_length::usual, key_use::sign);
        if (!read) return unexpected(read.error());
        if (!value.empty()) value += source.pairs.name.empty() ? ' ' : source.pairs.separator;
        const auto made = sign_bytes(described, *read, crypto::as_bytes(message));
        if (!made) return unexpected(made.error());
        value += signature_element(source, *made);
    }
    return value;
}

// The token that stands for `with`.
[[nodiscard]] inline result<crypto::secret_bytes> token_of(const scheme& described,
                                                           const key& with) {
    const auto read = with.read_as(described.key, secret_length::usual, key_use::sign);
    if (!read) return unexpected(read.error());
    return sent_token(described.signature, *read);
}

// `parts` one behind the other, of which one is a token. On the heap, however short, and without
// growing: where a text is moved or grows, the string leaves its bytes behind.
[[nodiscard]] inline std::string text_with_token(std::initializer_list<std::string_view> parts) {
    std::size_t size = 64;  // more than there is room for in a string itself
    for (const std::string_view part : parts) size += part.size();
    std::string text;
    text.reserve(size);
    for (const std::string_view part : parts) text.append(part);
    return text;
}

// `url` with `token` where a receiver looks for it. The URL has no fragment and no other token.
[[nodiscard]] inline std::string url_with_token(const signature_source& source,
                                                std::string_view url, std::string_view token) {
    const std::string_view path = url.substr(0, url.find('?'));
    const std::string_view query = url.substr(path.size());
    if (source.end_of_path) {
        return text_with_token({path, path.ends_with('/') ? "" : "/", token, query});
    }
    return text_with_token({url, query.empty() ? "?" : "&", source.query, "=", token});
}

// `url` with the digest of a body that is no form, in place of one that stands there already.
[[nodiscard]] inline result<std::string> url_with_digest(const scheme& described,
                                                         const unsigned_message& message) {
    unsigned char digest[crypto::sha256_size] = {};
    if (!crypto::sha256(crypto::digest_context(), crypto::as_bytes(message.body), digest)) {
        return unexpected(errc::internal_error, "SHA-256");
    }
    const std::string text = encoded(encoding::hex, digest);
    const std::string name(described.form.body_digest);
    std::string url(message.url);
    const auto present = query_member(target_of(message.url), name);
    if (!present.empty()) {
        const auto at = static_cast<std::size_t>(present.data() - message.url.data());
        return url.replace(at, present.size(), text);
    }
    return url.append(url.find('?') == std::string::npos ? "?" : "&").append(name + '=' + text);
}

// Whether a receiver would find the token that signing adds to `url`, and no other.
[[nodiscard]] inline result<void> check_url_for_token(const signature_source& source,
                                                      std::string_view url) {
    if (url.find('#') != std::string_view::npos) {
        return unexpected(errc::invalid_url,
                          "the .url has a fragment (#), which is never sent: leave it out");
    }
    if (source.end_of_path) return {};
    // Two that differ are an error of their own, and tokens as well.
    const auto present = token_in(source, target_of(url));
    if (present || present.error().code != errc::missing_header) {
        return unexpected(errc::invalid_url,
                          "the .url has a token already: leave it out, signing adds the key's");
    }
    return {};
}

// Whether a receiver with the usual limits reads the target of `url`, which is the one to call.
[[nodiscard]] inline result<void> check_target_size(const scheme& described, std::string_view url) {
    if (described.reads_target() && target_of(url).size() > limits().query) {
        return unexpected(errc::invalid_url,
                          "path and query would have more than 8,192 bytes, with what signing "
                          "adds, and be refused: shorten the .url");
    }
    return {};
}

// How many signatures a delivery has room for.
[[nodiscard]] constexpr std::size_t most_signatures(const scheme& described) noexcept {
    if (!described.algorithm || !described.signature.pairs.name.empty()) {
        return signature_tokens::max_tokens;
    }
    return described.signature.second_header.empty() ? 1 : 2;
}

// Whether `message` can be sent in this way with so many keys.
[[nodiscard]] inline result<void> check_message(const scheme& described,
                                                const unsigned_message& message, std::size_t set,
                                                std::string_view timestamp, std::size_t keys) {
    const bool id_is_signed = described.signs(content_part::kind::id);
    if ((id_is_signed && message.id.empty()) || !is_valid_id(message.id, !id_is_signed)) {
        return unexpected(errc::invalid_id, described.id.header[set]);
    }
    if (described.has_timestamp() && !parse_sent_time(described, timestamp)) {
        return unexpected(errc::invalid_timestamp, "the .timestamp is out of range");
    }
    const bool token_in_url = described.signature.in_target();
    if (token_in_url || described.signs(content_part::kind::url)) {
        if (auto good = check_endpoint_url(message.url); !good) return good;
    }
    if (token_in_url) {
        if (auto good = check_url_for_token(described.signature, message.url); !good) return good;
    }
    if (keys == 0) return unexpected(errc::empty_key, "signing needs at least one key");
    if (keys > most_signatures(described)) {
        return unexpected(errc::too_many_keys,
                          "a delivery of this scheme has no room for so many signatures: one, two "
                          "where there are two headers, 16 in a list");
    }
    if (!is_valid_event_type(message.event_type)) {
        return unexpected(errc::invalid_header,
                          "the .event_type has more than 128 characters or others than visible "
                          "ASCII ones");
    }
    return {};
}

}  // namespace detail

/// Signs `message` as `described` says, once with each of `keys`: several, where the scheme lists
/// signatures, while a receiver changes from one to the next. Where the scheme wants a token, adds
/// the token, which is the key.
///
/// Returns what to send with the body. Errors: `empty_key` when there are no keys, `too_many_keys`
/// where there is no room for as many signatures, `key_wrong_prefix` for a public key, the other
/// errors of `key`; `invalid_id`, `invalid_timestamp`, `invalid_header` for the event type, or
/// `invalid_url` when no verifier would accept them, the URL also where it has a token already, or
/// with what is added to it more than the 8 KiB that verifiers accept by default; `internal_error`
/// when OpenSSL fails.
[[nodiscard]] inline result<signed_request> sign(const scheme& described, std::span<const key> keys,
                                                 const unsigned_message& message) {
    const signature_source& source = described.signature;
    const std::size_t sets = source.header.count;
    const std::size_t set = message.header_set < sets || sets == 0 ? message.header_set : sets - 1;
    const std::string timestamp = detail::sent_time_text(described, message.timestamp);
    const auto good = detail::check_message(described, message, set, timestamp, keys.size());
    if (!good) return unexpected(good.error());

    signed_request made;
    made.url = message.url;
    if (!described.form.body_digest.empty() && !message.form_body) {
        auto url = detail::url_with_digest(described, message);
        if (!url) return unexpected(url.error());
        made.url = *std::move(url);
    }
    detail::byte_buffer<512> bytes;
    const auto joined = detail::join_message(bytes, described,
                                             {.id = message.id,
                                              .timestamp = timestamp,
                                              .body = message.body,
                                              .url = made.url,
                                              .method = message.method,
                                              .target = target_of(made.url)},
                                             false, crypto::digest_context());
    if (!joined) return unexpected(joined.error());

    if (source.in_target()) {
        const auto token = detail::token_of(described, keys.front());
        if (!token) return unexpected(token.error());
        made.url = detail::url_with_token(source, message.url, token->text());
    }
    if (const auto fits = detail::check_target_size(described, made.url); !fits) {
        crypto::wipe({reinterpret_cast<unsigned char*>(made.url.data()), made.url.size()});
        return unexpected(fits.error());
    }
    if (source.in_target()) return made;
    const auto add = [&](const header_names& header, std::string value) {
        if (header.count > 0 && !value.empty()) {
            made.headers.emplace_back(header[set], std::move(value));
        }
    };
    add(described.id.header, std::string(message.id));
    add(described.timestamp.header, timestamp);
    if (!described.event_type.header.empty() && !message.event_type.empty()) {
        made.headers.emplace_back(described.event_type.header, message.event_type);
    }
    if (described.algorithm == algorithm::token) {
        const auto token = detail::token_of(described, keys.front());
        if (!token) return unexpected(token.error());
        made.headers.emplace_back(source.header[set], std::string()).second =
            detail::text_with_token({source.word, source.word.empty() ? "" : " ", token->text()});
        return made;
    }
    // Where there are two headers, each has the signature of one key.
    const std::size_t first = source.second_header.empty() ? keys.size() : 1;
    auto signature = detail::signature_value(described, keys.first(first), bytes.view(), timestamp);
    if (!signature) return unexpected(signature.error());
    if (!source.word.empty()) signature->insert(0, 1, ' ').insert(0, source.word);
    add(source.header, *std::move(signature));
    if (first < keys.size()) {
        auto second =
            detail::signature_value(described, keys.subspan(first, 1), bytes.view(), timestamp);
        if (!second) return unexpected(second.error());
        made.headers.emplace_back(source.second_header, *std::move(second));
    }
    return made;
}
[[nodiscard]] inline result<signed_request> sign(const scheme& described, const key& with,
                                                 const unsigned_message& message) {
    return sign(described, std::span(&with, 1), message);
}

}  // namespace webhookpp

// <webhookpp/detail/signature_spelling.hpp>
// Signatures in any of the ways in which they are written, rewritten as a scheme wants them.

namespace webhookpp::detail {

/// What an encoding is called.
[[nodiscard]] constexpr std::string_view encoding_name(encoding which) noexcept {
    switch (which) {
        case encoding::base64: return "base64";
        case encoding::base64url: return "unpadded base64url";
        case encoding::hex: return "lower-case hex";
        case encoding::plain: break;
    }
    return "plain text";
}

/// Rewrites the value of a signature header, signature by signature.
class signature_speller {
public:
    explicit signature_speller(const scheme& described) : scheme_(described) {}

    /// `value` with each signature as the scheme wants it; those that nothing can be made of stay.
    [[nodiscard]] std::string rewrite(std::string_view value) {
        const signature_source& source = scheme_.signature;
        value = unquoted(value);
        if (!source.pairs.name.empty()) {
            return rewrite_list(value, source.pairs.separator,
                                [this](std::string_view each) { return rewrite_pair(each); });
        }
        if (!scheme_.algorithm) {
            const std::string list = with_single_spaces(value);
            return rewrite_list(list, ' ',
                                [this](std::string_view each) { return rewrite_version(each); });
        }
        return rewrite_only(value);
    }

    /// What was wrong with the last signature that was rewritten, in words.
    [[nodiscard]] const std::string& fault() const noexcept { return fault_; }

private:
    // Texts that stand before signatures of one scheme or another.
    static constexpr std::string_view prefixes[] = {
        "hmac-sha256=", "sha256=", "sha512=", "sha1=", "hmac ", "v0=", "v1=", "v1,"};

    [[nodiscard]] std::string_view unquoted(std::string_view text) {
        const std::string_view inner = without_surroundings(text);
        if (inner.size() != text.size()) fault_ = "there are quotes around the signature";
        return inner;
    }

    // Lists are also written with commas and tabs, which proxies put between joined headers.
    [[nodiscard]] std::string with_single_spaces(std::string_view list) {
        std::string spaced(list);
        for (const std::string_view other : {"\t", ", ", "  "}) {
            if (auto changed = replaced(spaced, other, " "); changed) spaced = *std::move(changed);
        }
        if (spaced.ends_with(',')) spaced.pop_back();
        if (spaced != list) fault_ = "the signatures are not separated by single spaces";
        return spaced;
    }

    template <class Rewrite>
    [[nodiscard]] static std::string rewrite_list(std::string_view value, char separator,
                                                  Rewrite rewrite) {
        std::string list;
        for (;;) {
            const std::size_t end = value.find(separator);
            list += rewrite(value.substr(0, end));
            if (end == std::string_view::npos) return list;
            list += separator;
            value.remove_prefix(end + 1);
        }
    }

    [[nodiscard]] std::string rewrite_pair(std::string_view element) {
        const std::string_view name = trim_blanks(element.substr(0, element.find('=')));
        if (name == scheme_.timestamp.element && !name.empty()) return std::string(element);
        if (name != scheme_.signature.pairs.name || element.find('=') == std::string_view::npos) {
            // All that stands there may be a signature.
            const auto text = spelled(trim_blanks(element), *scheme_.algorithm);
            if (!text) return std::string(element);
            fault_ = "the signature stands without the name `" +
                     std::string(scheme_.signature.pairs.name) + "=` before it";
            return std::string(scheme_.signature.pairs.name) + '=' + *text;
        }
        const auto text =
            spelled(trim_blanks(element.substr(element.find('=') + 1)), *scheme_.algorithm);
        return text ? std::string(name) + '=' + *text : std::string(element);
    }

    [[nodiscard]] std::string rewrite_version(std::string_view token) {
        for (const signature_version& version : scheme_.signature.versions) {
            if (version.label.empty()) continue;
            std::string_view rest = token;
            const bool labelled =
                token.starts_with(version.label) && token.size() > version.label.size() &&
                (token[version.label.size()] == ',' || token[version.label.size()] == '=');
            if (labelled) rest.remove_prefix(version.label.size() + 1);
            const auto text = spelled(rest, version.algorithm);
            if (!text) continue;
            const std::string label = std::string(version.label) + ',';
            if (!token.starts_with(label)) {
                fault_ = "the signature stands without the version `" + label + "` before it";
            }
            return label + *text;
        }
        return std::string(token);
    }

    [[nodiscard]] std::string rewrite_only(std::string_view value) {
        const signature_source& source = scheme_.signature;
        const std::string word = source.word.empty() ? "" : std::string(source.word) + ' ';
        std::string_view rest = after_word(value, source.word).value_or(value);
        bool good = rest.starts_with(source.prefix);
        if (good) rest.remove_prefix(source.prefix.size());
        auto text = spelled(rest, *scheme_.algorithm);
        for (const std::string_view prefix : prefixes) {
            if (text || !equal_names(rest.substr(0, prefix.size()), prefix)) continue;
            text = spelled(rest.substr(prefix.size()), *scheme_.algorithm);
            good = false;
        }
        if (!text) return std::string(value);
        if (!good && !source.prefix.empty()) {
            fault_ = "the signature stands without the prefix `" + std::string(source.prefix) +
                     "` before it";
        } else if (!good) {
            fault_ = "a prefix stands before the signature";
        }
        return word + std::string(source.prefix) + *text;
    }

    // `text` in the encoding of the scheme.
    [[nodiscard]] std::optional<std::string> spelled(std::string_view text, algorithm made_by) {
        const auto decoded = percent_decoded(text, false);
        const bool escaped = decoded.text() != text;
        text = decoded.text();
        const std::size_t size = signature_size(made_by);
        const auto right = [&](const std::optional<crypto::secret_bytes>& bytes) {
            return bytes && !bytes->view().empty() && (size == 0 || bytes->view().size() == size);
        };
        const bool upper = text.find_first_of("ABCDEF") != std::string_view::npos;
        std::string_view how = upper ? "hex with upper-case letters" : "lower-case hex";
        auto bytes = any_hex(text);
        if (!right(bytes)) {
            bytes = any_base64(text);
            how = name_of_base64(text);
            if (bytes && size != 0 && bytes->view().size() == 2 * size) {
                bytes = any_hex(std::string(bytes->text()));
                how = "base64 of its hex";
            }
        }
        if (!right(bytes)) return std::nullopt;
        std::string made = encoded(scheme_.signature.encoding, bytes->view());
        if (made != text) {
            fault_ = "the signature is written in ";
            fault_.append(how).append(", the scheme wants ");
            fault_.append(encoding_name(scheme_.signature.encoding));
        } else if (escaped) {
            fault_ = "the signature is percent-encoded";
        }
        return made;
    }

    static std::string_view name_of_base64(std::string_view text) noexcept {
        const bool of_urls = text.find_first_of("-_") != std::string_view::npos;
        const bool padded = text.size() % 4 == 0;
        if (of_urls) return padded && text.ends_with('=') ? "padded base64url" : "base64url";
        return padded ? "base64" : "base64 without padding";
    }

    const scheme& scheme_;
    std::string fault_;
};

}  // namespace webhookpp::detail

// <webhookpp/detail/explain_signature.hpp>
// Signatures that are right but written in another way, and times in another unit.

namespace webhookpp::detail {

/// Adds that the signature is written in another way than the scheme wants. Returns whether it is.
[[nodiscard]] inline bool find_spelling(failed_delivery& failed,
                                        std::vector<likely_cause>& causes) {
    const scheme& described = failed.described();
    if (described.algorithm == algorithm::token) return false;
    copied_headers headers = failed.headers();
    signature_speller speller(described);
    bool rewritten = false;
    const auto rewrite = [&](std::string_view name) {
        const std::string value(failed.headers().value(name));
        if (value.empty()) return;
        const std::string spelled = speller.rewrite(value);
        rewritten = rewritten || spelled != value;
        headers.set(name, spelled);
    };
    for (std::size_t set = 0; set < described.signature.header.count; ++set) {
        rewrite(described.signature.header[set]);
    }
    if (!described.signature.second_header.empty()) rewrite(described.signature.second_header);
    trial changed = failed.as_it_is();
    changed.headers = &headers;
    if (!rewritten || !failed.matches(changed)) return false;
    causes.push_back({cause::encoding, speller.fault()});
    return true;
}

/// What a format of times is called.
[[nodiscard]] constexpr std::string_view format_name(time_format which) noexcept {
    switch (which) {
        case time_format::seconds: return "seconds";
        case time_format::milliseconds: return "milliseconds";
        case time_format::rfc3339: break;
    }
    return "RFC 3339";
}

/// How far `sent` is from `now`, in words, if that is more than `allowed`; nothing otherwise.
[[nodiscard]] inline std::string age_in_words(std::int64_t sent, std::int64_t now,
                                              const tolerance& allowed) {
    if (check_age(sent, now, allowed)) return {};
    const bool old = sent <= now;
    const auto from = static_cast<std::uint64_t>(old ? sent : now);
    const auto difference = static_cast<std::uint64_t>(old ? now : sent) - from;
    const std::int64_t most = old ? allowed.past.count() : allowed.future.count();
    std::string words = with_commas(difference);
    words.append(old ? " s old" : " s in the future").append("; the limit is ");
    words.append(with_commas(static_cast<std::uint64_t>(most < 0 ? 0 : most))).append(" s");
    constexpr std::uint64_t half_hour = 1800;  // between two time zones, at the least
    constexpr std::uint64_t most_apart = 28 * half_hour;
    constexpr std::uint64_t margin = 30;
    if (check_age(sent, now / 1000, allowed)) {
        words += ": the receiver's clock is in milliseconds";
    } else if (difference <= most_apart + margin && difference + margin >= half_hour &&
               (difference + margin) % half_hour <= 2 * margin) {
        words += ": about as far as two time zones are apart";
    }
    return words;
}

/// Adds that a delivery whose signature is right is too old or too new.
inline void find_age(const failed_delivery& failed, std::vector<likely_cause>& causes) {
    if (!failed.sent()) return;
    const auto allowed = failed.options().tolerance.value_or(failed.described().tolerance);
    const std::string age = age_in_words(*failed.sent(), failed.now(), allowed);
    if (!age.empty()) causes.push_back({cause::clock_skew, "valid, but " + age});
}

/// Adds that the timestamp is written in another form than the scheme wants. Returns whether the
/// signature matches with it.
[[nodiscard]] inline bool find_format(failed_delivery& failed, std::vector<likely_cause>& causes) {
    const scheme& described = failed.described();
    if (!described.has_timestamp()) return false;
    const auto allowed = failed.options().tolerance.value_or(described.tolerance);
    for (const time_format format :
         {time_format::milliseconds, time_format::seconds, time_format::rfc3339}) {
        if (format == described.timestamp.format) continue;
        scheme other = described;
        other.timestamp.format = format;
        trial changed = failed.as_it_is();
        changed.described = &other;
        // A number has both forms: the one that is not out of date is meant.
        if (!failed.matches(changed) ||
            (format != time_format::rfc3339 && !check_age(*failed.sent(), failed.now(), allowed) &&
             failed.matches(failed.as_it_is()))) {
            continue;
        }
        std::string text = "valid, but its timestamp is in ";
        text.append(format_name(format)).append(", the scheme wants ");
        text.append(format_name(described.timestamp.format));
        const std::string age = age_in_words(*failed.sent(), failed.now(), allowed);
        if (!age.empty()) text.append("; it is ").append(age);
        causes.push_back({cause::clock_skew, std::move(text)});
        return true;
    }
    return false;
}

}  // namespace webhookpp::detail

// <webhookpp/detail/explain_token.hpp>
// Mistakes with tokens: where they stand, and how they are written.

namespace webhookpp::detail {

/// Looks for what is wrong with the token of one delivery.
class token_mistakes {
public:
    token_mistakes(failed_delivery& failed, std::vector<likely_cause>& causes)
        : failed_(failed), causes_(causes), source_(failed.described().signature) {}

    /// Adds what makes the token right. Returns whether anything does.
    [[nodiscard]] bool find() {
        if (failed_.described().algorithm != algorithm::token) return false;
        if (source_.in_target()) return find_in_target();
        const auto value = failed_.headers().value(source_.header[0]);
        return !value.empty() && find_in_header(value);
    }

private:
    [[nodiscard]] bool tries(const trial& changed, cause which, std::string_view evidence) {
        if (!failed_.matches(changed)) return false;
        causes_.push_back({which, std::string(evidence)});
        return true;
    }

    // With `value` in the header.
    [[nodiscard]] bool tries_header(std::string_view value, std::string_view evidence) {
        copied_headers headers = failed_.headers();
        headers.set(source_.header[0], value);
        trial changed = failed_.as_it_is();
        changed.headers = &headers;
        return tries(changed, cause::encoding, evidence);
    }

    // `token` as it should stand in the header.
    [[nodiscard]] crypto::secret_bytes with_word(std::string_view token) const {
        return joined(source_.word.empty() ? "" : std::string(source_.word) + ' ', token);
    }

    [[nodiscard]] bool find_in_header(std::string_view value) {
        const std::string wanted = source_.word.empty() ? "" : std::string(source_.word);
        const auto after = after_word(value, source_.word);
        if (!after && tries_header(with_word(value).text(),
                                   "the token stands without the word " + wanted + " before it")) {
            return true;
        }
        const std::size_t space = value.find(' ');
        const std::string_view rest =
            space == std::string_view::npos ? value : value.substr(space + 1);
        if (!after && tries_header(with_word(trim_blanks(rest)).text(),
                                   "another word than " + wanted + " stands before the token")) {
            return true;
        }
        if (source_.word.empty() && space != std::string_view::npos &&
            tries_header(trim_blanks(rest),
                         "a word stands before the token, which the scheme does "
                         "not want")) {
            return true;
        }
        const std::string_view token = after.value_or(rest);
        crypto::secret_bytes dense(token.size());
        std::size_t size = 0;
        for (const char c : token) {
            const bool is_blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
            if (!is_blank) dense.writable()[size++] = static_cast<unsigned char>(c);
        }
        dense.truncate(size);
        return tries_header(with_word(dense.text()).text(), "there is white space in the token") ||
               tries_header(with_word(without_surroundings(token)).text(),
                            "there are quotes around the token") ||
               tries_header(with_word(percent_decoded(token, false).text()).text(),
                            "the token is percent-encoded") ||
               find_coded(token) || find_case(token);
    }

    [[nodiscard]] bool find_coded(std::string_view token) {
        if (source_.encoding == encoding::base64) {
            const auto encoded = in_base64(token);
            if (tries_header(with_word(encoded.text()).text(),
                             "the credentials stand there as they are, not in base64")) {
                return true;
            }
        }
        const auto decoded = any_base64(token);
        if (!decoded) return false;
        if (source_.encoding == encoding::base64) {
            const auto again = in_base64(decoded->text());
            const auto unescaped = in_base64(percent_decoded(decoded->text(), false).text());
            return tries_header(with_word(again.text()).text(),
                                "the base64 of the credentials has no padding or another "
                                "alphabet") ||
                   tries_header(with_word(unescaped.text()).text(),
                                "the credentials are percent-encoded in the base64");
        }
        return tries_header(with_word(decoded->text()).text(), "the token is sent in base64");
    }

    // Lower case on both sides: then only the letters' case differs.
    [[nodiscard]] bool find_case(std::string_view token) {
        if (source_.encoding != encoding::plain) return false;
        std::vector<key> keys;
        for (const configured_key& each : failed_.keys()) {
            if (!each.usable()) continue;
            const auto lower = lower_case(each.usable()->bytes());
            if (auto made = key::try_from_bytes(lower.view()); made) keys.push_back(*made);
        }
        const auto sent = lower_case(crypto::as_bytes(token));
        copied_headers headers = failed_.headers();
        const auto target = source_.in_target() ? with_token(sent.text()) : crypto::secret_bytes();
        trial changed = failed_.as_it_is();
        changed.keys = keys;
        if (source_.in_target()) {
            changed.target = target.text();
        } else {
            headers.set(source_.header[0], with_word(sent.text()).text());
            changed.headers = &headers;
        }
        return tries(changed, cause::encoding,
                     "the token that was sent has other upper-case letters than the key");
    }

    [[nodiscard]] static crypto::secret_bytes lower_case(crypto::bytes text) {
        crypto::secret_bytes lower(text);
        for (unsigned char& c : lower.writable()) {
            c = static_cast<unsigned char>(fold_ascii(static_cast<char>(c)));
        }
        return lower;
    }

    // The target of a request to which the sender has added `token` in the right way.
    [[nodiscard]] crypto::secret_bytes with_token(std::string_view token) const {
        return joined(source_.end_of_path ? "/" : "/?" + std::string(source_.query) + "=", token);
    }

    [[nodiscard]] bool tries_target(std::string_view token, cause which,
                                    std::string_view evidence) {
        const auto target = with_token(token);
        trial changed = failed_.as_it_is();
        changed.target = target.text();
        return tries(changed, which, evidence);
    }

    [[nodiscard]] bool find_in_target() {
        const std::string_view target = failed_.as_it_is().target;
        if (const auto token = token_in(source_, target); token) {
            if (tries_target(percent_decoded(*token, false).text(), cause::encoding,
                             "the token is percent-encoded") ||
                tries_target(without_surroundings(percent_decoded(*token, true).text()),
                             cause::encoding, "there is white space around the token") ||
                find_case(*token)) {
                return true;
            }
        } else if (token.error().code == errc::duplicate_header) {
            return false;
        }
        const std::string_view path = target.substr(0, target.find('?'));
        const std::string_view query = target.substr(path.size());
        std::string_view inner = path;
        while (inner.ends_with('/')) inner.remove_suffix(1);
        const std::string_view last = inner.substr((std::min)(inner.size(), inner.rfind('/') + 1));
        if (inner.size() < path.size() && source_.end_of_path &&
            tries_target(last, cause::url_differs,
                         "a slash stands behind the token at the end of the path")) {
            return true;
        }
        std::size_t members = 0;
        for (std::string_view rest = query.empty() ? query : query.substr(1);
             !rest.empty() && ++members <= 16;) {
            const std::string_view member = rest.substr(0, rest.find('&'));
            rest.remove_prefix((std::min)(rest.size(), member.size() + 1));
            const auto value = member.substr((std::min)(member.size(), member.find('=') + 1));
            if (tries_target(value, cause::url_differs,
                             source_.end_of_path
                                 ? "the token stands in the query"
                                 : "the token stands in the query under another name")) {
                return true;
            }
        }
        std::size_t segments = 0;
        for (std::string_view rest = path; !rest.empty() && ++segments <= 16;) {
            const std::string_view segment = rest.substr(0, rest.find('/'));
            rest.remove_prefix((std::min)(rest.size(), segment.size() + 1));
            if (tries_target(segment, cause::url_differs,
                             source_.end_of_path ? "the token stands at another place in the path"
                                                 : "the token stands in the path")) {
                return true;
            }
        }
        return false;
    }

    failed_delivery& failed_;
    std::vector<likely_cause>& causes_;
    const signature_source& source_;
};

}  // namespace webhookpp::detail

// <webhookpp/detail/explain_url.hpp>
// Mistakes with URLs: the endpoint is configured with another one than the sender signs.

namespace webhookpp::detail {

/// Looks for the URL that the sender of one delivery has signed.
class url_mistakes {
public:
    /// The most URLs that are tried.
    static constexpr std::size_t most_urls = 96;

    url_mistakes(failed_delivery& failed, std::vector<likely_cause>& causes)
        : failed_(failed), causes_(causes) {}

    /// Adds in which parts the URL differs that the signature matches. Returns whether one does.
    [[nodiscard]] bool find() {
        // Where none is signed, it may have a token in it, which is not copied.
        if (!failed_.described().signs(content_part::kind::url)) return false;
        take_apart();
        // What differs least is likeliest.
        for (std::size_t differences = 1; differences <= parts; ++differences) {
            if (choose(0, differences)) return true;
        }
        return false;
    }

private:
    enum part : std::size_t { scheme_part, host, port, path, query, parts };

    // What may stand in a part: as it is configured first.
    struct choice {
        std::string text;
        std::string_view words = {};
    };

    void add(part in, std::string_view text, std::string_view words) {
        auto& list = choices_[in];
        const bool known = std::any_of(list.begin(), list.end(),
                                       [&](const choice& each) { return each.text == text; });
        if (!known) list.push_back({std::string(text), words});
    }

    // Host and port of `authority`, which has no scheme.
    static std::pair<std::string_view, std::string_view> split_authority(
        std::string_view authority) noexcept {
        const std::size_t colon = authority.rfind(':');
        // The colons of an IPv6 address stand in brackets.
        if (colon == std::string_view::npos ||
            authority.find(']', colon) != std::string_view::npos) {
            return {authority, {}};
        }
        return {authority.substr(0, colon), authority.substr(colon)};
    }

    void take_apart() {
        const url_parts url = split_url(failed_.options().url);
        const std::size_t colon = (std::min)(url.authority.find("://"), url.authority.size());
        const auto [name, number] =
            split_authority(url.authority.substr((std::min)(url.authority.size(), colon + 3)));
        const bool secure = url.authority.starts_with("https://");
        add(scheme_part, secure ? "https://" : "http://", {});
        add(scheme_part, secure ? "http://" : "https://",
            secure ? "http in place of https" : "https in place of http");
        add(host, name, {});
        add(port, number, {});
        add(path, url.path, {});
        add(query, url.query, {});
        add_hosts(name);
        add(port, "", "no port");
        add(port, ":443", "the port 443");
        add(port, ":80", "the port 80");
        add(port, ":8080", "the port 8080");
        add(port, ":8443", "the port 8443");
        const std::string slash = std::string(url.path) + '/';
        if (url.path.ends_with('/')) {
            add(path, url.path.substr(0, url.path.size() - 1), "no slash at the end of the path");
        } else {
            add(path, slash, "a slash at the end of the path");
        }
        const url_parts target = split_url(failed_.as_it_is().target);
        const std::string_view asked = target.path.empty() ? target.authority : target.path;
        if (asked.starts_with('/')) add(path, asked, "the path of the request");
        add(query, "", "no query");
        add(query, target.query, "the query of the request");
    }

    void add_hosts(std::string_view name) {
        std::string lower(name);
        for (char& c : lower) c = fold_ascii(c);
        add(host, lower, "the host in lower case");
        for (const std::string_view header : {"X-Forwarded-Host", "Host"}) {
            const auto [other, number] = split_authority(failed_.headers().value(header));
            if (other.empty()) continue;
            add(host, other,
                header == "Host" ? "the host of the header Host"
                                 : "the host of the header X-Forwarded-Host");
            if (!number.empty()) add(port, number, "the port of the header Host");
        }
        constexpr std::string_view www = "www.";
        if (name.starts_with(www)) {
            add(host, name.substr(www.size()), "no www. before the host");
        } else {
            add(host, std::string(www).append(name), "www. before the host");
        }
    }

    // Tries all ways to choose `differences` of the parts from `from` on in another way.
    [[nodiscard]] bool choose(std::size_t from, std::size_t differences) {
        if (differences == 0) return tries();
        for (std::size_t i = from; i + differences <= parts; ++i) {
            for (chosen_[i] = 1; chosen_[i] < choices_[i].size(); ++chosen_[i]) {
                if (choose(i + 1, differences - 1)) return true;
            }
            chosen_[i] = 0;
        }
        return false;
    }

    [[nodiscard]] bool tries() {
        if (++tried_ > most_urls) return false;
        std::string url;
        std::string words;
        for (std::size_t i = 0; i < parts; ++i) {
            const choice& each = choices_[i][chosen_[i]];
            url += each.text;
            if (chosen_[i] != 0) words.append(words.empty() ? "" : " and ").append(each.words);
        }
        trial changed = failed_.as_it_is();
        changed.url = url;
        // Where the query is that of the request, that is what changes.
        if (failed_.described().url.query_of_request) changed.target = target_of(url);
        if (!failed_.matches(changed)) return false;
        causes_.push_back(
            {cause::url_differs, "the signature matches the URL of the endpoint with " + words});
        return true;
    }

    failed_delivery& failed_;
    std::vector<likely_cause>& causes_;
    std::vector<choice> choices_[parts];
    std::size_t chosen_[parts] = {};
    std::size_t tried_ = 0;
};

}  // namespace webhookpp::detail

// <webhookpp/message_key.hpp>
// What a message is remembered by.

namespace webhookpp {

/// Stands for one message of one endpoint: 32 bytes that depend on provider, endpoint and message
/// id, each with its length before it, so that no two combinations run into each other. A digest,
/// so that ids of any length take the same room, and nobody can choose keys that lie side by side.
class message_key {
public:
    /// The bytes of a key.
    static constexpr std::size_t size = 32;

    message_key() noexcept = default;
    /// A key that was stored: what `bytes()` was.
    explicit message_key(std::span<const unsigned char, size> bytes) noexcept {
        std::copy(bytes.begin(), bytes.end(), bytes_.begin());
    }

    /// The key of a message with an id. `internal_error` when memory or OpenSSL fails.
    [[nodiscard]] static result<message_key> of_id(std::string_view provider,
                                                   std::string_view endpoint,
                                                   std::string_view id) noexcept {
        return make("id", provider, endpoint, crypto::as_bytes(id));
    }

    /// The key of a message that has no id, or whose id proves nothing: of its body. As `of_id`.
    [[nodiscard]] static result<message_key> of_body(std::string_view provider,
                                                     std::string_view endpoint,
                                                     std::string_view body) noexcept {
        std::array<unsigned char, crypto::sha256_size> digest{};
        if (!crypto::sha256({}, crypto::as_bytes(body), digest)) return failed();
        return make("body", provider, endpoint, digest);
    }

    /// A key that no other message has: for one that cannot be told from others. As `of_id`.
    [[nodiscard]] static result<message_key> unique() noexcept {
        message_key made;
        if (!crypto::fill_random(made.bytes_)) return failed();
        return made;
    }

    /// All of it, to be stored. Valid as long as the key.
    [[nodiscard]] std::span<const unsigned char, size> bytes() const noexcept { return bytes_; }

    friend bool operator==(const message_key&, const message_key&) noexcept = default;

private:
    static unexpected failed() noexcept { return unexpected(errc::internal_error, "message key"); }

    static result<message_key> make(std::string_view kind, std::string_view provider,
                                    std::string_view endpoint, crypto::bytes last) noexcept {
#if defined(__cpp_exceptions)
        try {
            return digest_of(kind, provider, endpoint, last);
        } catch (...) {
            return failed();
        }
#else
        return digest_of(kind, provider, endpoint, last);
#endif
    }

    static result<message_key> digest_of(std::string_view kind, std::string_view provider,
                                         std::string_view endpoint, crypto::bytes last) {
        std::string text = "webhookpp message key 1";
        for (const crypto::bytes part : {crypto::as_bytes(kind), crypto::as_bytes(provider),
                                         crypto::as_bytes(endpoint), last}) {
            for (int shift = 56; shift >= 0; shift -= 8) {
                text += static_cast<char>(std::uint64_t{part.size()} >> shift & 0xff);
            }
            text.append(part.begin(), part.end());
        }
        message_key made;
        if (!crypto::sha256({}, crypto::as_bytes(text), made.bytes_)) return failed();
        return made;
    }

    std::array<unsigned char, size> bytes_ = {};
};

/// What is done with a message whose id is new but not signed, and whose body was here before:
/// either its sender has repeated itself, or somebody has given a recorded delivery another id.
enum class same_body : std::uint8_t {
    flag,    ///< it is a new message, of which handlers learn that it may be a replay
    drop,    ///< it is a duplicate
    ignore,  ///< bodies are never compared, not even of messages that have no id
};

/// How messages of one endpoint are recognised.
struct identification {
    /// The provider: the name of the scheme.
    std::string_view provider = {};

    /// The endpoint, which tells its messages from those of the provider's other endpoints.
    std::string_view endpoint = {};

    /// The message id, if it is not that of the message: one that stands in the body.
    std::string_view id = {};

    /// What is done with a body that was here before.
    webhookpp::same_body same_body = same_body::flag;

    /// Whether two messages may have the same body: `scheme::repeats_bodies`.
    bool repeats_bodies = false;
};

/// The keys of one message.
struct message_identity {
    /// Two deliveries with the same one are of the same message.
    message_key key;

    /// Of its body, where that is to be compared.
    std::optional<message_key> body_key;
};

/// Says how `message` is to be recognised: by its id; without one by its body, unless bodies tell
/// nothing; else not at all. An id that is not signed stops the retries of an honest sender, so the
/// body, if that is signed, is looked at beside it. Errors: `internal_error`.
[[nodiscard]] inline result<message_identity> identify(const verified_message& message,
                                                       const identification& as) noexcept {
    const bool compares_bodies = as.same_body != same_body::ignore && !as.repeats_bodies;
    const std::string_view id = as.id.empty() ? message.id() : as.id;
    const bool id_is_signed = as.id.empty() ? message.id_is_signed() : message.body_is_signed();
    auto key = !id.empty()       ? message_key::of_id(as.provider, as.endpoint, id)
               : compares_bodies ? message_key::of_body(as.provider, as.endpoint, message.body())
                                 : message_key::unique();
    if (!key) return unexpected(key.error());
    message_identity found{*key, std::nullopt};
    if (id.empty() || id_is_signed || !message.body_is_signed() || !compares_bodies) return found;
    const auto of_body = message_key::of_body(as.provider, as.endpoint, message.body());
    if (!of_body) return unexpected(of_body.error());
    found.body_key = *of_body;
    return found;
}

}  // namespace webhookpp

// <webhookpp/entry.hpp>
// What an inbox keeps of each message.

namespace webhookpp {

/// How far an entry has come. Numbers are stable: they stand in databases.
enum class entry_state : std::uint8_t {
    ready = 0,   ///< waits to be handled, now or at a later time
    leased = 1,  ///< somebody is handling it
    done = 2,    ///< handled
    dead = 3,    ///< given up: a dead letter, which a person may have handled again
};

/// The name of a state: `ready`. Static text.
[[nodiscard]] constexpr std::string_view name(entry_state state) noexcept {
    switch (state) {
        case entry_state::ready: return "ready";
        case entry_state::leased: return "leased";
        case entry_state::done: return "done";
        case entry_state::dead: return "dead";
    }
    return "unknown";
}

/// What verification has proved about a message, beside its id: what `verified_message` tells.
struct message_proof {
    std::optional<std::int64_t> timestamp = std::nullopt;  ///< Unix seconds
    std::optional<std::size_t> key_index = std::nullopt;   ///< which key matched, from 0
    bool body_is_signed = false;                           ///< the body is part of what was signed
    bool id_is_signed = false;                             ///< the id is, too
    bool replay_possible = true;  ///< nothing that was signed limits its age
    bool assumed = false;         ///< nothing was proved: `assume_verified`

    friend bool operator==(const message_proof&, const message_proof&) noexcept = default;
};

/// A verified message on its way into an inbox. All views are valid during the call that gets it.
struct new_entry {
    message_key key;                                     ///< what the message is remembered by
    std::optional<message_key> body_key = std::nullopt;  ///< of its body, where that is compared
    bool drop_same_body = false;       ///< a body that is there already makes it a duplicate
    std::string_view provider = {};    ///< the name of the scheme
    std::string_view endpoint = {};    ///< where it came in
    std::string_view message_id = {};  ///< visible ASCII, or empty
    std::string_view event_type = {};  ///< visible ASCII, or empty where it is not known
    std::string_view partition = {};   ///< entries of the same one are handled one after the other
    std::string_view body = {};        ///< any bytes
    message_proof proof = {};          ///< what verification found out
    std::int64_t accepted_at = 0;      ///< Unix milliseconds
    std::int64_t keep_until = 0;       ///< the same; how long its key is remembered at least
};

/// What became of an entry that an inbox was given.
enum class acceptance : std::uint8_t {
    stored,     ///< it is durable
    duplicate,  ///< its message was there before, in whatever state, and is durable
};

/// An entry of an inbox. Owns all that it holds.
struct entry {
    std::int64_t number = 0;  ///< its name in the inbox; later entries mostly have higher ones
    entry_state state = entry_state::ready;  ///< how far it has come
    message_key key = {};                    ///< what its message is remembered by
    std::string provider = {};               ///< the name of the scheme
    std::string endpoint = {};               ///< where it came in
    std::string message_id = {};             ///< empty if it has none
    std::string event_type = {};             ///< empty where it is not known
    std::string partition = {};  ///< those of the same one are handled one after the other
    std::optional<std::string> body = std::nullopt;  ///< nothing once purged, and in lists
    std::size_t body_size = 0;                       ///< in bytes
    message_proof proof = {};                        ///< what verification found out
    std::int64_t accepted_at = 0;                    ///< Unix milliseconds, as all times here

    /// When it may be claimed, while it is ready. Nothing while another one of its partition is
    /// before it.
    std::optional<std::int64_t> ready_at = std::nullopt;

    std::int64_t lease_until = 0;  ///< while it is leased
    std::int64_t finished_at = 0;  ///< once it is done or dead
    std::int64_t keep_until = 0;   ///< its key is remembered until then, at least
    std::int64_t fence = 0;        ///< proves who has the lease; goes up with each claim
    std::uint32_t attempts = 0;    ///< how often it was claimed, and not handed back
    std::uint32_t duplicates = 0;  ///< how many more deliveries of it came
    bool possible_replay = false;  ///< its body was there before under another id
    std::string last_error = {};   ///< why the last attempt failed
};

/// Proves that an entry is the caller's to finish.
struct lease {
    std::int64_t number = 0;  ///< of the entry
    std::int64_t fence = 0;   ///< as it was when the entry was claimed
};

/// How an attempt ends.
struct ending {
    entry_state state = entry_state::done;  ///< never `leased`
    std::int64_t ready_at = 0;    ///< Unix milliseconds: when it is to be tried again, if `ready`
    std::string_view error = {};  ///< plain text of at most `max_error` bytes
    bool counts = true;           ///< false: the attempt was none, and `last_error` stays

    /// Unix milliseconds: its key is remembered so long if that is longer than it was to be.
    std::int64_t keep_until = 0;

    /// The most bytes of `error`.
    static constexpr std::size_t max_error = 500;
};

/// What waits in an inbox: ready or leased.
struct inbox_backlog {
    std::uint64_t entries = 0;                          ///< how many
    std::uint64_t bytes = 0;                            ///< of the bodies
    std::optional<std::int64_t> oldest = std::nullopt;  ///< `accepted_at` of the first of them
};

/// How many entries of an inbox are in each state.
struct inbox_stats {
    std::uint64_t ready = 0;       ///< those that wait
    std::uint64_t leased = 0;      ///< those that are being handled
    std::uint64_t done = 0;        ///< those that were handled
    std::uint64_t dead = 0;        ///< those that were given up
    std::uint64_t duplicates = 0;  ///< deliveries of messages that are there
    inbox_backlog backlog = {};    ///< what is ready or leased
};

/// Which entries of an inbox to list, in the order of their numbers.
struct entry_query {
    std::optional<entry_state> state = std::nullopt;  ///< any if empty
    std::string_view endpoint = {};                   ///< all if empty
    std::int64_t after = 0;                           ///< only higher numbers than this
    std::size_t most = 100;                           ///< how many to list
};

/// What to remove from an inbox: entries that are done or dead and whose `keep_until` is before
/// `now`, and bodies. Times are Unix milliseconds.
struct purge_request {
    std::int64_t now = 0;  ///< the present time

    /// The bodies of entries that were finished before this, of which the keys stay. Dead ones
    /// keep theirs, since they may be handled again.
    std::int64_t bodies_before = 0;

    std::size_t most = 1000;  ///< how many entries to touch
};

}  // namespace webhookpp

// <webhookpp/detail/group_commit.hpp>
// Lets threads that accept at the same time share one transaction.

namespace webhookpp::detail {

/// The first thread that comes commits its entry at once. What others bring in the meantime waits,
/// and is committed together by one of them: nobody waits for company, and under load one
/// transaction, with the one sync that makes it slow, serves many.
class group_commit {
public:
    explicit group_commit(std::size_t most) noexcept
        : most_(std::clamp(most, std::size_t{1}, most_together)) {}

    template <class Store>
    result<acceptance> accept(Store& store, const new_entry& entry) noexcept {
#if defined(__cpp_exceptions)
        try {
            return accept_in_turn(store, entry);
        } catch (...) {
            return unexpected(errc::internal_error, "inbox");
        }
#else
        return accept_in_turn(store, entry);
#endif
    }

private:
    // One for each call, on its stack.
    struct waiting {
        const new_entry* entry = nullptr;
        acceptance outcome = acceptance::stored;
        error failure = {};
        bool failed = false;
        bool done = false;
        bool commits = false;  // the next transaction
        std::condition_variable changed = {};
    };

    // The bodies of one transaction together have not many more bytes than this.
    static constexpr std::size_t most_bytes = std::size_t{8} << 20;

    static constexpr std::size_t most_together = 256;

    template <class Store>
    result<acceptance> accept_in_turn(Store& store, const new_entry& entry) {
        waiting mine{.entry = &entry};
        std::unique_lock lock(mutex_);
        waiting_.push_back(&mine);
        mine.commits = !std::exchange(committing_, true);
        mine.changed.wait(lock, [&mine] { return mine.done || mine.commits; });
        if (mine.commits) {
            std::array<waiting*, most_together> list;
            const std::span batch(list.data(), take_batch(list));
            lock.unlock();
            commit(store, batch);
            lock.lock();
            committing_ = !waiting_.empty();
            if (committing_) {
                waiting_.front()->commits = true;
                waiting_.front()->changed.notify_one();
            }
            // With the lock held: whoever sees `done` leaves.
            for (waiting* const each : batch) {
                each->done = true;
                each->changed.notify_one();
            }
        }
        if (mine.failed) return unexpected(mine.failure);
        return mine.outcome;
    }

    // Moves the first ones of those who wait into `together`; returns how many. Allocates nothing,
    // since nobody may be left out.
    std::size_t take_batch(std::span<waiting*, most_together> together) noexcept {
        std::size_t count = 0;
        std::size_t bytes = 0;
        while (count < waiting_.size() && count < most_) {
            bytes += waiting_[count]->entry->body.size();
            if (count > 0 && bytes > most_bytes) break;
            together[count] = waiting_[count];
            ++count;
        }
        waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(count));
        return count;
    }

    template <class Store>
    static void commit(Store& store, std::span<waiting* const> batch) noexcept {
#if defined(__cpp_exceptions)
        try {
            commit_all(store, batch);
        } catch (...) {
            fail(batch, {errc::internal_error, "inbox"});
        }
#else
        commit_all(store, batch);
#endif
    }

    template <class Store>
    static void commit_all(Store& store, std::span<waiting* const> batch) {
        std::vector<new_entry> entries;
        for (const waiting* const each : batch) entries.push_back(*each->entry);
        std::vector<acceptance> outcomes(entries.size(), acceptance::stored);
        const auto stored = store.accept(std::span<const new_entry>(entries), std::span(outcomes));
        if (!stored) return fail(batch, stored.error());
        for (std::size_t i = 0; i < batch.size(); ++i) batch[i]->outcome = outcomes[i];
    }

    static void fail(std::span<waiting* const> batch, const error& why) noexcept {
        for (waiting* const each : batch) {
            each->failed = true;
            each->failure = why;
        }
    }

    const std::size_t most_;
    std::mutex mutex_;
    std::vector<waiting*> waiting_;  // in the order in which they came
    bool committing_ = false;
};

}  // namespace webhookpp::detail

// <webhookpp/detail/option_check.hpp>
// What options of guards and inboxes have to be like.

namespace webhookpp::detail {

inline constexpr std::int64_t one_day = 86'400;  // in seconds

[[nodiscard]] inline result<void> check_endpoint(std::string_view name) noexcept {
    if (name.empty() || name.size() > 128 || !is_visible_ascii(name)) {
        return unexpected(errc::invalid_option,
                          "give the endpoint a name of 1 to 128 visible ASCII characters");
    }
    return {};
}

[[nodiscard]] inline result<void> check_lease(seconds lease) noexcept {
    if (lease.count() < 1 || lease.count() > one_day) {
        return unexpected(errc::invalid_option, "a lease lasts 1 second to 1 day");
    }
    return {};
}

// Forgotten messages must be too old to be accepted again.
[[nodiscard]] inline result<void> check_retention(seconds retention, const scheme& described,
                                                  const tolerance& accepted) noexcept {
    if (retention.count() < 1 || retention.count() > 3650 * one_day) {
        return unexpected(errc::invalid_option, "a retention lasts 1 second to 10 years");
    }
    // Either may be unlimited: their sum could not be told.
    const std::int64_t past = (std::max)(accepted.past.count(), std::int64_t{0});
    if (described.has_timestamp() && retention.count() - past < accepted.future.count()) {
        return unexpected(errc::invalid_option,
                          "the retention is shorter than the time in which a delivery is accepted: "
                          "remember longer, or lower the tolerance");
    }
    return {};
}

/// Unix milliseconds, for times of today; the end of time if `by` goes beyond.
[[nodiscard]] constexpr std::int64_t later(std::int64_t now, seconds by) noexcept {
    if (by.count() > (INT64_MAX - now) / 1000) return INT64_MAX;
    return now + by.count() * 1000;
}

}  // namespace webhookpp::detail

// <webhookpp/detail/plain_text.hpp>
// Makes text fit for any database and any terminal.

namespace webhookpp::detail {

/// The first bytes of `text`, at most `most`, without the beginning of a character at the end.
[[nodiscard]] constexpr std::string_view cut_text(std::string_view text,
                                                  std::size_t most) noexcept {
    if (text.size() <= most) return text;
    std::size_t end = most;
    // What goes on behind the cut began up to three bytes before it.
    for (int i = 0; i < 3 && end > 0 && (text[end] & 0xC0) == 0x80; ++i) --end;
    return text.substr(0, end);
}

/// How many bytes the character has that `text`, which is not empty, begins with; 0 if that is no
/// character, or a control character. RFC 3629, section 4.
[[nodiscard]] constexpr std::size_t plain_character(std::string_view text) noexcept {
    const auto byte = [text](std::size_t i) -> unsigned {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
    };
    const unsigned first = byte(0);
    if (first < 0x80) return first >= 0x20 && first != 0x7F ? 1 : 0;
    const std::size_t size = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    unsigned least = 0x80;
    unsigned most = 0xBF;
    switch (first) {
        case 0xC2:                       // before that, control characters
        case 0xE0: least = 0xA0; break;  // before that, fewer bytes would do
        case 0xED: most = 0x9F; break;   // behind that, surrogates
        case 0xF0: least = 0x90; break;  // as for E0
        case 0xF4: most = 0x8F; break;   // behind that, no characters
        default: break;
    }
    if (first < 0xC2 || first > 0xF4 || byte(1) < least || byte(1) > most) return 0;
    for (std::size_t i = 2; i < size; ++i) {
        if ((byte(i) & 0xC0) != 0x80) return 0;
    }
    return size;
}

/// `text`, with a question mark for each byte that is no part of a character of UTF-8, or is a
/// control character.
[[nodiscard]] inline std::string plain_text(std::string_view text) {
    std::string made(text);
    for (std::size_t at = 0; at < made.size();) {
        const std::size_t size = plain_character(text.substr(at));
        if (size == 0) made[at] = '?';
        at += size == 0 ? 1 : size;
    }
    return made;
}

}  // namespace webhookpp::detail

// <webhookpp/detail/running_attempts.hpp>
// Which attempts to handle entries are being made.

namespace webhookpp::detail {

/// The attempts that are being made: a list through the stacks of those who make them. Any number
/// of threads may use it.
class running_attempts {
public:
    /// One attempt, in the list as long as it lives.
    class attempt {
    public:
        attempt(running_attempts& all, const lease& mine) : all_(all), mine_(mine) {
            const std::lock_guard lock(all_.mutex_);
            // NOLINTNEXTLINE(cppcoreguidelines-prefer-member-initializer): not before the lock
            next_ = all_.first_;
            if (next_) next_->previous_ = this;
            all_.first_ = this;
        }
        attempt(const attempt&) = delete;
        attempt& operator=(const attempt&) = delete;
        ~attempt() {
            const std::lock_guard lock(all_.mutex_);
            (previous_ ? previous_->next_ : all_.first_) = next_;
            if (next_) next_->previous_ = previous_;
        }

        /// Whether its lease was found to be somebody else's.
        [[nodiscard]] const std::atomic<bool>& lost() const noexcept { return lost_; }

    private:
        friend class running_attempts;

        running_attempts& all_;
        const lease mine_;
        std::atomic<bool> lost_ = false;
        attempt* previous_ = nullptr;
        attempt* next_ = nullptr;
    };

    [[nodiscard]] std::size_t size() const noexcept {
        const std::lock_guard lock(mutex_);
        std::size_t count = 0;
        for (const attempt* each = first_; each; each = each->next_) ++count;
        return count;
    }

    /// The leases of all that are not lost. A copy, so that nobody who begins or ends an attempt
    /// waits for what is done with them.
    [[nodiscard]] std::vector<lease> leases() const {
        const std::lock_guard lock(mutex_);
        std::vector<lease> held;
        for (const attempt* each = first_; each; each = each->next_) {
            if (!each->lost_.load(std::memory_order_relaxed)) held.push_back(each->mine_);
        }
        return held;
    }

    /// Tells the attempt with this lease, if it is still being made, that it has lost it.
    void lose(const lease& gone) noexcept {
        const std::lock_guard lock(mutex_);
        for (attempt* each = first_; each; each = each->next_) {
            if (each->mine_.number == gone.number && each->mine_.fence == gone.fence) {
                each->lost_.store(true, std::memory_order_relaxed);
            }
        }
    }

private:
    mutable std::mutex mutex_;
    attempt* first_ = nullptr;
};

}  // namespace webhookpp::detail

// <webhookpp/detail/running_verification.hpp>
// Verifies one delivery while its body arrives.

namespace webhookpp::detail {

/// Whether one of the scheme's signatures is made with a shared secret.
[[nodiscard]] constexpr bool uses_hmac(const scheme& described) noexcept {
    return described.uses(algorithm::hmac_sha1) || described.uses(algorithm::hmac_sha256) ||
           described.uses(algorithm::hmac_sha512);
}

/// Whether all that is signed before the body is known before the body, and nothing comes after it.
[[nodiscard]] constexpr bool ends_with_body(const scheme& described) noexcept {
    const signed_content& content = described.content;
    return has_plain_parts(described) && content.count > 0 &&
           content.parts[content.count - 1].which == content_part::kind::body;
}

/// One verification under way. Owns copies of all that it needs, so that headers, keys and verifier
/// may go; of the body it keeps nothing.
class running_verification {
public:
    /// Reads the headers and starts a MAC with each secret key.
    [[nodiscard]] static result<owner<running_verification>> begin(
        const verifier_core& core, const header_source& headers, std::string_view method) noexcept {
        owner<running_verification> made(new (std::nothrow) running_verification(core));
        if (!made) return unexpected(errc::internal_error, "headers");
        if (const auto good = made->start(core, headers, method); !good) {
            return unexpected(good.error());
        }
        return made;
    }

    [[nodiscard]] result<void> update(std::string_view chunk) noexcept {
        if (failed_) return unexpected(*failed_);
        if (chunk.size() > body_limit_ - received_) {
            stop(error{errc::body_too_large, "body"});
            return unexpected(*failed_);
        }
        received_ += chunk.size();
        for (std::size_t i = 0; i < count_; ++i) macs_[i]->update(crypto::as_bytes(chunk));
        return {};
    }

    /// The verdict on what has passed. The message has no body. To be called once.
    [[nodiscard]] result<verified_message> finish(std::int64_t now) noexcept {
        return finish_with({}, now, false);
    }

    /// The verdict on what has passed, and on `body`, which has to be the same.
    [[nodiscard]] result<verified_message> finish(const body_view& body,
                                                  std::int64_t now) noexcept {
        return finish_with(body, now, true);
    }

private:
    explicit running_verification(const verifier_core& core) noexcept
        : scheme_(core.described()),
          allowed_(core.options().tolerance.value_or(core.described().tolerance)),
          body_limit_(core.options().limits.body) {}

    [[nodiscard]] result<void> start(const verifier_core& core, const header_source& source,
                                     std::string_view method) noexcept {
        auto read =
            scheme_header_reader(core.plan(), core.options(), collected_).read(source, headers_);
        if (!read) return read;
        read = read_signatures(scheme_, core.options().limits, headers_, tokens_);
        if (!read) return read;

        const content_values values{.id = headers_.id,
                                    .timestamp = headers_.timestamp,
                                    .url = core.options().url,
                                    .method = method};
        std::array<crypto::bytes, signed_content::max_parts> parts;
        const std::size_t before_body = scheme_.content.count - 1;
        for (std::size_t i = 0; i < before_body; ++i) {
            parts[i] = crypto::as_bytes(plain_text(scheme_.content.parts[i], values));
        }
        // Held only while the keys are copied: a body may take its time.
        const key_ring::reader reader(core.ring());
        const auto keys = reader->keys();
        for (std::size_t i = 0; i < keys.size(); ++i) {
            if (!is_hmac(keys[i].used_with) || tokens_.count(keys[i].used_with) == 0) continue;
            places_[count_] = i;
            macs_[count_++].emplace(*keys[i].secret, std::span(parts).first(before_body));
        }
        if (count_ == 0) return unexpected(errc::no_supported_signature, headers_.signature_name);
        return {};
    }

    // Whatever comes now, the answer is `why`; and what was copied of the keys is wiped.
    void stop(const error& why) noexcept {
        failed_ = why;
        for (auto& each : macs_) each.reset();
    }

    [[nodiscard]] result<verified_message> finish_with(const body_view& body, std::int64_t now,
                                                       bool has_body) noexcept {
        if (failed_) return unexpected(*failed_);
        auto verdict = conclude(body, now, has_body);
        stop(error{errc::internal_error, "the verification is finished already"});
        return verdict;
    }

    [[nodiscard]] result<verified_message> conclude(const body_view& body, std::int64_t now,
                                                    bool has_body) noexcept {
        wiped_mac mac;
        const auto matched = matching_mac(mac);
        if (!matched) return unexpected(matched.error());
        if (!*matched) return unexpected(errc::signature_mismatch, headers_.signature_name);
        if (const auto fresh = check_sent_time(headers_, now, allowed_); !fresh) {
            return unexpected(fresh.error());
        }
        const std::size_t at = **matched;
        // Whatever the caller says: only bytes with this MAC are handed on.
        if (has_body && !is_mac_of(body.bytes(), *macs_[at], mac)) {
            return unexpected(errc::internal_error, "the body is not the one that was verified");
        }
        const auto without_secret =
            tokens_.count_if([](algorithm made_by) { return !is_hmac(made_by); });
        return message_factory::make_result(body, facts_of(scheme_, headers_, allowed_, places_[at],
                                                           tokens_.skipped() + without_secret));
    }

    // The right signature of a forged delivery is worth as much as the key.
    struct wiped_mac {
        wiped_mac() noexcept = default;
        wiped_mac(const wiped_mac&) = delete;
        wiped_mac& operator=(const wiped_mac&) = delete;
        ~wiped_mac() { crypto::wipe(bytes); }
        unsigned char bytes[crypto::largest_hash_size] = {};
    };

    // Where in `macs_` the first one stands that matches, which is then `mac`; the inner nothing if
    // none does.
    [[nodiscard]] result<std::optional<std::size_t>> matching_mac(wiped_mac& mac) noexcept {
        for (std::size_t i = 0; i < count_; ++i) {
            if (!macs_[i]->finish(mac.bytes)) return unexpected(errc::internal_error, "HMAC");
            if (is_mac(tokens_, crypto::bytes(mac.bytes).first(macs_[i]->size()))) {
                return std::optional(i);
            }
        }
        return std::optional<std::size_t>();
    }

    [[nodiscard]] static bool is_mac_of(std::string_view body, const crypto::running_hmac& with,
                                        const wiped_mac& wanted) noexcept {
        wiped_mac mac;
        return with.compute(crypto::as_bytes(body), mac.bytes) &&
               crypto::equal(mac.bytes, wanted.bytes);
    }

    const scheme& scheme_;
    tolerance allowed_;
    std::size_t body_limit_;
    std::size_t received_ = 0;
    collected_headers collected_;
    scheme_headers headers_;  // views into the collected ones
    signature_tokens tokens_;
    std::optional<crypto::running_hmac> macs_[key_set::max_keys];
    std::size_t places_[key_set::max_keys] = {};  // of their keys in the key set
    std::size_t count_ = 0;
    std::optional<error> failed_ = std::nullopt;
};

}  // namespace webhookpp::detail

// <webhookpp/explain.hpp>
// Finds out why a delivery was refused: for developers and logs, not for the path of requests.

namespace webhookpp {

namespace detail {

// What a verifier says, or its set-up.
[[nodiscard]] inline std::optional<error> refusal_of(const scheme& described,
                                                     std::span<const configured_key> keys,
                                                     const delivery& request,
                                                     const verifier_options& options,
                                                     std::int64_t now) {
    std::vector<key> usable;
    for (const configured_key& each : keys) {
        if (each.refusal) return each.refusal;
        usable.push_back(*each.made);
    }
    const auto ready =
        any_verifier<stopped_clock>::try_create(described, usable, options, stopped_clock{now});
    if (!ready) return ready.error();
    scratch work;
    const auto message = ready->verify(request, work);
    return message ? std::nullopt : std::optional(message.error());
}

// Whether looking at bytes can help.
[[nodiscard]] constexpr bool is_explicable(errc code) noexcept {
    return code != errc::body_too_large && code != errc::header_too_large &&
           code != errc::too_many_signatures && code != errc::internal_error;
}

[[nodiscard]] inline std::vector<likely_cause> causes_of(failed_delivery& failed, errc refusal) {
    std::vector<likely_cause> causes;
    if (refusal == errc::timestamp_too_old || refusal == errc::timestamp_too_new) {
        if (!find_format(failed, causes) && failed.matches(failed.as_it_is())) {
            find_age(failed, causes);
        }
        return causes;
    }
    key_mistakes keys(failed, causes);
    header_mistakes headers(failed, causes);
    body_mistakes body(failed, causes);
    // The first of these that makes the signature match is what was wrong. The keys come first,
    // because what set-up refuses is to be said in any case.
    const bool matched = keys.find() || failed.matches(failed.as_it_is()) ||
                         headers.find_families() || find_spelling(failed, causes) ||
                         token_mistakes(failed, causes).find() || find_format(failed, causes) ||
                         url_mistakes(failed, causes).find() || body.find() ||
                         headers.find_other_scheme() || headers.find_other_name();
    if (matched) {
        const auto last = causes.empty() ? cause::key_form : causes.back().which;
        if (last != cause::clock_skew) find_age(failed, causes);
    } else {
        headers.find_traces();
    }
    const bool has_length = std::any_of(causes.begin(), causes.end(), [](const likely_cause& each) {
        return each.which == cause::length_differs;
    });
    if (!has_length) body.find_length_trace();
    if (!matched) body.find_traces();
    return causes;
}

[[nodiscard]] inline explanation explain_delivery(const scheme& described,
                                                  std::span<const configured_key> keys,
                                                  const delivery& request,
                                                  const verifier_options& options,
                                                  std::int64_t now) {
    explanation found;
    found.refusal = refusal_of(described, keys, request, options, now);
    if (!found.refusal) return found;
    if (request.body.bytes().size() > options.limits.body || !is_explicable(found.refusal->code)) {
        return found;
    }
    failed_delivery failed(described, keys.first((std::min)(keys.size(), key_set::max_keys)),
                           request, options, now);
    found.causes = causes_of(failed, found.refusal->code);
    if (failed.is_incomplete()) return {.refusal = error{errc::internal_error, "explain"}};
    return found;
}

}  // namespace detail

/// Says whether a verifier with these keys and `options` accepts `request` at `now`, in Unix
/// seconds, and if not, which usual mistake explains it.
///
/// `key_texts` are the keys as a program is configured with them. Those that set-up refuses, for
/// white space around them for instance, are explained as well.
///
/// One mistake at a time is looked for, apart from white space around keys: the delivery is
/// verified again with one thing changed, until its signature matches. What speaks for a mistake
/// without proving it, such as a wrong `Content-Length`, comes after that. Other keys cannot be
/// guessed: without any cause it is probably the key of another endpoint that signed.
///
/// Slow, and allocates: verifies up to 320 times, with up to 8 keys, what has at most four times
/// the bytes of the body, which is within `options.limits`; larger ones get no causes. So it is for
/// developers and for logs of few deliveries, not for every request that is refused. Never tell the
/// sender: it would help to forge. When OpenSSL fails, which cannot always be told from a public
/// key that does not fit, the refusal is `internal_error`, without causes. Throws what the header
/// source throws, and when memory runs out. May be called from several threads at the same time.
[[nodiscard]] inline explanation explain(const scheme& described,
                                         std::span<const std::string_view> key_texts,
                                         const delivery& request, const verifier_options& options,
                                         std::int64_t now) {
    std::vector<detail::configured_key> keys;
    for (const std::string_view text : key_texts) {
        keys.push_back(detail::read_configured(described, options.secrets,
                                               crypto::secret_bytes(crypto::as_bytes(text)),
                                               key::try_from_text(text)));
    }
    return detail::explain_delivery(described, keys, request, options, now);
}

/// As above, with keys that are made already.
[[nodiscard]] inline explanation explain(const scheme& described, std::span<const key> keys,
                                         const delivery& request, const verifier_options& options,
                                         std::int64_t now) {
    std::vector<detail::configured_key> configured;
    for (const key& each : keys) {
        configured.push_back(detail::read_configured(described, options.secrets,
                                                     crypto::secret_bytes(each.bytes()), each));
    }
    return detail::explain_delivery(described, configured, request, options, now);
}

}  // namespace webhookpp

// <webhookpp/fwd.hpp>
// Declarations of everything that users specialise or name in their own declarations.

namespace webhookpp {

struct delivery;
struct error;
struct reply;
struct scheme;
class key;
class verified_message;

// How a C++ type stands in JSON: `event.hpp`.
template <class T>
struct value_traits;

namespace json {

// Decodes with nlohmann/json: `json/nlohmann.hpp`. The default engine, always.
class nlohmann_engine;

}  // namespace json

template <class... Events>
struct catalog;

template <class Catalog, class Engine = json::nlohmann_engine>
class parser;

}  // namespace webhookpp

// <webhookpp/inbox_store.hpp>
// What a store has to offer to be an inbox.

namespace webhookpp {

/// Which entry to claim. Times are Unix milliseconds.
struct claim_request {
    std::int64_t now = 0;         ///< the present time
    std::int64_t lease = 0;       ///< milliseconds
    std::string_view owner = {};  ///< who claims it, for people who look at the table
};

/// Where entries are kept. Each operation is one transaction, and durable when it has returned:
/// what it did survives the end of the process and, with the store's usual settings, of the
/// machine's power. Each answers `store_unavailable` when it failed, and then has done nothing, or
/// for `accept` and `settle` possibly all. `max_batch` is how many entries `accept` takes at once.
///
/// - `accept(entries, outcomes)`: stores those whose key is not there, as ready, and says for each
///   what became of it. One whose `body_key` is there under another key is a possible replay, or,
///   if it says `drop_same_body`, a duplicate. Entries of one call count as before each other.
/// - `claim(request)`: leases one entry and counts the attempt: one whose lease is over, or ends
///   later than two leases from now (the clock was set back); if there is none, the ready one whose
///   `ready_at` came first. Nothing if there is none of these. Of a partition, which may span
///   endpoints, only the first that waits can be claimed.
/// - `renew(lease, now, length)`: lets the lease last until `now + length` milliseconds. False if
///   it is not the caller's any more.
/// - `begin()`: opens a transaction for what a handler writes, of the store's own type.
/// - `settle(transaction, lease, ending, now)`: ends the attempt and commits both, or, if the lease
///   is not the caller's any more, neither: then false.
/// - `settle(lease, ending, now)`: the same without a transaction of the handler's.
/// - `find(number)`: the entry, with its body. `list(query)`: entries without bodies.
/// - `redrive(number, now)`: makes a dead entry ready, with all its attempts before it. False if it
///   is not dead or has lost its body.
/// - `purge(request)`: removes what need not be kept; returns how many entries it touched.
/// - `backlog()`: what waits; quick enough to be asked every second. `stats()`: all counts.
///
/// Numbers and fences are never given twice, whatever was purged. Partitions and bodies are any
/// bytes.
///
/// A handle: copies stand for the same store, and all may be used by any number of threads.
template <class Store>
concept inbox_store = std::copy_constructible<Store> && std::movable<typename Store::transaction> &&
    requires(Store& store, std::span<const new_entry> entries, std::span<acceptance> outcomes,
             const claim_request& claim, const lease& lease, const ending& ending,
             typename Store::transaction& transaction, const entry_query& query,
             const purge_request& purge, std::int64_t number) {
    { Store::max_batch } -> std::convertible_to<std::size_t>;
    { store.accept(entries, outcomes) }
    noexcept->std::same_as<result<void>>;
    { store.claim(claim) }
    noexcept->std::same_as<result<std::optional<entry>>>;
    { store.renew(lease, number, number) }
    noexcept->std::same_as<result<bool>>;
    { store.begin() }
    noexcept->std::same_as<result<typename Store::transaction>>;
    { store.settle(transaction, lease, ending, number) }
    noexcept->std::same_as<result<bool>>;
    { store.settle(lease, ending, number) }
    noexcept->std::same_as<result<bool>>;
    { store.find(number) }
    noexcept->std::same_as<result<std::optional<entry>>>;
    { store.list(query) }
    noexcept->std::same_as<result<std::vector<entry>>>;
    { store.redrive(number, number) }
    noexcept->std::same_as<result<bool>>;
    { store.purge(purge) }
    noexcept->std::same_as<result<std::size_t>>;
    { store.backlog() }
    noexcept->std::same_as<result<inbox_backlog>>;
    { store.stats() }
    noexcept->std::same_as<result<inbox_stats>>;
};

}  // namespace webhookpp

// <webhookpp/inbox.hpp>
// Accepts verified messages durably, to be worked off later.

namespace webhookpp {

/// How much may wait in an inbox. Beyond, nothing is accepted until workers have caught up. What
/// waits is counted about once a second, so a limit may be passed by what arrives in that time.
struct inbox_limits {
    std::uint64_t entries = 1'000'000;             ///< how many
    std::uint64_t bytes = std::uint64_t{4} << 30;  ///< of their bodies; 4 GiB by default

    /// How long the first of them may have waited already. Unlimited by default: old entries may
    /// be ones whose handlers fail, which says nothing about new ones.
    seconds age = seconds::unlimited();
};

/// How an inbox is set up.
struct inbox_options {
    inbox_limits limits = {};  ///< how much may wait

    /// How long bodies are kept once their messages were handled; their keys are kept as long as
    /// their endpoints say. Dead entries keep their bodies. Up to 10 years.
    seconds keep_bodies{86'400};
};

/// Where a message came in, and what is to be known of it.
struct arrival {
    identification as = {};            ///< how the message is recognised
    std::string_view event_type = {};  ///< if known; kept only in up to 128 visible characters
    std::string_view partition = {};   ///< up to 256 bytes; beyond, it is cut off
    seconds retention{604'800};        ///< how long its key is remembered
};

/// Keeps verified messages until they are handled: what it has accepted is safe, and accepted once.
/// `worker` works it off. Copies stand for the same inbox; any number of threads may use them.
template <inbox_store Store, fine_clock_source Clock = system_clock>
class inbox {
public:
    /// Where entries are kept.
    using store_type = Store;

    /// Throws `exception` with `invalid_option` where `try_create` returns it.
    explicit inbox(Store store, const inbox_options& options = {}, Clock clock = {})
        : inbox(try_create(std::move(store), options, std::move(clock)).value()) {}

    /// As the constructor, with the error as a value.
    [[nodiscard]] static result<inbox> try_create(Store store, const inbox_options& options = {},
                                                  Clock clock = {}) {
        if (options.limits.entries == 0 || options.limits.bytes == 0 ||
            options.limits.age.count() < 1) {
            return unexpected(errc::invalid_option,
                              "an inbox in which nothing may wait accepts nothing");
        }
        if (options.keep_bodies.count() < 0 ||
            options.keep_bodies.count() > 3650 * detail::one_day) {
            return unexpected(errc::invalid_option, "bodies are kept 0 seconds to 10 years");
        }
        return inbox(std::make_shared<shared>(std::move(store), options, std::move(clock)));
    }

    /// Stores `message`. Only when this has returned `stored` or `duplicate` is it safe, and may
    /// its sender be told so. Blocks until the store has made it durable: never to be called from
    /// an event loop. Calls at the same time share one transaction.
    ///
    /// Errors: `overloaded` when too much waits; `shutting_down`; `store_unavailable`;
    /// `internal_error`.
    [[nodiscard]] result<acceptance> accept(const verified_message& message,
                                            const arrival& from) const noexcept {
        if (state_->closed.load(std::memory_order_relaxed)) {
            return unexpected(errc::shutting_down, "inbox");
        }
        const auto identity = identify(message, from.as);
        if (!identity) return unexpected(identity.error());
        const std::int64_t now = state_->clock.milliseconds();
        if (auto room = check_room(message.body().size(), now); !room) {
            return unexpected(room.error());
        }
        const std::string_view id = from.as.id.empty() ? message.id() : from.as.id;
        const new_entry entry{
            .key = identity->key,
            .body_key = identity->body_key,
            .drop_same_body = from.as.same_body == same_body::drop,
            .provider = from.as.provider,
            .endpoint = from.as.endpoint,
            .message_id = plain(id, verified_message::max_id),
            .event_type = plain(from.event_type, verified_message::max_event_type),
            .partition = from.partition.substr(0, 256),
            .body = message.body(),
            .proof = {.timestamp = message.timestamp(),
                      .key_index = message.key_index(),
                      .body_is_signed = message.body_is_signed(),
                      .id_is_signed =
                          from.as.id.empty() ? message.id_is_signed() : message.body_is_signed(),
                      .replay_possible = message.replay_possible(),
                      .assumed = !message.assumed_because().empty()},
            .accepted_at = now,
            .keep_until = detail::later(now, from.retention)};
        auto accepted = state_->group.accept(state_->store, entry);
        if (accepted && *accepted == acceptance::stored) {
            count(message.body().size());
            add_news();
            state_->arrived.notify_one();
        }
        return accepted;
    }

    /// From now on `accept` answers `shutting_down`. What was accepted stays.
    void close() const noexcept {
        state_->closed.store(true, std::memory_order_relaxed);
        wake();
    }

    /// Makes a dead entry ready again. False if it is not dead, or its body is gone. Errors: those
    /// of the store.
    [[nodiscard]] result<bool> redrive(std::int64_t number) const noexcept {
        auto done = state_->store.redrive(number, state_->clock.milliseconds());
        if (done && *done) {
            add_news();
            state_->arrived.notify_one();
        }
        return done;
    }

    /// Removes up to `most` bodies and keys that need not be kept any more; returns how many
    /// entries that were. To be called until it returns 0, now and then: `workers` do it. Errors:
    /// those of the store.
    [[nodiscard]] result<std::size_t> purge(std::size_t most = 1000) const noexcept {
        const std::int64_t now = state_->clock.milliseconds();
        return state_->store.purge(
            {.now = now,
             .bodies_before = now - state_->options.keep_bodies.count() * 1000,
             .most = most});
    }

    /// How often something was accepted or made ready in this process, or `wake` was called.
    /// Whoever looks for an entry reads it first and, if there is none, gives it to `wait`: so
    /// nothing that comes in between is missed.
    [[nodiscard]] std::uint64_t news() const noexcept {
        const std::lock_guard lock(state_->mutex);
        return state_->news;
    }

    /// Waits until there are more news than `seen`, but at most `milliseconds`. What was accepted
    /// wakes one of those who wait.
    void wait(std::uint64_t seen, std::int64_t milliseconds) const {
        std::unique_lock lock(state_->mutex);
        state_->arrived.wait_for(lock, std::chrono::milliseconds(milliseconds),
                                 [&] { return state_->news != seen; });
    }

    /// Lets all return that wait.
    void wake() const noexcept {
        add_news();
        state_->arrived.notify_all();
    }

    /// The store: to list entries, to look at one, to count them.
    [[nodiscard]] Store& store() const noexcept { return state_->store; }

    /// The clock.
    [[nodiscard]] const Clock& clock() const noexcept { return state_->clock; }

private:
    struct shared {
        shared(Store store_, const inbox_options& options_, Clock clock_)
            : store(std::move(store_)), options(options_), clock(std::move(clock_)) {}

        Store store;
        const inbox_options options;
        const Clock clock;
        detail::group_commit group{Store::max_batch};
        std::atomic<bool> closed = false;

        std::mutex mutex;
        std::condition_variable arrived;
        std::uint64_t news = 0;

        std::mutex counting;
        inbox_backlog backlog;  // as it was counted, and what was accepted since
        std::int64_t count_again_at = INT64_MIN;
    };

    explicit inbox(std::shared_ptr<shared> state) noexcept : state_(std::move(state)) {}

    void add_news() const noexcept {
        const std::lock_guard lock(state_->mutex);
        ++state_->news;
    }

    static std::string_view plain(std::string_view text, std::size_t most) noexcept {
        return text.size() <= most && detail::is_visible_ascii(text) ? text : std::string_view();
    }

    // Counting costs more the more there is, so it is done less often then.
    [[nodiscard]] result<void> check_room(std::size_t size, std::int64_t now) const noexcept {
        const inbox_limits& limits = state_->options.limits;
        const std::lock_guard lock(state_->counting);
        inbox_backlog& backlog = state_->backlog;
        // A clock that was set back must not let the count grow old.
        if (now >= state_->count_again_at || state_->count_again_at > now + 60'000) {
            const auto counted = state_->store.backlog();
            if (!counted) return unexpected(counted.error());
            backlog = *counted;
            const std::int64_t took = state_->clock.milliseconds() - now;
            state_->count_again_at = now + std::clamp<std::int64_t>(20 * took, 1'000, 60'000);
        }
        if (backlog.entries >= limits.entries) {
            return unexpected(errc::overloaded, "entries that wait");
        }
        if (backlog.bytes + size > limits.bytes) {
            return unexpected(errc::overloaded, "bytes that wait");
        }
        if (backlog.oldest && (now - *backlog.oldest) / 1000 > limits.age.count()) {
            return unexpected(errc::overloaded, "age of what waits");
        }
        return {};
    }

    void count(std::size_t size) const noexcept {
        const std::lock_guard lock(state_->counting);
        ++state_->backlog.entries;
        state_->backlog.bytes += size;
    }

    std::shared_ptr<shared> state_;
};

}  // namespace webhookpp

// <webhookpp/verified_stream.hpp>
// The proof that a body was verified while it passed, and what is known about it.

namespace webhookpp {

namespace detail {
struct stream_factory;
}

/// A message whose sender is proved, and whose body has passed in pieces of which none was kept: a
/// `verified_message` without a body, so that no parser takes it. Only `incremental_verification`
/// makes one. Owns all that it tells.
class verified_stream : private verified_message {
public:
    using verified_message::max_id;

    // Each as in `verified_message`.
    using verified_message::body_is_signed;
    using verified_message::event_type;
    using verified_message::id;
    using verified_message::id_is_signed;
    using verified_message::key_index;
    using verified_message::replay_possible;
    using verified_message::skipped_tokens;
    using verified_message::timestamp;

private:
    friend struct detail::stream_factory;
    explicit verified_stream(const verified_message& about) noexcept : verified_message(about) {}
};

namespace detail {

struct stream_factory {
    [[nodiscard]] static verified_stream make(const verified_message& about) noexcept {
        return verified_stream(about);
    }
};

}  // namespace detail

}  // namespace webhookpp

// <webhookpp/incremental_verifier.hpp>
// Proves who sent a delivery while its body is still arriving.

namespace webhookpp {

/// The verification of one delivery, from its headers to the end of its body: what
/// `incremental_verifier::begin` returns. Give it the pieces of the body in their order with
/// `update`, then ask for the verdict with `finish`. Until then nothing is proved, and what a host
/// does with the pieces must be undone if the verdict is a refusal.
///
/// Owns all that it needs: the verifier, its keys and the headers may be gone. Takes about 5 KiB
/// whatever the size of the body, 1 KiB more for each key beyond the first, and what the headers
/// take beyond 1 KiB. Wipes its copies of key states. For one thread at a time.
template <clock_source Clock = system_clock>
class incremental_verification {
public:
    /// Takes the next piece of the body, of any size, and keeps none of it. Like a body, a piece is
    /// whatever holds contiguous bytes; a temporary will do.
    ///
    /// Errors: `body_too_large` as soon as the limit is exceeded; from then on it is the error of
    /// every call. `internal_error` after `finish`.
    template <detail::byte_container Piece>
    [[nodiscard]] result<void> update(const Piece& piece) noexcept {
        if (!running_) return moved_from();
        return running_->update(detail::text_of(piece));
    }

    /// Decides whether the pieces are a body whose sender has one of the keys, sent within the
    /// tolerance of the time that it is now. To be called once, at the end of the body: a body that
    /// was cut off is refused like a forged one.
    ///
    /// Errors: `body_too_large`, `signature_mismatch`, `timestamp_too_old`, `timestamp_too_new`;
    /// `internal_error` when OpenSSL fails or has failed, and when called twice.
    [[nodiscard]] result<verified_stream> finish() && noexcept {
        if (!running_) return moved_from();
        const auto about = running_->finish(clock_.now());
        if (!about) return unexpected(about.error());
        return detail::stream_factory::make(*about);
    }

    /// As above, for a host that has kept the body, in memory or mapped from a file, and wants to
    /// parse it. `body` must outlive the message and has to hold the pieces, all in their order:
    /// its signature is checked as well, so that no other bytes can pass for verified ones. Costs
    /// one more pass over the body.
    ///
    /// Errors: as above; `internal_error` when `body` is not what was given to `update`.
    [[nodiscard]] result<verified_message> finish(const body_view& body) && noexcept {
        if (!running_) return moved_from();
        return running_->finish(body, clock_.now());
    }

private:
    template <const scheme&, clock_source>
    friend class incremental_verifier;

    incremental_verification(detail::owner<detail::running_verification> running, Clock clock)
        : running_(std::move(running)), clock_(std::move(clock)) {}

    static unexpected moved_from() noexcept {
        return unexpected(errc::internal_error, "the verification was moved away");
    }

    detail::owner<detail::running_verification> running_;
    [[no_unique_address]] Clock clock_;
};

/// Verifies as `verifier` does, with the same scheme, keys, options and verdicts, deliveries whose
/// body arrives in pieces: starts with the headers, keeps nothing of the body, and refuses early
/// where headers alone decide. For schemes that sign with a shared secret and end with the body;
/// for others it does not compile, and says why.
///
/// Where a scheme has both kinds of keys (`standard_webhooks`), only its shared secrets (`v1`) are
/// tried; signatures by key pairs (`v1a`) are counted as skipped. There has to be a secret.
///
/// Threads, moves and the clock: as with `verifier`. A verification copies the clock.
template <const scheme& Scheme, clock_source Clock = system_clock>
class incremental_verifier {
    static_assert(Scheme.algorithm != algorithm::token,
                  "a token signs no body, so there is nothing to verify while it arrives: use "
                  "webhookpp::verifier when the headers are there");
    static_assert(Scheme.algorithm == algorithm::token || detail::uses_hmac(Scheme),
                  "signatures by key pairs need the whole body at once: use webhookpp::verifier");
    static_assert(!Scheme.signs(content_part::kind::form),
                  "the fields of a form are signed in sorted order, which needs the whole body at "
                  "once: use webhookpp::verifier");
    static_assert(Scheme.content.count == 0 || Scheme.signs(content_part::kind::form) ||
                      detail::ends_with_body(Scheme),
                  "the .content has to end with the body, after parts that are signed as they "
                  "are: use webhookpp::verifier");

public:
    /// Makes a verifier with these keys, of which 4 may be public and 8 in all.
    ///
    /// Throws `exception` where `try_create` returns the error.
    explicit incremental_verifier(const key& only, const verifier_options& options = {},
                                  Clock clock = {})
        : incremental_verifier(std::span(&only, 1), options, std::move(clock)) {}
    incremental_verifier(std::initializer_list<key> keys, const verifier_options& options = {},
                         Clock clock = {})
        : incremental_verifier(std::span(keys.begin(), keys.size()), options, std::move(clock)) {}
    explicit incremental_verifier(std::span<const key> keys, const verifier_options& options = {},
                                  Clock clock = {})
        : incremental_verifier(try_create(keys, options, std::move(clock)).value()) {}

    /// As the constructors, with the error as a value: those of `any_verifier::try_create`, and
    /// `key_wrong_prefix` when none of the keys is a secret.
    [[nodiscard]] static result<incremental_verifier> try_create(
        std::span<const key> keys, const verifier_options& options = {}, Clock clock = {}) {
        auto core =
            detail::verifier_core::create(Scheme, keys, options, detail::usable_keys::secrets);
        if (!core) return unexpected(core.error());
        return incremental_verifier(*std::move(core), std::move(clock));
    }

    /// Starts the verification of a delivery. `headers` have to live during this call only.
    /// `method` counts where the scheme signs it.
    ///
    /// Errors, in the order of the checks: `missing_header`, `header_too_large`,
    /// `duplicate_header`, `invalid_id`, `invalid_timestamp`, `invalid_header`,
    /// `too_many_signatures`, `no_supported_signature`; `internal_error` when memory ran out. Then
    /// the delivery is refused, and its body need not be read. Whether the timestamp is within the
    /// tolerance is told by `finish`, once the signature has matched.
    [[nodiscard]] result<incremental_verification<Clock>> begin(
        const header_source& headers, std::string_view method = "POST") const noexcept {
        auto running = detail::running_verification::begin(core_, headers, method);
        if (!running) return unexpected(running.error());
        return incremental_verification<Clock>(*std::move(running), clock_);
    }

    /// Exchanges the keys. Verifications that have begun finish with the old ones. If a key is
    /// refused, the old keys stay. Errors: as for `try_create`.
    [[nodiscard]] result<void> replace(std::span<const key> keys) const {
        return core_.replace(keys);
    }
    [[nodiscard]] result<void> replace(std::initializer_list<key> keys) const {
        return replace(std::span(keys.begin(), keys.size()));
    }

private:
    incremental_verifier(detail::verifier_core core, Clock clock)
        : core_(std::move(core)), clock_(std::move(clock)) {}

    detail::verifier_core core_;
    [[no_unique_address]] Clock clock_;
};

}  // namespace webhookpp

// <webhookpp/replay_guard.hpp>
// Handles each message once: for receivers that work a delivery off before they answer it.

namespace webhookpp {

/// What a store says of a key that somebody wants to reserve.
struct reservation {
    /// Whose the key is.
    enum class state : std::uint8_t {
        fresh,        ///< it is reserved for the caller now, until `until`
        in_progress,  ///< somebody else has it, until `until`
        duplicate,    ///< it is committed, and remembered until `until`
    };

    /// Whose the key is.
    state which = state::fresh;

    /// Proves whose reservation it is: a number that the key has never had before. 0 if not fresh.
    std::int64_t fence = 0;

    std::int64_t until = 0;  ///< Unix milliseconds
};

/// Where keys are reserved and remembered. Each operation is atomic for its key, whoever calls it:
/// threads, and for all but the memory store also other processes. All times are Unix milliseconds
/// or, for leases, milliseconds. Each answers `store_unavailable` when it cannot tell, and
/// `overloaded` when there is no room for another key.
///
/// - `reserve(key, now, lease)`: `fresh` if nobody has the key, or had it until `now`. A lease that
///   ends later than two leases from now is over too: the clock was set back.
/// - `commit(key, fence, now, keep_until)`: remembers it. False if the reservation is not the
///   caller's any more.
/// - `release(key, fence)`: forgets it. False as before.
/// - `extend(key, fence, now, lease)`: lets the reservation last until `now + lease`. False as
///   before, and when it is over.
/// - `forget(now, most)`: removes up to `most` keys whose time is over; returns how many.
///
/// A handle: copies stand for the same store, and all may be used by any number of threads.
template <class Store>
concept replay_store = std::copy_constructible<Store> &&
    requires(Store& store, const message_key& key, std::int64_t number, std::size_t most) {
    { store.reserve(key, number, number) }
    noexcept->std::same_as<result<reservation>>;
    { store.commit(key, number, number, number) }
    noexcept->std::same_as<result<bool>>;
    { store.release(key, number) }
    noexcept->std::same_as<result<bool>>;
    { store.extend(key, number, number, number) }
    noexcept->std::same_as<result<bool>>;
    { store.forget(number, most) }
    noexcept->std::same_as<result<std::size_t>>;
};

/// How a guard is set up.
struct replay_guard_options {
    /// Tells the messages of this endpoint from those of the provider's other ones: 1 to 128
    /// visible ASCII characters.
    std::string endpoint = "default";

    /// How long a handler may take. After that, a retry is handled even though the first may still
    /// be at work. 1 second to 1 day.
    seconds lease{60};

    /// How long a message is remembered; by default `scheme::retention`. At least as long as the
    /// tolerance, of the scheme and of the receiver's verifier, lets a delivery be repeated.
    std::optional<seconds> retention = std::nullopt;

    /// A guard keeps one key for each message, so it cannot `flag` a body that it has seen: with
    /// that, messages with ids of their own are told apart by these alone.
    webhookpp::same_body same_body = same_body::flag;
};

/// A reservation of one message.
struct guarded_message {
    message_key key;       ///< what the message is remembered by
    reservation reserved;  ///< what the store said

    /// Whether the message is the caller's to handle.
    [[nodiscard]] bool is_fresh() const noexcept {
        return reserved.which == reservation::state::fresh;
    }
};

/// Lets each message of one endpoint through once. A message is reserved before its handler runs,
/// and committed or released after that. If the program dies in between, a retry gets it when the
/// lease is over: at least once, and at most once within the lease.
///
/// Asked only after verification, so that nobody else can use up ids. Immutable; any number of
/// threads may use one.
template <replay_store Store, fine_clock_source Clock = system_clock>
class replay_guard {
public:
    /// Remembers messages of `described` in `store`.
    ///
    /// Throws `exception` with `invalid_option` where `try_create` returns it.
    replay_guard(Store store, const scheme& described, replay_guard_options options = {},
                 Clock clock = {})
        : replay_guard(try_create(std::move(store), described, std::move(options), std::move(clock))
                           .value()) {}

    /// As the constructor, with the error as a value.
    [[nodiscard]] static result<replay_guard> try_create(Store store, const scheme& described,
                                                         replay_guard_options options = {},
                                                         Clock clock = {}) {
        const seconds retention = options.retention.value_or(described.retention);
        if (auto bad = detail::check_endpoint(options.endpoint); !bad)
            return unexpected(bad.error());
        if (auto bad = detail::check_lease(options.lease); !bad) return unexpected(bad.error());
        if (auto bad = detail::check_retention(retention, described, described.tolerance); !bad) {
            return unexpected(bad.error());
        }
        return replay_guard(std::move(store), described, std::move(options), retention,
                            std::move(clock));
    }

    /// Reserves `message`. `id`: its id, where that stands in the body.
    ///
    /// Errors: those of the store, and then the message must not be handled; `internal_error`.
    [[nodiscard]] result<guarded_message> reserve(const verified_message& message,
                                                  std::string_view id = {}) const noexcept {
        const auto identity = identify(message, {.provider = provider_.view(),
                                                 .endpoint = options_.endpoint,
                                                 .id = id,
                                                 .same_body = options_.same_body,
                                                 .repeats_bodies = repeats_bodies_});
        if (!identity) return unexpected(identity.error());
        // One key for each message: of two that a body shares, the second would have to be
        // reserved too.
        const bool by_body = identity->body_key && options_.same_body == same_body::drop;
        const message_key& key = by_body ? *identity->body_key : identity->key;
        const auto reserved = store_.reserve(key, clock_.milliseconds(), lease());
        if (!reserved) return unexpected(reserved.error());
        return guarded_message{key, *reserved};
    }

    /// Remembers that the message was handled. False if the lease was over and somebody else has
    /// it. Errors: those of the store.
    [[nodiscard]] result<bool> commit(const guarded_message& mine) const noexcept {
        const std::int64_t now = clock_.milliseconds();
        return store_.commit(mine.key, mine.reserved.fence, now, detail::later(now, retention_));
    }

    /// Gives the message back, for a retry to be handled at once. As `commit`.
    [[nodiscard]] result<bool> release(const guarded_message& mine) const noexcept {
        return store_.release(mine.key, mine.reserved.fence);
    }

    /// Begins the lease anew, for handlers that take long. As `commit`; false also when the lease
    /// is over.
    [[nodiscard]] result<bool> extend(const guarded_message& mine) const noexcept {
        return store_.extend(mine.key, mine.reserved.fence, clock_.milliseconds(), lease());
    }

    /// Removes up to `most` messages that need not be remembered any more, of all endpoints of the
    /// store; returns how many. To be called now and then. Errors: those of the store.
    [[nodiscard]] result<std::size_t> forget(std::size_t most = 1000) const noexcept {
        return store_.forget(clock_.milliseconds(), most);
    }

    /// How long a message is remembered.
    [[nodiscard]] seconds retention() const noexcept { return retention_; }

private:
    replay_guard(Store store, const scheme& described, replay_guard_options options,
                 seconds retention, Clock clock)
        : store_(std::move(store)),
          provider_(described.name),
          repeats_bodies_(described.repeats_bodies),
          options_(std::move(options)),
          retention_(retention),
          clock_(std::move(clock)) {}

    [[nodiscard]] std::int64_t lease() const noexcept { return options_.lease.count() * 1000; }

    mutable Store store_;
    fixed_text<128> provider_;
    bool repeats_bodies_;
    replay_guard_options options_;
    seconds retention_;
    Clock clock_;
};

}  // namespace webhookpp

// <webhookpp/retry_schedule.hpp>
// When a failed attempt is repeated.

namespace webhookpp {

/// Exponential backoff with full jitter: before the next attempt a random time passes, between
/// nothing and twice as long as at most before, so that what failed together is not tried again
/// together.
struct retry_schedule {
    seconds first{1};       ///< the longest delay after the first attempt: 1 second to `longest`
    seconds longest{3600};  ///< no delay is longer: up to 1 day
    std::uint32_t attempts = 12;  ///< after so many, 1 to 1,000, an entry is dead

    /// The longest delay after `attempt`, from 1, in milliseconds.
    [[nodiscard]] constexpr std::int64_t longest_delay(std::uint32_t attempt) const noexcept {
        std::int64_t delay = first.count() * 1000;
        const std::int64_t end = longest.count() * 1000;
        for (std::uint32_t i = 1; i < attempt && delay < end; ++i) delay *= 2;
        return delay < end ? delay : end;
    }

    /// A delay after `attempt`, from 1, in milliseconds: between 0 and the longest one.
    [[nodiscard]] std::int64_t delay(std::uint32_t attempt) const noexcept {
        const auto most = static_cast<std::uint64_t>(longest_delay(attempt));
        unsigned char random[8];
        // Without randomness the longest delay still spares whoever is overloaded.
        if (!crypto::fill_random(random)) return static_cast<std::int64_t>(most);
        std::uint64_t number = 0;
        for (const unsigned char byte : random) number = number << 8 | byte;
        return static_cast<std::int64_t>(number % (most + 1));
    }
};

}  // namespace webhookpp

// <webhookpp/stores/detail/connection_pool.hpp>
// A bounded number of connections to a server, lent to whoever has something to ask it.

namespace webhookpp::stores::detail {

/// Lends connections, opens them when they are needed, and closes those that are broken.
/// `Connection::usable()` says, without waiting for the server, whether an idle one can be lent.
template <class Connection>
class connection_pool : public std::enable_shared_from_this<connection_pool<Connection>> {
public:
    using opener = std::function<result<std::unique_ptr<Connection>>()>;

    connection_pool(std::size_t most, std::chrono::milliseconds patience, std::string_view busy,
                    opener open)
        : most_(most), patience_(patience), busy_(busy), open_(std::move(open)) {
        idle_.reserve(most);
    }

    /// A connection on loan. Gives it back at the end of its life, or closes it if it is broken.
    class loan {
    public:
        loan(std::shared_ptr<connection_pool> pool, std::unique_ptr<Connection> lent) noexcept
            : pool_(std::move(pool)), lent_(std::move(lent)) {}
        loan(loan&& other) noexcept = default;
        loan& operator=(loan&& other) noexcept {
            give_back();
            pool_ = std::move(other.pool_);
            lent_ = std::move(other.lent_);
            return *this;
        }
        loan(const loan&) = delete;
        loan& operator=(const loan&) = delete;
        ~loan() { give_back(); }

        void give_back() noexcept {
            if (pool_) std::exchange(pool_, nullptr)->take_back(std::move(lent_));
        }

        [[nodiscard]] Connection* get() const noexcept { return lent_.get(); }
        Connection* operator->() const noexcept { return lent_.get(); }
        Connection& operator*() const noexcept { return *lent_; }

    private:
        friend class connection_pool;

        std::shared_ptr<connection_pool> pool_;
        std::unique_ptr<Connection> lent_;
    };

    /// Waits until fewer than `most - spare` connections are on loan. Errors: `store_unavailable`
    /// when none gets free in time, or none can be opened.
    result<loan> borrow(std::size_t spare = 0) {
        loan made = admit(spare);
        if (!made.pool_) return unexpected(errc::store_unavailable, busy_);
        if (made.lent_ && made.lent_->usable()) return made;
        made.lent_.reset();  // before the server is asked for another one
        auto opened = open_();
        if (!opened) return unexpected(opened.error());
        made.lent_ = std::move(*opened);
        return made;
    }

private:
    // A loan, perhaps of no connection yet; or none at all.
    loan admit(std::size_t spare) {
        std::unique_lock lock(mutex_);
        if (!returned_.wait_for(lock, patience_, [&] { return lent_ + spare < most_; })) {
            return loan(nullptr, nullptr);
        }
        loan made(this->shared_from_this(), nullptr);
        ++lent_;
        if (!idle_.empty()) {
            made.lent_ = std::move(idle_.back());
            idle_.pop_back();
        }
        return made;
    }

    void take_back(std::unique_ptr<Connection> lent) noexcept {
        const bool good = lent && lent->usable();
        {
            const std::lock_guard lock(mutex_);
            --lent_;
            if (good) idle_.push_back(std::move(lent));  // there is room: it was reserved
        }
        // All, since they wait for different numbers of connections.
        returned_.notify_all();
    }

    const std::size_t most_;
    const std::chrono::milliseconds patience_;
    const std::string_view busy_;
    const opener open_;
    std::mutex mutex_;
    std::condition_variable returned_;
    std::size_t lent_ = 0;
    std::vector<std::unique_ptr<Connection>> idle_;
};

}  // namespace webhookpp::stores::detail

// <webhookpp/stores/detail/key_hash.hpp>
// Finds keys of messages in hash tables.

namespace webhookpp::stores::detail {

// Keys are digests already; the seed keeps those who know their keys from choosing buckets.
struct key_hash {
    std::uint64_t seed = 0;

    std::size_t operator()(const message_key& key) const noexcept {
        std::uint64_t first = 0;
        std::memcpy(&first, key.bytes().data(), sizeof first);
        return static_cast<std::size_t>((first ^ seed) * 0x9E37'79B9'7F4A'7C15ULL >> 7);
    }
};

[[nodiscard]] inline std::uint64_t random_seed() noexcept {
    std::uint64_t seed = 0;
    unsigned char bytes[sizeof seed] = {};
    if (crypto::fill_random(bytes)) std::memcpy(&seed, bytes, sizeof seed);
    return seed;
}

}  // namespace webhookpp::stores::detail

// <webhookpp/stores/detail/memory_entries.hpp>
// The entries that inboxes keep in memory.

namespace webhookpp::stores::detail {

/// The entries of an inbox, behind one mutex. Where memory runs out, nothing has changed but counts
/// of duplicates: what takes memory comes before what changes anything.
class entry_table {
public:
    explicit entry_table(std::size_t most) : most_(most) {}

    /// False if there is no room.
    bool accept(std::span<const new_entry> added, std::span<acceptance> outcomes) {
        const std::lock_guard lock(mutex_);
        if (entries_.size() + added.size() > most_) return false;
#if defined(__cpp_exceptions)
        const std::int64_t before = last_number_;
        try {
            for (std::size_t i = 0; i < added.size(); ++i) outcomes[i] = accept_one(added[i]);
        } catch (...) {
            forget_after(before);
            throw;
        }
#else
        for (std::size_t i = 0; i < added.size(); ++i) outcomes[i] = accept_one(added[i]);
#endif
        return true;
    }

    std::optional<entry> claim(const claim_request& request) {
        const std::lock_guard lock(mutex_);
        record* const found = claimable(request);
        if (!found) return std::nullopt;
        const auto take = [&request](entry& taken) {
            taken.state = entry_state::leased;
            taken.ready_at.reset();
            taken.lease_until = request.now + request.lease;
            ++taken.attempts;
            ++taken.fence;
        };
        std::optional<entry> copy(found->kept);
        take(*copy);
        unlist(*found);
        take(found->kept);
        list(*found);
        return copy;
    }

    bool renew(const lease& mine, std::int64_t until) {
        const std::lock_guard lock(mutex_);
        record* const found = held(mine);
        if (!found) return false;
        unlist(*found);
        found->kept.lease_until = until;
        list(*found);
        return true;
    }

    bool settle(const lease& mine, const ending& how, std::int64_t now) {
        const std::lock_guard lock(mutex_);
        record* const found = held(mine);
        if (!found) return false;
        std::string why(how.error.substr(0, ending::max_error));
        unlist(*found);
        entry& ended = found->kept;
        ended.state = how.state;
        ended.lease_until = 0;
        if (how.counts) {
            ended.last_error = std::move(why);
        } else {
            --ended.attempts;
        }
        ++ended.fence;
        ended.keep_until = (std::max)(ended.keep_until, how.keep_until);
        if (how.state == entry_state::ready) {
            ended.ready_at = how.ready_at;
        } else {
            ended.finished_at = now;
            leave_partition(ended, now);
        }
        list(*found);
        return true;
    }

    std::optional<entry> find(std::int64_t number) {
        const std::lock_guard lock(mutex_);
        const auto found = entries_.find(number);
        if (found == entries_.end()) return std::nullopt;
        return found->second.kept;
    }

    std::vector<entry> list_entries(const entry_query& query) {
        const std::lock_guard lock(mutex_);
        std::vector<entry> found;
        for (auto at = entries_.upper_bound(query.after);
             at != entries_.end() && found.size() < query.most; ++at) {
            const entry& each = at->second.kept;
            if (query.state && each.state != *query.state) continue;
            if (!query.endpoint.empty() && each.endpoint != query.endpoint) continue;
            found.push_back(each);
            found.back().body.reset();
        }
        return found;
    }

    bool redrive(std::int64_t number, std::int64_t now) {
        const std::lock_guard lock(mutex_);
        const auto found = entries_.find(number);
        if (found == entries_.end()) return false;
        entry& dead = found->second.kept;
        if (dead.state != entry_state::dead || !dead.body) return false;
        dead.ready_at = enter_partition(dead, now);
        dead.state = entry_state::ready;
        dead.attempts = 0;
        dead.finished_at = 0;
        ++dead.fence;
        list(found->second);
        return true;
    }

    std::size_t purge(const purge_request& request) {
        const std::lock_guard lock(mutex_);
        std::size_t touched = 0;
        for (auto at = entries_.begin(); at != entries_.end() && touched < request.most;) {
            entry& each = at->second.kept;
            const bool finished =
                each.state == entry_state::done || each.state == entry_state::dead;
            if (finished && each.keep_until < request.now) {
                keys_.erase(each.key);
                forget_body(each.number);
                at = entries_.erase(at);
                ++touched;
                continue;
            }
            if (each.state == entry_state::done && each.body &&
                each.finished_at < request.bodies_before) {
                each.body.reset();
                ++touched;
            }
            ++at;
        }
        return touched;
    }

    inbox_backlog backlog() {
        const std::lock_guard lock(mutex_);
        return waiting();
    }

    inbox_stats stats() {
        const std::lock_guard lock(mutex_);
        inbox_stats counted;
        for (const auto& [number, each] : entries_) {
            switch (each.kept.state) {
                case entry_state::ready: ++counted.ready; break;
                case entry_state::leased: ++counted.leased; break;
                case entry_state::done: ++counted.done; break;
                case entry_state::dead: ++counted.dead; break;
            }
            counted.duplicates += each.kept.duplicates;
        }
        counted.backlog = waiting();
        return counted;
    }

private:
    // Entries by a time, and then by their number.
    using order = std::set<std::pair<std::int64_t, std::int64_t>>;

    // An entry, with the nodes of the orders in which it may stand, while it does not.
    struct record {
        entry kept;
        order::node_type in_line = {};  // of `ready_` or `leased_`
        order::node_type waiting = {};
    };

    acceptance accept_one(const new_entry& from) {
        if (const auto known = keys_.find(from.key); known != keys_.end()) {
            ++entries_.at(known->second).kept.duplicates;
            return acceptance::duplicate;
        }
        const auto same_body = from.body_key ? bodies_.find(*from.body_key) : bodies_.end();
        if (same_body != bodies_.end() && from.drop_same_body) {
            ++entries_.at(*same_body->second.begin()).kept.duplicates;
            return acceptance::duplicate;
        }
        entry made;
        made.number = ++last_number_;
        made.key = from.key;
        made.provider = from.provider;
        made.endpoint = from.endpoint;
        made.message_id = from.message_id;
        made.event_type = from.event_type;
        made.partition = from.partition;
        made.body = std::string(from.body);
        made.body_size = from.body.size();
        made.proof = from.proof;
        made.accepted_at = from.accepted_at;
        made.keep_until = from.keep_until;
        made.possible_replay = same_body != bodies_.end();
        const std::int64_t number = made.number;
        record& added = entries_.emplace(number, record{std::move(made), make_node(), make_node()})
                            .first->second;
        keys_.emplace(from.key, number);
        if (from.body_key) {
            body_keys_.emplace(number, *from.body_key);
            bodies_[*from.body_key].insert(number);
        }
        added.kept.ready_at = enter_partition(added.kept, from.accepted_at);
        list(added);
        return acceptance::stored;
    }

    // Takes out all that were added after the one with this number, or begun to be.
    void forget_after(std::int64_t number) noexcept {
        for (auto at = entries_.upper_bound(number); at != entries_.end();) {
            entry& each = at->second.kept;
            unlist(at->second);
            static_cast<void>(left_in_partition(each));  // it was the last one
            keys_.erase(each.key);
            forget_body(each.number);
            at = entries_.erase(at);
        }
    }

    static order::node_type make_node() {
        order one;
        one.emplace();
        return one.extract(one.begin());
    }

    // The first of a partition is ready at once; those behind it wait for their turn.
    std::optional<std::int64_t> enter_partition(const entry& added, std::int64_t now) {
        if (added.partition.empty()) return now;
        auto& queue = partitions_[added.partition];
        queue.insert(added.number);
        if (queue.size() > 1) return std::nullopt;
        return now;
    }

    void leave_partition(const entry& finished, std::int64_t now) noexcept {
        const auto* const left = left_in_partition(finished);
        if (!left) return;
        record& next = entries_.at(*left->begin());
        unlist(next);
        next.kept.ready_at = now;
        list(next);
    }

    // Takes an entry out of its partition. Returns the others, if there are any.
    const std::set<std::int64_t>* left_in_partition(const entry& leaving) noexcept {
        if (leaving.partition.empty()) return nullptr;
        const auto queue = partitions_.find(leaving.partition);
        if (queue == partitions_.end()) return nullptr;
        queue->second.erase(leaving.number);
        if (!queue->second.empty()) return &queue->second;
        partitions_.erase(queue);
        return nullptr;
    }

    // Keep the orders in which entries are looked for in step with the entry. Take no memory.
    void list(record& each) noexcept {
        const entry& kept = each.kept;
        const auto put = [&kept](order& in, order::node_type& node, std::int64_t time) {
            node.value() = {time, kept.number};
            in.insert(std::move(node));
        };
        if (kept.state == entry_state::ready && kept.ready_at) {
            put(ready_, each.in_line, *kept.ready_at);
        }
        if (kept.state == entry_state::leased) put(leased_, each.in_line, kept.lease_until);
        if (kept.state == entry_state::ready || kept.state == entry_state::leased) {
            put(waiting_, each.waiting, kept.accepted_at);
            waiting_bytes_ += kept.body_size;
        }
    }
    void unlist(record& each) noexcept {
        const entry& kept = each.kept;
        const auto take = [&kept](order& from, order::node_type& node, std::int64_t time) {
            if (auto found = from.extract({time, kept.number})) node = std::move(found);
        };
        if (kept.state == entry_state::ready && kept.ready_at) {
            take(ready_, each.in_line, *kept.ready_at);
        }
        if (kept.state == entry_state::leased) take(leased_, each.in_line, kept.lease_until);
        if (each.waiting.empty()) {
            take(waiting_, each.waiting, kept.accepted_at);
            waiting_bytes_ -= kept.body_size;
        }
    }

    record* claimable(const claim_request& request) {
        if (!leased_.empty()) {
            if (leased_.begin()->first <= request.now) {
                return &entries_.at(leased_.begin()->second);
            }
            const auto last = std::prev(leased_.end());
            if (last->first > request.now + 2 * request.lease) return &entries_.at(last->second);
        }
        if (ready_.empty() || ready_.begin()->first > request.now) return nullptr;
        return &entries_.at(ready_.begin()->second);
    }

    record* held(const lease& mine) {
        const auto found = entries_.find(mine.number);
        if (found == entries_.end() || found->second.kept.state != entry_state::leased ||
            found->second.kept.fence != mine.fence) {
            return nullptr;
        }
        return &found->second;
    }

    // A body stays known while another entry has had it.
    void forget_body(std::int64_t number) {
        const auto key = body_keys_.find(number);
        if (key == body_keys_.end()) return;
        const auto body = bodies_.find(key->second);
        if (body != bodies_.end()) {
            body->second.erase(number);
            if (body->second.empty()) bodies_.erase(body);
        }
        body_keys_.erase(key);
    }

    inbox_backlog waiting() const {
        inbox_backlog counted{.entries = waiting_.size(), .bytes = waiting_bytes_};
        if (!waiting_.empty()) counted.oldest = waiting_.begin()->first;
        return counted;
    }

    const std::size_t most_;
    std::mutex mutex_;
    std::map<std::int64_t, record> entries_;
    std::unordered_map<message_key, std::int64_t, key_hash> keys_{0, key_hash{random_seed()}};
    std::unordered_map<message_key, std::set<std::int64_t>, key_hash> bodies_{
        0, key_hash{random_seed()}};
    std::unordered_map<std::int64_t, message_key> body_keys_;
    std::map<std::string, std::set<std::int64_t>, std::less<>> partitions_;
    order ready_;
    order leased_;
    order waiting_;
    std::uint64_t waiting_bytes_ = 0;
    std::int64_t last_number_ = 0;
};

}  // namespace webhookpp::stores::detail

// <webhookpp/stores/detail/memory_keys.hpp>
// The keys that guards keep in memory.

namespace webhookpp::stores::detail {

/// The keys that fall to one mutex.
class key_shard {
public:
    key_shard(std::size_t most, std::uint64_t seed) : most_(most), keys_(0, key_hash{seed}) {}

    result<reservation> reserve(const message_key& key, std::int64_t now, std::int64_t lease,
                                std::int64_t fence) {
        const std::lock_guard lock(mutex_);
        const auto found = keys_.find(key);
        if (found != keys_.end()) {
            const slot& known = found->second;
            const bool too_far = !known.committed && known.until > now + 2 * lease;
            if (known.until > now && !too_far) {
                const auto which = known.committed ? reservation::state::duplicate
                                                   : reservation::state::in_progress;
                return reservation{which, 0, known.until};
            }
            remove(found);
        } else if (keys_.size() >= most_ && forget_some(now, 2) == 0) {
            // Never by forgetting one whose time is not over: it could then be handled twice.
            return unexpected(errc::overloaded, "keys that are remembered");
        }
        add(key, {.until = now + lease, .fence = fence});
        return reservation{reservation::state::fresh, fence, now + lease};
    }

    bool commit(const message_key& key, std::int64_t fence, std::int64_t keep_until) {
        const std::lock_guard lock(mutex_);
        const auto mine = find(key, fence);
        if (mine == keys_.end()) return false;
        move(mine, keep_until);
        mine->second.committed = true;
        return true;
    }

    bool release(const message_key& key, std::int64_t fence) {
        const std::lock_guard lock(mutex_);
        const auto mine = find(key, fence);
        if (mine == keys_.end()) return false;
        remove(mine);
        return true;
    }

    bool extend(const message_key& key, std::int64_t fence, std::int64_t now, std::int64_t lease) {
        const std::lock_guard lock(mutex_);
        const auto mine = find(key, fence);
        if (mine == keys_.end() || mine->second.until <= now) return false;
        move(mine, now + lease);
        return true;
    }

    std::size_t forget(std::int64_t now, std::size_t most) {
        const std::lock_guard lock(mutex_);
        return forget_some(now, most);
    }

private:
    struct slot {
        std::int64_t until = 0;
        std::int64_t fence = 0;
        bool committed = false;
    };
    using slot_map = std::unordered_map<message_key, slot, key_hash>;

    // The slot of a reservation that is still the caller's.
    slot_map::iterator find(const message_key& key, std::int64_t fence) {
        const auto found = keys_.find(key);
        if (found == keys_.end()) return found;
        return found->second.fence == fence && !found->second.committed ? found : keys_.end();
    }

    void add(const message_key& key, const slot& added) {
        const auto place = keys_.emplace(key, added).first;
#if defined(__cpp_exceptions)
        try {
            ends_.emplace(added.until, &place->first);
        } catch (...) {
            keys_.erase(place);
            throw;
        }
#else
        ends_.emplace(added.until, &place->first);
#endif
    }

    void move(slot_map::iterator which, std::int64_t until) {
        auto node = ends_.extract({which->second.until, &which->first});
        which->second.until = until;
        node.value().first = until;
        ends_.insert(std::move(node));
    }

    void remove(slot_map::iterator which) {
        ends_.erase({which->second.until, &which->first});
        keys_.erase(which);
    }

    std::size_t forget_some(std::int64_t now, std::size_t most) {
        std::size_t forgotten = 0;
        while (forgotten < most && !ends_.empty() && ends_.begin()->first <= now) {
            remove(keys_.find(*ends_.begin()->second));
            ++forgotten;
        }
        return forgotten;
    }

    const std::size_t most_;
    std::mutex mutex_;
    slot_map keys_;
    std::set<std::pair<std::int64_t, const message_key*>> ends_;  // by time
};

/// All keys, each in the shard that its first byte names.
class key_table {
public:
    explicit key_table(std::size_t most) {
        const std::uint64_t seed = random_seed();
        for (auto& shard : shards_) {
            shard = std::make_unique<key_shard>((most + shards - 1) / shards, seed);
        }
    }

    key_shard& of(const message_key& key) noexcept { return *shards_[key.bytes()[0] % shards]; }

    std::int64_t next_fence() noexcept { return fence_.fetch_add(1, std::memory_order_relaxed); }

    std::size_t forget(std::int64_t now, std::size_t most) {
        std::size_t forgotten = 0;
        for (auto& shard : shards_) forgotten += shard->forget(now, most - forgotten);
        return forgotten;
    }

private:
    static constexpr std::size_t shards = 16;

    std::array<std::unique_ptr<key_shard>, shards> shards_;
    std::atomic<std::int64_t> fence_ = 1;
};

}  // namespace webhookpp::stores::detail

// <webhookpp/stores/memory.hpp>
// Keeps keys and entries in memory: for tests, and for guards of a single process.

namespace webhookpp::stores {

/// How much a memory store may hold.
struct memory_options {
    std::size_t keys = 1'000'000;     ///< of guards, each of about 200 bytes
    std::size_t entries = 1'000'000;  ///< of inboxes, each of about 1 KiB and its body
};

/// A `replay_store` and `inbox_store` in the memory of this process: everything in it is gone when
/// the process ends, so its inbox makes no 2xx safe, and is for tests. As a replay guard it is
/// useful for one process, where a restart may let a recorded delivery through once more.
class memory {
public:
    static constexpr std::size_t max_batch = 64;

    /// A handler's transaction: there is nothing that could be written with it.
    struct transaction {};

    /// An empty one.
    explicit memory(const memory_options& options = {})
        : keys_(std::make_shared<detail::key_table>(options.keys)),
          entries_(std::make_shared<detail::entry_table>(options.entries)) {}

    // Keys: see `replay_store`.

    result<reservation> reserve(const message_key& key, std::int64_t now,
                                std::int64_t lease) noexcept {
        return guarded([&]() -> result<reservation> {
            return keys_->of(key).reserve(key, now, lease, keys_->next_fence());
        });
    }
    result<bool> commit(const message_key& key, std::int64_t fence, std::int64_t,
                        std::int64_t keep_until) noexcept {
        return guarded(
            [&]() -> result<bool> { return keys_->of(key).commit(key, fence, keep_until); });
    }
    result<bool> release(const message_key& key, std::int64_t fence) noexcept {
        return guarded([&]() -> result<bool> { return keys_->of(key).release(key, fence); });
    }
    result<bool> extend(const message_key& key, std::int64_t fence, std::int64_t now,
                        std::int64_t lease) noexcept {
        return guarded(
            [&]() -> result<bool> { return keys_->of(key).extend(key, fence, now, lease); });
    }
    result<std::size_t> forget(std::int64_t now, std::size_t most) noexcept {
        return guarded([&]() -> result<std::size_t> { return keys_->forget(now, most); });
    }

    // Entries: see `inbox_store`.

    result<void> accept(std::span<const new_entry> entries,
                        std::span<acceptance> outcomes) noexcept {
        return guarded([&]() -> result<void> {
            if (entries_->accept(entries, outcomes)) return {};
            return unexpected(errc::overloaded, "entries in memory");
        });
    }
    result<std::optional<entry>> claim(const claim_request& request) noexcept {
        return guarded([&]() -> result<std::optional<entry>> { return entries_->claim(request); });
    }
    result<bool> renew(const lease& mine, std::int64_t now, std::int64_t length) noexcept {
        return guarded([&]() -> result<bool> { return entries_->renew(mine, now + length); });
    }
    result<transaction> begin() noexcept { return transaction(); }
    result<bool> settle(transaction&, const lease& mine, const ending& how,
                        std::int64_t now) noexcept {
        return settle(mine, how, now);
    }
    result<bool> settle(const lease& mine, const ending& how, std::int64_t now) noexcept {
        return guarded([&]() -> result<bool> { return entries_->settle(mine, how, now); });
    }
    result<std::optional<entry>> find(std::int64_t number) noexcept {
        return guarded([&]() -> result<std::optional<entry>> { return entries_->find(number); });
    }
    result<std::vector<entry>> list(const entry_query& query) noexcept {
        return guarded(
            [&]() -> result<std::vector<entry>> { return entries_->list_entries(query); });
    }
    result<bool> redrive(std::int64_t number, std::int64_t now) noexcept {
        return guarded([&]() -> result<bool> { return entries_->redrive(number, now); });
    }
    result<std::size_t> purge(const purge_request& request) noexcept {
        return guarded([&]() -> result<std::size_t> { return entries_->purge(request); });
    }
    result<inbox_backlog> backlog() noexcept {
        return guarded([&]() -> result<inbox_backlog> { return entries_->backlog(); });
    }
    result<inbox_stats> stats() noexcept {
        return guarded([&]() -> result<inbox_stats> { return entries_->stats(); });
    }

private:
    template <class F>
    static auto guarded(F work) noexcept -> decltype(work()) {
#if defined(__cpp_exceptions)
        try {
            return work();
        } catch (...) {
            return unexpected(errc::store_unavailable, "memory");
        }
#else
        return work();
#endif
    }

    std::shared_ptr<detail::key_table> keys_;
    std::shared_ptr<detail::entry_table> entries_;
};

static_assert(replay_store<memory> && inbox_store<memory>);

}  // namespace webhookpp::stores

// <webhookpp/verifier.hpp>
// Proves who sent a delivery.

namespace webhookpp {

/// Verifies deliveries in the way that `Scheme` describes, with one or several keys: an
/// `any_verifier` whose scheme is part of its type, so that one for another provider cannot take
/// its place.
///
/// `Scheme` is a `constexpr` description (`schemes::standard_webhooks`), `Clock` tells the time.
/// All `const` functions and `replace` may be called from any number of threads at the same time.
/// Can be moved while nobody uses it; a moved-from verifier can only be destroyed or assigned to.
template <const scheme& Scheme, clock_source Clock = system_clock>
class verifier : private any_verifier<Clock> {
    using base = any_verifier<Clock>;

public:
    /// Makes a verifier with these keys, of which 4 may be public and 8 in all.
    ///
    /// Throws `exception` where `try_create` returns the error.
    explicit verifier(const key& only, const verifier_options& options = {}, Clock clock = {})
        : base(Scheme, only, options, std::move(clock)) {}
    verifier(std::initializer_list<key> keys, const verifier_options& options = {},
             Clock clock = {})
        : base(Scheme, keys, options, std::move(clock)) {}
    explicit verifier(std::span<const key> keys, const verifier_options& options = {},
                      Clock clock = {})
        : base(Scheme, keys, options, std::move(clock)) {}

    /// As the constructors, with the error as a value: see `any_verifier::try_create`.
    [[nodiscard]] static result<verifier> try_create(std::span<const key> keys,
                                                     const verifier_options& options = {},
                                                     Clock clock = {}) {
        auto made = base::try_create(Scheme, keys, options, std::move(clock));
        if (!made) return unexpected(made.error());
        return verifier(*std::move(made));
    }

    /// Decides whether a delivery is genuine: see `any_verifier::verify`.
    using base::verify;

    /// Copies the headers that the scheme reads: see `any_verifier::collect`.
    using base::collect;

    /// Refuses what the headers decide without the body: see `any_verifier::check_headers`.
    using base::check_headers;

    /// The most bytes that a body may have.
    using base::body_limit;

    /// How far a signed timestamp may be from now.
    using base::tolerance;

    /// The scheme that it verifies.
    using base::described;

    /// Shows a provider that the key is here: see `any_verifier::answer_challenge`.
    using base::answer_challenge;

    /// Exchanges the keys while deliveries are being verified: see `any_verifier::replace`.
    using base::replace;

private:
    explicit verifier(base made) : base(std::move(made)) {}
};

}  // namespace webhookpp

// <webhookpp/version.hpp>
// The version of the library, and the only place where it is written.

#define WEBHOOKPP_VERSION_MAJOR 0
#define WEBHOOKPP_VERSION_MINOR 1
#define WEBHOOKPP_VERSION_PATCH 0
#define WEBHOOKPP_VERSION_STRING "0.1.0"

// <webhookpp/work.hpp>
// One attempt to handle an entry of an inbox, as its handler sees it.

namespace webhookpp {

/// What a handler returns of an attempt. One that returns nothing is done; one that throws is tried
/// again.
class disposition {
public:
    /// What becomes of the entry.
    enum class kind : std::uint8_t { done, retry, dead };

    /// The event is handled.
    [[nodiscard]] static disposition done() noexcept { return {kind::done, {}}; }

    /// To be tried again when the schedule says so; after its last attempt the entry is dead. `why`
    /// is kept with the entry, up to 160 bytes.
    [[nodiscard]] static disposition retry(std::string_view why = {}) noexcept {
        return {kind::retry, why};
    }

    /// To be tried again after `delay`, up to a year: when a service says how long to leave it
    /// alone.
    [[nodiscard]] static disposition retry_after(seconds delay,
                                                 std::string_view why = {}) noexcept {
        disposition made(kind::retry, why);
        made.delay_ = delay;
        return made;
    }

    /// Not to be tried again: a dead letter, for a person to look at.
    [[nodiscard]] static disposition dead(std::string_view why) noexcept {
        return {kind::dead, why};
    }

    /// What becomes of the entry.
    [[nodiscard]] kind which() const noexcept { return kind_; }
    /// How long to wait, where `retry_after` said so.
    [[nodiscard]] const std::optional<seconds>& delay() const noexcept { return delay_; }
    /// The reason that is kept; may be empty. Valid as long as this.
    [[nodiscard]] std::string_view why() const noexcept { return why_.view(); }

private:
    disposition(kind which, std::string_view why) noexcept
        : kind_(which), why_(detail::cut_text(why, max_why)) {}

    static constexpr std::size_t max_why = 160;

    kind kind_;
    std::optional<seconds> delay_;
    fixed_text<max_why> why_;
};

/// One attempt to handle an entry. Lives during the call of its handler, in whose thread all but
/// `is_lost` is to be called.
template <inbox_store Store>
class work {
public:
    /// Made by `worker` for each attempt. All that it is given must outlive it.
    work(Store& store, const webhookpp::entry& entry, const verified_message& message,
         const std::atomic<bool>& lost) noexcept
        : store_(store), entry_(entry), message_(message), lost_(lost) {}
    work(const work&) = delete;
    work& operator=(const work&) = delete;

    /// The message, as it was verified.
    [[nodiscard]] const verified_message& message() const noexcept { return message_; }

    /// Its entry: number, attempts (this one is counted), `possible_replay`. `entry().key` stays
    /// the same in all attempts, so it serves as an idempotency key for services that are called.
    [[nodiscard]] const webhookpp::entry& entry() const noexcept { return entry_; }

    /// A transaction in the store's database, opened by the first call. What is written in it is
    /// committed together with the end of a `done` attempt, or not at all: so it happens once,
    /// whatever crashes. Other attempts, and a lost lease, roll it back.
    ///
    /// Open it late and write quickly: it may hold up others. Throws `exception` with
    /// `store_unavailable`; let that pass, and the entry is tried again.
    [[nodiscard]] typename Store::transaction& transaction() { return *try_transaction().value(); }

    /// As `transaction`, with the error as a value.
    [[nodiscard]] result<typename Store::transaction*> try_transaction() noexcept {
        if (!transaction_) {
            auto opened = store_.begin();
            if (!opened) return unexpected(opened.error());
            transaction_.emplace(std::move(*opened));
        }
        return &*transaction_;
    }

    /// Whether the lease was found to be somebody else's, or was handed back, so that nothing of
    /// this attempt will count any more. A handler that takes long may look, and stop.
    [[nodiscard]] bool is_lost() const noexcept { return lost_.load(std::memory_order_relaxed); }

    /// The transaction, if it was opened. For whoever ends the attempt.
    [[nodiscard]] std::optional<typename Store::transaction>& opened() noexcept {
        return transaction_;
    }

private:
    Store& store_;
    const webhookpp::entry& entry_;
    const verified_message& message_;
    const std::atomic<bool>& lost_;
    std::optional<typename Store::transaction> transaction_;
};

}  // namespace webhookpp

// <webhookpp/local_time.hpp>
// A date and time of day in a zone that is not told.

namespace webhookpp {

/// What a wall clock shows, in the years 0000 to 9999: no instant until a zone is added, so it
/// neither converts to nor compares with `timestamp`.
class local_time {
public:
    /// 1970-01-01T00:00.
    constexpr local_time() noexcept = default;

    /// Reads `2024-06-01T15:00`, also with seconds and 1 to 9 digits of a fraction.
    ///
    /// Nothing is returned for dates that do not exist, and for text with a zone or an offset: that
    /// is an instant.
    [[nodiscard]] static constexpr std::optional<local_time> parse(std::string_view text) noexcept {
        const auto read = detail::take_date_and_minute(text);
        if (!read) return std::nullopt;
        local_time made;
        made.parts_ = *read;
        if (!text.empty() && !detail::take_second(text, made.parts_)) return std::nullopt;
        if (!text.empty()) return std::nullopt;
        return made;
    }

    /// As `parse` reads it; with seconds only where they are not zero.
    [[nodiscard]] std::string to_string() const {
        std::string text = detail::date_and_minute_text(parts_);
        if (parts_.second != 0 || parts_.nanosecond != 0) text += detail::second_text(parts_);
        return text;
    }

    [[nodiscard]] constexpr int year() const noexcept { return parts_.year; }      ///< 0 to 9999
    [[nodiscard]] constexpr int month() const noexcept { return parts_.month; }    ///< 1 to 12
    [[nodiscard]] constexpr int day() const noexcept { return parts_.day; }        ///< 1 to 31
    [[nodiscard]] constexpr int hour() const noexcept { return parts_.hour; }      ///< 0 to 23
    [[nodiscard]] constexpr int minute() const noexcept { return parts_.minute; }  ///< 0 to 59
    [[nodiscard]] constexpr int second() const noexcept { return parts_.second; }  ///< 0 to 59

    /// 0 to 999,999,999.
    [[nodiscard]] constexpr std::uint32_t nanosecond() const noexcept { return parts_.nanosecond; }

    /// This time as a `std::chrono` time point such as `std::chrono::local_seconds`, recognised by
    /// its shape. Fractions that it cannot hold are cut off; beyond its range it is the first or
    /// last that it can hold.
    template <class TimePoint>
    [[nodiscard]] constexpr TimePoint as() const {
        return detail::time_point_from<TimePoint>(seconds_from_1970(), parts_.nanosecond);
    }

    friend constexpr bool operator==(const local_time& left, const local_time& right) noexcept {
        return left.seconds_from_1970() == right.seconds_from_1970() &&
               left.parts_.nanosecond == right.parts_.nanosecond;
    }
    friend constexpr std::strong_ordering operator<=>(const local_time& left,
                                                      const local_time& right) noexcept {
        const std::int64_t one = left.seconds_from_1970();
        const std::int64_t other = right.seconds_from_1970();
        return one == other ? left.parts_.nanosecond <=> right.parts_.nanosecond : one <=> other;
    }

private:
    [[nodiscard]] constexpr std::int64_t seconds_from_1970() const noexcept {
        return detail::seconds_from_1970(parts_);
    }

    detail::date_time parts_;
};

}  // namespace webhookpp

// <webhookpp/open_enum.hpp>
// An enumeration that the provider may extend at any time.

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

// <webhookpp/raw_json.hpp>
// A part of a body that is kept as JSON text.

namespace webhookpp {

/// The JSON text of one value of any kind, for what a provider leaves open. In a decoded event it
/// is well-formed and stands here byte for byte as it was sent, without white space around it; read
/// it with any JSON library.
class raw_json {
public:
    /// `null`.
    raw_json() = default;

    /// `text`, which has to be one JSON value. It is checked when it is encoded.
    explicit raw_json(std::string text) noexcept : text_(std::move(text)) {}

    /// The text. Valid as long as this lives unchanged.
    [[nodiscard]] std::string_view text() const noexcept {
        return text_.empty() ? std::string_view("null") : text_;
    }

    /// Whether it is `null`.
    [[nodiscard]] bool is_null() const noexcept { return text() == "null"; }
    /// Whether it is an object.
    [[nodiscard]] bool is_object() const noexcept { return first() == '{'; }
    /// Whether it is an array.
    [[nodiscard]] bool is_array() const noexcept { return first() == '['; }
    /// Whether it is a string.
    [[nodiscard]] bool is_text() const noexcept { return first() == '"'; }

    /// Compares the text.
    friend bool operator==(const raw_json& left, const raw_json& right) noexcept {
        return left.text() == right.text();
    }

private:
    [[nodiscard]] char first() const noexcept {
        const std::size_t at = text_.find_first_not_of(" \t\r\n");
        return at == std::string::npos ? 'n' : text_[at];
    }

    std::string text_;
};

}  // namespace webhookpp

// <webhookpp/value_type.hpp>
// How a C++ type stands in JSON, with the type erased: what decoding and encoding work from.

namespace webhookpp {

/// One JSON value that is neither object nor array, as an engine read it; or the text of any value.
struct json_scalar {
    /// What a value is.
    enum class kind : std::uint8_t {
        null,              ///< `null`
        boolean,           ///< `true` or `false`
        integer,           ///< fits into std::int64_t
        unsigned_integer,  ///< fits into std::uint64_t only
        number,            ///< with a fraction or an exponent, or longer than 64 bits
        text,              ///< a string, without its quotes and escapes
        out_of_range,      ///< a number that not even a double can hold
        json,              ///< the JSON text of any value, in `text`; from an engine: array, object
    };

    kind which = kind::null;             ///< what the value is
    bool boolean = false;                ///< of a boolean
    std::int64_t integer = 0;            ///< of an integer
    std::uint64_t unsigned_integer = 0;  ///< of an unsigned integer
    double number = 0;                   ///< of a number
    std::string_view text = {};          ///< valid during the call that gets it
};

struct member;

namespace detail {
class member_names;
}

/// How values of one C++ type stand in JSON. Made by `value_traits`.
struct value_type {
    /// What values of a type are.
    enum class shape : std::uint8_t { scalar, json_text, optional, list, map, object };

    shape which = shape::scalar;  ///< what values of the type are

    // A scalar, or JSON text (which is given and taken as a scalar of that kind).

    /// Sets `target` to `from`. False when the JSON value does not fit.
    bool (*assign)(void* target, const json_scalar& from) = nullptr;

    /// The value of `source`. May put text into `text`, which then has to outlive the result.
    json_scalar (*read)(const void* source, std::string& text) = nullptr;

    void (*reset)(void* target) = nullptr;  ///< to the default

    // An optional, a list or a map: its elements.
    const value_type* element = nullptr;                ///< of which type they are
    void* (*append)(void* target) = nullptr;            ///< a new element, set to its default
    std::size_t (*size)(const void* source) = nullptr;  ///< how many elements
    const void* (*at)(const void* source, std::size_t index) = nullptr;  ///< one of them

    /// A list: makes room for `size` elements, or for as many as may be made on a sender's word.
    void (*reserve)(void* target, std::size_t size) = nullptr;

    // A map.
    void* (*insert)(void* target, std::string_view key) = nullptr;  ///< null if the key is there
    void (*erase)(void* target, std::string_view key) = nullptr;    ///< the element of a key

    /// Calls `visit`, with `context`, for all.
    void (*for_each)(const void* source, void* context,
                     void (*visit)(void* context, std::string_view key,
                                   const void* value)) = nullptr;

    // An object.

    /// Its members, in the order of their description.
    std::span<const member> (*members)() = nullptr;
    const detail::member_names* names = nullptr;      ///< finds them
    void* (*described_part)(void* target) = nullptr;  ///< the part that they describe
};

/// How `T` stands in JSON. Specialise it for a scalar type of your own:
/// ```
/// template <> struct webhookpp::value_traits<my_id> {
///     static bool assign(my_id& target, const json_scalar& from);
///     static json_scalar read(const my_id& source, std::string& text);
/// };
/// ```
template <class T>
struct value_traits {
    static_assert(!std::is_same_v<T, T>,
                  "a member has to be text (std::string), a number, bool, webhookpp::timestamp, "
                  "local_time, open_enum or raw_json, std::optional, std::vector or a "
                  "string-keyed map of these, a struct with `members`, a type with nlohmann's "
                  "from_json (include webhookpp/json/nlohmann.hpp), or a type with "
                  "webhookpp::value_traits of its own");
};

/// A struct that describes its members.
template <class T>
concept described = requires {
    {std::span<const member>(T::members)};
};

namespace detail {

template <described T>
consteval value_type make_object_type();

template <class T>
consteval value_type make_shape() {
    if constexpr (described<T>) {
        return make_object_type<T>();
    } else if constexpr (requires { value_traits<T>::make(); }) {
        return value_traits<T>::make();
    } else {
        return {.assign =
                    [](void* target, const json_scalar& from) {
                        return value_traits<T>::assign(*static_cast<T*>(target), from);
                    },
                .read =
                    [](const void* source, std::string& text) {
                        return value_traits<T>::read(*static_cast<const T*>(source), text);
                    }};
    }
}

template <class T>
consteval value_type make_value_type() {
    value_type type = make_shape<T>();
    type.reset = [](void* target) { *static_cast<T*>(target) = T(); };
    return type;
}

template <class T>
inline constexpr value_type value_type_of = make_value_type<T>();

}  // namespace detail

}  // namespace webhookpp

// <webhookpp/value_traits.hpp>
// The types that members of events may have.

namespace webhookpp {

/// Text: a JSON string.
template <>
struct value_traits<std::string> {
    static bool assign(std::string& target, const json_scalar& from) {
        if (from.which != json_scalar::kind::text) return false;
        target = from.text;
        return true;
    }
    static json_scalar read(const std::string& source, std::string&) {
        return {.which = json_scalar::kind::text, .text = source};
    }
};

/// `true` or `false`.
template <>
struct value_traits<bool> {
    static bool assign(bool& target, const json_scalar& from) {
        target = from.boolean;
        return from.which == json_scalar::kind::boolean;
    }
    static json_scalar read(const bool& source, std::string&) {
        return {.which = json_scalar::kind::boolean, .boolean = source};
    }
};

namespace detail {

/// An integer that is no character.
template <class T>
concept integer =
    std::integral<T> && !std::same_as<T, char> && !std::same_as<T, wchar_t> &&
    !std::same_as<T, char8_t> && !std::same_as<T, char16_t> && !std::same_as<T, char32_t>;

}  // namespace detail

/// Integers of any size. A number with a fraction, or out of the type's range, does not fit.
template <detail::integer T>
struct value_traits<T> {
    static bool assign(T& target, const json_scalar& from) {
        if (from.which == json_scalar::kind::integer && std::in_range<T>(from.integer)) {
            target = static_cast<T>(from.integer);
            return true;
        }
        if (from.which == json_scalar::kind::unsigned_integer &&
            std::in_range<T>(from.unsigned_integer)) {
            target = static_cast<T>(from.unsigned_integer);
            return true;
        }
        return false;
    }
    static json_scalar read(const T& source, std::string&) {
        if (std::in_range<std::int64_t>(source)) {
            return {.which = json_scalar::kind::integer,
                    .integer = static_cast<std::int64_t>(source)};
        }
        return {.which = json_scalar::kind::unsigned_integer,
                .unsigned_integer = static_cast<std::uint64_t>(source)};
    }
};

/// Floating point: any JSON number that the type can hold at least nearly.
template <std::floating_point T>
struct value_traits<T> {
    static bool assign(T& target, const json_scalar& from) {
        switch (from.which) {
            case json_scalar::kind::integer: target = static_cast<T>(from.integer); return true;
            case json_scalar::kind::unsigned_integer:
                target = static_cast<T>(from.unsigned_integer);
                return true;
            case json_scalar::kind::number:
                target = static_cast<T>(from.number);
                // A narrower type than double may not reach as far.
                return target >= std::numeric_limits<T>::lowest() &&
                       target <= (std::numeric_limits<T>::max)();
            default: return false;
        }
    }
    static json_scalar read(const T& source, std::string&) {
        return {.which = json_scalar::kind::number, .number = static_cast<double>(source)};
    }
};

namespace detail {

// Types that are made from text by `parse` and written by `to_string`.
template <class T>
struct text_traits {
    static bool assign(T& target, const json_scalar& from) {
        if (from.which != json_scalar::kind::text) return false;
        const auto parsed = T::parse(from.text);
        if (parsed) target = *parsed;
        return parsed.has_value();
    }
    static json_scalar read(const T& source, std::string& text) {
        text = source.to_string();
        return {.which = json_scalar::kind::text, .text = text};
    }
};

}  // namespace detail

/// RFC 3339 text.
template <>
struct value_traits<timestamp> : detail::text_traits<timestamp> {};

/// ISO 8601 text without a zone.
template <>
struct value_traits<local_time> : detail::text_traits<local_time> {};

/// Any text; the enumerators that are known are told apart.
template <class Enum>
struct value_traits<open_enum<Enum>> {
    static bool assign(open_enum<Enum>& target, const json_scalar& from) {
        if (from.which != json_scalar::kind::text) return false;
        target = open_enum<Enum>(from.text);
        return true;
    }
    static json_scalar read(const open_enum<Enum>& source, std::string&) {
        return {.which = json_scalar::kind::text, .text = source.text()};
    }
};

/// Any JSON value, kept as it stands in the body.
template <>
struct value_traits<raw_json> {
    static consteval value_type make() {
        return {.which = value_type::shape::json_text,
                .assign =
                    [](void* target, const json_scalar& from) {
                        *static_cast<raw_json*>(target) = raw_json(std::string(from.text));
                        return true;
                    },
                .read = [](const void* source, std::string&) -> json_scalar {
                    return {.which = json_scalar::kind::json,
                            .text = static_cast<const raw_json*>(source)->text()};
                }};
    }
};

/// A member that may be absent or null; both give an empty optional.
template <class T>
struct value_traits<std::optional<T>> {
    static_assert(detail::value_type_of<T>.which != value_type::shape::optional,
                  "an optional within an optional: absent and null are the same");

    static consteval value_type make() {
        return {.which = value_type::shape::optional,
                .element = &detail::value_type_of<T>,
                .append = [](void* target) -> void* {
                    return &static_cast<std::optional<T>*>(target)->emplace();
                },
                .size = [](const void* source) -> std::size_t {
                    return static_cast<const std::optional<T>*>(source)->has_value() ? 1 : 0;
                },
                .at = [](const void* source, std::size_t) -> const void* {
                    return &**static_cast<const std::optional<T>*>(source);
                }};
    }
};

/// A JSON array.
template <class T>
struct value_traits<std::vector<T>> {
    static_assert(!std::is_same_v<T, bool>, "std::vector<bool> has no elements to refer to");

    static consteval value_type make() {
        return {.which = value_type::shape::list,
                .element = &detail::value_type_of<T>,
                .append = [](void* target) -> void* {
                    return &static_cast<std::vector<T>*>(target)->emplace_back();
                },
                .size =
                    [](const void* source) {
                        return static_cast<const std::vector<T>*>(source)->size();
                    },
                .at = [](const void* source, std::size_t index) -> const void* {
                    return &(*static_cast<const std::vector<T>*>(source))[index];
                },
                .reserve =
                    [](void* target, std::size_t size) {
                        static_cast<std::vector<T>*>(target)->reserve(
                            size < most_reserved ? size : most_reserved);
                    }};
    }

private:
    // Elements that turn out bad may be much smaller in JSON.
    static constexpr std::size_t most_reserved = std::size_t{16} * 1024 / sizeof(T) + 1;
};

namespace detail {

/// A map whose keys are text, such as `std::map<std::string, T>`.
template <class T>
concept string_keyed_map = std::same_as<typename T::key_type, std::string> &&
    requires(T& map, std::string key) {
    typename T::mapped_type;
    { map.try_emplace(std::move(key)).second } -> std::convertible_to<bool>;
};

}  // namespace detail

/// A JSON object whose member names are data. A name that stands there twice makes it bad.
template <detail::string_keyed_map T>
struct value_traits<T> {
    static consteval value_type make() {
        using element = typename T::mapped_type;
        return {
            .which = value_type::shape::map,
            .element = &detail::value_type_of<element>,
            .insert = [](void* target, std::string_view key) -> void* {
                const auto added = static_cast<T*>(target)->try_emplace(std::string(key));
                return added.second ? &added.first->second : nullptr;
            },
            .erase = [](void* target,
                        std::string_view key) { static_cast<T*>(target)->erase(std::string(key)); },
            .for_each =
                [](const void* source, void* context,
                   void (*visit)(void*, std::string_view, const void*)) {
                    for (const auto& [key, value] : *static_cast<const T*>(source)) {
                        visit(context, key, &value);
                    }
                }};
    }
};

}  // namespace webhookpp

// <webhookpp/event.hpp>
// Describes once how a struct stands in JSON; decoding, encoding and error paths use that.

namespace webhookpp {

namespace detail {

// Its address stands for a type in constant expressions.
template <class T>
inline constexpr char type_tag = 0;

template <class T>
struct member_pointer;
template <class Struct, class Value>
struct member_pointer<Value Struct::*> {
    static_assert(!std::is_const_v<Value> && !std::is_volatile_v<Value>,
                  "a member that is decoded cannot be const");
    using owner = Struct;
    using value = Value;
};

}  // namespace detail

/// Where a member lies in its struct, and of which type it is.
struct field_reference {
    const value_type* type = nullptr;        ///< how values of the member stand in JSON
    const void* owner = nullptr;             ///< stands for the struct
    void* (*locate)(void* owner) = nullptr;  ///< the member in a struct

    /// The same in a struct that is only read.
    [[nodiscard]] const void* locate_in(const void* struct_) const {
        // Nothing is changed through the pointer; one function for both halves the code.
        return locate(const_cast<void*>(struct_));  // NOLINT(*-const-cast)
    }
};

namespace detail {

// A function of its own: unlike a lambda it is made when the struct is complete.
template <auto Pointer, class Owner>
void* locate_field(void* owner) {
    return &(static_cast<Owner*>(owner)->*Pointer);
}

}  // namespace detail

/// The field that a pointer to member points to: `field<&chart::key>`. One that a struct inherits
/// is written with that struct: `field<&chart::id, chart>`.
template <auto Pointer, class Owner = typename detail::member_pointer<decltype(Pointer)>::owner>
inline constexpr field_reference field{
    &detail::value_type_of<typename detail::member_pointer<decltype(Pointer)>::value>,
    &detail::type_tag<Owner>, &detail::locate_field<Pointer, Owner>};

/// Stands in place of a name, before a string-keyed map that gets all members which no other
/// description names, as far as they fit its element type.
inline constexpr std::string_view other_members{};

/// A member of a struct and its name in JSON.
///
/// A struct lists its members in `static constexpr webhookpp::member members[]`, in the order in
/// which errors are to be looked for, at most 256. Structs may inherit list and members from a base
/// that says `using described_by = ` and its own name. A list with fields of another struct, or
/// with a name that stands there twice, does not compile; nor does a struct that holds itself.
struct member {
    std::string_view name;  ///< as it stands in JSON
    field_reference field;  ///< where it lies: `field<&chart::key>`

    /// Whether this is the place for `other_members`.
    [[nodiscard]] constexpr bool takes_others() const noexcept { return name.data() == nullptr; }
};

namespace detail {

inline constexpr std::size_t max_members = 256;

// The struct that `T::members` describes: `T` itself, or the base that says so.
template <class T>
struct described_struct {
    using type = T;
};
template <class T>
    requires requires {
        typename T::described_by;
    }
struct described_struct<T> {
    using type = typename T::described_by;
};

template <class Struct>
consteval bool owns_members(std::span<const member> members) {
    for (const member& each : members) {
        if (each.field.owner != &type_tag<Struct>) return false;
    }
    return true;
}

consteval bool others_are_one_map(std::span<const member> members) {
    std::size_t places = 0;
    for (const member& each : members) {
        if (!each.takes_others()) continue;
        ++places;
        if (each.field.type->which != value_type::shape::map) return false;
    }
    return places <= 1;
}

/// The members of a struct in a hash table that the compiler makes: at most half of it is taken.
template <std::size_t Size>
struct name_table {
    std::array<std::uint16_t, Size> places = {};
    bool has_distinct_names = true;
};

/// Some of the members of a struct.
class member_set {
public:
    /// Adds a member. Returns whether it is new.
    constexpr bool add(std::size_t index) noexcept {
        std::uint64_t& word = words_[index / 64];
        const std::uint64_t bit = std::uint64_t{1} << (index % 64);
        const bool added = (word & bit) == 0;
        word |= bit;
        return added;
    }

    /// The first member of `others` that is not here; SIZE_MAX if all are.
    [[nodiscard]] constexpr std::size_t first_missing(const member_set& others) const noexcept {
        for (std::size_t i = 0; i < words; ++i) {
            const std::uint64_t missing = others.words_[i] & ~words_[i];
            if (missing != 0) return 64 * i + static_cast<std::size_t>(std::countr_zero(missing));
        }
        return SIZE_MAX;
    }

private:
    static constexpr std::size_t words = max_members / 64;

    std::uint64_t words_[words] = {};
};

/// Finds members by their names.
class member_names {
public:
    /// `places` were made for `members`.
    consteval member_names(std::span<const member> members, std::span<const std::uint16_t> places)
        : places_(places) {
        for (std::size_t i = 0; i < members.size(); ++i) {
            if (members[i].takes_others()) {
                others_ = &members[i];
            } else if (members[i].field.type->which != value_type::shape::optional) {
                required_.add(i);
            }
        }
    }

    template <std::size_t Size>
    [[nodiscard]] static consteval name_table<Size> make_table(std::span<const member> members) {
        name_table<Size> table;
        for (auto& each : table.places) each = empty;
        for (std::size_t i = 0; i < members.size(); ++i) {
            if (members[i].takes_others()) continue;
            std::size_t at = hash(members[i].name) % Size;
            for (; table.places[at] != empty; at = (at + 1) % Size) {
                if (members[table.places[at]].name == members[i].name) {
                    table.has_distinct_names = false;
                }
            }
            table.places[at] = static_cast<std::uint16_t>(i);
        }
        return table;
    }

    /// Where `name` stands in `members`; `members.size()` or more if it does not. `expected`: a
    /// place to look at first, since senders mostly keep to one order.
    [[nodiscard]] std::size_t find(std::span<const member> members, std::string_view name,
                                   std::size_t expected) const noexcept {
        if (expected < members.size() && is_same(members[expected].name, name) &&
            !members[expected].takes_others()) {
            return expected;
        }
        return look_up(members, name);
    }

    /// Where other members go, or null.
    [[nodiscard]] const member* others() const noexcept { return others_; }

    /// Those that must not be absent.
    [[nodiscard]] const member_set& required() const noexcept { return required_; }

private:
    static constexpr std::uint16_t empty = UINT16_MAX;

    [[nodiscard]] std::size_t look_up(std::span<const member> members,
                                      std::string_view name) const noexcept {
        const std::size_t last = places_.size() - 1;
        for (std::size_t at = hash(name) & last; places_[at] != empty; at = (at + 1) & last) {
            if (is_same(members[places_[at]].name, name)) return places_[at];
        }
        return empty;
    }

    // Some bytes as one number, which costs one load.
    template <class Number>
    static constexpr Number number_at(const char* text) noexcept {
        std::array<char, sizeof(Number)> bytes{};
        std::string_view::traits_type::copy(bytes.data(), text, bytes.size());
        return std::bit_cast<Number>(bytes);
    }

    // By the first and the last bytes, which may overlap: names are short, and a call for each
    // comparison would cost more than that.
    template <class Number>
    static constexpr bool have_same_ends(std::string_view left, std::string_view right) noexcept {
        const std::size_t last = left.size() - sizeof(Number);
        return number_at<Number>(left.data()) == number_at<Number>(right.data()) &&
               number_at<Number>(left.data() + last) == number_at<Number>(right.data() + last);
    }
    static constexpr bool is_same(std::string_view left, std::string_view right) noexcept {
        if (left.size() != right.size()) return false;
        if (left.size() < 2 || left.size() > 16) return left == right;
        if (left.size() < 4) return have_same_ends<std::uint16_t>(left, right);
        if (left.size() < 8) return have_same_ends<std::uint32_t>(left, right);
        return have_same_ends<std::uint64_t>(left, right);
    }

    // Of both ends, in which names of one struct mostly differ. Whatever a sender chooses, the
    // search ends at the next empty place.
    static constexpr std::size_t hash(std::string_view name) noexcept {
        const char* const end = name.data() + name.size();
        std::uint64_t mixed = name.size();
        if (name.size() >= 8) {
            mixed += 3 * number_at<std::uint64_t>(name.data()) + number_at<std::uint64_t>(end - 8);
        } else if (name.size() >= 4) {
            mixed += std::uint64_t{3} * number_at<std::uint32_t>(name.data()) +
                     number_at<std::uint32_t>(end - 4);
        } else {
            for (const char c : name) mixed = mixed * 256 + static_cast<unsigned char>(c);
        }
        return static_cast<std::size_t>((mixed * 0x9E37'79B9'7F4A'7C15U) >> 48);
    }

    std::span<const std::uint16_t> places_;
    member_set required_;
    const member* others_ = nullptr;
};

template <class T>
inline constexpr auto name_table_of =
    member_names::make_table<std::bit_ceil(2 * std::span(T::members).size() + 1)>(T::members);

template <class T>
inline constexpr member_names names_of{T::members, name_table_of<T>.places};

template <described T>
consteval value_type make_object_type() {
    using part = typename described_struct<T>::type;
    constexpr std::span<const member> members = T::members;
    static_assert(std::is_base_of_v<part, T>, "`described_by` has to name the struct or its base");
    static_assert(owns_members<part>(members),
                  "`members` lists a field of another struct. An inherited one is written "
                  "`field<&derived::id, derived>`; a struct whose whole description others inherit "
                  "says `using described_by = ` and its own name");
    static_assert(members.size() <= max_members, "a struct describes at most 256 members");
    static_assert(name_table_of<T>.has_distinct_names, "`members` lists a name twice");
    static_assert(others_are_one_map(members),
                  "`other_members` has to go into one string-keyed map");
    return {.which = value_type::shape::object,
            .members = [] { return std::span<const member>(T::members); },
            .names = &names_of<T>,
            .described_part = [](void* target) -> void* {
                return static_cast<part*>(static_cast<T*>(target));
            }};
}

}  // namespace detail

}  // namespace webhookpp

// <webhookpp/catalog.hpp>
// The events that an endpoint expects, as one variant.

namespace webhookpp {

/// An event of a type that the catalog does not list: new at the provider, or not wanted here.
/// Nothing is wrong with it.
struct unknown_event {
    std::string type;  ///< as it stands in the body
    std::string body;  ///< the whole body, as it arrived
};

/// A struct that names the event type which it stands for. Its members are described, or it has
/// nlohmann's `from_json`.
template <class T>
concept event_type = requires {
    { T::type } -> std::convertible_to<std::string_view>;
    requires !std::is_member_pointer_v<decltype(&T::type)>;
};

/// A catalog whose events of other types are `Unknown`, derived from `unknown_event`. If that
/// describes members of its own, they are filled as far as the body fits.
template <class Unknown, class... Events>
struct catalog_with_unknown {
    static_assert((event_type<Events> && ...),
                  "each event needs `static constexpr std::string_view type`");
    static_assert(std::derived_from<Unknown, unknown_event>);

    /// What stands for types that are not listed.
    using unknown = Unknown;

    /// One of `Events`, or `Unknown`.
    using event = std::variant<Unknown, Events...>;

    /// The member of a body that names the event type.
    static constexpr std::string_view type_member = "type";

    /// The member of a body that is the message id; empty where there is none, or a header has it.
    static constexpr std::string_view id_member = {};

    /// The event types, in the order of `Events`.
    static constexpr std::array<std::string_view, sizeof...(Events)> types{Events::type...};

    /// Where `type` stands in `types`; `types.size()` if it does not. Case matters.
    [[nodiscard]] static constexpr std::size_t find(std::string_view type) noexcept {
        std::size_t first = 0;
        for (std::size_t last = types.size(); first < last;) {
            const std::size_t middle = first + (last - first) / 2;
            if (is_before(types[sorted[middle]], type)) {
                first = middle + 1;
            } else {
                last = middle;
            }
        }
        return first < types.size() && types[sorted[first]] == type ? sorted[first] : types.size();
    }

private:
    static constexpr bool is_before(std::string_view left, std::string_view right) noexcept {
        return left.size() != right.size() ? left.size() < right.size() : left < right;
    }

    static constexpr auto sorted = [] {
        std::array<std::size_t, sizeof...(Events)> order{};
        for (std::size_t i = 0; i < order.size(); ++i) {
            std::size_t at = i;
            for (; at > 0 && is_before(types[i], types[order[at - 1]]); --at) {
                order[at] = order[at - 1];
            }
            order[at] = i;
        }
        return order;
    }();

    static_assert(
        [] {
            for (std::size_t i = 1; i < sorted.size(); ++i) {
                if (types[sorted[i - 1]] == types[sorted[i]]) return false;
            }
            return true;
        }(),
        "two events of the catalog have the same type");
};

/// The events that one endpoint receives. Choose those that the program handles: the cost of
/// compiling a variant grows with its alternatives.
///
/// For bodies that name the event type in another member than `type`, derive from this and declare
/// `static constexpr std::string_view type_member` with its name.
template <class... Events>
struct catalog : catalog_with_unknown<unknown_event, Events...> {};

}  // namespace webhookpp

// <webhookpp/detail/body_facts.hpp>
// What guards and inboxes read of a body before it is handled.

namespace webhookpp::detail {

struct body_facts {
    /// The message id, where the catalog says which member that is and no header has one.
    fixed_text<verified_message::max_id> id;

    fixed_text<verified_message::max_event_type> event_type;
};

/// Which of them are wanted.
enum class wanted_facts : bool { id, id_and_event_type };

/// Reads the members of the outermost object that the catalog names, if no header has told them
/// already. What is absent, doubled, no plain text or too long stays empty, as does all of a body
/// that is no JSON: whoever handles it will say so. Errors: `internal_error`, when memory runs out;
/// the message would else be known by its id at one time and by its body at another.
template <class Parser>
[[nodiscard]] result<body_facts> read_body_facts(const Parser& parser,
                                                 const verified_message& message,
                                                 wanted_facts wanted) noexcept {
    using catalog = typename Parser::catalog;
    body_facts facts;
    facts.event_type = message.event_type();
    const bool reads_type =
        wanted == wanted_facts::id_and_event_type && message.event_type().empty();
    const bool reads_id = !catalog::id_member.empty() && message.id().empty();
    if (!reads_type && !reads_id) return facts;
    const auto read = parser.read(message, [&](const auto& root) -> result<void> {
        const auto keep = [](const auto& value, auto& text, bool& seen) {
            const bool again = std::exchange(seen, true);
            text = {};
            std::string_view found;
            if (again || !value.get_text(found) || found.size() > text.capacity() ||
                !is_visible_ascii(found)) {
                return;
            }
            text = found;
        };
        if (!root.is_object()) return {};
        bool seen_type = false;
        bool seen_id = false;
        root.for_each_member([&](std::string_view name, const auto& value) {
            if (reads_type && name == catalog::type_member) {
                keep(value, facts.event_type, seen_type);
            }
            if (reads_id && name == catalog::id_member) keep(value, facts.id, seen_id);
        });
        return {};
    });
    if (!read && http_status(read.error().code) == 503) return unexpected(read.error());
    return facts;
}

}  // namespace webhookpp::detail

// <webhookpp/handshake.hpp>
// Describes how a provider asks an endpoint whether it is ready, and what it wants to hear.

namespace webhookpp {

struct scheme;

/// A text of the request: a member of the JSON body, a member of the target's query, or a header.
struct handshake_field {
    /// Where a text can stand.
    enum class place : std::uint8_t { nowhere, body, query, header };

    place where = place::nowhere;  ///< where it stands
    std::string_view name = {};    ///< in the body a path: `payload.plainToken`
};

/// What tells a handshake from an event: the field is there, with this value if one is given.
struct handshake_marker {
    handshake_field field = {};  ///< what has to be there
    std::string_view text = {};  ///< the value that it has to have; any if empty
    std::optional<std::int64_t> number = std::nullopt;  ///< in a body only
};

/// What a handshake has to show before it is answered.
enum class handshake_proof : std::uint8_t {
    signature,     ///< as every event: the verifier has to accept it before anything else is read
    token,         ///< a token that is configured, in `handshake::token`
    registration,  ///< nothing: it brings the secret, and `registration` has to be open
    nothing,       ///< the provider offers no proof; all it can get is its own text
};

/// A part of the body of an answer: a literal, or one of the texts that the handshake is about.
struct answer_part {
    /// What a part is.
    enum class kind : std::uint8_t {
        literal,    ///< fixed text
        challenge,  ///< the text of `handshake::challenge`
        mac,        ///< its HMAC-SHA256 in hex, with the key that signed the handshake
    };

    constexpr answer_part() noexcept = default;
    /// Fixed text.
    constexpr answer_part(const char* literal) noexcept : text(literal) {}
    /// What the handshake brings, or what is made of it.
    constexpr answer_part(kind of) noexcept : which(of) {}

    kind which = kind::literal;  ///< what it is
    std::string_view text = {};  ///< of a literal
};

/// The answer to a handshake. It always says `X-Content-Type-Options: nosniff`.
struct handshake_answer {
    /// What the body is said to be.
    enum class type : std::uint8_t { plain_text, json };

    /// The most parts that a body has.
    static constexpr std::size_t max_parts = 5;

    int status = 200;                      ///< the HTTP status
    type content_type = type::plain_text;  ///< what the body is said to be
    std::string_view header = {};          ///< a header that has the challenge
    answer_part body[max_parts] = {};      ///< one part after the other

    /// Whether it needs the key that signed the handshake.
    [[nodiscard]] constexpr bool has_mac() const noexcept { return has(answer_part::kind::mac); }

    /// Whether the body is made with the challenge.
    [[nodiscard]] constexpr bool has_challenge() const noexcept {
        return has_mac() || has(answer_part::kind::challenge);
    }

private:
    [[nodiscard]] constexpr bool has(answer_part::kind wanted) const noexcept {
        for (const answer_part& part : body) {
            if (part.which == wanted) return true;
        }
        return false;
    }
};

struct handshake;

namespace detail {

// Checks the description that it is the last member of: detail/handshake_check.hpp.
struct handshake_check {
    constexpr handshake_check(const handshake& described);
};

}  // namespace detail

/// A handshake: what a provider sends to an endpoint before, or between, the events. Receivers
/// answer it when they are set up with it. Write one as a `constexpr` variable with designated
/// initialisers, as in `handshakes/slack.hpp`; a description that contradicts itself does not
/// compile, and throws `exception` when it is made at run time.
///
/// A challenge that is sent back has 1 to 256 letters, digits and `-._~+/=`, so that no answer is
/// ever more than a plain word; one that a MAC is made of has 1 to 128 letters, digits, `-` and
/// `_`. A secret has 16 to 256 visible ASCII characters.
struct handshake {
    std::string_view name = {};                          ///< its own name: `slack`
    std::string_view method = "POST";                    ///< of the request
    handshake_proof proof = handshake_proof::signature;  ///< what it has to show
    handshake_marker marker = {};                        ///< what tells it from an event
    handshake_field token = {};                          ///< in the query
    handshake_field challenge = {};                      ///< for a registration the secret
    handshake_answer answer = {};                        ///< what is sent back

    /// Where a registration's secret may also have signed the request that brings it. One that is
    /// signed otherwise is refused.
    const scheme* signed_with_secret = nullptr;

    /// Checks the description, and has to stay as it is.
    detail::handshake_check check = *this;
};

/// The words that handshakes are described with, and the handshakes of this library.
namespace handshakes {

/// A member of the JSON body: `in_body("payload.plainToken")`.
[[nodiscard]] constexpr handshake_field in_body(const char* path) noexcept {
    return {handshake_field::place::body, path};
}
/// A member of the target's query.
[[nodiscard]] constexpr handshake_field in_query(const char* name) noexcept {
    return {handshake_field::place::query, name};
}
/// A header of the request.
[[nodiscard]] constexpr handshake_field in_header(const char* name) noexcept {
    return {handshake_field::place::header, name};
}

/// What answers are made of, and the type of those in JSON.
inline constexpr auto challenge = answer_part::kind::challenge;
inline constexpr auto mac = answer_part::kind::mac;
inline constexpr auto json_text = handshake_answer::type::json;

}  // namespace handshakes

}  // namespace webhookpp

// <webhookpp/detail/handshake_check.hpp>
// Finds the mistakes in the description of a handshake: while it is compiled, or at run time.

namespace webhookpp::detail {

constexpr void check_proof(const handshake& described) {
    using place = handshake_field::place;
    const place marker = described.marker.field.where;
    const place challenge = described.challenge.where;
    switch (described.proof) {
        case handshake_proof::signature:
            if (marker == place::query) mistake("a signed handshake is no query: none is signed");
            if (challenge == place::query || challenge == place::header) {
                mistake("the .challenge of a signed handshake stands in the body, which is signed");
            }
            break;
        case handshake_proof::token:
        case handshake_proof::nothing:
            if (marker != place::query || challenge != place::query) {
                mistake("a handshake that is not signed stands in the query");
            }
            break;
        case handshake_proof::registration:
            if (marker == place::query) mistake("secrets in a query end up in access logs");
            if (marker != challenge || described.marker.field.name != described.challenge.name) {
                mistake("the .challenge of a registration is the secret that is its .marker");
            }
            break;
    }
    if ((described.proof == handshake_proof::token) != (described.token.where == place::query)) {
        mistake("a .token in the query is the .proof, or there is none");
    }
    if (described.proof != handshake_proof::registration && described.signed_with_secret) {
        mistake("only a registration brings a secret to be .signed_with_secret");
    }
}

constexpr handshake_check::handshake_check(const handshake& described) {
    using place = handshake_field::place;
    if (described.name.empty()) mistake("the handshake has no .name");
    if (described.marker.field.where == place::nowhere) {
        mistake("no .marker tells the handshake from an event");
    }
    if (described.marker.number && described.marker.field.where != place::body) {
        mistake("the .marker is a number only in the body");
    }
    if (described.answer.has_mac() && described.proof != handshake_proof::signature) {
        mistake("a MAC is made for handshakes that are signed: others could ask for any signature");
    }
    const bool echoes = described.answer.has_challenge() || !described.answer.header.empty();
    if (echoes && described.challenge.where == place::nowhere) {
        mistake("the .answer has a challenge, but .challenge does not say where it stands");
    }
    check_proof(described);
}

}  // namespace webhookpp::detail

// <webhookpp/registration.hpp>
// Takes the secret that a provider sends to an endpoint when it is registered there.

namespace webhookpp {

/// Whether an endpoint may be given a secret now, and what becomes of it. Closed at first.
///
/// Whoever calls an endpoint while its registration is open can give it a key. So the host opens
/// it when it has asked the provider to register, for a short time; the first secret closes it.
/// Each endpoint has one of its own. All functions may be called from any number of threads.
class registration {
public:
    /// Gets the secret, from the thread that received it and before the provider is answered: it
    /// stores the key, and gives it to the verifier with `replace`. Never logs it. If it throws,
    /// the provider is answered with 500 and the registration stays open until its deadline.
    using receive_secret = std::function<void(const key& secret)>;

    /// The longest time that a registration is open: a day.
    static constexpr seconds longest{86'400};

    /// Makes a closed registration. `clock` tells when its time is over.
    template <clock_source Clock = system_clock>
    explicit registration(Clock clock = {}) : now_([clock] { return clock.now(); }) {}

    registration(const registration&) = delete;
    registration& operator=(const registration&) = delete;

    /// Opens it for one secret, which `receive` gets, and for `lasting`, but at most for `longest`.
    /// With less than 0 seconds it stays closed. One that is open already goes on with these.
    void open(seconds lasting, receive_secret receive) {
        const std::int64_t deadline =
            now_() + std::clamp<std::int64_t>(lasting.count(), -1, longest.count());
        const std::lock_guard lock(mutex_);
        receive_ = std::move(receive);
        deadline_ = deadline;
        ++opened_or_closed_;
    }

    /// Closes it. A secret that is being received at this moment still is.
    void close() {
        const std::lock_guard lock(mutex_);
        receive_ = nullptr;
        ++opened_or_closed_;
    }

    /// Whether the next secret would be taken.
    [[nodiscard]] bool is_open() const {
        const std::lock_guard lock(mutex_);
        return takes_secret();
    }

    /// Hands `secret` on if the registration is open, and closes it: of several threads that call
    /// this at the same time one succeeds. What receivers call. Does not throw what `receive` does.
    ///
    /// Errors: `no_supported_signature` when it is closed or its time is over; `handler_failed`
    /// when `receive` threw.
    [[nodiscard]] result<void> take(const key& secret) {
        receive_secret receive;
        std::uint64_t taken_at = 0;
        {
            const std::lock_guard lock(mutex_);
            if (!takes_secret()) {
                return unexpected(errc::no_supported_signature, "no registration is open");
            }
            receive = std::exchange(receive_, nullptr);
            taken_at = opened_or_closed_;
        }
#if defined(__cpp_exceptions)
        try {
            receive(secret);
        } catch (...) {
            const std::lock_guard lock(mutex_);
            if (taken_at == opened_or_closed_) receive_ = std::move(receive);
            return unexpected(errc::handler_failed, "registration");
        }
#else
        static_cast<void>(taken_at);
        receive(secret);
#endif
        return {};
    }

private:
    [[nodiscard]] bool takes_secret() const {
        return receive_ && now_() <= deadline_;
    }

    const std::function<std::int64_t()> now_;
    mutable std::mutex mutex_;
    receive_secret receive_;
    std::int64_t deadline_ = 0;
    std::uint64_t opened_or_closed_ = 0;  // how often
};

/// A key of 32 random bytes that nobody knows, for the verifier of an endpoint whose secret is yet
/// to come: until then it refuses every delivery. For schemes whose keys are text.
///
/// Throws `exception` with `internal_error` when OpenSSL has no random bytes.
[[nodiscard]] inline key placeholder_key() {
    crypto::secret_bytes secret(32);
    if (!crypto::fill_random(secret.writable())) {
        detail::raise({errc::internal_error, "no random bytes"});
    }
    return key::from_bytes(secret.view());
}

}  // namespace webhookpp

// <webhookpp/expected_handshake.hpp>
// A handshake that a receiver answers, with the secret that it needs.

namespace webhookpp {

/// The handshake that an endpoint expects, or none:
///
/// - `handshakes::slack`, which is signed as its events are;
/// - `{handshakes::meta, key::from_environment("META_VERIFY_TOKEN")}`, which shows a token;
/// - `{handshakes::asana, setup}`, which brings a secret for the `registration setup`.
///
/// Immutable. The constructors throw `exception`: `empty_key` where token or registration are
/// missing, or are given and not used; `key_wrong_length` for a token of more than 256 bytes.
class expected_handshake {
public:
    /// None: what would be a handshake is judged as every other delivery.
    expected_handshake() noexcept = default;

    /// One that is signed, or that proves nothing.
    expected_handshake(const handshake& described) : described_(described) {
        require(described.proof == handshake_proof::signature ||
                    described.proof == handshake_proof::nothing,
                "this handshake needs a token or a registration");
    }

    /// `token` is the one that the provider was given, as text.
    expected_handshake(const handshake& described, const key& token) : described_(described) {
        require(described.proof == handshake_proof::token, "this handshake shows no token");
        auto read = token.read_as(key_form::text).value();
        if (read.bytes().size() > max_text) {
            detail::raise({errc::key_wrong_length, "a verify token has at most 256 bytes"});
        }
        token_ = std::move(read);
    }

    /// `setup` must outlive the receiver.
    expected_handshake(const handshake& described, registration& setup)
        : described_(described), setup_(&setup) {
        require(described.proof == handshake_proof::registration,
                "this handshake brings no secret");
    }

    /// The most bytes that a token, a challenge or a secret has.
    static constexpr std::size_t max_text = 256;

    /// Whether a handshake is expected.
    [[nodiscard]] explicit operator bool() const noexcept { return described_.has_value(); }

    /// What is expected. There has to be something.
    [[nodiscard]] const handshake& described() const noexcept { return *described_; }

    /// The token, if it shows one.
    [[nodiscard]] const std::optional<key>& token() const noexcept { return token_; }

    /// The registration that the secret is for, or null.
    [[nodiscard]] registration* setup() const noexcept { return setup_; }

private:
    static void require(bool good, const char* otherwise) {
        if (!good) detail::raise({errc::empty_key, otherwise});
    }

    std::optional<handshake> described_;
    std::optional<key> token_;
    registration* setup_ = nullptr;
};

}  // namespace webhookpp

// <webhookpp/detail/handshake_value.hpp>
// Reads the fields of a handshake: out of body, query or headers.

namespace webhookpp::detail {

/// Text that may be a token or a secret: overwritten when it is destroyed.
struct handshake_text : fixed_text<expected_handshake::max_text> {
    using fixed_text::fixed_text;
    // Not defaulted: `{}` would then write zeros over all of it.
    handshake_text() noexcept {}  // NOLINT(modernize-use-equals-default)
    handshake_text(const handshake_text&) noexcept = default;
    handshake_text& operator=(const handshake_text&) = delete;
    ~handshake_text() {
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast): the bytes are its own
        auto* const bytes = const_cast<char*>(data());
        crypto::wipe({reinterpret_cast<unsigned char*>(bytes), size()});
    }
};

inline constexpr std::size_t largest_handshake_body = std::size_t{8} * 1024;
inline constexpr std::size_t largest_handshake_target = std::size_t{8} * 1024;

/// What stands in a field of a handshake.
struct handshake_value {
    enum class kind : std::uint8_t {
        absent,
        text,
        number,
        unusable,  ///< too long, doubled, of another type
    };

    kind which = kind::absent;
    handshake_text text = {};
    std::int64_t number = 0;

    [[nodiscard]] static handshake_value of(std::string_view text) noexcept {
        if (text.size() > expected_handshake::max_text) return {.which = kind::unusable};
        return {.which = kind::text, .text = text};
    }

    /// Whether this is what `marker` asks for.
    [[nodiscard]] bool is(const handshake_marker& marker) const noexcept {
        if (marker.number) return which == kind::number && number == *marker.number;
        if (marker.text.empty()) return which != kind::absent;
        return which == kind::text && text == marker.text;
    }
};

/// The two fields of a handshake that may stand in its body.
struct handshake_body {
    handshake_value marker = {};
    handshake_value challenge = {};
};

/// The value at `path` of a JSON document: names with dots between them.
template <class Value>
[[nodiscard]] handshake_value value_at(const Value& root, std::string_view path) {
    std::optional<Value> here = root;
    while (!path.empty()) {
        const std::string_view wanted = path.substr(0, path.find('.'));
        path.remove_prefix(wanted.size() < path.size() ? wanted.size() + 1 : path.size());
        if (!here->is_object()) return {};
        std::optional<Value> found;
        bool doubled = false;
        here->for_each_member([&](std::string_view name, const Value& value) {
            if (name != wanted) return;
            doubled = found.has_value();
            found = value;
        });
        if (doubled) return {.which = handshake_value::kind::unusable};
        if (!found) return {};
        here = found;
    }
    const json_scalar scalar = here->scalar();
    if (scalar.which == json_scalar::kind::text) return handshake_value::of(scalar.text);
    if (scalar.which == json_scalar::kind::integer) {
        return {.which = handshake_value::kind::number, .number = scalar.integer};
    }
    return {.which = handshake_value::kind::unusable};
}

/// Reads the fields of `described` that stand in the body of `message`.
template <class Parser>
[[nodiscard]] result<handshake_body> read_handshake_body(const handshake& described,
                                                         const Parser& parser,
                                                         const verified_message& message) noexcept {
    return parser.read(message, [&described](const auto& root) -> result<handshake_body> {
        const auto field = [&](const handshake_field& from) -> handshake_value {
            if (from.where != handshake_field::place::body) return {};
            return value_at(root, from.name);
        };
        return handshake_body{.marker = field(described.marker.field),
                              .challenge = field(described.challenge)};
    });
}

/// `text` of a query with `%41` and `+` decoded; unusable if it is too long or malformed.
[[nodiscard]] inline handshake_value decoded_query(std::string_view text) noexcept {
    handshake_text decoded;
    for (std::size_t i = 0; i < text.size(); ++i) {
        unsigned char byte[1] = {static_cast<unsigned char>(text[i] == '+' ? ' ' : text[i])};
        if (text[i] == '%') {
            if (text.size() - i < 3 ||
                !crypto::hex_decode(text.substr(i + 1, 2), byte, crypto::hex_case::either)) {
                return {.which = handshake_value::kind::unusable};
            }
            i += 2;
        }
        if (decoded.size() == expected_handshake::max_text) {
            return {.which = handshake_value::kind::unusable};
        }
        decoded.append({reinterpret_cast<const char*>(byte), 1});
    }
    return handshake_value::of(decoded);
}

/// The value of the query's member `name`. Errors: `duplicate_header` for two different ones.
[[nodiscard]] inline result<handshake_value> query_value(std::string_view target,
                                                         std::string_view name) noexcept {
    signature_source source;
    source.query = name;
    const auto found = token_in(source, target);
    if (found) return decoded_query(*found);
    if (found.error().code == errc::missing_header) return handshake_value();
    return unexpected(found.error().code, name);
}

/// The value of the header `name`. Errors: `duplicate_header`, `header_too_large`;
/// `internal_error` when the host's headers cannot be read.
[[nodiscard]] inline result<handshake_value> header_value(const header_source& headers,
                                                          std::string_view name) noexcept {
    wiped_headers wiped;
    collected_headers& collected = wiped.collected;
    if (!collected.collect(headers, std::span(&name, 1), expected_handshake::max_text)) {
        return unexpected(errc::internal_error, "headers");
    }
    switch (collected.which(0)) {
        case collected_headers::state::duplicate: return unexpected(errc::duplicate_header, name);
        case collected_headers::state::too_large: return unexpected(errc::header_too_large, name);
        case collected_headers::state::missing: return handshake_value();
        case collected_headers::state::single: break;
    }
    return handshake_value::of(collected.value(0));
}

}  // namespace webhookpp::detail

// <webhookpp/detail/handshake_reader.hpp>
// Reads handshakes out of requests and makes the answers to them.

namespace webhookpp::detail {

/// Whether `text` can be sent back as it is: 1 to 256 characters of plain words and base64.
[[nodiscard]] constexpr bool is_echo(std::string_view text) noexcept {
    for (const char c : text) {
        if (!is_unreserved({&c, 1}) && c != '+' && c != '/' && c != '=') return false;
    }
    return !text.empty();
}

/// Whether `text` can be a secret that a provider brings.
[[nodiscard]] constexpr bool is_brought_secret(std::string_view text) noexcept {
    return text.size() >= 16 && is_visible_ascii(text);
}

/// The answer to `described`.
[[nodiscard]] inline reply handshake_reply(const handshake& described, std::string_view challenge,
                                           std::string_view mac) noexcept {
    const handshake_answer& answer = described.answer;
    reply made{.status = answer.status};
    made.headers.add("Content-Type", answer.content_type == handshake_answer::type::json
                                         ? "application/json"
                                         : "text/plain; charset=utf-8");
    // A browser that somebody lures here must not take the text for a page.
    made.headers.add("X-Content-Type-Options", "nosniff");
    if (!answer.header.empty()) made.headers.add(answer.header, challenge);
    for (const answer_part& part : answer.body) {
        switch (part.which) {
            case answer_part::kind::literal: made.body.append(part.text); break;
            case answer_part::kind::challenge: made.body.append(challenge); break;
            case answer_part::kind::mac: made.body.append(mac); break;
        }
    }
    return made;
}

/// Decides about one request whether it is the handshake that is expected, and what to answer:
/// nothing where it is none, or the reply, or why it is refused.
template <class Verifier, class Parser>
class handshake_reader {
public:
    using answer = std::optional<result<reply>>;

    handshake_reader(const expected_handshake& expected, const Verifier& verifier,
                     const Parser& parser, const delivery& request) noexcept
        : expected_(expected), verifier_(verifier), parser_(parser), request_(request) {}

    /// For handshakes that are not signed: called before verification.
    [[nodiscard]] answer before_verification() const noexcept {
        if (request_.method != described().method) return std::nullopt;
        switch (described().proof) {
            case handshake_proof::signature: return std::nullopt;
            case handshake_proof::token:
            case handshake_proof::nothing: return query_answer();
            case handshake_proof::registration: break;
        }
#if defined(__cpp_exceptions)
        try {
            return registration_answer();
        } catch (...) {
            return refuse(errc::internal_error, "handshake");
        }
#else
        return registration_answer();
#endif
    }

    /// For handshakes that are signed: called with the message that verification made.
    [[nodiscard]] answer after_verification(const verified_message& message) const noexcept {
        if (described().proof != handshake_proof::signature ||
            request_.method != described().method) {
            return std::nullopt;
        }
        const handshake_marker& marker = described().marker;
        const bool marked_in_body = marker.field.where == handshake_field::place::body;
        if (!marked_in_body) {
            const auto sent = header_value(request_.headers, marker.field.name);
            if (!sent || !sent->is(marker)) return std::nullopt;
        }
        // Almost all messages are events: those are not read twice.
        if (message.body().size() > largest_handshake_body) {
            return marked_in_body ? std::nullopt : refuse(errc::body_too_large, "body");
        }
        if (marked_in_body && message.body().find(marker.text) == std::string_view::npos) {
            return std::nullopt;
        }
        const auto body = read_handshake_body(described(), parser_, message);
        if (!body) {
            if (marked_in_body && !has_failed(body)) return std::nullopt;
            return refuse(body.error().code, "body");
        }
        if (marked_in_body && !body->marker.is(marker)) return std::nullopt;
        return signed_answer(body->challenge);
    }

private:
    [[nodiscard]] const handshake& described() const noexcept {
        return expected_.described();
    }

    [[nodiscard]] static answer refuse(errc code, std::string_view where) noexcept {
        return result<reply>(unexpected(code, where));
    }

    // Without memory nobody knows whether it is a handshake. As an event it would get another
    // answer than it has asked for.
    [[nodiscard]] static bool has_failed(const result<handshake_body>& read) noexcept {
        return !read && read.error().code == errc::internal_error;
    }

    [[nodiscard]] answer signed_answer(const handshake_value& challenge) const noexcept {
        const handshake_field& field = described().challenge;
        if (field.where == handshake_field::place::nowhere) {
            return handshake_reply(described(), {}, {});
        }
        if (!described().answer.has_mac()) return echo(challenge);
        const auto mac = verifier_.answer_challenge(request_, challenge.text);
        if (mac) return handshake_reply(described(), challenge.text, *mac);
        if (mac.error().code == errc::invalid_payload) {
            return refuse(errc::invalid_payload, field.name);
        }
        return refuse(mac.error().code, mac.error().where);
    }

    [[nodiscard]] answer echo(const handshake_value& challenge) const noexcept {
        if (!is_echo(challenge.text)) {
            return refuse(errc::invalid_payload, described().challenge.name);
        }
        return handshake_reply(described(), challenge.text, {});
    }

    [[nodiscard]] answer query_answer() const noexcept {
        if (request_.target.size() > largest_handshake_target) {
            return refuse(errc::header_too_large, "target");
        }
        const handshake_marker& marker = described().marker;
        const auto marked = query_value(request_.target, marker.field.name);
        if (!marked) return refuse(marked.error().code, marker.field.name);
        if (!marked->is(marker)) return std::nullopt;
        if (expected_.token()) {
            const std::string_view name = described().token.name;
            const auto shown = query_value(request_.target, name);
            if (!shown) return refuse(shown.error().code, name);
            if (shown->which == handshake_value::kind::absent) {
                return refuse(errc::missing_header, name);
            }
            if (!crypto::equal(crypto::as_bytes(shown->text), expected_.token()->bytes())) {
                return refuse(errc::signature_mismatch, name);
            }
        }
        const auto challenge = query_value(request_.target, described().challenge.name);
        if (!challenge) return refuse(challenge.error().code, described().challenge.name);
        return echo(*challenge);
    }

    [[nodiscard]] answer registration_answer() const {
        const handshake_marker& marker = described().marker;
        if (marker.field.where == handshake_field::place::header) {
            const auto sent = header_value(request_.headers, marker.field.name);
            if (sent && !sent->is(marker)) return std::nullopt;
            // Whoever comes uninvited is refused for that, whatever is in the request.
            if (!expected_.setup()->is_open()) {
                return refuse(errc::no_supported_signature, marker.field.name);
            }
            if (!sent) return refuse(sent.error().code, marker.field.name);
            return take(*sent);
        }
        const std::string_view body = request_.body.bytes();
        if (!expected_.setup()->is_open() || body.size() > largest_handshake_body ||
            body.find(marker.field.name) == std::string_view::npos) {
            return std::nullopt;
        }
        const auto read = read_handshake_body(
            described(), parser_,
            assume_verified(request_.body, "an open registration, which reads nothing but a key"));
        if (has_failed(read)) return refuse(read.error().code, "body");
        if (!read || !read->marker.is(marker)) return std::nullopt;
        return take(read->challenge);
    }

    [[nodiscard]] answer take(const handshake_value& secret) const {
        const std::string_view name = described().challenge.name;
        if (!is_brought_secret(secret.text)) return refuse(errc::invalid_payload, name);
        const auto made = key::try_from_text(secret.text);
        if (!made) return refuse(errc::invalid_payload, name);
        if (described().signed_with_secret) {
            const auto own =
                any_verifier<>::try_create(*described().signed_with_secret, std::span(&*made, 1));
            if (!own) return refuse(errc::internal_error, "handshake");
            const auto message = own->verify(request_);
            if (!message && message.error().code != errc::missing_header) {
                return refuse(message.error().code, message.error().where);
            }
        }
        const auto taken = expected_.setup()->take(*made);
        if (!taken) return refuse(taken.error().code, taken.error().where);
        return handshake_reply(described(), secret.text, {});
    }

    const expected_handshake& expected_;
    const Verifier& verifier_;
    const Parser& parser_;
    const delivery& request_;
};

}  // namespace webhookpp::detail

// <webhookpp/outcome.hpp>
// What became of a delivery.

namespace webhookpp {

/// What became of a delivery, for the log. All views are valid during the call that gets it.
struct outcome {
    /// What was answered: the HTTP status.
    int status = 200;

    /// Why the delivery was refused, or what went wrong with an accepted one.
    std::optional<webhookpp::error> error = std::nullopt;

    /// The message, once it was verified.
    const verified_message* message = nullptr;

    /// The `what()` of the exception that a handler threw.
    std::string_view exception_text = {};

    /// Whether a handler took the event. False for an accepted event means that none wants it.
    bool handled = false;

    /// Whether the message was there before: it is accepted, and not handled again.
    bool duplicate = false;

    /// Whether it was the expected handshake, and no event: answered, or refused with `error`.
    bool handshake = false;
};

}  // namespace webhookpp

// <webhookpp/detail/delivery_gate.hpp>
// What every receiver does before and after its own work: verify, answer handshakes, report.

namespace webhookpp::detail {

template <class Verifier, class Parser>
class delivery_gate {
public:
    delivery_gate(Verifier verifier, Parser parser, expected_handshake handshake,
                  std::function<void(const outcome&)> log)
        : verifier_(std::move(verifier)),
          parser_(std::move(parser)),
          handshake_(std::move(handshake)),
          log_(std::move(log)) {}

    /// Answers what is refused or is a handshake; everything else with what `next` makes of the
    /// message.
    template <class Next>
    reply receive(const delivery& request, Next next) const noexcept {
        const handshake_reader handshake(handshake_, verifier_, parser_, request);
        if (handshake_) {
            if (const auto asked = handshake.before_verification()) return answer(*asked, nullptr);
        }
        const auto message = verifier_.verify(request);
        if (!message) return refuse(message.error());
        if (handshake_) {
            if (const auto asked = handshake.after_verification(*message)) {
                return answer(*asked, &*message);
            }
        }
        return next(*message);
    }

    [[nodiscard]] collected_headers collect(const header_source& headers) const noexcept {
        std::span<const std::string_view> more;
        if (handshake_) {
            // Where a challenge stands in a header, it is the marker.
            const handshake_field& marker = handshake_.described().marker.field;
            if (marker.where == handshake_field::place::header) more = std::span(&marker.name, 1);
        }
        return verifier_.collect(headers, more);
    }

    [[nodiscard]] std::optional<reply> refuse_early(const header_source& headers,
                                                    std::uint64_t content_length) const noexcept {
        if (content_length > verifier_.body_limit()) {
            return refuse({errc::body_too_large, "body"});
        }
        if (handshake_) return std::nullopt;
        const auto good = verifier_.check_headers(headers);
        if (good) return std::nullopt;
        return refuse(good.error());
    }

    reply accept(const outcome& what) const noexcept {
        report(what);
        return accepted_reply();
    }

    /// `what`: the rest of what the log gets.
    reply refuse(const error& why, outcome what = {}) const noexcept {
        what.status = http_status(why.code);
        what.error = why;
        report(what);
        return refusal_reply(why.code);
    }

    [[nodiscard]] const Verifier& verifier() const noexcept { return verifier_; }
    [[nodiscard]] const Parser& parser() const noexcept { return parser_; }

private:
    reply answer(const result<reply>& handshake, const verified_message* message) const noexcept {
        if (!handshake) {
            return refuse(handshake.error(), {.message = message, .handshake = true});
        }
        report({.status = handshake->status, .message = message, .handshake = true});
        return *handshake;
    }

    void report(const outcome& what) const noexcept {
        if (!log_) return;
#if defined(__cpp_exceptions)
        try {
            log_(what);
        } catch (...) {
            // A log that fails must not turn a handled event into one that is sent again.
            return;
        }
#else
        log_(what);
#endif
    }

    Verifier verifier_;
    Parser parser_;
    expected_handshake handshake_;
    std::function<void(const outcome&)> log_;
};

}  // namespace webhookpp::detail

// <webhookpp/detail/guard_link.hpp>
// A guard of any store, for receivers, which are the same for all.

namespace webhookpp::detail {

class guard_link {
public:
    guard_link() = default;

    template <class Store, class Clock>
    explicit guard_link(replay_guard<Store, Clock> guard) {
        const auto shared = std::make_shared<const replay_guard<Store, Clock>>(std::move(guard));
        reserve_ = [shared](const verified_message& message, std::string_view id) {
            return shared->reserve(message, id);
        };
        finish_ = [shared](const guarded_message& mine, bool handled) {
            return handled ? shared->commit(mine) : shared->release(mine);
        };
    }

    explicit operator bool() const noexcept { return reserve_ != nullptr; }

    [[nodiscard]] result<guarded_message> reserve(const verified_message& message,
                                                  std::string_view id) const {
        return reserve_(message, id);
    }
    [[nodiscard]] result<bool> commit(const guarded_message& mine) const {
        return finish_(mine, true);
    }
    [[nodiscard]] result<bool> release(const guarded_message& mine) const {
        return finish_(mine, false);
    }

private:
    std::function<result<guarded_message>(const verified_message&, std::string_view)> reserve_;
    std::function<result<bool>(const guarded_message&, bool)> finish_;
};

}  // namespace webhookpp::detail

// <webhookpp/handlers.hpp>
// What a program does with its events: one function for each type it cares about.

namespace webhookpp {

/// A set of functions of which each takes one type of event: `const E&`, or `const E&` and the
/// `const verified_message&` that it came with (for the message id). A generic lambda takes all
/// that no other one of its kind does; functions with two parameters are asked before those with
/// one.
///
/// They may be called from several threads at the same time.
template <class... Functions>
struct handlers : Functions... {
    using Functions::operator()...;

    /// Whether any of the functions takes `Event`.
    template <class Event>
    static constexpr bool take =
        std::invocable<const handlers&, const Event&> ||
        std::invocable<const handlers&, const Event&, const verified_message&>;
};
template <class... Functions>
handlers(Functions...) -> handlers<Functions...>;

namespace detail {

template <class Function, class Variant>
inline constexpr bool takes_any_of = false;
template <class Function, class... Events>
inline constexpr bool takes_any_of<Function, std::variant<Events...>> =
    (handlers<Function>::template take<Events> || ...);

// Whether overload resolution finds a function for `Event`, if there is one.
template <class Event, class... Functions>
inline constexpr bool is_unambiguous = handlers<Functions...>::template take<Event> ||
                                       !(handlers<Functions>::template take<Event> || ...);

// Calls the function that takes the event. Returns whether there is one.
template <class... Functions, class... Events>
bool dispatch(const handlers<Functions...>& all, const std::variant<Events...>& event,
              const verified_message& message) {
    static_assert((takes_any_of<Functions, std::variant<Events...>> && ...),
                  "each handler has to take an event of the catalog, as `const E&`");
    static_assert((is_unambiguous<Events, Functions...> && ...),
                  "two handlers fit the same event equally well");
    return std::visit(
        [&]<class Event>(const Event& alternative) {
            if constexpr (std::invocable<const handlers<Functions...>&, const Event&,
                                         const verified_message&>) {
                all(alternative, message);
                return true;
            } else if constexpr (std::invocable<const handlers<Functions...>&, const Event&>) {
                all(alternative);
                return true;
            } else {
                return false;
            }
        },
        event);
}

}  // namespace detail

}  // namespace webhookpp

// <webhookpp/detail/work_dispatch.hpp>
// Finds the function that handles an event of an inbox.

namespace webhookpp::detail {

// A concept, so that what takes any second parameter is never tried with a message.
template <class Handlers, class Event, class Work>
concept takes_work = std::invocable<const Handlers&, const Event&, Work&> ||
    std::invocable<const Handlers&, const Event&> ||
    std::invocable<const Handlers&, const Event&, const verified_message&>;

template <class Function, class Work, class Variant>
inline constexpr bool takes_work_of_any = false;
template <class Function, class Work, class... Events>
inline constexpr bool takes_work_of_any<Function, Work, std::variant<Events...>> =
    (takes_work<handlers<Function>, Events, Work> || ...);

template <class Work, class Event, class... Functions>
inline constexpr bool is_unambiguous_work = takes_work<handlers<Functions...>, Event, Work> ||
                                            !(takes_work<handlers<Functions>, Event, Work> || ...);

// Calls `function` and keeps what it wants.
template <class Function>
void keep_disposition(Function function, disposition& wanted) {
    using returned = decltype(function());
    static_assert(std::is_void_v<returned> || std::is_same_v<returned, disposition>,
                  "a handler of an inbox returns nothing or a webhookpp::disposition");
    if constexpr (std::is_same_v<returned, disposition>) {
        wanted = function();
    } else {
        function();
    }
}

// Calls the function that takes the event. Returns whether there is one.
template <class... Functions, class... Events, class Work>
bool dispatch_work(const handlers<Functions...>& all, const std::variant<Events...>& event,
                   Work& of, disposition& wanted) {
    using set = handlers<Functions...>;
    static_assert((takes_work_of_any<Functions, Work, std::variant<Events...>> && ...),
                  "each handler has to take an event of the catalog, as `const E&`");
    static_assert((is_unambiguous_work<Work, Events, Functions...> && ...),
                  "two handlers fit the same event equally well");
    return std::visit(
        [&]<class Event>(const Event& alternative) {
            if constexpr (std::invocable<const set&, const Event&, Work&>) {
                keep_disposition([&] { return all(alternative, of); }, wanted);
                return true;
            } else if constexpr (std::invocable<const set&, const Event&,
                                                const verified_message&>) {
                keep_disposition([&] { return all(alternative, of.message()); }, wanted);
                return true;
            } else if constexpr (std::invocable<const set&, const Event&>) {
                keep_disposition([&] { return all(alternative); }, wanted);
                return true;
            } else {
                return false;
            }
        },
        event);
}

}  // namespace webhookpp::detail

// <webhookpp/handshakes/asana.hpp>
// The handshake of Asana.

namespace webhookpp::handshakes {

/// The first request to an endpoint brings the secret, the key of all that follow, in a header
/// that the answer repeats. It proves nothing, so it is only taken while a registration is open:
/// open it right before the call that creates the webhook, and compare with the secret in the
/// answer to that call.
///
/// Source: https://developers.asana.com/docs/webhooks-guide
inline constexpr handshake asana{
    .name = "asana",
    .proof = handshake_proof::registration,
    .marker = {.field = in_header("X-Hook-Secret")},
    .challenge = in_header("X-Hook-Secret"),
    .answer = {.header = "X-Hook-Secret"},
};

}  // namespace webhookpp::handshakes

// <webhookpp/handshakes/discord.hpp>
// The handshakes of Discord.

namespace webhookpp::handshakes {

/// The ping to an endpoint for interactions: `type` 1, signed as every interaction. Discord also
/// sends wrong signatures on purpose, and wants 401 for them.
///
/// Source: https://discord.com/developers/docs/interactions/overview
inline constexpr handshake discord{
    .name = "discord",
    .marker = {.field = in_body("type"), .number = 1},
    .answer = {.content_type = json_text, .body = {R"({"type":1})"}},
};

/// The ping to an endpoint for webhook events: `type` 0, and there `type` 1 is an event.
///
/// Source: https://discord.com/developers/docs/events/webhook-events
inline constexpr handshake discord_events{
    .name = "discord_events",
    .marker = {.field = in_body("type"), .number = 0},
    .answer = {.status = 204},
};

}  // namespace webhookpp::handshakes

// <webhookpp/handshakes/dropbox.hpp>
// The handshake of Dropbox.

namespace webhookpp::handshakes {

/// A GET whose challenge comes back as text. It proves nothing, so anybody can ask; the answer is
/// their own word. Needs `delivery::method` and `target`.
///
/// Source: https://www.dropbox.com/developers/reference/webhooks
inline constexpr handshake dropbox{
    .name = "dropbox",
    .method = "GET",
    .proof = handshake_proof::nothing,
    .marker = {.field = in_query("challenge")},
    .challenge = in_query("challenge"),
    .answer = {.body = {challenge}},
};

}  // namespace webhookpp::handshakes

// <webhookpp/handshakes/meta.hpp>
// The handshake of Meta: Facebook, Instagram, Messenger, WhatsApp.

namespace webhookpp::handshakes {

/// A GET that shows the verify token which was entered in the App Dashboard: its challenge comes
/// back as text. Needs that token, which is another secret than the app secret, and
/// `delivery::method` and `target`.
///
/// Source: https://developers.facebook.com/docs/graph-api/webhooks/getting-started
inline constexpr handshake meta{
    .name = "meta",
    .method = "GET",
    .proof = handshake_proof::token,
    .marker = {.field = in_query("hub.mode"), .text = "subscribe"},
    .token = in_query("hub.verify_token"),
    .challenge = in_query("hub.challenge"),
    .answer = {.body = {challenge}},
};

}  // namespace webhookpp::handshakes

// <webhookpp/handshakes/notion.hpp>
// The handshake of Notion.

namespace webhookpp::handshakes {

/// The first request to an endpoint brings the verification token, which is the key of all that
/// follow: unsigned, or signed with that very token. It proves nothing, so it is only taken while
/// a registration is open. Enter the token in Notion's form by hand: only if Notion knows it, it
/// came from there.
///
/// Source: https://developers.notion.com/reference/webhooks
inline constexpr handshake notion{
    .name = "notion",
    .proof = handshake_proof::registration,
    .marker = {.field = in_body("verification_token")},
    .challenge = in_body("verification_token"),
    .signed_with_secret = &schemes::notion,
};

}  // namespace webhookpp::handshakes

// <webhookpp/handshakes/slack.hpp>
// The handshake of Slack.

namespace webhookpp::handshakes {

/// `url_verification`, signed as every event: its challenge comes back as text.
///
/// Source: https://docs.slack.dev/reference/events/url_verification
inline constexpr handshake slack{
    .name = "slack",
    .marker = {.field = in_body("type"), .text = "url_verification"},
    .challenge = in_body("challenge"),
    .answer = {.body = {challenge}},
};

}  // namespace webhookpp::handshakes

// <webhookpp/handshakes/twitch.hpp>
// The handshake of Twitch EventSub.

namespace webhookpp::handshakes {

/// A callback verification, signed as every notification: its challenge comes back as text. The
/// header that tells it from a notification is not signed; the challenge is.
///
/// Source: https://dev.twitch.tv/docs/eventsub/handling-webhook-events
inline constexpr handshake twitch{
    .name = "twitch",
    .marker = {.field = in_header("Twitch-Eventsub-Message-Type"),
               .text = "webhook_callback_verification"},
    .challenge = in_body("challenge"),
    .answer = {.body = {challenge}},
};

}  // namespace webhookpp::handshakes

// <webhookpp/handshakes/zoom.hpp>
// The handshake of Zoom.

namespace webhookpp::handshakes {

/// `endpoint.url_validation`, signed as every event, when the endpoint is set up and every 72
/// hours: the endpoint shows that it has the secret token. Zoom waits for 3 seconds.
///
/// Source: https://developers.zoom.us/docs/api/webhooks
inline constexpr handshake zoom{
    .name = "zoom",
    .marker = {.field = in_body("event"), .text = "endpoint.url_validation"},
    .challenge = in_body("payload.plainToken"),
    .answer = {.content_type = json_text,
               .body = {R"({"plainToken":")", challenge, R"(","encryptedToken":")", mac, R"("})"}},
};

}  // namespace webhookpp::handshakes

// <webhookpp/inbox_receiver.hpp>
// One call from request to reply for hosts with an inbox: verify, store, answer.

namespace webhookpp {

/// How a receiver with an inbox is set up.
struct inbox_receiver_options {
    /// The name of the endpoint, under which `worker::handle` takes its entries: 1 to 128 visible
    /// ASCII characters, different for each endpoint of the inbox.
    std::string endpoint = {};

    /// How long a message is remembered, so that its retries are known; by default
    /// `scheme::retention`. At least as long as the verifier's tolerance lets a delivery be
    /// repeated.
    std::optional<seconds> retention = std::nullopt;

    /// What is done with a message whose body was here before, under another id that is not signed.
    webhookpp::same_body same_body = same_body::flag;

    /// If given: messages for which it returns the same text, not empty, are handled one after the
    /// other, in the order in which they came. What it throws is answered with 503.
    std::function<std::string(const verified_message&)> partition = {};

    /// The handshake that the receiver answers: as in `receiver_options`.
    expected_handshake handshake = {};

    /// Called once for each delivery, from the thread that received it. What it throws is ignored.
    std::function<void(const outcome&)> log = {};
};

/// Receives deliveries into an inbox: 200 says that a message is safe, now or from before; then
/// workers handle it. Bodies that cannot be decoded are accepted too, and become dead entries with
/// the path of what is wrong, so that nothing is lost when a provider changes its events.
///
/// `receive` may be called from any number of threads, and blocks until the store has answered.
template <class Verifier, class Parser, class Inbox>
class inbox_receiver {
public:
    /// `parser` is the one that the handlers' events are decoded with; it tells the event type and,
    /// if the catalog has an `id_member`, the message id.
    ///
    /// Throws `exception` with `invalid_option` where `try_create` returns it.
    inbox_receiver(Verifier verifier, Parser parser, Inbox inbox, inbox_receiver_options options)
        : inbox_receiver(try_create(std::move(verifier), std::move(parser), std::move(inbox),
                                    std::move(options))
                             .value()) {}

    /// As the constructor, with the error as a value: `invalid_option` for an endpoint or a
    /// retention that will not do.
    [[nodiscard]] static result<inbox_receiver> try_create(Verifier verifier, Parser parser,
                                                           Inbox inbox,
                                                           inbox_receiver_options options) {
        const scheme& described = verifier.described();
        const seconds retention = options.retention.value_or(described.retention);
        if (auto bad = detail::check_endpoint(options.endpoint); !bad) {
            return unexpected(bad.error());
        }
        if (auto bad = detail::check_retention(retention, described, verifier.tolerance()); !bad) {
            return unexpected(bad.error());
        }
        return inbox_receiver(std::move(verifier), std::move(parser), std::move(inbox),
                              std::move(options), retention);
    }

    /// Receives `request` and returns what to answer. Does not throw.
    [[nodiscard]] reply receive(const delivery& request) const noexcept {
        return gate_.receive(request,
                             [this](const verified_message& message) { return store(message); });
    }

    /// As `receiver::collect`.
    [[nodiscard]] collected_headers collect(const header_source& headers) const noexcept {
        return gate_.collect(headers);
    }

    /// As `receiver::refuse_early`.
    [[nodiscard]] std::optional<reply> refuse_early(
        const header_source& headers, std::uint64_t content_length = 0) const noexcept {
        return gate_.refuse_early(headers, content_length);
    }

    /// The verifier, to exchange its keys.
    [[nodiscard]] const Verifier& verifier() const noexcept { return gate_.verifier(); }

private:
    inbox_receiver(Verifier verifier, Parser parser, Inbox inbox, inbox_receiver_options options,
                   seconds retention)
        : endpoint_(std::move(options.endpoint)),
          retention_(retention),
          same_body_(options.same_body),
          partition_(std::move(options.partition)),
          inbox_(std::move(inbox)),
          gate_(std::move(verifier), std::move(parser), std::move(options.handshake),
                std::move(options.log)) {}

    reply store(const verified_message& message) const noexcept {
        const auto accepted = accept(message);
        if (!accepted) return gate_.refuse(accepted.error(), {.message = &message});
        return gate_.accept({.message = &message, .duplicate = *accepted == acceptance::duplicate});
    }

    result<acceptance> accept(const verified_message& message) const noexcept {
#if defined(__cpp_exceptions)
        try {
            return accept_in(partition_ ? partition_(message) : std::string(), message);
        } catch (...) {
            return unexpected(errc::internal_error, "partition");
        }
#else
        return accept_in(partition_ ? partition_(message) : std::string(), message);
#endif
    }

    result<acceptance> accept_in(const std::string& partition,
                                 const verified_message& message) const noexcept {
        const auto facts = detail::read_body_facts(gate_.parser(), message,
                                                   detail::wanted_facts::id_and_event_type);
        if (!facts) return unexpected(facts.error());
        const scheme& described = gate_.verifier().described();
        return inbox_.accept(message, {.as = {.provider = described.name,
                                              .endpoint = endpoint_,
                                              .id = facts->id.view(),
                                              .same_body = same_body_,
                                              .repeats_bodies = described.repeats_bodies},
                                       .event_type = facts->event_type.view(),
                                       .partition = partition,
                                       .retention = retention_});
    }

    std::string endpoint_;
    seconds retention_;
    webhookpp::same_body same_body_;
    std::function<std::string(const verified_message&)> partition_;
    Inbox inbox_;
    detail::delivery_gate<Verifier, Parser> gate_;
};

}  // namespace webhookpp

// <webhookpp/json/source_text.hpp>
// Finds the texts of values in JSON that is known to be well-formed.

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

// <webhookpp/json/decode.hpp>
// Fills a described struct from a JSON document, whichever engine read that.

namespace webhookpp::json {

namespace detail {

/// An object or array that is being decoded, and which of its members or elements. They live on the
/// stack of the decoder, whose depth is that of the description and not of the document.
struct place {
    const place* above = nullptr;  ///< what this object or array is in; null: the outermost
    std::string_view name = {};    ///< of the member; without data, its number is shown
    std::size_t index = 0;
};

inline void write_path(decltype(error::where)& path, const place* last) {
    if (!last) return;
    write_path(path, last->above);
    if (last->name.data()) {
        if (!path.empty()) path.append(".");
        path.append(last->name);
    } else {
        char digits[24];
        const char* const end = std::to_chars(digits, digits + sizeof digits, last->index).ptr;
        path.append("[").append({digits, static_cast<std::size_t>(end - digits)}).append("]");
    }
}

/// A key of a map as paths show it. It comes from the body: itself only if it is short and plain.
[[nodiscard]] constexpr std::string_view shown_key(std::string_view key) noexcept {
    bool plain = !key.empty() && key.size() <= 16;
    for (const char c : key) {
        plain = plain && ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') || c == '_' || c == '-');
    }
    return plain ? key : std::string_view();
}

/// Whether a value of a type, or one in it, is given as its text.
[[nodiscard]] constexpr bool needs_text(const value_type& type) noexcept {
    switch (type.which) {
        case value_type::shape::scalar: return false;
        case value_type::shape::json_text: return true;
        case value_type::shape::optional:
        case value_type::shape::list:
        case value_type::shape::map: return needs_text(*type.element);
        case value_type::shape::object: break;
    }
    for (const member& each : type.members()) {
        if (needs_text(*each.field.type)) return true;
    }
    return false;
}

/// Decodes values of one engine. Each function returns whether that went well; if not, `failure`
/// says what is bad.
template <class Value>
class decoder {
public:
    /// `text`: of the outermost value; or null, for a type that does not need it. `known`: a member
    /// of the outermost object that is nobody's concern any more. `lenient`: a bad member is left
    /// at its default, and makes nothing else bad.
    decoder(source_text* text, std::string_view known, bool lenient = false) noexcept
        : text_(text), known_(known), lenient_(lenient) {}

    /// `at`: where `from` is; null for the outermost value.
    bool decode(Value from, const value_type& described, void* target, const place* at) {
        const value_type* type = &described;
        if (type->which == value_type::shape::optional) {
            if (from.is_null()) {
                if (text_) text_->skip_value();
                return true;
            }
            target = type->append(target);
            type = type->element;
        }
        // What most members are, without calls.
        if (type == &webhookpp::detail::value_type_of<std::string>) {
            std::string_view text;
            if (!from.get_text(text)) return bad(at);
            static_cast<std::string*>(target)->assign(text);
            if (text_) text_->skip_value(text.size());
            return true;
        }
        if (type->which != value_type::shape::scalar) {
            return decode_compound(from, *type, target, at);
        }
        const json_scalar scalar = from.scalar();
        if (scalar.which == json_scalar::kind::json) return bad(at);
        if (text_) text_->skip_value(scalar.text.size());
        return type->assign(target, scalar) || bad(at);
    }

    [[nodiscard]] const error& failure() const noexcept { return failure_; }

private:
    static constexpr std::size_t none = SIZE_MAX;

    bool bad(const place* at) {
        if (passing_over_) return false;
        failure_ = error{errc::invalid_payload, {}};
        write_path(failure_.where, at);
        return false;
    }

    // Past a value that the text stands before. Returns its text.
    std::string_view skip(Value from) {
        if (!text_) return {};
        const char* const begin = text_->position();
        text_->skip_value(from.scalar().text.size());
        return text_->since(begin);
    }

    bool decode_compound(Value from, const value_type& type, void* target, const place* at) {
        switch (type.which) {
            case value_type::shape::object: return decode_object(from, type, target, at);
            case value_type::shape::map: return decode_map(from, type, target, at);
            case value_type::shape::list: return decode_list(from, type, target, at);
            case value_type::shape::json_text:
            case value_type::shape::scalar:
            case value_type::shape::optional: break;
        }
        const json_scalar whole{.which = json_scalar::kind::json, .text = skip(from)};
        return type.assign(target, whole) || bad(at);
    }

    // An object on the way through its members.
    struct open_object {
        const value_type& type;
        std::span<const member> members;
        void* owner;
        place here;
        webhookpp::detail::member_set seen = {};
        std::size_t first_bad = none;
        std::size_t expected = 0;
    };

    // Of all bad members the first of the description is reported, so that every engine and every
    // order of the document gives the same error. So what stands behind a bad one in the
    // description need not be decoded any more.
    bool decode_object(Value from, const value_type& type, void* target, const place* above) {
        if (!from.is_object()) return bad(above);
        open_object open{type, type.members(), type.described_part(target), {.above = above}};
        if (text_) text_->enter();
        from.for_each_member([&](std::string_view name, Value value) {
            const char* begin = nullptr;
            if (text_) {
                text_->to_member(name);
                begin = text_->position();
            }
            if (decode_member(open, name, value) || !text_) return;
            text_->go_back(begin);
            skip(value);
        });
        if (text_) text_->leave();
        if (lenient_) return true;
        const std::size_t missing = open.seen.first_missing(type.names->required());
        if (missing >= open.first_bad) return open.first_bad == none;
        open.here.name = open.members[missing].name;
        return bad(&open.here);
    }

    // Returns whether the value was gone through.
    bool decode_member(open_object& of, std::string_view name, Value value) {
        const std::size_t i = of.type.names->find(of.members, name, of.expected);
        if (i >= of.members.size()) return keep_other(of, name, value);
        of.expected = i + 1;
        const bool doubled = !of.seen.add(i);
        if (i > of.first_bad) return false;
        const member& described = of.members[i];
        of.here.name = described.name;
        void* const target = described.field.locate(of.owner);
        if (doubled ? bad(&of.here) : decode(value, *described.field.type, target, &of.here)) {
            return true;
        }
        if (lenient_) {
            described.field.type->reset(target);
        } else {
            of.first_bad = i;
        }
        return false;
    }

    // No description speaks of this member, so neither a wrong type nor a second one is bad.
    bool keep_other(open_object& of, std::string_view name, Value value) {
        const member* const others = of.type.names->others();
        if (!others || of.first_bad != none || (!of.here.above && name == known_)) return false;
        const value_type& map = *others->field.type;
        void* const kept = others->field.locate(of.owner);
        void* const element = map.insert(kept, name);
        if (!element) return false;
        const bool outer = std::exchange(passing_over_, true);
        const bool fits = decode(value, *map.element, element, &of.here);
        passing_over_ = outer;
        if (!fits) map.erase(kept, name);
        return fits;
    }

    bool decode_map(Value from, const value_type& type, void* target, const place* above) {
        if (!from.is_object()) return bad(above);
        if (text_) text_->enter();
        place here{.above = above};
        std::size_t index = 0;
        bool good = true;
        from.for_each_member([&](std::string_view name, Value value) {
            if (!good) return;
            if (text_) text_->to_member(name);
            here.name = shown_key(name);
            here.index = index++;
            void* const element = type.insert(target, name);
            good = element ? decode(value, *type.element, element, &here) : bad(&here);
        });
        if (text_) text_->leave();
        return good;
    }

    bool decode_list(Value from, const value_type& type, void* target, const place* above) {
        if (!from.is_array()) return bad(above);
        if (text_) text_->enter();
        if (type.reserve) type.reserve(target, from.size());
        place here{.above = above};
        std::size_t index = 0;
        const bool good = from.for_each_element([&](Value element) {
            if (text_) text_->to_element();
            here.index = index++;
            return decode(element, *type.element, type.append(target), &here);
        });
        if (text_) text_->leave();
        return good;
    }

    source_text* text_;
    std::string_view known_;
    bool lenient_;
    bool passing_over_ = false;  // whatever is bad now
    error failure_;
};

}  // namespace detail

/// Decodes `from` into `target`, a default constructed struct with described members. `text` is the
/// JSON text that an engine read `from` from; no longer needed afterwards. `type_member` names the
/// one that told the type of an event: it is not among the `other_members`.
///
/// Errors: `invalid_payload` with the path of the first bad member, in the order of the
/// description. A member is bad when it is absent (and not optional), doubled, of another type or
/// out of range.
template <class T, class Value>
[[nodiscard]] result<void> decode(Value from, T& target, std::string_view text,
                                  std::string_view type_member = {}) {
    constexpr const value_type& type = webhookpp::detail::value_type_of<T>;
    constexpr bool needs_text = detail::needs_text(type);
    source_text source(text);
    detail::decoder<Value> decoder(needs_text ? &source : nullptr, type_member);
    if (decoder.decode(from, type, &target, nullptr)) return {};
    return unexpected(decoder.failure());
}

/// Decodes what fits: a member that is bad stays at its default.
template <class T, class Value>
void decode_what_fits(Value from, T& target, std::string_view text,
                      std::string_view type_member = {}) {
    constexpr const value_type& type = webhookpp::detail::value_type_of<T>;
    constexpr bool needs_text = detail::needs_text(type);
    source_text source(text);
    detail::decoder<Value> decoder(needs_text ? &source : nullptr, type_member, true);
    static_cast<void>(decoder.decode(from, type, &target, nullptr));
}

}  // namespace webhookpp::json

// <webhookpp/json/document.hpp>
// A JSON text that was read whole, as a flat list of nodes.

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

// <webhookpp/json/oversized_numbers.hpp>
// Numbers that no double can hold: well-formed JSON that parsers refuse to convert.

namespace webhookpp::json {

/// A JSON text in which every number that a double cannot hold is replaced by 0, and which numbers
/// these are, counted from 0 in the order of the text. Such a number matters only where a described
/// member has it; elsewhere it must not make a whole body unreadable.
struct without_oversized_numbers {
    std::string text;                   ///< the text with the zeros in it
    std::vector<std::size_t> replaced;  ///< which numbers they replace
};

namespace detail {

// Takes one number of the JSON grammar from the front of `rest`; empty if none stands there.
[[nodiscard]] inline std::string_view take_number(std::string_view& rest) {
    std::size_t at = 0;
    const auto digits = [&] {
        const std::size_t first = at;
        while (at < rest.size() && rest[at] >= '0' && rest[at] <= '9') ++at;
        return at > first;
    };
    const auto skip = [&](std::string_view any_of) {
        if (at == rest.size() || any_of.find(rest[at]) == std::string_view::npos) return false;
        ++at;
        return true;
    };
    skip("-");
    bool good = digits();
    if (skip(".")) good = digits() && good;
    if (skip("eE")) {
        skip("+-");
        good = digits() && good;
    }
    const auto number = rest.substr(0, at);
    rest.remove_prefix(at);
    return good ? number : std::string_view();
}

// Whether `number`, of the JSON grammar, rounds to infinity. Decided on the decimal digits: no
// conversion function does it without errno or the locale.
[[nodiscard]] inline bool is_oversized(std::string_view number) {
    std::string digits;
    std::int64_t magnitude = 0;  // the number is 0.digits times 10 to this power
    bool fraction = false;
    std::size_t at = 0;
    for (; at < number.size() && number[at] != 'e' && number[at] != 'E'; ++at) {
        if (number[at] == '-') continue;
        if (number[at] == '.') {
            fraction = true;
            continue;
        }
        if (number[at] == '0' && digits.empty()) {
            magnitude -= fraction ? 1 : 0;
            continue;
        }
        digits += number[at];
        magnitude += fraction ? 0 : 1;
    }
    if (digits.empty()) return false;
    if (at < number.size()) {
        const bool negative = number[++at] == '-';
        if (number[at] == '-' || number[at] == '+') ++at;
        std::int64_t exponent = 0;
        for (; at < number.size() && exponent < INT64_MAX / 100; ++at) {
            exponent = exponent * 10 + (number[at] - '0');
        }
        magnitude += negative ? -exponent : exponent;
    }
    // 2^1024 - 2^970, the smallest number that is nearer to 2^1024 than to the largest double.
    static constexpr std::string_view infinite =
        "1797693134862315807937289714053034150799341327100378269361737789804449682927647509466490"
        "1797758720709633028641669288791094655554785194040263065748867150582068190890200070838367"
        "6273854845817711531764475730270069855571366959622842914819860834936475292719074168444365"
        "510704342711559699508093042880177904174497792";
    if (magnitude != std::int64_t{infinite.size()}) {
        return magnitude > std::int64_t{infinite.size()};
    }
    return std::string_view(digits).substr(0, infinite.size()) >= infinite;
}

}  // namespace detail

/// Replaces the oversized numbers of `text`, in one pass and without changing its length. What is
/// not of the JSON grammar stays as it is.
[[nodiscard]] inline without_oversized_numbers replace_oversized_numbers(std::string_view text) {
    without_oversized_numbers out{std::string(text), {}};
    std::size_t numbers = 0;
    bool in_string = false;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const char c = text[at];
        if (in_string) {
            if (c == '\\') ++at;
            if (c == '"') in_string = false;
        } else if (c == '"') {
            in_string = true;
        } else if (c == '-' || (c >= '0' && c <= '9')) {
            std::string_view rest = text.substr(at);
            const std::size_t before = rest.size();
            const auto number = detail::take_number(rest);
            if (detail::is_oversized(number)) {
                out.text.replace(at, number.size(), number.size(), ' ');
                out.text[at] = '0';
                out.replaced.push_back(numbers);
            }
            ++numbers;
            at += before - rest.size() - 1;
        }
    }
    return out;
}

}  // namespace webhookpp::json

// <webhookpp/json/nlohmann.hpp>
// The default JSON engine: nlohmann/json.

namespace webhookpp::json {

namespace detail {

// Takes the events of nlohmann's reader. Each function returns whether to go on.
class document_builder {
public:
    // `oversized`: which numbers, counted from 0, stand in the text as 0 but are too large.
    document_builder(document& out, std::size_t depth, std::span<const std::size_t> oversized)
        : out_(out), depth_(depth), oversized_(oversized) {}

    bool null() { return add({}); }
    bool boolean(bool value) {
        return add({.which = json_scalar::kind::boolean, .boolean = value});
    }
    bool number_integer(std::int64_t value) {
        return add_number({.which = json_scalar::kind::integer, .integer = value});
    }
    bool number_unsigned(std::uint64_t value) {
        if (value <= INT64_MAX) return number_integer(static_cast<std::int64_t>(value));
        return add_number(
            {.which = json_scalar::kind::unsigned_integer, .unsigned_integer = value});
    }
    bool number_float(double value, const std::string&) {
        return add_number({.which = json_scalar::kind::number, .number = value});
    }
    bool string(std::string& value) {
        return add({.which = json_scalar::kind::text, .text = value});
    }
    // Part of the interface; JSON text has no binary values.
    bool binary(const std::vector<std::uint8_t>&) { return false; }

    bool start_object(std::size_t) { return begin(document::kind::object); }
    bool key(std::string& name) { return string(name); }
    bool end_object() { return end(); }
    bool start_array(std::size_t) { return begin(document::kind::array); }
    bool end_array() { return end(); }

    template <class Exception>
    bool parse_error(std::size_t, const std::string&, const Exception& what) {
        // The library's number for a number that is too large for a double.
        stopped_at_oversized_ = what.id == 406;
        return false;
    }

    [[nodiscard]] bool stopped_at_oversized() const noexcept { return stopped_at_oversized_; }

private:
    bool add(const json_scalar& value) {
        out_.add(value);
        return true;
    }
    bool add_number(const json_scalar& value) {
        if (!oversized_.empty() && oversized_.front() == numbers_++) {
            oversized_ = oversized_.subspan(1);
            return add({.which = json_scalar::kind::out_of_range});
        }
        return add(value);
    }
    bool begin(document::kind which) {
        if (out_.depth() == depth_) return false;
        out_.begin(which);
        return true;
    }
    bool end() {
        out_.end();
        return true;
    }

    document& out_;
    std::size_t depth_;
    std::span<const std::size_t> oversized_;
    std::size_t numbers_ = 0;
    bool stopped_at_oversized_ = false;
};

}  // namespace detail

/// Reads JSON text with nlohmann/json, and refuses what that lets pass but RFC 8259 does not.
class nlohmann_engine {
public:
    /// Reads `text`, which may nest `depth` arrays and objects, and returns what `use` makes of its
    /// outermost value: a `result`.
    ///
    /// Errors: `malformed_json` for grammar, UTF-8, depth, a byte order mark, and anything but
    /// white space behind the document; `body_too_large` from 4 GiB on. Throws `std::bad_alloc`.
    template <class Use>
    [[nodiscard]] static auto read(std::string_view text, std::size_t depth, Use use)
        -> decltype(use(std::declval<const document::value&>())) {
        const auto read = read_document(text, depth);
        if (!read) return unexpected(read.error());
        return use(read->root());
    }

private:
    static result<document> read_document(std::string_view text, std::size_t depth) {
        if (text.size() > document::max_size) return unexpected(errc::body_too_large, "body");
        // The library skips a byte order mark, and takes a NUL for the end of the text.
        if (text.starts_with("\xEF\xBB\xBF") || text.find('\0') != std::string_view::npos) {
            return unexpected(errc::malformed_json);
        }
        document out(text.size());
        detail::document_builder builder(out, depth, {});
        if (::nlohmann::json::sax_parse(text, &builder)) return out;
        if (builder.stopped_at_oversized()) {
            const auto replaced = replace_oversized_numbers(text);
            document again(replaced.text.size());
            detail::document_builder second(again, depth, replaced.replaced);
            if (::nlohmann::json::sax_parse(replaced.text, &second)) return again;
        }
        return unexpected(errc::malformed_json);
    }
};

}  // namespace webhookpp::json

namespace webhookpp {

namespace json {

/// Reads and writes a member as nlohmann's `from_json` and `to_json` do. For a type whose functions
/// stand in a specialised `nlohmann::adl_serializer`, ask for it:
/// ```
/// template <> struct webhookpp::value_traits<theirs> : webhookpp::json::nlohmann_traits<theirs>
/// {};
/// ```
/// What `from_json` throws makes the member bad.
template <class T>
struct nlohmann_traits {
#if !defined(__cpp_exceptions)
    static_assert(std::is_same_v<T, ::nlohmann::json>,
                  "a type with from_json needs exceptions: without them a sender could end the "
                  "program. Describe its members, or take nlohmann::json");
#endif

    /// What decoding and encoding work from.
    static consteval value_type make() {
        return {.which = value_type::shape::json_text,
                .assign = &assign,
                .read = [](const void* source, std::string& text) -> json_scalar {
                    const T& value = *static_cast<const T*>(source);
                    if constexpr (requires { ::nlohmann::json(value); }) {
                        text = ::nlohmann::json(value).dump(-1, ' ', false, replace);
                    } else {
                        webhookpp::detail::raise(
                            error{errc::invalid_payload, "a type without to_json is encoded"});
                    }
                    return {.which = json_scalar::kind::json, .text = text};
                }};
    }

private:
    static constexpr auto replace = ::nlohmann::json::error_handler_t::replace;

    static bool assign(void* target, const json_scalar& from) {
        // Well-formed, but for numbers that are too large for a double.
        auto value = ::nlohmann::json::parse(from.text, nullptr, false);
        if (value.is_discarded()) return false;
        if constexpr (std::is_same_v<T, ::nlohmann::json>) {
            *static_cast<T*>(target) = std::move(value);
            return true;
        } else {
#if defined(__cpp_exceptions)
            try {
                value.get_to(*static_cast<T*>(target));
                return true;
            } catch (const std::bad_alloc&) {
                throw;
            } catch (...) {
                return false;
            }
#else
            return false;
#endif
        }
    }
};

}  // namespace json

namespace detail {

namespace from_json_lookup {

// Hides whatever the surrounding namespaces call so: only what belongs to the type itself is found,
// and not nlohmann's own conversions, which cut numbers off and let views dangle.
void from_json() = delete;

template <class T>
concept has_own_from_json = requires(const ::nlohmann::json& from, T& target) {
    from_json(from, target);
};

}  // namespace from_json_lookup

template <class T>
concept nlohmann_readable = !described<T> && (std::is_same_v<T, ::nlohmann::json> ||
                                              from_json_lookup::has_own_from_json<T>);

}  // namespace detail

/// Classes with nlohmann's own `from_json` (for encoding also `to_json`) beside them work
/// unchanged, as members and as whole events, and so does `nlohmann::json` itself.
template <detail::nlohmann_readable T>
struct value_traits<T> : json::nlohmann_traits<T> {};

}  // namespace webhookpp

// <webhookpp/json/encode.hpp>
// Writes described structs as JSON text: for fixtures and tools, and to forward events.

namespace webhookpp::json {

namespace detail {

inline void append_value(std::string& out, const ::nlohmann::json& value) {
    out += value.dump(-1, ' ', false, ::nlohmann::json::error_handler_t::replace);
}

inline void append_scalar(std::string& out, const json_scalar& value) {
    switch (value.which) {
        case json_scalar::kind::boolean: return append_value(out, value.boolean);
        case json_scalar::kind::integer: return append_value(out, value.integer);
        case json_scalar::kind::unsigned_integer: return append_value(out, value.unsigned_integer);
        case json_scalar::kind::number: return append_value(out, value.number);
        case json_scalar::kind::text: return append_value(out, value.text);
        case json_scalar::kind::null:
        case json_scalar::kind::out_of_range: return append_value(out, nullptr);
        case json_scalar::kind::json: break;
    }
    const auto good = nlohmann_engine::read(value.text, SIZE_MAX,
                                            [](const auto& /*root*/) { return result<void>(); });
    if (!good) webhookpp::detail::raise(error{good.error().code, "a raw_json holds no JSON"});
    out += value.text;
}

// Writes members one after the other, with commas between them.
class member_writer {
public:
    explicit member_writer(std::string& out) : out_(out) {}

    std::string& begin(std::string_view name) {
        if (!first_) out_ += ',';
        first_ = false;
        append_value(out_, name);
        return out_ += ':';
    }

private:
    std::string& out_;
    bool first_ = true;
};

inline void append(std::string& out, const value_type& type, const void* source);

// `object`: the struct that the map is a part of, whose members come first; or null.
inline void append_map(member_writer& members, const value_type& type, const void* source,
                       const value_type* object, std::string_view type_member) {
    struct context {
        member_writer& out;
        const value_type& element;
        const value_type* object;
        std::string_view type_member;
    } each{members, *type.element, object, type_member};
    type.for_each(source, &each, [](void* to, std::string_view key, const void* value) {
        const context& with = *static_cast<context*>(to);
        if (with.object) {
            const auto described = with.object->members();
            const bool is_described =
                with.object->names->find(described, key, described.size()) < described.size();
            if (is_described || key == with.type_member) return;
        }
        append(with.out.begin(key), with.element, value);
    });
}

inline void append_members(member_writer& members, const value_type& type, const void* source,
                           std::string_view type_member = {}) {
    // Nothing is changed through the pointer.
    const void* const owner =
        type.described_part(const_cast<void*>(source));  // NOLINT(*-const-cast)
    for (const member& each : type.members()) {
        const void* const value = each.field.locate_in(owner);
        const value_type& of = *each.field.type;
        if (each.takes_others()) {
            append_map(members, of, value, &type, type_member);
        } else if (!type_member.empty() && each.name == type_member) {
            continue;  // stands there already
        } else if (of.which != value_type::shape::optional || of.size(value) != 0) {
            append(members.begin(each.name), of, value);
        }
    }
}

inline void append(std::string& out, const value_type& type, const void* source) {
    switch (type.which) {
        case value_type::shape::scalar:
        case value_type::shape::json_text: {
            std::string text;
            return append_scalar(out, type.read(source, text));
        }
        case value_type::shape::optional:
            return type.size(source) == 0 ? append_value(out, nullptr)
                                          : append(out, *type.element, type.at(source, 0));
        case value_type::shape::list: {
            out += '[';
            for (std::size_t i = 0; i < type.size(source); ++i) {
                if (i > 0) out += ',';
                append(out, *type.element, type.at(source, i));
            }
            out += ']';
            return;
        }
        case value_type::shape::map:
        case value_type::shape::object: break;
    }
    out += '{';
    member_writer members(out);
    if (type.which == value_type::shape::map) {
        append_map(members, type, source, nullptr, {});
    } else {
        append_members(members, type, source);
    }
    out += '}';
}

}  // namespace detail

/// `source` as JSON text, with the names of its description and no white space but that of
/// `raw_json`, which is written as it stands. Empty optional members are left out, timestamps are
/// written in UTC, numbers that JSON does not have (NaN, infinity) as null, and text that is not
/// UTF-8 gets U+FFFD for what is wrong. Other members that have the name of a described one are
/// left out.
///
/// For an event (a struct with a `type` and described members), `type_member` comes first and holds
/// the event type. Throws `exception` with `malformed_json` for a `raw_json` that holds none, and
/// what a user's `to_json` throws.
template <class T>
[[nodiscard]] std::string encode(const T& source, std::string_view type_member = "type") {
    constexpr const value_type& type = webhookpp::detail::value_type_of<T>;
    std::string out;
    if constexpr (event_type<T> && described<T>) {
        out += '{';
        detail::member_writer members(out);
        detail::append_scalar(members.begin(type_member),
                              {.which = json_scalar::kind::text, .text = T::type});
        detail::append_members(members, type, &source, type_member);
        out += '}';
    } else {
        detail::append(out, type, &source);
    }
    return out;
}

/// An event of `Catalog` as JSON text; one of an unknown type as its body arrived.
template <class Catalog>
[[nodiscard]] std::string encode_event(const typename Catalog::event& event) {
    return std::visit(
        []<class Event>(const Event& alternative) {
            if constexpr (std::derived_from<Event, unknown_event>) {
                return alternative.body;
            } else {
                return encode(alternative, Catalog::type_member);
            }
        },
        event);
}

}  // namespace webhookpp::json

// <webhookpp/parser.hpp>
// Turns verified messages into typed events.

namespace webhookpp {

/// How a parser is set up.
struct parser_options {
    /// How many objects and arrays may lie within each other; beyond: `malformed_json`.
    std::size_t depth = 64;
};

/// Decodes the body of a verified message into an event of `Catalog`, with a JSON `Engine`.
///
/// Immutable: any number of threads may use one at the same time. The default engine needs
/// `webhookpp/json/nlohmann.hpp`, which `webhookpp/webhookpp.hpp` includes.
template <class Catalog, class Engine>
class parser {
public:
    /// What events there are.
    using catalog = Catalog;
    /// One of them: a `std::variant`.
    using event = typename Catalog::event;

    parser() noexcept = default;
    /// With other limits.
    explicit parser(const parser_options& options) noexcept : options_(options) {}

    /// Decodes `message`. The event owns all that it holds.
    ///
    /// An event type that the catalog does not list gives `unknown_event`. Errors, of which the
    /// first that applies is returned: `malformed_json` for the grammar, UTF-8 or depth anywhere in
    /// the body; `missing_event_type`; `invalid_payload` with the path of a member
    /// (`data.dataFields[1].id`). `internal_error` when memory runs out, or a user's own
    /// `value_traits` throw.
    [[nodiscard]] result<event> parse(const verified_message& message) const noexcept {
#if defined(__cpp_exceptions)
        try {
            return decode(message.body());
        } catch (...) {
            return unexpected(errc::internal_error, "body");
        }
#else
        return decode(message.body());
#endif
    }

    /// Reads `message` as JSON that need not be an event, and returns what `use` makes of its
    /// outermost value: a `result`. Errors: `malformed_json`; those of `use`; `internal_error` when
    /// memory runs out.
    template <class Use>
    [[nodiscard]] auto read(const verified_message& message, Use use) const noexcept
        -> decltype(Engine::read(message.body(), std::size_t(), std::move(use))) {
#if defined(__cpp_exceptions)
        try {
            return Engine::read(message.body(), options_.depth, std::move(use));
        } catch (...) {
            return unexpected(errc::internal_error, "body");
        }
#else
        return Engine::read(message.body(), options_.depth, std::move(use));
#endif
    }

private:
    [[nodiscard]] result<event> decode(std::string_view body) const {
        return Engine::read(body, options_.depth, [body](const auto& root) {
            return decode_root(root, body, std::make_index_sequence<Catalog::types.size()>());
        });
    }

    template <class Value, std::size_t... Index>
    static result<event> decode_root(const Value& root, std::string_view body,
                                     std::index_sequence<Index...>) {
        using decode_event = result<event> (*)(const Value&, std::string_view);
        // Alternative 0 is for unknown types.
        static constexpr std::array<decode_event, sizeof...(Index)> decoders{
            &decode_alternative<Index + 1, Value>...};
        const auto type = event_type_of(root);
        if (!type) return unexpected(type.error());
        const std::size_t index = Catalog::find(*type);
        return index < decoders.size() ? decoders[index](root, body)
                                       : decode_unknown(root, body, *type);
    }

    template <std::size_t Index, class Value>
    static result<event> decode_alternative(const Value& root, std::string_view body) {
        // One variable, so that the event, which may be large, is never moved.
        result<event> decoded(std::in_place, std::in_place_index<Index>);
        const auto read = json::decode(root, std::get<Index>(*decoded), body, Catalog::type_member);
        if (!read) decoded = unexpected(read.error());
        return decoded;
    }

    template <class Value>
    static result<event> decode_unknown(const Value& root, std::string_view body,
                                        std::string_view type) {
        typename Catalog::unknown unknown;
        if constexpr (described<typename Catalog::unknown>) {
            // A type that nobody knows may have any members, so none of them is bad.
            json::decode_what_fits(root, unknown, body, Catalog::type_member);
        }
        unknown.type = type;
        unknown.body = body;
        return event(std::in_place_index<0>, std::move(unknown));
    }

    template <class Value>
    static result<std::string_view> event_type_of(const Value& root) {
        if (!root.is_object()) return unexpected(errc::missing_event_type);
        std::optional<Value> type;
        bool doubled = false;
        root.for_each_member([&](std::string_view name, Value value) {
            if (name != Catalog::type_member) return;
            doubled = type.has_value();
            type = value;
        });
        if (doubled) return unexpected(errc::invalid_payload, Catalog::type_member);
        std::string_view name;
        if (!type || !type->get_text(name)) {
            return unexpected(errc::missing_event_type, Catalog::type_member);
        }
        return name;
    }

    parser_options options_;
};

}  // namespace webhookpp

// <webhookpp/providers/eventsair.hpp>
// EventsAir: webhooks about events, contacts, registrations, invoices and agenda items.

/// The webhooks of EventsAir: https://developer.eventsair.com/docs/guides/webhooks/event-types
///
/// Documented: the headers, the shape of the body, and all types below with their members, but for
/// the members of `Event.Invoice.Finalized`, which follow the pattern of the others. The list of
/// types is open: those of other names arrive as `other_event`. The GraphQL query
/// `webhookEventTypes` lists what an account can subscribe to.
///
/// Not documented in public: how messages are signed. The names of the headers, the retries and the
/// time limits are Svix's, so they are taken to be signed as Standard Webhooks prescribe.
namespace webhookpp::eventsair {

/// How EventsAir signs, with a secret of the form `whsec_...`.
inline constexpr const webhookpp::scheme& scheme = schemes::standard_webhooks;

/// What happened to an event as a whole.
struct event_data {
    std::string event_id;            ///< a GUID, as all ids
    webhookpp::timestamp timestamp;  ///< when it was done; not when it was sent
    std::string correlation_id;      ///< names the action, to find it again

    static constexpr member members[] = {
        {"eventId", field<&event_data::event_id>},
        {"timestamp", field<&event_data::timestamp>},
        {"correlationId", field<&event_data::correlation_id>},
    };
};

/// What happened to a contact of an event.
struct contact_data {
    std::string event_id;
    std::string contact_id;
    webhookpp::timestamp timestamp;
    std::string correlation_id;

    static constexpr member members[] = {
        {"eventId", field<&contact_data::event_id>},
        {"contactId", field<&contact_data::contact_id>},
        {"timestamp", field<&contact_data::timestamp>},
        {"correlationId", field<&contact_data::correlation_id>},
    };
};

/// What happened to an invoice of an event.
struct invoice_data {
    std::string event_id;
    std::string invoice_id;
    webhookpp::timestamp timestamp;
    std::string correlation_id;

    static constexpr member members[] = {
        {"eventId", field<&invoice_data::event_id>},
        {"invoiceId", field<&invoice_data::invoice_id>},
        {"timestamp", field<&invoice_data::timestamp>},
        {"correlationId", field<&invoice_data::correlation_id>},
    };
};

/// What happened to a registration for an event.
struct registration_data {
    std::string event_id;
    std::string registration_id;
    webhookpp::timestamp timestamp;
    std::string correlation_id;

    static constexpr member members[] = {
        {"eventId", field<&registration_data::event_id>},
        {"registrationId", field<&registration_data::registration_id>},
        {"timestamp", field<&registration_data::timestamp>},
        {"correlationId", field<&registration_data::correlation_id>},
    };
};

/// What happened to a break, an activity of the agenda of an event.
struct activity_break_agenda_item_data {
    std::string event_id;
    std::string activity_break_agenda_item_id;
    webhookpp::timestamp timestamp;
    std::string correlation_id;

    static constexpr member members[] = {
        {"eventId", field<&activity_break_agenda_item_data::event_id>},
        {"activityBreakAgendaItemId",
         field<&activity_break_agenda_item_data::activity_break_agenda_item_id>},
        {"timestamp", field<&activity_break_agenda_item_data::timestamp>},
        {"correlationId", field<&activity_break_agenda_item_data::correlation_id>},
    };
};

/// The body of every message, around `Data`.
template <class Data>
struct message {
    using described_by = message;

    Data data;

    static constexpr member members[] = {{"data", field<&message::data>}};
};

/// An event was archived.
struct event_archived : message<event_data> {
    static constexpr std::string_view type = "Event.Archived";
};

/// An event was created.
struct event_created : message<event_data> {
    static constexpr std::string_view type = "Event.Created";
};

/// An event was deleted.
struct event_deleted : message<event_data> {
    static constexpr std::string_view type = "Event.Deleted";
};

/// A contact was added to an event.
struct event_contact_created : message<contact_data> {
    static constexpr std::string_view type = "Event.Contact.Created";
};

/// A contact of an event was changed.
struct event_contact_updated : message<contact_data> {
    static constexpr std::string_view type = "Event.Contact.Updated";
};

/// A contact of an event was deleted.
struct event_contact_deleted : message<contact_data> {
    static constexpr std::string_view type = "Event.Contact.Deleted";
};

/// The personal data of a contact were removed.
struct event_contact_anonymized : message<contact_data> {
    static constexpr std::string_view type = "Event.Contact.Anonymized";
};

/// An invoice was created.
struct event_invoice_created : message<invoice_data> {
    static constexpr std::string_view type = "Event.Invoice.Created";
};

/// An invoice was finalized. Documented by name; its members are inferred.
struct event_invoice_finalized : message<invoice_data> {
    static constexpr std::string_view type = "Event.Invoice.Finalized";
};

/// A registration was made.
struct event_registration_created : message<registration_data> {
    static constexpr std::string_view type = "Event.Registration.Created";
};

/// A break was added to the agenda. These three are documented on the provider's test site only.
struct event_activity_break_agenda_item_created : message<activity_break_agenda_item_data> {
    static constexpr std::string_view type = "Event.ActivityBreakAgendaItem.Created";
};

/// A break of the agenda was changed.
struct event_activity_break_agenda_item_updated : message<activity_break_agenda_item_data> {
    static constexpr std::string_view type = "Event.ActivityBreakAgendaItem.Updated";
};

/// A break of the agenda was deleted.
struct event_activity_break_agenda_item_deleted : message<activity_break_agenda_item_data> {
    static constexpr std::string_view type = "Event.ActivityBreakAgendaItem.Deleted";
};

/// What a message of a type that is not listed here says, as far as it follows the pattern.
struct other_data {
    std::optional<webhookpp::timestamp> timestamp;
    std::optional<std::string> correlation_id;
    std::map<std::string, std::string> ids;  ///< by their JSON names: `registrationId` ...

    static constexpr member members[] = {
        {"timestamp", field<&other_data::timestamp>},
        {"correlationId", field<&other_data::correlation_id>},
        {other_members, field<&other_data::ids>},
    };
};

/// An event of a type that is not listed here: `<Scope>.<Entity>.<Action>`, or `<Scope>.<Action>`
/// where the scope itself is meant. `type` and `body` are always there; `data` is empty where the
/// body has another shape.
struct other_event : unknown_event {
    other_data data;

    static constexpr member members[] = {{"data", field<&other_event::data>}};

    // All are views into `type`, and empty where it has no such part.

    /// `Event` of `Event.Contact.Created`.
    [[nodiscard]] std::string_view scope() const noexcept {
        return std::string_view(type).substr(0, type.find('.'));
    }
    /// `Contact` of `Event.Contact.Created`.
    [[nodiscard]] std::string_view entity() const noexcept {
        const std::size_t first = type.find('.');
        const std::size_t last = type.rfind('.');
        if (first == last) return {};
        return std::string_view(type).substr(first + 1, last - first - 1);
    }
    /// `Created` of `Event.Contact.Created`.
    [[nodiscard]] std::string_view action() const noexcept {
        const std::size_t last = type.rfind('.');
        return last == std::string::npos ? std::string_view()
                                         : std::string_view(type).substr(last + 1);
    }
};

/// All documented events of EventsAir.
struct catalog
    : catalog_with_unknown<other_event, event_archived, event_created, event_deleted,
                           event_contact_created, event_contact_updated, event_contact_deleted,
                           event_contact_anonymized, event_invoice_created, event_invoice_finalized,
                           event_registration_created, event_activity_break_agenda_item_created,
                           event_activity_break_agenda_item_updated,
                           event_activity_break_agenda_item_deleted> {};

/// One of them, or `other_event`.
using event = catalog::event;

}  // namespace webhookpp::eventsair

// <webhookpp/providers/gatsby.hpp>
// Gatsby Events: webhooks about guests, events and guest lists. Not signed.

/// The webhooks of Gatsby Events: https://buildwithgatsby.com/webhooks
///
/// Documented: one example of each of three forms, told apart by `action`. Whether a form has other
/// actions (attendance is spoken of, without a name) is not; they arrive as `unknown_event`. A body
/// has neither an event id nor anything else to tell two deliveries apart but its content; the
/// provider says that it may send one twice.
namespace webhookpp::gatsby {

/// Gatsby signs nothing and documents no header of its own. A token that nobody can guess, in the
/// URL that is registered with it (`https://.../webhooks/gatsby?token=...`), is what keeps others
/// out: it proves that the sender knows the URL, not that the body is what Gatsby sent.
inline constexpr const webhookpp::scheme& scheme = schemes::url_token;

/// The state of a guest.
struct rsvp_data {
    std::string rsvp_status;  ///< `Accepted` was seen
    std::string previous_status;
    webhookpp::timestamp timestamp;

    static constexpr member members[] = {
        {"rsvpStatus", field<&rsvp_data::rsvp_status>},
        {"previousStatus", field<&rsvp_data::previous_status>},
        {"timestamp", field<&rsvp_data::timestamp>},
    };
};

/// The state of a person in an event changed. Registered as `EventPerson`.
struct rsvp_updated {
    static constexpr std::string_view type = "rsvp_updated";

    std::string event_id;
    std::string person_id;
    rsvp_data data;

    static constexpr member members[] = {
        {"eventId", field<&rsvp_updated::event_id>},
        {"personId", field<&rsvp_updated::person_id>},
        {"data", field<&rsvp_updated::data>},
    };
};

/// What changed of an event. Whether name and date are there when they did not change is not
/// documented.
struct event_data {
    std::optional<std::string> name;
    std::optional<webhookpp::timestamp> primary_date;
    std::vector<std::string> updated_fields;  ///< names of members of Gatsby's event model
    webhookpp::timestamp timestamp;

    static constexpr member members[] = {
        {"name", field<&event_data::name>},
        {"primaryDate", field<&event_data::primary_date>},
        {"updatedFields", field<&event_data::updated_fields>},
        {"timestamp", field<&event_data::timestamp>},
    };
};

/// The details of an event changed. Registered as `Event`.
struct event_updated {
    static constexpr std::string_view type = "event_updated";

    std::string event_id;
    event_data data;

    static constexpr member members[] = {
        {"eventId", field<&event_updated::event_id>},
        {"data", field<&event_updated::data>},
    };
};

/// How many guests of a list changed.
struct guestlist_data {
    std::int64_t added_count = 0;
    std::int64_t removed_count = 0;
    std::int64_t updated_count = 0;
    webhookpp::timestamp timestamp;

    static constexpr member members[] = {
        {"addedCount", field<&guestlist_data::added_count>},
        {"removedCount", field<&guestlist_data::removed_count>},
        {"updatedCount", field<&guestlist_data::updated_count>},
        {"timestamp", field<&guestlist_data::timestamp>},
    };
};

/// A guest list was changed at large. Registered as `GuestList`.
struct guestlist_updated {
    static constexpr std::string_view type = "guestlist_updated";

    std::string event_id;
    guestlist_data data;

    static constexpr member members[] = {
        {"eventId", field<&guestlist_updated::event_id>},
        {"data", field<&guestlist_updated::data>},
    };
};

/// The three documented forms, told apart by `action`.
struct catalog : webhookpp::catalog<rsvp_updated, event_updated, guestlist_updated> {
    static constexpr std::string_view type_member = "action";
};

/// One of them, or `unknown_event`.
using event = catalog::event;

}  // namespace webhookpp::gatsby

// <webhookpp/providers/seably.hpp>
// Seably: webhooks about certificates. Not signed.

/// The webhooks of Seably: https://help.seably.com/en/articles/9095060-webhooks
///
/// Documented: `event`, and in `payload.data` a `type` and an `id`; the rest "follows the
/// certificate object" of an API that is not documented in public. It is taken to be JSON:API, as
/// the documented part is, and kept as raw JSON. There is no id of the delivery: `event` and the
/// certificate's id together tell deliveries apart.
namespace webhookpp::seably {

/// Seably signs nothing and documents no header of its own. A token that nobody can guess, in the
/// URL that is registered with it (`https://.../webhooks/seably?token=...`), is what keeps others
/// out: it proves that the sender knows the URL, not that the body is what Seably sent.
inline constexpr const webhookpp::scheme& scheme = schemes::url_token;

/// A resource of JSON:API 1.1, section 7.2.
struct resource {
    std::string type;  ///< `certificate`
    std::string id;    ///< as `SB-00000001`
    std::optional<raw_json> attributes;
    std::optional<raw_json> relationships;

    static constexpr member members[] = {
        {"type", field<&resource::type>},
        {"id", field<&resource::id>},
        {"attributes", field<&resource::attributes>},
        {"relationships", field<&resource::relationships>},
    };
};

/// A document of JSON:API 1.1, section 7.1.
struct document {
    resource data;
    std::optional<std::vector<raw_json>> included;  ///< resources that are related
    std::optional<raw_json> links;
    std::optional<raw_json> meta;

    static constexpr member members[] = {
        {"data", field<&document::data>},
        {"included", field<&document::included>},
        {"links", field<&document::links>},
        {"meta", field<&document::meta>},
    };
};

/// A user of the workspace completed a course.
struct certificate_created {
    static constexpr std::string_view type = "certificate.created";

    document payload;

    static constexpr member members[] = {{"payload", field<&certificate_created::payload>}};
};

/// The one documented event.
struct catalog : webhookpp::catalog<certificate_created> {
    static constexpr std::string_view type_member = "event";
};

/// It, or `unknown_event`.
using event = catalog::event;

}  // namespace webhookpp::seably

// <webhookpp/providers/seatsio.hpp>
// seats.io: webhooks about charts and events, delivered by Svix.

/// The webhooks of seats.io: https://docs.seats.io/docs/webhooks
///
/// Documented: all six event types, all members, delivery by Svix. Not documented: whether the
/// headers are `svix-*` or `webhook-*`; the scheme takes both.
namespace webhookpp::seatsio {

/// How seats.io signs. The secret (`whsec_...`) stands on the endpoint's page of the dashboard.
inline constexpr const webhookpp::scheme& scheme = schemes::standard_webhooks;

/// What was changed.
struct changed_object {
    std::string workspace_key;
    std::string key;  ///< of the chart or the event, as the event type says

    static constexpr member members[] = {
        {"workspaceKey", field<&changed_object::workspace_key>},
        {"key", field<&changed_object::key>},
    };
};

/// What all events have in common: the shape of an item of the event log,
/// https://docs.seats.io/docs/api/event-log . So the parser of webhooks takes such items too, each
/// as the text of one item: `parser.parse(assume_verified(item, "from the seats.io API"))`.
struct event_log_item {
    using described_by = event_log_item;

    std::int64_t id = 0;  ///< of the item in the event log; not the message id of the delivery
    webhookpp::timestamp timestamp;
    changed_object data;

    static constexpr member members[] = {
        {"id", field<&event_log_item::id>},
        {"timestamp", field<&event_log_item::timestamp>},
        {"data", field<&event_log_item::data>},
    };
};

/// A chart was created.
struct chart_created : event_log_item {
    static constexpr std::string_view type = "chart.created";
};

/// A draft was published; or a chart was saved that has no events, or whose account uses no drafts.
struct chart_published : event_log_item {
    static constexpr std::string_view type = "chart.published";
};

/// Objects of an event were made for sale or not for sale.
struct event_for_sale_config_updated : event_log_item {
    static constexpr std::string_view type = "event.for.sale.config.updated";
};

/// Channels of an event, or their objects, changed.
struct event_channels_updated : event_log_item {
    static constexpr std::string_view type = "event.channels.updated";
};

/// Objects of an event were assigned to a category.
struct event_categories_updated : event_log_item {
    static constexpr std::string_view type = "event.categories.updated";
};

/// The table booking configuration of an event changed.
struct event_table_booking_config_updated : event_log_item {
    static constexpr std::string_view type = "event.table.booking.config.updated";
};

/// All events of seats.io.
using catalog = webhookpp::catalog<chart_created, chart_published, event_for_sale_config_updated,
                                   event_channels_updated, event_categories_updated,
                                   event_table_booking_config_updated>;

/// One of them, or `unknown_event`.
using event = catalog::event;

}  // namespace webhookpp::seatsio

// <webhookpp/providers/waitwhile.hpp>
// Waitwhile: webhooks about visits, messages and locations of waiting lists and bookings.

/// The webhooks of Waitwhile: https://developers.waitwhile.com/docs/webhooks-1 (event types) and
/// https://developers.waitwhile.com/docs/webhook-response-examples (envelope and visit)
///
/// Documented: the nine event types, the envelope, and of a visit the members of the examples.
/// "Seen" marks what only public code and exported data show. The schemas of location status,
/// location and message are not documented in public: their members below
/// are seen, and those that are not listed are kept in `others`. So only the ids and what tells
/// what happened are required; everything else may be absent or null.
namespace webhookpp::waitwhile {

/// How Waitwhile signs. It needs the URL of the endpoint exactly as it was registered, in
/// `verifier_options::url`; the secret is used as it stands.
///
/// No timestamp is signed, so a recorded delivery can be replayed at any time. What is signed are
/// `id` and `created` of the envelope: remember the one, or look at the age of the other
/// (`check_age(event.created.unix_seconds(), now, tolerance)`).
///
/// Endpoints that are set up for OAuth are verified with `schemes::bearer_token` instead.
inline constexpr const webhookpp::scheme& scheme = schemes::waitwhile;

/// The state of a visit: https://developers.waitwhile.com/docs/visit-states-and-tags
enum class visit_state : std::uint8_t {
    other,      ///< a text that is not listed here
    pending,    ///< a booking that is being filled in
    draft,      ///< a booking that waits to be approved
    booked,     ///< a booking
    waiting,    ///< on the waiting list
    serving,    ///< being served
    served,     ///< listed among the filters of a webhook, where the states page has `SERVING`
    complete,   ///< done
    cancelled,  ///< seen; documented as a tag
    expired,    ///< seen
};
[[nodiscard]] constexpr auto enumerators(visit_state /*of*/) noexcept {
    return std::array{enumerator{"PENDING", visit_state::pending},
                      enumerator{"DRAFT", visit_state::draft},
                      enumerator{"BOOKED", visit_state::booked},
                      enumerator{"WAITING", visit_state::waiting},
                      enumerator{"SERVING", visit_state::serving},
                      enumerator{"SERVED", visit_state::served},
                      enumerator{"COMPLETE", visit_state::complete},
                      enumerator{"CANCELLED", visit_state::cancelled},
                      enumerator{"EXPIRED", visit_state::expired}};
}

/// How a message is sent.
enum class message_channel : std::uint8_t { other, sms, email };
[[nodiscard]] constexpr auto enumerators(message_channel /*of*/) noexcept {
    return std::array{enumerator{"SMS", message_channel::sms},
                      enumerator{"EMAIL", message_channel::email}};
}

/// How far the delivery of a message has come.
enum class message_state : std::uint8_t { other, pending, delivered };
[[nodiscard]] constexpr auto enumerators(message_state /*of*/) noexcept {
    return std::array{enumerator{"PENDING", message_state::pending},
                      enumerator{"DELIVERED", message_state::delivered}};
}

/// An answer to a question that the location asks its guests.
struct data_field {
    std::string id;
    std::optional<std::string> name;              ///< seen
    std::optional<std::string> input_type;        ///< `TEXT`, `NUMBER`, `CHOICE`, `POLICY`; seen
    std::optional<std::vector<raw_json>> values;  ///< texts or booleans

    static constexpr member members[] = {
        {"id", field<&data_field::id>},
        {"name", field<&data_field::name>},
        {"inputType", field<&data_field::input_type>},
        {"values", field<&data_field::values>},
    };
};

/// An amount in a currency.
struct money {
    std::string currency;
    double value = 0;

    static constexpr member members[] = {
        {"currency", field<&money::currency>},
        {"value", field<&money::value>},
    };
};

/// The location of a visit, in brief.
struct location_reference {
    std::string id;
    std::optional<std::string> name;
    std::optional<std::string> short_name;

    static constexpr member members[] = {
        {"id", field<&location_reference::id>},
        {"name", field<&location_reference::name>},
        {"shortName", field<&location_reference::short_name>},
    };
};

/// The last message to or from a guest.
struct last_message {
    std::optional<std::string> message_id;
    std::optional<open_enum<message_channel>> channel;
    std::optional<std::string> type;
    std::optional<open_enum<message_state>> state;
    std::optional<std::string> body;
    std::optional<webhookpp::timestamp> created;
    std::optional<bool> is_read;

    static constexpr member members[] = {
        {"messageId", field<&last_message::message_id>},
        {"channel", field<&last_message::channel>},
        {"type", field<&last_message::type>},
        {"state", field<&last_message::state>},
        {"body", field<&last_message::body>},
        {"created", field<&last_message::created>},
        {"isRead", field<&last_message::is_read>},
    };
};

/// The messages of a visit, in brief.
struct message_summary {
    std::optional<last_message> last_outgoing;
    std::optional<last_message> last_incoming;  ///< without `type` and `state`
    std::optional<std::map<std::string, std::int64_t>> num_outgoing;  ///< by channel
    std::optional<std::map<std::string, std::int64_t>> num_incoming;
    std::optional<std::map<std::string, std::int64_t>> num_alerts;
    std::optional<webhookpp::timestamp> updated;

    static constexpr member members[] = {
        {"lastOutgoing", field<&message_summary::last_outgoing>},
        {"lastIncoming", field<&message_summary::last_incoming>},
        {"numOutgoing", field<&message_summary::num_outgoing>},
        {"numIncoming", field<&message_summary::num_incoming>},
        {"numAlerts", field<&message_summary::num_alerts>},
        {"updated", field<&message_summary::updated>},
    };
};

/// A guest on the waiting list, or a booking.
struct visit {
    std::string id;
    std::string location_id;
    open_enum<visit_state> state;
    std::optional<std::string> account_id;  ///< seen in exports; here it stands in the envelope
    std::optional<std::string> type;        ///< of a booking: `BOOKING` or `BLOCK`; seen
    std::optional<std::string> customer_id;
    std::optional<std::string> name;  ///< empty if not known, as the next three
    std::optional<std::string> first_name;
    std::optional<std::string> last_name;
    std::optional<std::string> phone;
    std::optional<std::string> email;  ///< seen
    std::optional<std::string> external_customer_id;
    std::optional<std::string> public_id;
    std::optional<std::string> notes;
    std::optional<bool> is_anonymized;
    std::optional<bool> is_block;
    std::optional<webhookpp::timestamp> created;
    std::optional<std::string> created_by;
    std::optional<webhookpp::timestamp> updated;
    std::optional<std::string> updated_by;
    std::optional<webhookpp::timestamp> pending_expire_time;
    std::optional<std::string> remote_ip;
    std::optional<std::string> country;
    std::optional<std::string> region;
    std::optional<std::string> city;
    std::optional<std::string> source;  ///< `WEB-APP`, `PUBLIC`, `API`
    std::optional<std::string> locale;  ///< as `en-US`
    std::optional<std::int64_t> party_size;
    std::optional<local_time> date;  ///< of a booking, as clocks at the location show it; seen
    std::optional<std::int64_t> duration;  ///< seconds; of a booking; seen
    std::optional<money> order_value;      ///< of a booking; seen
    std::optional<std::vector<std::string>> resource_ids;
    std::optional<std::vector<std::string>> service_ids;
    std::optional<raw_json> resources;  ///< an object in older examples, an array in exports
    std::optional<raw_json> services;   ///< the same
    std::optional<std::vector<data_field>> data_fields;
    std::optional<raw_json> fields;  ///< an older form of `dataFields`
    std::optional<std::vector<std::string>> tags;
    std::optional<raw_json> ngrams;  ///< internal to the provider, older examples only
    std::optional<webhookpp::timestamp> waitlist_time;
    std::optional<webhookpp::timestamp> serve_time;
    std::optional<webhookpp::timestamp> completed_time;
    std::optional<std::int64_t> est_wait_duration;  ///< seconds, as all durations
    std::optional<std::int64_t> original_est_wait_duration;
    std::optional<std::int64_t> prev_est_wait_duration;  ///< older examples only
    std::optional<std::int64_t> wait_duration;           ///< seen
    std::optional<std::int64_t> serve_duration;          ///< seen
    std::optional<std::int64_t> position;
    std::optional<std::int64_t> original_position;
    std::optional<std::int64_t> last_waiting_position;
    std::optional<std::string> ticket;  ///< as `A001`
    std::optional<std::int64_t> num_visits;
    std::optional<webhookpp::timestamp> alerted_time;  ///< seen, as the times below
    std::optional<webhookpp::timestamp> last_alerted_time;
    std::optional<webhookpp::timestamp> cancel_time;
    std::optional<webhookpp::timestamp> no_show_time;
    std::optional<webhookpp::timestamp> removed_time;
    std::optional<webhookpp::timestamp> rejected_time;
    std::optional<webhookpp::timestamp> expired_time;
    std::optional<webhookpp::timestamp> booking_reminder_sms_time;
    std::optional<webhookpp::timestamp> booking_reminder_email_time;
    std::optional<webhookpp::timestamp> booking_reminder_app_time;
    std::optional<webhookpp::timestamp> follow_up_sms_time;
    std::optional<webhookpp::timestamp> follow_up_email_time;
    std::optional<webhookpp::timestamp> follow_up_app_time;
    std::optional<location_reference> location;   ///< seen
    std::optional<message_summary> message_info;  ///< seen

    static constexpr member members[] = {
        {"id", field<&visit::id>},
        {"locationId", field<&visit::location_id>},
        {"state", field<&visit::state>},
        {"accountId", field<&visit::account_id>},
        {"type", field<&visit::type>},
        {"customerId", field<&visit::customer_id>},
        {"name", field<&visit::name>},
        {"firstName", field<&visit::first_name>},
        {"lastName", field<&visit::last_name>},
        {"phone", field<&visit::phone>},
        {"email", field<&visit::email>},
        {"externalCustomerId", field<&visit::external_customer_id>},
        {"publicId", field<&visit::public_id>},
        {"notes", field<&visit::notes>},
        {"isAnonymized", field<&visit::is_anonymized>},
        {"isBlock", field<&visit::is_block>},
        {"created", field<&visit::created>},
        {"createdBy", field<&visit::created_by>},
        {"updated", field<&visit::updated>},
        {"updatedBy", field<&visit::updated_by>},
        {"pendingExpireTime", field<&visit::pending_expire_time>},
        {"remoteIp", field<&visit::remote_ip>},
        {"country", field<&visit::country>},
        {"region", field<&visit::region>},
        {"city", field<&visit::city>},
        {"source", field<&visit::source>},
        {"locale", field<&visit::locale>},
        {"partySize", field<&visit::party_size>},
        {"date", field<&visit::date>},
        {"duration", field<&visit::duration>},
        {"orderValue", field<&visit::order_value>},
        {"resourceIds", field<&visit::resource_ids>},
        {"serviceIds", field<&visit::service_ids>},
        {"resources", field<&visit::resources>},
        {"services", field<&visit::services>},
        {"dataFields", field<&visit::data_fields>},
        {"fields", field<&visit::fields>},
        {"tags", field<&visit::tags>},
        {"ngrams", field<&visit::ngrams>},
        {"waitlistTime", field<&visit::waitlist_time>},
        {"serveTime", field<&visit::serve_time>},
        {"completedTime", field<&visit::completed_time>},
        {"estWaitDuration", field<&visit::est_wait_duration>},
        {"originalEstWaitDuration", field<&visit::original_est_wait_duration>},
        {"prevEstWaitDuration", field<&visit::prev_est_wait_duration>},
        {"waitDuration", field<&visit::wait_duration>},
        {"serveDuration", field<&visit::serve_duration>},
        {"position", field<&visit::position>},
        {"originalPosition", field<&visit::original_position>},
        {"lastWaitingPosition", field<&visit::last_waiting_position>},
        {"ticket", field<&visit::ticket>},
        {"numVisits", field<&visit::num_visits>},
        {"alertedTime", field<&visit::alerted_time>},
        {"lastAlertedTime", field<&visit::last_alerted_time>},
        {"cancelTime", field<&visit::cancel_time>},
        {"noShowTime", field<&visit::no_show_time>},
        {"removedTime", field<&visit::removed_time>},
        {"rejectedTime", field<&visit::rejected_time>},
        {"expiredTime", field<&visit::expired_time>},
        {"bookingReminderSmsTime", field<&visit::booking_reminder_sms_time>},
        {"bookingReminderEmailTime", field<&visit::booking_reminder_email_time>},
        {"bookingReminderAppTime", field<&visit::booking_reminder_app_time>},
        {"followUpSmsTime", field<&visit::follow_up_sms_time>},
        {"followUpEmailTime", field<&visit::follow_up_email_time>},
        {"followUpAppTime", field<&visit::follow_up_app_time>},
        {"location", field<&visit::location>},
        {"messageInfo", field<&visit::message_info>},
    };
};

/// A notification of a guest.
struct message {
    std::string id;
    std::optional<std::string> visit_id;
    std::optional<std::string> location_id;
    std::optional<std::string> customer_id;
    std::optional<open_enum<message_channel>> channel;
    std::optional<std::string>
        type;  ///< `WAITLIST-ALERT`, `WAITLIST-SERVE`, `WAITLIST-COMPLETE` were seen
    std::optional<open_enum<message_state>> state;
    std::optional<std::string> body;
    std::optional<webhookpp::timestamp> created;
    std::optional<webhookpp::timestamp> updated;
    std::map<std::string, raw_json> others;  ///< all other members, by their JSON names

    static constexpr member members[] = {
        {"id", field<&message::id>},
        {"visitId", field<&message::visit_id>},
        {"locationId", field<&message::location_id>},
        {"customerId", field<&message::customer_id>},
        {"channel", field<&message::channel>},
        {"type", field<&message::type>},
        {"state", field<&message::state>},
        {"body", field<&message::body>},
        {"created", field<&message::created>},
        {"updated", field<&message::updated>},
        {other_members, field<&message::others>},
    };
};

/// How busy a location is.
struct location_status {
    std::string id;  ///< of the location
    std::optional<std::string> name;
    std::optional<std::string> address;
    std::optional<bool> is_open;
    std::optional<bool> is_force_closed;
    std::optional<bool> is_waitlist_open;
    std::optional<bool> is_waitlist_full;
    std::optional<bool> is_serving_full;
    std::optional<std::int64_t> num_waiting;
    std::optional<std::int64_t> num_waiting_guests;
    std::optional<std::int64_t> num_serving;
    std::optional<std::int64_t> num_serving_guests;
    std::optional<std::int64_t> num_servers;
    std::optional<std::map<std::string, std::int64_t>>
        num_waiting_by_party_size;     ///< the keys are party sizes
    std::optional<std::int64_t> wait;  ///< seconds; -1 when there is no estimate
    std::optional<std::map<std::string, std::int64_t>>
        wait_by_party_size;  ///< seconds; the keys are party sizes
    std::optional<std::string>
        na_est_wait_reason;  ///< why there is no estimate: `WAITLIST_DISABLED`,
                             ///< `WAIT_EXCEEDS_HOURS` ...
    std::optional<webhookpp::timestamp> next_available_waitlist_time;
    std::optional<std::int64_t> next_ticket;
    std::optional<std::int64_t> max_party_size;
    std::optional<raw_json> updated;  ///< a time, in a form that is not known; as the next two
    std::optional<raw_json> counters_updated;
    std::optional<raw_json> last_active;
    std::map<std::string, raw_json> others;  ///< all other members, by their JSON names

    static constexpr member members[] = {
        {"id", field<&location_status::id>},
        {"name", field<&location_status::name>},
        {"address", field<&location_status::address>},
        {"isOpen", field<&location_status::is_open>},
        {"isForceClosed", field<&location_status::is_force_closed>},
        {"isWaitlistOpen", field<&location_status::is_waitlist_open>},
        {"isWaitlistFull", field<&location_status::is_waitlist_full>},
        {"isServingFull", field<&location_status::is_serving_full>},
        {"numWaiting", field<&location_status::num_waiting>},
        {"numWaitingGuests", field<&location_status::num_waiting_guests>},
        {"numServing", field<&location_status::num_serving>},
        {"numServingGuests", field<&location_status::num_serving_guests>},
        {"numServers", field<&location_status::num_servers>},
        {"numWaitingByPartySize", field<&location_status::num_waiting_by_party_size>},
        {"wait", field<&location_status::wait>},
        {"waitByPartySize", field<&location_status::wait_by_party_size>},
        {"naEstWaitReason", field<&location_status::na_est_wait_reason>},
        {"nextAvailableWaitlistTime", field<&location_status::next_available_waitlist_time>},
        {"nextTicket", field<&location_status::next_ticket>},
        {"maxPartySize", field<&location_status::max_party_size>},
        {"updated", field<&location_status::updated>},
        {"countersUpdated", field<&location_status::counters_updated>},
        {"lastActive", field<&location_status::last_active>},
        {other_members, field<&location_status::others>},
    };
};

/// A location and its settings.
struct location {
    std::string id;
    std::string name;
    std::optional<std::string> short_name;
    std::optional<std::string> business_name;
    std::optional<std::string> business_type;
    std::optional<std::string> email;
    std::optional<std::string> locale;
    std::optional<webhookpp::timestamp> created;
    std::optional<std::string> created_by;
    std::optional<webhookpp::timestamp> updated;
    std::optional<std::string> updated_by;
    std::optional<bool> is_active;
    std::optional<bool> is_force_closed;
    std::optional<bool> is_force_open;
    std::optional<bool> is_public_booking;
    std::optional<bool> is_public_check_in;
    std::optional<bool> is_public_waitlist;
    std::map<std::string, raw_json> others;  ///< all other members, by their JSON names

    static constexpr member members[] = {
        {"id", field<&location::id>},
        {"name", field<&location::name>},
        {"shortName", field<&location::short_name>},
        {"businessName", field<&location::business_name>},
        {"businessType", field<&location::business_type>},
        {"email", field<&location::email>},
        {"locale", field<&location::locale>},
        {"created", field<&location::created>},
        {"createdBy", field<&location::created_by>},
        {"updated", field<&location::updated>},
        {"updatedBy", field<&location::updated_by>},
        {"isActive", field<&location::is_active>},
        {"isForceClosed", field<&location::is_force_closed>},
        {"isForceOpen", field<&location::is_force_open>},
        {"isPublicBooking", field<&location::is_public_booking>},
        {"isPublicCheckIn", field<&location::is_public_check_in>},
        {"isPublicWaitlist", field<&location::is_public_waitlist>},
        {other_members, field<&location::others>},
    };
};

/// The body of every webhook, around `Data`. All of it is signed.
template <class Data>
struct envelope {
    using described_by = envelope;

    std::string id;                ///< of the event: the key for de-duplication
    webhookpp::timestamp created;  ///< when the event was made, for a check of its age
    std::string account_id;
    Data data;

    static constexpr member members[] = {
        {"id", field<&envelope::id>},
        {"created", field<&envelope::created>},
        {"accountId", field<&envelope::account_id>},
        {"data", field<&envelope::data>},
    };
};

/// A visit or booking was made.
struct visit_created : envelope<visit> {
    static constexpr std::string_view type = "visit.created";
};

/// Anything about a visit changed, such as its state.
struct visit_updated : envelope<visit> {
    static constexpr std::string_view type = "visit.updated";
};

/// A visit was deleted through the API; not when it is removed in the user interface.
struct visit_removed : envelope<visit> {
    static constexpr std::string_view type = "visit.removed";
};

/// The number of people waiting, the services or resources that are free, or the like changed.
struct location_status_updated : envelope<location_status> {
    static constexpr std::string_view type = "location-status.updated";
};

/// A text message or e-mail to a guest was made.
struct message_created : envelope<message> {
    static constexpr std::string_view type = "message.created";
};

/// The delivery of a message went on.
struct message_updated : envelope<message> {
    static constexpr std::string_view type = "message.updated";
};

/// A location was created. These three are sent only to webhooks that were created through the API.
struct location_created : envelope<location> {
    static constexpr std::string_view type = "location.created";
};

/// Any setting of a location changed.
struct location_updated : envelope<location> {
    static constexpr std::string_view type = "location.updated";
};

/// A location was deleted.
struct location_removed : envelope<location> {
    static constexpr std::string_view type = "location.removed";
};

/// All documented events of Waitwhile.
struct catalog : webhookpp::catalog<visit_created, visit_updated, visit_removed,
                                    location_status_updated, message_created, message_updated,
                                    location_created, location_updated, location_removed> {
    /// Signed as the whole body is, and the same for all retries.
    static constexpr std::string_view id_member = "id";
};

/// One of them, or `unknown_event`.
using event = catalog::event;

}  // namespace webhookpp::waitwhile

// <webhookpp/receiver.hpp>
// One call from request to reply: verify, parse, handle, answer.

namespace webhookpp {

/// How a receiver is set up.
struct receiver_options {
    /// What to do with a delivery that is verified but cannot be decoded.
    enum class undecodable : std::uint8_t {
        refuse,  ///< 400: the sender sees that something is wrong, and tries again
        accept,  ///< 200: it is reported in `log`, and lost
    };

    /// What to do with such a delivery.
    undecodable on_undecodable = undecodable::refuse;

    /// The handshake that the receiver answers: `handshakes::slack`. What needs a token or brings a
    /// secret is written as `expected_handshake` says. Without one, none is answered.
    expected_handshake handshake = {};

    /// Called once for each delivery, after it was handled, from the thread that received it. What
    /// it throws is ignored.
    std::function<void(const outcome&)> log = {};
};

/// Receives deliveries: proves who sent them, decodes the event, calls its handler, and says what
/// to answer. `receive` may be called from any number of threads at the same time.
///
/// A delivery is answered with 200 once its handler has returned. Keep handlers short: providers
/// give up after 15 to 30 seconds and send again. Without a guard a handler may then see an event
/// twice; with one, a message that was handled is answered with 200 and not handled again, and one
/// that is being handled with 503. `inbox_receiver` answers first and handles later.
template <class Verifier, class Parser>
class receiver {
public:
    /// One of the parser's events: a `std::variant`.
    using event = typename Parser::event;

    /// Without a guard: handlers see an event again when its sender repeats it.
    template <class... Functions>
    receiver(Verifier verifier, Parser parser, handlers<Functions...> handle,
             receiver_options options = {})
        : gate_(std::move(verifier), std::move(parser), std::move(options.handshake),
                std::move(options.log)),
          handle_(
              [all = std::move(handle)](const event& received, const verified_message& message) {
                  return detail::dispatch(all, received, message);
              }),
          on_undecodable_(options.on_undecodable) {}

    /// With a guard, which lets each message through once. Throws `exception` with `invalid_option`
    /// if the guard forgets messages that the verifier would still accept.
    template <class Store, class Clock, class... Functions>
    receiver(Verifier verifier, Parser parser, replay_guard<Store, Clock> guard,
             handlers<Functions...> handle, receiver_options options = {})
        : receiver(std::move(verifier), std::move(parser), std::move(handle), std::move(options)) {
        const Verifier& asked = gate_.verifier();
        detail::check_retention(guard.retention(), asked.described(), asked.tolerance()).value();
        guard_ = detail::guard_link(std::move(guard));
    }

    /// Receives `request` and returns what to answer, with the statuses of `http_status`. Does not
    /// throw, whatever the sender or a handler does.
    [[nodiscard]] reply receive(const delivery& request) const noexcept {
        return gate_.receive(request, [this](const verified_message& message) {
            return guard_ ? receive_once(message) : handle(message, nullptr);
        });
    }

    /// Copies the headers that `receive` reads out of `headers`: for hosts whose headers are gone,
    /// or are other ones, when the body has arrived. What it returns is a header source. It is
    /// empty when memory ran out or the host's code threw, and then nothing is accepted.
    [[nodiscard]] collected_headers collect(const header_source& headers) const noexcept {
        return gate_.collect(headers);
    }

    /// The answer to a request of which the headers alone show that it will be refused, so that its
    /// body need not be read; nothing for all others. `content_length` is 0 where none is known.
    /// Where a handshake is expected, which may come unsigned, only a body that is too large is
    /// refused. Reports to the log what it refuses.
    [[nodiscard]] std::optional<reply> refuse_early(
        const header_source& headers, std::uint64_t content_length = 0) const noexcept {
        return gate_.refuse_early(headers, content_length);
    }

    /// The verifier, to exchange its keys.
    [[nodiscard]] const Verifier& verifier() const noexcept { return gate_.verifier(); }

private:
    reply receive_once(const verified_message& message) const noexcept {
        const auto facts =
            detail::read_body_facts(gate_.parser(), message, detail::wanted_facts::id);
        if (!facts) return gate_.refuse(facts.error(), {.message = &message});
        const auto mine = guard_.reserve(message, facts->id.view());
        if (!mine) return gate_.refuse(mine.error(), {.message = &message});
        switch (mine->reserved.which) {
            case reservation::state::fresh: break;
            case reservation::state::duplicate:
                return gate_.accept({.message = &message, .duplicate = true});
            case reservation::state::in_progress:
                return gate_.refuse({errc::in_progress, "message"}, {.message = &message});
        }
        return handle(message, &*mine);
    }

    // `mine`: the reservation of the message, if there is a guard.
    reply handle(const verified_message& message, const guarded_message* mine) const noexcept {
        const auto received = gate_.parser().parse(message);
        if (!received) {
            const bool undecodable = http_status(received.error().code) == 400;
            if (undecodable && on_undecodable_ == receiver_options::undecodable::accept) {
                return accept({.error = received.error(), .message = &message}, mine);
            }
            return refuse(received.error(), {.message = &message}, mine);
        }
#if defined(__cpp_exceptions)
        const error failed{errc::handler_failed, "handler"};
        try {
            return accept({.message = &message, .handled = handle_(*received, message)}, mine);
        } catch (const std::exception& thrown) {
            return refuse(failed, {.message = &message, .exception_text = thrown.what()}, mine);
        } catch (...) {
            return refuse(failed, {.message = &message}, mine);
        }
#else
        return accept({.message = &message, .handled = handle_(*received, message)}, mine);
#endif
    }

    // The event is handled, so it is accepted even if that cannot be remembered: a retry would only
    // handle it again.
    reply accept(outcome what, const guarded_message* mine) const noexcept {
        if (mine) {
            const auto kept = guard_.commit(*mine);
            if (!kept) what.error = kept.error();
            if (kept && !*kept) what.error = {errc::in_progress, "the lease was over"};
        }
        return gate_.accept(what);
    }

    // Should the store fail here, a retry is let through when the lease is over.
    reply refuse(const error& why, const outcome& what,
                 const guarded_message* mine) const noexcept {
        if (mine) static_cast<void>(guard_.release(*mine));
        return gate_.refuse(why, what);
    }

    detail::delivery_gate<Verifier, Parser> gate_;
    detail::guard_link guard_;
    std::function<bool(const event&, const verified_message&)> handle_;
    receiver_options::undecodable on_undecodable_;
};

}  // namespace webhookpp

// <webhookpp/webhookpp.hpp>
// Everything that a receiver needs: verification, typed events with nlohmann/json, the receiver.
// Providers are included one by one, from webhookpp/providers/.

// <webhookpp/worker.hpp>
// Works an inbox off: claims entries one at a time, calls their handlers, ends the attempts.

namespace webhookpp {

/// How an attempt ended, for the log. All views are valid during the call that gets it.
struct attempt_outcome {
    /// The entry as it was claimed.
    const webhookpp::entry& entry;

    /// What it is now: done, ready to be tried again, or dead.
    entry_state state = entry_state::done;

    /// Why it is not done: `handler_failed` with what the handler says of it, or with what else
    /// kept it from being handled; what is wrong with the body. With `lost` why nobody knows:
    /// `in_progress` if somebody else has the lease, or the error of the store.
    std::optional<webhookpp::error> error = std::nullopt;

    /// The `what()` of the exception that the handler threw.
    std::string_view exception_text = {};

    /// Unix milliseconds: when it is tried again, if it is ready.
    std::int64_t ready_at = 0;

    /// Whether a handler took the event. A done entry without means that none wants it.
    bool handled = false;

    /// The end of the attempt could not be recorded: somebody else has the lease, or the store
    /// failed. The entry is tried again, and nothing that was written in its transaction stays.
    bool lost = false;
};

/// How a worker is set up.
struct worker_options {
    /// How long an attempt may take without being renewed; after that the entry is claimed again.
    /// `workers` renew it all the time, so it is how long entries of a process that died wait.
    /// 1 second to 1 day.
    seconds lease{60};

    /// When failed attempts are repeated.
    retry_schedule retries = {};

    /// How long dead entries are kept, with their bodies: by default 90 days. 1 second to 10 years.
    seconds keep_dead{7'776'000};

    /// Who claims, for people who look at the table: host and process. Plain text, of which at
    /// most 128 bytes are kept.
    std::string owner = "webhookpp";

    /// Called once for each attempt, from the thread that made it. What it throws is ignored.
    std::function<void(const attempt_outcome&)> log = {};
};

/// Takes entries of an inbox and has them handled. `workers` runs one in threads of its own; hosts
/// with a loop of their own call `run_one` from it.
///
/// Set up from one thread; then all functions may be called from any number of threads.
template <class Inbox>
class worker {
public:
    /// The inbox's store.
    using store_type = typename Inbox::store_type;
    /// What handlers may take beside the event.
    using work_type = work<store_type>;

    /// Throws `exception` with `invalid_option` where `try_create` returns it.
    explicit worker(Inbox inbox, worker_options options = {})
        : worker(try_create(std::move(inbox), std::move(options)).value()) {}

    /// As the constructor, with the error as a value: `invalid_option` for options beyond their
    /// bounds.
    [[nodiscard]] static result<worker> try_create(Inbox inbox, worker_options options = {}) {
        if (auto bad = detail::check_lease(options.lease); !bad) return unexpected(bad.error());
        const retry_schedule& retries = options.retries;
        if (retries.first.count() < 1 || retries.longest.count() < retries.first.count() ||
            retries.longest.count() > detail::one_day || retries.attempts < 1 ||
            retries.attempts > 1000) {
            return unexpected(errc::invalid_option,
                              "retries begin after 1 second to 1 day, and end after 1 to 1,000");
        }
        if (options.keep_dead.count() < 1 || options.keep_dead.count() > 3650 * detail::one_day) {
            return unexpected(errc::invalid_option, "dead entries are kept 1 second to 10 years");
        }
        options.owner = detail::plain_text(detail::cut_text(options.owner, 128));
        return worker(std::move(inbox), std::move(options), checked());
    }

    /// Has entries of `endpoint` decoded by `parser` and handled by `handle`, whose functions take
    /// `const E&`, or `const E&` and `work<Store>&`, or `const E&` and `const verified_message&`,
    /// and return nothing or a `disposition`. Entries of endpoints without handlers are tried again
    /// until they are dead.
    template <class Parser, class... Functions>
    worker& handle(std::string endpoint, Parser parser, handlers<Functions...> handle) {
        detail::check_endpoint(endpoint).value();
        routes_.insert_or_assign(std::move(endpoint),
                                 [decoder = std::move(parser), all = std::move(handle)](
                                     work_type& of) { return attempt(decoder, all, of); });
        return *this;
    }

    /// Claims one entry, has it handled and records what came of that. Returns whether there was
    /// one. Errors: those of the store; then nothing was claimed, or, as the log is told, an
    /// attempt could not be ended.
    [[nodiscard]] result<bool> run_one() const noexcept {
#if defined(__cpp_exceptions)
        try {
            return claim_one();
        } catch (...) {
            return unexpected(errc::internal_error, "worker");
        }
#else
        return claim_one();
#endif
    }

    /// Renews the leases of all attempts that are being made. To be called about three times in
    /// each lease, by whoever calls `run_one` with handlers that may take as long as that.
    void renew_leases() const noexcept {
        // If the store cannot tell, the next call may: nothing is lost until somebody claims.
        ask_for_each_lease([this](const lease& each) {
            return inbox_.store().renew(each, inbox_.clock().milliseconds(), lease_length());
        });
    }

    /// Gives all entries back whose attempts are being made, as if these had never begun. What
    /// their handlers still do does not count any more. An entry stays where it is if the store
    /// fails: then its attempt goes on.
    void hand_back() const noexcept {
        ask_for_each_lease([this](const lease& each) {
            const std::int64_t now = inbox_.clock().milliseconds();
            return inbox_.store()
                .settle(each, {.state = entry_state::ready, .ready_at = now, .counts = false}, now)
                .transform([](bool) { return false; });
        });
    }

    /// How many attempts are being made.
    [[nodiscard]] std::size_t running() const noexcept {
        return running_->size();
    }

    /// The inbox that it works off.
    [[nodiscard]] const Inbox& inbox() const noexcept {
        return inbox_;
    }
    /// How it was set up.
    [[nodiscard]] const worker_options& options() const noexcept {
        return options_;
    }

private:
    // What a handler made of an entry.
    struct verdict {
        disposition wanted = disposition::done();
        std::optional<webhookpp::error> error = std::nullopt;
        std::string exception_text = {};
        bool handled = false;
    };
    using route = std::function<verdict(work_type&)>;

    struct checked {};
    worker(Inbox inbox, worker_options options, checked)
        : inbox_(std::move(inbox)),
          options_(std::move(options)),
          running_(std::make_unique<detail::running_attempts>()) {}

    // `ask` says whether a lease is still held. Nothing is locked meanwhile: a store may have to
    // wait for the transaction of a handler.
    template <class Ask>
    void ask_for_each_lease(Ask ask) const noexcept {
        const auto ask_all = [&] {
            for (const lease& each : running_->leases()) {
                const result<bool> held = ask(each);
                if (held && !*held) running_->lose(each);
            }
        };
#if defined(__cpp_exceptions)
        try {
            ask_all();
        } catch (...) {
            // Memory ran out. The leases do so too, if that is how it stays.
            return;
        }
#else
        ask_all();
#endif
    }

    template <class Parser, class... Functions>
    static verdict attempt(const Parser& decoder, const handlers<Functions...>& all,
                           work_type& of) {
        verdict made;
        const auto event = decoder.parse(of.message());
        if (!event) {
            made.error = event.error();
            // A body that cannot be decoded will never be, but memory may be there again.
            made.wanted = http_status(event.error().code) == 400 ? disposition::dead({})
                                                                 : disposition::retry();
            return made;
        }
#if defined(__cpp_exceptions)
        try {
            made.handled = detail::dispatch_work(all, *event, of, made.wanted);
            return made;
        } catch (const std::exception& thrown) {
            made.exception_text = thrown.what();
        } catch (...) {
            made.exception_text.clear();
        }
        made.handled = true;
        made.error = error{errc::handler_failed, "handler"};
        made.wanted = disposition::retry();
#else
        made.handled = detail::dispatch_work(all, *event, of, made.wanted);
#endif
        return made;
    }

    result<bool> claim_one() const {
        const auto claimed = inbox_.store().claim({.now = inbox_.clock().milliseconds(),
                                                   .lease = lease_length(),
                                                   .owner = options_.owner});
        if (!claimed) return unexpected(claimed.error());
        if (!*claimed) return false;
        const entry& taken = **claimed;
        const detail::running_attempts::attempt mine(*running_, {taken.number, taken.fence});
        const verified_message message = restored(taken);
        work_type of(inbox_.store(), taken, message, mine.lost());
        return end(of, taken, make_attempt(of, taken));
    }

    verdict make_attempt(work_type& of, const entry& taken) const {
        verdict made;
        // Those before have crashed, or the lease ran out: so this one would.
        if (taken.attempts > options_.retries.attempts) {
            made.error = error{errc::handler_failed, "no attempt came to an end"};
            made.wanted = disposition::dead({});
            return made;
        }
        if (!taken.body) {
            made.error = error{errc::invalid_payload, "the body is gone"};
            made.wanted = disposition::dead({});
            return made;
        }
        const auto found = routes_.find(taken.endpoint);
        if (found == routes_.end()) {
            made.error = error{errc::handler_failed, "no handlers for this endpoint"};
            made.wanted = disposition::retry();
            return made;
        }
        return found->second(of);
    }

    result<bool> end(work_type& of, const entry& taken, const verdict& made) const {
        const std::int64_t now = inbox_.clock().milliseconds();
        const std::string why = reason(made);
        ending how{.error = why};
        switch (made.wanted.which()) {
            case disposition::kind::done: how.state = entry_state::done; break;
            case disposition::kind::dead: how.state = entry_state::dead; break;
            case disposition::kind::retry:
                how.state = taken.attempts < options_.retries.attempts ? entry_state::ready
                                                                       : entry_state::dead;
                break;
        }
        if (how.state == entry_state::ready) how.ready_at = now + delay(taken, made.wanted);
        if (how.state == entry_state::dead) {
            how.keep_until = detail::later(now, options_.keep_dead);
        }
        const lease mine{taken.number, taken.fence};
        const auto settled = settle(of, mine, how, now);
        // Whatever became of it, nobody has to wait for it any more.
        of.opened().reset();
        report({.entry = taken,
                .state = how.state,
                .error = failure(made, how.state, settled),
                .exception_text = made.exception_text,
                .ready_at = how.ready_at,
                .handled = made.handled,
                .lost = !settled || !*settled});
        if (!settled) return unexpected(settled.error());
        return true;
    }

    static std::optional<error> failure(const verdict& made, entry_state state,
                                        const result<bool>& settled) noexcept {
        if (!settled) return settled.error();
        if (!*settled) return error{errc::in_progress, "the lease was over"};
        if (made.error || state == entry_state::done) return made.error;
        return error{errc::handler_failed, made.wanted.why()};
    }

    result<bool> settle(work_type& of, const lease& mine, const ending& how,
                        std::int64_t now) const {
        if (!of.opened()) return inbox_.store().settle(mine, how, now);
        if (how.state == entry_state::done) {
            return inbox_.store().settle(*of.opened(), mine, how, now);
        }
        of.opened().reset();
        return inbox_.store().settle(mine, how, now);
    }

    [[nodiscard]] std::int64_t delay(const entry& taken, const disposition& wanted) const {
        if (!wanted.delay()) return options_.retries.delay(taken.attempts);
        return 1000 * std::clamp<std::int64_t>(wanted.delay()->count(), 0, 365 * detail::one_day);
    }

    static std::string reason(const verdict& made) {
        std::string text;
        if (made.error) {
            text = name(made.error->code);
            if (!made.error->where.empty()) text.append(": ").append(made.error->where.view());
        }
        for (const std::string_view more :
             {made.wanted.why(), std::string_view(made.exception_text)}) {
            if (more.empty()) continue;
            if (!text.empty()) text += ": ";
            text += more;
        }
        return detail::plain_text(detail::cut_text(text, ending::max_error));
    }

    // What the inbox accepted had been verified, and the row says what that proved. The database is
    // trusted: whoever can write to it can make events.
    static verified_message restored(const entry& taken) {
        const message_proof& proof = taken.proof;
        return detail::message_factory::make(
            taken.body ? std::string_view(*taken.body) : std::string_view(),
            {.id = taken.message_id,
             .event_type = taken.event_type,
             .timestamp = proof.timestamp,
             .key_index = proof.key_index,
             .body_is_signed = proof.body_is_signed,
             .id_is_signed = proof.id_is_signed,
             .replay_possible = proof.replay_possible,
             .assumed_because =
                 proof.assumed ? "assumed before it was stored" : std::string_view()});
    }

    void report(const attempt_outcome& what) const noexcept {
        if (!options_.log) return;
#if defined(__cpp_exceptions)
        try {
            options_.log(what);
        } catch (...) {
            // The attempt has ended; a log that fails changes nothing about that.
            return;
        }
#else
        options_.log(what);
#endif
    }

    [[nodiscard]] std::int64_t lease_length() const noexcept {
        return options_.lease.count() * 1000;
    }

    Inbox inbox_;
    worker_options options_;
    std::map<std::string, route, std::less<>> routes_;
    std::unique_ptr<detail::running_attempts> running_;
};

}  // namespace webhookpp

// <webhookpp/workers.hpp>
// Threads that work an inbox off.

namespace webhookpp {

/// How workers are set up.
struct workers_options {
    /// How many handlers run at the same time: 1 to 1,000.
    std::size_t threads = 2;

    /// How long, in milliseconds, an idle thread waits before it looks again for what other
    /// processes have accepted and what is to be tried again: 1 to 60,000. What this process
    /// accepts wakes a thread at once.
    std::int64_t poll = 500;

    /// How often what need not be kept any more is removed: 1 second to 1 day.
    seconds purge{60};
};

/// Threads that run a worker until they are stopped: they claim and handle entries, renew leases,
/// and purge. All functions may be called from any thread but those of handlers.
template <class Inbox>
class workers {
public:
    /// Starts the threads. Throws `exception` with `invalid_option`; `std::system_error` when the
    /// system has no more threads.
    explicit workers(worker<Inbox> one, const workers_options& options = {})
        : worker_(std::move(one)), options_(options) {
        if (options.threads < 1 || options.threads > 1000 || options.poll < 1 ||
            options.poll > 60'000 || options.purge.count() < 1 ||
            options.purge.count() > detail::one_day) {
            detail::raise(
                {errc::invalid_option,
                 "1 to 1,000 threads look every 1 to 60,000 milliseconds, and purge every "
                 "1 second to 1 day"});
        }
#if defined(__cpp_exceptions)
        try {
            start();
        } catch (...) {
            end(seconds(0));
            throw;
        }
#else
        start();
#endif
    }

    workers(const workers&) = delete;
    workers& operator=(const workers&) = delete;

    /// As `stop` without a time for handlers to finish.
    ~workers() {
        stop(seconds(0));
    }

    /// Ends the work in order: the inbox accepts nothing more, nothing more is claimed, handlers
    /// that run have `grace` to finish, and what is not finished then is handed back without
    /// counting the attempt. Returns when all handlers have returned, so they have to, at last.
    /// Whoever calls it again waits for the first call.
    void stop(seconds grace) noexcept {
        const std::lock_guard lock(stop_mutex_);
        worker_.inbox().close();
        end(grace);
    }

private:
    void start() {
        keeper_ = std::thread([this] { keep(); });
        for (std::size_t i = 0; i < options_.threads; ++i) {
            threads_.emplace_back([this] { work_off(); });
        }
    }

    void end(seconds grace) noexcept {
        {
            const std::lock_guard lock(mutex_);
            stopping_.store(true, std::memory_order_relaxed);
        }
        worker_.inbox().wake();
        const auto limit =
            std::chrono::seconds(std::clamp<std::int64_t>(grace.count(), 0, detail::one_day));
        // Again and again: the store may fail, or an entry may be on its way from it to a thread.
        for (bool ended = wait_for_handlers(limit); !ended;) {
            worker_.hand_back();
            ended = wait_for_handlers(std::chrono::milliseconds(100));
        }
        for (std::thread& each : threads_) each.join();
        threads_.clear();
        {
            const std::lock_guard lock(mutex_);
            finished_ = true;
            ended_ = 0;
        }
        changed_.notify_all();
        if (keeper_.joinable()) keeper_.join();
    }

    [[nodiscard]] bool stopping() const noexcept {
        return stopping_.load(std::memory_order_relaxed);
    }

    void work_off() noexcept {
        for (;;) {
            // Before the flag, which is set before the news of it: whoever does not see the flag
            // yet does not miss the news.
            const std::uint64_t seen = worker_.inbox().news();
            if (stopping()) break;
            const auto ran = worker_.run_one();
            if (ran && *ran) continue;
            // Nothing to do, or the store has to recover.
            worker_.inbox().wait(seen, options_.poll);
        }
        {
            const std::lock_guard lock(mutex_);
            ++ended_;
        }
        changed_.notify_all();
    }

    // Returns whether all threads have ended.
    template <class Duration>
    [[nodiscard]] bool wait_for_handlers(Duration limit) noexcept {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, limit, [&] { return ended_ == threads_.size(); });
    }

    // Renews and purges, until all handlers have returned.
    void keep() noexcept {
        using clock = std::chrono::steady_clock;
        const auto between_renewals =
            std::chrono::milliseconds(worker_.options().lease.count() * 1000 / 3);
        auto renew_at = clock::now();
        auto purge_at = renew_at;
        std::unique_lock lock(mutex_);
        while (!finished_) {
            lock.unlock();
            if (clock::now() >= renew_at) {
                renew_at = clock::now() + between_renewals;
                worker_.renew_leases();
            }
            if (clock::now() >= purge_at && !stopping()) {
                // A part at a time, since leases have to be renewed in between.
                const auto purged = worker_.inbox().purge();
                const bool is_more = purged && *purged > 0;
                if (!is_more)
                    purge_at = clock::now() + std::chrono::seconds(options_.purge.count());
            }
            lock.lock();
            const auto next = stopping() ? renew_at : (std::min)(renew_at, purge_at);
            changed_.wait_until(lock, next, [&] { return finished_; });
        }
    }

    worker<Inbox> worker_;
    workers_options options_;
    std::mutex stop_mutex_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::atomic<bool> stopping_ = false;
    bool finished_ = false;
    std::size_t ended_ = 0;
    std::vector<std::thread> threads_;
    std::thread keeper_;
};

}  // namespace webhookpp

// <webhookpp/testing/fixed_clock.hpp>
// A clock for tests: it shows the time that it was set to.

namespace webhookpp::testing {

/// A `clock_source` that always shows `unix_seconds`.
struct fixed_clock {
    std::int64_t unix_seconds = 0;  ///< what it shows

    /// The time that it was set to.
    [[nodiscard]] std::int64_t now() const noexcept { return unix_seconds; }
};

}  // namespace webhookpp::testing

// <webhookpp/testing/manual_clock.hpp>
// A clock for tests that goes on only when it is told to.

namespace webhookpp::testing {

/// A `fine_clock_source`. Copies show the same time; any number of threads may use them.
class manual_clock {
public:
    /// Shows `unix_milliseconds` until it goes on.
    explicit manual_clock(std::int64_t unix_milliseconds = 1'700'000'000'000)
        : time_(std::make_shared<std::atomic<std::int64_t>>(unix_milliseconds)) {}

    /// Unix seconds.
    [[nodiscard]] std::int64_t now() const noexcept { return milliseconds() / 1000; }
    /// Unix milliseconds.
    [[nodiscard]] std::int64_t milliseconds() const noexcept { return time_->load(); }

    /// Goes on, or back.
    void advance(std::int64_t by_milliseconds) const noexcept { *time_ += by_milliseconds; }

private:
    std::shared_ptr<std::atomic<std::int64_t>> time_;
};

}  // namespace webhookpp::testing

// <webhookpp/testing/signed_delivery.hpp>
// A delivery that owns its parts and is signed, for tests of receivers.

namespace webhookpp::testing {

/// A signed delivery. Change its members at will to see a receiver refuse it.
struct signed_delivery {
    signed_headers headers = {};  ///< those that the scheme asks for
    std::string body = {};        ///< what was signed
    std::string target = {};      ///< path and query of the URL that is called

    /// A view of this delivery, valid as long as it lives unchanged.
    [[nodiscard]] delivery view() const& {
        return {.headers = headers, .body = body, .target = target};
    }
    delivery view() && = delete;
};

/// Signs `body` with `with`, sent at `timestamp` (Unix seconds) under `id` to `url`, which counts
/// where the scheme signs it or has its token there. Throws `exception` for what `sign` refuses.
[[nodiscard]] inline signed_delivery sign_delivery(const scheme& described, const key& with,
                                                   std::string body, std::int64_t timestamp,
                                                   std::string_view id = "msg_test",
                                                   std::string_view url = {}) {
    auto made =
        sign(described, with, {.id = id, .timestamp = timestamp, .body = body, .url = url}).value();
    return {std::move(made.headers), std::move(body), std::string(target_of(made.url))};
}

}  // namespace webhookpp::testing

#endif
