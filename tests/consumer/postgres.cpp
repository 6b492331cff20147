// SPDX-License-Identifier: MIT
// Links libpq, and finds no server where there is none.
#include <webhookpp/stores/postgres.hpp>

#include "vector.hpp"

int main() {
    const auto store =
        webhookpp::stores::postgres::try_open("host=/nonexistent dbname=none connect_timeout=2");
    return verifies() && !store && store.error().code == webhookpp::errc::store_unavailable ? 0 : 1;
}
