"""Every relative link of our Markdown leads to a file of the project, and its #anchor to a heading there."""

import posixpath
import re
import sys
from collections.abc import Iterator
from pathlib import PurePosixPath

import tree

LINK = re.compile(r"\]\(\s*<?([^)\s>]+)>?[^)]*\)|^\s*\[[^\]]+\]:\s+<?([^\s>]+)")


def main() -> int:
    paths = tree.files()
    pages = {path: tree.text_of(path) or "" for path in paths if path.suffix == ".md"}
    wrong = check(pages, paths)
    print("\n".join(wrong) if wrong else f"the links of {len(pages)} pages lead somewhere")
    return 1 if wrong else 0


def check(pages: dict[PurePosixPath, str], paths: list[PurePosixPath]) -> list[str]:
    """The links that lead nowhere, as `page:line: link`."""
    there = set(paths) | {parent for path in paths for parent in path.parents}
    wrong = []
    for page, text in pages.items():
        for line, link in links(text):
            target, _, anchor = link.partition("#")
            path = PurePosixPath(posixpath.normpath(page.parent / target)) if target else page
            if path not in there:
                wrong.append(f"{page}:{line}: {link}: no such file")
            elif anchor and path in pages and anchor not in anchors(pages[path]):
                wrong.append(f"{page}:{line}: {link}: no such heading")
    return wrong


def links(text: str) -> Iterator[tuple[int, str]]:
    """The links within the project, with their lines."""
    for number, line in prose(text):
        for found in LINK.finditer(re.sub(r"`[^`]*`", "", line)):
            link = found[1] or found[2]
            if not re.match(r"[a-z][a-z0-9+.-]*:", link):
                yield number, link


def anchors(text: str) -> set[str]:
    """The names that GitHub gives to a page's headings."""
    names: set[str] = set()
    for _, line in prose(text):
        if heading := re.match(r"#{1,6}\s+(.*)", line):
            slug = re.sub(r"[^\w\- ]", "", heading[1].strip().lower()).replace(" ", "-")
            count = 0
            while (name := f"{slug}-{count}" if count else slug) in names:
                count += 1
            names.add(name)
    return names


def prose(text: str) -> Iterator[tuple[int, str]]:
    """The lines that are not in a fenced block."""
    fenced = False
    for number, line in enumerate(text.split("\n"), start=1):
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif not fenced:
            yield number, line


if __name__ == "__main__":
    sys.exit(main())
