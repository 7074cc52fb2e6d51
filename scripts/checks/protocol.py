"""docs/protocol.md says what the code says: whoever changes the messages rereads the page.

The page ends with a line of hashes, one for each part of the code that it describes:
    <!-- Held against the code: sync 0123456789abcdef, operations 0123456789abcdef, … (scripts/checks/protocol.py) -->
A hash is of what a message consists of, not of how it is written down: comments, tests, white space and line breaks do
not count. When one no longer fits, reread the sections that the message names, put the page right, and write the new
hashes with
    python3 scripts/checks/protocol.py --write
"""

import hashlib
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

import tree

PAGE = PurePosixPath("docs/protocol.md")
WRITE = "python3 scripts/checks/protocol.py --write"
HASH_DIGITS = 16


@dataclass(frozen=True)
class Part:
    name: str
    # Files, or folders of files without what is in folders below.
    code: tuple[str, ...]
    # The sections of the page to reread.
    sections: str
    # Whether all of the code counts, or only the types that travel, the constants and the tables.
    whole: bool = False


DOMAIN = "core/domain/src"
ROWS = ("channel", "conversation", "customer", "draft", "message", "note", "refusal", "secret", "shop", "staff", "tag", "text")
PARTS = (
    Part("sync", (f"{DOMAIN}/sync",), "“Errors”, “Staff: sessions” and “Staff: sync”", whole=True),
    Part("operations", (f"{DOMAIN}/mutation",), "“Operations”"),
    Part("rows", tuple(f"{DOMAIN}/{name}.rs" for name in ROWS), "“Rows” and “Refusals”"),
    Part("chat", ("server/src/chat/mod.rs",), "“Web chat”"),
)

LINE = re.compile(r"<!-- Held against the code: (.*?) \(scripts/checks/protocol\.py\) -->")
# Strings and characters first, so that what stands in them is no comment.
COMMENT = re.compile(r"""("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])')|//[^\n]*|/\*.*?\*/""", re.DOTALL)
TEST_MODULE = re.compile(r"#\[cfg\(test\)\](?:#\[[^\]]*\])*mod \w+;")
# Where an item begins: a type with what stands above it, a constant, a table of this code's own macros.
ITEM = re.compile(
    r"(?P<type>(?:#\[[^\]]*\])+pub (?:struct|enum) \w+)|(?P<const>pub const \w+:)|(?P<table>\b(?:operations|problems)!\{)")


def main() -> int:
    page = tree.text_of(PAGE) or ""
    there = tree.files()
    hashes = {part.name: part_hash(part, there, lambda path: tree.text_of(path) or "") for part in PARTS}
    if sys.argv[1:] == ["--write"]:
        (tree.ROOT / PAGE).write_text(written(page, hashes), encoding="utf-8")
        return 0
    wrong = check(page, hashes)
    print("\n".join(wrong) if wrong else f"{PAGE} was held against {len(hashes)} parts of the code as they are")
    return 1 if wrong else 0


def check(page: str, hashes: dict[str, str]) -> list[str]:
    """What is wrong with the page's line of hashes."""
    lines = LINE.findall(page)
    if len(lines) != 1:
        return [f"{PAGE}: {len(lines)} lines of hashes instead of one; `{WRITE}` puts it at the end"]
    noted = dict(part.rsplit(" ", 1) for part in lines[0].split(", ") if " " in part)
    wrong = []
    for part in PARTS:
        if noted.get(part.name) != hashes[part.name]:
            code = " ".join(part.code)
            wrong.append(
                f"{PAGE}: what travels has changed in {code}. Reread {part.sections} against it, put the page right,\n"
                f"    then note that it was done: {WRITE}\n"
                f"    What changed: git diff $(git log -1 --format=%h -- {PAGE}) -- {code}")
    unknown = ", ".join(name for name in noted if name not in hashes)
    return wrong + ([f"{PAGE}: hashes of parts that nobody knows: {unknown}; `{WRITE}`"] if unknown else [])


def written(page: str, hashes: dict[str, str]) -> str:
    """The page with these hashes."""
    noted = ", ".join(f"{name} {value}" for name, value in hashes.items())
    line = f"<!-- Held against the code: {noted} (scripts/checks/protocol.py) -->"
    return LINE.sub(line, page) if LINE.search(page) else f"{page.rstrip()}\n\n{line}\n"


def part_hash(part: Part, there: list[PurePosixPath], read: Callable[[PurePosixPath], str]) -> str:
    parts = [f"{path.name}\n{essence(read(path), part.whole)}" for path in files_of(part, there)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:HASH_DIGITS]


def files_of(part: Part, there: list[PurePosixPath]) -> list[PurePosixPath]:
    def belongs(path: PurePosixPath) -> bool:
        return str(path) in part.code or (str(path.parent) in part.code and path.suffix == ".rs")

    return [path for path in there if belongs(path) and not path.stem.endswith("_tests")]


def essence(source: str, whole: bool) -> str:
    """The code without what does not matter to what travels."""
    code = packed(COMMENT.sub(lambda found: found[1] or " ", source))
    code = TEST_MODULE.sub("", code)
    return code if whole else "\n".join(items(code))


def packed(code: str) -> str:
    """Without the white space and the trailing commas that only lay it out. What is in strings stays."""
    pieces = re.split(r'("(?:\\.|[^"\\])*")', code)
    for place in range(0, len(pieces), 2):
        text = re.sub(r"\s+", " ", pieces[place])
        text = re.sub(r" ?([^\w ]) ?", r"\1", text)
        pieces[place] = re.sub(r",(?=[)\]}>])", "", text)
    return "".join(pieces)


def items(code: str) -> Iterator[str]:
    """The types that are written or read as JSON, the constants, and the tables of operations and problems."""
    for found in ITEM.finditer(code):
        end = item_end(code, found.end() - 1 if found["table"] else found.end())
        if not found["type"] or re.search(r"\b(?:Des|S)erialize\b", found["type"]):
            yield code[found.start():end]


def item_end(code: str, start: int) -> int:
    """Behind the item's last bracket or semicolon."""
    depth = 0
    for place in range(start, len(code)):
        depth += (code[place] in "{([") - (code[place] in "})]")
        if depth == 0 and (code[place] == ";" or code[place] == "}"):
            return place + 1
    return len(code)


if __name__ == "__main__":
    sys.exit(main())
