// SPDX-License-Identifier: MIT
// Lets functions of libpq fail, and counts connections.
#include <libpq-fe.h>

#include "stand_in.hpp"

namespace {

fault_injection::open_handles<PGconn> connections;

// A function that returns a number or a state, which has one value for a failure.
template <class Make, class Returned>
Returned value_of(const char* name, const void* caller, Make make, Returned failure) {
    return fault_injection::stand_in(
        name, caller, make, [&](Returned made) { return made == failure; }, [&] { return failure; },
        [&](Returned) { return failure; });
}

// A function that returns a pointer, which nobody gets if the answer is lost.
template <class Make, class Free>
auto pointer_of(const char* name, const void* caller, Make make, Free free) {
    using pointer = decltype(make());
    return fault_injection::stand_in(
        name, caller, make, [](pointer made) { return made == nullptr; },
        [] { return pointer(nullptr); },
        [&](pointer made) {
            free(made);
            return pointer(nullptr);
        });
}

}  // namespace

// In place of libpq's own, which they hand on to.
// NOLINTBEGIN(bugprone-macro-parentheses): types and lists of parameters
#define WEBHOOKPP_MAY_FAIL(returned, function, parameters, arguments, failure)               \
    extern "C" returned function parameters {                                                \
        static const auto own = WEBHOOKPP_OWN(function);                                     \
        return value_of(                                                                     \
            #function, __builtin_return_address(0), [&] { return own arguments; }, failure); \
    }
// NOLINTEND(bugprone-macro-parentheses)
// clang-format off
WEBHOOKPP_MAY_FAIL(ConnStatusType, PQstatus, (const PGconn* conn), (conn), CONNECTION_BAD)
WEBHOOKPP_MAY_FAIL(PGTransactionStatusType, PQtransactionStatus, (const PGconn* conn), (conn), PQTRANS_UNKNOWN)
WEBHOOKPP_MAY_FAIL(PGpipelineStatus, PQpipelineStatus, (const PGconn* conn), (conn), PQ_PIPELINE_ABORTED)
WEBHOOKPP_MAY_FAIL(int, PQenterPipelineMode, (PGconn* conn), (conn), 0)
WEBHOOKPP_MAY_FAIL(int, PQexitPipelineMode, (PGconn* conn), (conn), 0)
WEBHOOKPP_MAY_FAIL(int, PQsetnonblocking, (PGconn* conn, int arg), (conn, arg), -1)
WEBHOOKPP_MAY_FAIL(int, PQsendQueryParams, (PGconn* conn, const char* command, int nParams, const Oid* types, const char* const* values, const int* lengths, const int* formats, int format), (conn, command, nParams, types, values, lengths, formats, format), 0)
WEBHOOKPP_MAY_FAIL(int, PQpipelineSync, (PGconn* conn), (conn), 0)
WEBHOOKPP_MAY_FAIL(int, PQflush, (PGconn* conn), (conn), -1)
WEBHOOKPP_MAY_FAIL(int, PQconsumeInput, (PGconn* conn), (conn), 0)
WEBHOOKPP_MAY_FAIL(ExecStatusType, PQresultStatus, (const PGresult* res), (res), PGRES_FATAL_ERROR)
// clang-format on
#undef WEBHOOKPP_MAY_FAIL

extern "C" PGresult* PQgetResult(PGconn* conn) {
    static const auto own = WEBHOOKPP_OWN(PQgetResult);
    return pointer_of(
        "PQgetResult", __builtin_return_address(0), [&] { return own(conn); }, PQclear);
}

extern "C" PQconninfoOption* PQconninfoParse(const char* conninfo, char** errmsg) {
    static const auto own = WEBHOOKPP_OWN(PQconninfoParse);
    return pointer_of(
        "PQconninfoParse", __builtin_return_address(0), [&] { return own(conninfo, errmsg); },
        PQconninfoFree);
}

// Without memory there is no connection; if the server does not answer, there is one that is bad.
extern "C" PGconn* PQconnectdbParams(const char* const* keywords, const char* const* values,
                                     int expand) {
    static const auto own = WEBHOOKPP_OWN(PQconnectdbParams);
    static const auto finish = WEBHOOKPP_OWN(PQfinish);
    static const auto status = WEBHOOKPP_OWN(PQstatus);
    const void* const caller = __builtin_return_address(0);
    PGconn* const made = fault_injection::stand_in(
        "PQconnectdbParams", caller, [&] { return own(keywords, values, expand); },
        [](PGconn* on) { return status(on) != CONNECTION_OK; },
        [] { return static_cast<PGconn*>(nullptr); },
        [&](PGconn* on) {
            finish(on);
            const char* const names[] = {"host", nullptr};
            const char* const nowhere[] = {"/nowhere", nullptr};
            return own(names, nowhere, 0);
        });
    if (fault_injection::is_ours(caller)) connections.add(made);
    return made;
}

extern "C" void PQfinish(PGconn* conn) {
    static const auto own = WEBHOOKPP_OWN(PQfinish);
    connections.remove(conn);
    own(conn);
}

long fault_injection::open_connections() noexcept {
    return connections.count();
}
