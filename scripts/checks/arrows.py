"""The arrows between crates: who may name whom in its Cargo.toml, and what nobody may bring in by a detour.

This table is the rule; `docs/architecture.md` draws it. A direct dependency counts in tests and build scripts too.
"""

import json
import subprocess
import sys

import tree

# crate: the crates of this workspace that it may depend on.
MAY_USE = {
    "shopbell-l10n": set(),
    "shopbell-domain": {"shopbell-l10n"},
    "shopbell-core": {"shopbell-domain", "shopbell-l10n"},
    "shopbell-ffi": {"shopbell-core", "shopbell-l10n"},
    "shopbell-server": {"shopbell-domain", "shopbell-l10n"},
    "shopbell": {"shopbell-core", "shopbell-l10n", "shopbell-server"},
    "shopbell-tests": {
        "shopbell", "shopbell-core", "shopbell-domain", "shopbell-ffi", "shopbell-l10n", "shopbell-server"},
}

# crate: what must not be in it, however it got there (tests aside). The rules stay pure, the two sides stay apart.
MUST_NOT_REACH = {
    "shopbell-l10n": {"tokio", "rusqlite", "reqwest", "axum"},
    "shopbell-domain": {"tokio", "rusqlite", "reqwest", "axum"},
    "shopbell-core": {"shopbell-server", "axum"},
    "shopbell-ffi": {"shopbell-server", "axum"},
    "shopbell-server": {"shopbell-core", "reqwest"},
}


def main() -> int:
    metadata = subprocess.run(
        ["cargo", "metadata", "--locked", "--format-version", "1"], cwd=tree.ROOT, stdout=subprocess.PIPE, text=True)
    if metadata.returncode != 0:  # cargo has said why
        return 1
    wrong = check(json.loads(metadata.stdout))
    print("\n".join(wrong) if wrong else f"{len(MAY_USE)} crates keep to their arrows")
    return 1 if wrong else 0


def check(metadata: dict) -> list[str]:
    """What is wrong with the dependencies that `cargo metadata` reports, a sentence each."""
    names = {package["id"]: package["name"] for package in metadata["packages"]}
    members = {names[member] for member in metadata["workspace_members"]}
    direct, shipped = {}, {}
    for node in metadata["resolve"]["nodes"]:
        edges = [(names[edge["pkg"]], {kind["kind"] for kind in edge["dep_kinds"]}) for edge in node["deps"]]
        direct.setdefault(names[node["id"]], set()).update(name for name, _ in edges)
        shipped.setdefault(names[node["id"]], set()).update(name for name, kinds in edges if kinds != {"dev"})

    wrong = [f"{crate} is not in the table of scripts/checks/arrows.py" for crate in sorted(members - set(MAY_USE))]
    wrong += [f"{crate} is in the table but not in the workspace" for crate in sorted(set(MAY_USE) - members)]
    for crate in sorted(members & set(MAY_USE)):
        for used in sorted((direct[crate] & members) - MAY_USE[crate]):
            wrong.append(f"{crate} may not depend on {used}")
        for path in paths_to(crate, MUST_NOT_REACH.get(crate, set()), shipped):
            wrong.append(f"{crate} must not reach {path[-1]}: {' → '.join(path)}")
    return wrong


def paths_to(start: str, targets: set[str], edges: dict[str, set[str]]) -> list[list[str]]:
    """The shortest path from a crate to each target that it reaches."""
    found, seen, queue = [], {start}, [[start]]
    for path in queue:
        for following in sorted(edges.get(path[-1], set()) - seen):
            seen.add(following)
            queue.append([*path, following])
            if following in targets:
                found.append([*path, following])
    return found


if __name__ == "__main__":
    sys.exit(main())
