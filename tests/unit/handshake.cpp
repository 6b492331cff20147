// SPDX-License-Identifier: MIT
#include <webhookpp/handshake.hpp>

#include <string>

#include <webhookpp/handshakes/asana.hpp>
#include <webhookpp/handshakes/discord.hpp>
#include <webhookpp/handshakes/dropbox.hpp>
#include <webhookpp/handshakes/meta.hpp>
#include <webhookpp/handshakes/notion.hpp>
#include <webhookpp/handshakes/slack.hpp>
#include <webhookpp/handshakes/twitch.hpp>
#include <webhookpp/handshakes/zoom.hpp>
#include <webhookpp/schemes/github.hpp>

#include "../catch.hpp"
#include "../mistake.hpp"

namespace wh = webhookpp;
using namespace wh::handshakes;
using proof = wh::handshake_proof;

namespace {

std::string mistake_with(proof shown, wh::handshake_field marker, wh::handshake_field text,
                         wh::handshake_field token = {}, const wh::scheme* signed_by = nullptr) {
    return mistake_in([&] {
        return wh::handshake{.name = "x",
                             .proof = shown,
                             .marker = {.field = marker},
                             .token = token,
                             .challenge = text,
                             .answer = {.body = {challenge}},
                             .signed_with_secret = signed_by};
    });
}

}  // namespace

TEST_CASE("an answer with a MAC has the challenge in it") {
    using part = wh::answer_part::kind;
    CHECK(wh::handshake_answer{.body = {{part::mac}}}.has_challenge());
    CHECK(wh::handshake_answer{.body = {"{", challenge}}.has_challenge());
    CHECK_FALSE(wh::handshake_answer{.body = {"ok"}}.has_challenge());
    CHECK_FALSE(wh::handshake_answer{.body = {challenge}}.has_mac());
}

TEST_CASE("all handshakes pass at run time what they passed when they were compiled") {
    for (const wh::handshake* const each :
         {&asana, &discord, &dropbox, &meta, &notion, &slack, &twitch, &zoom}) {
        INFO(each->name);
        CHECK(mistake_in([&] { return wh::detail::handshake_check(*each); }).empty());
    }
}

TEST_CASE("a handshake has a name, something that tells it from an event, and what it answers") {
    const auto marker = in_body("type");
    CHECK(mistake_in([&] {
              return wh::handshake{.name = "x", .marker = {.field = marker}};
          }).empty());
    CHECK(mistake_in([&] { return wh::handshake{.name = "", .marker = {.field = marker}}; }) ==
          "the handshake has no .name");
    CHECK(mistake_in([] { return wh::handshake{.name = "x"}; }) ==
          "no .marker tells the handshake from an event");
    CHECK(mistake_in([&] {
              return wh::handshake{.name = "x", .marker = {.field = marker, .number = 1}};
          }).empty());
    CHECK(mistake_in([] {
              return wh::handshake{.name = "x", .marker = {.field = in_header("T"), .number = 1}};
          }) == "the .marker is a number only in the body");
    const std::string nowhere =
        "the .answer has a challenge, but .challenge does not say where it stands";
    CHECK(mistake_in([&] {
              return wh::handshake{
                  .name = "x", .marker = {.field = marker}, .answer = {.body = {challenge}}};
          }) == nowhere);
    CHECK(mistake_in([&] {
              return wh::handshake{
                  .name = "x", .marker = {.field = marker}, .answer = {.header = "X-Answer"}};
          }) == nowhere);
    CHECK(mistake_in([&] {
              return wh::handshake{
                  .name = "x", .marker = {.field = marker}, .answer = {.body = {"ok"}}};
          }).empty());
}

TEST_CASE("a MAC is made for handshakes that are signed") {
    const auto with = [](proof shown, wh::handshake_field at) {
        return mistake_in([&] {
            return wh::handshake{.name = "x",
                                 .proof = shown,
                                 .marker = {.field = at},
                                 .challenge = at,
                                 .answer = {.body = {mac}}};
        });
    };
    const std::string others =
        "a MAC is made for handshakes that are signed: others could ask for any signature";
    CHECK(with(proof::signature, in_body("c")).empty());
    CHECK(with(proof::nothing, in_query("c")) == others);
    CHECK(with(proof::token, in_query("c")) == others);
    CHECK(with(proof::registration, in_body("c")) == others);
}

TEST_CASE("a signed handshake has what is read in what is signed, and in no query") {
    CHECK(mistake_with(proof::signature, in_body("t"), in_body("c")).empty());
    CHECK(mistake_with(proof::signature, in_header("T"), in_body("c")).empty());
    CHECK(mistake_with(proof::signature, in_query("t"), in_body("c")) ==
          "a signed handshake is no query: none is signed");
    const std::string in_the_body =
        "the .challenge of a signed handshake stands in the body, which is signed";
    CHECK(mistake_with(proof::signature, in_body("t"), in_query("c")) == in_the_body);
    CHECK(mistake_with(proof::signature, in_body("t"), in_header("C")) == in_the_body);
}

TEST_CASE("a handshake that is not signed stands in the query, with its token if it has one") {
    CHECK(mistake_with(proof::nothing, in_query("c"), in_query("c")).empty());
    CHECK(mistake_with(proof::token, in_query("m"), in_query("c"), in_query("t")).empty());
    const std::string in_the_query = "a handshake that is not signed stands in the query";
    CHECK(mistake_with(proof::nothing, in_body("m"), in_query("c")) == in_the_query);
    CHECK(mistake_with(proof::nothing, in_query("m"), in_body("c")) == in_the_query);
    CHECK(mistake_with(proof::token, in_header("m"), in_query("c"), in_query("t")) == in_the_query);
    const std::string or_none = "a .token in the query is the .proof, or there is none";
    CHECK(mistake_with(proof::token, in_query("m"), in_query("c")) == or_none);
    CHECK(mistake_with(proof::token, in_query("m"), in_query("c"), in_body("t")) == or_none);
    CHECK(mistake_with(proof::nothing, in_query("m"), in_query("c"), in_query("t")) == or_none);
    CHECK(mistake_with(proof::signature, in_body("m"), in_body("c"), in_query("t")) == or_none);
}

TEST_CASE("a registration brings its secret where its marker is, and in no query") {
    CHECK(mistake_with(proof::registration, in_body("s"), in_body("s")).empty());
    CHECK(mistake_with(proof::registration, in_header("S"), in_header("S")).empty());
    CHECK(mistake_with(proof::registration, in_query("s"), in_query("s")) ==
          "secrets in a query end up in access logs");
    const std::string marker = "the .challenge of a registration is the secret that is its .marker";
    CHECK(mistake_with(proof::registration, in_body("s"), in_body("t")) == marker);
    CHECK(mistake_with(proof::registration, in_body("s"), in_header("s")) == marker);
    const wh::scheme* const github = &wh::schemes::github;
    CHECK(mistake_with(proof::registration, in_body("s"), in_body("s"), {}, github).empty());
    CHECK(mistake_with(proof::signature, in_body("s"), in_body("s"), {}, github) ==
          "only a registration brings a secret to be .signed_with_secret");
}
