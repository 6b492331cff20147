// SPDX-License-Identifier: MIT
// Bodies of events as providers send them, for what counts and measures.
#ifndef WEBHOOKPP_TESTS_SAMPLE_BODIES_HPP
#define WEBHOOKPP_TESTS_SAMPLE_BODIES_HPP

#include <cstddef>
#include <string>
#include <string_view>

/// An event of seats.io, of about 200 bytes.
inline std::string seatsio_body(std::string_view type = "chart.published") {
    return R"({"id":1467233,"type":")" + std::string(type) +
           R"(","timestamp":"2024-01-10T10:03:02.147433Z","data":{)"
           R"("workspaceKey":"5d2b1c70-8a44-4c57-9d0e-3f6a1b7c9e25",)"
           R"("key":"e2f0a9b4-17c3-4d68-b5aa-90c4d1e7f836"}})";
}

/// A visit as in the provider's examples, with a number of answers, and as many ids and tags: about
/// 1 KiB with one of them, without notes.
inline std::string waitwhile_body(std::size_t count, std::string_view notes = {}) {
    const auto list = [count](std::string_view before, std::string_view after) {
        std::string text;
        for (std::size_t i = 0; i < count; ++i) {
            if (i != 0) text += ',';
            text.append(before).append(std::to_string(10 + i)).append(after);
        }
        return text;
    };
    return R"({"id":"evtQ7hX2mVd9sKp4RtYw","created":"2024-05-19T14:06:11.923Z",)"
           R"("accountId":"accB3nL8cJf5zGu1HxEa","type":"visit.created","data":{)"
           R"("id":"visT6kD0yWq7iOv2NbSm","locationId":"locM9rC4gPj1eUl8FzXh",)"
           R"("state":"WAITING","customerId":"cusK5wA3tIy0oBn7QdVs","firstName":"Alex",)"
           R"("lastName":"Example","phone":"","name":"Alex Example","externalCustomerId":"",)"
           R"("notes":")" +
           std::string(notes) +
           R"(","publicId":"visT6k","isAnonymized":false,)"
           R"("created":"2024-05-19T14:06:11.638Z","createdBy":"usrP2jH6","updated":)"
           R"("2024-05-19T14:06:11.638Z","updatedBy":"usrP2jH6","remoteIp":"","country":"US",)"
           R"("region":"ny","city":"new york","isBlock":false,"source":"WEB-APP",)"
           R"("locale":null,"partySize":1,"resourceIds":[)" +
           list(R"("resG8xE1uZk6mRc3Wt)", R"(")") + R"(],"serviceIds":[)" +
           list(R"("svcL0vF9aNh4sYp5Jd)", R"(")") + R"(],"dataFields":[)" +
           list(R"({"id":"fldO7bQ2iCg8wXe1Kr)",
                R"(","name":"Reason","inputType":"TEXT","values":["a parcel"]})") +
           R"(],"tags":[)" + list(R"("tag )", R"(")") +
           R"(],"waitlistTime":"2024-05-19T14:06:11.638Z","serveTime":null,)"
           R"("completedTime":null,"estWaitDuration":368,"position":5,)"
           R"("lastWaitingPosition":5,"originalPosition":5,"ticket":"A001","numVisits":1,)"
           R"("originalEstWaitDuration":368}})";
}

#endif
