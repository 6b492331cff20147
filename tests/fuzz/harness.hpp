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
#include <vector>

namespace fuzz {

using input = std::span<const unsigned char>;

/// Tries one input; defined by each harness.
void try_input(input bytes);

/// The faults that a harness can put where the library is, to show that it would find them; defined
/// by each harness.
std::vector<std::string_view> faults();

/// Stops the program unless `good`.
inline void require(bool good, std::string_view what) {
    if (good) return;
    std::cerr << "FOUND: " << what << '\n';
    std::abort();
}

/// The fault that is put there in this run; empty if there is none.
inline std::string_view fault_to_plant() {
    static const char* const planted = std::getenv("WEBHOOKPP_PLANT_FAULT");
    return planted ? planted : "";
}

inline bool is_planted(std::string_view fault) {
    return fault_to_plant() == fault;
}

inline std::string_view text_of(input bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace fuzz

// Each harness includes this once, and nothing else does.
// NOLINTBEGIN(misc-definitions-in-headers)
extern "C" int LLVMFuzzerInitialize(int*, char***) {
    if (!fuzz::is_planted("list")) return 0;
    for (const std::string_view fault : fuzz::faults()) std::cout << fault << '\n';
    std::cout.flush();
    std::_Exit(0);
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    fuzz::try_input({data, size});
    return 0;
}
// NOLINTEND(misc-definitions-in-headers)

#endif
