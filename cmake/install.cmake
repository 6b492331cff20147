# SPDX-License-Identifier: MIT
# Installs headers, CMake's package and pkg-config's files: for each component one export file, so
# that who asks for one needs nothing of the others.
include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

# Some package builders give absolute directories. Within the prefix they are taken for relative ones,
# since the installed tree can be moved.
foreach(directory IN ITEMS INCLUDEDIR DATAROOTDIR)
  set(${directory} "${CMAKE_INSTALL_${directory}}")
  if(IS_ABSOLUTE "${${directory}}")
    file(RELATIVE_PATH ${directory} "${CMAKE_INSTALL_PREFIX}" "${${directory}}")
  endif()
  if("${${directory}}" MATCHES "^\\.\\.")
    message(FATAL_ERROR "CMAKE_INSTALL_${directory} has to be within the prefix")
  endif()
endforeach()

# Nothing of it depends on the processor.
set(package_dir ${DATAROOTDIR}/cmake/webhookpp)
set(pkgconfig_dir ${DATAROOTDIR}/pkgconfig)

# The prefix as seen from pkg-config's files.
file(RELATIVE_PATH pkgconfig_to_prefix /prefix/${pkgconfig_dir} /prefix)
string(REGEX REPLACE "/$" "" pkgconfig_to_prefix ${pkgconfig_to_prefix})

# Installs one target with its headers. `requires` are the packages that its pkg-config file names,
# `libs` the flags beside theirs.
function(webhookpp_install component description requires libs)
  target_include_directories(webhookpp_${component} INTERFACE $<INSTALL_INTERFACE:${INCLUDEDIR}>)
  install(TARGETS webhookpp_${component} EXPORT webhookpp-${component}
    FILE_SET HEADERS DESTINATION ${INCLUDEDIR})
  install(EXPORT webhookpp-${component} FILE webhookpp-${component}.cmake
    NAMESPACE webhookpp:: DESTINATION ${package_dir})

  set(name webhookpp-${component})
  if(component STREQUAL "webhookpp")
    set(name webhookpp)
  endif()
  configure_file(cmake/webhookpp.pc.in ${PROJECT_BINARY_DIR}/${name}.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/${name}.pc DESTINATION ${pkgconfig_dir})
endfunction()

webhookpp_install(core "verification and signing of webhooks" "libcrypto >= 3.0" "")
webhookpp_install(webhookpp "typed webhooks"
  "webhookpp-core = ${PROJECT_VERSION}, nlohmann_json >= 3.10" "")
webhookpp_install(testing "signed webhooks for tests" "webhookpp-core = ${PROJECT_VERSION}" "")
if(WEBHOOKPP_SIMDJSON)
  webhookpp_install(simdjson "webhooks decoded with simdjson"
    "webhookpp = ${PROJECT_VERSION}, simdjson >= 3.0" "")
endif()
if(WEBHOOKPP_SQLITE)
  webhookpp_install(sqlite "webhooks stored in SQLite"
    "webhookpp-core = ${PROJECT_VERSION}, sqlite3 >= 3.37" "-pthread")
endif()
if(WEBHOOKPP_POSTGRES)
  webhookpp_install(postgres "webhooks stored in PostgreSQL"
    "webhookpp-core = ${PROJECT_VERSION}, libpq >= 14" "")
endif()
if(WEBHOOKPP_REDIS)
  install(FILES cmake/hiredis.cmake DESTINATION ${package_dir})
  webhookpp_install(redis "webhooks remembered in Redis"
    "webhookpp-core = ${PROJECT_VERSION}, hiredis >= 0.14" "")
endif()

configure_package_config_file(cmake/webhookpp-config.cmake.in
  ${PROJECT_BINARY_DIR}/webhookpp-config.cmake INSTALL_DESTINATION ${package_dir}
  NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/webhookpp-config-version.cmake
  COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(FILES
  ${PROJECT_BINARY_DIR}/webhookpp-config.cmake
  ${PROJECT_BINARY_DIR}/webhookpp-config-version.cmake
  DESTINATION ${package_dir})
