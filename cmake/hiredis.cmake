# SPDX-License-Identifier: MIT
# Defines webhookpp::hiredis if there is hiredis 0.14 or newer: from its CMake package, which came
# with 1.0, or else from pkg-config. Used to build this project, and installed with it.
find_package(hiredis CONFIG QUIET)
if(TARGET hiredis::hiredis)
  add_library(webhookpp::hiredis INTERFACE IMPORTED)
  target_link_libraries(webhookpp::hiredis INTERFACE hiredis::hiredis)
else()
  find_package(PkgConfig QUIET)
  if(PkgConfig_FOUND)
    pkg_check_modules(webhookpp_hiredis QUIET IMPORTED_TARGET hiredis>=0.14)
  endif()
  if(TARGET PkgConfig::webhookpp_hiredis)
    add_library(webhookpp::hiredis INTERFACE IMPORTED)
    target_link_libraries(webhookpp::hiredis INTERFACE PkgConfig::webhookpp_hiredis)
    # Headers are included as <hiredis/...>, and some versions name only the directory within.
    target_include_directories(webhookpp::hiredis INTERFACE ${webhookpp_hiredis_INCLUDEDIR})
  endif()
endif()
