// What the benchmarks are fed with: requests as a server hands them over.
#ifndef WEBHOOKPP_BENCH_SAMPLES_HPP
#define WEBHOOKPP_BENCH_SAMPLES_HPP

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using header_list = std::vector<std::pair<std::string, std::string>>;

/// The headers of any delivery: seven that are of no account to a verifier.
inline header_list usual_headers(std::size_t body_size,
                                 const char* content_type = "application/json") {
    return {{"Host", "hooks.example.com"},
            {"User-Agent", "Svix-Webhooks/1.24.0 (sender-9YMgn; +https://www.svix.com)"},
            {"Content-Type", content_type},
            {"Content-Length", std::to_string(body_size)},
            {"Accept", "*/*"},
            {"X-Forwarded-For", "203.0.113.7"},
            {"X-Request-Id", "7b1c8a0e5f2d4c6b9a3e1d0f8c7b6a59"}};
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
