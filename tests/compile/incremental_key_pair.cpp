// SPDX-License-Identifier: MIT
// A signature by a key pair needs the whole body.
#include <webhookpp/incremental_verifier.hpp>
#include <webhookpp/schemes/discord.hpp>
#include <webhookpp/schemes/slack.hpp>

namespace wh = webhookpp;

#ifdef MUST_NOT_COMPILE
using verifier = wh::incremental_verifier<wh::schemes::discord>;
#else
using verifier = wh::incremental_verifier<wh::schemes::slack>;
#endif

bool begin(const verifier& with, const wh::header_source& headers) {
    return with.begin(headers).has_value();
}
