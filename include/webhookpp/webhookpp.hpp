// SPDX-License-Identifier: MIT
// Everything that a receiver needs: verification, typed events with nlohmann/json, the receiver.
// Providers are included one by one, from webhookpp/providers/.
#ifndef WEBHOOKPP_WEBHOOKPP_HPP
#define WEBHOOKPP_WEBHOOKPP_HPP

#include <webhookpp/bearer.hpp>
#include <webhookpp/bounded_body.hpp>
#include <webhookpp/catalog.hpp>
#include <webhookpp/check_age.hpp>
#include <webhookpp/clock.hpp>
#include <webhookpp/collected_headers.hpp>
#include <webhookpp/crypto/key.hpp>
#include <webhookpp/error.hpp>
#include <webhookpp/event.hpp>
#include <webhookpp/handlers.hpp>
#include <webhookpp/json/nlohmann.hpp>
#include <webhookpp/parser.hpp>
#include <webhookpp/receiver.hpp>
#include <webhookpp/reply.hpp>
#include <webhookpp/request.hpp>
#include <webhookpp/result.hpp>
#include <webhookpp/scheme.hpp>
#include <webhookpp/schemes/basic_auth.hpp>
#include <webhookpp/schemes/bearer_token.hpp>
#include <webhookpp/schemes/shared_token.hpp>
#include <webhookpp/schemes/standard_webhooks.hpp>
#include <webhookpp/schemes/url_token.hpp>
#include <webhookpp/schemes/waitwhile.hpp>
#include <webhookpp/sign.hpp>
#include <webhookpp/timestamp.hpp>
#include <webhookpp/tolerance.hpp>
#include <webhookpp/verified_message.hpp>
#include <webhookpp/verifier.hpp>
#include <webhookpp/version.hpp>

#endif
