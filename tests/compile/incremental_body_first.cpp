// SPDX-License-Identifier: MIT
// What is signed before the body has to be there before the body, and nothing may come after it.
#include <webhookpp/incremental_verifier.hpp>
#include <webhookpp/schemes/box.hpp>
#include <webhookpp/schemes/zendesk.hpp>

namespace wh = webhookpp;

#ifdef MUST_NOT_COMPILE
using verifier = wh::incremental_verifier<wh::schemes::box>;
#else
using verifier = wh::incremental_verifier<wh::schemes::zendesk>;
#endif

bool begin(const verifier& with, const wh::header_source& headers) {
    return with.begin(headers).has_value();
}
