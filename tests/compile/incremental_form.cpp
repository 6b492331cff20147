// SPDX-License-Identifier: MIT
// The fields of a form are sorted before they are signed.
#include <webhookpp/incremental_verifier.hpp>
#include <webhookpp/schemes/square.hpp>
#include <webhookpp/schemes/twilio.hpp>

namespace wh = webhookpp;

#ifdef MUST_NOT_COMPILE
using verifier = wh::incremental_verifier<wh::schemes::twilio>;
#else
using verifier = wh::incremental_verifier<wh::schemes::square>;
#endif

bool begin(const verifier& with, const wh::header_source& headers) {
    return with.begin(headers).has_value();
}
