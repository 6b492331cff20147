# SPDX-License-Identifier: MIT
"""Puts the pages of the site together: pages.py XML TARGET.

The Markdown files of the repository become pages, with links between them as they are there. What
else they link to, source files mostly, becomes a page that shows it. A link that leads to no file
of the repository is an error, since it would be broken on a code host too. Public names in code
lead to the reference, which is made from the headers and from what Doxygen has put into XML.
"""

import json
import os
import pathlib
import re
import subprocess
import sys

import reference

ROOT = pathlib.Path(__file__).resolve().parents[2]

LINK = re.compile(r"(?<!!)\[(?P<text>(?:[^\[\]`]|`[^`]*`|\[[^\]]*\])*)\]\((?P<target>[^()\s]+)\)")
LANGUAGES = {".hpp": "cpp", ".cpp": "cpp", ".py": "python", ".sh": "bash", ".conf": "nginx",
             ".cmake": "cmake", ".md": "markdown", ".json": "json", "": "text"}


# Room for wide tables, nothing beside the start page, and no log among the first that are found.
SETTINGS = {"index.md": "hide: [navigation]", "schemes.md": "hide: [toc]",
            "conformance.md": "hide: [toc]\nsearch: false"}


class BrokenLink(Exception):
    pass


def tracked_files():
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    output = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return {line for line in output.stdout.splitlines() if (ROOT / line).is_file()}


def pages_of(files):
    """The Markdown files that are pages, and the names of their pages."""
    pages = {"README.md": "index.md", "CHANGELOG.md": "changelog.md",
             "CONTRIBUTING.md": "contributing.md", "SECURITY.md": "reporting.md"}
    for name in files:
        if re.fullmatch(r"docs/[^/]+\.md", name):
            pages[name] = name.removeprefix("docs/")
    return pages


class Site:
    def __init__(self, target, names):
        self.target = target
        self.names = names  # where the reference tells of them
        self.files = tracked_files()
        self.directories = {str(parent) for name in self.files
                            for parent in pathlib.PurePosixPath(name).parents}
        self.pages = pages_of(self.files)
        self.sources = set()  # files that are shown as they are

    def source_page(self, name):
        """The page that shows the file or directory `name`."""
        if name == "LICENSE":
            page = "licence.md"
        elif name in self.directories:
            page = f"{name}/index.md"
        else:
            page = f"{name}.md"
        self.sources.add((name, page))
        return page

    def link(self, page, name, target):
        """What `target` in the file `name` is called in the page that is made of it."""
        if re.match(r"[a-z]+:", target) or target.startswith("#"):
            return target
        path, hash_mark, anchor = target.partition("#")
        path = os.path.normpath(os.path.join(os.path.dirname(name), path))
        if path in self.pages:
            leads_to = self.pages[path]
        elif re.fullmatch(r"include/webhookpp/(?!.*\bdetail/).*\.hpp", path) and path in self.files:
            leads_to = "reference/" + reference.page_of(path.removeprefix("include/webhookpp/"))
        elif path in self.files or path in self.directories:
            leads_to = self.source_page(path)
        else:
            raise BrokenLink(f"{name} links to {target}, which is not in the repository")
        return os.path.relpath(leads_to, os.path.dirname(page)) + hash_mark + anchor

    def link_names(self, page, text):
        """Makes links of names that the reference tells of, unless they are part of a heading or of
        a link, or a single word, which mostly means something else."""
        def adapt(match):
            code = match["code"]
            if code is None:
                return match[0]
            name = re.sub(r"^(wh|webhookpp)::", "", code)
            place = self.names.find(name) if re.search(r"_|::", name) else None
            in_table = text[:match.start()].rpartition("\n")[2].startswith("|")
            if in_table and page in ("index.md", "schemes.md"):
                scheme = self.names.find(f"schemes::{name}")
                place = scheme if scheme and scheme.startswith("schemes.md") else place
            return f"[`{code}`](reference/{place})" if place else match[0]

        heading, link, quoted = r"^#.*$", r"\[(?:[^\[\]`]|`[^`]*`)*\]\([^)]*\)", r"``.*?``"
        return re.sub(rf"{heading}|{link}|{quoted}|`(?P<code>[^`\n]+)`", adapt, text, flags=re.M)

    def title(self, name, target):
        file = ROOT / os.path.normpath(os.path.join(os.path.dirname(name), target))
        return file.read_text().splitlines()[0].removeprefix("# ") if file.is_file() else target

    def write(self, page, text):
        file = self.target / page
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def write_page(self, name, page):
        def adapt(match):
            text = match["text"]
            if text.endswith(".md") and match["target"].endswith(text):  # a path says little here
                text = self.title(name, match["target"])
            return f"[{text}]({self.link(page, name, match['target'])})"

        # Code is left alone: what looks like a link in it is a lambda.
        parts = re.split(r"(^```.*?^```$)", (ROOT / name).read_text(), flags=re.M | re.S)
        text = "".join(part if part.startswith("```")
                       else self.link_names(page, LINK.sub(adapt, part)) for part in parts)
        if page in SETTINGS:
            text = f"---\n{SETTINGS[page]}\n---\n{text}"
        self.write(page, text)

    def write_source(self, name, page):
        text = (ROOT / name).read_text()
        if name == "LICENSE":
            self.write(page, f"# Licence\n\n{text}")
            return
        language = LANGUAGES.get(pathlib.PurePosixPath(name).suffix, "text")
        front = "---\nsearch: false\n---\n"
        self.write(page, f"{front}# {name}\n\n````{language}\n{text}````\n")

    def write_directory(self, name, page):
        """A list of the sources in a directory, with what their first lines say."""
        rows = []
        for file in sorted(self.files):
            if not file.startswith(f"{name}/") or not file.endswith(".cpp"):
                continue
            first = re.match(r"(?:// SPDX-.*\n)?((?://.*\n)+)", (ROOT / file).read_text())
            if not first:
                continue
            text = re.sub(r"\n?// ?", " ", first[1].split("\n//\n")[0]).strip()
            link = os.path.relpath(self.source_page(file), os.path.dirname(page))
            rows.append(f"[`{file.removeprefix(name + '/')}`]({link})\n:   {text}\n")
        title = name.capitalize()
        self.write(page, f"# {title}\n\n" + "\n".join(rows))


def main(xml, target):
    target = pathlib.Path(target)
    names, navigation = reference.write(xml, target / "reference")
    (target.parent / "navigation.json").write_text(json.dumps(navigation))
    site = Site(target, names)
    broken = []
    for name, page in sorted(site.pages.items()):
        try:
            site.write_page(name, page)
        except BrokenLink as error:
            broken.append(str(error))
    navigation = (ROOT / "docs/site/mkdocs.yml").read_text()
    for page in sorted(site.pages.values()):
        if not re.search(rf": {re.escape(page)}$", navigation, re.M):
            broken.append(f"docs/site/mkdocs.yml does not say where {page} stands")
    if broken:
        sys.exit("\n".join(broken))

    site.source_page("LICENSE")
    site.source_page("examples")
    written = set()
    while waiting := site.sources - written:
        for name, page in sorted(waiting):
            if name in site.directories:
                site.write_directory(name, page)
            else:
                site.write_source(name, page)
        written |= waiting
    site.write("style.css", (ROOT / "docs/site/style.css").read_text())


main(sys.argv[1], sys.argv[2])
