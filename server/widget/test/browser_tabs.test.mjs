// Several pages of one customer, pages that die, and pages that come back.
import assert from "node:assert/strict";
import { test } from "node:test";
import { chromium } from "playwright-core";
import { LAUNCH } from "./chromium.mjs";
import { problem } from "./fake_shop.mjs";
import { Ana, closeChat, field, launcher, messages, openChat, say, sent, shows } from "./visitor.mjs";

const ana = new Ana();

function posts() {
  return ana.shop.asked.filter(({ path }) => path.endsWith("/messages")).length;
}

function sockets() {
  return ana.shop.sessions.reduce((sum, session) => sum + session.sockets.size, 0);
}

const PATIENCE_MS = 30_000;

/** Until the server sees that `isSo`. */
async function until(isSo) {
  const end = AbortSignal.timeout(PATIENCE_MS);
  while (!isSo()) {
    end.throwIfAborted();
    await new Promise((later) => setTimeout(later, 20));
  }
}

test("what one tab wrote goes once from another when its own has crashed", async () => {
  const one = await ana.visit();
  const two = await ana.visit("/shop/kettle");
  await openChat(two);
  await ana.context.setOffline(true);
  await say(two, "Written without a network");
  await shows(two, "Written without a network", "Will be sent when you are back online");
  await crash(two);
  await openChat(one);
  await shows(one, "Written without a network", "Will be sent when you are back online");
  await ana.context.setOffline(false);
  await sent(one, "Written without a network");
  assert.deepEqual(ana.received, ["Written without a network"]);
  assert.equal(await messages(one).count(), 1);
});

test("a tab that dies before it hears the answer leaves one message, not two", async () => {
  const one = await ana.visit();
  const two = await ana.visit("/shop/kettle");
  await openChat(two);
  await say(two, "First");
  await sent(two, "First");
  ana.shop.answerNext(/messages/, "lost");
  await say(two, "Did it arrive?");
  await until(() => ana.received.length === 2);
  await crash(two);
  await openChat(one);
  await sent(one, "Did it arrive?");
  assert.deepEqual(ana.received, ["First", "Did it arrive?"]);
  assert.equal(await messages(one).count(), 2);
  assert.equal(ana.shop.sessions.length, 1);
});

/** Its process ends without a word, as by a lack of memory. */
async function crash(page) {
  const crashed = page.waitForEvent("crash");
  const devtools = await page.context().newCDPSession(page);
  devtools.send("Page.crash").catch(() => {});
  await crashed;
  await page.close();
}

test("two tabs that write at the same moment begin one conversation", async () => {
  const [one, two] = [await ana.visit(), await ana.visit("/shop/kettle")];
  await openChat(one);
  await openChat(two);
  await Promise.all([say(one, "From one"), say(two, "From two")]);
  for (const page of [one, two]) {
    await sent(page, "From one");
    await sent(page, "From two");
    assert.equal(await messages(page).count(), 2);
  }
  // A tab that took over in the middle may have begun a session that nobody uses: no conversation comes of it.
  const used = ana.shop.sessions.filter(({ events }) => events.length > 0);
  assert.equal(used.length, 1);
  assert.equal(ana.received.length, 2);
});

test("what was read in one tab is read in the other", async () => {
  const [one, two] = [await ana.visit(), await ana.visit("/shop/kettle")];
  await openChat(one);
  await say(one, "Hello");
  await sent(one, "Hello");
  await closeChat(one);
  ana.shop.staffSays("Hi Ana");
  for (const page of [one, two]) {
    await page.getByRole("button", { name: "Chat with us, 1 unread message" }).waitFor();
  }
  await openChat(two);
  await one.getByRole("button", { name: "Chat with us", exact: true }).waitFor();
});

test("ten pages at once: one socket, a handful of requests, each message once in each", async () => {
  const pages = [];
  for (let count = 0; count < 10; count += 1) pages.push(await ana.visit(count % 2 ? "/shop/" : "/shop/kettle"));
  assert.equal(ana.shop.asked.length, 10, "each page asks once about the shop, and no more");
  await openChat(pages[3]);
  await say(pages[3], "Hello");
  for (const page of pages) {
    if (page !== pages[3]) await launcher(page).click();
    await sent(page, "Hello");
  }
  await until(() => sockets() === 1);
  ana.shop.asked.length = 0;
  ana.shop.staffSays("Hi Ana");
  for (const page of pages) {
    await shows(page, "Theo", "Hi Ana");
    assert.equal(await messages(page).count(), 2);
  }
  assert.equal(ana.shop.sessions.length, 1);
  assert.equal(ana.received.length, 1);
  assert.equal(sockets(), 1);
  const events = ana.shop.asked.filter(({ path }) => path.includes("/events"));
  // Once more where her own message was still being heard of; never one a page.
  assert.ok(events.length <= 2, `one page fetches for all, not ${events.length}`);

  // The page that leads goes; another takes over without being looked at.
  for (const page of pages.splice(3, 1)) await page.close();
  ana.shop.staffSays("Are you there?");
  for (const page of pages) await shows(page, "Theo", "Are you there?");
  assert.equal(sockets(), 1);
});

test("ten pages of a browser without locks settle on one socket too", async () => {
  await ana.context.addInitScript(() => Object.defineProperty(navigator, "locks", { value: undefined }));
  const pages = [];
  for (let count = 0; count < 10; count += 1) pages.push(await ana.visit());
  await openChat(pages[0]);
  await say(pages[0], "Hello");
  await sent(pages[0], "Hello");
  await closeChat(pages[0]);
  ana.shop.staffSays("Hi Ana");
  for (const page of pages) await page.getByRole("button", { name: /1 unread/ }).waitFor();
  assert.equal(ana.shop.sessions.length, 1);
  assert.equal(ana.received.length, 1);
  await until(() => sockets() === 1);
});

test("a page from the back-forward cache connects again and shows what came meanwhile", async () => {
  const browser = await chromium.launch({ ...LAUNCH, ignoreDefaultArgs: ["--disable-back-forward-cache"] });
  const context = await browser.newContext({ locale: "en-GB" });
  await ana.watch(context);
  await context.addInitScript(() => {
    window.addEventListener("pageshow", ({ persisted }) => persisted && (window.wasCached = true));
  });
  const page = await ana.visit("/shop/", context);
  await openChat(page);
  await say(page, "Hello");
  await sent(page, "Hello");
  await until(() => sockets() === 1);
  await field(page).pressSequentially("half a thou");
  const leaveAndReturn = async (meanwhile) => {
    await page.goto(`${ana.server.origin}/favicon.ico`);
    await until(() => sockets() === 0);
    await meanwhile();
    await page.goBack({ waitUntil: "commit" });
    assert.ok(await page.evaluate(() => window.wasCached), "the browser kept the page");
  };

  await leaveAndReturn(() => ana.shop.staffSays("Hi Ana"));
  await shows(page, "Theo", "Hi Ana");

  await leaveAndReturn(async () => {
    const other = await ana.visit("/shop/kettle", context);
    await openChat(other);
    ana.shop.answerNext(/messages/, problem(422, "malformed"));
    await say(other, "From another tab");
    await shows(other, "From another tab", "Not sent");
    await other.close();
  });
  await shows(page, "From another tab", "Not sent");
  assert.equal(await field(page).inputValue(), "half a thou");
  await until(() => sockets() === 1);
  ana.shop.staffSays("Live again");
  await shows(page, "Live again");
  await field(page).press("Enter");
  await sent(page, "half a thou");
  assert.deepEqual(ana.received, ["Hello", "half a thou"]);
  assert.equal(ana.shop.sessions.length, 1);
  await browser.close();
});
