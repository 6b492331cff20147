// SPDX-License-Identifier: MIT
// Seably: webhooks about certificates. Not signed.
#ifndef WEBHOOKPP_PROVIDERS_SEABLY_HPP
#define WEBHOOKPP_PROVIDERS_SEABLY_HPP

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <webhookpp/catalog.hpp>
#include <webhookpp/event.hpp>
#include <webhookpp/raw_json.hpp>
#include <webhookpp/schemes/url_token.hpp>

/// The webhooks of Seably: https://help.seably.com/en/articles/9095060-webhooks
///
/// Documented: `event`, and in `payload.data` a `type` and an `id`; the rest "follows the
/// certificate object" of an API that is not documented in public. It is taken to be JSON:API, as
/// the documented part is, and kept as raw JSON. There is no id of the delivery: `event` and the
/// certificate's id together tell deliveries apart.
namespace webhookpp::seably {

/// Seably signs nothing and documents no header of its own. A token that nobody can guess, in the
/// URL that is registered with it (`https://.../webhooks/seably?token=...`), is what keeps others
/// out: it proves that the sender knows the URL, not that the body is what Seably sent.
inline constexpr const webhookpp::scheme& scheme = schemes::url_token;

/// A resource of JSON:API 1.1, section 7.2.
struct resource {
    std::string type;  ///< `certificate`
    std::string id;    ///< as `SB-00000001`
    std::optional<raw_json> attributes;
    std::optional<raw_json> relationships;

    static constexpr member members[] = {
        {"type", field<&resource::type>},
        {"id", field<&resource::id>},
        {"attributes", field<&resource::attributes>},
        {"relationships", field<&resource::relationships>},
    };
};

/// A document of JSON:API 1.1, section 7.1.
struct document {
    resource data;
    std::optional<std::vector<raw_json>> included;  ///< resources that are related
    std::optional<raw_json> links;
    std::optional<raw_json> meta;

    static constexpr member members[] = {
        {"data", field<&document::data>},
        {"included", field<&document::included>},
        {"links", field<&document::links>},
        {"meta", field<&document::meta>},
    };
};

/// A user of the workspace completed a course.
struct certificate_created {
    static constexpr std::string_view type = "certificate.created";

    document payload;

    static constexpr member members[] = {{"payload", field<&certificate_created::payload>}};
};

/// The one documented event.
struct catalog : webhookpp::catalog<certificate_created> {
    static constexpr std::string_view type_member = "event";
};

/// It, or `unknown_event`.
using event = catalog::event;

}  // namespace webhookpp::seably

#endif
