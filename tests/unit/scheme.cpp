#include <webhookpp/scheme.hpp>

#include <string>

#include <webhookpp/schemes/standard_webhooks.hpp>

#include "../catch.hpp"

namespace wh = webhookpp;
namespace schemes = wh::schemes;

namespace {

// What is wrong with a scheme that is made at run time; empty if nothing is. A `constexpr` one with
// the same mistake does not compile.
template <class Make>
std::string mistake_in(Make make) {
    try {
        static_cast<void>(make());
        return {};
    } catch (const wh::exception& e) {
        return std::string(e.error().where);
    }
}

const wh::signature_source signature{.header = "X-Signature",
                                     .versions = {{"v1", schemes::hmac_sha256}}};

}  // namespace

TEST_CASE("a scheme that contradicts itself is refused with the reason") {
    using schemes::body;
    using schemes::id;
    using schemes::timestamp;
    CHECK(mistake_in([] {
              return wh::scheme{.name = "good", .content = {body}, .signature = signature};
          }).empty());
    CHECK(mistake_in([] {
              return wh::scheme{.name = "", .content = {body}, .signature = signature};
          }) == "the scheme has no .name");
    CHECK(mistake_in([] {
              return wh::scheme{.name = "x", .content = {"a"}, .signature = signature};
          }) == "the .content has to sign the body, once");
    CHECK(mistake_in([] {
              return wh::scheme{.name = "x", .content = {id, body}, .signature = signature};
          }) == "the .content signs an id, but .id does not say where it stands");
    CHECK(mistake_in([] {
              return wh::scheme{.name = "x", .content = {timestamp, body}, .signature = signature};
          }) == "the .content signs a timestamp, but .timestamp does not say where it stands");
    CHECK(mistake_in([] {
              return wh::scheme{.name = "x",
                                .content = {body},
                                .signature = signature,
                                .timestamp = {.header = "X-Time"}};
          }) == "the .timestamp is not part of the .content: what is not signed proves nothing");
    CHECK(mistake_in([] { return wh::scheme{.name = "x", .content = {body}, .signature = {}}; }) ==
          "the .signature stands nowhere: in a .header, .query member or at .end_of_path");
    CHECK(mistake_in([] {
              return wh::scheme{.name = "x",
                                .content = {timestamp, body},
                                .signature = signature,
                                .timestamp = {.header = {"X-Time", "Y-Time"}}};
          }) == "all headers need the same number of names");
    CHECK(mistake_in([] {
              return wh::scheme{.name = "x",
                                .content = {timestamp, body},
                                .signature = signature,
                                .timestamp = {.header = ""}};
          }) == "a header has an empty name");
    CHECK(mistake_in([] {
              return wh::scheme{.name = "x",
                                .content = {body},
                                .signature = {.header = "X",
                                              .versions = {{"v1", schemes::hmac_sha256},
                                                           {"v1", schemes::ed25519}}}};
          }) == "two .versions of the .signature have the same label");
}

TEST_CASE("Standard Webhooks is described as the specification says") {
    const wh::scheme& scheme = schemes::standard_webhooks;
    CHECK(scheme.name == "standard_webhooks");
    CHECK(scheme.content.count == 5);
    CHECK(scheme.tolerance == wh::tolerance{wh::seconds(300), wh::seconds(300)});
}
