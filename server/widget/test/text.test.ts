import assert from "node:assert/strict";
import { test } from "node:test";
import { countScalars, cut, newMessageId, wellFormed } from "../src/text.ts";

const zeros = (count: number) => new Uint8Array(count);

test("a lone surrogate becomes U+FFFD and a pair stays", () => {
  assert.equal(wellFormed("a\ud800b\udc00c"), "a\uFFFDb\uFFFDc");
  assert.equal(wellFormed("tea 🫖"), "tea 🫖");
});

test("length is counted in scalar values, not in UTF-16 units", () => {
  assert.equal(countScalars("🫖"), 1);
  assert.equal(countScalars("👩‍🍳"), 3);
  assert.equal(countScalars("\u202eعبد\u0000"), 5);
});

test("a cut never leaves half a character", () => {
  assert.equal(cut("ab🫖d", 3), "ab🫖");
});

test("a message id is a UUID of version 7 that holds its time", () => {
  const id = newMessageId(Date.UTC(2026, 10, 25), () => new Uint8Array(10).fill(255));
  assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7fff-bfff-[0-9a-f]{12}$/);
  assert.equal(parseInt(id.replace("-", "").slice(0, 12), 16), Date.UTC(2026, 10, 25));
});

test("ids sort in the order in which they were made, though the clock is put back", () => {
  const first = newMessageId(5_000, zeros);
  const second = newMessageId(5_000, zeros, first);
  const third = newMessageId(1_000, zeros, second);
  assert.deepEqual([third, first, second].sort(), [first, second, third]);
});
