#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Makes provider_events.jsonl: bodies of webhook events and what a decoder must make of them.

    python3 make_provider_events.py            writes provider_events.jsonl next to this file
    python3 make_provider_events.py --check    fails if that file is not what would be written

The tables below say which members each provider's events have, after the providers' own pages on
webhooks (seats.io, Waitwhile, EventsAir, Gatsby Events, Seably) and, for Waitwhile's objects, after
what its API and its public clients show. Everything else follows from the tables: for each event type
a body with the required members only and one with all members; for each struct every member null,
of a wrong JSON type, doubled and, where it is required, missing. Small structs get every wrong type,
in the long ones neighbours share them (`needless_types`). The limits that no table shows
(64-bit integers, forms of time, depth, names written with escapes, order of members, order of
errors) have functions of their own at the end.

The values in the bodies are made up. No value comes from a delivery. Values in a full body differ from
member to member, so that a decoder that mixes up two members of one type is found out.

One JSON object a line; README.md explains the members. A timestamp in `fields` is given in UTC.
A list stands in `fields` element by element (`data.tags[0]`), a map key by key
(`data.waitByPartySize.2`), an open JSON value as it is. An optional member that is absent or null is
null there. Empty lists and maps are not listed.
"""

import base64
import datetime
import itertools
import json
import pathlib
import re
import sys

REQUIRED, OPTIONAL = True, False


# ------------------------------------------------------------------------------------------------
# Kinds of members
# ------------------------------------------------------------------------------------------------

# One value of every JSON type. A kind names those that it takes.
VALUES = {"null": None, "true": True, "integer": 5, "fraction": 1.5, "text": "text", "array": [], "object": {}}


class Kind:
    """What a member holds: which JSON values it takes, and sample values of it."""

    takes = ()

    def small(self, name):
        """The value in a minimal body."""
        return self.sample(name, itertools.count(1), 0)

    def sample(self, name, count, variant):
        """A value that no other member of the body has."""
        raise NotImplementedError

    def fields(self, path, value):
        """The value as `fields` has it."""
        return {path: value}


class Text(Kind):
    takes = ("text",)

    def small(self, name):
        return name[:1]

    def sample(self, name, count, variant):
        return f"{name}-{next(count)}"


class Word(Text):
    """Text with a few known values. The list is open: every other text is kept too."""

    def __init__(self, *known):
        self.known = known

    def small(self, name):
        return self.known[0]

    def sample(self, name, count, variant):
        return self.known[(next(count) + variant) % len(self.known)]


class Guid(Text):
    def small(self, name):
        return self.sample(name, itertools.count(1), 0)

    def sample(self, name, count, variant):
        return f"{next(count):08x}-1111-4111-8111-{len(name):012x}"


class TypeName(Text):
    """The member that names the event type. Its errors are others: see `type_members`."""


class Flag(Kind):
    takes = ("true",)

    def sample(self, name, count, variant):
        return bool((next(count) >> variant) & 1)


class Integer(Kind):
    takes = ("integer",)

    def sample(self, name, count, variant):
        return 1000 * (variant + 1) + next(count)


class Number(Kind):
    takes = ("integer", "fraction")

    def sample(self, name, count, variant):
        return next(count) + 0.25


class Timestamp(Kind):
    """RFC 3339 with a zone, 0 to 9 digits of a second."""

    def small(self, name):
        return "2024-05-19T14:06:11Z"

    def sample(self, name, count, variant):
        number = next(count)
        moment = datetime.datetime(2024, 5, 19, 14, 6, 11) + datetime.timedelta(minutes=number)
        digits = ("", ".638", ".147433", ".123456789")[(number + variant) % 4]
        return moment.strftime("%Y-%m-%dT%H:%M:%S") + digits + "Z"

    def fields(self, path, value):
        return {path: in_utc(value)}


class IsoText(Timestamp):
    """A time of which no page tells the form. All values here are right as text and as a timestamp."""

    takes = ("text",)


class LocalTime(Kind):
    """A time of day at the location, without a zone."""

    def sample(self, name, count, variant):
        return f"2024-06-{next(count) % 28 + 1:02d}T15:0{variant}"


class Open(Kind):
    """JSON that the provider leaves open: kept as it is."""

    takes = tuple(VALUES)

    def sample(self, name, count, variant):
        number = next(count)
        return ({f"{name}-{number}": number}, [{"id": f"{name}-{number}"}, None, 0.5], f"{name}-{number}")[variant % 3]


class ListOf(Kind):
    takes = ("array",)

    def __init__(self, kind):
        self.kind = kind

    def small(self, name):
        return []

    def sample(self, name, count, variant):
        return [self.kind.sample(name, count, variant + i) for i in range(2)]

    def fields(self, path, value):
        return merged(self.kind.fields(f"{path}[{i}]", element) for i, element in enumerate(value))


class MapOf(Kind):
    takes = ("object",)

    def __init__(self, kind, *keys):
        self.kind, self.keys = kind, keys

    def small(self, name):
        return {}

    def sample(self, name, count, variant):
        return {key: self.kind.sample(name, count, variant) for key in self.keys}

    def fields(self, path, value):
        return merged(self.kind.fields(f"{path}.{key}", element) for key, element in value.items())


class Struct(Kind):
    """An object with described members. {} is neither right nor wrong as such: it may lack members."""

    takes = ("object",)

    def __init__(self, *rows):
        self.rows = [(name, kind, required) for name, kind, required in rows]
        self.kinds = {name: kind for name, kind, required in rows}

    def small(self, name=""):
        return {row: kind.small(row) for row, kind, required in self.rows if required}

    def sample(self, name, count, variant):
        return {row: kind.sample(row, count, variant) for row, kind, required in self.rows}

    def fields(self, path, value):
        below = path + "." if path else ""
        return merged(
            kind.fields(below + row, value[row]) if value.get(row) is not None else {below + row: None}
            for row, kind, required in self.rows
        )


def merged(parts):
    whole = {}
    for part in parts:
        whole.update(part)
    return whole


def in_utc(text):
    """The same instant with the zone Z; the digits of the second stay."""
    day, digits, zone = re.fullmatch(r"(.{19})(\.\d+)?(Z|[+-]\d\d:\d\d)", text).groups()
    moment = datetime.datetime.strptime(day, "%Y-%m-%dT%H:%M:%S")
    if zone != "Z":
        offset = datetime.timedelta(hours=int(zone[1:3]), minutes=int(zone[4:6]))
        moment += -offset if zone[0] == "+" else offset
    return moment.strftime("%Y-%m-%dT%H:%M:%S") + (digits or "") + "Z"


text, guid, flag, integer, number = Text(), Guid(), Flag(), Integer(), Number()
timestamp, iso_text, local_time, open_json, type_name = Timestamp(), IsoText(), LocalTime(), Open(), TypeName()
text_list = ListOf(text)


# ------------------------------------------------------------------------------------------------
# seats.io
# ------------------------------------------------------------------------------------------------

SEATSIO_DATA = Struct(
    ("workspaceKey", text, REQUIRED),
    ("key", text, REQUIRED),  # of the chart or of the event
)

SEATSIO_EVENT = Struct(
    ("id", integer, REQUIRED),
    ("type", type_name, REQUIRED),
    ("timestamp", timestamp, REQUIRED),
    ("data", SEATSIO_DATA, REQUIRED),
)


# ------------------------------------------------------------------------------------------------
# Waitwhile
# ------------------------------------------------------------------------------------------------

DATA_FIELD = Struct(
    ("id", text, REQUIRED),
    ("name", text, OPTIONAL),
    ("inputType", Word("TEXT", "NUMBER", "CHOICE", "POLICY"), OPTIONAL),
    ("values", ListOf(open_json), OPTIONAL),
)

VISIT_LOCATION = Struct(
    ("id", text, REQUIRED),
    ("name", text, OPTIONAL),
    ("shortName", text, OPTIONAL),
)

ORDER_VALUE = Struct(
    ("currency", text, REQUIRED),
    ("value", number, REQUIRED),
)

CHANNEL = Word("SMS", "EMAIL")
MESSAGE_STATE = Word("PENDING", "DELIVERED")
MESSAGE_TYPE = Word("WAITLIST-ALERT", "WAITLIST-SERVE", "WAITLIST-COMPLETE")

LAST_MESSAGE = Struct(
    ("messageId", text, OPTIONAL),
    ("channel", CHANNEL, OPTIONAL),
    ("type", MESSAGE_TYPE, OPTIONAL),
    ("state", MESSAGE_STATE, OPTIONAL),
    ("body", text, OPTIONAL),
    ("created", iso_text, OPTIONAL),
    ("isRead", flag, OPTIONAL),
)

PER_CHANNEL = MapOf(integer, "SMS", "EMAIL")

MESSAGE_INFO = Struct(
    ("lastOutgoing", LAST_MESSAGE, OPTIONAL),
    ("lastIncoming", LAST_MESSAGE, OPTIONAL),
    ("numOutgoing", PER_CHANNEL, OPTIONAL),
    ("numIncoming", PER_CHANNEL, OPTIONAL),
    ("numAlerts", PER_CHANNEL, OPTIONAL),
    ("updated", timestamp, OPTIONAL),
)

VISIT_STATE = Word("DRAFT", "PENDING", "BOOKED", "WAITING", "SERVING", "COMPLETE")

VISIT = Struct(
    ("id", text, REQUIRED),
    ("locationId", text, REQUIRED),
    ("accountId", text, OPTIONAL),
    ("state", VISIT_STATE, REQUIRED),
    ("customerId", text, OPTIONAL),
    ("firstName", text, OPTIONAL),
    ("lastName", text, OPTIONAL),
    ("name", text, OPTIONAL),
    ("phone", text, OPTIONAL),
    ("email", text, OPTIONAL),
    ("externalCustomerId", text, OPTIONAL),
    ("notes", text, OPTIONAL),
    ("publicId", text, OPTIONAL),
    ("isAnonymized", flag, OPTIONAL),
    ("isBlock", flag, OPTIONAL),
    ("created", timestamp, OPTIONAL),
    ("updated", timestamp, OPTIONAL),
    ("createdBy", text, OPTIONAL),
    ("updatedBy", text, OPTIONAL),
    ("pendingExpireTime", timestamp, OPTIONAL),
    ("remoteIp", text, OPTIONAL),
    ("country", text, OPTIONAL),
    ("region", text, OPTIONAL),
    ("city", text, OPTIONAL),
    ("source", text, OPTIONAL),
    ("locale", text, OPTIONAL),
    ("partySize", integer, OPTIONAL),
    ("resourceIds", text_list, OPTIONAL),
    ("serviceIds", text_list, OPTIONAL),
    ("resources", open_json, OPTIONAL),  # an object in older deliveries, an array in exports
    ("services", open_json, OPTIONAL),  # likewise
    ("fields", open_json, OPTIONAL),
    ("dataFields", ListOf(DATA_FIELD), OPTIONAL),
    ("tags", text_list, OPTIONAL),
    ("ngrams", open_json, OPTIONAL),
    ("waitlistTime", timestamp, OPTIONAL),
    ("serveTime", timestamp, OPTIONAL),
    ("completedTime", timestamp, OPTIONAL),
    ("estWaitDuration", integer, OPTIONAL),
    ("originalEstWaitDuration", integer, OPTIONAL),
    ("prevEstWaitDuration", integer, OPTIONAL),
    ("position", integer, OPTIONAL),
    ("originalPosition", integer, OPTIONAL),
    ("lastWaitingPosition", integer, OPTIONAL),
    ("ticket", text, OPTIONAL),
    ("numVisits", integer, OPTIONAL),
    ("alertedTime", timestamp, OPTIONAL),
    ("lastAlertedTime", timestamp, OPTIONAL),
    ("cancelTime", timestamp, OPTIONAL),
    ("noShowTime", timestamp, OPTIONAL),
    ("removedTime", timestamp, OPTIONAL),
    ("rejectedTime", timestamp, OPTIONAL),
    ("expiredTime", timestamp, OPTIONAL),
    ("bookingReminderSmsTime", timestamp, OPTIONAL),
    ("bookingReminderEmailTime", timestamp, OPTIONAL),
    ("bookingReminderAppTime", timestamp, OPTIONAL),
    ("followUpSmsTime", timestamp, OPTIONAL),
    ("followUpEmailTime", timestamp, OPTIONAL),
    ("followUpAppTime", timestamp, OPTIONAL),
    ("waitDuration", integer, OPTIONAL),
    ("serveDuration", integer, OPTIONAL),
    ("location", VISIT_LOCATION, OPTIONAL),
    ("messageInfo", MESSAGE_INFO, OPTIONAL),
    # Bookings only:
    ("date", local_time, OPTIONAL),
    ("duration", integer, OPTIONAL),
    ("type", Word("BOOKING", "BLOCK"), OPTIONAL),
    ("orderValue", ORDER_VALUE, OPTIONAL),
)

PER_PARTY_SIZE = MapOf(integer, "1", "2", "10")

LOCATION_STATUS = Struct(
    ("id", text, REQUIRED),  # of the location
    ("name", text, OPTIONAL),
    ("address", text, OPTIONAL),
    ("isOpen", flag, OPTIONAL),
    ("isForceClosed", flag, OPTIONAL),
    ("isWaitlistOpen", flag, OPTIONAL),
    ("isWaitlistFull", flag, OPTIONAL),
    ("isServingFull", flag, OPTIONAL),
    ("numWaiting", integer, OPTIONAL),
    ("numWaitingGuests", integer, OPTIONAL),
    ("numServing", integer, OPTIONAL),
    ("numServingGuests", integer, OPTIONAL),
    ("numServers", integer, OPTIONAL),
    ("numWaitingByPartySize", PER_PARTY_SIZE, OPTIONAL),
    ("waitByPartySize", PER_PARTY_SIZE, OPTIONAL),
    ("wait", integer, OPTIONAL),  # -1 when there is none
    ("naEstWaitReason", Word("WAIT_EXCEEDS_HOURS", "WAITLIST_DISABLED", "LOCATION_CLOSED"), OPTIONAL),
    ("nextAvailableWaitlistTime", timestamp, OPTIONAL),
    ("nextTicket", integer, OPTIONAL),
    ("maxPartySize", integer, OPTIONAL),
    ("updated", open_json, OPTIONAL),
    ("countersUpdated", open_json, OPTIONAL),
    ("lastActive", open_json, OPTIONAL),
)

LOCATION = Struct(
    ("id", text, REQUIRED),
    ("name", text, REQUIRED),
    ("shortName", text, OPTIONAL),
    ("businessName", text, OPTIONAL),
    ("businessType", text, OPTIONAL),
    ("email", text, OPTIONAL),
    ("locale", text, OPTIONAL),
    ("created", iso_text, OPTIONAL),
    ("createdBy", text, OPTIONAL),
    ("updated", iso_text, OPTIONAL),
    ("updatedBy", text, OPTIONAL),
    ("isActive", flag, OPTIONAL),
    ("isForceClosed", flag, OPTIONAL),
    ("isForceOpen", flag, OPTIONAL),
    ("isPublicBooking", flag, OPTIONAL),
    ("isPublicCheckIn", flag, OPTIONAL),
    ("isPublicWaitlist", flag, OPTIONAL),
)

MESSAGE = Struct(
    ("id", text, REQUIRED),
    ("visitId", text, OPTIONAL),
    ("locationId", text, OPTIONAL),
    ("customerId", text, OPTIONAL),
    ("channel", CHANNEL, OPTIONAL),
    ("type", MESSAGE_TYPE, OPTIONAL),
    ("state", MESSAGE_STATE, OPTIONAL),
    ("body", text, OPTIONAL),
    ("created", iso_text, OPTIONAL),
    ("updated", iso_text, OPTIONAL),
)


def waitwhile_event(data):
    return Struct(
        ("id", text, REQUIRED),
        ("created", timestamp, REQUIRED),
        ("accountId", text, REQUIRED),
        ("type", type_name, REQUIRED),
        ("data", data, REQUIRED),
    )


# ------------------------------------------------------------------------------------------------
# EventsAir
# ------------------------------------------------------------------------------------------------

EVENT_DATA = Struct(
    ("eventId", guid, REQUIRED),
    ("timestamp", timestamp, REQUIRED),
    ("correlationId", guid, REQUIRED),
)

CONTACT_DATA = Struct(
    ("eventId", guid, REQUIRED),
    ("contactId", guid, REQUIRED),
    ("timestamp", timestamp, REQUIRED),
    ("correlationId", guid, REQUIRED),
)

INVOICE_DATA = Struct(
    ("eventId", guid, REQUIRED),
    ("invoiceId", guid, REQUIRED),
    ("timestamp", timestamp, REQUIRED),
    ("correlationId", guid, REQUIRED),
)

REGISTRATION_DATA = Struct(
    ("eventId", guid, REQUIRED),
    ("registrationId", guid, REQUIRED),
    ("timestamp", timestamp, REQUIRED),
    ("correlationId", guid, REQUIRED),
)

AGENDA_ITEM_DATA = Struct(
    ("eventId", guid, REQUIRED),
    ("activityBreakAgendaItemId", guid, REQUIRED),
    ("timestamp", timestamp, REQUIRED),
    ("correlationId", guid, REQUIRED),
)


def eventsair_event(data):
    return Struct(
        ("type", type_name, REQUIRED),
        ("data", data, REQUIRED),
    )


# ------------------------------------------------------------------------------------------------
# Gatsby Events
# ------------------------------------------------------------------------------------------------

RSVP_STATUS = Word("Accepted", "Invited")

RSVP_DATA = Struct(
    ("rsvpStatus", RSVP_STATUS, REQUIRED),
    ("previousStatus", RSVP_STATUS, REQUIRED),
    ("timestamp", timestamp, REQUIRED),
)

RSVP_UPDATED = Struct(
    ("eventId", text, REQUIRED),
    ("personId", text, REQUIRED),
    ("action", type_name, REQUIRED),
    ("data", RSVP_DATA, REQUIRED),
)

EVENT_DETAILS = Struct(
    ("name", text, OPTIONAL),
    ("primaryDate", timestamp, OPTIONAL),
    ("updatedFields", ListOf(text), REQUIRED),
    ("timestamp", timestamp, REQUIRED),
)

EVENT_UPDATED = Struct(
    ("eventId", text, REQUIRED),
    ("action", type_name, REQUIRED),
    ("data", EVENT_DETAILS, REQUIRED),
)

GUEST_LIST = Struct(
    ("addedCount", integer, REQUIRED),
    ("removedCount", integer, REQUIRED),
    ("updatedCount", integer, REQUIRED),
    ("timestamp", timestamp, REQUIRED),
)

GUESTLIST_UPDATED = Struct(
    ("eventId", text, REQUIRED),
    ("action", type_name, REQUIRED),
    ("data", GUEST_LIST, REQUIRED),
)


# ------------------------------------------------------------------------------------------------
# Seably
# ------------------------------------------------------------------------------------------------

CERTIFICATE = Struct(
    ("type", Word("certificate"), REQUIRED),
    ("id", text, REQUIRED),
    ("attributes", open_json, OPTIONAL),
    ("relationships", open_json, OPTIONAL),
)

CERTIFICATE_DOCUMENT = Struct(
    ("data", CERTIFICATE, REQUIRED),
    ("included", ListOf(open_json), OPTIONAL),
    ("links", open_json, OPTIONAL),
    ("meta", open_json, OPTIONAL),
)

CERTIFICATE_CREATED = Struct(
    ("event", type_name, REQUIRED),
    ("payload", CERTIFICATE_DOCUMENT, REQUIRED),
)


# ------------------------------------------------------------------------------------------------
# Event types
# ------------------------------------------------------------------------------------------------

EVENTS = {
    "seatsio": {
        "chart.created": SEATSIO_EVENT,
        "chart.published": SEATSIO_EVENT,
        "event.for.sale.config.updated": SEATSIO_EVENT,
        "event.channels.updated": SEATSIO_EVENT,
        "event.categories.updated": SEATSIO_EVENT,
        "event.table.booking.config.updated": SEATSIO_EVENT,
    },
    "waitwhile": {
        "visit.created": waitwhile_event(VISIT),
        "visit.updated": waitwhile_event(VISIT),
        "visit.removed": waitwhile_event(VISIT),
        "location-status.updated": waitwhile_event(LOCATION_STATUS),
        "message.created": waitwhile_event(MESSAGE),
        "message.updated": waitwhile_event(MESSAGE),
        "location.created": waitwhile_event(LOCATION),
        "location.updated": waitwhile_event(LOCATION),
        "location.removed": waitwhile_event(LOCATION),
    },
    "eventsair": {
        "Event.Archived": eventsair_event(EVENT_DATA),
        "Event.Created": eventsair_event(EVENT_DATA),
        "Event.Deleted": eventsair_event(EVENT_DATA),
        "Event.Contact.Created": eventsair_event(CONTACT_DATA),
        "Event.Contact.Updated": eventsair_event(CONTACT_DATA),
        "Event.Contact.Deleted": eventsair_event(CONTACT_DATA),
        "Event.Contact.Anonymized": eventsair_event(CONTACT_DATA),
        "Event.Invoice.Created": eventsair_event(INVOICE_DATA),
        "Event.Invoice.Finalized": eventsair_event(INVOICE_DATA),
        "Event.Registration.Created": eventsair_event(REGISTRATION_DATA),
        "Event.ActivityBreakAgendaItem.Created": eventsair_event(AGENDA_ITEM_DATA),
        "Event.ActivityBreakAgendaItem.Updated": eventsair_event(AGENDA_ITEM_DATA),
        "Event.ActivityBreakAgendaItem.Deleted": eventsair_event(AGENDA_ITEM_DATA),
    },
    "gatsby": {
        "rsvp_updated": RSVP_UPDATED,
        "event_updated": EVENT_UPDATED,
        "guestlist_updated": GUESTLIST_UPDATED,
    },
    "seably": {
        "certificate.created": CERTIFICATE_CREATED,
    },
}

TYPE_MEMBER = {"seatsio": "type", "waitwhile": "type", "eventsair": "type", "gatsby": "action", "seably": "event"}

VISITS = ("visit.created", "visit.updated", "visit.removed")
MESSAGES = ("message.created", "message.updated")
LOCATIONS = ("location.created", "location.updated", "location.removed")
STATUS = "location-status.updated"

# Where each struct is tested: provider, event types (taken in turn), way to the struct and, where structs
# have members in common that are tested once, the member of its own.
PLACES = [
    ("seatsio", tuple(EVENTS["seatsio"]), ()),
    ("seatsio", tuple(EVENTS["seatsio"]), ("data",)),
    ("waitwhile", tuple(EVENTS["waitwhile"]), ()),
    ("waitwhile", VISITS, ("data",)),
    ("waitwhile", VISITS, ("data", "dataFields", 0)),
    ("waitwhile", VISITS, ("data", "location")),
    ("waitwhile", VISITS, ("data", "orderValue")),
    ("waitwhile", VISITS, ("data", "messageInfo")),
    ("waitwhile", VISITS, ("data", "messageInfo", "lastOutgoing")),
    ("waitwhile", (STATUS,), ("data",)),
    ("waitwhile", MESSAGES, ("data",)),
    ("waitwhile", LOCATIONS, ("data",)),
    ("eventsair", ("Event.Archived", "Event.Created", "Event.Deleted"), ()),
    ("eventsair", ("Event.Archived", "Event.Created", "Event.Deleted"), ("data",)),
    ("eventsair", tuple(f"Event.Contact.{a}" for a in ("Created", "Updated", "Deleted", "Anonymized")), ("data",),
     "contactId"),
    ("eventsair", ("Event.Invoice.Created", "Event.Invoice.Finalized"), ("data",), "invoiceId"),
    ("eventsair", ("Event.Registration.Created",), ("data",), "registrationId"),
    ("eventsair", tuple(f"Event.ActivityBreakAgendaItem.{a}" for a in ("Created", "Updated", "Deleted")), ("data",),
     "activityBreakAgendaItemId"),
    ("gatsby", ("rsvp_updated",), ()),
    ("gatsby", ("rsvp_updated",), ("data",)),
    ("gatsby", ("event_updated",), ()),
    ("gatsby", ("event_updated",), ("data",)),
    ("gatsby", ("guestlist_updated",), ()),
    ("gatsby", ("guestlist_updated",), ("data",)),
    ("seably", ("certificate.created",), ()),
    ("seably", ("certificate.created",), ("payload",)),
    ("seably", ("certificate.created",), ("payload", "data")),
]


# ------------------------------------------------------------------------------------------------
# Bodies
# ------------------------------------------------------------------------------------------------


class Literal:
    """JSON text that is written as it stands, as a value or as a member's name."""

    def __init__(self, text):
        self.text = text


class Doubled:
    """Two values for one member: its name is written twice, or once in each of two spellings."""

    def __init__(self, first, second, second_name=None):
        self.first, self.second, self.second_name = first, second, second_name


def write(value):
    """A body's JSON text, without spaces."""
    if isinstance(value, Literal):
        return value.text
    if isinstance(value, dict):
        return "{" + ",".join(member for name, element in value.items() for member in write_member(name, element)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(write(element) for element in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def write_member(name, value):
    if isinstance(value, Doubled):
        yield write(name) + ":" + write(value.first)
        yield write(value.second_name or name) + ":" + write(value.second)
    else:
        yield write(name) + ":" + write(value)


def alternative(event_type):
    """The struct's name: Event.ActivityBreakAgendaItem.Created -> event_activity_break_agenda_item_created."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", event_type).replace(".", "_").replace("-", "_").lower()


def path_of(steps):
    path = ""
    for step in steps:
        path += f"[{step}]" if isinstance(step, int) else ("." if path else "") + step
    return path


def named(provider, event_type, body):
    body[TYPE_MEMBER[provider]] = event_type
    return body


def minimal(provider, event_type):
    return named(provider, event_type, EVENTS[provider][event_type].small())


def full(provider, event_type, variant=0):
    return named(provider, event_type, EVENTS[provider][event_type].sample("", itertools.count(1), variant))


def struct_at(provider, event_type, steps):
    """The table of the struct that the steps lead to."""
    kind = EVENTS[provider][event_type]
    for step in steps:
        kind = kind.kind if isinstance(step, int) else kind.kinds[step]
    return kind


def reach(provider, event_type, steps):
    """A minimal body and the object in it that the steps lead to, made where it is optional."""
    body = at = minimal(provider, event_type)
    kind = EVENTS[provider][event_type]
    for step in steps:
        if isinstance(step, int):
            kind = kind.kind
            while len(at) <= step:
                at.append(kind.small(""))
            at = at[step]
        else:
            kind = kind.kinds[step]
            at = at.setdefault(step, kind.small(step))
    return body, at


def with_member(provider, event_type, steps, value):
    """A minimal body in which the member at the end of the steps has the value."""
    body, at = reach(provider, event_type, steps[:-1])
    at[steps[-1]] = value
    return body


def reversed_members(value):
    if isinstance(value, dict):
        return {name: reversed_members(value[name]) for name in reversed(value)}
    return [reversed_members(element) for element in value] if isinstance(value, list) else value


def nested(levels, kind="array"):
    """A value that is `levels` containers deep."""
    if kind == "array":
        return Literal("[" * levels + "]" * levels)
    if kind == "object":
        return Literal('{"a":' * (levels - 1) + "{}" + "}" * (levels - 1))
    half = levels // 2
    return Literal('[{"a":' * half + ("[]" if levels % 2 else "0") + "}]" * half)


# ------------------------------------------------------------------------------------------------
# Vectors
# ------------------------------------------------------------------------------------------------

vectors = []


def add(name, provider, body, expect, **rest):
    """One line of the file. The body is bytes, or what `write` takes."""
    raw = body if isinstance(body, bytes) else write(body).encode()
    vectors.append(
        {
            "id": f"{provider}/{name}",
            "provider": provider,
            "body_base64": base64.b64encode(raw).decode(),
            "expect": expect,
            **rest,
        }
    )


def event(name, provider, event_type, body, paths=None, fields=None):
    """A body that decodes. `fields` holds all members, or only those at the given paths."""
    if fields is None:
        fields = EVENTS[provider][event_type].fields("", body)
    if paths is not None:
        fields = {path: fields[path] for path in paths}
    add(f"{alternative(event_type)}/{name}", provider, body, "event", alternative=alternative(event_type), fields=fields)


def unknown(name, provider, event_type, body):
    add(name, provider, body, "unknown", type=event_type)


def invalid(name, provider, event_type, body, path):
    add(f"{alternative(event_type)}/{name}", provider, body, "error", error="invalid_payload", path=path)


def every_event_type():
    """For each event type the required members only, and all members."""
    for provider, types in EVENTS.items():
        variants = {}
        for event_type, root in types.items():
            event("minimal", provider, event_type, minimal(provider, event_type))
            data = id(root.kinds.get("data"))
            variants[data] = variants.get(data, -1) + 1
            event("full", provider, event_type, full(provider, event_type, variants[data]))


def missing(provider, event_type, steps):
    body, at = reach(provider, event_type, steps[:-1])
    del at[steps[-1]]
    path = path_of(steps)
    invalid(f"{path}-missing", provider, event_type, body, path)


def every_member():
    """Each member of each struct: null, of wrong JSON types, doubled and, where it is required, missing."""
    elements_done = []
    for provider, types, steps, *only in PLACES:
        turn = itertools.cycle(types)
        table = struct_at(provider, types[0], steps)
        if any(not required for _, _, required in table.rows):
            all_null(provider, next(turn), steps, table)
        for index, (name, kind, required) in enumerate(table.rows):
            if isinstance(kind, TypeName) or only and name not in only:
                continue
            event_type = next(turn)
            way = steps + (name,)
            path = path_of(way)
            if required:
                missing(provider, event_type, way)
            wrong_types(provider, event_type, way, kind, required, needless_types(table, index, kind))
            if isinstance(kind, (ListOf, MapOf)):
                wrong_elements(provider, event_type, way, kind, all_types=kind not in elements_done)
                elements_done.append(kind)
            value = 5 if isinstance(kind, Open) else kind.small(name)
            doubled = with_member(provider, event_type, way, Doubled(value, value))
            invalid(f"{path}-doubled", provider, event_type, doubled, path)


def all_null(provider, event_type, steps, table):
    body, at = reach(provider, event_type, steps)
    at.update({name: None for name, _, required in table.rows if not required})
    prefix = path_of(steps)
    event(f"{prefix}-optional-null", provider, event_type, body,
          [f"{prefix}.{name}" for name, _, required in table.rows if not required])
    first = next(name for name, _, required in table.rows if not required)
    way = steps + (first,)
    body = with_member(provider, event_type, way, Doubled(None, None))
    invalid(f"{path_of(way)}-doubled-null", provider, event_type, body, path_of(way))


def needless_types(table, index, kind):
    """Of the two numbers one is enough, for a member that takes neither.

    In structs of more than five members, a member that is no list and no object is also tested with one of
    array and object, and with one wrong scalar type less. Neighbours in the table get the others."""
    first = index % 2 == 0
    needless = set() if isinstance(kind, Integer) else {"fraction" if first else "integer"}
    if len(table.rows) > 5 and "array" not in kind.takes and "object" not in kind.takes:
        needless.add("object" if first else "array")
        if isinstance(kind, (Flag, Integer)):
            needless |= {"text"} if first else {"true"} - set(kind.takes)
        else:
            needless |= {"true"} if first else {"integer", "fraction"}
    return needless


def wrong_types(provider, event_type, way, kind, required, left_out):
    """One vector for each JSON type that the member does not take."""
    for label, value in VALUES.items():
        if label in kind.takes or label in left_out or label == "null" and not required:
            continue
        path = path_of(way)
        invalid(f"{path}-{label}", provider, event_type, with_member(provider, event_type, way, value), path)


def wrong_elements(provider, event_type, way, kind, all_types):
    """The second element of a list or a map. The first is right."""
    place = 1 if isinstance(kind, ListOf) else kind.keys[1]
    path = path_of(way) + (f"[{place}]" if isinstance(kind, ListOf) else f".{place}")
    for label, value in VALUES.items():
        if label in kind.kind.takes or label == "integer" or not all_types and label != "fraction":
            continue
        if isinstance(kind, ListOf):
            elements = [kind.kind.small("ok"), value]
        else:
            elements = {kind.keys[0]: 1, place: value}
        invalid(f"{path}-{label}", provider, event_type, with_member(provider, event_type, way, elements), path)


def type_members():
    """The member that names the type: missing, not a string, doubled, unknown."""
    for provider, types in EVENTS.items():
        member, event_type = TYPE_MEMBER[provider], next(iter(types))
        body = minimal(provider, event_type)

        def without_type(name, value):
            add(f"type/{name}", provider, value, "error", error="missing_event_type")

        without_type("missing", {name: value for name, value in body.items() if name != member})
        for label, value in VALUES.items():
            if label in ("null", "integer") or provider == "waitwhile" and label != "text":
                without_type(label, {**body, member: value})
        other = {"type": "event", "action": "type", "event": "type"}[member]
        without_type("other-member", {(other if name == member else name): value for name, value in body.items()})
        without_type("in-capitals", {(member.upper() if name == member else name): value for name, value in body.items()})
        without_type("one-level-down", {"payload" if provider == "seably" else "data": body})
        without_type("missing-and-bad-members", {"id": [], "eventId": [], "data": 5, "payload": 5})
        if provider == "gatsby":
            without_type("empty-object", {})
            for label in ("null", "true", "integer", "text", "array"):
                without_type(f"root-{label}", VALUES[label])

        second = list(types)[-1] if len(types) > 1 else "no.such.event"
        for label, values in {
            "doubled": (event_type, event_type),
            "doubled-differently": (event_type, second),
            "doubled-unknown": ("no.such.event", "no.such.event"),
        }.items():
            add(f"type/{label}", provider, {**body, member: Doubled(*values)}, "error", error="invalid_payload", path=member)
        escaped = Literal(f'"\\u{ord(member[0]):04x}{member[1:]}"')
        add("type/doubled-by-escape", provider, {**body, member: Doubled(event_type, event_type, escaped)}, "error",
            error="invalid_payload", path=member)

        spelled = {(escaped if name == member else name): value for name, value in body.items()}
        event("type-name-escaped", provider, event_type, spelled, fields={member: event_type})
        letters = Literal('"' + "".join(f"\\u{ord(letter):04X}" for letter in event_type) + '"')
        event("type-text-escaped", provider, event_type, {**body, member: letters}, fields={member: event_type})

        for label, other in {
            "capitals": event_type.upper(),
            "space-before": " " + event_type,
            "space-after": event_type + " ",
            "nul-after": event_type + "\0",
            "longer": event_type + ".x",
            "shorter": event_type[:-1],
            "unicode": "größe.geändert 🎫",
            "empty": "",
        }.items():
            if provider == "gatsby" or label in ("capitals", "nul-after", "longer"):
                unknown(f"unknown/{label}", provider, other, {**body, member: other})
        if provider != "eventsair":
            unknown("unknown/alone", provider, "no.such.event", {member: "no.such.event"})

    bad = {"id": 5, "created": "yesterday", "accountId": None, "type": "visit.merged", "data": []}
    unknown("unknown/bad-members", "waitwhile", "visit.merged", bad)
    unknown("unknown/bad-members", "seatsio", "chart.archived", {"type": "chart.archived", "id": "x", "data": None})
    for other in ("location-status.created", "location_status.updated", "message.removed", "visit"):
        unknown(f"unknown/{other}", "waitwhile", other, {**minimal("waitwhile", "visit.created"), "type": other})
    for other in ("chart.updated", "event.created", "event.deleted", "object.booked"):
        unknown(f"unknown/{other}", "seatsio", other, {**minimal("seatsio", "chart.created"), "type": other})
    for other in ("attendance_marked", "event_created", "event.updated", "EventPerson"):
        unknown(f"unknown/{other}", "gatsby", other, {**minimal("gatsby", "event_updated"), "action": other})
    for other in ("user.invited", "certificate.deleted", "certificate_created"):
        unknown(f"unknown/{other}", "seably", other, {**minimal("seably", "certificate.created"), "event": other})
    for entity, action in (("Registration", "Updated"), ("Invoice", "Deleted"), ("Contact", "Archived"),
                           ("SurveyResponse", "Created"), ("ActivityBreakAgendaItem", "Archived")):
        other = f"Event.{entity}.{action}"
        data = EVENT_DATA.small()
        data[entity[0].lower() + entity[1:] + "Id"] = guid.small(entity)
        unknown(f"unknown/{other}", "eventsair", other, {"type": other, "data": data})
    other = "ContactStore.Contact.Created"
    unknown(f"unknown/{other}", "eventsair", other, {"type": other, "data": CONTACT_DATA.small()})


def integers():
    """64 bits with a sign; no fraction, no exponent."""
    least, most = -(2**63), 2**63 - 1
    places = [
        ("gatsby", "guestlist_updated", ("data", "addedCount"), True),
        ("seatsio", "chart.published", ("id",), False),  # a positive number by the provider's description
        ("waitwhile", "visit.created", ("data", "partySize"), True),
        ("waitwhile", "visit.updated", ("data", "position"), True),
        ("waitwhile", STATUS, ("data", "wait"), True),
        ("waitwhile", STATUS, ("data", "waitByPartySize", "2"), True),
        ("waitwhile", "visit.removed", ("data", "messageInfo", "numAlerts", "SMS"), True),
        ("gatsby", "guestlist_updated", ("data", "removedCount"), True),
        ("gatsby", "guestlist_updated", ("data", "updatedCount"), True),
    ]
    some = ("most", "least", "beyond-most", "beyond-least")
    for index, (provider, event_type, way, signed) in enumerate(places):
        path = path_of(way)

        def body(value):
            if way[-1] in ("2", "SMS"):
                return with_member(provider, event_type, way[:-1], {way[-1]: value})
            return with_member(provider, event_type, way, value)

        good = {"most": most, "above-32-bits": 2**32 + 1, "above-53-bits": 2**53 + 1}
        if signed:
            good.update({"least": least, "minus-one": -1, "zero": 0})
        for label, value in good.items():
            if index < 2 or label in some:
                event(f"{path}-{label}", provider, event_type, body(value), fields={path: value})
        bad = {
            "beyond-most": most + 1,
            "beyond-least": least - 1,
            "unsigned-most": 2**64 - 1,
            "beyond-64-bits": 2**64 + 7,
            "thirty-digits": 10**30,
            "point-zero": Literal("1.0"),
            "exponent": Literal("1e2"),
            "exponent-zero": Literal("1E0"),
            "negative-exponent": Literal("100e-2"),
            "in-quotes": "7",
        }
        for label, value in bad.items():
            if index < 2 or label in some:
                invalid(f"{path}-{label}", provider, event_type, body(value), path)
    event("data.wait-minus-zero", "waitwhile", STATUS,
          with_member("waitwhile", STATUS, ("data", "wait"), Literal("-0")), fields={"data.wait": 0})


def numbers():
    """A floating point member takes every number."""
    way = ("data", "orderValue", "value")
    for label, number_text in {
        "integer": "12", "negative": "-3", "minus-zero": "-0.0", "fraction": "12.5",
        "exponent": "1e2", "capital-exponent": "25E-2", "large": "1e308", "small": "1e-300",
        "above-53-bits": "9007199254740992", "above-64-bits": "18446744073709551616",
        "thirty-digits": "123456789012345678901234567890", "many-digits": "0.1000000000000000055511151231257827",
    }.items():
        body = with_member("waitwhile", "visit.created", way, Literal(number_text))
        event(f"data.orderValue.value-{label}", "waitwhile", "visit.created", body,
              fields={"data.orderValue.value": float(number_text), "data.orderValue.currency": "c"})
    invalid("data.orderValue.value-in-quotes", "waitwhile", "visit.created",
            with_member("waitwhile", "visit.created", way, "12.5"), "data.orderValue.value")


def times():
    """Timestamps need a zone; a local time must have none."""
    good = {
        "no-digits": "2024-01-10T10:03:02Z",
        "1-digit": "2024-01-10T10:03:02.5Z",
        "2-digits": "2024-01-10T10:03:02.05Z",
        "3-digits": "2024-01-10T10:03:02.147Z",
        "6-digits": "2024-01-10T10:03:02.147433Z",
        "9-digits": "2024-01-10T10:03:02.147433001Z",
        "all-nines": "2024-12-31T23:59:59.999999999Z",
        "all-zeros": "2024-01-01T00:00:00.000000000Z",
        "offset-east": "2024-01-10T12:03:02+02:00",
        "offset-west": "2024-01-10T05:03:02.25-05:00",
        "offset-half-hour": "2024-01-10T15:33:02.000000001+05:30",
        "offset-zero": "2024-01-10T10:03:02+00:00",
        "offset-into-last-year": "2024-01-01T00:30:00+01:00",
        "offset-into-next-year": "2023-12-31T23:30:00.75-01:00",
        "offset-largest": "2024-03-01T23:58:00+23:59",
        "leap-day": "2024-02-29T23:59:59Z",
        "leap-day-2000": "2000-02-29T00:00:00Z",
        "epoch": "1970-01-01T00:00:00Z",
        "before-epoch": "1969-12-31T23:59:59.5Z",
        "far": "2200-06-30T12:00:00.123Z",
    }
    bad = {
        "empty": "",
        "no-zone": "2024-01-10T10:03:02",
        "no-zone-digits": "2024-01-10T10:03:02.147",
        "no-seconds": "2024-01-10T10:03Z",
        "date-only": "2024-01-10",
        "time-only": "10:03:02Z",
        "month-0": "2024-00-10T10:03:02Z",
        "month-13": "2024-13-10T10:03:02Z",
        "day-0": "2024-01-00T10:03:02Z",
        "day-32": "2024-01-32T10:03:02Z",
        "february-30": "2024-02-30T10:03:02Z",
        "no-leap-day": "2023-02-29T10:03:02Z",
        "no-leap-day-1900": "1900-02-29T10:03:02Z",
        "hour-24": "2024-01-10T24:00:00Z",
        "minute-60": "2024-01-10T10:60:02Z",
        "second-61": "2024-01-10T10:03:61Z",
        "point-without-digits": "2024-01-10T10:03:02.Z",
        "comma": "2024-01-10T10:03:02,5Z",
        "offset-without-colon": "2024-01-10T10:03:02+0200",
        "offset-hours-only": "2024-01-10T10:03:02+02",
        "offset-hour-24": "2024-01-10T10:03:02+24:00",
        "offset-minute-60": "2024-01-10T10:03:02+02:60",
        "zone-name": "2024-01-10T10:03:02UTC",
        "text-after": "2024-01-10T10:03:02Zx",
        "nul-after": "2024-01-10T10:03:02Z\0",
        "space-before": " 2024-01-10T10:03:02Z",
        "space-after": "2024-01-10T10:03:02Z ",
        "short-month": "2024-1-10T10:03:02Z",
        "slashes": "2024/01/10T10:03:02Z",
        "basic-form": "20240110T100302Z",
        "sign-in-hour": "2024-01-10T+1:03:02Z",
        "wide-digits": "2024-01-10T10:03:０2Z",
        "seconds-since-epoch": "1704880982",
    }
    places = [
        ("seatsio", "chart.created", ("timestamp",), True),
        ("waitwhile", "visit.updated", ("created",), False),
        ("waitwhile", "visit.created", ("data", "serveTime"), False),
        ("eventsair", "Event.Created", ("data", "timestamp"), False),
        ("gatsby", "event_updated", ("data", "primaryDate"), False),
    ]
    some = ("9-digits", "offset-east", "no-zone", "date-only")
    for provider, event_type, way, every in places:
        path = path_of(way)
        for label, value in good.items():
            if every or label in some:
                event(f"{path}-{label}", provider, event_type, with_member(provider, event_type, way, value),
                      fields={path: in_utc(value)})
        for label, value in bad.items():
            if every or label in some:
                invalid(f"{path}-{label}", provider, event_type, with_member(provider, event_type, way, value), path)

    for event_type in ("Event.Contact.Updated", "Event.Invoice.Finalized", "Event.Registration.Created",
                       "Event.ActivityBreakAgendaItem.Deleted"):
        invalid("data.timestamp-no-zone", "eventsair", event_type,
                with_member("eventsair", event_type, ("data", "timestamp"), bad["no-zone"]), "data.timestamp")

    way = ("data", "date")
    for label, value in {
        "minutes": "2024-06-01T15:00", "midnight": "2024-06-01T00:00", "last-minute": "2024-12-31T23:59",
        "seconds": "2024-06-01T15:00:30", "leap-day": "2024-02-29T08:05",
    }.items():
        event(f"data.date-{label}", "waitwhile", "visit.created", with_member("waitwhile", "visit.created", way, value),
              fields={"data.date": value})
    for label, value in {
        "empty": "", "utc": "2024-06-01T15:00Z", "utc-seconds": "2024-06-01T15:00:00Z",
        "offset": "2024-06-01T15:00+02:00", "offset-seconds": "2024-06-01T15:00:00+02:00",
        "offset-west": "2024-06-01T15:00-05:00", "date-only": "2024-06-01", "time-only": "15:00",
        "hour-only": "2024-06-01T15", "month-13": "2024-13-01T15:00", "day-31": "2024-06-31T15:00",
        "no-leap-day": "2023-02-29T15:00", "hour-24": "2024-06-01T24:00", "minute-60": "2024-06-01T15:60",
        "second-61": "2024-06-01T15:00:61", "text-after": "2024-06-01T15:00x", "open-seconds": "2024-06-01T15:00:",
        "short-hour": "2024-06-01T9:00", "space-after": "2024-06-01T15:00 ",
    }.items():
        invalid(f"data.date-{label}", "waitwhile", "visit.created",
                with_member("waitwhile", "visit.created", way, value), "data.date")


def texts():
    """Any text is kept as it is, in any spelling that JSON has for it."""
    places = [
        ("seatsio", "event.channels.updated", ("data", "key")),
        ("waitwhile", "visit.created", ("data", "name")),
        ("waitwhile", "message.updated", ("data", "body")),
        ("gatsby", "rsvp_updated", ("eventId",)),
        ("gatsby", "event_updated", ("data", "name")),
        ("seably", "certificate.created", ("payload", "data", "id")),
    ]
    values = {
        "empty": '""',
        "spaces": '"  "',
        "unicode": '"Grüße, 東京 🎫 e\u0301"',
        "escapes": '"\\"\\\\\\/\\b\\f\\n\\r\\t"',
        "unicode-escapes": '"Gr\\u00fc\\u00DFe \\ud83c\\udfab"',
        "nul-escape": '"a\\u0000b"',
        "looks-like-json": '"{\\"id\\":null}"',
        "looks-like-null": '"null"',
        "last-code-point": '"\U0010ffff"',
    }
    for index, (provider, event_type, way) in enumerate(places):
        for label, spelled in values.items():
            if index == 0 or label in ("empty", "unicode-escapes"):
                event(f"{path_of(way)}-{label}", provider, event_type,
                      with_member(provider, event_type, way, Literal(spelled)), fields={path_of(way): json.loads(spelled)})
    long_text = "0123456789abcdef" * 16
    event("data.name-long", "gatsby", "event_updated",
          with_member("gatsby", "event_updated", ("data", "name"), long_text), fields={"data.name": long_text})
    tags = ["", "NO-SHOW", "NO-SHOW", "größer", "a\0b"]
    event("data.tags-any-text", "waitwhile", "visit.updated",
          with_member("waitwhile", "visit.updated", ("data", "tags"), tags),
          fields={f"data.tags[{i}]": tag for i, tag in enumerate(tags)})


def words():
    """Open lists of words: the known ones and all others."""
    new = {"new": "SOMETHING-NEW", "empty": ""}
    places = [
        ("waitwhile", VISITS, ("data", "state"), VISIT_STATE.known + ("SERVED", "CANCELLED", "EXPIRED")),
        ("waitwhile", VISITS, ("data", "type"), ("BOOKING", "BLOCK")),
        ("waitwhile", VISITS, ("data", "messageInfo", "lastIncoming", "channel"), CHANNEL.known),
        ("waitwhile", MESSAGES, ("data", "channel"), CHANNEL.known),
        ("waitwhile", MESSAGES, ("data", "state"), MESSAGE_STATE.known),
        ("waitwhile", MESSAGES, ("data", "type"), MESSAGE_TYPE.known),
        ("waitwhile", (STATUS,), ("data", "naEstWaitReason"),
         ("WAIT_EXCEEDS_HOURS", "WAITLIST_DISABLED", "LOCATION_CLOSED", "LOCATION_IS_PAUSED")),
        ("gatsby", ("rsvp_updated",), ("data", "rsvpStatus"), RSVP_STATUS.known),
        ("gatsby", ("rsvp_updated",), ("data", "previousStatus"), RSVP_STATUS.known),
    ]
    for provider, types, way, known in places:
        turn = itertools.cycle(types)
        path = path_of(way)
        values = {known[-1]: known[-1], **new}
        if way == ("data", "state"):
            values = {**{word: word for word in known}, **new,
                      "lower-case": known[0].lower(), "space": known[0] + " ", "unicode": "grün"}
        for label, value in values.items():
            event_type = next(turn)
            event(f"{path}-{label}", provider, event_type, with_member(provider, event_type, way, value),
                  fields={path: value})


def open_values():
    """What a provider leaves open may be any JSON value."""
    values = {
        "object": {"svc1": 1, "svc2": 0}, "array": [{"id": "svc1", "name": "Cut", "price": 12.5}, {"id": "svc2"}],
        "empty-object": {}, "empty-array": [], "text": "x", "empty-text": "", "integer": -5, "fraction": 0.5,
        "true": True, "false": False, "null": None,
        "nested": {"a": [1, {"b": None, "c": [[], {}]}], "größe": "\u0000"},
    }
    places = [
        ("waitwhile", "visit.created", ("data", "services"), True),
        ("waitwhile", "visit.updated", ("data", "resources"), False),
        ("waitwhile", "visit.removed", ("data", "fields"), False),
        ("waitwhile", "visit.created", ("data", "ngrams"), False),
        ("waitwhile", STATUS, ("data", "updated"), False),
        ("waitwhile", STATUS, ("data", "countersUpdated"), False),
        ("waitwhile", STATUS, ("data", "lastActive"), False),
        ("seably", "certificate.created", ("payload", "data", "attributes"), True),
        ("seably", "certificate.created", ("payload", "data", "relationships"), False),
        ("seably", "certificate.created", ("payload", "links"), False),
        ("seably", "certificate.created", ("payload", "meta"), False),
    ]
    for provider, event_type, way, every in places:
        path = path_of(way)
        for label, value in values.items():
            if every or label == "array" or label == "object" and way[-1] == "resources":
                event(f"{path}-{label}", provider, event_type, with_member(provider, event_type, way, value),
                      fields={path: value})
    for label, spelled in {"thirty-digits": "123456789012345678901234567890", "beyond-double": "1e400",
                           "doubled-inside": '{"id":1,"id":2}'}.items():
        event(f"data.resources-{label}", "waitwhile", "visit.created",
              with_member("waitwhile", "visit.created", ("data", "resources"), Literal(spelled)), ["data.id"])
        event(f"payload.data.attributes-{label}", "seably", "certificate.created",
              with_member("seably", "certificate.created", ("payload", "data", "attributes"), Literal(spelled)),
              ["payload.data.id"])

    elements = list(values.values())
    event("data.dataFields-values-any", "waitwhile", "visit.updated",
          with_member("waitwhile", "visit.updated", ("data", "dataFields"),
                      [{"id": "f1", "values": elements}, {"id": "f2"}, {"id": "f3", "values": []}]),
          fields={"data.dataFields[0].id": "f1", "data.dataFields[1].id": "f2", "data.dataFields[1].values": None,
                  "data.dataFields[2].id": "f3",
                  **{f"data.dataFields[0].values[{i}]": element for i, element in enumerate(elements)}})
    event("payload.included-any", "seably", "certificate.created",
          with_member("seably", "certificate.created", ("payload", "included"), elements),
          fields={f"payload.included[{i}]": element for i, element in enumerate(elements)})


def containers():
    """Lists, maps and objects inside others."""
    provider = "waitwhile"
    for name in ("resourceIds", "serviceIds", "tags", "dataFields"):
        event(f"data.{name}-empty", provider, "visit.created",
              with_member(provider, "visit.created", ("data", name), []), ["data.id"])
    for name in ("numWaitingByPartySize", "waitByPartySize"):
        event(f"data.{name}-empty", provider, STATUS, with_member(provider, STATUS, ("data", name), {}), ["data.id"])
    event("data.updatedFields-empty", "gatsby", "event_updated",
          with_member("gatsby", "event_updated", ("data", "updatedFields"), []), ["eventId", "data.timestamp"])
    event("payload.included-empty", "seably", "certificate.created",
          with_member("seably", "certificate.created", ("payload", "included"), []), ["payload.data.id"])
    for way in (("messageInfo",), ("messageInfo", "lastOutgoing"), ("messageInfo", "lastIncoming")):
        body, _ = reach(provider, "visit.updated", ("data",) + way)
        below = EVENTS[provider]["visit.updated"].fields("", body)
        path = path_of(("data",) + way)
        event(f"{path}-empty", provider, "visit.updated", body, [name for name in below if name.startswith(path + ".")])
    invalid("data.location-empty", provider, "visit.created",
            with_member(provider, "visit.created", ("data", "location"), {}), "data.location.id")
    for index, elements in enumerate((
        [{"id": "f1"}, {"values": []}],
        [{"id": "f1"}, {"id": None}],
        [{"id": "f1"}, {"id": "f2"}, {"id": 5}],
        [{"id": f"f{i}"} for i in range(10)] + [{"id": []}],
    )):
        place = len(elements) - 1
        invalid(f"data.dataFields[{place}].id-{index}", provider, "visit.created",
                with_member(provider, "visit.created", ("data", "dataFields"), elements), f"data.dataFields[{place}].id")
    for name, kind, _ in LAST_MESSAGE.rows:
        way = ("data", "messageInfo", "lastIncoming", name)
        invalid(f"{path_of(way)}-array", provider, "visit.removed", with_member(provider, "visit.removed", way, []),
                path_of(way))
    body, at = reach(provider, "visit.created", ("data",))
    at["dataFields"] = [{"id": f"f{i}", "values": [i]} for i in range(11)]
    event("data.dataFields-eleven", provider, "visit.created", body,
          [path for i in range(11) for path in (f"data.dataFields[{i}].id", f"data.dataFields[{i}].values[0]")])


def spelling():
    """Names written with escapes, members in any order, white space."""
    for label, provider, event_type, way, spelled in (
        ("one-letter", "waitwhile", "visit.created", ("id",), '"\\u0069d"'),
        ("all-letters", "waitwhile", "visit.created", ("id",), '"\\u0069\\u0064"'),
        ("below", "waitwhile", "visit.created", ("data", "locationId"), '"location\\u0049d"'),
        ("data", "waitwhile", "visit.created", ("data",), '"dat\\u0061"'),
        ("optional", "waitwhile", "visit.created", ("data", "email"), '"\\u0065mail"'),
        ("key", "seatsio", "chart.created", ("data", "key"), '"\\u006b\\u0065\\u0079"'),
        ("event-id", "eventsair", "Event.Contact.Created", ("data", "eventId"), '"event\\u0049d"'),
        ("count", "gatsby", "guestlist_updated", ("data", "addedCount"), '"added\\u0043ount"'),
        ("id", "seably", "certificate.created", ("payload", "data", "id"), '"\\u0069\\u0064"'),
    ):
        body, at = reach(provider, event_type, way[:-1])
        name = way[-1]
        at.setdefault(name, "e")
        fields = EVENTS[provider][event_type].fields("", body)
        fields = {path: value for path, value in fields.items() if path.startswith(path_of(way)) and value is not None}
        value = at.pop(name)
        at[Literal(spelled)] = value
        event(f"name-escaped-{label}", provider, event_type, body, fields=fields)
        body = with_member(provider, event_type, way, Doubled(value, value, Literal(spelled)))
        invalid(f"name-escaped-{label}-doubled", provider, event_type, body, path_of(way))

    for provider, event_type in (("seatsio", "chart.created"), ("waitwhile", "visit.created"),
                                 ("eventsair", "Event.Contact.Created"), ("gatsby", "event_updated"),
                                 ("seably", "certificate.created")):
        body = full(provider, event_type)
        if event_type == "visit.created":  # the members that nest will do
            body["data"] = {name: value for name, value in body["data"].items()
                            if name in ("id", "locationId", "state") or isinstance(value, (dict, list))}
        fields = EVENTS[provider][event_type].fields("", body)
        event("full-reversed", provider, event_type, reversed_members(body),
              fields={path: value for path, value in fields.items() if value is not None})

    for provider, types in EVENTS.items():
        event_type = next(iter(types))
        body = minimal(provider, event_type)
        event("white-space", provider, event_type,
              (" \t\r\n" + json.dumps(body, indent=2).replace("\n", "\r\n\t") + "\n\n ").encode(),
              fields={path: value for path, value in EVENTS[provider][event_type].fields("", body).items()
                      if value is not None})
        member = TYPE_MEMBER[provider]
        for label, raw in {
            "truncated": write(body)[:-1], "comma-at-end": write(body)[:-1] + ",}", "two-documents": write(body) * 2,
            "text-after": write(body) + "x", "mark-before": "\ufeff" + write(body), "nul-after": write(body) + "\0",
            "single-quotes": write(body).replace('"', "'"), "not-a-number": write({**body, "x": Literal("NaN")}),
            "leading-zero": write({**body, "x": Literal("01")}), "plus": write({**body, "x": Literal("+1")}),
            "bare-point": write({**body, "x": Literal("1.")}), "control-character": write({**body, "x": Literal('"\t"')}),
            "bad-escape": write({**body, "x": Literal('"\\x41"')}), "comment": write(body) + "/**/",
            "bad-after-missing-type": '{"x":1,', "bad-after-unknown-type": f'{{"{member}":"no.such.event",',
            "bad-after-bad-member": f'{{"{member}":"{event_type}","id":[],"data":5,"payload":5,"eventId":5',
        }.items():
            if provider == "gatsby" or label == "truncated":  # JSON is the same for all
                add(f"malformed/{label}", provider, raw.encode(), "error", error="malformed_json")
        add("malformed/not-utf-8", provider, write({**body, "x": "#"}).encode().replace(b"#", b"\xff"), "error",
            error="malformed_json")


def unknown_members():
    """Members that no table has are ignored, whatever they hold."""
    extra = {
        "thirty-digits": "123456789012345678901234567890",
        "beyond-64-bits": "18446744073709551616",
        "negative": "-99999999999999999999",
        "beyond-double": "1e400",
        "below-double": "-1e-400",
        "many-digits": "3." + "1415926535" * 10,
        "null": "null",
        "objects": '{"id":null,"data":{"id":5},"type":[]}',
        "array": '[1,{"id":[]},"x",null,[true]]',
        "doubled-inside": '{"a":1,"a":2}',
    }
    places = [("seatsio", "chart.created", ()), ("waitwhile", "visit.created", ("data",)),
              ("waitwhile", "visit.updated", ("data", "location")), ("eventsair", "Event.Contact.Created", ("data",)),
              ("gatsby", "guestlist_updated", ("data",)), ("seably", "certificate.created", ("payload", "data"))]
    for index, (provider, event_type, steps) in enumerate(places):
        path = path_of(steps) or "root"
        for label, value in extra.items():
            if index == 0 or label in ("thirty-digits", "objects"):
                body, at = reach(provider, event_type, steps)
                known = EVENTS[provider][event_type].fields("", body)
                at["x"] = Literal(value)
                first = path_of(steps + (next(iter(at)),))
                event(f"{path}-extra-{label}", provider, event_type, body, fields={first: known[first]})
        body, at = reach(provider, event_type, steps)
        known = EVENTS[provider][event_type].fields("", body)
        name = next(iter(at))
        first = path_of(steps + (name,))
        at["x"] = Doubled(1, "two")
        at[""] = {}
        at[name.upper()] = []
        at[name + " "] = []
        at[name[:-1]] = []
        at[name + "\0"] = []
        event(f"{path}-extra-names", provider, event_type, body, fields={first: known[first]})
    # Members of other types of the same provider mean nothing here.
    event("foreign-member", "gatsby", "event_updated", {**minimal("gatsby", "event_updated"), "personId": 5},
          ["eventId", "data.timestamp"])
    event("foreign-member", "eventsair", "Event.Archived",
          with_member("eventsair", "Event.Archived", ("data", "contactId"), 5), ["data.eventId"])
    event("foreign-member", "waitwhile", "message.created",
          with_member("waitwhile", "message.created", ("data", "partySize"), "two"), ["data.id"])

    # 64 levels are allowed, the root's object included.
    for provider, event_type, steps, name in (
        ("seatsio", "chart.created", (), "x"),
        ("waitwhile", "visit.created", ("data",), "x"),
        ("waitwhile", "visit.created", ("data",), "resources"),
        ("waitwhile", STATUS, ("data",), "lastActive"),
        ("eventsair", "Event.Created", ("data",), "x"),
        ("gatsby", "rsvp_updated", ("data",), "x"),
        ("seably", "certificate.created", ("payload", "data"), "attributes"),
    ):
        above = len(steps) + 1
        for kind in ("array",) if steps else ("array", "object", "both"):
            path = path_of(steps + (name,))
            body, at = reach(provider, event_type, steps)
            first = next(iter(EVENTS[provider][event_type].fields("", body)))
            at[name] = nested(64 - above, kind)
            event(f"{path}-depth-64-{kind}", provider, event_type, body, [first])
            at[name] = nested(65 - above, kind)
            add(f"{alternative(event_type)}/{path}-depth-65-{kind}", provider, body, "error", error="malformed_json")
    for provider, types in EVENTS.items():
        member, event_type = TYPE_MEMBER[provider], next(iter(types))
        body = minimal(provider, event_type)
        add("malformed/depth-65-unknown-type", provider, {**body, member: "no.such.event", "x": nested(64)}, "error",
            error="malformed_json")
        add("malformed/depth-65-no-type", provider, {"x": nested(64)}, "error", error="malformed_json")
        add("type/depth-64-no-type", provider, {"x": nested(63)}, "error", error="missing_event_type")
        if provider != "eventsair":
            unknown("unknown/depth-64", provider, "no.such.event", {member: "no.such.event", "x": nested(63)})


def order_of_errors():
    """Of several bad members the first in the order of the description is named, in any order of the body."""

    def pair(name, provider, event_type, changes, path):
        for label, turn in (("", lambda value: value), ("-reversed", reversed_members)):
            body = minimal(provider, event_type)
            for member, value in changes.items():
                if value is missing:
                    del body[member]
                else:
                    body[member] = value
            invalid(f"{name}{label}", provider, event_type, turn(body), path)

    event_type = "location.removed"
    pair("two-bad-id-data", "waitwhile", event_type, {"id": 5, "data": {}}, "id")
    pair("two-bad-created-data.id", "waitwhile", event_type, {"created": "x", "data": {"id": 5}}, "created")
    event_type = "visit.created"
    pair("two-bad-id-created", "waitwhile", event_type, {"id": missing, "created": 5}, "id")
    pair("two-bad-id-accountId", "waitwhile", event_type, {"id": None, "accountId": missing}, "id")
    pair("two-bad-created-accountId", "waitwhile", event_type, {"created": "2024-05-19", "accountId": 5}, "created")
    pair("two-bad-accountId-data", "waitwhile", event_type, {"accountId": [], "data": None}, "accountId")
    pair("two-bad-created-data-missing", "waitwhile", event_type, {"created": {}, "data": missing}, "created")
    pair("two-bad-id-data-doubled", "waitwhile", event_type, {"id": 5, "data": Doubled({}, {})}, "id")
    pair("two-bad-accountId-doubled-data", "waitwhile", event_type, {"accountId": Doubled("a", "a"), "data": 5}, "accountId")
    pair("two-bad-id-doubled-created", "waitwhile", event_type, {"id": Doubled("a", "b"), "created": missing}, "id")
    pair("two-bad-id-created-doubled", "waitwhile", event_type, {"id": missing, "created": Doubled("x", "x")}, "id")
    pair("all-bad", "waitwhile", event_type, {"id": 1, "created": 2, "accountId": 3, "data": 4}, "id")
    pair("two-bad-id-data", "seatsio", "chart.created", {"id": "x", "data": {}}, "id")
    pair("two-bad-timestamp-data", "seatsio", "chart.created", {"timestamp": "x", "data": []}, "timestamp")
    pair("two-bad-eventId-data", "gatsby", "event_updated", {"eventId": 5, "data": {}}, "eventId")
    pair("two-bad-eventId-data", "gatsby", "rsvp_updated", {"eventId": missing, "data": 5}, "eventId")
    pair("two-bad-eventId-data", "gatsby", "guestlist_updated", {"eventId": None, "data": missing}, "eventId")


def check():
    """What must be true of the file, whatever the tables say."""
    assert vectors[0]["expect"] == "event"
    assert len({vector["id"] for vector in vectors}) == len(vectors), "an id stands twice"
    for vector in vectors:
        raw = base64.b64decode(vector["body_base64"], validate=True)
        if vector.get("error") != "malformed_json":
            json.loads(raw.decode(), parse_constant=lambda constant: sys.exit(f"{vector['id']}: {constant}"))
        assert ("fields" in vector) == ("alternative" in vector) == (vector["expect"] == "event")
        assert ("path" in vector) == (vector.get("error") == "invalid_payload")


def main():
    for make in (every_event_type, every_member, type_members, integers, numbers, times, texts, words, open_values,
                 containers, spelling, unknown_members, order_of_errors):
        make()
    check()
    output = "".join(json.dumps(vector, allow_nan=False, separators=(",", ":")) + "\n" for vector in vectors)
    file = pathlib.Path(__file__).with_name("provider_events.jsonl")
    if sys.argv[1:] == ["--check"]:
        sys.exit(0 if file.read_text() == output else f"{file.name} is out of date")
    file.write_text(output)


if __name__ == "__main__":
    main()
