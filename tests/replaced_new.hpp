// SPDX-License-Identifier: MIT
// Replaces new and delete of a whole program by two functions that it defines. One of its source
// files includes this, once.
#ifndef WEBHOOKPP_TESTS_REPLACED_NEW_HPP
#define WEBHOOKPP_TESTS_REPLACED_NEW_HPP

#include <cstddef>
#include <new>

namespace replaced_new {

/// Memory for `size` bytes, which may be 0; null if there is none.
void* take(std::size_t size) noexcept;

/// Takes back what `take` gave, or null.
void give_back(void* memory) noexcept;

}  // namespace replaced_new

// Not inlined: GCC would take malloc on one side and delete on the other for a mismatch.
// NOLINTBEGIN(misc-definitions-in-headers)
[[gnu::noinline]] void* operator new(std::size_t size) {
    if (void* const memory = replaced_new::take(size)) return memory;
    throw std::bad_alloc();
}
[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
    return replaced_new::take(size);
}
[[gnu::noinline]] void* operator new[](std::size_t size) {
    return ::operator new(size);
}
[[gnu::noinline]] void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
    return replaced_new::take(size);
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
    replaced_new::give_back(memory);
}
[[gnu::noinline]] void operator delete[](void* memory) noexcept {
    replaced_new::give_back(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
    replaced_new::give_back(memory);
}
[[gnu::noinline]] void operator delete[](void* memory, std::size_t) noexcept {
    replaced_new::give_back(memory);
}
// NOLINTEND(misc-definitions-in-headers)

#endif
