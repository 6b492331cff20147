# SPDX-License-Identifier: MIT
# Sets POSTGRES_PROGRAMS to the directory of PostgreSQL's server, for those who start one of their
# own, if it is installed. Debian keeps it out of PATH, where wrappers of others may be.
file(GLOB postgres_directories /usr/lib/postgresql/*/bin)
find_program(POSTGRES postgres HINTS ${postgres_directories})
if(POSTGRES)
  cmake_path(GET POSTGRES PARENT_PATH POSTGRES_PROGRAMS)
endif()
