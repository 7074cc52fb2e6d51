// Compiles l10n/en/widget.ftl into src/generated/words.ts: a table of strings, the type of each key's arguments,
// and which other languages there are. Fails on a key that the sources ask for and the file lacks, and on one
// that nobody uses.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { checkUse } from "./fluent.mjs";
import { ENGLISH, readLanguages, table } from "./languages.mjs";

const SOURCES = new URL("../src/", import.meta.url);
const GENERATED = new URL("../src/generated/words.ts", import.meta.url);

const languages = readLanguages();
const names = readdirSync(SOURCES).filter((name) => name.endsWith(".ts"));
checkUse(
  languages[ENGLISH],
  names.map((name) => readFileSync(new URL(name, SOURCES), "utf8")),
);
mkdirSync(new URL(".", GENERATED), { recursive: true });
writeFileSync(GENERATED, generate(languages[ENGLISH]));

function generate(words) {
  const types = Object.entries(words).map(([key, { args }]) => {
    const fields = Object.entries(args).map(([name, type]) => `${name}: ${type}`);
    return `  ${JSON.stringify(key)}: { ${fields.join("; ")} };`;
  });
  return [
    `// Made by build/words.mjs from l10n/*/widget.ftl. Do not edit.`,
    `import type { Text } from "../words.ts";`,
    `export const LANGUAGES = ${JSON.stringify(Object.keys(languages))};`,
    `export const ENGLISH: { [K in keyof WordArgs]: Text } = ${JSON.stringify(table(words), null, 2)};`,
    `export interface WordArgs {\n${types.join("\n")}\n}`,
    "",
  ].join("\n");
}
