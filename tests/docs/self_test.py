#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What check.py and run.py have to find, planted on pages that are right otherwise."""

import tempfile
import time
import unittest
from pathlib import Path

import check
import pages
import run

SOURCE = """int main() {
    // [answer]
    int answer = 42;
    // [answer]
    // [both] One, and
    int one = 1;
    // [both]
    int more = 0;
    // [both]
    int two = 2;
    // [both]
}
"""
PAGE = """# Page

```cpp
int answer = 42;
```

```cpp
// One, and
int one = 1;

int two = 2;
```

```json title="body.json"
{}
```

```console
$ cat body.json
{}
```
"""


class Planted(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.root = Path(directory.name)
        for folder in ("docs", "examples"):
            (self.root / folder).mkdir()
        for page in {page for page, _, _ in check.EXCEPTIONS}:
            blocks = [begin for other, begin, _ in check.EXCEPTIONS if other == page]
            (self.root / page).write_text("".join(f"```\n{begin}\n```\n" for begin in blocks))
        (self.root / "examples/page.cpp").write_text(SOURCE)
        self.page = self.root / "docs/page.md"

    def complaints(self, page, source=SOURCE):
        (self.root / "examples/page.cpp").write_text(source)
        self.page.write_text(page)
        return "\n".join(check.complaints(self.root))

    def outcome(self, page):
        self.page.write_text(page)
        return run.run(self.page, self.root, self.root) or ""

    def test_a_page_that_is_right_passes(self):
        self.assertEqual(self.complaints(PAGE), "")
        self.assertEqual(self.outcome(PAGE), "")

    def test_blocks_that_nobody_compiles_or_runs_are_found(self):
        for language in ("cpp", "cmake", "nginx", "json", "ini", "text"):
            with self.subTest(language):
                planted = PAGE + f"\n```{language}\nint answer = 41;\n```\n"
                self.assertIn(f"this {language}:\nint answer = 41;", self.complaints(planted))

    def test_a_block_that_differs_from_its_section_is_found_on_both_sides(self):
        found = self.complaints(PAGE.replace("42", "43"))
        self.assertIn("compiles or runs this cpp:\nint answer = 43;", found)
        self.assertIn("[answer]: no page shows this section:\nint answer = 42;", found)

    def test_a_block_without_language_is_found(self):
        self.assertIn("names no language", self.complaints(PAGE + "\n```\nx\n```\n"))

    def test_a_file_that_no_command_uses_is_found(self):
        self.assertIn("uses body.json", self.complaints(PAGE.replace("$ cat body.json", "$ cat x")))

    def test_an_exception_that_is_not_needed_is_found(self):
        (self.root / "README.md").write_text("# Nothing\n")
        self.assertIn("README.md: the exception is not needed", self.complaints(PAGE))

    def test_sections_and_fences_that_do_not_end_are_found(self):
        with self.assertRaisesRegex(SystemExit, "does not end"):
            self.complaints(PAGE, SOURCE + "// [open]\n")
        with self.assertRaisesRegex(SystemExit, "is not closed"):
            self.complaints(PAGE + "```cpp\n")
        with self.assertRaisesRegex(SystemExit, "is indented"):
            self.complaints(PAGE + "- list\n  ```cpp\n  ```\n")
        with self.assertRaisesRegex(SystemExit, "unknown form"):
            self.complaints(PAGE + "```c++ {}\n```\n")

    def test_output_that_differs_is_found(self):
        for shown in ("{ }", "{}\nmore", ""):
            with self.subTest(shown):
                page = PAGE.replace("body.json\n{}", f"body.json\n{shown}")
                self.assertIn("docs/page.md:18: cat body.json\nprints\n{}", self.outcome(page))

    def test_a_line_of_dots_stands_for_any_lines(self):
        page = PAGE.replace("cat body.json\n{}", "printf '1\\n2\\n3\\n'\n...\n3")
        self.assertEqual(self.outcome(page), "")
        self.assertIn("and not\n...\n4", self.outcome(page.replace("...\n3", "...\n4")))

    def test_a_command_that_fails_is_found(self):
        self.assertIn("failed:\nfalse", self.outcome(PAGE + "```sh\nfalse\ntrue\n```\n"))
        self.assertIn("failed:\nfalse", self.outcome("```sh\nfalse && true\n```\n"))

    def test_nothing_runs_behind_a_failure_and_nothing_is_left_running(self):
        pid = self.root / "pid"
        self.outcome(f"```sh\nsleep 60 & echo $! >{pid}\nfalse\n```\n```sh\ntouch {pid}2\n```\n")
        self.assertFalse((self.root / "pid2").exists())
        state = Path(f"/proc/{pid.read_text().strip()}/stat")

        def ended():
            return not state.exists() or state.read_text().split()[2] == "Z"

        for _ in range(100):
            if not ended():
                time.sleep(0.05)
        self.assertTrue(ended())


if __name__ == "__main__":
    unittest.main()
