"""Tables of claims that are not true, and one that is."""

import unittest
from pathlib import PurePosixPath

import claims

SYNC = "## Pull\n**3.** (1) A cursor never\ngoes back. (2) Rows merge.\n\n**4.** (1) Snapshots (of a | b).\n"
FILES = {
    PurePosixPath("core/client/src/pull_tests.rs"): "#[test]\nfn a_cursor_never_goes_back() {}\n",
    PurePosixPath("tests/browser/reply.test.mjs"): "test('the reply shows once', async () => {})\n",
}
CURSOR = "`core/client/src/pull_tests.rs::a_cursor_never_goes_back`"
REPLY = '`tests/browser/reply.test.mjs::"the reply shows once"`'


FIRST, SECOND = f"| 3.1 | A cursor never goes back. | {CURSOR} |", f"| 3.2 | Rows merge. | {REPLY}, {CURSOR} |"
THIRD = "| 4.1 | Snapshots (of… | issue: protocol |"


def check(*rows):
    return claims.check(SYNC, "| | sentence | shown by |\n|---|---|---|\n" + "\n".join(rows), FILES.get)


class Claims(unittest.TestCase):
    def test_a_true_table(self):
        self.assertEqual(check(FIRST, SECOND, THIRD), [])
        self.assertEqual(check(FIRST, SECOND, "| 4.1 | Snapshots (of a \\| b). | issue: protocol |"), [])

    def with_proof(self, proof):
        found = check(FIRST, f"| 3.2 | Rows merge. | {proof} |", THIRD)
        self.assertEqual(len(found), 1, found)
        return found[0].removeprefix("docs/sync-claims.md:4: 3.2: ")

    def test_a_test_that_does_not_exist(self):
        self.assertEqual(
            self.with_proof("`core/client/src/pull_tests.rs::a_cursor_never_goes`"),
            "core/client/src/pull_tests.rs has no test a_cursor_never_goes")
        self.assertEqual(
            self.with_proof('`tests/browser/reply.test.mjs::"the reply"`'),
            "tests/browser/reply.test.mjs has no test the reply")

    def test_a_file_that_does_not_exist(self):
        self.assertEqual(
            self.with_proof("`core/pull_tests.rs::a_cursor_never_goes_back`"), "there is no file core/pull_tests.rs")

    def test_a_row_that_names_nothing_exactly(self):
        self.assertEqual(self.with_proof(""), "names neither a test nor an issue")
        self.assertIn("is neither a test nor an issue", self.with_proof("the pull tests"))
        self.assertIn("is neither a test nor an issue", self.with_proof(f"{CURSOR} and others"))

    def test_an_issue_that_nobody_knows(self):
        self.assertEqual(self.with_proof("issue: later"), "there is no issue “later”")

    def test_a_sentence_without_a_row(self):
        self.assertEqual(check(FIRST, THIRD), ["docs/sync-claims.md: no row for 3.2: Rows merge."])

    def test_a_row_without_a_sentence(self):
        self.assertEqual(
            check(FIRST, SECOND, THIRD, "| 4.2 | More. | issue: protocol |"),
            ["docs/sync-claims.md:6: 4.2 is no sentence of docs/sync.md"])

    def test_a_sentence_that_has_changed(self):
        self.assertEqual(
            check(FIRST, "| 3.2 | Rows are merged. | issue: protocol |", THIRD),
            ["docs/sync-claims.md:4: 3.2 reads otherwise in docs/sync.md: Rows merge."])

    def test_rows_doubled_or_out_of_order(self):
        wrong = ["docs/sync-claims.md: rows are doubled or out of order"]
        self.assertEqual(check(FIRST, SECOND, SECOND, THIRD), wrong)
        self.assertEqual(check(SECOND, FIRST, THIRD), wrong)

    def test_statements_that_nobody_can_read(self):
        self.assertEqual(claims.check("3. A cursor.", "", FILES.get), ["docs/sync.md: no statement found"])


if __name__ == "__main__":
    unittest.main()
