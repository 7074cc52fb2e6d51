// What the visitor reads, from l10n/<language>/widget.ftl by way of build/words.mjs. Each use of `say` names
// its key as a literal: the build finds missing and unused keys that way.
import { LANGUAGE, WORDS, type WordArgs } from "./generated/words.ts";

export { LANGUAGE };
export type Text = string | ({ by: string; other: string } & { [form: string]: string });
type Key = keyof WordArgs;
type Args<K extends Key> = keyof WordArgs[K] extends never ? [] : [args: WordArgs[K]];

export function say<K extends Key>(key: K, ...[args]: Args<K>): string {
  return format(WORDS[key], args ?? {}, LANGUAGE);
}

export function format(text: Text, args: Record<string, string | number>, language: string): string {
  let pattern = text as string;
  if (typeof text !== "string") {
    const form = new Intl.PluralRules(language).select(args[text.by] as number);
    pattern = text[form] ?? text.other;
  }
  return pattern.replace(/\{([\w-]+)\}/g, (_, name: string) => {
    const value = args[name] ?? "";
    return typeof value === "number" ? new Intl.NumberFormat(language).format(value) : value;
  });
}
