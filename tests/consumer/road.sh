# SPDX-License-Identifier: MIT
# What the roads have in common; each script includes it. They all begin with nothing: they make a
# directory for the time that they run, install into it where that is asked for, build a program
# that verifies a vector, and run it.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source_dir=$(cd "$here/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cxx=${CXX:-g++}

all_options=(-DWEBHOOKPP_SIMDJSON=ON -DWEBHOOKPP_SQLITE=ON -DWEBHOOKPP_POSTGRES=ON
  -DWEBHOOKPP_REDIS=ON)

warnings=(-Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror)

fail() { echo "$*" >&2; exit 1; }

# Runs a command, and shows what it wrote only if it fails.
quietly() { "$@" >"$work/log" 2>&1 || { cat "$work/log" >&2; fail "failed: $*"; }; }

# install_to PREFIX [OPTION...]: installs webhookpp.
install_to() {
  rm -rf "$work/build"
  quietly cmake -S "$source_dir" -B "$work/build" -G Ninja "${@:2}"
  quietly cmake --install "$work/build" --prefix "$1"
}

# build_and_run OPTION...: builds the project here with CMake, and runs its programs.
build_and_run() {
  quietly cmake -S "$here" -B "$work/consumer" -G Ninja -DCMAKE_CXX_COMPILER="$cxx" "$@"
  quietly cmake --build "$work/consumer"
  (cd "$work/consumer" && ctest --output-on-failure --no-tests=error)
}

# include_all COMPONENT...: the lines that include all of their headers.
include_all() {
  local component
  for component; do
    sed -n "/^set(webhookpp_${component}_headers/,/)/s|^  \(.*[.]hpp\).*|#include <webhookpp/\1>|p" \
      "$source_dir/cmake/headers.cmake"
  done
}
