// SPDX-License-Identifier: MIT
// Mistakes with URLs: the endpoint is configured with another one than the sender signs.
#ifndef WEBHOOKPP_DETAIL_EXPLAIN_URL_HPP
#define WEBHOOKPP_DETAIL_EXPLAIN_URL_HPP

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <webhookpp/collected_headers.hpp>
#include <webhookpp/detail/failed_delivery.hpp>
#include <webhookpp/detail/signed_url.hpp>
#include <webhookpp/explanation.hpp>
#include <webhookpp/request.hpp>

namespace webhookpp::detail {

/// Looks for the URL that the sender of one delivery has signed.
class url_mistakes {
public:
    /// The most URLs that are tried.
    static constexpr std::size_t most_urls = 96;

    url_mistakes(failed_delivery& failed, std::vector<likely_cause>& causes)
        : failed_(failed), causes_(causes) {}

    /// Adds in which parts the URL differs that the signature matches. Returns whether one does.
    [[nodiscard]] bool find() {
        // Where none is signed, it may have a token in it, which is not copied.
        if (!failed_.described().signs(content_part::kind::url)) return false;
        take_apart();
        // What differs least is likeliest.
        for (std::size_t differences = 1; differences <= parts; ++differences) {
            if (choose(0, differences)) return true;
        }
        return false;
    }

private:
    enum part : std::size_t { scheme_part, host, port, path, query, parts };

    // What may stand in a part: as it is configured first.
    struct choice {
        std::string text;
        std::string_view words = {};
    };

    void add(part in, std::string_view text, std::string_view words) {
        auto& list = choices_[in];
        const bool known = std::any_of(list.begin(), list.end(),
                                       [&](const choice& each) { return each.text == text; });
        if (!known) list.push_back({std::string(text), words});
    }

    // Host and port of `authority`, which has no scheme.
    static std::pair<std::string_view, std::string_view> split_authority(
        std::string_view authority) noexcept {
        const std::size_t colon = authority.rfind(':');
        // The colons of an IPv6 address stand in brackets.
        if (colon == std::string_view::npos ||
            authority.find(']', colon) != std::string_view::npos) {
            return {authority, {}};
        }
        return {authority.substr(0, colon), authority.substr(colon)};
    }

    void take_apart() {
        const url_parts url = split_url(failed_.options().url);
        const std::size_t colon = (std::min)(url.authority.find("://"), url.authority.size());
        const auto [name, number] =
            split_authority(url.authority.substr((std::min)(url.authority.size(), colon + 3)));
        const bool secure = url.authority.starts_with("https://");
        add(scheme_part, secure ? "https://" : "http://", {});
        add(scheme_part, secure ? "http://" : "https://",
            secure ? "http in place of https" : "https in place of http");
        add(host, name, {});
        add(port, number, {});
        add(path, url.path, {});
        add(query, url.query, {});
        add_hosts(name);
        add(port, "", "no port");
        add(port, ":443", "the port 443");
        add(port, ":80", "the port 80");
        add(port, ":8080", "the port 8080");
        add(port, ":8443", "the port 8443");
        const std::string slash = std::string(url.path) + '/';
        if (url.path.ends_with('/')) {
            add(path, url.path.substr(0, url.path.size() - 1), "no slash at the end of the path");
        } else {
            add(path, slash, "a slash at the end of the path");
        }
        const url_parts target = split_url(failed_.as_it_is().target);
        const std::string_view asked = target.path.empty() ? target.authority : target.path;
        if (asked.starts_with('/')) add(path, asked, "the path of the request");
        add(query, "", "no query");
        add(query, target.query, "the query of the request");
    }

    void add_hosts(std::string_view name) {
        std::string lower(name);
        for (char& c : lower) c = fold_ascii(c);
        add(host, lower, "the host in lower case");
        for (const std::string_view header : {"X-Forwarded-Host", "Host"}) {
            const auto [other, number] = split_authority(failed_.headers().value(header));
            if (other.empty()) continue;
            add(host, other,
                header == "Host" ? "the host of the header Host"
                                 : "the host of the header X-Forwarded-Host");
            if (!number.empty()) add(port, number, "the port of the header Host");
        }
        constexpr std::string_view www = "www.";
        if (name.starts_with(www)) {
            add(host, name.substr(www.size()), "no www. before the host");
        } else {
            add(host, std::string(www).append(name), "www. before the host");
        }
    }

    // Tries all ways to choose `differences` of the parts from `from` on in another way.
    [[nodiscard]] bool choose(std::size_t from, std::size_t differences) {
        if (differences == 0) return tries();
        for (std::size_t i = from; i + differences <= parts; ++i) {
            for (chosen_[i] = 1; chosen_[i] < choices_[i].size(); ++chosen_[i]) {
                if (choose(i + 1, differences - 1)) return true;
            }
            chosen_[i] = 0;
        }
        return false;
    }

    [[nodiscard]] bool tries() {
        if (++tried_ > most_urls) return false;
        std::string url;
        std::string words;
        for (std::size_t i = 0; i < parts; ++i) {
            const choice& each = choices_[i][chosen_[i]];
            url += each.text;
            if (chosen_[i] != 0) words.append(words.empty() ? "" : " and ").append(each.words);
        }
        trial changed = failed_.as_it_is();
        changed.url = url;
        // Where the query is that of the request, that is what changes.
        if (failed_.described().url.query_of_request) changed.target = target_of(url);
        if (!failed_.matches(changed)) return false;
        causes_.push_back(
            {cause::url_differs, "the signature matches the URL of the endpoint with " + words});
        return true;
    }

    failed_delivery& failed_;
    std::vector<likely_cause>& causes_;
    std::vector<choice> choices_[parts];
    std::size_t chosen_[parts] = {};
    std::size_t tried_ = 0;
};

}  // namespace webhookpp::detail

#endif
