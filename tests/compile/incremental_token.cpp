// SPDX-License-Identifier: MIT
// A token says nothing about the body.
#include <webhookpp/incremental_verifier.hpp>
#include <webhookpp/schemes/gitea.hpp>
#include <webhookpp/schemes/gitlab_token.hpp>

namespace wh = webhookpp;

#ifdef MUST_NOT_COMPILE
using verifier = wh::incremental_verifier<wh::schemes::gitlab_token>;
#else
using verifier = wh::incremental_verifier<wh::schemes::gitea>;
#endif

bool begin(const verifier& with, const wh::header_source& headers) {
    return with.begin(headers).has_value();
}
