import assert from "node:assert/strict";
import { test } from "node:test";
import style from "../src/style.css";

const PAIRS: [text: string, on: string][] = [
  ["text", "surface"],
  ["text", "surface-2"],
  ["text", "outgoing"],
  ["muted", "surface"],
  ["muted", "surface-2"],
  ["accent", "surface"],
  ["on-accent", "accent"],
  ["warning", "surface"],
  ["warning", "surface-2"],
  ["danger", "surface"],
  ["surface", "danger"],
  ["online", "surface"],
];

/** Edges and marks that must be seen to know what something is. */
const MARKS: [mark: string, on: string][] = [
  ["muted", "surface"],
  ["muted", "surface-2"],
  ["accent", "surface"],
  ["accent", "surface-2"],
  ["danger", "surface-2"],
  ["online", "surface"],
];

const [light, dark] = style.split("[data-dark]").map(tokensOf);

const SCHEMES = [
  ["light", light!],
  ["dark", { ...light!, ...dark! }],
] as const;

for (const [what, pairs, least] of [
  ["text is readable on what it stands on", PAIRS, 4.5],
  ["mark is seen on what it stands on", MARKS, 3],
] as const) {
  test(`every ${what}, in both schemes`, () => {
    for (const [scheme, tokens] of SCHEMES) {
      for (const [front, on] of pairs) {
        const ratio = contrast(tokens[front]!, tokens[on]!);
        assert.ok(ratio >= least, `${scheme}: ${front} on ${on} is ${ratio.toFixed(2)}:1`);
      }
    }
  });
}

test("dark has a value of its own for every colour", () => {
  assert.deepEqual(Object.keys(dark!).sort(), Object.keys(light!).sort());
});

test("the rule sees a pair that is too pale", () => {
  assert.ok(contrast("#999999", "#ffffff") < 4.5);
  assert.equal(Math.round(contrast("#000000", "#ffffff")), 21);
});

/** Colours that are `--name: #rrggbb` or `#rgb`, as the minifier leaves them. */
function tokensOf(css: string): Record<string, string> {
  const found = css.matchAll(/--([\w-]+):\s*(#[0-9a-f]{3,6}|[a-z]+)\b/g);
  return Object.fromEntries([...found].map(([, name, value]) => [name, long(value!)]));
}

function long(value: string): string {
  return value.length === 4 ? value.replace(/[0-9a-f]/g, "$&$&") : value;
}

function contrast(one: string, other: string): number {
  const [dim, bright] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (bright! + 0.05) / (dim! + 0.05);
}

/** WCAG 2.2, relative luminance. */
function luminance(colour: string): number {
  assert.match(colour, /^#[0-9a-f]{6}$/);
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const share = parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}
