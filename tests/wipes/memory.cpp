// SPDX-License-Identifier: MIT
// Looks for parts of secrets in all memory that is given back.
#include "memory.hpp"

#include <cstddef>
#include <cstdlib>
#include <new>

#include "../replaced_new.hpp"
#include "../secret_parts.hpp"

namespace {

// Before each block stands its size.
constexpr std::size_t room = alignof(std::max_align_t) > sizeof(std::size_t)
                                 ? alignof(std::max_align_t)
                                 : sizeof(std::size_t);

}  // namespace

void* replaced_new::take(std::size_t size) noexcept {
    if (wipes::blocks_left == 0) return nullptr;
    if (wipes::blocks_left > 0) --wipes::blocks_left;
    // Of zeros, so that nothing in it is of those who had it before.
    void* const block = std::calloc(1, room + size);
    if (!block) return nullptr;
    ::new (block) std::size_t(size);
    return static_cast<char*>(block) + room;
}

void replaced_new::give_back(void* memory) noexcept {
    if (!memory) return;
    char* const begin = static_cast<char*>(memory);
    void* const block = begin - room;
    const std::size_t size = *static_cast<const std::size_t*>(block);
    if (!wipes::wanted.empty()) {
        ++wipes::given_back;
        wipes::seen += secrets::shows_part({begin, size}, wipes::wanted) ? 1 : 0;
    }
    std::free(block);
}
