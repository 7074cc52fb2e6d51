// Browsers that store nothing, or nothing more.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { chromium } from "playwright-core";
import { LAUNCH } from "./chromium.mjs";
import { Ana, closeChat, field, launcher, messages, openChat, say, sent, shows } from "./visitor.mjs";

const ana = new Ana();
const NOT_KEPT = "It will be gone when you close this page";

const BLOCKED = { default_content_setting_values: { cookies: 2 } };

/** A browser that is not a private one, with these settings of its own. */
async function withSettings(settings, use) {
  const profile = mkdtempSync(join(tmpdir(), "shopbell-widget-"));
  mkdirSync(join(profile, "Default"));
  writeFileSync(join(profile, "Default", "Preferences"), JSON.stringify({ profile: settings }));
  const context = await chromium.launchPersistentContext(profile, { ...LAUNCH, locale: "en-GB" });
  try {
    await ana.watch(context);
    await use(context);
  } finally {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  }
}

test("a browser that blocks the storage chats on that page, and says what will be lost once there is something", () =>
  withSettings(BLOCKED, async (context) => {
    const page = await ana.visit("/shop/", context);
    await assert.rejects(page.evaluate(() => window.localStorage));
    await openChat(page);
    assert.equal(await page.getByText(NOT_KEPT).isVisible(), false);
    await say(page, "Hello");
    await sent(page, "Hello");
    await page.getByText(NOT_KEPT).waitFor();
    ana.shop.staffSays("Hi Ana");
    await shows(page, "Theo", "Hi Ana");
    await closeChat(page);
    await openChat(page);
    await say(page, "Still you?");
    await sent(page, "Still you?");
    assert.equal(ana.shop.sessions.length, 1);
    assert.equal(ana.shop.sessions[0].sockets.size, 1);

    // Without a storage another page is another customer, with a conversation of its own.
    const other = await ana.visit("/shop/kettle", context);
    await openChat(other);
    assert.equal(await messages(other).count(), 0);
    await say(other, "From the kettle");
    await sent(other, "From the kettle");
    assert.deepEqual(ana.received, ["Hello", "Still you?", "From the kettle"]);
    assert.deepEqual(ana.complaints, []);
  }));

test("a storage that will not be written to now and then loses nothing of this page", async () => {
  await ana.context.addInitScript(() => {
    let calls = 0;
    for (const name of ["setItem", "removeItem"]) {
      const real = Storage.prototype[name];
      Storage.prototype[name] = function (...args) {
        calls += 1;
        if (calls % 3 === 0) throw new DOMException("now and then", "InvalidStateError");
        return real.apply(this, args);
      };
    }
  });
  const page = await ana.visit();
  await openChat(page);
  for (const words of ["One", "Two", "Three"]) {
    await say(page, words);
    await sent(page, words);
  }
  assert.deepEqual(ana.received, ["One", "Two", "Three"]);
  assert.equal(await messages(page).count(), 3);
  assert.equal(ana.shop.sessions.length, 1);
});

test("a full storage chats on, says so, and keeps again once there is room", async () => {
  const page = await ana.visit();
  await openChat(page);
  await say(page, "Before");
  await sent(page, "Before");
  await page.evaluate(() => {
    let size = 2 ** 22;
    for (let at = 0; size > 0; at += 1) {
      try {
        localStorage.setItem(`shop's own ${at}`, "x".repeat(size));
      } catch {
        size = Math.floor(size / 2);
      }
    }
  });
  await say(page, "While it is full");
  await sent(page, "While it is full");
  await page.getByText(NOT_KEPT).waitFor();
  await page.evaluate(() => {
    for (const key of Object.keys(localStorage)) if (key.startsWith("shop's own")) localStorage.removeItem(key);
  });
  await say(page, "Room again");
  await sent(page, "Room again");
  await page.getByText(NOT_KEPT).waitFor({ state: "hidden" });
  await page.reload();
  await openChat(page);
  await sent(page, "Room again");
  assert.equal(await messages(page).count(), 3);
  assert.deepEqual(ana.received, ["Before", "While it is full", "Room again"]);
});

test("what a broken page left in the storage is passed over", async () => {
  const page = await ana.visit();
  await page.evaluate(() => {
    for (const name of ["conversation", "shop", "unsent:x", "read", "draft"]) {
      localStorage.setItem(`shopbell:1:pk_juniper:${name}`, `{"messages": 7, "next": "<b>", "id": []`);
    }
  });
  await page.reload();
  await openChat(page);
  await say(page, "Hello");
  await sent(page, "Hello");
  assert.equal(await messages(page).count(), 1);
  assert.deepEqual(ana.complaints, []);
});

for (const isPrivate of [false, true]) {
  const outcome = isPrivate ? "blocked in private, and said so" : "kept from page to page";
  test(`in a frame of another site the conversation is ${outcome}`, async () => {
    if (isPrivate) await talkInFrame(ana.context);
    else await withSettings({ cookie_controls_mode: 0 }, talkInFrame);
    assert.deepEqual(ana.received, ["Hello", "Again"]);
    assert.equal(ana.shop.sessions.length, isPrivate ? 2 : 1);
  });

  async function talkInFrame(context) {
    const script = `<script src="/widget.js" data-key="{{key}}" defer></script>`;
    ana.server.pages.set("/framed", `<!doctype html><title>Framed</title>${script}`);
    const frame = `<iframe width="500" height="700" src="${ana.server.origin}/framed"></iframe>`;
    ana.server.pages.set("/frame", { text: frame, headers: { "content-security-policy": "default-src *" } });
    const page = await context.newPage();
    await page.goto(`${ana.server.origin.replace("localhost", "127.0.0.1")}/frame`);
    const within = page.frameLocator("iframe");
    for (const words of ["Hello", "Again"]) {
      await launcher(within).click();
      await field(within).fill(words);
      await field(within).press("Enter");
      await sent(within, words);
      assert.equal(await within.getByText(NOT_KEPT).isVisible(), isPrivate);
      await page.reload();
    }
  }
}
