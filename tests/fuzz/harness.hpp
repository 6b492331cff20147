// SPDX-License-Identifier: MIT
// What every harness is written with. A harness defines `try_input` and nothing else; libFuzzer
// calls it with inputs that it makes, and whatever stops the program is a find.
#ifndef WEBHOOKPP_TESTS_FUZZ_HARNESS_HPP
#define WEBHOOKPP_TESTS_FUZZ_HARNESS_HPP

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <span>
#include <string_view>

namespace fuzz {

using input = std::span<const unsigned char>;

/// Tries one input; defined by each harness.
void try_input(input bytes);

/// Stops the program unless `good`.
inline void require(bool good, std::string_view what) {
    if (good) return;
    std::cerr << "FOUND: " << what << '\n';
    std::abort();
}

/// Whether the harness has to put a fault where the library is, to show that it would be found.
inline bool fault_is_planted() {
    static const bool planted = std::getenv("WEBHOOKPP_PLANT_FAULT") != nullptr;
    return planted;
}

inline std::string_view text_of(input bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace fuzz

// Each harness includes this once, and nothing else does.
// NOLINTNEXTLINE(misc-definitions-in-headers)
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::try_input({data, size});
    return 0;
}

#endif
