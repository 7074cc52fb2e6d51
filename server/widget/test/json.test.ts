import assert from "node:assert/strict";
import { test } from "node:test";
import { toJson } from "../src/json.ts";

const PLAIN = { text: "a \"b\"", list: [1, "two", [true, null]], left: undefined, deep: { n: 0 } };

test("plain data is what JSON.stringify makes of it", () => {
  assert.equal(toJson(PLAIN), JSON.stringify(PLAIN));
});

test("a library's toJSON is passed over", () => {
  const right = JSON.stringify(PLAIN);
  const toJSON = { configurable: true, value: () => "a library's" };
  for (const kind of [Array, String, Number, Boolean]) Object.defineProperty(kind.prototype, "toJSON", toJSON);
  try {
    assert.notEqual(JSON.stringify(PLAIN), right);
    assert.equal(toJson(PLAIN), right);
  } finally {
    for (const kind of [Array, String, Number, Boolean]) delete (kind.prototype as { toJSON?: unknown }).toJSON;
  }
});
