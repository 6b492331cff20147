// SPDX-License-Identifier: MIT
// What is no header source says which shapes there are.
#include <webhookpp/request.hpp>

#include <map>
#include <string>

void take(const webhookpp::delivery& delivery);

void send(const std::string& body) {
#ifdef MUST_NOT_COMPILE
    const std::map<std::string, int> headers;
#else
    const std::map<std::string, std::string> headers;
#endif
    take({headers, body});
}
