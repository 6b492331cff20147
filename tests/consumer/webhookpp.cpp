// SPDX-License-Identifier: MIT
// A receiver of typed events.
#include "greeting.hpp"

int main() {
    return verifies() && receives<webhookpp::json::nlohmann_engine>() ? 0 : 1;
}
