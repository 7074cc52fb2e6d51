"""Code that says something else on the wire, code that only looks different, and pages that were not reread."""

import unittest
from pathlib import PurePosixPath

import protocol

CODE = """//! Push.
use serde::Serialize;

/// The most, in rows.
pub const LIMIT: usize = 10;

/// A frame.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub struct Push {
    /// Which epoch.
    pub epoch: EpochId,
    #[serde(default)]
    pub kind: Kind,
}

/// Not on the wire.
#[derive(Clone)]
pub struct Inner { secret: u8 }

impl Push {
    fn apply(&self) -> &str { "https://push // no comment" }
}

operations! { "push" => Push(push::Push) }

#[cfg(test)]
#[path = "push_tests.rs"]
mod tests;
"""


class Essence(unittest.TestCase):
    def same(self, old, new, whole=True):
        self.assertIn(old, CODE)
        changed = CODE.replace(old, new)
        return protocol.essence(CODE, whole) == protocol.essence(changed, whole)

    def test_comments_tests_and_layout_do_not_count(self):
        for old, new in [
            ("/// Which epoch.", "/// Another word about it."),
            ("//! Push.", "//! More /* about */ it."),
            ("    pub epoch: EpochId,\n", "pub epoch:\n        EpochId,  "),
            ("Kind,\n}", "Kind }"),
            ('#[cfg(test)]\n#[path = "push_tests.rs"]\nmod tests;\n', ""),
        ]:
            self.assertTrue(self.same(old, new), old)
            self.assertTrue(self.same(old, new, whole=False), old)

    def test_fields_names_attributes_constants_and_operations_count(self):
        for old, new in [
            ("pub epoch", "pub era"),
            ("EpochId", "Option<EpochId>"),
            ("#[serde(default)]", ""),
            ("snake_case", "lowercase"),
            ("usize = 10", "usize = 11"),
            ('"push" =>', '"shove" =>'),
        ]:
            self.assertFalse(self.same(old, new), old)
            self.assertFalse(self.same(old, new, whole=False), old)

    def test_functions_and_types_that_do_not_travel_count_in_whole_files_only(self):
        for old, new in [("no comment", "a comment"), ("secret: u8", "secret: u16")]:
            self.assertFalse(self.same(old, new), old)
            self.assertTrue(self.same(old, new, whole=False), old)


class Page(unittest.TestCase):
    def setUp(self):
        self.hashes = {part.name: f"{number:016x}" for number, part in enumerate(protocol.PARTS)}
        self.page = protocol.written("# The wire\n", self.hashes)

    def test_a_page_that_was_reread(self):
        self.assertEqual(protocol.check(self.page, self.hashes), [])
        self.assertEqual(protocol.written(self.page, self.hashes), self.page)

    def test_a_page_that_was_not(self):
        found = protocol.check(self.page, self.hashes | {"operations": "f" * 16})
        self.assertEqual(len(found), 1)
        self.assertIn("Reread “Operations”", found[0])
        self.assertIn(protocol.WRITE, found[0])
        self.assertIn("-- core/domain/src/mutation", found[0])
        again = protocol.written(self.page, self.hashes | {"operations": "f" * 16})
        self.assertEqual(protocol.check(again, self.hashes | {"operations": "f" * 16}), [])

    def test_a_page_without_hashes_or_with_too_many(self):
        self.assertIn("0 lines of hashes", protocol.check("# The wire\n", self.hashes)[0])
        self.assertIn("2 lines of hashes", protocol.check(self.page * 2, self.hashes)[0])
        unknown = self.page.replace(": sync ", ": wires 0, sync ")
        self.assertIn("nobody knows: wires", protocol.check(unknown, self.hashes)[0])


class Files(unittest.TestCase):
    def test_a_new_file_counts_and_tests_do_not(self):
        def noted(*names):
            there = [PurePosixPath(f"core/domain/src/sync/{name}") for name in names]
            return protocol.part_hash(protocol.PARTS[0], there, lambda path: CODE)

        self.assertEqual(noted("push.rs"), noted("push.rs", "push_tests.rs", "deeper/pull.rs"))
        self.assertNotEqual(noted("push.rs"), noted("push.rs", "pull.rs"))

    def test_each_part_is_of_files_that_are_there(self):
        for part in protocol.PARTS:
            for code in part.code:
                self.assertTrue((protocol.tree.ROOT / code).exists(), code)


if __name__ == "__main__":
    unittest.main()
