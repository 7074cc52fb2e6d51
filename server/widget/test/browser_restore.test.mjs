// Messages that are changed after they were shown, and a server that came back from a copy.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Ana, closeChat, openChat, passesAxe, say, sent, shows } from "./visitor.mjs";

const ana = new Ana();

/** What the page reads out by itself, from now on. */
async function listen(page) {
  await page.evaluate(() => {
    window.heard = [];
    for (const region of document.querySelector("shopbell-chat").shadowRoot.querySelectorAll("[role=status]")) {
      const note = () => region.textContent && window.heard.push(region.textContent);
      new MutationObserver(note).observe(region, { childList: true });
    }
  });
  return () => page.evaluate(() => window.heard);
}

/** Notes the words of each row that leaves the log or changes what it says, from now on. */
async function watchRows(page) {
  await page.evaluate(() => {
    window.flickered = [];
    const log = document.querySelector("shopbell-chat").shadowRoot.querySelector("[role=log]");
    new MutationObserver((changes) => {
      for (const gone of changes.flatMap(({ removedNodes }) => [...removedNodes])) {
        window.flickered.push((gone.querySelector?.(".text") ?? gone).textContent);
      }
    }).observe(log, { childList: true, subtree: true });
  });
  return () => page.evaluate(() => window.flickered);
}

function rows(page) {
  return page.locator("shopbell-chat .message .text").allTextContents();
}

test("a changed message says so in its place, in every tab, and is read out politely", async () => {
  const one = await ana.visit();
  const two = await ana.visit("/shop/kettle");
  await openChat(one);
  await say(one, "Do you gift-wrap?");
  await sent(one, "Do you gift-wrap?");
  ana.shop.staffSays("We gift-rap");
  await shows(one, "Theo", "We gift-rap");
  await say(one, "Pardon?");
  await sent(one, "Pardon?");
  const heard = await listen(one);

  ana.shop.staffRevises("We gift-wrap");
  await shows(one, "Theo", "We gift-wrap", "Edited");
  assert.deepEqual(await rows(one), ["Do you gift-wrap?", "We gift-wrap", "Pardon?"]);
  assert.deepEqual(await heard(), ["Theo changed a message: We gift-wrap"]);
  await passesAxe(one, "edited");

  ana.shop.staffRevises(null);
  await shows(one, "Theo", "Message deleted");
  const now = ["Do you gift-wrap?", "Message deleted", "Pardon?"];
  assert.deepEqual(await rows(one), now);
  assert.equal(await one.locator("shopbell-chat").getByText("Edited").count(), 0);
  assert.deepEqual((await heard()).slice(1), ["Theo deleted a message"]);
  await passesAxe(one, "deleted");

  await openChat(two);
  assert.deepEqual(await rows(two), now);
  await two.reload();
  await openChat(two);
  assert.deepEqual(await rows(two), now);
  assert.deepEqual(ana.complaints, []);
});

test("a message that is deleted before it was seen is not counted any more", async () => {
  const page = await ana.visit();
  await openChat(page);
  await say(page, "Hello");
  await sent(page, "Hello");
  await closeChat(page);
  ana.shop.staffSays("Wrong window");
  await page.getByRole("button", { name: "Chat with us, 1 unread message" }).waitFor();
  ana.shop.staffRevises(null);
  await page.getByRole("button", { name: "Chat with us", exact: true }).waitFor();
});

for (const [what, restore] of [
  ["a restored server", () => ana.shop.restore(3)],
  ["a server that has lost the session", () => ana.shop.restoreFromBefore()],
]) {
  test(`${what} has her messages again; two tabs show what they showed, without a flicker`, async () => {
    const [one, two] = [await ana.visit(), await ana.visit("/shop/kettle")];
    await openChat(one);
    await say(one, "Hello");
    await sent(one, "Hello");
    ana.shop.staffSays("Hi Ana");
    await shows(one, "Theo", "Hi Ana");
    await say(one, "Do you gift-wrap?");
    await sent(one, "Do you gift-wrap?");
    ana.shop.staffSays("We do");
    await shows(one, "Theo", "We do");
    await openChat(two);
    await shows(two, "Theo", "We do");
    const before = await rows(two);
    const flickered = [await watchRows(one), await watchRows(two)];
    const [{ token }] = ana.shop.sessions;

    restore();
    await sent(two, "Do you gift-wrap?");
    // What comes after it is heard in the session that was made again.
    await say(two, "Are you there?");
    await sent(two, "Are you there?");
    ana.shop.staffSays("Here again");
    for (const page of [one, two]) {
      await shows(page, "Theo", "Here again");
      assert.deepEqual(await rows(page), [...before, "Are you there?", "Here again"]);
    }
    assert.deepEqual(ana.received, ["Hello", "Do you gift-wrap?", "Are you there?"]);
    assert.deepEqual(ana.shop.sessions.map((session) => session.token), [token]);
    for (const fell of flickered) {
      assert.deepEqual((await fell()).filter((text) => before.includes(text)), []);
    }
    assert.deepEqual(ana.complaints, []);
  });
}
