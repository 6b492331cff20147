// SPDX-License-Identifier: MIT
// Lets functions and allocations of SQLite fail.
#include <sqlite3.h>

#include "stand_in.hpp"

namespace {

using fault_injection::fails;
using fault_injection::is_failing;
using fault_injection::kind;

sqlite3_mem_methods sqlites_own;

void* sqlite_malloc(int size) {
    return is_failing(kind::allocation) && fails("SQLite's malloc") ? nullptr
                                                                    : sqlites_own.xMalloc(size);
}
void* sqlite_realloc(void* memory, int size) {
    return is_failing(kind::allocation) && fails("SQLite's realloc")
               ? nullptr
               : sqlites_own.xRealloc(memory, size);
}

int failure() {
    if (is_failing(kind::store_memory)) return SQLITE_NOMEM;
    return is_failing(kind::store_busy) ? SQLITE_BUSY : SQLITE_IOERR;
}

bool has_failed(int code) {
    return code != SQLITE_OK && code != SQLITE_ROW && code != SQLITE_DONE;
}

template <class Make, class Undo>
int code_of(const char* name, const void* caller, Make make, Undo undo) {
    return fault_injection::stand_in(name, caller, make, has_failed, failure, [&](int) {
        undo();
        return failure();
    });
}

// A statement is not given to the caller when its preparation fails.
template <class Make>
int code_of_prepare(const char* name, const void* caller, sqlite3_stmt** statement, Make make) {
    *statement = nullptr;
    return code_of(name, caller, make, [&] {
        sqlite3_finalize(*statement);
        *statement = nullptr;
    });
}

}  // namespace

// In place of SQLite's own, which they hand on to.
// NOLINTBEGIN(bugprone-macro-parentheses): lists of parameters
#define WEBHOOKPP_MAY_FAIL(function, parameters, arguments)                                \
    extern "C" int function parameters {                                                   \
        static const auto own = WEBHOOKPP_OWN(function);                                   \
        return code_of(                                                                    \
            #function, __builtin_return_address(0), [&] { return own arguments; }, [] {}); \
    }
// These do their work whatever they return.
#define WEBHOOKPP_MAY_COMPLAIN(function, parameters, arguments)                   \
    extern "C" int function parameters {                                          \
        static const auto own = WEBHOOKPP_OWN(function);                          \
        const int done = own arguments;                                           \
        return code_of(                                                           \
            #function, __builtin_return_address(0), [&] { return done; }, [] {}); \
    }
// NOLINTEND(bugprone-macro-parentheses)
// clang-format off
WEBHOOKPP_MAY_FAIL(sqlite3_exec, (sqlite3* db, const char* sql, int (*callback)(void*, int, char**, char**), void* of, char** errmsg), (db, sql, callback, of, errmsg))
WEBHOOKPP_MAY_FAIL(sqlite3_step, (sqlite3_stmt* statement), (statement))
WEBHOOKPP_MAY_FAIL(sqlite3_bind_blob64, (sqlite3_stmt* statement, int index, const void* data, sqlite3_uint64 size, void (*destroy)(void*)), (statement, index, data, size, destroy))
WEBHOOKPP_MAY_FAIL(sqlite3_bind_text64, (sqlite3_stmt* statement, int index, const char* data, sqlite3_uint64 size, void (*destroy)(void*), unsigned char encoding), (statement, index, data, size, destroy, encoding))
WEBHOOKPP_MAY_FAIL(sqlite3_bind_int64, (sqlite3_stmt* statement, int index, sqlite3_int64 value), (statement, index, value))
WEBHOOKPP_MAY_FAIL(sqlite3_bind_null, (sqlite3_stmt* statement, int index), (statement, index))
WEBHOOKPP_MAY_FAIL(sqlite3_bind_zeroblob, (sqlite3_stmt* statement, int index, int n), (statement, index, n))
WEBHOOKPP_MAY_FAIL(sqlite3_busy_timeout, (sqlite3* db, int ms), (db, ms))
WEBHOOKPP_MAY_FAIL(sqlite3_extended_result_codes, (sqlite3* db, int on), (db, on))
WEBHOOKPP_MAY_FAIL(sqlite3_file_control, (sqlite3* db, const char* name, int op, void* of), (db, name, op, of))
WEBHOOKPP_MAY_COMPLAIN(sqlite3_reset, (sqlite3_stmt* pStmt), (pStmt))
WEBHOOKPP_MAY_COMPLAIN(sqlite3_clear_bindings, (sqlite3_stmt* statement), (statement))
// clang-format on
#undef WEBHOOKPP_MAY_FAIL
#undef WEBHOOKPP_MAY_COMPLAIN

extern "C" int sqlite3_prepare_v2(sqlite3* db, const char* sql, int nByte, sqlite3_stmt** ppStmt,
                                  const char** tail) {
    static const auto own = WEBHOOKPP_OWN(sqlite3_prepare_v2);
    return code_of_prepare("sqlite3_prepare_v2", __builtin_return_address(0), ppStmt,
                           [&] { return own(db, sql, nByte, ppStmt, tail); });
}

extern "C" int sqlite3_prepare_v3(sqlite3* db, const char* sql, int nByte, unsigned int flags,
                                  sqlite3_stmt** ppStmt, const char** tail) {
    static const auto own = WEBHOOKPP_OWN(sqlite3_prepare_v3);
    return code_of_prepare("sqlite3_prepare_v3", __builtin_return_address(0), ppStmt,
                           [&] { return own(db, sql, nByte, flags, ppStmt, tail); });
}

// What could not be opened is to be closed all the same, if there is anything.
extern "C" int sqlite3_open_v2(const char* filename, sqlite3** db, int flags, const char* vfs) {
    static const auto own = WEBHOOKPP_OWN(sqlite3_open_v2);
    *db = nullptr;
    return code_of(
        "sqlite3_open_v2", __builtin_return_address(0),
        [&] { return own(filename, db, flags, vfs); }, [] {});
}

// A null pointer also stands for what is empty, and is no failure then.
extern "C" const void* sqlite3_column_blob(sqlite3_stmt* statement, int iCol) {
    static const auto own = WEBHOOKPP_OWN(sqlite3_column_blob);
    const void* const caller = __builtin_return_address(0);
    const void* const data = own(statement, iCol);
    if (data == nullptr || !fault_injection::store_may_fail(caller)) return data;
    return fails("sqlite3_column_blob") ? nullptr : data;
}

bool fault_injection::count_sqlite_allocations() noexcept {
    if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &sqlites_own) != SQLITE_OK) return false;
    sqlite3_mem_methods counting = sqlites_own;
    counting.xMalloc = sqlite_malloc;
    counting.xRealloc = sqlite_realloc;
    return sqlite3_config(SQLITE_CONFIG_MALLOC, &counting) == SQLITE_OK;
}
