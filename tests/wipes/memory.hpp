// SPDX-License-Identifier: MIT
// The memory that a program gives back, which memory.cpp looks at, and how tests wipe what is
// theirs.
#ifndef WEBHOOKPP_TESTS_WIPES_MEMORY_HPP
#define WEBHOOKPP_TESTS_WIPES_MEMORY_HPP

#include <string>
#include <string_view>

#include <webhookpp/crypto/memory.hpp>
#include <webhookpp/sign.hpp>

namespace wipes {

// What no memory may hold, and what was seen of it. Plain, since one thread works at a time.
inline std::string_view wanted;
inline int seen = 0;
inline int given_back = 0;
inline int blocks_left = -1;  // to be taken before memory is out; any number if negative

// What is left to the caller.
inline void wipe(std::string& text) {
    webhookpp::crypto::wipe({reinterpret_cast<unsigned char*>(text.data()), text.size()});
}

inline void wipe(webhookpp::signed_request& made) {
    for (auto& [name, value] : made.headers) wipe(value);
    wipe(made.url);
}

}  // namespace wipes

#endif
