import assert from "node:assert/strict";
import { test } from "node:test";
import { checkUse, compileWords } from "../build/fluent.mjs";
import { format } from "../src/words.ts";

const unread = compileWords(`
unread = { $count ->
    [one] { $count } wiadomość
    [few] { $count } wiadomości
    [many] { $count } wiadomości.
   *[other] { $count } wiadomości od { $who }
}`)["unread"]!.text;

test("plural forms follow the language's own rules", () => {
  assert.equal(format(unread, { count: 1 }, "pl"), "1 wiadomość");
  assert.equal(format(unread, { count: 3 }, "pl"), "3 wiadomości");
  assert.equal(format(unread, { count: 12 }, "pl"), "12 wiadomości.");
  assert.equal(format(unread, { count: 1.5, who: "Mina" }, "pl"), "1,5 wiadomości od Mina");
});

test("a form that a language asks for and the file lacks is the other form", () => {
  const { text } = compileWords("left = { $count ->\n   *[other] { $count } left\n}")["left"]!;
  assert.equal(format(text, { count: 1 }, "en"), "1 left");
});

test("what a visitor or a shop wrote is put in as it is", () => {
  assert.equal(format("Chat with {shop}", { shop: "{count} $& Clay" }, "en"), "Chat with {count} $& Clay");
});

test("numbers are written the language's way", () => {
  assert.equal(format("{limit}", { limit: 4_000 }, "en"), "4,000");
});

const WRONG = {
  "a key twice": "a = b\na = c",
  "a broken entry": "a = { $",
  "a number as a form": "a = { $n ->\n    [0] none\n   *[other] some\n}",
  "a choice within text": "a = You have { $n ->\n   *[other] some\n}",
  "a function": "a = { NUMBER($n) }",
  "a term": "-brand = Shopbell",
  "no other form": "a = { $n ->\n   *[one] x\n}",
  "an attribute": "a = b\n    .title = c",
};

for (const [name, source] of Object.entries(WRONG)) {
  test(`the build refuses ${name}`, () => assert.throws(() => compileWords(source), /widget\.ftl/));
}

test("a key that the sources lack or the file lacks fails the build", () => {
  const words = compileWords("close = Close\nopen = Open");
  assert.throws(() => checkUse(words, ['say("close")']), /nobody uses: open/);
  assert.throws(() => checkUse(words, ['say("close")', 'say("open"); say("send")']), /lacks: send/);
  checkUse(words, ['say("close") + say("open")', 'this.say("here")']);
});
