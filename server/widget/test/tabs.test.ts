import assert from "node:assert/strict";
import { test } from "node:test";
import { CHECK_EVERY_MS } from "../src/connection.ts";
import { HERE_EVERY_MS } from "../src/presence.ts";
import { problem, settle, World } from "./world.ts";

const texts = (world: World) => world.shop.received.map(({ text }) => text);
const posts = (world: World) => world.shop.asked.filter(({ path }) => path.endsWith("/messages")).length;
const sockets = (world: World) => world.shop.sessions.reduce((sum, session) => sum + session.sockets.size, 0);

for (const hasLocks of [true, false]) {
  const how = hasLocks ? "with locks" : "without locks";

  async function twoTabs() {
    const world = new World();
    world.hasLocks = hasLocks;
    return { world, one: await world.open(), two: await world.open() };
  }

  test(`a message shows once in each tab and is posted once (${how})`, async () => {
    const { world, one, two } = await twoTabs();
    await two.send("Hello");
    world.shop.staffSays("Hi Ana");
    await settle();
    assert.deepEqual(one.shown, ["You: Hello (sent)", "Theo: Hi Ana"]);
    assert.deepEqual(two.shown, one.shown);
    assert.equal(posts(world), 1);
    assert.equal(world.shop.sessions.length, 1);
    assert.equal(sockets(world), 1);
  });

  test(`the tab that is looked at leads (${how})`, async () => {
    const { world, one, two } = await twoTabs();
    await two.send("Hello");
    await two.hide();
    await one.look();
    await one.send("From here");
    assert.deepEqual(texts(world), ["Hello", "From here"]);
    assert.deepEqual(two.shown, one.shown);
    assert.equal(posts(world), 2);
    assert.equal(sockets(world), 1);
    if (hasLocks) assert.equal(world.locks.holder, one);
  });

  test(`what one tab left unsent goes from another (${how})`, async () => {
    const { world, one, two } = await twoTabs();
    await world.setOnline(false);
    await two.send("Hello");
    await two.close();
    assert.deepEqual(one.shown, ["You: Hello (waiting)"]);
    await one.look();
    await world.setOnline(true);
    assert.deepEqual(texts(world), ["Hello"]);
    assert.deepEqual(one.shown, ["You: Hello (sent)"]);
  });

  test(`a tab in sight takes over when the leader closes (${how})`, async () => {
    const { world, one, two } = await twoTabs();
    await two.send("Hello");
    await one.look(); // side by side: both are in sight
    two.chat.attend();
    await settle();
    await two.close();
    world.shop.staffSays("Hi Ana");
    await settle();
    assert.deepEqual(one.shown, ["You: Hello (sent)", "Theo: Hi Ana"]);
    assert.equal(sockets(world), 1);
  });

  test(`a frozen leader holds nobody up (${how})`, async () => {
    const { world, one, two } = await twoTabs();
    await one.look();
    await two.look();
    two.isVisible = false; // asleep: it hears nothing of that
    await one.look();
    await one.send("Hello");
    assert.deepEqual(texts(world), ["Hello"]);
  });
}

test("a tab that lost the lock gets it back when the others are gone", async () => {
  const world = new World();
  const one = await world.open();
  const two = await world.open();
  await two.send("Hello");
  assert.equal(world.locks.holder, two);
  await two.crash();
  assert.equal(world.locks.holder, one);
  world.shop.staffSays("Hi Ana");
  await settle();
  assert.deepEqual(one.shown, ["You: Hello (sent)", "Theo: Hi Ana"]);
});

test("where locks and storage are blocked each page leads itself", async () => {
  const world = new World();
  world.storage = null;
  world.locks.isBlocked = true;
  const tab = await world.open();
  await tab.send("Hello");
  world.shop.staffSays("Hi Ana");
  await settle();
  assert.deepEqual(tab.shown, ["You: Hello (sent)", "Theo: Hi Ana"]);
  await tab.hide();
  await tab.look();
  assert.equal(sockets(world), 1);
});

test("a page that comes back from the browser's cache goes on", async () => {
  const world = new World();
  const tab = await world.open();
  await tab.send("Hello");
  tab.chat.leave();
  await settle();
  assert.equal(sockets(world), 0);
  world.shop.staffSays("Hi Ana");
  await tab.look();
  assert.deepEqual(tab.shown, ["You: Hello (sent)", "Theo: Hi Ana"]);
  assert.equal(sockets(world), 1);
});

test("the shop hears that the customer is here while the page is in sight, and when it is left", async () => {
  const world = new World();
  const tab = await world.open();
  await world.pass(2 * HERE_EVERY_MS);
  await tab.send("Hello");
  const { presence } = world.shop.sessions[0]!;
  assert.deepEqual(presence, ["here"]);
  await world.pass(2 * HERE_EVERY_MS);
  assert.deepEqual(presence, ["here", "here", "here"]);
  await tab.hide();
  await world.pass(CHECK_EVERY_MS);
  assert.equal(presence.length, 3);
  await tab.look();
  await tab.close();
  assert.deepEqual(presence.slice(3), ["here", "left"]);
});

test("a page out of sight for a day asks for nothing, and shows at a look what came", async () => {
  const world = new World();
  const tab = await world.open();
  await tab.send("Hello");
  await tab.hide();
  const { length } = world.shop.asked;
  await world.pass(24 * 3_600_000);
  assert.equal(world.shop.asked.length, length);
  tab.dropSockets(); // the laptop slept
  world.shop.staffSays("Hi Ana");
  await tab.look();
  assert.deepEqual(tab.shown, ["You: Hello (sent)", "Theo: Hi Ana"]);
  assert.equal(sockets(world), 1);
});

test("ten tabs of a server that is down ask less and less often", async () => {
  const world = new World();
  for (let count = 0; count < 10; count += 1) await world.open();
  await world.tabs[0]!.send("Hello");
  world.shop.asked.length = 0;
  world.shop.offersSockets = false;
  world.shop.handle = async (asked) => {
    world.shop.asked.push(asked);
    return problem(503, "busy");
  };
  await world.tabs[0]!.send("Again");
  await world.pass(3_600_000);
  assert.ok(world.shop.asked.length > 60, "it goes on trying");
  // At most a message and a look for news every half minute, and what says that Ana is here.
  assert.ok(world.shop.asked.length <= 2 * 130 + 3_600_000 / HERE_EVERY_MS, `${world.shop.asked.length}`);
});

test("a page that closes out of sight does not say that the customer left", async () => {
  const world = new World();
  const one = await world.open();
  await one.send("Hello");
  const two = await world.open();
  await one.close();
  assert.equal(world.shop.sessions[0]!.presence.includes("left"), false);
  await two.close();
  assert.equal(world.shop.sessions[0]!.presence.at(-1), "left");
});
