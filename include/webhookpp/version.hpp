// SPDX-License-Identifier: MIT
// The version of the library, and the only place where it is written.
#ifndef WEBHOOKPP_VERSION_HPP
#define WEBHOOKPP_VERSION_HPP

#define WEBHOOKPP_VERSION_MAJOR 0
#define WEBHOOKPP_VERSION_MINOR 1
#define WEBHOOKPP_VERSION_PATCH 0
#define WEBHOOKPP_VERSION_STRING "0.1.0"

#endif
