// Compiles l10n/en/widget.ftl into src/generated/words.ts: a table of strings and the type of each key's
// arguments. Fails on a key that the sources ask for and the file lacks, and on one that nobody uses.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { checkUse, compileWords } from "./fluent.mjs";

const LANGUAGE = "en";
const SOURCE = new URL(`../../../l10n/${LANGUAGE}/widget.ftl`, import.meta.url);
const SOURCES = new URL("../src/", import.meta.url);
const GENERATED = new URL("../src/generated/words.ts", import.meta.url);

const words = compileWords(readFileSync(SOURCE, "utf8"));
const names = readdirSync(SOURCES).filter((name) => name.endsWith(".ts"));
checkUse(
  words,
  names.map((name) => readFileSync(new URL(name, SOURCES), "utf8")),
);
mkdirSync(new URL(".", GENERATED), { recursive: true });
writeFileSync(GENERATED, generate(words));

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
