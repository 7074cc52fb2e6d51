"""The bindings' tests tell the story of bindings/tests/story.md: every language the same tests, with the same steps.

A test of the story says `step("…")`; one without stands beside the story and is not looked at.
"""

import re
import sys
from pathlib import PurePosixPath

import tree

STORY = PurePosixPath("bindings/tests/story.md")

# How each language writes a test's title, and where.
TELLERS = {
    PurePosixPath("bindings/tests/smoke.py"): r"def test_(\w+)\(",
    PurePosixPath("bindings/tests/kotlin/src/test/kotlin/StoryTest.kt"): r"fun `([^`]+)`",
    PurePosixPath("bindings/tests/swift/Tests/StoryTests/StoryTests.swift"): r'@Test\("([^"]+)"\)',
}

Story = list[tuple[str, list[str]]]
"""Titles, as words with underscores between them, with their steps, in order."""


def main() -> int:
    story = written(tree.text_of(STORY) or "")
    there = set(tree.files())
    wrong = [] if story else [f"{STORY}: no story found"]
    for path, title in TELLERS.items():
        wrong += check(path, story, told(title, (tree.text_of(path) if path in there else None) or ""))
    print("\n".join(wrong) if wrong else f"{len(TELLERS)} languages tell {len(story)} tests with the same steps")
    return 1 if wrong else 0


def written(text: str) -> Story:
    return chapters(r"## (.+)", r"- (.+)", text)


def told(title: str, text: str) -> Story:
    return chapters(title, r'\bstep\("([^"]+)"\)', text)


def chapters(title: str, step: str, text: str) -> Story:
    found: Story = []
    for match in re.finditer(rf"(?m)^\s*(?:{title}|{step})", text):
        if match[1]:
            found.append(("_".join(re.findall(r"\w+", match[1].lower())), []))
        elif found:
            found[-1][1].append(match[2])
    return [(name, steps) for name, steps in found if steps]


def check(path: PurePosixPath, story: Story, telling: Story) -> list[str]:
    """The first thing in which a language's tests differ from the story; what follows it would be noise."""
    for (name, steps), (told_name, told_steps) in zip(story, telling):
        if name != told_name:
            return [f"{path}: tells {told_name} where the story has {name}"]
        if steps != told_steps:
            wanted, said = next(
                (pair for pair in zip(steps + ["no more step"], told_steps + ["no more step"]) if pair[0] != pair[1]))
            return [f"{path}: {name}: says “{said}” where the story has “{wanted}”"]
    if len(story) != len(telling):
        missing = [name for name, _ in story[len(telling):]]
        return [f"{path}: leaves out {', '.join(missing)}" if missing else f"{path}: tells more than the story"]
    return []


if __name__ == "__main__":
    sys.exit(main())
