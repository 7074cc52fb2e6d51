import assert from "node:assert/strict";
import { test } from "node:test";
import { CHECK_EVERY_MS, POLL_PAUSE_MS, POLL_WAIT_MS, POLLS_BEFORE_SOCKET } from "../src/connection.ts";
import { MESSAGES_KEPT } from "../src/conversation.ts";
import { RETRY_LONGEST_MS } from "../src/retry.ts";
import { problem, settle, World, type Tab } from "./world.ts";

async function talking(prepare: (world: World) => void = () => {}): Promise<{ world: World; tab: Tab }> {
  const world = new World();
  prepare(world);
  const tab = await world.open();
  await tab.send("Hello");
  return { world, tab };
}

const polls = (world: World) =>
  world.shop.asked.filter(({ path }) => path.endsWith(`wait_ms=${POLL_WAIT_MS}`)).length;

test("an answer arrives by a poke, without time passing", async () => {
  const { world, tab } = await talking();
  world.shop.staffSays("Hi Ana");
  await settle();
  assert.deepEqual(tab.shown, ["You: Hello (sent)", "Theo: Hi Ana"]);
  assert.equal(polls(world), 0);
});

test("nothing is asked for or listened to before there is a session", async () => {
  const world = new World();
  await world.open();
  await world.pass(10 * CHECK_EVERY_MS);
  assert.deepEqual(
    world.shop.asked.map(({ path }) => path.split("?")[0]),
    ["/chat/v1/shop"],
  );
});

test("a customer who was away for long reads all pages", async () => {
  const { world, tab } = await talking();
  await tab.close();
  for (let count = 1; count <= 1_000; count += 1) world.shop.staffSays(`Answer ${count}`);
  const again = await world.open();
  assert.equal(again.shown.length, MESSAGES_KEPT);
  assert.equal(again.shown.at(-1), "Theo: Answer 1000");
  assert.equal(again.chat.view().isTrimmed, true);
});

test("where no socket can be had, a long poll brings the answer at once", async () => {
  const { world, tab } = await talking((world) => (world.shop.offersSockets = false));
  await world.pass(10_000);
  assert.ok(polls(world) > 0);
  world.shop.staffSays("Hi Ana");
  await settle();
  assert.deepEqual(tab.shown, ["You: Hello (sent)", "Theo: Hi Ana"]);
});

test("long polls wait for each other, and a socket is tried again after a while", async () => {
  const { world } = await talking((world) => (world.shop.offersSockets = false));
  await world.pass(10_000);
  await world.pass(POLL_WAIT_MS * 4);
  assert.ok(polls(world) <= 5, `${polls(world)} polls`);
  world.shop.offersSockets = true;
  await world.pass((POLL_WAIT_MS + POLL_PAUSE_MS) * POLLS_BEFORE_SOCKET);
  assert.equal(world.shop.sessions[0]!.sockets.size, 1);
  const before = polls(world);
  await world.pass(POLL_WAIT_MS * 4);
  assert.equal(polls(world), before);
});

test("a server that does not wait is not asked in a loop", async () => {
  const { world } = await talking((world) => {
    world.shop.offersSockets = false;
    world.shop.waits = false;
  });
  await world.pass(20 * POLL_PAUSE_MS);
  assert.ok(polls(world) > 0 && polls(world) <= 20, `${polls(world)} polls in twenty pauses`);
});

test("after a change of the network the old socket is not trusted", async () => {
  const { world, tab } = await talking();
  world.shop.sessions[0]!.sockets.clear();
  tab.chat.networkChanged();
  await settle();
  assert.equal(world.shop.sessions[0]!.sockets.size, 1);
});

test("a broken socket is made anew, and what was said meanwhile is read", async () => {
  const { world, tab } = await talking();
  await world.setOnline(false);
  world.shop.staffSays("Are you there?");
  await settle();
  assert.deepEqual(tab.shown, ["You: Hello (sent)"]);
  await world.setOnline(true);
  assert.deepEqual(tab.shown, ["You: Hello (sent)", "Theo: Are you there?"]);
  assert.equal(world.shop.sessions[0]!.sockets.size, 1);
});

test("a server that was down for long is found again without anybody's doing", async () => {
  const { world, tab } = await talking();
  world.isOnline = false;
  tab.dropSockets();
  await world.pass(10 * RETRY_LONGEST_MS);
  world.isOnline = true;
  world.shop.staffSays("We are back");
  await world.pass(2 * RETRY_LONGEST_MS);
  assert.deepEqual(tab.shown, ["You: Hello (sent)", "Theo: We are back"]);
  assert.equal(world.shop.sessions[0]!.sockets.size, 1);
});

test("a socket that died without a sign is looked behind", async () => {
  const { world, tab } = await talking();
  world.shop.sessions[0]!.sockets.clear();
  world.shop.staffSays("Hi Ana");
  await settle();
  assert.deepEqual(tab.shown, ["You: Hello (sent)"]);
  await world.pass(CHECK_EVERY_MS);
  assert.deepEqual(tab.shown, ["You: Hello (sent)", "Theo: Hi Ana"]);
});

test("an older server's events, which have no places, stand in the order in which they came", async () => {
  const { world, tab } = await talking((world) => (world.shop.saysPlaces = false));
  world.shop.staffSays("Hi Ana");
  await tab.send("Do you gift-wrap?");
  assert.deepEqual(tab.shown, ["You: Hello (sent)", "Theo: Hi Ana", "You: Do you gift-wrap? (sent)"]);
});

test("a message that the shop changes or deletes stays in its place", async () => {
  const { world, tab } = await talking();
  world.shop.staffSays("We gift-rap");
  await tab.send("Pardon?");
  world.shop.staffRevises("We gift-wrap");
  await settle();
  assert.deepEqual(tab.shown, ["You: Hello (sent)", "Theo: We gift-wrap (edited)", "You: Pardon? (sent)"]);
  world.shop.staffRevises(null);
  await settle();
  assert.deepEqual(tab.shown, ["You: Hello (sent)", "Theo: (deleted)", "You: Pardon? (sent)"]);
  assert.deepEqual((await tab.reload()).shown, tab.shown);
});

test("an answer that makes no sense changes nothing and is asked for again", async () => {
  const { world, tab } = await talking();
  world.shop.answerNext(/events/, {
    status: 200,
    body: { epoch: "epoch-1", events: [{ n: "one" }], next: 9 },
  });
  world.shop.staffSays("Hi Ana");
  await settle();
  assert.deepEqual(tab.shown, ["You: Hello (sent)"]);
  await world.pass(CHECK_EVERY_MS);
  assert.deepEqual(tab.shown, ["You: Hello (sent)", "Theo: Hi Ana"]);
});

test("a wrong key or a wrong origin leaves no chat, and one line of advice", async () => {
  for (const answer of [
    problem(404, "unknown-shop-key"),
    problem(403, "origin-not-allowed"),
    problem(422, "malformed"),
  ]) {
    const world = new World();
    world.shop.answerNext(/shop\?/, answer);
    const tab = await world.open();
    await world.pass(10 * CHECK_EVERY_MS);
    assert.equal(tab.chat.view().shop, null);
    assert.equal(tab.advice.length, 1);
    assert.equal(world.shop.asked.length, 1);
  }
});

test("a shop never reached is shown once it is; one reached before is shown at once", async () => {
  const world = new World();
  world.isOnline = false;
  const tab = await world.open();
  assert.equal(tab.chat.view().shop, null);
  await world.setOnline(true);
  assert.equal(tab.chat.view().shop?.online, true);
  await world.setOnline(false);
  const again = await tab.reload();
  assert.equal(again.chat.view().shop?.name, "Juniper & Clay");
  assert.equal(again.chat.view().shop?.online, false, "what was stored says nothing about now");
});

test("what was seen is not counted again on the next page", async () => {
  const { world, tab } = await talking();
  world.shop.staffSays("Hi Ana");
  world.shop.staffSays("How can we help?");
  await settle();
  assert.equal(tab.chat.view().unread, 2);
  tab.chat.markRead();
  assert.equal(tab.chat.view().unread, 0);
  const again = await tab.reload();
  assert.equal(again.chat.view().unread, 0);
  world.shop.staffSays("Still there?");
  await settle();
  assert.equal(again.chat.view().unread, 1);
});
