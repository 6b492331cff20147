# SPDX-License-Identifier: MIT
# Builds the programs of tests/consumer with the package that was made, and runs them: each verifies
# the same delivery.
import os

from conan import ConanFile
from conan.tools.build import can_run
from conan.tools.cmake import CMake, CMakeDeps, CMakeToolchain, cmake_layout


class WebhookppTestConan(ConanFile):
    settings = "os", "arch", "compiler", "build_type"

    def layout(self):
        cmake_layout(self)

    def build_requirements(self):
        self.tool_requires("cmake/[>=3.23]")

    def requirements(self):
        self.requires(self.tested_reference_str)

    def generate(self):
        options = self.dependencies["webhookpp"].options
        components = ["core", "webhookpp", "testing"]
        components += [name for name in ("simdjson", "sqlite", "postgres", "redis")
                       if getattr(options, name)]
        toolchain = CMakeToolchain(self)
        toolchain.cache_variables["COMPONENTS"] = ";".join(components)
        toolchain.generate()
        CMakeDeps(self).generate()

    def build(self):
        cmake = CMake(self)
        cmake.configure(build_script_folder=os.path.join(
            self.source_folder, "..", "..", "..", "tests", "consumer"))
        cmake.build()

    def test(self):
        if can_run(self):
            self.run(f"ctest -C {self.settings.build_type} --output-on-failure --no-tests=error",
                     env="conanrun")
