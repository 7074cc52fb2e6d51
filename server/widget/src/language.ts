// Which language the visitor reads, and where its words come from. Only that language is loaded; where it cannot be,
// the widget speaks English rather than nothing.
import type { Env } from "./env.ts";
import { ENGLISH, LANGUAGES } from "./generated/words.ts";
import { speak, type Text, type Words } from "./words.ts";

const EN = "en";
/** So long the button may be late for its words. */
const WORDS_TIMEOUT_MS = 5_000;

/** What each asks for, as BCP 47 tags; the first that is spoken here counts. */
export interface Wishes {
  /** The script tag, by its `lang`. */
  script: string;
  /** The page, by the `lang` of its root. */
  page: string;
  /** The visitor, by the browser's settings. */
  browser: readonly string[];
}

/** Answers when there is something to say: in the language that is wished for, or in English. */
export async function learn(env: Pick<Env, "fetch" | "after">, origin: string, wishes: Wishes): Promise<void> {
  const asked = [wishes.script, wishes.page, ...wishes.browser];
  const language = asked.map(spoken).find(Boolean) ?? EN;
  // The visitor's own region, where it is of this language: its dates and numbers are written that way.
  const locale = [...wishes.browser, ...asked].find((tag) => spoken(tag) === language) ?? language;
  const words = language === EN ? ENGLISH : await fetchWords(env, `${origin}/widget/${language}.json`);
  if (words) speak(language, validLocale(locale) ?? language, words);
  else speak(EN, EN, ENGLISH);
}

/** The language that a tag means, whatever its region; any Chinese is the one that is spoken here. */
export function spoken(tag: string): string | undefined {
  const primary = (name: string) => name.split(/[-_]/)[0]?.toLowerCase();
  return LANGUAGES.find((language) => primary(language) === primary(tag));
}

/** Whoever writes a page may write anything into `lang`; Intl throws at most of it. */
function validLocale(tag: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(tag)[0];
  } catch {
    return undefined;
  }
}

async function fetchWords(env: Pick<Env, "fetch" | "after">, url: string): Promise<Words | null> {
  const timeout = new AbortController();
  const cancel = env.after(WORDS_TIMEOUT_MS, () => timeout.abort());
  try {
    const reply = await env.fetch(url, { method: "GET", headers: {}, signal: timeout.signal, cache: "default" });
    if (reply.status !== 200) return null;
    const words = Object.entries((await reply.json()) as object).filter(isWord);
    return words.length > 0 ? Object.fromEntries(words) : null;
  } catch {
    return null;
  } finally {
    cancel();
  }
}

function isWord(entry: [key: string, text: any]): entry is [string, Text] {
  return typeof entry[1] === "string" || typeof entry[1]?.other === "string";
}
