// Servers that came back from a copy: with another epoch, with less than they had, or without the session at all.
import assert from "node:assert/strict";
import { test } from "node:test";
import { CHECK_EVERY_MS } from "../src/connection.ts";
import { RETRY_LONGEST_MS } from "../src/retry.ts";
import { KEY, problem, settle, World, type Tab } from "./world.ts";

const SHOWN = ["You: Hello (sent)", "Theo: Hi Ana", "You: Do you gift-wrap? (sent)", "Theo: We do (edited)"];

/** Ana and Theo have said what `SHOWN` says: five events. */
async function talking(): Promise<{ world: World; tab: Tab }> {
  const world = new World();
  const tab = await world.open();
  await tab.send("Hello");
  world.shop.staffSays("Hi Ana");
  await tab.send("Do you gift-wrap?");
  world.shop.staffSays("We do!");
  world.shop.staffRevises("We do");
  await settle();
  assert.deepEqual(tab.shown, SHOWN);
  return { world, tab };
}

const texts = (world: World) => world.shop.received.map(({ text }) => text);
const begun = (world: World) => world.shop.asked.filter(({ path }) => path.endsWith("/sessions"));

/** Whatever each of `tabs` showed while `happens`. */
async function watched(tabs: Tab[], happens: () => Promise<void>): Promise<Set<string>> {
  const seen = new Set<string>();
  for (const { chat } of tabs) {
    const shows = chat.onChange;
    chat.onChange = () => {
      seen.add(chat.view().lines.map(({ text, state }) => `${text} (${state})`).join(", "));
      shows();
    };
  }
  await happens();
  return seen;
}

for (const lost of [0, 1, 2, 3, 5]) {
  test(`a server restored without ${lost} events has the customer's own again, without a flicker`, async () => {
    const { world, tab } = await talking();
    const seen = await watched([tab], async () => {
      world.shop.restore(lost);
      await settle();
      await world.pass(CHECK_EVERY_MS);
    });
    assert.deepEqual(texts(world), ["Hello", "Do you gift-wrap?"]);
    assert.deepEqual(tab.shown, SHOWN);
    assert.equal(seen.size, 1, [...seen].join("\n"));
    world.shop.staffSays("Anything else?");
    await tab.send("No, thank you");
    assert.deepEqual(tab.shown, [...SHOWN, "Theo: Anything else?", "You: No, thank you (sent)"]);
    assert.deepEqual((await tab.reload()).shown, tab.shown);
  });
}

test("a session that the server has lost is made again under its old id and token, at once", async () => {
  const { world, tab } = await talking();
  const { id, token } = world.shop.sessions[0]!;
  const seen = await watched([tab], async () => {
    world.shop.restoreFromBefore();
    await settle();
  });
  assert.equal(seen.size, 1, [...seen].join("\n"));
  const { again, key } = JSON.parse(begun(world).at(-1)!.body!);
  assert.deepEqual([again, key], [{ session: id, token }, KEY]);
  assert.deepEqual(texts(world), ["Hello", "Do you gift-wrap?"]);
  assert.equal(world.shop.sessions[0]!.token, token);
  assert.equal(world.shop.sessions[0]!.sockets.size, 1);
  world.shop.staffSays("Here again");
  await settle();
  assert.deepEqual(tab.shown, [...SHOWN, "Theo: Here again"]);
});

test("a lost session is found out by a message too, which goes after those that were lost", async () => {
  const { world, tab } = await talking();
  await world.setOnline(false);
  world.shop.restoreFromBefore();
  await tab.send("Are you there?");
  await world.setOnline(true);
  assert.deepEqual(texts(world), ["Hello", "Do you gift-wrap?", "Are you there?"]);
  assert.deepEqual(tab.shown, [...SHOWN, "You: Are you there? (sent)"]);
});

test("a lost session is made again for a customer who only comes back to look", async () => {
  const { world, tab } = await talking();
  await tab.close();
  world.shop.restoreFromBefore();
  const again = await world.open();
  assert.deepEqual(texts(world), ["Hello", "Do you gift-wrap?"]);
  assert.deepEqual(again.shown, SHOWN);
});

test("a server that gives another session gets the customer's messages there; none shows as refused", async () => {
  const { world, tab } = await talking();
  world.shop.takesBack = false;
  world.shop.restoreFromBefore();
  world.shop.answerNext(/messages/, problem(422, "malformed")); // it knows that id in another conversation
  await settle();
  assert.deepEqual(texts(world), ["Do you gift-wrap?"]);
  world.shop.staffSays("Hello again");
  await settle();
  assert.deepEqual(tab.shown, [...SHOWN, "Theo: Hello again"]);
});

test("what a crash, a lost answer or a busy server interrupts goes on, each message once", async () => {
  const { world, tab } = await talking();
  for (const answer of ["lost", problem(503, "busy"), "lost"] as const) world.shop.answerNext(/messages/, answer);
  world.shop.answerNext(/sessions/, "lost");
  world.shop.restoreFromBefore();
  await settle();
  await tab.crash();
  const again = await world.open();
  assert.deepEqual(again.shown, SHOWN);
  await world.pass(5 * RETRY_LONGEST_MS);
  assert.deepEqual(texts(world), ["Hello", "Do you gift-wrap?"]);
  assert.deepEqual(again.shown, SHOWN);
  assert.equal(world.shop.sessions.length, 1);
});

test("two restores in a row, the second from a copy that is older still", async () => {
  const { world, tab } = await talking();
  world.shop.restore(3);
  await settle();
  world.shop.restoreFromBefore();
  await settle();
  assert.deepEqual(texts(world), ["Hello", "Do you gift-wrap?"]);
  assert.deepEqual(tab.shown, SHOWN);
});

test("what an older script stored is replayed by this one", async () => {
  const { world, tab } = await talking();
  const key = `shopbell:1:${KEY}:conversation`;
  const { session, next, era, messages, trimmed } = JSON.parse(world.storage!.values.get(key)!);
  const older = messages.map(({ place: _, ...message }: { place: number }) => message);
  await tab.close();
  world.storage!.values.set(key, JSON.stringify({ session, next, era, messages: older, trimmed }));
  world.shop.restoreFromBefore();
  const again = await world.open();
  assert.deepEqual(texts(world), ["Hello", "Do you gift-wrap?"]);
  assert.equal(again.shown.length, SHOWN.length);
});

for (const hasLocks of [true, false]) {
  test(`two tabs agree through a restore (${hasLocks ? "with" : "without"} locks)`, async () => {
    const world = new World();
    world.hasLocks = hasLocks;
    const one = await world.open();
    const two = await world.open();
    await two.send("Hello");
    world.shop.staffSays("Hi Ana");
    await settle();
    const before = two.shown;
    const seen = await watched([one, two], async () => {
      // Both lead for a moment, and both hear of it.
      one.isVisible = true;
      world.shop.restoreFromBefore();
      one.chat.attend();
      two.chat.attend();
      await settle();
      await world.pass(2 * CHECK_EVERY_MS);
    });
    assert.equal(seen.size, 1, [...seen].join("\n"));
    assert.deepEqual(one.shown, before);
    assert.deepEqual(two.shown, before);
    assert.deepEqual(texts(world), ["Hello"]);
    assert.equal(world.shop.sessions.length, 1);
    assert.equal(world.shop.sessions[0]!.sockets.size, 1);
    world.shop.staffSays("Good day");
    world.shop.staffRevises("Good morning");
    await settle();
    assert.deepEqual(one.shown, [...before, "Theo: Good morning (edited)"]);
    assert.deepEqual(two.shown, one.shown);
  });
}
