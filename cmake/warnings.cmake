# SPDX-License-Identifier: MIT
# For the programs and tests of this repository only: consumers choose their own warnings.
option(WEBHOOKPP_WARNINGS_AS_ERRORS "Treat warnings as errors" OFF)

add_library(webhookpp_warnings INTERFACE)
target_compile_options(webhookpp_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow
  $<$<BOOL:${WEBHOOKPP_WARNINGS_AS_ERRORS}>:-Werror>)
