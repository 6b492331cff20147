// SPDX-License-Identifier: MIT
// EventsAir: webhooks about events, contacts, registrations, invoices and agenda items.
#ifndef WEBHOOKPP_PROVIDERS_EVENTSAIR_HPP
#define WEBHOOKPP_PROVIDERS_EVENTSAIR_HPP

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include <webhookpp/catalog.hpp>
#include <webhookpp/event.hpp>
#include <webhookpp/schemes/standard_webhooks.hpp>
#include <webhookpp/timestamp.hpp>

/// The webhooks of EventsAir: https://developer.eventsair.com/docs/guides/webhooks/event-types
///
/// Documented: the headers, the shape of the body, and all types below with their members, but for
/// the members of `Event.Invoice.Finalized`, which follow the pattern of the others. The list of
/// types is open: those of other names arrive as `other_event`. The GraphQL query
/// `webhookEventTypes` lists what an account can subscribe to.
///
/// Not documented in public: how messages are signed. The names of the headers, the retries and the
/// time limits are Svix's, so they are taken to be signed as Standard Webhooks prescribe.
namespace webhookpp::eventsair {

/// How EventsAir signs, with a secret of the form `whsec_...`.
inline constexpr const webhookpp::scheme& scheme = schemes::standard_webhooks;

/// What happened to an event as a whole.
struct event_data {
    std::string event_id;            ///< a GUID, as all ids
    webhookpp::timestamp timestamp;  ///< when it was done; not when it was sent
    std::string correlation_id;      ///< names the action, to find it again

    static constexpr member members[] = {
        {"eventId", field<&event_data::event_id>},
        {"timestamp", field<&event_data::timestamp>},
        {"correlationId", field<&event_data::correlation_id>},
    };
};

/// What happened to a contact of an event.
struct contact_data {
    std::string event_id;
    std::string contact_id;
    webhookpp::timestamp timestamp;
    std::string correlation_id;

    static constexpr member members[] = {
        {"eventId", field<&contact_data::event_id>},
        {"contactId", field<&contact_data::contact_id>},
        {"timestamp", field<&contact_data::timestamp>},
        {"correlationId", field<&contact_data::correlation_id>},
    };
};

/// What happened to an invoice of an event.
struct invoice_data {
    std::string event_id;
    std::string invoice_id;
    webhookpp::timestamp timestamp;
    std::string correlation_id;

    static constexpr member members[] = {
        {"eventId", field<&invoice_data::event_id>},
        {"invoiceId", field<&invoice_data::invoice_id>},
        {"timestamp", field<&invoice_data::timestamp>},
        {"correlationId", field<&invoice_data::correlation_id>},
    };
};

/// What happened to a registration for an event.
struct registration_data {
    std::string event_id;
    std::string registration_id;
    webhookpp::timestamp timestamp;
    std::string correlation_id;

    static constexpr member members[] = {
        {"eventId", field<&registration_data::event_id>},
        {"registrationId", field<&registration_data::registration_id>},
        {"timestamp", field<&registration_data::timestamp>},
        {"correlationId", field<&registration_data::correlation_id>},
    };
};

/// What happened to a break, an activity of the agenda of an event.
struct activity_break_agenda_item_data {
    std::string event_id;
    std::string activity_break_agenda_item_id;
    webhookpp::timestamp timestamp;
    std::string correlation_id;

    static constexpr member members[] = {
        {"eventId", field<&activity_break_agenda_item_data::event_id>},
        {"activityBreakAgendaItemId",
         field<&activity_break_agenda_item_data::activity_break_agenda_item_id>},
        {"timestamp", field<&activity_break_agenda_item_data::timestamp>},
        {"correlationId", field<&activity_break_agenda_item_data::correlation_id>},
    };
};

/// The body of every message, around `Data`.
template <class Data>
struct message {
    using described_by = message;

    Data data;

    static constexpr member members[] = {{"data", field<&message::data>}};
};

/// An event was archived.
struct event_archived : message<event_data> {
    static constexpr std::string_view type = "Event.Archived";
};

/// An event was created.
struct event_created : message<event_data> {
    static constexpr std::string_view type = "Event.Created";
};

/// An event was deleted.
struct event_deleted : message<event_data> {
    static constexpr std::string_view type = "Event.Deleted";
};

/// A contact was added to an event.
struct event_contact_created : message<contact_data> {
    static constexpr std::string_view type = "Event.Contact.Created";
};

/// A contact of an event was changed.
struct event_contact_updated : message<contact_data> {
    static constexpr std::string_view type = "Event.Contact.Updated";
};

/// A contact of an event was deleted.
struct event_contact_deleted : message<contact_data> {
    static constexpr std::string_view type = "Event.Contact.Deleted";
};

/// The personal data of a contact were removed.
struct event_contact_anonymized : message<contact_data> {
    static constexpr std::string_view type = "Event.Contact.Anonymized";
};

/// An invoice was created.
struct event_invoice_created : message<invoice_data> {
    static constexpr std::string_view type = "Event.Invoice.Created";
};

/// An invoice was finalized. Documented by name; its members are inferred.
struct event_invoice_finalized : message<invoice_data> {
    static constexpr std::string_view type = "Event.Invoice.Finalized";
};

/// A registration was made.
struct event_registration_created : message<registration_data> {
    static constexpr std::string_view type = "Event.Registration.Created";
};

/// A break was added to the agenda. These three are documented on the provider's test site only.
struct event_activity_break_agenda_item_created : message<activity_break_agenda_item_data> {
    static constexpr std::string_view type = "Event.ActivityBreakAgendaItem.Created";
};

/// A break of the agenda was changed.
struct event_activity_break_agenda_item_updated : message<activity_break_agenda_item_data> {
    static constexpr std::string_view type = "Event.ActivityBreakAgendaItem.Updated";
};

/// A break of the agenda was deleted.
struct event_activity_break_agenda_item_deleted : message<activity_break_agenda_item_data> {
    static constexpr std::string_view type = "Event.ActivityBreakAgendaItem.Deleted";
};

/// What a message of a type that is not listed here says, as far as it follows the pattern.
struct other_data {
    std::optional<webhookpp::timestamp> timestamp;
    std::optional<std::string> correlation_id;
    std::map<std::string, std::string> ids;  ///< by their JSON names: `registrationId` ...

    static constexpr member members[] = {
        {"timestamp", field<&other_data::timestamp>},
        {"correlationId", field<&other_data::correlation_id>},
        {other_members, field<&other_data::ids>},
    };
};

/// An event of a type that is not listed here: `<Scope>.<Entity>.<Action>`, or `<Scope>.<Action>`
/// where the scope itself is meant. `type` and `body` are always there; `data` is empty where the
/// body has another shape.
struct other_event : unknown_event {
    other_data data;

    static constexpr member members[] = {{"data", field<&other_event::data>}};

    // All are views into `type`, and empty where it has no such part.

    /// `Event` of `Event.Contact.Created`.
    [[nodiscard]] std::string_view scope() const noexcept {
        return std::string_view(type).substr(0, type.find('.'));
    }
    /// `Contact` of `Event.Contact.Created`.
    [[nodiscard]] std::string_view entity() const noexcept {
        const std::size_t first = type.find('.');
        const std::size_t last = type.rfind('.');
        if (first == last) return {};
        return std::string_view(type).substr(first + 1, last - first - 1);
    }
    /// `Created` of `Event.Contact.Created`.
    [[nodiscard]] std::string_view action() const noexcept {
        const std::size_t last = type.rfind('.');
        return last == std::string::npos ? std::string_view()
                                         : std::string_view(type).substr(last + 1);
    }
};

/// All documented events of EventsAir.
struct catalog
    : catalog_with_unknown<other_event, event_archived, event_created, event_deleted,
                           event_contact_created, event_contact_updated, event_contact_deleted,
                           event_contact_anonymized, event_invoice_created, event_invoice_finalized,
                           event_registration_created, event_activity_break_agenda_item_created,
                           event_activity_break_agenda_item_updated,
                           event_activity_break_agenda_item_deleted> {};

/// One of them, or `other_event`.
using event = catalog::event;

}  // namespace webhookpp::eventsair

#endif
