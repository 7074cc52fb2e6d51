"""The house rules that a machine can read: sizes, names, module docs, schema comments, nothing of one machine.

A rule is a function of one file's path and text, so that its samples in `house_test.py` need no disk. A rule without
a sample that fails is itself a failure there: a checker that has gone blind looks exactly like a clean project.
"""

import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

import tree

LONGEST_FILE_LINES = 600

Place = tuple[int, str]
"""A line, counted from 1, and what is wrong there."""


@dataclass(frozen=True)
class Rule:
    name: str
    applies: Callable[[PurePosixPath], bool]
    find: Callable[[PurePosixPath, str], Iterator[Place]]


def main() -> int:
    findings = [finding for path in tree.files() if (text := tree.text_of(path)) is not None
                for finding in check(path, text)]
    print("\n".join(findings) if findings else f"{len(RULES)} rules kept")
    return 1 if findings else 0


def check(path: PurePosixPath, text: str) -> list[str]:
    """What each rule finds in one file, as `path:line: rule: what`."""
    return [f"{path}:{line}: {rule.name}: {what}"
            for rule in RULES if rule.applies(path) for line, what in rule.find(path, text)]


# Which files a rule is about.

CODE = {".rs", ".ts", ".mjs", ".py", ".sh", ".sql", ".kt", ".swift"}


def is_code(path: PurePosixPath) -> bool:
    return path.suffix in CODE or (path.parts[0] in ("scripts", ".ci") and not path.suffix)


def is_test(path: PurePosixPath) -> bool:
    return ({"tests", "test"} & set(path.parts[:-1]) or path.stem.endswith(("_tests", "_test"))
            or path.stem.startswith("test_") or ".test." in path.name)


def is_ours(path: PurePosixPath) -> bool:
    """Not a lock, a licence or a built file, whose words are not ours."""
    return path.suffix != ".lock" and path.stem not in ("package-lock", "LICENSE-MIT", "LICENSE-APACHE") \
        and "dist" not in path.parts


# The rules, each a generator of places.

def long_file(_: PurePosixPath, text: str) -> Iterator[Place]:
    lines = text.count("\n")
    if lines > LONGEST_FILE_LINES:
        yield LONGEST_FILE_LINES, f"{lines} lines; past {LONGEST_FILE_LINES} a second concept is hiding in it"


VAGUE = {"util", "utils", "helper", "helpers", "common", "manager", "misc"}


def vague_name(path: PurePosixPath, _: str) -> Iterator[Place]:
    for part in path.parts:
        if words := VAGUE & set(re.split(r"[._-]", part.lower())):
            yield 1, f"“{words.pop()}” says nothing of what is in it"


def module_doc(_: PurePosixPath, text: str) -> Iterator[Place]:
    if not text.lstrip().startswith("//!"):
        yield 1, "begins without //!: what is it for, what must it never do?"


def matches(pattern: str, what: str) -> Callable[[PurePosixPath, str], Iterator[Place]]:
    """A rule that forbids a pattern within a line."""
    compiled = re.compile(pattern)

    def find(_: PurePosixPath, text: str) -> Iterator[Place]:
        for number, line in enumerate(text.split("\n"), start=1):
            if found := compiled.search(line):
                yield number, f"“{found[0].strip()}” {what}"

    return find


# Written so that they do not match themselves.
MACHINE_PATH = r"(?<![\w.~:/$}*-])/(?:work|root|tmp|(?:home|Users)/[a-z]\w*)/"
REGISTRY = (r"\b(?:registry|index|static|files|proxy|repo\d?|deb|security)\."
            r"(?:npmjs|yarnpkg|crates|pythonhosted|golang|maven|debian)\.|\bpypi\.(?:org|python)|https?://[^\s\"]*(?:registry|mirror|proxy)[.:/]")
UNFINISHED = r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X)\b|\b(?:to" r"do|unimplemented)!\("
SWITCHED_OFF = (r"#\[ignore|\b(?:test|it|describe|suite)\.(?:skip|only|todo)\b|@unittest\.skip"
                r"|@Dis" r"abled\b|\.disabled\(")
SLEEP = r"\bthread::sleep\(|\btime\.sleep\(|\b(?:Thread|Task)\.sleep\(|\bwaitFor" r"Timeout\("

CONSTRAINTS = {"PRIMARY", "UNIQUE", "CHECK", "FOREIGN", "CONSTRAINT"}


def schema_comment(_: PurePosixPath, text: str) -> Iterator[Place]:
    """Each column of a CREATE TABLE stands on a line of its own and ends in `-- what it holds`."""
    depth = 0
    for number, line in enumerate(text.split("\n"), start=1):
        code, _dashes, comment = line.partition("--")
        if depth == 0 and not re.match(r"\s*CREATE\s+(VIRTUAL\s+)?TABLE\b", code, re.IGNORECASE):
            continue
        column = re.match(r'\s*"?(\w+)', code) if depth == 1 else None
        depth += code.count("(") - code.count(")")
        if column is None or column[1].upper() in CONSTRAINTS:
            continue
        if not comment.strip():
            yield number, f"column {column[1]} has no comment"
        if re.search(r",\s*\w", re.sub(r"\([^()]*\)", "", code)):
            yield number, "two columns on one line"


RULES = [
    Rule("long-file", lambda path: is_code(path) and not is_test(path), long_file),
    Rule("vague-name", lambda path: True, vague_name),
    Rule("module-doc", lambda path: path.suffix == ".rs" and not path.stem.endswith("_tests"), module_doc),
    Rule("machine-path", is_ours, matches(MACHINE_PATH, "is a path of one machine")),
    Rule("registry-address", lambda path: True, matches(REGISTRY, "is the address of a package registry")),
    Rule("unfinished", lambda path: is_code(path) or path.suffix in (".md", ".toml", ".ftl", ".html", ".css"),
         matches(UNFINISHED, "is work for now or for an issue, not for a comment")),
    Rule("switched-off-test", is_code, matches(SWITCHED_OFF, "is a test that does not run")),
    Rule("sleeping-test", lambda path: is_code(path) and is_test(path),
         matches(SLEEP, "waits for time to pass: wait for what must happen")),
    Rule("schema-comment", lambda path: path.suffix == ".sql" and path.parts[0] == "docs", schema_comment),
]

if __name__ == "__main__":
    sys.exit(main())
