# SPDX-License-Identifier: MIT
# Runs PROGRAM; what it prints has to be the text of the file EXPECTED.
execute_process(COMMAND ${PROGRAM} OUTPUT_VARIABLE printed RESULT_VARIABLE status TIMEOUT 20)
file(READ ${EXPECTED} expected)
if(NOT status EQUAL 0 OR NOT printed STREQUAL expected)
  message(FATAL_ERROR "exit status ${status}, printed:\n${printed}")
endif()
