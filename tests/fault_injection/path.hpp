// SPDX-License-Identifier: MIT
// Lets each call of a path fail in turn, and looks at what comes of that.
#ifndef WEBHOOKPP_TESTS_FAULT_INJECTION_PATH_HPP
#define WEBHOOKPP_TESTS_FAULT_INJECTION_PATH_HPP

#include <openssl/err.h>

#include <cstdio>
#include <functional>
#include <new>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <webhookpp/error.hpp>
#include <webhookpp/reply.hpp>
#include <webhookpp/result.hpp>

#include "failing_calls.hpp"

namespace fault_injection {

/// What a path comes to: it was done, or an error or a status says why not.
struct outcome {
    bool done = false;
    int why = 0;
    std::string handed_on = {};  ///< of what was done: all that can be seen of its result

    friend bool operator==(const outcome&, const outcome&) = default;
};

inline outcome done(std::string handed_on = {}) {
    return {true, 0, std::move(handed_on)};
}
inline outcome refused(webhookpp::errc why) {
    return {false, static_cast<int>(why)};
}
inline outcome answered(int status, std::string handed_on = {}) {
    return {status == 200, status, std::move(handed_on)};
}

template <class T>
outcome of(const webhookpp::result<T>& made) {
    return made ? outcome{true} : refused(made.error().code);
}
inline outcome of(const webhookpp::result<bool>& made) {
    return made ? outcome{*made} : refused(made.error().code);
}
inline outcome of(const webhookpp::reply& answer) {
    return answered(answer.status);
}
/// With what `tell` says of the result, which is no part of what is tried.
template <class T, class Tell>
outcome of(const webhookpp::result<T>& made, Tell tell) {
    if (!made) return refused(made.error().code);
    const unwatched here;
    return done(tell(*made));
}

inline std::string in_words(const outcome& what) {
    std::string text = what.done ? "done" : "not done";
    if (what.why != 0) text.append(", ").append(std::to_string(what.why));
    if (!what.handed_on.empty()) text.append(", with: ").append(what.handed_on);
    return text;
}

inline const std::vector<kind> usual_kinds = {kind::openssl_call, kind::openssl_error,
                                              kind::allocation};

/// For `path::makes_no`.
inline const std::set<kind> openssl_calls = {kind::openssl_call, kind::openssl_error};
inline const std::set<kind> allocations = {kind::allocation};
inline const std::set<kind> usual_calls(usual_kinds.begin(), usual_kinds.end());

inline const std::set<int> internal = {static_cast<int>(webhookpp::errc::internal_error)};
inline const std::set<int> unavailable = {503};

/// Something that the library does. `run` allocates nothing of its own but where it is `unwatched`,
/// unless it may throw.
struct path {
    std::string name;
    std::function<outcome()> run;
    outcome expected = {.done = true};    // where nothing fails
    std::set<kind> makes_no = {};         // such calls; of all other kinds there has to be one
    bool may_throw = false;               // it sets up
    bool may_overcome = false;            // it makes contexts that it may not need
    std::set<int> reasons = {};           // of failures; empty where there may be any
    std::function<void()> before = {};    // makes ready what `run` uses up
    std::function<bool()> is_sound = {};  // looks at what was used, whatever has failed
    std::vector<kind> kinds = usual_kinds;
    std::set<std::string_view> overcomes = {};  // functions whose failure it need not report
    std::function<void()> after = {};           // waits for what goes on elsewhere
    long stride = 1;                            // from one call to the next that fails
};

inline int failures = 0;
inline long step = 40;
inline long tried = 0;
inline long tried_in_store = 0;
inline long overcome = 0;
/// What failed last, also in `is_sound`.
inline kind present = kind::allocation;

inline void report(const path& of, const std::string& what) {
    ++failures;
    std::printf("not ok - %s: %s\n", of.name.c_str(), what.c_str());
}

// Looks at what the path came to with a failure, of the function `name`.
inline void judge(const path& each, const outcome& found, const std::string& name,
                  const std::string& where) {
    // OpenSSL can do without some memory; without a call of ours nothing is done.
    if (found.done && present != kind::allocation && !each.may_overcome &&
        !each.overcomes.contains(name)) {
        report(each, "it was done" + where);
    }
    if (found.done && !each.expected.done) report(each, "a forgery was accepted" + where);
    if (found.done && each.expected.done && found != each.expected) {
        report(each, in_words(found) + where + ", in place of " + in_words(each.expected));
    }
    if (found.done) ++overcome;
    if (!found.done && found != each.expected && !each.reasons.empty() &&
        !each.reasons.contains(found.why)) {
        report(each, "the reason " + std::to_string(found.why) + where);
    }
}

// Runs the path with the call at `place` failing. Returns whether there was one.
inline bool try_one(const path& each, kind what, long place) {
    present = what;
    if (each.before) each.before();
    ERR_clear_error();
    ERR_raise(ERR_LIB_USER, 7);
    const auto left_by_host = ERR_peek_last_error();
    outcome found;
    bool thrown = false;
    bool failed = false;
    const char* name = "";
    {
        const failing_call call(what, place);
        try {
            found = each.run();
        } catch (const std::bad_alloc&) {
            thrown = true;
        }
        failed = call.has_failed();
        name = call.name();
    }
    const std::string where = std::string(" when ") + (failed ? name : "nothing") + " fails (" +
                              std::to_string(static_cast<int>(what)) + ", " +
                              std::to_string(place) + ")";
    if (ERR_get_error() != left_by_host || ERR_peek_error() != 0) {
        report(each, "another error queue" + where);
    }
    if (thrown && (!each.may_throw || what != kind::allocation)) {
        report(each, "an exception" + where);
    }
    if (!failed && found != each.expected) report(each, in_words(found) + where);
    if (failed) {
        ++tried;
        if (what >= kind::store_call) ++tried_in_store;
        if (!thrown) judge(each, found, name, where);
    }
    if (each.after) each.after();
    if (each.is_sound && !each.is_sound()) report(each, "it is not sound" + where);
    return failed;
}

// Whether the path comes to what it says, and can be used.
inline bool is_as_expected(const path& each, const std::string& when) {
    if (each.before) each.before();
    const outcome found = each.run();
    if (found != each.expected) {
        report(each, in_words(found) + when + ", in place of " + in_words(each.expected));
        return false;
    }
    if (!each.is_sound || each.is_sound()) return true;
    report(each, "it is not sound" + when);
    return false;
}

inline void try_all(const path& each) {
    const int before = failures;
    std::string counts;
    if (!is_as_expected(each, " at first")) return;  // what is made once is made
    for (const kind what : each.kinds) {
        long place = 1;
        while (try_one(each, what, place) && failures < before + 5) {
            place += what == kind::allocation && place > 100 ? step : each.stride;
            is_as_expected(each, " afterwards");
        }
        counts.append(" ").append(std::to_string(place - 1));
        const bool skips = each.stride > 1 || (what == kind::allocation && place > 100);
        if (failures == before && place > 1 && skips) counts += " at most";
        if (failures == before && (place > 1) == each.makes_no.contains(what)) {
            report(each,
                   (place > 1 ? "it makes calls of the kind " : "it makes no call of the kind ") +
                       std::to_string(static_cast<int>(what)));
        }
    }
    if (failures == before) std::printf("ok - %s:%s\n", each.name.c_str(), counts.c_str());
    std::fflush(stdout);
}

/// Says how it went; returns what `main` does.
inline int concluded() {
    std::printf(
        "%ld failures tried, %ld of them of the store's library; %ld changed nothing; %d "
        "went wrong\n",
        tried, tried_in_store, overcome, failures);
    return failures == 0 ? 0 : 1;
}

}  // namespace fault_injection

#endif
