"""Pages whose links lead nowhere, and those whose do."""

import unittest
from pathlib import PurePosixPath

import links


def check(readme):
    sync = "# Sync\n## Who *wins*, when?\n## Sync\n"
    pages = {PurePosixPath("README.md"): readme, PurePosixPath("docs/sync.md"): sync}
    return links.check(pages, [*pages, PurePosixPath("scripts/run")])


class Links(unittest.TestCase):
    def test_links_that_lead_somewhere(self):
        self.assertEqual(check("[a](docs/sync.md) [b](docs/) [c](docs/sync.md#who-wins-when)"), [])
        self.assertEqual(check("[the second of that name](docs/sync.md#sync-1)"), [])
        self.assertEqual(check("# Here\n[up](#here) [web](https://shopbell.dev/x) [mail](mailto:mina@shopbell.dev)"), [])

    def test_a_missing_file(self):
        self.assertEqual(check("one\n[a](docs/snyc.md)"), ["README.md:2: docs/snyc.md: no such file"])
        self.assertEqual(check("[a]: scripts/rum"), ["README.md:1: scripts/rum: no such file"])
        self.assertEqual(check("[a](../README.md)"), ["README.md:1: ../README.md: no such file"])

    def test_a_missing_heading(self):
        self.assertEqual(check("[a](docs/sync.md#who)"), ["README.md:1: docs/sync.md#who: no such heading"])

    def test_code_is_not_a_link(self):
        self.assertEqual(check("`[a](b)`\n```\n[a](b)\n```\n"), [])


if __name__ == "__main__":
    unittest.main()
