// The widget's words in every language that has a folder in l10n/. The build of the Rust crate there compares
// placeholders and plural forms; here only what the widget itself relies on: the same keys as English.
import { readFileSync, readdirSync } from "node:fs";
import { compileWords } from "./fluent.mjs";

/** Part of the script; the others are files of their own. */
export const ENGLISH = "en";
const FOLDERS = new URL("../../../l10n/", import.meta.url);

/** Answers `{ [tag]: words }`, as `compileWords` makes them. */
export function readLanguages() {
  const tags = readdirSync(FOLDERS, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && readdirSync(new URL(entry.name, FOLDERS)).includes("widget.ftl"))
    .map(({ name }) => name)
    .sort();
  return compareKeys(
    Object.fromEntries(
      tags.map((tag) => [tag, compileWords(readFileSync(new URL(`${tag}/widget.ftl`, FOLDERS), "utf8"))]),
    ),
  );
}

/** Throws unless every language has the keys of English. */
export function compareKeys(languages) {
  const english = languages[ENGLISH];
  for (const [tag, words] of Object.entries(languages)) {
    const missing = Object.keys(english).filter((key) => !words[key]);
    const surplus = Object.keys(words).filter((key) => !english[key]);
    const file = `l10n/${tag}/widget.ftl`;
    if (missing.length > 0) throw new Error(`${file} lacks: ${missing.join(", ")}`);
    if (surplus.length > 0) throw new Error(`${file} has what English has not: ${surplus.join(", ")}`);
  }
  return languages;
}

/** What the browser loads: `{ key: text }`. */
export function table(words) {
  return Object.fromEntries(Object.entries(words).map(([key, { text }]) => [key, text]));
}
