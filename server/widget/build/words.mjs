// Compiles l10n/en/widget.ftl into src/generated/words.ts: a table of strings and the type of each key's
// arguments. The subset is deliberate: text, `{ $variable }`, and one plural choice that is the whole message.
// It fails on anything else, on a key that the sources ask for and the file lacks, and on one that nobody uses.
import { parse } from "@fluent/syntax";
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const LANGUAGE = "en";
const SOURCE = new URL(`../../../l10n/${LANGUAGE}/widget.ftl`, import.meta.url);
const SOURCES = new URL("../src/", import.meta.url);
const GENERATED = new URL("../src/generated/words.ts", import.meta.url);

/** Fluent source → `{ key: { text, args } }`; `text` is a string with `{name}` holes, or plural forms. */
export function compileWords(source) {
  const words = {};
  for (const entry of parse(source, {}).body) {
    if (entry.type.endsWith("Comment")) continue;
    if (entry.type !== "Message" || !entry.value) {
      throw new Error(`widget.ftl: cannot use this entry: ${(entry.content ?? entry.id?.name ?? entry.type).trim()}`);
    }
    const key = entry.id.name;
    if (words[key]) throw new Error(`widget.ftl: ${key} is there twice`);
    if (entry.attributes.length > 0) throw new Error(`widget.ftl: ${key}: attributes are not supported`);
    words[key] = compileMessage(key, entry.value);
  }
  return words;
}

/** Throws unless the keys that the sources say are exactly those of the file. */
export function checkUse(words, sources) {
  const used = new Set(sources.flatMap((text) => [...text.matchAll(/\bsay\(\s*"([^"]+)"/g)].map((found) => found[1])));
  const missing = [...used].filter((key) => !words[key]);
  const unused = Object.keys(words).filter((key) => !used.has(key));
  if (missing.length > 0) throw new Error(`widget.ftl lacks: ${missing.join(", ")}`);
  if (unused.length > 0) throw new Error(`widget.ftl has keys that nobody uses: ${unused.join(", ")}`);
}

function compileMessage(key, pattern) {
  const args = {};
  const [only] = pattern.elements;
  const choice = pattern.elements.length === 1 && only.type === "Placeable" && only.expression;
  if (choice?.type !== "SelectExpression") return { text: flatten(key, pattern, args), args };

  if (choice.selector.type !== "VariableReference") throw new Error(`widget.ftl: ${key}: choose by a variable`);
  const count = choice.selector.id.name;
  args[count] = "number";
  const forms = {};
  for (const variant of choice.variants) {
    if (variant.key.type !== "Identifier") throw new Error(`widget.ftl: ${key}: only plural categories, not numbers`);
    forms[variant.key.name] = flatten(key, variant.value, args);
  }
  if (!forms.other) throw new Error(`widget.ftl: ${key}: the form *[other] is missing`);
  return { text: { by: count, ...forms }, args };
}

function flatten(key, pattern, args) {
  return pattern.elements
    .map((element) => {
      if (element.type === "TextElement") return element.value;
      if (element.expression.type !== "VariableReference") {
        throw new Error(`widget.ftl: ${key}: only { $variable } may stand within text`);
      }
      const name = element.expression.id.name;
      args[name] ??= "string | number";
      return `{${name}}`;
    })
    .join("");
}

function generate(words) {
  const table = Object.fromEntries(Object.entries(words).map(([key, { text }]) => [key, text]));
  const types = Object.entries(words).map(([key, { args }]) => {
    const fields = Object.entries(args).map(([name, type]) => `${name}: ${type}`);
    return `  ${JSON.stringify(key)}: { ${fields.join("; ")} };`;
  });
  return [
    `// Made by build/words.mjs from l10n/${LANGUAGE}/widget.ftl. Do not edit.`,
    `import type { Text } from "../words.ts";`,
    `export const LANGUAGE = ${JSON.stringify(LANGUAGE)};`,
    `export const WORDS: { [K in keyof WordArgs]: Text } = ${JSON.stringify(table, null, 2)};`,
    `export interface WordArgs {\n${types.join("\n")}\n}`,
    "",
  ].join("\n");
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const words = compileWords(readFileSync(SOURCE, "utf8"));
  const names = readdirSync(SOURCES).filter((name) => name.endsWith(".ts"));
  checkUse(words, names.map((name) => readFileSync(new URL(name, SOURCES), "utf8")));
  mkdirSync(new URL(".", GENERATED), { recursive: true });
  writeFileSync(GENERATED, generate(words));
}
