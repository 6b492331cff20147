// SPDX-License-Identifier: MIT
// Registrations alone; with receivers: handshakes.cpp.
#include <webhookpp/registration.hpp>

#include <string>

#include <webhookpp/testing/manual_clock.hpp>

#include "../catch.hpp"

namespace wh = webhookpp;
using wh::errc;

namespace {

struct opened {
    wh::testing::manual_clock clock;
    wh::registration setup{clock};
    std::string got;

    void open(std::int64_t lasting, const std::string& mark) {
        setup.open(wh::seconds(lasting), [this, mark](const wh::key&) { got += mark; });
    }
    errc refusal() { return setup.take(secret).error().code; }

    const wh::key secret = wh::key::from_text("a-secret");
};

}  // namespace

TEST_CASE_METHOD(opened,
                 "a registration takes one secret until its deadline, and the last second") {
    CHECK_FALSE(setup.is_open());
    CHECK(refusal() == errc::no_supported_signature);
    open(10, "a");
    clock.advance(10'000);
    CHECK(setup.is_open());
    CHECK(setup.take(secret));
    CHECK(got == "a");
    CHECK_FALSE(setup.is_open());
    CHECK(refusal() == errc::no_supported_signature);

    open(10, "b");
    clock.advance(11'000);
    CHECK_FALSE(setup.is_open());
    CHECK(refusal() == errc::no_supported_signature);
    open(10, "c");
    setup.close();
    CHECK(refusal() == errc::no_supported_signature);
    open(-1, "d");
    CHECK(refusal() == errc::no_supported_signature);
    CHECK(got == "a");
    open(0, "e");
    CHECK(setup.take(secret));
    CHECK(got == "ae");
}

TEST_CASE_METHOD(opened, "no registration is open for longer than a day") {
    open(INT64_MAX, "a");
    clock.advance(wh::registration::longest.count() * 1'000);
    CHECK(setup.is_open());
    clock.advance(1'000);
    CHECK_FALSE(setup.is_open());
}

TEST_CASE_METHOD(opened, "who throws gets the next secret, unless it was opened or closed since") {
    setup.open(wh::seconds(10), [this](const wh::key&) {
        got += "a";
        throw 7;
    });
    for (int i = 0; i < 2; ++i) CHECK(refusal() == errc::handler_failed);
    CHECK(got == "aa");
    CHECK(setup.is_open());

    setup.open(wh::seconds(10), [this](const wh::key&) {
        open(10, "b");
        throw 7;
    });
    CHECK(refusal() == errc::handler_failed);
    CHECK(setup.take(secret));
    CHECK(got == "aab");

    setup.open(wh::seconds(10), [this](const wh::key&) {
        setup.close();
        throw 7;
    });
    CHECK(refusal() == errc::handler_failed);
    CHECK_FALSE(setup.is_open());
}
