# SPDX-License-Identifier: MIT
"""The reference, written as Markdown.

A page for each public header, in the order of the layers, a list of all names, and one of all
errors. Fails if a public name has no comment, or a comment belongs to none.
"""

import pathlib
import re
import sys

import headers

# The layers of CONTRIBUTING.md; a header is in the first that names it or its directory.
LAYERS = [
    ("Results and errors", ["result.hpp", "error.hpp", "fixed_text.hpp", "timestamp.hpp", "fwd.hpp",
                            "version.hpp"]),
    ("Keys and cryptography", ["crypto/"]),
    ("Requests and replies", ["request.hpp", "reply.hpp", "header_source.hpp",
                              "collected_headers.hpp", "bounded_body.hpp", "adapters/"]),
    ("Schemes", ["scheme.hpp", "schemes/"]),
    ("Verification", ["verifier.hpp", "any_verifier.hpp", "incremental_verifier.hpp",
                      "verifier_options.hpp", "tolerance.hpp", "verified_message.hpp",
                      "verified_stream.hpp", "key_ring.hpp", "clock.hpp", "scratch.hpp", "sign.hpp",
                      "check_age.hpp", "bearer.hpp", "explain.hpp", "explanation.hpp"]),
    ("Events", ["event.hpp", "catalog.hpp", "parser.hpp", "local_time.hpp", "open_enum.hpp",
                "raw_json.hpp", "value_traits.hpp", "value_type.hpp", "json/"]),
    ("Providers", ["providers/"]),
    ("Guards and inboxes", ["replay_guard.hpp", "message_key.hpp", "inbox.hpp", "inbox_store.hpp",
                            "entry.hpp", "work.hpp", "worker.hpp", "workers.hpp",
                            "retry_schedule.hpp"]),
    ("Stores", ["stores/"]),
    ("Receivers", ["receiver.hpp", "inbox_receiver.hpp", "handlers.hpp", "outcome.hpp",
                   "handshake.hpp", "expected_handshake.hpp", "registration.hpp", "handshakes/"]),
    ("Testing", ["testing/"]),
    ("All of it", ["webhookpp.hpp"]),
]
# How operators are called in anchors.
OPERATORS = [("->", "arrow"), ("<=>", "compare"), ("==", "equal"), ("*", "star"), ("[]", "index"),
             ("()", "call")]
# Directories of headers so small that they share a page.
SHARED = ("schemes/", "handshakes/")


def page_of(header):
    """The page of a header, below the reference."""
    for directory in SHARED:
        if header.startswith(directory):
            return directory.rstrip("/") + ".md"
    return header.removesuffix(".hpp") + ".md"


def anchor_of(each):
    """Where a page tells of a name; overloads share the place."""
    text = f"{each.owner}-{each.name}".replace("operator", "operator ")
    for symbol, word in OPERATORS:
        text = text.replace(symbol, word)
    return re.sub(r"\W+", "-", text).strip("-")


def targets():
    """Which CMake target a header belongs to."""
    text = (headers.ROOT / "cmake/headers.cmake").read_text()
    return {header: f"webhookpp::{target}"
            for target, listed in re.findall(r"set\(webhookpp_(\w+)_headers\s+([^)]*)\)", text)
            for header in listed.split()}


def statuses():
    """The statuses of errors, by the largest number that has them, from `http_status` itself."""
    text = (headers.INCLUDE / "webhookpp/error.hpp").read_text()
    body = text[text.index("constexpr int http_status("):]
    limits = [(int(number), status)
              for number, status in re.findall(r"number < (\d+)\) return (\d+);", body)]
    last = re.search(r"^    return (\d+);", body, re.M)[1]
    return lambda number: next((status for limit, status in limits if number < limit), last)


class Links:
    """Where the names lie that comments speak of."""

    def __init__(self, names):
        self.places = {}
        self.types = {each.name for each in names if each.kind in ("class", "enum", "concept")}
        for each in names:
            self.add(each)

    def add(self, each):
        for name in each.names:
            full_name = f"{each.owner}::{name}" if each.owner else name
            place = (page_of(each.header), anchor_of(each))
            self.places.setdefault(full_name, place)
            if each.owner == "errc":
                self.places.setdefault(name, place)
        for member in each.members:
            self.add(member)

    def link(self, text, page, owner="", ignored=()):
        """The code `text` on `page` of the reference, as a link if it names something."""
        name = text.removesuffix("()").removeprefix("webhookpp::")
        place = None if name in ignored else self.find(text, owner)
        return f"[`{text}`]({'../' * page.count('/')}{place})" if place else f"`{text}`"

    def find(self, text, owner=""):
        """Where the reference tells of `text`, if it is a name, seen from within `owner`."""
        name = text.removesuffix("()").removeprefix("webhookpp::")
        is_call = text.endswith("()")
        candidates = [] if is_call and name in self.types else [name]
        while owner and (is_call or name not in self.types):
            candidates.insert(0, f"{owner}::{name}")
            owner = owner.rpartition("::")[0]
        return next(("#".join(self.places[each]) for each in candidates if each in self.places),
                    None)


class Writer:
    def __init__(self, links):
        self.links = links
        self.page = ""
        self.anchors = set()  # of the page

    def text(self, comment, each=None):
        """A comment as Markdown: what is between backticks is a link if it names something."""
        owner = ""
        ignored = set()
        if each:
            owner = each.full_name if each.kind == "class" else each.owner
            # Parameters, which may be called as something else is.
            ignored = set(each.names)
            for signature in each.signatures:
                ignored |= set(re.findall(r"[\w>&*.]\s+[&*.]*(\w+)(?=\s*(?:[,)>=]|$))", signature))
        parts = re.split(r"(^```.*?^```$|^ {4}.*$|`[^`\n]*(?:\n[^`\n]*)?`)", comment,
                         flags=re.M | re.S)
        written = []
        for part in parts:
            if part.startswith("```"):
                written.append(part.replace("```", "```cpp", 1))
            elif part.startswith("`"):
                code = " ".join(part.strip("`").split())
                written.append(self.links.link(code, self.page, owner, ignored))
            elif part.startswith("    "):
                written.append(part)
            else:
                written.append(part.replace("<", "&lt;"))
        return "".join(written)

    def definition(self, each):
        """A member as an entry of a list."""
        term = " ".join(each.signatures[0].split())
        term = re.sub(r"^(static )?constexpr static |^static constexpr ", "static constexpr ", term)
        text = self.text(each.comment, each)
        if each.json_name:
            json_name = ("all other members" if each.json_name == "..."
                         else f"JSON `{each.json_name}`")
            text = f"{json_name}: {text}" if text else f"{json_name}"
        indented = "\n".join(f"    {line}".rstrip() for line in text.splitlines()).strip()
        return f'<span id="{anchor_of(each)}">`{term}`</span>\n:   {indented}\n'

    def sections(self, names, level):
        """Of each name a section; overloads share one."""
        groups = {}
        for each in names:
            place = (each.kind, each.name) if each.kind == "function" else (each.line, each.name)
            groups.setdefault(place, []).append(each)
        return "\n".join(self.section(group, level) for group in groups.values())

    def section(self, group, level):
        first = group[0]
        title = ", ".join(f"`{name}`" for name in first.names)
        if first.kind == "function" and first.name == first.owner.rpartition("::")[2]:
            title = "Constructors" if sum(len(each.signatures) for each in group) > 1 else (
                "Constructor")
        anchor = anchor_of(first)
        if anchor in self.anchors:  # specialisations may have the same name
            anchor += f"-{len(self.anchors)}"
        self.anchors.add(anchor)
        out = [f"{'#' * level} {title} {{#{anchor}}}\n"]
        for each in group:
            code = "\n".join(each.signatures)
            out.append(f"```cpp\n{code}\n```\n")
            if each.comment:
                out.append(self.text(each.comment, each) + "\n")
            listed = [member for member in each.members
                      if member.kind in ("variable", "enumerator", "type")]
            out += [self.definition(member) for member in listed]
            others = [member for member in each.members if member not in listed]
            if others:
                out.append(self.sections(others, min(level + 1, 4)))
        return "\n".join(out)

    def header_section(self, header, names, target, level):
        out = [f"```cpp\n#include <webhookpp/{header.name}>  // {target}\n```\n"]
        if header.namespace_comment:
            out.append(self.text(header.namespace_comment) + "\n")
        out.append(self.sections(names, level))
        return "\n".join(out)


def layer_of(header):
    for title, members in LAYERS:
        for member in members:
            if header == member or (member.endswith("/") and header.startswith(member)):
                return title, members.index(member)
    return None


def first_sentence(text):
    return re.split(r"(?<=[.:])\s*\n\n|\n\n", text)[0].replace("\n", " ")


def write(xml, target):
    """Writes the pages into `target`, from what Doxygen has put into `xml`. Returns the links and
    the navigation."""
    reader = headers.Reader(xml)
    mistakes = list(reader.mistakes)
    links = Links(reader.top)
    writer = Writer(links)
    cmake_targets = targets()

    pages = {}
    for name in reader.headers:
        if layer_of(name) is None:
            mistakes.append(f"include/webhookpp/{name} is in no layer of docs/site/reference.py")
        else:
            pages.setdefault(page_of(name), []).append(name)
    if mistakes:
        sys.exit("\n".join(sorted(mistakes)) + f"\n{len(mistakes)} mistakes")

    def write_page(page, text):
        file = target / page
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    index = ["# Reference\n", "Made from the comments in the headers, in the order of the layers: "
             "each includes only what stands above it. [All names](names.md) in order of the "
             "alphabet, and [all errors](errors.md) with number and status, have pages of their "
             "own. Everything is in the namespace `webhookpp`; what is in `detail` is not meant "
             "for users.\n"]
    navigation = [{"Overview": "reference/index.md"}, {"All errors": "reference/errors.md"},
                  {"All names": "reference/names.md"}]
    for title, members in LAYERS:
        index.append(f"## {title}\n")
        layer = []
        navigation.append({title: layer})
        in_layer = sorted((layer_of(names[0])[1], page) for page, names in pages.items()
                          if layer_of(names[0])[0] == title)
        for _, page in in_layer:
            writer.page = page
            writer.anchors = set()
            named = [reader.headers[name] for name in sorted(pages[page])]
            is_shared = len(named) > 1
            page_title = page.removesuffix(".md") + ("/" if is_shared else ".hpp")
            out = [f"# {page_title}\n"]
            if not is_shared:
                out.append(writer.text(named[0].summary()) + "\n")
            for header in named:
                names = sorted((each for each in reader.top if each.header == header.name),
                               key=lambda each: each.line)
                if is_shared:
                    out.append(f"## {header.name}\n\n{writer.text(header.summary())}\n")
                out.append(writer.header_section(header, names, cmake_targets[header.name],
                                                 3 if is_shared else 2))
            write_page(page, "\n".join(out))
            meaning = ("" if is_shared else first_sentence(named[0].summary()))
            if is_shared:
                meaning = f"{len(named)} headers, each a description."
            writer.page = "index.md"
            index.append(f"[`{page_title}`]({page})\n:   {writer.text(meaning)}\n")
            layer.append({page_title: f"reference/{page}"})
    write_page("index.md", "\n".join(index))
    write_page("names.md", names_page(reader))
    write_page("errors.md", errors_page(reader, writer))
    return links, navigation


def names_page(reader):
    rows = []

    def add(each):
        for name in each.names:
            full_name = f"{each.owner}::{name}" if each.owner else name
            place = f"{page_of(each.header)}#{anchor_of(each)}"
            rows.append((full_name.lower(), full_name, place, each.kind, each.header))
        for member in each.members:
            if not member.json_name:
                add(member)

    for each in reader.top:
        add(each)
    out = ["---\nsearch: false\n---\n# All names\n",
           "| name | kind | header |\n|---|---|---|"]
    for _, full_name, place, kind, header in sorted(set(rows)):
        out.append(f"| [`{full_name}`]({place}) | {kind} | `{header}` |")
    return "\n".join(out) + "\n"


def errors_page(reader, writer):
    """In the groups that the enumeration has, of which the comments there tell the status."""
    writer.page = "errors.md"
    status_of = statuses()
    errc = next(each for each in reader.top if each.full_name == "errc")
    lines = reader.headers[errc.header].lines
    out = ["# All errors\n", writer.text(errc.comment, errc) + "\n"]
    for each in errc.members:
        number = int(each.signatures[0].split("=")[1])
        above = lines[each.line - 1].strip()
        if above.startswith("// "):
            status, _, meaning = above.removeprefix("// ").partition(": ")
            if status not in ("Set-up only", status_of(number)):
                sys.exit(f"{each.full_name} stands under {status}, and is answered with "
                         f"{status_of(number)}")
            out.append(f"## {status}\n")
            if meaning:
                out.append(meaning[0].upper() + meaning[1:] + "\n")
        out.append(f"[`{each.name}`](error.md#{anchor_of(each)}) ({number})\n"
                   f":   {writer.text(each.comment, each)}\n")
    return "\n".join(out)
