// SPDX-License-Identifier: MIT
// All schemes of this library, for programs that choose one at run time.
#ifndef WEBHOOKPP_SCHEMES_ALL_HPP
#define WEBHOOKPP_SCHEMES_ALL_HPP

#include <span>
#include <string_view>

#include <webhookpp/scheme.hpp>
#include <webhookpp/schemes/adyen_body.hpp>
#include <webhookpp/schemes/airtable.hpp>
#include <webhookpp/schemes/aliases.hpp>
#include <webhookpp/schemes/asana.hpp>
#include <webhookpp/schemes/basic_auth.hpp>
#include <webhookpp/schemes/bearer_token.hpp>
#include <webhookpp/schemes/bitbucket.hpp>
#include <webhookpp/schemes/box.hpp>
#include <webhookpp/schemes/calendly.hpp>
#include <webhookpp/schemes/circleci.hpp>
#include <webhookpp/schemes/coinbase_commerce.hpp>
#include <webhookpp/schemes/discord.hpp>
#include <webhookpp/schemes/dropbox.hpp>
#include <webhookpp/schemes/elevenlabs.hpp>
#include <webhookpp/schemes/gitea.hpp>
#include <webhookpp/schemes/github.hpp>
#include <webhookpp/schemes/gitlab_token.hpp>
#include <webhookpp/schemes/hubspot_v3.hpp>
#include <webhookpp/schemes/intercom.hpp>
#include <webhookpp/schemes/jira.hpp>
#include <webhookpp/schemes/line.hpp>
#include <webhookpp/schemes/linear.hpp>
#include <webhookpp/schemes/meta.hpp>
#include <webhookpp/schemes/mux.hpp>
#include <webhookpp/schemes/notion.hpp>
#include <webhookpp/schemes/paddle.hpp>
#include <webhookpp/schemes/pagerduty.hpp>
#include <webhookpp/schemes/paystack.hpp>
#include <webhookpp/schemes/razorpay.hpp>
#include <webhookpp/schemes/samsara.hpp>
#include <webhookpp/schemes/sanity.hpp>
#include <webhookpp/schemes/sendgrid.hpp>
#include <webhookpp/schemes/sentry.hpp>
#include <webhookpp/schemes/shared_token.hpp>
#include <webhookpp/schemes/shopify.hpp>
#include <webhookpp/schemes/slack.hpp>
#include <webhookpp/schemes/square.hpp>
#include <webhookpp/schemes/standard_webhooks.hpp>
#include <webhookpp/schemes/stripe.hpp>
#include <webhookpp/schemes/telegram.hpp>
#include <webhookpp/schemes/telnyx.hpp>
#include <webhookpp/schemes/ticket_tailor.hpp>
#include <webhookpp/schemes/tito.hpp>
#include <webhookpp/schemes/trello.hpp>
#include <webhookpp/schemes/twilio.hpp>
#include <webhookpp/schemes/twitch.hpp>
#include <webhookpp/schemes/typeform.hpp>
#include <webhookpp/schemes/url_token.hpp>
#include <webhookpp/schemes/vercel.hpp>
#include <webhookpp/schemes/waitwhile.hpp>
#include <webhookpp/schemes/woocommerce.hpp>
#include <webhookpp/schemes/workos.hpp>
#include <webhookpp/schemes/xero.hpp>
#include <webhookpp/schemes/zendesk.hpp>
#include <webhookpp/schemes/zoom.hpp>

namespace webhookpp {

namespace detail {

inline constexpr const scheme* all_schemes[] = {
    &schemes::adyen_body,
    &schemes::airtable,
    &schemes::asana,
    &schemes::basic_auth,
    &schemes::bearer_token,
    &schemes::bitbucket,
    &schemes::box,
    &schemes::calendly,
    &schemes::circleci,
    &schemes::coinbase_commerce,
    &schemes::discord,
    &schemes::dropbox,
    &schemes::elevenlabs,
    &schemes::gitea,
    &schemes::github,
    &schemes::gitlab_token,
    &schemes::hubspot_v3,
    &schemes::intercom,
    &schemes::jira,
    &schemes::line,
    &schemes::linear,
    &schemes::meta,
    &schemes::mux,
    &schemes::notion,
    &schemes::paddle,
    &schemes::pagerduty,
    &schemes::path_token,
    &schemes::paystack,
    &schemes::polar_legacy,
    &schemes::razorpay,
    &schemes::samsara,
    &schemes::sanity,
    &schemes::sendgrid,
    &schemes::sentry,
    &schemes::shared_token,
    &schemes::shopify,
    &schemes::slack,
    &schemes::square,
    &schemes::standard_webhooks,
    &schemes::stripe,
    &schemes::telegram,
    &schemes::telnyx,
    &schemes::ticket_tailor,
    &schemes::tito,
    &schemes::trello,
    &schemes::twilio,
    &schemes::twitch,
    &schemes::typeform,
    &schemes::url_token,
    &schemes::vercel,
    &schemes::waitwhile,
    &schemes::woocommerce,
    &schemes::workos,
    &schemes::xero,
    &schemes::zendesk,
    &schemes::zoom,
};

struct scheme_alias {
    std::string_view name;
    const scheme* stands_for;
};
inline constexpr scheme_alias scheme_aliases[] = {
    {"anthropic", &schemes::anthropic}, {"clerk", &schemes::clerk},
    {"openai", &schemes::openai},       {"polar", &schemes::polar},
    {"replicate", &schemes::replicate}, {"resend", &schemes::resend},
    {"svix", &schemes::svix},
};

}  // namespace detail

namespace schemes {

/// Every scheme, in the order of their names. They live as long as the program.
[[nodiscard]] constexpr std::span<const scheme* const> all() noexcept {
    return detail::all_schemes;
}

/// The scheme of that name, which may also be that of a provider who signs as others do (`svix`);
/// null if there is none.
[[nodiscard]] constexpr const scheme* find(std::string_view name) noexcept {
    for (const scheme* const each : all()) {
        if (each->name == name) return each;
    }
    for (const detail::scheme_alias& each : detail::scheme_aliases) {
        if (each.name == name) return each.stands_for;
    }
    return nullptr;
}

}  // namespace schemes

}  // namespace webhookpp

#endif
