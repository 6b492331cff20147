// SPDX-License-Identifier: MIT
// Waitwhile: webhooks about visits, messages and locations of waiting lists and bookings.
#ifndef WEBHOOKPP_PROVIDERS_WAITWHILE_HPP
#define WEBHOOKPP_PROVIDERS_WAITWHILE_HPP

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <webhookpp/catalog.hpp>
#include <webhookpp/event.hpp>
#include <webhookpp/local_time.hpp>
#include <webhookpp/open_enum.hpp>
#include <webhookpp/raw_json.hpp>
#include <webhookpp/schemes/waitwhile.hpp>
#include <webhookpp/timestamp.hpp>

/// The webhooks of Waitwhile: https://developers.waitwhile.com/docs/webhooks-1 (event types) and
/// https://developers.waitwhile.com/docs/webhook-response-examples (envelope and visit)
///
/// Documented: the nine event types, the envelope, and of a visit the members of the examples.
/// "Seen" marks what only public code and exported data show. The schemas of location status,
/// location and message are not documented in public: their members below
/// are seen, and those that are not listed are kept in `others`. So only the ids and what tells
/// what happened are required; everything else may be absent or null.
namespace webhookpp::waitwhile {

/// How Waitwhile signs. It needs the URL of the endpoint exactly as it was registered, in
/// `verifier_options::url`; the secret is used as it stands.
///
/// No timestamp is signed, so a recorded delivery can be replayed at any time. What is signed are
/// `id` and `created` of the envelope: remember the one, or look at the age of the other
/// (`check_age(event.created.unix_seconds(), now, tolerance)`).
///
/// Endpoints that are set up for OAuth are verified with `schemes::bearer_token` instead.
inline constexpr const webhookpp::scheme& scheme = schemes::waitwhile;

/// The state of a visit: https://developers.waitwhile.com/docs/visit-states-and-tags
enum class visit_state : std::uint8_t {
    other,      ///< a text that is not listed here
    pending,    ///< a booking that is being filled in
    draft,      ///< a booking that waits to be approved
    booked,     ///< a booking
    waiting,    ///< on the waiting list
    serving,    ///< being served
    served,     ///< listed among the filters of a webhook, where the states page has `SERVING`
    complete,   ///< done
    cancelled,  ///< seen; documented as a tag
    expired,    ///< seen
};
[[nodiscard]] constexpr auto enumerators(visit_state /*of*/) noexcept {
    return std::array{enumerator{"PENDING", visit_state::pending},
                      enumerator{"DRAFT", visit_state::draft},
                      enumerator{"BOOKED", visit_state::booked},
                      enumerator{"WAITING", visit_state::waiting},
                      enumerator{"SERVING", visit_state::serving},
                      enumerator{"SERVED", visit_state::served},
                      enumerator{"COMPLETE", visit_state::complete},
                      enumerator{"CANCELLED", visit_state::cancelled},
                      enumerator{"EXPIRED", visit_state::expired}};
}

/// How a message is sent.
enum class message_channel : std::uint8_t { other, sms, email };
[[nodiscard]] constexpr auto enumerators(message_channel /*of*/) noexcept {
    return std::array{enumerator{"SMS", message_channel::sms},
                      enumerator{"EMAIL", message_channel::email}};
}

/// How far the delivery of a message has come.
enum class message_state : std::uint8_t { other, pending, delivered };
[[nodiscard]] constexpr auto enumerators(message_state /*of*/) noexcept {
    return std::array{enumerator{"PENDING", message_state::pending},
                      enumerator{"DELIVERED", message_state::delivered}};
}

/// An answer to a question that the location asks its guests.
struct data_field {
    std::string id;
    std::optional<std::string> name;              ///< seen
    std::optional<std::string> input_type;        ///< `TEXT`, `NUMBER`, `CHOICE`, `POLICY`; seen
    std::optional<std::vector<raw_json>> values;  ///< texts or booleans

    static constexpr member members[] = {
        {"id", field<&data_field::id>},
        {"name", field<&data_field::name>},
        {"inputType", field<&data_field::input_type>},
        {"values", field<&data_field::values>},
    };
};

/// An amount in a currency.
struct money {
    std::string currency;
    double value = 0;

    static constexpr member members[] = {
        {"currency", field<&money::currency>},
        {"value", field<&money::value>},
    };
};

/// The location of a visit, in brief.
struct location_reference {
    std::string id;
    std::optional<std::string> name;
    std::optional<std::string> short_name;

    static constexpr member members[] = {
        {"id", field<&location_reference::id>},
        {"name", field<&location_reference::name>},
        {"shortName", field<&location_reference::short_name>},
    };
};

/// The last message to or from a guest.
struct last_message {
    std::optional<std::string> message_id;
    std::optional<open_enum<message_channel>> channel;
    std::optional<std::string> type;
    std::optional<open_enum<message_state>> state;
    std::optional<std::string> body;
    std::optional<webhookpp::timestamp> created;
    std::optional<bool> is_read;

    static constexpr member members[] = {
        {"messageId", field<&last_message::message_id>},
        {"channel", field<&last_message::channel>},
        {"type", field<&last_message::type>},
        {"state", field<&last_message::state>},
        {"body", field<&last_message::body>},
        {"created", field<&last_message::created>},
        {"isRead", field<&last_message::is_read>},
    };
};

/// The messages of a visit, in brief.
struct message_summary {
    std::optional<last_message> last_outgoing;
    std::optional<last_message> last_incoming;  ///< without `type` and `state`
    std::optional<std::map<std::string, std::int64_t>> num_outgoing;  ///< by channel
    std::optional<std::map<std::string, std::int64_t>> num_incoming;
    std::optional<std::map<std::string, std::int64_t>> num_alerts;
    std::optional<webhookpp::timestamp> updated;

    static constexpr member members[] = {
        {"lastOutgoing", field<&message_summary::last_outgoing>},
        {"lastIncoming", field<&message_summary::last_incoming>},
        {"numOutgoing", field<&message_summary::num_outgoing>},
        {"numIncoming", field<&message_summary::num_incoming>},
        {"numAlerts", field<&message_summary::num_alerts>},
        {"updated", field<&message_summary::updated>},
    };
};

/// A guest on the waiting list, or a booking.
struct visit {
    std::string id;
    std::string location_id;
    open_enum<visit_state> state;
    std::optional<std::string> account_id;  ///< seen in exports; here it stands in the envelope
    std::optional<std::string> type;        ///< of a booking: `BOOKING` or `BLOCK`; seen
    std::optional<std::string> customer_id;
    std::optional<std::string> name;  ///< empty if not known, as the next three
    std::optional<std::string> first_name;
    std::optional<std::string> last_name;
    std::optional<std::string> phone;
    std::optional<std::string> email;  ///< seen
    std::optional<std::string> external_customer_id;
    std::optional<std::string> public_id;
    std::optional<std::string> notes;
    std::optional<bool> is_anonymized;
    std::optional<bool> is_block;
    std::optional<webhookpp::timestamp> created;
    std::optional<std::string> created_by;
    std::optional<webhookpp::timestamp> updated;
    std::optional<std::string> updated_by;
    std::optional<webhookpp::timestamp> pending_expire_time;
    std::optional<std::string> remote_ip;
    std::optional<std::string> country;
    std::optional<std::string> region;
    std::optional<std::string> city;
    std::optional<std::string> source;  ///< `WEB-APP`, `PUBLIC`, `API`
    std::optional<std::string> locale;  ///< as `en-US`
    std::optional<std::int64_t> party_size;
    std::optional<local_time> date;  ///< of a booking, as clocks at the location show it; seen
    std::optional<std::int64_t> duration;  ///< seconds; of a booking; seen
    std::optional<money> order_value;      ///< of a booking; seen
    std::optional<std::vector<std::string>> resource_ids;
    std::optional<std::vector<std::string>> service_ids;
    std::optional<raw_json> resources;  ///< an object in older examples, an array in exports
    std::optional<raw_json> services;   ///< the same
    std::optional<std::vector<data_field>> data_fields;
    std::optional<raw_json> fields;  ///< an older form of `dataFields`
    std::optional<std::vector<std::string>> tags;
    std::optional<raw_json> ngrams;  ///< internal to the provider, older examples only
    std::optional<webhookpp::timestamp> waitlist_time;
    std::optional<webhookpp::timestamp> serve_time;
    std::optional<webhookpp::timestamp> completed_time;
    std::optional<std::int64_t> est_wait_duration;  ///< seconds, as all durations
    std::optional<std::int64_t> original_est_wait_duration;
    std::optional<std::int64_t> prev_est_wait_duration;  ///< older examples only
    std::optional<std::int64_t> wait_duration;           ///< seen
    std::optional<std::int64_t> serve_duration;          ///< seen
    std::optional<std::int64_t> position;
    std::optional<std::int64_t> original_position;
    std::optional<std::int64_t> last_waiting_position;
    std::optional<std::string> ticket;  ///< as `A001`
    std::optional<std::int64_t> num_visits;
    std::optional<webhookpp::timestamp> alerted_time;  ///< seen, as the times below
    std::optional<webhookpp::timestamp> last_alerted_time;
    std::optional<webhookpp::timestamp> cancel_time;
    std::optional<webhookpp::timestamp> no_show_time;
    std::optional<webhookpp::timestamp> removed_time;
    std::optional<webhookpp::timestamp> rejected_time;
    std::optional<webhookpp::timestamp> expired_time;
    std::optional<webhookpp::timestamp> booking_reminder_sms_time;
    std::optional<webhookpp::timestamp> booking_reminder_email_time;
    std::optional<webhookpp::timestamp> booking_reminder_app_time;
    std::optional<webhookpp::timestamp> follow_up_sms_time;
    std::optional<webhookpp::timestamp> follow_up_email_time;
    std::optional<webhookpp::timestamp> follow_up_app_time;
    std::optional<location_reference> location;   ///< seen
    std::optional<message_summary> message_info;  ///< seen

    static constexpr member members[] = {
        {"id", field<&visit::id>},
        {"locationId", field<&visit::location_id>},
        {"state", field<&visit::state>},
        {"accountId", field<&visit::account_id>},
        {"type", field<&visit::type>},
        {"customerId", field<&visit::customer_id>},
        {"name", field<&visit::name>},
        {"firstName", field<&visit::first_name>},
        {"lastName", field<&visit::last_name>},
        {"phone", field<&visit::phone>},
        {"email", field<&visit::email>},
        {"externalCustomerId", field<&visit::external_customer_id>},
        {"publicId", field<&visit::public_id>},
        {"notes", field<&visit::notes>},
        {"isAnonymized", field<&visit::is_anonymized>},
        {"isBlock", field<&visit::is_block>},
        {"created", field<&visit::created>},
        {"createdBy", field<&visit::created_by>},
        {"updated", field<&visit::updated>},
        {"updatedBy", field<&visit::updated_by>},
        {"pendingExpireTime", field<&visit::pending_expire_time>},
        {"remoteIp", field<&visit::remote_ip>},
        {"country", field<&visit::country>},
        {"region", field<&visit::region>},
        {"city", field<&visit::city>},
        {"source", field<&visit::source>},
        {"locale", field<&visit::locale>},
        {"partySize", field<&visit::party_size>},
        {"date", field<&visit::date>},
        {"duration", field<&visit::duration>},
        {"orderValue", field<&visit::order_value>},
        {"resourceIds", field<&visit::resource_ids>},
        {"serviceIds", field<&visit::service_ids>},
        {"resources", field<&visit::resources>},
        {"services", field<&visit::services>},
        {"dataFields", field<&visit::data_fields>},
        {"fields", field<&visit::fields>},
        {"tags", field<&visit::tags>},
        {"ngrams", field<&visit::ngrams>},
        {"waitlistTime", field<&visit::waitlist_time>},
        {"serveTime", field<&visit::serve_time>},
        {"completedTime", field<&visit::completed_time>},
        {"estWaitDuration", field<&visit::est_wait_duration>},
        {"originalEstWaitDuration", field<&visit::original_est_wait_duration>},
        {"prevEstWaitDuration", field<&visit::prev_est_wait_duration>},
        {"waitDuration", field<&visit::wait_duration>},
        {"serveDuration", field<&visit::serve_duration>},
        {"position", field<&visit::position>},
        {"originalPosition", field<&visit::original_position>},
        {"lastWaitingPosition", field<&visit::last_waiting_position>},
        {"ticket", field<&visit::ticket>},
        {"numVisits", field<&visit::num_visits>},
        {"alertedTime", field<&visit::alerted_time>},
        {"lastAlertedTime", field<&visit::last_alerted_time>},
        {"cancelTime", field<&visit::cancel_time>},
        {"noShowTime", field<&visit::no_show_time>},
        {"removedTime", field<&visit::removed_time>},
        {"rejectedTime", field<&visit::rejected_time>},
        {"expiredTime", field<&visit::expired_time>},
        {"bookingReminderSmsTime", field<&visit::booking_reminder_sms_time>},
        {"bookingReminderEmailTime", field<&visit::booking_reminder_email_time>},
        {"bookingReminderAppTime", field<&visit::booking_reminder_app_time>},
        {"followUpSmsTime", field<&visit::follow_up_sms_time>},
        {"followUpEmailTime", field<&visit::follow_up_email_time>},
        {"followUpAppTime", field<&visit::follow_up_app_time>},
        {"location", field<&visit::location>},
        {"messageInfo", field<&visit::message_info>},
    };
};

/// A notification of a guest.
struct message {
    std::string id;
    std::optional<std::string> visit_id;
    std::optional<std::string> location_id;
    std::optional<std::string> customer_id;
    std::optional<open_enum<message_channel>> channel;
    std::optional<std::string>
        type;  ///< `WAITLIST-ALERT`, `WAITLIST-SERVE`, `WAITLIST-COMPLETE` were seen
    std::optional<open_enum<message_state>> state;
    std::optional<std::string> body;
    std::optional<webhookpp::timestamp> created;
    std::optional<webhookpp::timestamp> updated;
    std::map<std::string, raw_json> others;  ///< all other members, by their JSON names

    static constexpr member members[] = {
        {"id", field<&message::id>},
        {"visitId", field<&message::visit_id>},
        {"locationId", field<&message::location_id>},
        {"customerId", field<&message::customer_id>},
        {"channel", field<&message::channel>},
        {"type", field<&message::type>},
        {"state", field<&message::state>},
        {"body", field<&message::body>},
        {"created", field<&message::created>},
        {"updated", field<&message::updated>},
        {other_members, field<&message::others>},
    };
};

/// How busy a location is.
struct location_status {
    std::string id;  ///< of the location
    std::optional<std::string> name;
    std::optional<std::string> address;
    std::optional<bool> is_open;
    std::optional<bool> is_force_closed;
    std::optional<bool> is_waitlist_open;
    std::optional<bool> is_waitlist_full;
    std::optional<bool> is_serving_full;
    std::optional<std::int64_t> num_waiting;
    std::optional<std::int64_t> num_waiting_guests;
    std::optional<std::int64_t> num_serving;
    std::optional<std::int64_t> num_serving_guests;
    std::optional<std::int64_t> num_servers;
    std::optional<std::map<std::string, std::int64_t>>
        num_waiting_by_party_size;     ///< the keys are party sizes
    std::optional<std::int64_t> wait;  ///< seconds; -1 when there is no estimate
    std::optional<std::map<std::string, std::int64_t>>
        wait_by_party_size;  ///< seconds; the keys are party sizes
    std::optional<std::string>
        na_est_wait_reason;  ///< why there is no estimate: `WAITLIST_DISABLED`,
                             ///< `WAIT_EXCEEDS_HOURS` ...
    std::optional<webhookpp::timestamp> next_available_waitlist_time;
    std::optional<std::int64_t> next_ticket;
    std::optional<std::int64_t> max_party_size;
    std::optional<raw_json> updated;  ///< a time, in a form that is not known; as the next two
    std::optional<raw_json> counters_updated;
    std::optional<raw_json> last_active;
    std::map<std::string, raw_json> others;  ///< all other members, by their JSON names

    static constexpr member members[] = {
        {"id", field<&location_status::id>},
        {"name", field<&location_status::name>},
        {"address", field<&location_status::address>},
        {"isOpen", field<&location_status::is_open>},
        {"isForceClosed", field<&location_status::is_force_closed>},
        {"isWaitlistOpen", field<&location_status::is_waitlist_open>},
        {"isWaitlistFull", field<&location_status::is_waitlist_full>},
        {"isServingFull", field<&location_status::is_serving_full>},
        {"numWaiting", field<&location_status::num_waiting>},
        {"numWaitingGuests", field<&location_status::num_waiting_guests>},
        {"numServing", field<&location_status::num_serving>},
        {"numServingGuests", field<&location_status::num_serving_guests>},
        {"numServers", field<&location_status::num_servers>},
        {"numWaitingByPartySize", field<&location_status::num_waiting_by_party_size>},
        {"wait", field<&location_status::wait>},
        {"waitByPartySize", field<&location_status::wait_by_party_size>},
        {"naEstWaitReason", field<&location_status::na_est_wait_reason>},
        {"nextAvailableWaitlistTime", field<&location_status::next_available_waitlist_time>},
        {"nextTicket", field<&location_status::next_ticket>},
        {"maxPartySize", field<&location_status::max_party_size>},
        {"updated", field<&location_status::updated>},
        {"countersUpdated", field<&location_status::counters_updated>},
        {"lastActive", field<&location_status::last_active>},
        {other_members, field<&location_status::others>},
    };
};

/// A location and its settings.
struct location {
    std::string id;
    std::string name;
    std::optional<std::string> short_name;
    std::optional<std::string> business_name;
    std::optional<std::string> business_type;
    std::optional<std::string> email;
    std::optional<std::string> locale;
    std::optional<webhookpp::timestamp> created;
    std::optional<std::string> created_by;
    std::optional<webhookpp::timestamp> updated;
    std::optional<std::string> updated_by;
    std::optional<bool> is_active;
    std::optional<bool> is_force_closed;
    std::optional<bool> is_force_open;
    std::optional<bool> is_public_booking;
    std::optional<bool> is_public_check_in;
    std::optional<bool> is_public_waitlist;
    std::map<std::string, raw_json> others;  ///< all other members, by their JSON names

    static constexpr member members[] = {
        {"id", field<&location::id>},
        {"name", field<&location::name>},
        {"shortName", field<&location::short_name>},
        {"businessName", field<&location::business_name>},
        {"businessType", field<&location::business_type>},
        {"email", field<&location::email>},
        {"locale", field<&location::locale>},
        {"created", field<&location::created>},
        {"createdBy", field<&location::created_by>},
        {"updated", field<&location::updated>},
        {"updatedBy", field<&location::updated_by>},
        {"isActive", field<&location::is_active>},
        {"isForceClosed", field<&location::is_force_closed>},
        {"isForceOpen", field<&location::is_force_open>},
        {"isPublicBooking", field<&location::is_public_booking>},
        {"isPublicCheckIn", field<&location::is_public_check_in>},
        {"isPublicWaitlist", field<&location::is_public_waitlist>},
        {other_members, field<&location::others>},
    };
};

/// The body of every webhook, around `Data`. All of it is signed.
template <class Data>
struct envelope {
    using described_by = envelope;

    std::string id;                ///< of the event: the key for de-duplication
    webhookpp::timestamp created;  ///< when the event was made, for a check of its age
    std::string account_id;
    Data data;

    static constexpr member members[] = {
        {"id", field<&envelope::id>},
        {"created", field<&envelope::created>},
        {"accountId", field<&envelope::account_id>},
        {"data", field<&envelope::data>},
    };
};

/// A visit or booking was made.
struct visit_created : envelope<visit> {
    static constexpr std::string_view type = "visit.created";
};

/// Anything about a visit changed, such as its state.
struct visit_updated : envelope<visit> {
    static constexpr std::string_view type = "visit.updated";
};

/// A visit was deleted through the API; not when it is removed in the user interface.
struct visit_removed : envelope<visit> {
    static constexpr std::string_view type = "visit.removed";
};

/// The number of people waiting, the services or resources that are free, or the like changed.
struct location_status_updated : envelope<location_status> {
    static constexpr std::string_view type = "location-status.updated";
};

/// A text message or e-mail to a guest was made.
struct message_created : envelope<message> {
    static constexpr std::string_view type = "message.created";
};

/// The delivery of a message went on.
struct message_updated : envelope<message> {
    static constexpr std::string_view type = "message.updated";
};

/// A location was created. These three are sent only to webhooks that were created through the API.
struct location_created : envelope<location> {
    static constexpr std::string_view type = "location.created";
};

/// Any setting of a location changed.
struct location_updated : envelope<location> {
    static constexpr std::string_view type = "location.updated";
};

/// A location was deleted.
struct location_removed : envelope<location> {
    static constexpr std::string_view type = "location.removed";
};

/// All documented events of Waitwhile.
struct catalog : webhookpp::catalog<visit_created, visit_updated, visit_removed,
                                    location_status_updated, message_created, message_updated,
                                    location_created, location_updated, location_removed> {
    /// Signed as the whole body is, and the same for all retries.
    static constexpr std::string_view id_member = "id";
};

/// One of them, or `unknown_event`.
using event = catalog::event;

}  // namespace webhookpp::waitwhile

#endif
