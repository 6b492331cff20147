// SPDX-License-Identifier: MIT
// Forms, queries and URLs with percent-encoding: the same fields in the same order as a slow reader
// finds them.
#include <webhookpp/detail/form_fields.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <webhookpp/detail/signed_url.hpp>

#include "../mutations/choices.hpp"
#include "../reference/forms.hpp"
#include "harness.hpp"

namespace wh = webhookpp;

std::vector<std::string_view> fuzz::faults() {
    return {"plus_for_itself", "one_field_too_many", "first_of_several_members", "decoded_twice"};
}

void fuzz::try_input(input bytes) {
    mutations::choices chosen(bytes);
    static constexpr std::size_t limits[] = {1000, 0, 1, 2, 3};
    static constexpr std::string_view decoded[] = {"", ":/?@!$'()*,;", "%", "a"};
    const std::size_t limit = chosen.one_of(limits);
    const std::string_view characters = chosen.one_of(decoded);
    const std::string text = chosen.rest();

    std::string shown = text;
    if (is_planted("plus_for_itself")) std::replace(shown.begin(), shown.end(), '+', '*');
    wh::detail::byte_buffer<16> fields;
    const auto good = wh::detail::append_sorted_fields(
        fields, shown, limit + (is_planted("one_field_too_many") ? 1 : 0));
    const auto expected = reference::sorted_fields(text, limit);
    require(good.has_value() == expected.has_value(), "a form is taken, or refused, that is not");
    require(good || good.error().code == wh::errc::body_too_large,
            "it is refused for a wrong cause");
    require(!good || fields.view() == *expected, "other fields are signed, or in another order");

    const auto values = reference::query_values(text, "a");
    const bool first = is_planted("first_of_several_members") && !values.empty();
    require((first ? values[0] : wh::detail::query_member(text, "a")) ==
                (values.size() == 1 ? values[0] : ""),
            "another member of the query is found");

    wh::detail::byte_buffer<16> url;
    require(wh::detail::append_with_decoded(url, text, characters), "there is no memory");
    if (is_planted("decoded_twice")) {
        const std::string once(url.view());
        url.clear();
        require(wh::detail::append_with_decoded(url, once, characters), "there is no memory");
    }
    require(url.view() == reference::percent_decoded(text,
                                                     [characters](char byte) {
                                                         return characters.find(byte) !=
                                                                std::string_view::npos;
                                                     }),
            "other characters of a URL are decoded");
}
