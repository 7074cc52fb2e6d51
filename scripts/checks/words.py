"""No word without a place: each message of l10n/en that Rust speaks is asked for by some Rust code.

The other way round, a word that code asks for and the files lack, does not compile. The widget's build holds its own
words against its own sources, and the shells' words are exported whole.
"""

import re
import sys
from pathlib import PurePosixPath

import tree

WORDS = PurePosixPath("l10n/en")
NOT_FOR_RUST = {"widget.ftl", "shell.ftl"}
KEY = re.compile(r"^([a-zA-Z][\w-]*)\s*=", re.MULTILINE)
USE = re.compile(r"\b(?:words|(?:shopbell_)?l10n)::(\w+)")
COMMENT = re.compile(r"^\s*//.*$", re.MULTILINE)


def main() -> int:
    files = {path: tree.text_of(path) or "" for path in tree.files()}
    words = {path: text for path, text in files.items()
             if path.parent == WORDS and path.suffix == ".ftl" and path.name not in NOT_FOR_RUST}
    code = [text for path, text in files.items() if path.suffix == ".rs" and path.parts[0] != "l10n"]
    wrong = check(words, code)
    print("\n".join(wrong) if wrong else f"each word of {len(words)} files is used")
    return 1 if wrong else 0


def check(words: dict[PurePosixPath, str], code: list[str]) -> list[str]:
    """The messages whose function no code names as `words::…` or `l10n::…`, as `path:line: what`."""
    named = {name for text in code for name in USE.findall(COMMENT.sub("", text))}
    return [f"{path}:{text.count(chr(10), 0, found.start()) + 1}: no code asks for {found[1]}: remove it, or use it"
            for path, text in sorted(words.items()) for found in KEY.finditer(text)
            if found[1].replace("-", "_") not in named]


if __name__ == "__main__":
    sys.exit(main())
