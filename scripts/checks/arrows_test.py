"""Workspaces that break an arrow, and one that keeps them all."""

import unittest

import arrows

KEPT = {crate: {used: "normal" for used in allowed} for crate, allowed in arrows.MAY_USE.items()}


def metadata(dependencies):
    """The parts of `cargo metadata` that the checker reads. Kinds: normal, dev."""
    crates = set(dependencies) | {used for uses in dependencies.values() for used in uses}
    return {
        "packages": [{"id": f"id {name}", "name": name} for name in sorted(crates)],
        "workspace_members": [f"id {name}" for name in sorted(crates) if name.startswith("shopbell")],
        "resolve": {"nodes": [
            {"id": f"id {name}", "deps": [
                {"pkg": f"id {used}", "dep_kinds": [{"kind": None if kind == "normal" else kind}]}
                for used, kind in dependencies.get(name, {}).items()]}
            for name in sorted(crates)]},
    }


class Arrows(unittest.TestCase):
    def check(self, changes):
        return arrows.check(metadata({**KEPT, **changes}))

    def test_all_kept(self):
        self.assertEqual(self.check({}), [])

    def test_a_crate_may_not_point_upwards_even_in_its_tests(self):
        self.assertEqual(
            self.check({"shopbell-domain": {"shopbell-server": "dev"}}),
            ["shopbell-domain may not depend on shopbell-server"],
        )

    def test_the_two_sides_do_not_meet_by_a_detour(self):
        wrong = self.check({"shopbell-server": {"shopbell-ffi": "normal"}})
        self.assertIn(
            "shopbell-server must not reach shopbell-core: shopbell-server → shopbell-ffi → shopbell-core", wrong)

    def test_the_rules_reach_no_runtime(self):
        changes = {"shopbell-domain": {"clever": "normal"}, "clever": {"tokio": "normal"}}
        self.assertEqual(
            self.check(changes), ["shopbell-domain must not reach tokio: shopbell-domain → clever → tokio"])

    def test_what_only_tests_bring_in_may_use_a_runtime(self):
        self.assertEqual(self.check({"shopbell-domain": {"clever": "dev"}, "clever": {"tokio": "normal"}}), [])

    def test_a_crate_that_nobody_decided_on(self):
        self.assertEqual(
            self.check({"shopbell-new": {}}), ["shopbell-new is not in the table of scripts/checks/arrows.py"])


if __name__ == "__main__":
    unittest.main()
