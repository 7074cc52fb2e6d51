// The built widget in a real chromium, as Ana sees it, against the fake server and its strict policy.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { chromium } from "playwright-core";
import { LAUNCH } from "./chromium.mjs";
import { problem } from "./fake_shop.mjs";
import { Ana, closeChat, field, focused, launcher, messages, openChat, say, sent, shows } from "./visitor.mjs";

const ana = new Ana();

test("Ana writes, Theo answers, and a reload and another page show the same", async () => {
  const page = await ana.visit();
  await openChat(page);
  await say(page, "Does the kettle work on an induction hob?");
  await sent(page, "Does the kettle work on an induction hob?");
  ana.shop.staffSays("It does.");
  await shows(page, "Theo", "It does.");

  await page.reload();
  await openChat(page);
  await sent(page, "induction hob?");
  await shows(page, "Theo", "It does.");
  await closeChat(page);

  const left = new Promise((resume) => {
    ana.shop.onPresence = (state) => state === "left" && resume();
  });
  await page.getByRole("link", { name: "The quiet kettle" }).click();
  await page.waitForURL("**/shop/kettle");
  await left;
  await openChat(page);
  assert.equal(await messages(page).count(), 2);
  assert.equal(ana.shop.received.length, 1);
  assert.deepEqual(ana.complaints, []);
});

test("the conversation, what is unsent, and a draft survive the end of the whole browser", async () => {
  const profile = mkdtempSync(join(tmpdir(), "shopbell-widget-"));
  try {
    let browser = await chromium.launchPersistentContext(profile, LAUNCH);
    let page = await ana.visit("/shop/", browser);
    await openChat(page);
    await say(page, "Hello");
    await sent(page, "Hello");
    await ana.server.stop();
    await say(page, "Are you there?");
    await shows(page, "Are you there?", "Will be sent when you are back online");
    await field(page).pressSequentially("Half a thou");
    await browser.close();
    assert.equal(ana.shop.received.length, 1);

    await ana.server.start();
    browser = await chromium.launchPersistentContext(profile, LAUNCH);
    page = await ana.visit("/shop/kettle", browser);
    await openChat(page);
    await page.waitForFunction(() => {
      const states = document
        .querySelector("shopbell-chat")
        ?.shadowRoot?.querySelectorAll("[data-state=sent]");
      return states?.length === 2;
    });
    assert.equal(await field(page).inputValue(), "Half a thou");
    await browser.close();
    assert.deepEqual(ana.received, ["Hello", "Are you there?"]);
  } finally {
    rmSync(profile, { recursive: true, force: true });
  }
});

test("written offline, sent once when the network is back", async () => {
  const page = await ana.visit();
  await openChat(page);
  await ana.context.setOffline(true);
  await say(page, "One");
  await say(page, "Two");
  await page.getByText("2 messages will be sent").waitFor();
  await ana.context.setOffline(false);
  await sent(page, "Two");
  assert.deepEqual(ana.received, ["One", "Two"]);
  assert.equal(await messages(page).count(), 2);
});

test("written while the server is down, sent once when it is up again", async () => {
  const page = await ana.visit();
  await openChat(page);
  await say(page, "One");
  await sent(page, "One");
  await ana.server.stop();
  await say(page, "Two");
  await shows(page, "Two", "Will be sent when you are back online");
  await ana.server.start();
  await sent(page, "Two");
  assert.deepEqual(ana.received, ["One", "Two"]);
});

test("the keyboard alone is enough, focus stays within, Escape gives it back", async () => {
  const page = await ana.visit();
  await launcher(page).waitFor();
  await launcher(page).focus();
  await page.keyboard.press("Enter");
  assert.equal(await focused(page), "Your message");
  await page.keyboard.type("One line");
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.type("another");
  await page.keyboard.press("Enter");
  await sent(page, "One line\nanother");
  assert.equal(await focused(page), "Your message");

  await page.keyboard.type("more");
  const round = [];
  for (let stop = 0; stop < 5; stop += 1) {
    await page.keyboard.press("Tab");
    round.push(await focused(page));
  }
  assert.deepEqual(round, ["Send", "Close the chat", "Messages", "Your message", "Send"]);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Shift+Tab");
  assert.equal(await focused(page), "Send");

  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  assert.equal(await focused(page), "Chat with us");
});

test("two tabs show each message once, and post it once", async () => {
  const one = await ana.visit();
  const two = await ana.visit("/shop/kettle");
  await openChat(two);
  await say(two, "Hello");
  await sent(two, "Hello");
  await openChat(one);
  await sent(one, "Hello");
  await say(one, "From the other tab");
  await sent(two, "From the other tab");
  ana.shop.staffSays("Hi Ana");
  await shows(one, "Theo", "Hi Ana");
  await shows(two, "Theo", "Hi Ana");
  assert.equal(await messages(one).count(), 3);
  assert.equal(await messages(two).count(), 3);
  assert.equal(ana.shop.sessions.length, 1);
  const posted = ana.shop.asked.filter(({ path }) => path.endsWith("/messages"));
  assert.equal(posted.length, 2);
});

test("without a WebSocket the answer comes all the same", async () => {
  ana.shop.offersSockets = false;
  const page = await ana.visit();
  await openChat(page);
  await say(page, "Hello");
  await sent(page, "Hello");
  await page.waitForRequest(/wait_ms=25000/);
  ana.shop.staffSays("Hi Ana");
  await shows(page, "Theo", "Hi Ana");
});

test("the limit is said before sending", async () => {
  ana.shop.textChars = 20;
  const page = await ana.visit();
  await openChat(page);
  await field(page).fill("🫖".repeat(19));
  await page.getByText("1 character left").waitFor();
  await field(page).fill("🫖".repeat(22));
  await page.getByText("2 characters too many").first().waitFor();
  assert.equal(await page.getByRole("button", { name: "Send" }).isDisabled(), true);
  await field(page).press("Enter");
  assert.equal(await messages(page).count(), 0);
});

test("a refused message says why, and its text can be edited and sent", async () => {
  const page = await ana.visit();
  await openChat(page);
  ana.shop.answerNext(/messages/, problem(422, "text-invalid", { limit_chars: 4_000 }));
  await say(page, "Refused");
  await shows(page, "Refused", "Not sent: it is longer than 4,000 characters");
  await page.getByRole("button", { name: "Edit" }).click();
  assert.equal(await field(page).inputValue(), "Refused");
  assert.equal(await messages(page).count(), 0);
  await field(page).press("Enter");
  await sent(page, "Refused");
});

test("what arrives while the panel is closed stands on the button until it is opened", async () => {
  const page = await ana.visit();
  await openChat(page);
  await say(page, "Hello");
  await sent(page, "Hello");
  await closeChat(page);
  ana.shop.staffSays("Hi Ana");
  ana.shop.staffSays("How can we help?");
  await page.getByRole("button", { name: "Chat with us, 2 unread messages" }).waitFor();
  await page.getByRole("status").filter({ hasText: "New message from Theo" }).waitFor();
  await openChat(page);
  await closeChat(page);
  await page.getByRole("button", { name: "Chat with us", exact: true }).waitFor();
});

test("nobody there is said so, and markup in a message is only text", async () => {
  ana.shop.online = false;
  const page = await ana.visit();
  await openChat(page);
  await page.getByText("We will answer as soon as we can").waitFor();
  await say(page, `<img src=x onerror="document.title='hit'">`);
  ana.shop.staffSays("<b>bold</b>\u202e");
  await shows(page, "<b>bold</b>");
  assert.equal(await page.locator("shopbell-chat img, shopbell-chat b").count(), 0);
  assert.match(await page.title(), /^Juniper/);
});

test("a wrong key and a missing one show nothing and say on the console what to mend", async () => {
  ana.server.pages.set("/wrong", `<script src="/widget.js" data-key="pk_wrong" defer></script><p>Page`);
  ana.server.pages.set("/missing", `<script src="/widget.js" defer></script><p>Page`);
  for (const [path, advice] of [
    ["/wrong", /data-key/],
    ["/missing", /data-key/],
  ]) {
    const page = await ana.context.newPage();
    const warned = page.waitForEvent("console", (message) => message.type() === "warning");
    await page.goto(ana.server.origin + path);
    assert.match((await warned).text(), advice);
    assert.equal(await launcher(page).count(), 0);
  }
});
