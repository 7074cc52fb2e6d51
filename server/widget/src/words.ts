// What the visitor reads, from l10n/<language>/widget.ftl by way of build/words.mjs. Each use of `say` names
// its key as a literal: the build finds missing and unused keys that way. English is part of the script; another
// language is put in its place by `speak`, before anything is shown.
import { ENGLISH, type WordArgs } from "./generated/words.ts";

export type Text = string | ({ by: string; other: string } & { [form: string]: string });
export type Words = { readonly [key: string]: Text };
type Key = keyof WordArgs;
type Args<K extends Key> = keyof WordArgs[K] extends never ? [] : [args: WordArgs[K]];

/** BCP 47: what is spoken, and how dates and numbers are written in it. */
export let LANGUAGE = "en";
export let LOCALE = "en";
let words: Words = ENGLISH;

/** A word that `learned` lacks is said in English. */
export function speak(language: string, locale: string, learned: Words): void {
  [LANGUAGE, LOCALE, words] = [language, locale, learned];
}

export function say<K extends Key>(key: K, ...[args]: Args<K>): string {
  const own = words[key];
  return own ? format(own, args ?? {}, LOCALE) : format(ENGLISH[key], args ?? {}, "en");
}

export function format(text: Text, args: Record<string, string | number>, locale: string): string {
  let pattern = text as string;
  if (typeof text !== "string") {
    const form = new Intl.PluralRules(locale).select(args[text.by] as number);
    pattern = text[form] ?? text.other;
  }
  return pattern.replace(/\{([\w-]+)\}/g, (_, name: string) => {
    const value = args[name] ?? "";
    return typeof value === "number" ? new Intl.NumberFormat(locale).format(value) : value;
  });
}
