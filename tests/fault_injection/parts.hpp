// SPDX-License-Identifier: MIT
// Paths that have files of their own.
#ifndef WEBHOOKPP_TESTS_FAULT_INJECTION_PARTS_HPP
#define WEBHOOKPP_TESTS_FAULT_INJECTION_PARTS_HPP

namespace fault_injection {

void try_random_numbers();
void try_identities();
void try_handshakes();
void try_explanations();
void try_memory();
void try_sqlite();

}  // namespace fault_injection

#endif
