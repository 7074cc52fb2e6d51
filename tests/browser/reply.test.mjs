// E1: a customer's message in a real browser reaches two staff devices, and the answer goes back, offline or not.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ANA, Customer } from "./customer.mjs";
import { Network } from "./network.mjs";
import { MINA, Shop, THEO } from "./shop.mjs";
import { Staff } from "./staff.mjs";

/** A test that waits for what never comes fails. */
const LIMITED = { timeout: 90_000 };

let shop;
let network;
let mina;
let theo;
let ana;

before(async () => {
  shop = await Shop.open();
  network = await Network.before(shop.address);
  mina = await Staff.signIn(shop, MINA);
  theo = await Staff.signIn(shop, THEO, network.address);
  ana = await Customer.arrive(shop.profile("browser"), shop.address);
});

after(async () => {
  await ana?.closeBrowser();
  await network?.close();
  await shop?.close();
});

test("a reply written without a network is shown as waiting, sent once when it is back, and seen once", LIMITED, async () => {
  // Ana writes; both lists show it.
  await ana.writes("Is the blue one back in stock?");
  await ana.sent("Is the blue one back in stock?");
  for (const staff of [mina, theo]) {
    const row = await staff.row(ANA);
    assert.deepEqual([row.preview, row.unread, row.status], ["Is the blue one back in stock?", 1, "open"]);
  }

  // Theo's network is cut. He replies: kept, and shown as waiting at once.
  network.cut();
  const { id } = await theo.row(ANA, "--offline");
  const sent = await theo.does("send", id, "Yes, since today!");
  assert.equal(sent.state, "waiting");
  const waiting = await theo.does("show", id, "--offline");
  assert.deepEqual(last(waiting), ["me", "Yes, since today!", "waiting"]);
  assert.equal(waiting.head.waiting, 1);
  assert.equal((await mina.row(ANA)).preview, "Is the blue one back in stock?");

  // In between Ana reloads, goes to another page, and closes her whole browser.
  await ana.reload();
  await ana.visit("/shop/kettle");
  await ana.closeBrowser();
  await ana.openBrowser();
  await ana.sent("Is the blue one back in stock?");
  assert.equal(await ana.count("Is the blue one back in stock?"), 1);

  // The network is back: sent once, seen once, on every screen.
  network.mend();
  assert.deepEqual(await theo.does("sync"), { accepted: 1, refused: 0, waiting: 0 });
  await ana.sees("Yes, since today!");
  await theo.does("sync");
  await ana.reload();
  await ana.sees("Yes, since today!");
  assert.equal(await ana.count("Yes, since today!"), 1);
  for (const [staff, author] of [[theo, "me"], [mina, "colleague"]]) {
    const view = await staff.does("show", id);
    assert.equal(view.rows.filter((row) => row.text === "Yes, since today!").length, 1);
    assert.deepEqual(last(view), [author, "Yes, since today!", "sent"]);
  }
  assert.equal((await theo.row(ANA)).waiting, 0);
});

test("watch alone is enough to answer: a line in, a message out, across a cut of the network", LIMITED, async () => {
  const watch = await theo.watch();
  await watch.online(true);
  await ana.writes("And the red one?");
  await watch.message("And the red one?");
  const { id } = (await watch.event(({ event }) => event === "conversation")).conversation;
  watch.type(`/open ${id}`);
  await watch.event(({ event }) => event === "opened");

  network.cut();
  await watch.online(false);
  watch.type("The red one comes on Friday.");
  await watch.message("The red one comes on Friday.", "waiting");
  network.mend();
  await watch.message("The red one comes on Friday.", "sent");
  await ana.sees("The red one comes on Friday.");
  assert.equal(await ana.count("The red one comes on Friday."), 1);

  watch.type("/join");
  await watch.event(({ conversation }) => conversation?.assignee?.name === "Theo");
  watch.type("/close");
  await watch.quit();
  await theo.does("sync");
  assert.equal((await mina.row(ANA, "--filter", "closed")).assignee.name, "Theo");

  // A customer's message reopens.
  await ana.writes("Wonderful, thank you!");
  await ana.sent("Wonderful, thank you!");
  assert.equal((await mina.row(ANA)).status, "open");
});

test("closing over a message that was not seen is refused, and says who wrote", LIMITED, async () => {
  const { id } = await theo.row(ANA);
  await theo.does("close", id, "--offline");
  await ana.writes("One last thing");
  await ana.sent("One last thing");
  assert.deepEqual(await theo.does("sync"), { accepted: 0, refused: 1, waiting: 0 });
  const refused = (await theo.does("outbox")).find((row) => row.name === "close");
  assert.deepEqual([refused.state, refused.code], ["not_sent", "customer_wrote_since"]);
  assert.equal((await theo.row(ANA)).status, "open");
});

function last(view) {
  const row = view.rows.at(-1);
  return [row.author, row.text, row.state];
}
