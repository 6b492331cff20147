// SPDX-License-Identifier: MIT
// Verification alone.
#include "vector.hpp"

#ifdef INCLUDE_NLOHMANN_JSON_HPP_
#error "verification includes JSON"
#endif

int main() {
    return verifies() ? 0 : 1;
}
