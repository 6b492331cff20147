# SPDX-License-Identifier: MIT
"""What the public headers declare, from Doxygen's XML and the headers' own text.

Doxygen tells which names there are, of what kind, and on which line. Their signatures and comments
are taken from that place of the header, since Doxygen 1.9.4 garbles some of C++20 and much
Markdown.
"""

import dataclasses
import pathlib
import re
import xml.etree.ElementTree

ROOT = pathlib.Path(__file__).resolve().parents[2]
INCLUDE = ROOT / "include"

# The names by which a type says what it is to the library, explained where it asks for them: at
# `member`, `event_type`, `catalog` and `open_enum`.
ASKED_FOR = ("members", "described_by", "type", "type_member", "id_member", "enumerators")


@dataclasses.dataclass
class Name:
    """A name, or several that share a comment: overloads, or words of one kind."""
    kind: str  # class, concept, enum, enumerator, function, namespace, type or variable
    owner: str  # the class or namespace around it, "" for webhookpp itself
    names: list
    header: str
    line: int
    comment: str = ""
    signatures: list = dataclasses.field(default_factory=list)
    members: list = dataclasses.field(default_factory=list)
    json_name: str = ""

    @property
    def name(self):
        return self.names[0]

    @property
    def full_name(self):
        return f"{self.owner}::{self.name}" if self.owner else self.name


class Header:
    """The text of a header, and what of its comments was used."""

    def __init__(self, name):
        self.name = name  # as it is included, without webhookpp/
        self.lines = (INCLUDE / "webhookpp" / name).read_text().splitlines()
        self.used = set()

    def summary(self):
        """The comment in the first lines: what the header is for."""
        text = []
        for line in self.lines:
            if not line.startswith("//"):
                break
            if line.startswith("// SPDX-"):
                continue
            text.append(line.removeprefix("//").removeprefix(" "))
        return "\n".join(text)

    def is_end(self, index):
        """Whether no declaration goes on behind line `index`."""
        line = self.lines[index].split("//")[0].strip()
        return not line or line.startswith("#") or line[-1] in ";{}" or bool(
            re.fullmatch(r"(public|protected|private):", line))

    def first_line(self, index):
        while index > 0 and not self.is_end(index - 1):
            index -= 1
        return index

    def declaration(self, index, kind):
        """The declaration around line `index`, without a body, and its first and last line."""
        first = index = self.first_line(index)
        depth = 0
        taken = []
        while True:
            code = self.lines[index].split("//")[0].rstrip()
            for at, c in enumerate(code):
                if c in "([{":
                    if c == "{" and depth == 0 and kind in ("class", "enum", "function"):
                        return self.text(first, taken, code[:at]), first, self.body_end(index, at)
                    depth += 1
                elif c in ")]}":
                    depth -= 1
                elif c == ";" and depth == 0:
                    return self.text(first, taken, code[:at]), first, index
                elif (c == ":" and depth == 0 and kind == "function" and
                      ":" not in code[max(at - 1, 0):at] + code[at + 1:at + 2]):
                    return self.text(first, taken, code[:at]), first, self.body_end(index, at)
            taken.append(code)
            index += 1

    def body_end(self, index, at):
        """The line on which the function or class ends whose body begins behind the place."""
        depth = 0
        while True:
            for c in self.lines[index][at:].split("//")[0]:
                depth += {"{": 1, "}": -1}.get(c, 0)
                if c == "}" and depth == 0:
                    rest = self.lines[index + 1] if index + 1 < len(self.lines) else ""
                    # The last initialiser of a constructor is not its body.
                    if not re.match(r"\s*[{,]", rest):
                        return index
            index, at = index + 1, 0

    def text(self, first, taken, rest):
        lines = [*taken, rest.rstrip()]
        indentation = len(self.lines[first]) - len(self.lines[first].lstrip())
        return "\n".join(line[indentation:] for line in lines).strip()

    def comment(self, first, last):
        """The comment of a declaration: above it, or behind it."""
        above = first
        while above > 0 and self.lines[above - 1].lstrip().startswith("///") and not (
                self.lines[above - 1].lstrip().startswith("///<")):
            above -= 1
        text = []
        for index in range(above, first):
            text.append(self.lines[index].strip().removeprefix("///").removeprefix(" "))
            self.used.add(index)
        behind = last
        while behind < len(self.lines) and (
                behind == last or self.lines[behind].lstrip().startswith("///<")):
            if "///<" in self.lines[behind]:
                text.append(self.lines[behind].split("///<")[1].strip())
                self.used.add(behind)
            behind += 1
        return "\n".join(text)

    def unused_comments(self):
        """Lines of comments that belong to no public name, outside of what is not public."""
        return [index for index in self.public_lines()
                if "///" in self.lines[index] and index not in self.used]

    def public_lines(self):
        """All lines but those in private parts of classes, and in namespaces called detail."""
        hidden = []  # how far what hides is indented
        detail = False
        for index, line in enumerate(self.lines):
            stripped = line.strip()
            indentation = len(line) - len(line.lstrip())
            if stripped.startswith("namespace detail"):
                detail = True
            elif re.match(r"}\s+// namespace (\w+::)*detail", stripped):
                detail = False
            if stripped in ("private:", "protected:"):
                hidden.append(indentation)
            elif hidden and stripped and indentation <= hidden[-1] and (
                    stripped == "public:" or stripped.startswith("}")):
                hidden.pop()
            if not hidden and not detail:
                yield index


class Reader:
    """Reads the names out of Doxygen's XML."""

    def __init__(self, directory):
        self.headers = {}
        self.mistakes = []
        self.classes = {}  # by full name
        self.top = []  # names at namespace level and classes, in no order
        compounds = []
        for file in sorted(pathlib.Path(directory).glob("*.xml")):
            for compound in xml.etree.ElementTree.parse(file).getroot().iter("compounddef"):
                compounds.append(compound)
        for compound in compounds:
            self.read_compound(compound)
        for path in sorted((INCLUDE / "webhookpp").rglob("*.hpp")):
            if "detail" not in path.parts:
                self.header(path.relative_to(INCLUDE / "webhookpp").as_posix())
        self.show_inherited()
        self.place_classes()
        for full_name, concept, names in self.explain_by_concepts():
            for each in self.classes[full_name].members:
                if not each.comment and each.name in names:
                    each.comment = f"As `{concept}` says."
        for header in self.headers.values():
            self.read_namespace_comments(header)
            self.read_specialisations(header)
        for each in self.top:
            self.look_for_comments(each)
        for header in self.headers.values():
            for index in header.unused_comments():
                self.mistake(header.name, index, "a comment that belongs to no public name")

    def mistake(self, header, index, text):
        self.mistakes.append(f"include/webhookpp/{header}:{index + 1}: {text}")

    def header(self, name):
        return self.headers.setdefault(name, Header(name))

    def read_compound(self, compound):
        kind = compound.get("kind")
        full_name = compound.findtext("compoundname")
        if kind not in ("class", "struct", "concept", "namespace"):
            return
        if not full_name.startswith("webhookpp") or "detail" in full_name.split("::"):
            return
        full_name = full_name.removeprefix("webhookpp").removeprefix("::").replace(" ", "")
        if kind == "namespace":
            self.top += self.read_members(compound, full_name)
            return
        if compound.get("prot") not in (None, "public") or "<" in full_name:
            return
        owner, _, name = full_name.rpartition("::")
        found = self.read_name(compound, "concept" if kind == "concept" else "class", owner, name)
        if kind != "concept":
            found.members = self.read_members(compound, full_name)
        self.classes[full_name] = found

    def place_classes(self):
        for full_name, found in self.classes.items():
            if found.owner in self.classes:
                self.classes[found.owner].members.append(found)
                self.classes[found.owner].members.sort(key=lambda each: each.line)
            else:
                self.top.append(found)

    def show_inherited(self):
        """Gives names that a class takes over the signatures which they have in the base."""
        for found in self.classes.values():
            base = re.search(r" : (?:private|public) (\w+)", " ".join(found.signatures))
            if not base or base[1] not in self.classes:
                continue
            inherited = self.classes[base[1]].members
            for each in found.members:
                if each.signatures[0].startswith("using "):
                    each.signatures = [signature for other in inherited if other.name == each.name
                                       for signature in other.signatures] or each.signatures

    def look_for_comments(self, each):
        if not each.comment and not each.json_name:
            self.mistake(each.header, each.line, f"{each.full_name} has no comment")
        for member in each.members:
            self.look_for_comments(member)

    def read_name(self, element, kind, owner, name):
        location = element.find("location")
        header = self.header(location.get("file").removeprefix("webhookpp/"))
        # Of a variable the place of its body is the surer one, unless it is one of a base.
        has_body = kind == "variable" and location.get("bodyfile") == location.get("file")
        index = int(location.get("bodystart" if has_body else "line")) - 1
        signature, first, last = header.declaration(index, kind)
        found = Name(kind, owner, [name], header.name, first, header.comment(first, last),
                     [signature])
        found.last = last
        if name.replace("operator ", "") not in signature:
            self.mistake(header.name, first, f"{name} was not found in its declaration")
        return found

    def read_members(self, element, owner):
        kinds = {"function": "function", "variable": "variable", "typedef": "type", "enum": "enum",
                 "friend": "function"}
        found = []
        for member in element.iter("memberdef"):
            if member.get("prot") != "public" or member.get("kind") not in kinds:
                continue
            name = member.findtext("name")
            if member.get("kind") == "friend" and not name.startswith("operator"):
                continue
            each = self.read_name(member, kinds[member.get("kind")], owner, name)
            if each.kind == "enum":
                each.members = self.read_enumerators(member, each)
            found.append(each)
        if element.get("kind") in ("class", "struct"):
            found = [each for each in found if not each.signatures[0].startswith("using ") or
                     "=" in each.signatures[0]]
            found += self.read_using(element, owner)
        found.sort(key=lambda each: (each.header, each.line))
        self.add_json_names(element, found)
        found = join_groups(found, element.get("kind") == "namespace")
        return [each for each in found
                if each.comment or each.json_name or not explains_itself(each, owner)]

    def read_using(self, element, owner):
        """Names that a class takes over from its base, of which Doxygen tells only some."""
        body = element.find("location")
        header = self.header(body.get("file").removeprefix("webhookpp/"))
        for index in range(int(body.get("bodystart")) - 1, int(body.get("bodyend"))):
            match = re.match(r"\s+using [\w:]+::(\w+);", header.lines[index])
            if match and index not in header.used:
                code = header.lines[index].strip(" ;")
                base = code.removeprefix("using ").rpartition("::")[0]
                each = Name("function", owner, [match[1]], header.name, index,
                            header.comment(index, index) or f"As in `{base}`.", [code])
                each.last = index
                yield each

    def read_enumerators(self, element, enum):
        """With their comments, of whose places Doxygen says nothing."""
        header = self.headers[enum.header]
        names = [value.findtext("name") for value in element.iter("enumvalue")]
        owner = f"{enum.owner}::{enum.name}" if enum.owner else enum.name
        first, last = enum.line, enum.last
        found = []
        if first == last:  # explained by the comment of all
            enum.signatures = [header.lines[first].strip(" ;")]
            return []
        for index in range(first, last + 1):
            code = header.lines[index].split("//")[0]
            inside = code.split("{")[-1] if index == first or "enum " in code else code
            for match in re.finditer(r"(\w+)( = \w+)?(?=\s*(,|}|$))", inside):
                if match[1] in names[len(found):len(found) + 1]:
                    comment = header.comment(index, index)
                    each = Name("enumerator", owner, [match[1]], header.name, index, comment,
                                [match[0]])
                    found.append(each)
        if len(found) != len(names):
            self.mistake(header.name, first, f"enumerators of {enum.name} were not found")
        return found

    def add_json_names(self, element, found):
        """What a described struct says of its members: that is what most of them mean."""
        if not any(each.name == "members" for each in found):
            return
        location = element.find("location")
        header = self.headers[location.get("file").removeprefix("webhookpp/")]
        body = "\n".join(header.lines[int(location.get("bodystart")) - 1:
                                      int(location.get("bodyend"))])
        described = dict((name, text) for text, name in re.findall(
            r'\{(?:"([^"]*)"|\w*other_members),\s*field<&\w+::(\w+)', body))
        for each in found:
            if each.name in described:
                each.json_name = described[each.name] or "..."

    def read_namespace_comments(self, header):
        """That of a whole header is kept with it."""
        header.namespace_comment = ""
        first = min((each.line for each in self.top if each.header == header.name), default=0)
        for index, line in enumerate(header.lines):
            match = re.match(r"namespace ((?:\w+::)*\w+) \{", line)
            comment = header.comment(index, index) if match else ""
            if comment and index < first:
                header.namespace_comment = comment
            elif comment:
                self.top.append(Name("namespace", "", [match[1]], header.name, index, comment,
                                     [f"namespace {match[1]}"]))


    def read_specialisations(self, header):
        """Doxygen tells those of one template apart only if their arguments have other names. Their
        members are those of the template."""
        for index in header.public_lines():
            if not re.match(r"(struct|class)( \[\[\w+\]\])? \w+<.*>.* \{", header.lines[index]):
                continue
            signature, first, last = header.declaration(index, "class")
            name = re.search(r"\w+<.*?>(?= [:{]|$)", header.lines[index].rstrip(" {"))[0]
            each = Name("class", "", [name], header.name, first, header.comment(first, last),
                        [signature])
            self.top.append(each)

    def explain_by_concepts(self):
        """A class that is asserted to fulfil a concept is explained by it, as far as that goes."""
        asked = {}
        for concept in self.top:
            if concept.kind == "concept":
                text = "\n".join(concept.signatures)
                asked[concept.name] = set(re.findall(r"(?:\bstore\.|\bStore::)(\w+)", text))
        for full_name, found in self.classes.items():
            text = "\n".join(self.headers[found.header].lines)
            for assertion in re.findall(r"static_assert\(([^;]*)\);", text):
                for concept, name in re.findall(r"(\w+)<(\w+)>", assertion):
                    if name == found.name and concept in asked:
                        yield full_name, concept, asked[concept]


def join_groups(found, at_namespace_level):
    """Overloads share the comment of the first, and so do words of one kind, where no blank line
    separates them."""
    joined = []
    for each in found:
        before = joined[-1] if joined else None
        if (before and not each.comment and before.comment and each.header == before.header and
                each.kind == before.kind and each.line == before.last + 1 and
                (each.name == before.name or (at_namespace_level and each.kind == "variable"))):
            before.signatures += each.signatures
            if each.name not in before.names:
                before.names.append(each.name)
            before.last = each.last
        else:
            joined.append(each)
    return joined


def explains_itself(each, owner):
    """Whether a name needs no comment: what every class has, and what is explained elsewhere."""
    own = owner.rpartition("::")[2]
    signature = " ".join(each.signatures[0].split())
    if each.name in ASKED_FOR:
        return "static constexpr" in signature or each.kind in ("type", "function")
    if each.kind != "function":
        return False
    if each.name in ("operator==", "operator<=>", "operator=") or each.name.startswith("~"):
        return True
    if signature.endswith("= delete") or " -> " in signature and each.name != own and not owner:
        return True  # also a deduction guide
    is_default = signature.endswith("= default") and f"{own}()" in signature
    return is_default or bool(re.search(rf"\b{own}\((const {own}&|{own}&&)( \w+)?\)", signature))
