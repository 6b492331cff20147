// SPDX-License-Identifier: MIT
// How a rule of the conformance kit ends that does not hold.
#ifndef WEBHOOKPP_TESTING_DETAIL_BROKEN_RULE_HPP
#define WEBHOOKPP_TESTING_DETAIL_BROKEN_RULE_HPP

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <webhookpp/error.hpp>
#include <webhookpp/result.hpp>

namespace webhookpp::testing::detail {

/// Ends the check of a rule.
class broken_rule : public std::exception {
public:
    explicit broken_rule(std::string what) : what_(std::move(what)) {}
    [[nodiscard]] const char* what() const noexcept override { return what_.c_str(); }

private:
    std::string what_;
};

/// Ends the check of the rule at hand: `what` was found. Without exceptions, ends the program.
[[noreturn]] inline void broken(std::string_view what) {
#if defined(__cpp_exceptions)
    throw broken_rule(std::string(what));
#else
    std::fwrite(what.data(), 1, what.size(), stderr);
    std::abort();
#endif
}

inline void require(bool holds, std::string_view otherwise) {
    if (!holds) broken(otherwise);
}

/// The value that an operation of the store has to have.
template <class T>
T answer(result<T> given, std::string_view operation) {
    if (!given) {
        broken(std::string(operation) + " failed with " + std::string(name(given.error().code)) +
               " (" + std::string(given.error().where.view()) + ")");
    }
    if constexpr (!std::is_void_v<T>) return *std::move(given);
}

/// What breaks when `check` is called: nothing, or one text.
template <class F>
void collect(std::vector<std::string>& failures, std::string_view rule, const F& check) {
#if defined(__cpp_exceptions)
    try {
        check();
    } catch (const std::exception& broken) {
        failures.push_back(std::string(rule) + ": " + broken.what());
    }
#else
    static_cast<void>(failures);
    static_cast<void>(rule);
    check();
#endif
}

}  // namespace webhookpp::testing::detail

#endif
