// SPDX-License-Identifier: MIT
// seats.io: webhooks about charts and events, delivered by Svix.
#ifndef WEBHOOKPP_PROVIDERS_SEATSIO_HPP
#define WEBHOOKPP_PROVIDERS_SEATSIO_HPP

#include <cstdint>
#include <string>
#include <string_view>

#include <webhookpp/catalog.hpp>
#include <webhookpp/event.hpp>
#include <webhookpp/schemes/standard_webhooks.hpp>
#include <webhookpp/timestamp.hpp>

/// The webhooks of seats.io: https://docs.seats.io/docs/webhooks
///
/// Documented: all six event types, all members, delivery by Svix. Not documented: whether the
/// headers are `svix-*` or `webhook-*`; the scheme takes both.
namespace webhookpp::seatsio {

/// How seats.io signs. The secret (`whsec_...`) stands on the endpoint's page of the dashboard.
inline constexpr const webhookpp::scheme& scheme = schemes::standard_webhooks;

/// What was changed.
struct changed_object {
    std::string workspace_key;
    std::string key;  ///< of the chart or the event, as the event type says

    static constexpr member members[] = {
        {"workspaceKey", field<&changed_object::workspace_key>},
        {"key", field<&changed_object::key>},
    };
};

/// What all events have in common: the shape of an item of the event log,
/// https://docs.seats.io/docs/api/event-log . So the parser of webhooks takes such items too, each
/// as the text of one item: `parser.parse(assume_verified(item, "from the seats.io API"))`.
struct event_log_item {
    using described_by = event_log_item;

    std::int64_t id = 0;  ///< of the item in the event log; not the message id of the delivery
    webhookpp::timestamp timestamp;
    changed_object data;

    static constexpr member members[] = {
        {"id", field<&event_log_item::id>},
        {"timestamp", field<&event_log_item::timestamp>},
        {"data", field<&event_log_item::data>},
    };
};

/// A chart was created.
struct chart_created : event_log_item {
    static constexpr std::string_view type = "chart.created";
};

/// A draft was published; or a chart was saved that has no events, or whose account uses no drafts.
struct chart_published : event_log_item {
    static constexpr std::string_view type = "chart.published";
};

/// Objects of an event were made for sale or not for sale.
struct event_for_sale_config_updated : event_log_item {
    static constexpr std::string_view type = "event.for.sale.config.updated";
};

/// Channels of an event, or their objects, changed.
struct event_channels_updated : event_log_item {
    static constexpr std::string_view type = "event.channels.updated";
};

/// Objects of an event were assigned to a category.
struct event_categories_updated : event_log_item {
    static constexpr std::string_view type = "event.categories.updated";
};

/// The table booking configuration of an event changed.
struct event_table_booking_config_updated : event_log_item {
    static constexpr std::string_view type = "event.table.booking.config.updated";
};

/// All events of seats.io.
using catalog = webhookpp::catalog<chart_created, chart_published, event_for_sale_config_updated,
                                   event_channels_updated, event_categories_updated,
                                   event_table_booking_config_updated>;

/// One of them, or `unknown_event`.
using event = catalog::event;

}  // namespace webhookpp::seatsio

#endif
