// SPDX-License-Identifier: MIT
// Opens a database.
#include <webhookpp/stores/sqlite.hpp>

#include "vector.hpp"

int main() {
    const auto store = webhookpp::stores::sqlite::try_open("consumer.db");
    return verifies() && store.has_value() ? 0 : 1;
}
