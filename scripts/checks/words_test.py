"""A word that nobody uses must be found, and one that is used must not."""

import unittest
from pathlib import PurePosixPath

import words

CORE = PurePosixPath("l10n/en/core.ftl")
TEXT = "# States.\nstate-sent = Sent\nstate-gone = { $count ->\n    [one] Gone\n   *[other] Gone = away\n}\n"


class Words(unittest.TestCase):
    def test_a_word_that_no_code_asks_for_is_found_with_its_line(self):
        self.assertEqual(
            words.check({CORE: TEXT}, ["let state_gone = words::state_sent(lang);"]),
            ["l10n/en/core.ftl:3: no code asks for state-gone: remove it, or use it"],
        )

    def test_a_comment_and_a_part_of_a_name_are_no_use(self):
        code = ["// words::state_gone(lang)\n", "words::state_gone_for_good(lang); words::state_sent(lang)"]
        self.assertEqual(len(words.check({CORE: TEXT}, code)), 1)

    def test_words_that_are_used_pass(self):
        code = ["l10n::state_sent(lang)", "(shopbell_l10n::state_gone)(lang, 3)"]
        self.assertEqual(words.check({CORE: TEXT}, code), [])


if __name__ == "__main__":
    unittest.main()
