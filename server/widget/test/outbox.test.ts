import assert from "node:assert/strict";
import { test } from "node:test";
import { RETRY_FIRST_MS, RETRY_LONGEST_MS } from "../src/retry.ts";
import { KEY, problem, settle, World } from "./world.ts";

const texts = (world: World) => world.shop.received.map(({ text }) => text);
const posts = (world: World) => world.shop.asked.filter(({ path }) => path.endsWith("/messages")).length;

test("a session begins with the first message and not before", async () => {
  const world = new World();
  const tab = await world.open("Ana".padEnd(200, "!"));
  assert.equal(world.shop.sessions.length, 0);
  await tab.send("Hello");
  assert.equal(world.shop.sessions.length, 1);
  const { page, ...asked } = world.shop.sessions[0]!.asked;
  assert.deepEqual(asked, { key: KEY, name: "Ana".padEnd(80, "!"), language: "en-GB" });
  assert.deepEqual(page, { url: "https://juniper.example/kettle", title: "The quiet kettle" });
  assert.deepEqual(tab.shown, ["You: Hello (sent)"]);
});

test("what is written without a network is shown as waiting and sent once, in order, when it is back", async () => {
  const world = new World();
  const tab = await world.open();
  await world.setOnline(false);
  await tab.send("One");
  await tab.send("Two");
  assert.deepEqual(tab.shown, ["You: One (waiting)", "You: Two (waiting)"]);
  assert.equal(tab.chat.view().isOffline, true);
  assert.equal(tab.chat.view().waiting, 2);
  await world.setOnline(true);
  assert.deepEqual(texts(world), ["One", "Two"]);
  assert.deepEqual(tab.shown, ["You: One (sent)", "You: Two (sent)"]);
  assert.equal(tab.chat.view().isOffline, false);
});

test("an answer that is lost makes the same message go again, under the same id", async () => {
  const world = new World();
  const tab = await world.open();
  world.shop.answerNext(/messages/, "lost");
  for (let time = 0; time < 9; time += 1) world.shop.answerNext(/events/, problem(503, "busy"));
  await tab.send("Hello");
  assert.deepEqual(tab.shown, ["You: Hello (waiting)"]);
  await world.pass(RETRY_FIRST_MS);
  assert.equal(posts(world), 2);
  assert.deepEqual(texts(world), ["Hello"]);
  assert.deepEqual(tab.shown, ["You: Hello (sent)"]);
});

test("a message whose answer was lost is known from the feed", async () => {
  const world = new World();
  const tab = await world.open();
  world.shop.answerNext(/messages/, "lost");
  await tab.send("Hello");
  assert.deepEqual(tab.shown, ["You: Hello (sent)"]);
  await world.pass(RETRY_LONGEST_MS);
  assert.equal(posts(world), 1);
});

test("unsent messages survive a crash of the tab and of the whole browser", async () => {
  const world = new World();
  const tab = await world.open();
  await tab.send("Before");
  await world.setOnline(false);
  await tab.send("During");
  await tab.crash();
  const again = await world.open();
  assert.deepEqual(again.shown, ["You: Before (sent)", "You: During (waiting)"]);
  await world.setOnline(true);
  assert.deepEqual(again.shown, ["You: Before (sent)", "You: During (sent)"]);
  assert.deepEqual(texts(world), ["Before", "During"]);
});

test("a crash between the server's answer and its record repeats the request, not the message", async () => {
  const world = new World();
  const tab = await world.open();
  world.shop.answerNext(/messages/, "lost");
  await tab.send("Hello");
  await tab.crash();
  const again = await world.open();
  assert.deepEqual(texts(world), ["Hello"]);
  assert.deepEqual(again.shown, ["You: Hello (sent)"]);
});

test("a refused message keeps its text, holds nothing up, and goes again when asked", async () => {
  const world = new World();
  const tab = await world.open();
  world.shop.answerNext(/messages/, problem(422, "text-invalid", { limit_chars: 10 }));
  await tab.send("Too long for them");
  world.shop.answerNext(/messages/, problem(422, "malformed"));
  await tab.send("Odd");
  await tab.send("Fine");
  assert.deepEqual(tab.shown, ["You: Fine (sent)", "You: Too long for them (too-long)", "You: Odd (other)"]);
  const [, long, odd] = tab.chat.view().lines;
  const again = await tab.reload();
  assert.deepEqual(texts(world), ["Fine"]);
  again.chat.retry(odd!.id);
  again.chat.discard(long!.id);
  await settle();
  assert.deepEqual(again.shown, ["You: Fine (sent)", "You: Odd (sent)"]);
});

test("a body that is too large is refused too", async () => {
  const world = new World();
  const tab = await world.open();
  world.shop.answerNext(/messages/, problem(413, "too-large", { limit_bytes: 65_536 }));
  await tab.send("Hello");
  assert.deepEqual(tab.shown, ["You: Hello (too-long)"]);
});

test("a rate limit is waited for, whatever the customer does meanwhile", async () => {
  const world = new World();
  const tab = await world.open();
  await tab.send("One");
  world.shop.answerNext(/messages/, { ...problem(429, "slow-down"), headers: { "retry-after": "30" } });
  await tab.send("Two");
  await tab.send("Three");
  await tab.look();
  await world.pass(29_999);
  assert.equal(posts(world), 2);
  await world.pass(1);
  assert.deepEqual(texts(world), ["One", "Two", "Three"]);
});

test("the wait in the problem document counts where the header cannot be read", async () => {
  const world = new World();
  const tab = await world.open();
  world.shop.answerNext(/messages/, problem(429, "slow-down", { retry_after_ms: 20_000 }));
  await tab.send("One");
  await world.pass(19_999);
  assert.deepEqual(texts(world), []);
  await world.pass(1);
  assert.deepEqual(texts(world), ["One"]);
});

test("a server that is down is asked less and less often, and at once when somebody looks", async () => {
  const world = new World();
  const tab = await world.open();
  for (let time = 0; time < 100; time += 1) world.shop.answerNext(/messages/, problem(503, "busy"));
  await tab.send("Hello");
  await world.pass(10 * RETRY_LONGEST_MS);
  assert.ok(posts(world) > 10 && posts(world) < 30, `${posts(world)} requests in ten minutes`);
  world.shop.instead = [];
  await tab.look();
  assert.deepEqual(tab.shown, ["You: Hello (sent)"]);
});

test("a server that forgets every session at once is not asked in a loop", async () => {
  const world = new World();
  const tab = await world.open();
  const begun = () => world.shop.asked.filter(({ path }) => path.endsWith("/sessions")).length;
  for (let time = 0; time < 200; time += 1)
    world.shop.answerNext(/messages|events/, problem(401, "session-expired"));
  await tab.send("Hello");
  assert.ok(begun() <= 3, `${begun()} sessions`);
  await world.pass(10 * RETRY_LONGEST_MS);
  assert.ok(begun() > 10 && begun() < 30, `${begun()} sessions in ten minutes`);
  world.shop.instead = [];
  await world.pass(RETRY_LONGEST_MS);
  assert.deepEqual(tab.shown, ["You: Hello (sent)"]);
});

test("the limit is known before sending, counted as the server counts", async () => {
  const world = new World();
  world.shop.textChars = 5;
  const tab = await world.open();
  assert.equal(tab.chat.charactersLeft("🫖🫖🫖🫖🫖"), 0);
  assert.equal(tab.chat.charactersLeft("  123456  "), -1);
  assert.equal(tab.chat.send("123456"), false);
  assert.equal(tab.chat.send(" \n "), false);
  assert.deepEqual(tab.shown, []);
  await tab.send("a\ud800b");
  assert.deepEqual(texts(world), ["a\uFFFDb"]);
});

test("a full storage loses nothing while the page lives, and says what will be lost", async () => {
  const world = new World();
  const tab = await world.open();
  assert.equal(tab.chat.view().isDurable, true);
  world.storage!.isFull = true;
  await world.setOnline(false);
  await tab.send("Hello");
  assert.equal(tab.chat.view().isDurable, false);
  await world.setOnline(true);
  assert.deepEqual(texts(world), ["Hello"]);
  assert.deepEqual(tab.shown, ["You: Hello (sent)"]);
});

test("a storage that lets nothing be removed does not make a message go twice", async () => {
  const world = new World();
  const tab = await world.open();
  world.storage!.values.delete = () => false;
  await tab.send("Hello");
  await world.pass(RETRY_LONGEST_MS);
  assert.equal(posts(world), 1);
  assert.deepEqual(tab.shown, ["You: Hello (sent)"]);
});

test("a blocked storage leaves a chat that works", async () => {
  const world = new World();
  world.storage = null;
  const tab = await world.open();
  await tab.send("Hello");
  world.shop.staffSays("Hi");
  await settle();
  assert.deepEqual(tab.shown, ["You: Hello (sent)", "Theo: Hi"]);
  assert.equal(tab.chat.view().isDurable, false);
});

test("values in the storage that are not ours to understand are passed over", async () => {
  const world = new World();
  const prefix = `shopbell:1:${KEY}:`;
  world.storage!.values.set(`${prefix}conversation`, "{");
  world.storage!.values.set(`${prefix}shop`, "[]");
  world.storage!.values.set(`${prefix}unsent:1`, '"text"');
  const tab = await world.open();
  await tab.send("Hello");
  assert.deepEqual(tab.shown, ["You: Hello (sent)"]);
});

test("a draft survives a reload and goes with what is sent", async () => {
  const world = new World();
  const tab = await world.open();
  tab.chat.saveDraft("Half a thou");
  const again = await tab.reload();
  assert.equal(again.chat.draft, "Half a thou");
  again.chat.saveDraft("");
  assert.equal((await again.reload()).chat.draft, "");
});

for (let seed = 1; seed <= 60; seed += 1) {
  test(`whatever fails, each message arrives once and in order (seed ${seed})`, async () => {
    const world = new World(seed);
    let tab = await world.open();
    const written: string[] = [];
    for (let step = 0; step < 60; step += 1) {
      const choice = Math.floor(world.random() * 9);
      if (choice <= 1) {
        written.push(`message ${step}`);
        await tab.send(`message ${step}`);
      } else if (choice === 2) world.shop.answerNext(/messages|events/, "lost");
      else if (choice === 3) world.shop.answerNext(/messages|sessions/, problem(503, "busy"));
      else if (choice === 4) await world.setOnline(!world.isOnline);
      else if (choice === 5) await world.pass(Math.floor(world.random() * 5_000));
      else if (choice === 6) tab = await tab.reload();
      else if (choice === 7) {
        await tab.crash();
        tab = await world.open();
      } else if (world.shop.sessions.length > 0) world.shop.staffSays(`answer ${step}`);
    }
    world.shop.instead = [];
    await world.setOnline(true);
    await world.pass(5 * RETRY_LONGEST_MS);
    assert.deepEqual(texts(world), written);
    const [session] = world.shop.sessions;
    const shown = (session ? world.shop.standing(session) : []).map(({ from, name, text }) =>
      from === "customer" ? `You: ${text} (sent)` : `${name}: ${text}`,
    );
    assert.deepEqual(tab.shown, shown);
    assert.equal(world.shop.sessions.length <= 1, true);
  });
}
