// All schemes of this library, for programs that choose one at run time.
#ifndef WEBHOOKPP_SCHEMES_ALL_HPP
#define WEBHOOKPP_SCHEMES_ALL_HPP

#include <span>
#include <string_view>

#include <webhookpp/scheme.hpp>
#include <webhookpp/schemes/basic_auth.hpp>
#include <webhookpp/schemes/bearer_token.hpp>
#include <webhookpp/schemes/shared_token.hpp>
#include <webhookpp/schemes/standard_webhooks.hpp>
#include <webhookpp/schemes/url_token.hpp>
#include <webhookpp/schemes/waitwhile.hpp>

namespace webhookpp {

namespace detail {

inline constexpr const scheme* all_schemes[] = {
    &schemes::basic_auth,   &schemes::bearer_token,      &schemes::path_token,
    &schemes::shared_token, &schemes::standard_webhooks, &schemes::url_token,
    &schemes::waitwhile,
};

}  // namespace detail

namespace schemes {

/// Every scheme, in the order of their names. They live as long as the program.
[[nodiscard]] constexpr std::span<const scheme* const> all() noexcept {
    return detail::all_schemes;
}

/// The scheme of that name, or null.
[[nodiscard]] constexpr const scheme* find(std::string_view name) noexcept {
    for (const scheme* const each : all()) {
        if (each->name == name) return each;
    }
    return nullptr;
}

}  // namespace schemes

}  // namespace webhookpp

#endif
