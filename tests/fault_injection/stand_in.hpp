// SPDX-License-Identifier: MIT
// For the functions that stand in for those of a library, and let them fail.
#ifndef WEBHOOKPP_TESTS_FAULT_INJECTION_STAND_IN_HPP
#define WEBHOOKPP_TESTS_FAULT_INJECTION_STAND_IN_HPP

#include <dlfcn.h>

#include <algorithm>
#include <array>

#include "failing_calls.hpp"

namespace fault_injection {

/// What is made to fail at present; nothing where calls are made as ever.
[[nodiscard]] bool is_failing(kind of) noexcept;

/// Counts a call of the kind that is made to fail; says whether this is the one.
[[nodiscard]] bool fails(const char* name) noexcept;

/// Whether an address is one of this program, and not of a library that calls its own functions.
[[nodiscard]] bool is_ours(const void* address) noexcept;

/// Whether the call comes from this program, while those of the store's library are to fail.
[[nodiscard]] bool store_may_fail(const void* caller) noexcept;

/// The result of a call of the store's library. `make` makes it; `failure(made)` is what is
/// returned in its place: of the result, which it takes over, or of nothing if it was not made.
/// What fails already is not counted when answers are lost: there is none.
template <class Make, class HasFailed, class NotMade, class Lost>
auto stand_in(const char* name, const void* caller, Make make, HasFailed has_failed,
              NotMade not_made, Lost lost) {
    if (!store_may_fail(caller)) return make();
    if (!is_failing(kind::store_answer)) return fails(name) ? not_made() : make();
    auto made = make();
    return !has_failed(made) && fails(name) ? lost(made) : made;
}

/// What was opened and not closed, up to 64 of them. Allocates nothing, since that may fail.
template <class Handle>
class open_handles {
public:
    void add(const Handle* opened) noexcept { replace(nullptr, opened); }
    void remove(const Handle* closed) noexcept { replace(closed, nullptr); }
    [[nodiscard]] long count() const noexcept {
        return std::count_if(all_.begin(), all_.end(),
                             [](const Handle* each) { return each != nullptr; });
    }

private:
    void replace(const Handle* that, const Handle* by) noexcept {
        const auto found = std::find(all_.begin(), all_.end(), that);
        if (found != all_.end()) *found = by;
    }

    std::array<const Handle*, 64> all_ = {};
};

}  // namespace fault_injection

// The library's own function of that name.
// NOLINTNEXTLINE(cppcoreguidelines-macro-usage): it has to name the function twice
#define WEBHOOKPP_OWN(function) reinterpret_cast<decltype(&(function))>(dlsym(RTLD_NEXT, #function))

#endif
