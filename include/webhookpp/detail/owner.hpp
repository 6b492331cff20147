// SPDX-License-Identifier: MIT
// Sole ownership of one object, ours or OpenSSL's, without the cost of including <memory>.
#ifndef WEBHOOKPP_DETAIL_OWNER_HPP
#define WEBHOOKPP_DETAIL_OWNER_HPP

#include <utility>

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

#endif
