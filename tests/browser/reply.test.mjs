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

  // Now he has seen it, and closes again.
  await theo.does("outbox", "retry", refused.mid.slice(-8));
  assert.deepEqual(await theo.does("outbox"), []);
  assert.equal((await theo.row(ANA, "--filter", "closed")).status, "closed");
});

test("a reply is changed, deleted and taken back, and a discount is seen by those who may", LIMITED, async () => {
  const { id } = await theo.row(ANA, "--filter", "closed");
  const ending = async (staff, text, ...flags) => {
    const { rows } = await staff.does("show", id, ...flags);
    return rows.find((row) => row.text === text).id.slice(-8);
  };
  await theo.does("send", id, "It arives tomorrow");
  await ana.sees("It arives tomorrow");
  await theo.does("message", "edit", id, await ending(theo, "It arives tomorrow"), "It arrives tomorrow");
  await ana.sees("It arrives tomorrow");
  assert.equal(await ana.count("It arives tomorrow"), 0);

  await theo.does("send", id, "Meant for somebody else");
  await ana.sees("Meant for somebody else");
  await theo.does("message", "delete", id, await ending(theo, "Meant for somebody else"));
  await ana.sees("Message deleted");
  assert.equal(await ana.count("Meant for somebody else"), 0);

  await theo.does("send", id, "Never mind", "--offline");
  await theo.does("message", "take-back", id, await ending(theo, "Never mind", "--offline"), "--offline");
  assert.equal((await theo.does("sync")).waiting, 0);

  await mina.does("send", id, "For you", "--discount", "JUNIPER10", "--details", "Ten percent off");
  await ana.sees("JUNIPER10");
  const shared = async (staff) => (await staff.does("show", id)).rows.at(-1).shared;
  assert.deepEqual(await shared(mina), { kind: "discount", title: "JUNIPER10", body: "Ten percent off" });
  assert.deepEqual(await shared(theo), { kind: "discount", title: null, body: null });
  assert.equal(await ana.count("Never mind"), 0);
});

function last(view) {
  const row = view.rows.at(-1);
  return [row.author, row.text, row.state];
}
