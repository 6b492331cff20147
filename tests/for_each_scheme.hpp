// SPDX-License-Identifier: MIT
// Calls a test with each scheme of the library as a template argument.
#ifndef WEBHOOKPP_TESTS_FOR_EACH_SCHEME_HPP
#define WEBHOOKPP_TESTS_FOR_EACH_SCHEME_HPP

#include <cstddef>
#include <utility>

#include <webhookpp/detail/running_verification.hpp>
#include <webhookpp/schemes/all.hpp>

namespace golden {

/// Whether `incremental_verifier` takes the scheme.
constexpr bool is_incremental(const webhookpp::scheme& scheme) {
    return webhookpp::detail::uses_hmac(scheme) && webhookpp::detail::ends_with_body(scheme);
}

template <class Test, std::size_t... I>
void for_each_incremental_scheme(Test test, std::index_sequence<I...>) {
    const auto call = [&]<std::size_t At>() {
        constexpr const webhookpp::scheme& scheme = *webhookpp::schemes::all()[At];
        if constexpr (is_incremental(scheme)) test.template operator()<scheme>();
    };
    (call.template operator()<I>(), ...);
}

/// `test.operator()<scheme>()` for each scheme that can be verified while the body arrives.
template <class Test>
void for_each_incremental_scheme(Test test) {
    for_each_incremental_scheme(test, std::make_index_sequence<webhookpp::schemes::all().size()>());
}

}  // namespace golden

#endif
