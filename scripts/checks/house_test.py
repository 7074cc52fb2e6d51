"""For each house rule a file that must fail, by that rule alone, and one much like it that must pass."""

import unittest
from pathlib import PurePosixPath

import house

LINE = "let bell = 1;\n"
DOC = "//! What it is for.\n"
TABLE = "CREATE TABLE shop (\n    id BLOB PRIMARY KEY, -- UUIDv7\n    %s\n    CHECK (length(id) = 16)\n) STRICT;\n"

# rule: [(path, text that must fail, text that must pass)]
SAMPLES = {
    "long-file": [
        ("core/domain/src/shop.rs", DOC + LINE * 600, DOC + LINE * 599),
        ("scripts/long", "true\n" * 601, "true\n" * 600),
    ],
    "vague-name": [
        ("cli/src/manager.rs", DOC, None),
        ("server/src/session_utils.rs", DOC, None),
        ("tests/common/mod.rs", DOC, None),
    ],
    "module-doc": [("server/src/pull.rs", "use std::fmt;\n", DOC)],
    "machine-path": [
        ("README.md", "Look into /" + "work/main.\n", "Look into docs/work/ and https://shopbell.dev/root/x.\n"),
        ("cli/src/demo.rs", DOC + 'let to = "/' + 'home/mina/inbox";\n', DOC + 'let to = "/home";\n'),
    ],
    "registry-address": [
        ("server/widget/package-lock.json", '"resolved": "https://regis' + 'try.npmjs.org/ws"\n', '"resolved": ""\n'),
        ("docs/building.md", "from http://10.0.0.1/" + "proxy/pip\n", "from the registry that cargo uses\n"),
    ],
    "unfinished": [
        ("cli/src/main.rs", DOC + "// TO" + "DO: say more\n", DOC + "// says more\n"),
        ("cli/src/inbox.rs", DOC + "to" + "do!()\n", DOC + "todo(1)\n"),
    ],
    "switched-off-test": [
        ("server/src/pull_tests.rs", "#[" + "ignore]\nfn a() {}\n", "#[test]\nfn a() {}\n"),
        ("bindings/tests/kotlin/StoryTest.kt", "@" + "Disabled\n@Test\n", "@Test\n"),
        ("bindings/tests/swift/StoryTests.swift", '@Test("a", .dis' + 'abled("later"))\n', '@Test("a")\n'),
        ("tests/browser/reply.test.mjs", "test" + ".skip('a')\n", "test('a')\nrows.iter().skip(1)\n"),
    ],
    "sleeping-test": [
        ("tests/browser/reply.test.mjs", "await page.waitFor" + "Timeout(50)\n", "await page.waitForSelector('p')\n"),
        ("bindings/tests/smoke.py", "time" + ".sleep(1)\n", "arrived.wait()\n"),
        ("bindings/tests/kotlin/StoryTest.kt", "Thread" + ".sleep(1)\n", "arrived.await()\n"),
        ("bindings/tests/swift/StoryTests.swift", "try await Task" + ".sleep(for: a)\n", "try await arrived()\n"),
    ],
    "schema-comment": [
        ("docs/schema.sql", TABLE % "name TEXT NOT NULL,", TABLE % "name TEXT NOT NULL, -- as customers see it"),
        ("docs/schema.sql", TABLE % "a INTEGER, b TEXT, -- both", TABLE % "a INTEGER CHECK (a IN (1, 2)), -- one"),
    ],
}


class HouseRules(unittest.TestCase):
    def test_each_rule_has_a_sample(self):
        self.assertEqual({rule.name for rule in house.RULES}, set(SAMPLES))

    def test_each_rule_catches_its_samples_and_no_more(self):
        for rule, samples in SAMPLES.items():
            for path, bad, good in samples:
                with self.subTest(rule=rule, path=path):
                    self.assertEqual(rules_broken(path, bad), {rule})
                    if good is not None:
                        self.assertEqual(rules_broken(path, good), set())

    def test_a_finding_says_where(self):
        self.assertEqual(
            house.check(PurePosixPath("docs/schema.sql"), TABLE % "name TEXT NOT NULL,"),
            ["docs/schema.sql:3: schema-comment: column name has no comment"],
        )


def rules_broken(path, text):
    return {finding.split(": ")[1] for finding in house.check(PurePosixPath(path), text)}


if __name__ == "__main__":
    unittest.main()
