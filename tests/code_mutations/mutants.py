# SPDX-License-Identifier: MIT
"""Finds places in C++ where a small change should be noticed, and writes sources in which each of
these changes, a mutant, can be switched on while the program runs: one build serves them all."""

import collections
import dataclasses
import os

from clang import cindex
from clang.cindex import BinaryOperator, CursorKind, TypeKind

IS = "::webhookpp_mutants::is"
FUNCTIONS = {CursorKind.FUNCTION_DECL, CursorKind.CXX_METHOD, CursorKind.CONSTRUCTOR,
             CursorKind.DESTRUCTOR, CursorKind.FUNCTION_TEMPLATE, CursorKind.CONVERSION_FUNCTION}
# The operators of which others take the place: the function that chooses, and the other one.
OPERATORS = {
    "<": ("less", "<="), "<=": ("less_or_equal", "<"),
    ">": ("greater", ">="), ">=": ("greater_or_equal", ">"),
    "==": ("equal", "!="), "!=": ("not_equal", "=="),
    "+": ("plus", "-"), "-": ("minus", "+"), "*": ("times", "+"),
    "&": ("bits_of_both", "|"), "|": ("bits_of_either", "&"), "^": ("other_bits", "|"),
}
ARITHMETIC = {"+", "-", "*", "&", "|", "^"}
# What is evaluated while compiling, where no mutant can be active.
CONSTANT = {CursorKind.STATIC_ASSERT, CursorKind.CONCEPT_DECL, CursorKind.TYPE_ALIAS_DECL,
            CursorKind.REQUIRES_EXPR}
LOOPS = {CursorKind.WHILE_STMT, CursorKind.DO_STMT, CursorKind.FOR_STMT}


@dataclasses.dataclass
class Mutant:
    """One change: in which file and function, what the code was, and what becomes of it."""
    number: int
    file: str
    line: int
    function: str
    code: str
    change: str
    nth: int = 1  # of those that would have the same name

    @property
    def name(self):
        """What it is called as long as the code stays, wherever the line is."""
        nth = f" ({self.nth})" if self.nth > 1 else ""
        return f"{self.file}, {self.function}: `{self.code}` {self.change}{nth}"


@dataclasses.dataclass
class Edit:
    """Text before and after a part of a file, or in its place."""
    start: int
    end: int
    before: str = ""
    after: str = ""
    instead: str | None = None


class Finder:
    """Collects the mutants of some files."""

    def __init__(self, root, files, left_out=frozenset()):
        self.root = root
        self.texts = {}
        self.edits = {}
        for name in files:
            with open(os.path.join(root, name), "rb") as file:
                self.texts[name] = file.read()
            self.edits[name] = []
        self.left_out = left_out  # names of those that do not compile
        self.mutants = []
        self.names = collections.Counter()
        self.seen = set()

    def parse(self, arguments):
        """Goes through all files as one program that includes them."""
        text = "".join(f'#include "{os.path.join(self.root, name)}"\n' for name in self.texts)
        unit = cindex.Index.create().parse("all.cpp", arguments, [("all.cpp", text)])
        errors = [each for each in unit.diagnostics if each.severity >= 3]
        if errors:
            raise SystemExit(f"cannot be parsed: {errors[0]}")
        self._declarations(unit.cursor)

    def _declarations(self, cursor):
        for child in cursor.get_children():
            source = child.location.file
            if cursor.kind == CursorKind.TRANSLATION_UNIT:
                name = os.path.relpath(source.name, self.root) if source else None
                if name not in self.texts:
                    continue
            if child.kind in FUNCTIONS:
                for part in child.get_children():
                    name = os.path.relpath(source.name, self.root)
                    # Defaulted ones have a body that is not written.
                    if (part.kind == CursorKind.COMPOUND_STMT and
                            self.texts[name][part.extent.start.offset:].startswith(b"{")):
                        Function(self, name, child.spelling).statement(part)
            elif child.kind not in CONSTANT:
                self._declarations(child)

    def write(self, to):
        """Writes the files with all mutants in them."""
        for name, text in self.texts.items():
            with open(os.path.join(to, name), "wb") as file:
                file.write(edited(text, self.edits[name]))


def edited(text, edits):
    """The text with all edits, of which each lies within or beside each other."""
    pieces = []  # position, whether an end comes first there, order among those
    for order, edit in enumerate(edits):
        if edit.instead is not None:
            pieces.append((edit.start, 1, -1, edit.instead, edit.end))
            continue
        pieces.append((edit.start, 1, order, edit.before, None))
        pieces.append((edit.end, 0, -order, edit.after, None))
    result = []
    at = 0
    for position, _, _, piece, end in sorted(pieces, key=lambda piece: piece[:3]):
        result.append(text[at:position])
        result.append(piece.encode())
        at = max(at, position) if end is None else end
    result.append(text[at:])
    return b"".join(result)


class Function:
    """Goes through the body of one function."""

    def __init__(self, finder, file, name):
        self.finder = finder
        self.file = file
        self.name = name

    def text(self, cursor):
        extent = cursor.extent
        return self.finder.texts[self.file][extent.start.offset:extent.end.offset].decode()

    def new(self, cursor, change, code=None):
        """The number of a new mutant, or nothing if it is one that does not compile."""
        code = " ".join((code or self.text(cursor)).split())
        mutant = Mutant(len(self.finder.mutants), self.file, cursor.extent.start.line, self.name,
                        code if len(code) <= 70 else code[:67] + "...", change)
        if (mutant.file, mutant.line, mutant.change) in self.finder.left_out:
            return None
        self.finder.names[mutant.name] += 1
        mutant.nth = self.finder.names[mutant.name]
        self.finder.mutants.append(mutant)
        return mutant.number

    def put(self, cursor, before, after):
        extent = cursor.extent
        self.finder.edits[self.file].append(
            Edit(extent.start.offset, extent.end.offset, before, after))

    def visit(self, cursor):
        if cursor.kind in CONSTANT or self.is_constant(cursor):
            return
        extent = cursor.extent
        if (not extent.start.file or
                os.path.relpath(extent.start.file.name, self.finder.root) != self.file):
            return
        if cursor.kind == CursorKind.COMPOUND_STMT:
            self.statement(cursor)
            return
        key = (self.file, extent.start.offset, extent.end.offset, cursor.kind)
        if key in self.finder.seen:  # conversions and templates show a part twice
            return
        self.finder.seen.add(key)
        children = list(cursor.get_children())
        handler = {
            CursorKind.IF_STMT: self.condition, CursorKind.WHILE_STMT: self.condition,
            CursorKind.FOR_STMT: self.skip, CursorKind.CONDITIONAL_OPERATOR: self.choice,
            CursorKind.BINARY_OPERATOR: self.operator, CursorKind.RETURN_STMT: self.returned,
            CursorKind.CXX_BOOL_LITERAL_EXPR: self.negated,
            CursorKind.INTEGER_LITERAL: self.number,
        }.get(cursor.kind, self.skip)
        if self.text(cursor):
            handler(cursor, children)
        if cursor.kind == CursorKind.CASE_STMT:
            children = children[1:]
        for child in children:
            if self.is_body(cursor, child):
                self.one_statement(child)
            self.visit(child)

    def is_constant(self, cursor):
        if cursor.kind == CursorKind.IF_STMT:
            return self.text(cursor).startswith(("if constexpr", "if consteval"))
        if cursor.kind in (CursorKind.VAR_DECL, CursorKind.DECL_STMT):
            return self.text(cursor).startswith(("constexpr", "static constexpr"))
        return False

    def is_body(self, parent, child):
        """Whether the child is a statement that stands alone as the body of `if` or a loop."""
        if parent.kind == CursorKind.IF_STMT or parent.kind in LOOPS:
            before = self.finder.texts[self.file][parent.extent.start.offset:
                                                  child.extent.start.offset].decode().rstrip()
            return before.endswith((")", "else", "do"))
        return parent.kind == CursorKind.CXX_FOR_RANGE_STMT and child == list(
            parent.get_children())[-1]

    def statement(self, block):
        for child in block.get_children():
            self.one_statement(child)
            self.visit(child)

    def one_statement(self, cursor):
        """Leaves it out, if it declares nothing and returns nothing."""
        if cursor.kind == CursorKind.COMPOUND_STMT:
            return
        text = self.text(cursor)
        deletable = {CursorKind.CALL_EXPR, CursorKind.COMPOUND_ASSIGNMENT_OPERATOR,
                     CursorKind.UNARY_OPERATOR, CursorKind.BREAK_STMT, CursorKind.CONTINUE_STMT,
                     CursorKind.BINARY_OPERATOR, CursorKind.UNEXPOSED_EXPR}
        if cursor.kind not in deletable or not text:
            return
        end = cursor.extent.end.offset
        rest = self.finder.texts[self.file][end:end + 200].decode(errors="replace")
        if not rest.lstrip().startswith(";"):
            return
        number = self.new(cursor, "is left out")
        if number is None:
            return
        self.finder.edits[self.file].append(
            Edit(cursor.extent.start.offset, end + rest.index(";") + 1,
                 f"{{ if (!{IS}({number})) ", " }"))

    def skip(self, cursor, children):
        pass

    def condition(self, cursor, children):
        if any(child.kind == CursorKind.VAR_DECL for child in children):
            return
        found = [child for child in children if child.kind != CursorKind.DECL_STMT]
        if not found:
            return
        self.always(found[0], [False] if cursor.kind == CursorKind.WHILE_STMT else [True, False])

    def always(self, cursor, values):
        before, after = "static_cast<bool>(", ")"
        for value in values:
            number = self.new(cursor, f"is always {str(value).lower()}")
            if number is None:
                continue
            before = "(" + before
            after += f" || {IS}({number}))" if value else f" && !{IS}({number}))"
        if before[0] == "(":
            self.put(cursor, before, after)

    def choice(self, cursor, children):
        self.negated(children[0], [])

    def returned(self, cursor, children):
        # Operators and literals are changed themselves.
        if children and children[0].type.kind == TypeKind.BOOL and children[0].kind not in (
                CursorKind.BINARY_OPERATOR, CursorKind.CXX_BOOL_LITERAL_EXPR):
            self.negated(children[0], [])

    def negated(self, cursor, children):
        number = self.new(cursor, "is negated")
        if number is not None:
            self.put(cursor, "(static_cast<bool>(", f") != {IS}({number}))")

    def number(self, cursor, children):
        number = self.new(cursor, "is one more", self.around(cursor))
        if number is not None:
            self.put(cursor, "(", f" + {IS}({number}))")

    def around(self, cursor):
        """The part of the line around a literal, which is marked: by itself it says too little."""
        text = self.finder.texts[self.file]
        start, end = cursor.extent.start.offset, cursor.extent.end.offset
        before = text[text.rfind(b"\n", 0, start) + 1:start].decode().lstrip()
        after = text[end:text.find(b"\n", end)].decode()
        return f"{before[-30:]}[{self.text(cursor)}]{after[:30]}"

    def operator(self, cursor, children):
        if len(children) != 2:
            return
        left, right = children
        between = self.finder.texts[self.file][left.extent.end.offset:
                                               right.extent.start.offset].decode()
        spelling = between.strip()
        if spelling in ("&&", "||"):
            self.logical(cursor, left, right, spelling)
            return
        if spelling not in OPERATORS:
            return
        pointers = {TypeKind.POINTER, TypeKind.INCOMPLETEARRAY, TypeKind.CONSTANTARRAY}
        if spelling in ARITHMETIC and any(
                side.type.get_canonical().kind in pointers for side in children):
            return
        name, other = OPERATORS[spelling]
        number = self.new(cursor, f"with `{other}` for `{spelling}`")
        if number is None:
            return
        self.put(cursor, f"::webhookpp_mutants::{name}({number}, ", ")")
        start = left.extent.end.offset + len(between) - len(between.lstrip())
        self.finder.edits[self.file].append(Edit(start, start + len(spelling), instead=","))

    def logical(self, cursor, left, right, spelling):
        # a || b is !(!a && !b): so each operand is there once.
        number = self.new(cursor, f"with `{'||' if spelling == '&&' else '&&'}` for `{spelling}`")
        other = f" != {IS}({number})" if number is not None else ""
        self.put(cursor, "((", f"){other})")
        for side in (left, right):
            before, after = "(static_cast<bool>(", f"){other})"
            alone = self.new(side, f"is left out of `{spelling}`")
            if alone is not None:
                before = "(" + before
                after += f" || {IS}({alone}))" if spelling == "&&" else f" && !{IS}({alone}))"
            self.put(side, before, after)
