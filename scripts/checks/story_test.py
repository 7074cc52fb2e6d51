"""The checker of the bindings' story finds a step that is missing, added or moved, in each language."""

import unittest
from pathlib import PurePosixPath

import story

STORY = "# Told thrice\n\n## A reply, at last\n- Ana asks\n- Theo's answer\n\n## A panic\n- It becomes an error\n"

TOLD = {
    ".py": 'def test_a_reply_at_last(self):\n    step("Ana asks")\n    step("Theo\'s answer")\n\n'
           'def test_beside(self):\n    pass\n\ndef test_a_panic(self):\n    step("It becomes an error")\n',
    ".kt": '@Test\nfun `A reply, at last`() {\n    step("Ana asks")\n    step("Theo\'s answer")\n}\n'
           'fun `beside`() = 1\n@Test\nfun `A panic`() {\n    step("It becomes an error")\n}\n',
    ".swift": '@Test("A reply, at last")\nfunc reply() {\n    step("Ana asks")\n    step("Theo\'s answer")\n}\n'
              '@Test("beside")\n@Test("A panic")\nfunc panic() {\n    step("It becomes an error")\n}\n',
}


class StoryCheck(unittest.TestCase):
    def test_a_language_that_tells_the_story_is_right(self):
        for path, title in story.TELLERS.items():
            self.assertEqual(self.findings(path, title, TOLD[path.suffix]), [], path)

    def test_a_step_that_is_missing_added_or_moved_is_found(self):
        for path, title in story.TELLERS.items():
            text = TOLD[path.suffix]
            for bad in (
                text.replace('step("Ana asks")', "ask()"),
                text.replace('step("Ana asks")', 'step("Ana asks")\n    step("Ana waits")'),
                text.replace("Ana asks", "Ana wonders"),
                text.replace('step("It becomes an error")', "fail()"),
                text.replace("A panic", "A fright").replace("a_panic", "a_fright"),
                text + text,
                "",
            ):
                with self.subTest(path=path, bad=bad):
                    self.assertEqual(len(self.findings(path, title, bad)), 1)

    def test_a_finding_says_what_is_told_and_what_is_written(self):
        path = PurePosixPath("bindings/tests/smoke.py")
        bad = TOLD[".py"].replace('    step("Theo\'s answer")\n', "")
        self.assertEqual(
            self.findings(path, story.TELLERS[path], bad),
            [f"{path}: a_reply_at_last: says “no more step” where the story has “Theo's answer”"],
        )

    def findings(self, path, title, text):
        return story.check(path, story.written(STORY), story.told(title, text))


if __name__ == "__main__":
    unittest.main()
