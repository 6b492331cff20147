// SPDX-License-Identifier: MIT
// Declarations of everything that users specialise or name in their own declarations.
#ifndef WEBHOOKPP_FWD_HPP
#define WEBHOOKPP_FWD_HPP

namespace webhookpp {

struct delivery;
struct error;
struct reply;
struct scheme;
class key;
class verified_message;

// How a C++ type stands in JSON: `event.hpp`.
template <class T>
struct value_traits;

namespace json {

// Decodes with nlohmann/json: `json/nlohmann.hpp`. The default engine, always.
class nlohmann_engine;

}  // namespace json

template <class... Events>
struct catalog;

template <class Catalog, class Engine = json::nlohmann_engine>
class parser;

}  // namespace webhookpp

#endif
