// SPDX-License-Identifier: MIT
#include <webhookpp/error.hpp>

#include <set>
#include <string>

#include "../catch.hpp"

namespace wh = webhookpp;
using wh::errc;

TEST_CASE("names, numbers and statuses of errors are the published ones") {
    struct row {
        errc code;
        int number;
        const char* name;
        int status;
    };
    const row table[] = {
        {errc::missing_header, 1, "missing_header", 401},
        {errc::duplicate_header, 2, "duplicate_header", 401},
        {errc::invalid_header, 3, "invalid_header", 401},
        {errc::invalid_id, 4, "invalid_id", 401},
        {errc::invalid_timestamp, 5, "invalid_timestamp", 401},
        {errc::no_supported_signature, 6, "no_supported_signature", 401},
        {errc::too_many_signatures, 7, "too_many_signatures", 401},
        {errc::signature_mismatch, 8, "signature_mismatch", 401},
        {errc::timestamp_too_old, 9, "timestamp_too_old", 401},
        {errc::timestamp_too_new, 10, "timestamp_too_new", 401},
        {errc::body_too_large, 20, "body_too_large", 413},
        {errc::header_too_large, 21, "header_too_large", 413},
        {errc::malformed_json, 30, "malformed_json", 400},
        {errc::missing_event_type, 31, "missing_event_type", 400},
        {errc::invalid_payload, 32, "invalid_payload", 400},
        {errc::handler_failed, 40, "handler_failed", 500},
        {errc::store_unavailable, 50, "store_unavailable", 503},
        {errc::overloaded, 51, "overloaded", 503},
        {errc::in_progress, 52, "in_progress", 503},
        {errc::shutting_down, 53, "shutting_down", 503},
        {errc::internal_error, 54, "internal_error", 503},
        {errc::empty_key, 60, "empty_key", 503},
        {errc::key_whitespace, 61, "key_whitespace", 503},
        {errc::key_wrong_prefix, 62, "key_wrong_prefix", 503},
        {errc::key_bad_encoding, 63, "key_bad_encoding", 503},
        {errc::key_wrong_length, 64, "key_wrong_length", 503},
        {errc::key_weak, 65, "key_weak", 503},
        {errc::too_many_keys, 66, "too_many_keys", 503},
        {errc::unknown_scheme, 67, "unknown_scheme", 503},
        {errc::invalid_url, 68, "invalid_url", 503},
        {errc::invalid_option, 69, "invalid_option", 503},
    };
    std::set<std::string> known;
    for (const row& each : table) {
        CHECK(static_cast<int>(each.code) == each.number);
        CHECK(name(each.code) == each.name);
        CHECK(http_status(each.code) == each.status);
        known.insert(each.name);
    }
    // No number has a name that the table above does not publish.
    for (int number = 0; number < 256; ++number) {
        const std::string text(name(static_cast<errc>(number)));
        CHECK((text == "unknown_error" || known.count(text) == 1));
    }
}

TEST_CASE("fixed text cuts off what does not fit") {
    wh::fixed_text<4> text = "abc";
    CHECK(text == "abc");
    text.append("def");
    CHECK(text == "abcd");
    CHECK(wh::fixed_text<4>(text) == text);
    text = wh::fixed_text<4>();
    CHECK(text.empty());
}
