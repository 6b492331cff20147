// SPDX-License-Identifier: MIT
// Gatsby Events: webhooks about guests, events and guest lists. Not signed.
#ifndef WEBHOOKPP_PROVIDERS_GATSBY_HPP
#define WEBHOOKPP_PROVIDERS_GATSBY_HPP

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <webhookpp/catalog.hpp>
#include <webhookpp/event.hpp>
#include <webhookpp/schemes/url_token.hpp>
#include <webhookpp/timestamp.hpp>

/// The webhooks of Gatsby Events: https://buildwithgatsby.com/webhooks
///
/// Documented: one example of each of three forms, told apart by `action`. Whether a form has other
/// actions (attendance is spoken of, without a name) is not; they arrive as `unknown_event`. A body
/// has neither an event id nor anything else to tell two deliveries apart but its content; the
/// provider says that it may send one twice.
namespace webhookpp::gatsby {

/// Gatsby signs nothing and documents no header of its own. A token that nobody can guess, in the
/// URL that is registered with it (`https://.../webhooks/gatsby?token=...`), is what keeps others
/// out: it proves that the sender knows the URL, not that the body is what Gatsby sent.
inline constexpr const webhookpp::scheme& scheme = schemes::url_token;

/// The state of a guest.
struct rsvp_data {
    std::string rsvp_status;  ///< `Accepted` was seen
    std::string previous_status;
    webhookpp::timestamp timestamp;

    static constexpr member members[] = {
        {"rsvpStatus", field<&rsvp_data::rsvp_status>},
        {"previousStatus", field<&rsvp_data::previous_status>},
        {"timestamp", field<&rsvp_data::timestamp>},
    };
};

/// The state of a person in an event changed. Registered as `EventPerson`.
struct rsvp_updated {
    static constexpr std::string_view type = "rsvp_updated";

    std::string event_id;
    std::string person_id;
    rsvp_data data;

    static constexpr member members[] = {
        {"eventId", field<&rsvp_updated::event_id>},
        {"personId", field<&rsvp_updated::person_id>},
        {"data", field<&rsvp_updated::data>},
    };
};

/// What changed of an event. Whether name and date are there when they did not change is not
/// documented.
struct event_data {
    std::optional<std::string> name;
    std::optional<webhookpp::timestamp> primary_date;
    std::vector<std::string> updated_fields;  ///< names of members of Gatsby's event model
    webhookpp::timestamp timestamp;

    static constexpr member members[] = {
        {"name", field<&event_data::name>},
        {"primaryDate", field<&event_data::primary_date>},
        {"updatedFields", field<&event_data::updated_fields>},
        {"timestamp", field<&event_data::timestamp>},
    };
};

/// The details of an event changed. Registered as `Event`.
struct event_updated {
    static constexpr std::string_view type = "event_updated";

    std::string event_id;
    event_data data;

    static constexpr member members[] = {
        {"eventId", field<&event_updated::event_id>},
        {"data", field<&event_updated::data>},
    };
};

/// How many guests of a list changed.
struct guestlist_data {
    std::int64_t added_count = 0;
    std::int64_t removed_count = 0;
    std::int64_t updated_count = 0;
    webhookpp::timestamp timestamp;

    static constexpr member members[] = {
        {"addedCount", field<&guestlist_data::added_count>},
        {"removedCount", field<&guestlist_data::removed_count>},
        {"updatedCount", field<&guestlist_data::updated_count>},
        {"timestamp", field<&guestlist_data::timestamp>},
    };
};

/// A guest list was changed at large. Registered as `GuestList`.
struct guestlist_updated {
    static constexpr std::string_view type = "guestlist_updated";

    std::string event_id;
    guestlist_data data;

    static constexpr member members[] = {
        {"eventId", field<&guestlist_updated::event_id>},
        {"data", field<&guestlist_updated::data>},
    };
};

/// The three documented forms, told apart by `action`.
struct catalog : webhookpp::catalog<rsvp_updated, event_updated, guestlist_updated> {
    static constexpr std::string_view type_member = "action";
};

/// One of them, or `unknown_event`.
using event = catalog::event;

}  // namespace webhookpp::gatsby

#endif
