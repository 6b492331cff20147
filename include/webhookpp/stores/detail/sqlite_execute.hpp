// SPDX-License-Identifier: MIT
// Runs a statement of the program that uses a SQLite store.
#ifndef WEBHOOKPP_STORES_DETAIL_SQLITE_EXECUTE_HPP
#define WEBHOOKPP_STORES_DETAIL_SQLITE_EXECUTE_HPP

#include <sqlite3.h>

#include <cstddef>
#include <initializer_list>
#include <string_view>

#include <webhookpp/result.hpp>
#include <webhookpp/stores/detail/sqlite_connection.hpp>

namespace webhookpp::stores::detail {

/// What became of a statement: a result code, and how many rows it has changed.
struct sqlite_executed {
    int code = SQLITE_OK;
    std::size_t changes = 0;
};

/// Runs the one statement of `sql` with `values` as text in the place of its parameters.
[[nodiscard]] inline sqlite_executed sqlite_execute(
    sqlite3* handle, std::string_view sql,
    std::initializer_list<std::string_view> values) noexcept {
    sqlite3_stmt* statement = nullptr;
    int code =
        sqlite3_prepare_v2(handle, sql.data(), static_cast<int>(sql.size()), &statement, nullptr);
    if (code == SQLITE_OK && !statement) code = SQLITE_MISUSE;  // nothing but white space
    int index = 0;
    for (const std::string_view value : values) {
        if (code != SQLITE_OK) break;
        code = sqlite3_bind_text64(statement, ++index, value.data() ? value.data() : "",
                                   value.size(), SQLITE_STATIC, SQLITE_UTF8);
    }
    if (code == SQLITE_OK) {
        do {
            code = sqlite3_step(statement);
        } while (code == SQLITE_ROW);
        if (code == SQLITE_DONE) code = SQLITE_OK;
    }
    sqlite_executed done{code, 0};
    if (code == SQLITE_OK) done.changes = static_cast<std::size_t>(sqlite3_changes(handle));
    sqlite3_finalize(statement);
    return done;
}

}  // namespace webhookpp::stores::detail

#endif
