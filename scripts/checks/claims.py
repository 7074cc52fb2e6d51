"""`docs/sync-claims.md` is true: each row names tests that exist, or the issue that will bring them.

A row is `| 3.1 | the sentence | its tests |`. In docs/sync.md a statement is a paragraph `**3.** (1) … (2) …`; 3.1 is
its first sentence. Each sentence has one row, in order, and the row quotes it, or its beginning up to `…`: a sentence
that changes has to be looked at here too. The third cell holds one or more of these, with commas between:
    `core/client/src/sync/pull_tests.rs::a_cursor_never_goes_back`   a test function, in Rust or Python
    `tests/browser/reply.test.mjs::"the reply shows once"`           a test's title
    issue: protocol                                                  not yet: a name of ISSUES below
"""

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

import tree

SYNC, CLAIMS = PurePosixPath("docs/sync.md"), PurePosixPath("docs/sync-claims.md")

# The issues that bring what is not there yet.
ISSUES = {"spine", "lists", "protocol", "simulation", "hours", "people", "notifications", "android", "ios", "pictures", "speed"}

STATEMENT = re.compile(r"^\*\*(\d+)\.\*\* (.*?)(?=^\*\*\d+\.\*\*|^#|\Z)", re.MULTILINE | re.DOTALL)
ROW = re.compile(r"\|\s*(\d+\.\d+)\s*\|(.*)\|([^|]*)\|\s*$")
PROOF = re.compile(r'`([^`:]+)::(?:(\w+)|"([^"`]+)")`|issue: (\w+)')


def main() -> int:
    sync, claims = tree.text_of(SYNC) or "", tree.text_of(CLAIMS) or ""
    there = set(tree.files())
    wrong = check(sync, claims, lambda path: tree.text_of(path) if path in there else None)
    print("\n".join(wrong) if wrong else f"{len(sentences(sync))} sentences name their test or their issue")
    return 1 if wrong else 0


def check(sync: str, claims: str, read: Callable[[PurePosixPath], str | None]) -> list[str]:
    """What is wrong with the table. `read` gives the text of a file of the project, or None."""
    stated = sentences(sync)
    claimed = []
    wrong = []
    for line, name, quoted, proofs in rows(claims):
        place = f"{CLAIMS}:{line}: {name}"
        claimed.append(name)
        if name not in stated:
            wrong.append(f"{place} is no sentence of {SYNC}")
        elif not quotes(quoted, stated[name]):
            wrong.append(f"{place} reads otherwise in {SYNC}: {stated[name]}")
        wrong += [f"{place}: {what}" for what in check_proofs(proofs, read)]
    wrong += [f"{CLAIMS}: no row for {name}: {sentence}" for name, sentence in stated.items() if name not in claimed]
    if not wrong and claimed != list(stated):
        wrong.append(f"{CLAIMS}: rows are doubled or out of order")
    return wrong or ([] if stated else [f"{SYNC}: no statement found"])


def sentences(sync: str) -> dict[str, str]:
    """The sentences of docs/sync.md by their names, in order, each on one line."""
    found = {}
    for number, text in STATEMENT.findall(sync):
        rest = " ".join(text.split())
        for count in range(1, 100):
            _, mark, rest = rest.partition(f"({count}) ")
            if not mark:
                break
            found[f"{number}.{count}"] = rest.partition(f" ({count + 1}) ")[0]
    return found


def quotes(quoted: str, sentence: str) -> bool:
    """Whether a cell is the sentence, or its beginning up to an ellipsis."""
    quoted = quoted.replace("\\|", "|")
    return sentence.startswith(quoted[:-1].rstrip()) if quoted.endswith("…") else sentence == quoted


def rows(claims: str) -> Iterator[tuple[int, str, str, str]]:
    """Line, name, sentence and tests of each row."""
    for number, line in enumerate(claims.split("\n"), start=1):
        if row := ROW.match(line):
            yield number, row[1], row[2].strip(), row[3]


def check_proofs(proofs: str, read: Callable[[PurePosixPath], str | None]) -> Iterator[str]:
    if rest := PROOF.sub("", proofs).replace(",", "").strip():
        yield f"“{rest}” is neither a test nor an issue (the notation: scripts/checks/claims.py)"
    elif not PROOF.search(proofs):
        yield "names neither a test nor an issue"
    for path, function, title, issue in PROOF.findall(proofs):
        if issue:
            if issue not in ISSUES:
                yield f"there is no issue “{issue}”"
        elif (text := read(PurePosixPath(path))) is None:
            yield f"there is no file {path}"
        elif not (has_function(text, function) if function else has_title(text, title)):
            yield f"{path} has no test {function or title}"


def has_function(text: str, name: str) -> bool:
    return re.search(rf"\b(?:fn|def) {name}\b", text) is not None


def has_title(text: str, title: str) -> bool:
    return any(f"{quote}{title}{quote}" in text for quote in "\"'`")


if __name__ == "__main__":
    sys.exit(main())
