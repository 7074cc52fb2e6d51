"""The project's files as git sees them: tracked, or new and not ignored. What is ignored is nobody's concern here."""

import subprocess
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[2]


def files() -> list[PurePosixPath]:
    """Every file, as a path from the root, in a fixed order. One that is deleted but not yet committed is left out."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout
    return sorted(PurePosixPath(name) for name in set(listed.split("\0")) if name and (ROOT / name).is_file())


def text_of(path: PurePosixPath) -> str | None:
    """The file's text, or None for a picture and the like."""
    try:
        return (ROOT / path).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None
