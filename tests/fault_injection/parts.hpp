// SPDX-License-Identifier: MIT
// Paths that have files of their own.
#ifndef WEBHOOKPP_TESTS_FAULT_INJECTION_PARTS_HPP
#define WEBHOOKPP_TESTS_FAULT_INJECTION_PARTS_HPP

namespace fault_injection {

void try_handshakes();
void try_explanations();

}  // namespace fault_injection

#endif
