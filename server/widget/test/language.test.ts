import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { beforeEach, test } from "node:test";
import { compareKeys } from "../build/languages.mjs";
import type { Reply, Request } from "../src/env.ts";
import { ENGLISH, LANGUAGES } from "../src/generated/words.ts";
import { learn, spoken, type Wishes } from "../src/language.ts";
import { LANGUAGE, LOCALE, say, speak, type Text } from "../src/words.ts";

const NOBODY: Wishes = { script: "", page: "", browser: [] };
const BUILT = new URL("../../dist/words/", import.meta.url);

/** A server that has the built words; `asked` are the addresses that were asked for. */
class Server {
  asked: string[] = [];
  answer: (path: string) => Promise<Reply> = async (path) => {
    const text = readFileSync(new URL(path.replace("/widget/", ""), BUILT), "utf8");
    return reply(200, () => JSON.parse(text));
  };
  giveUp: () => void = () => {};

  async speaks(wishes: Partial<Wishes>): Promise<void> {
    await learn(this, "https://chat.example", { ...NOBODY, ...wishes });
  }

  fetch(url: string, { signal, cache }: Request): Promise<Reply> {
    assert.equal(cache, "default");
    const { pathname, origin } = new URL(url);
    assert.equal(origin, "https://chat.example");
    this.asked.push(pathname);
    const gone = new Promise<never>((_, lose) => {
      signal!.addEventListener("abort", () => lose(new Error("aborted")));
    });
    return Promise.race([this.answer(pathname), gone]);
  }

  after(_delay_ms: number, run: () => void): () => void {
    this.giveUp = run;
    return () => (this.giveUp = () => {});
  }
}

let server: Server;

beforeEach(() => {
  server = new Server();
  speak("en", "en", ENGLISH);
});

test("the script's wish comes before the page's, and the page's before the browser's", async () => {
  await server.speaks({ script: "pl", page: "fr", browser: ["zh-TW"] });
  assert.equal(LANGUAGE, "pl");
  await server.speaks({ page: "fr-CA", browser: ["zh-TW"] });
  assert.equal(LANGUAGE, "fr");
  await server.speaks({ page: "de", browser: ["it", "zh-TW", "pl"] });
  assert.equal(LANGUAGE, "zh-Hant");
  assert.deepEqual(server.asked, ["/widget/pl.json", "/widget/fr.json", "/widget/zh-Hant.json"]);
});

test("English asks the server for nothing", async () => {
  await server.speaks({ page: "en-GB", browser: ["pl"] });
  await server.speaks({ page: "de", browser: ["it"] });
  await server.speaks({});
  assert.deepEqual([LANGUAGE, server.asked], ["en", []]);
});

test("a tag means its language whatever its region, and any Chinese the one that is spoken", () => {
  assert.deepEqual(["en-AU", "FR", "pl_PL", "zh-HK", "zh-Hans-CN", "plt", "", "-"].map(spoken), [
    "en",
    "fr",
    "pl",
    "zh-Hant",
    "zh-Hant",
    undefined,
    undefined,
    undefined,
  ]);
});

test("French", async () => {
  await server.speaks({ script: "fr", browser: ["en-GB", "fr-FR"] });
  assert.equal(say("launcher"), "Discuter avec nous");
  assert.equal(say("new-below", { count: 0 }), "0 nouveau message");
  assert.equal(say("new-below", { count: 2 }), "2 nouveaux messages");
  assert.equal(say("new-below", { count: 1_000_000 }), "1\u202f000\u202f000 de nouveaux messages");
  assert.equal(LOCALE, "fr-FR");
});

test("Polish has its four forms", async () => {
  await server.speaks({ script: "pl" });
  const said = [1, 2, 5, 12, 22, 1.5].map((count) => say("new-below", { count }));
  assert.deepEqual(said, [
    "1 nowa wiadomość",
    "2 nowe wiadomości",
    "5 nowych wiadomości",
    "12 nowych wiadomości",
    "22 nowe wiadomości",
    "1,5 nowej wiadomości",
  ]);
});

test("Traditional Chinese", async () => {
  await server.speaks({ browser: ["zh-TW"] });
  assert.equal(say("panel", { shop: "Juniper & Clay" }), "與 Juniper & Clay 聊天");
  assert.equal(say("new-below", { count: 1 }), "1 則新訊息");
  assert.equal(LOCALE, "zh-TW");
});

test("every plural form that the browser may ask for is there", () => {
  for (const language of LANGUAGES) {
    const { pluralCategories } = new Intl.PluralRules(language).resolvedOptions();
    const words = language === "en" ? ENGLISH : JSON.parse(readFileSync(new URL(`${language}.json`, BUILT), "utf8"));
    for (const [key, text] of Object.entries<Text>(words)) {
      if (typeof text === "string") continue;
      const { by: _, ...forms } = text;
      assert.deepEqual(Object.keys(forms).sort(), [...pluralCategories].sort(), `${language} ${key}`);
    }
  }
});

const FAILURES: { [name: string]: () => Promise<Reply> } = {
  "the network fails": () => Promise.reject(new TypeError("Failed to fetch")),
  "the server has no such file": async () => reply(404, () => ({ launcher: "Not Found" })),
  "a page answers in its place": async () => reply(200, () => JSON.parse("<!doctype html>")),
  "it is no table": async () => reply(200, () => null),
  "it is of something else": async () => reply(200, () => ({ launcher: 7, panel: { one: "x" } })),
};

for (const [name, answer] of Object.entries(FAILURES)) {
  test(`it speaks English when ${name}`, async () => {
    server.answer = answer;
    await server.speaks({ script: "pl" });
    assert.deepEqual([LANGUAGE, say("launcher")], ["en", "Chat with us"]);
  });
}

test("it speaks English when the words take too long", async () => {
  server.answer = () => new Promise(() => {});
  const speaking = server.speaks({ script: "pl" });
  server.giveUp();
  await speaking;
  assert.deepEqual([LANGUAGE, say("launcher")], ["en", "Chat with us"]);
});

test("a word that an older file lacks is said in English, by English rules", async () => {
  server.answer = async () => reply(200, () => ({ launcher: "Napisz do nas" }));
  await server.speaks({ script: "pl" });
  assert.equal(say("launcher"), "Napisz do nas");
  assert.equal(say("new-below", { count: 5 }), "5 new messages");
});

test("a locale that is none does not break numbers", async () => {
  await server.speaks({ script: "pl-" });
  assert.equal(say("new-below", { count: 5 }), "5 nowych wiadomości");
});

test("the build refuses a language with other keys than English", () => {
  const word = { text: "", args: {} };
  const languages = (polish: object) => ({ en: { close: word }, pl: polish }) as any;
  assert.throws(() => compareKeys(languages({})), /l10n\/pl\/widget\.ftl lacks: close/);
  assert.throws(() => compareKeys(languages({ close: word, open: word })), /has what English has not: open/);
  compareKeys(languages({ close: word }));
});

function reply(status: number, json: () => unknown): Reply {
  return { status, headers: { get: () => null }, json: async () => json() };
}
