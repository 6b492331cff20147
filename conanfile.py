# SPDX-License-Identifier: MIT
# The recipe for Conan 2: `conan create . --build=missing` packages this checkout, and tests the
# package.
import os
import re

from conan import ConanFile
from conan.errors import ConanInvalidConfiguration
from conan.tools.build import check_min_cppstd
from conan.tools.files import copy, load
from conan.tools.layout import basic_layout

required_conan_version = ">=2.3"


class WebhookppConan(ConanFile):
    name = "webhookpp"
    description = "Header-only C++20 library for programs that receive webhooks"
    license = "MIT"
    topics = ("webhooks", "hmac", "signature", "http", "json", "header-only")
    package_type = "header-library"
    settings = "os", "arch", "compiler", "build_type"
    options = {
        "simdjson": [True, False],
        "sqlite": [True, False],
        "postgres": [True, False],
        "redis": [True, False],
    }
    default_options = {
        "simdjson": False,
        "sqlite": False,
        "postgres": False,
        "redis": False,
    }
    exports_sources = "include/*", "LICENSE"
    no_copy_source = True
    test_package_folder = "packaging/conan/test_package"

    def set_version(self):
        header = load(self, os.path.join(self.recipe_folder, "include/webhookpp/version.hpp"))
        self.version = re.search(r'WEBHOOKPP_VERSION_STRING "([^"]+)"', header).group(1)

    def layout(self):
        basic_layout(self)

    def requirements(self):
        self.requires("openssl/[>=3.0 <4]")
        self.requires("nlohmann_json/[>=3.10 <4]")
        if self.options.simdjson:
            self.requires("simdjson/[>=3.0 <5]")
        if self.options.sqlite:
            self.requires("sqlite3/[>=3.37 <4]")
        if self.options.postgres:
            self.requires("libpq/[>=14]")
        if self.options.redis:
            self.requires("hiredis/[>=0.14 <2]")

    def validate(self):
        check_min_cppstd(self, 20)
        if self.settings.os == "Windows" and (self.options.postgres or self.options.redis):
            raise ConanInvalidConfiguration("the stores in PostgreSQL and Redis wait with poll(), "
                                            "which Windows does not have")

    def package_id(self):
        self.info.clear()

    def package(self):
        # There is one package for all options, so it has the headers of all.
        copy(self, "LICENSE", self.source_folder, os.path.join(self.package_folder, "licenses"))
        copy(self, "*.hpp", os.path.join(self.source_folder, "include"),
             os.path.join(self.package_folder, "include"))

    def package_info(self):
        self.cpp_info.set_property("cmake_file_name", "webhookpp")
        self.cpp_info.set_property("cmake_config_version_compat", "SameMinorVersion")
        # What stands for the whole package would else have the names of its component webhookpp.
        self.cpp_info.set_property("cmake_target_name", "webhookpp::all")
        self.cpp_info.set_property("pkg_config_name", "webhookpp-all")

        self._component("core", ["openssl::crypto"])
        self._component("webhookpp", ["core", "nlohmann_json::nlohmann_json"])
        self._component("testing", ["core"])
        if self.options.simdjson:
            self._component("simdjson", ["webhookpp", "simdjson::simdjson"])
        if self.options.sqlite:
            sqlite = self._component("sqlite", ["core", "sqlite3::sqlite3"])
            if self.settings.os in ["Linux", "FreeBSD"]:
                sqlite.system_libs = ["pthread"]
        if self.options.postgres:
            self._component("postgres", ["core", "libpq::libpq"])
        if self.options.redis:
            self._component("redis", ["core", "hiredis::hiredis"])

    def _component(self, name, requires):
        component = self.cpp_info.components[name]
        component.set_property("cmake_target_name", f"webhookpp::{name}")
        component.set_property("pkg_config_name",
                               "webhookpp" if name == "webhookpp" else f"webhookpp-{name}")
        component.requires = requires
        component.bindirs = []
        component.libdirs = []
        return component
