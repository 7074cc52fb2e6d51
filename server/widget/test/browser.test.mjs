// The built widget in a real chromium, as Ana sees it, against the fake server and its strict policy.
import axe from "axe-core";
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { chromium } from "playwright-core";
import { LAUNCH } from "./chromium.mjs";
import { serve } from "./fake_server.mjs";
import { problem } from "./fake_shop.mjs";

let browser;
let server;
let context;
let complaints;

before(async () => {
  browser = await chromium.launch(LAUNCH);
});

after(() => browser.close());

beforeEach(async () => {
  server = await serve();
  complaints = [];
  context = await newContext();
});

afterEach(async () => {
  await context.close();
  await server.stop();
});

test("Ana writes, Theo answers, and a reload and another page show the same", async () => {
  const page = await visit();
  await openChat(page);
  await say(page, "Does the kettle work on an induction hob?");
  await sent(page, "Does the kettle work on an induction hob?");
  server.shop.staffSays("It does.");
  await shows(page, "Theo", "It does.");

  await page.reload();
  await openChat(page);
  await sent(page, "induction hob?");
  await shows(page, "Theo", "It does.");
  await closeChat(page);

  const left = new Promise((resume) => {
    server.shop.onPresence = (state) => state === "left" && resume();
  });
  await page.getByRole("link", { name: "The quiet kettle" }).click();
  await page.waitForURL("**/shop/kettle");
  await left;
  await openChat(page);
  assert.equal(await messages(page).count(), 2);
  assert.equal(server.shop.received.length, 1);
  assert.deepEqual(complaints, []);
});

test("the conversation, what is unsent, and a draft survive the end of the whole browser", async () => {
  const profile = mkdtempSync(join(tmpdir(), "shopbell-widget-"));
  try {
    let ana = await chromium.launchPersistentContext(profile, LAUNCH);
    let page = await visit("/shop/", ana);
    await openChat(page);
    await say(page, "Hello");
    await sent(page, "Hello");
    await server.stop();
    await say(page, "Are you there?");
    await shows(page, "Are you there?", "Will be sent when you are back online");
    await field(page).pressSequentially("Half a thou");
    await ana.close();
    assert.equal(server.shop.received.length, 1);

    await server.start();
    ana = await chromium.launchPersistentContext(profile, LAUNCH);
    page = await visit("/shop/kettle", ana);
    await openChat(page);
    await page.waitForFunction(() => {
      const states = document
        .querySelector("shopbell-chat")
        ?.shadowRoot?.querySelectorAll("[data-state=sent]");
      return states?.length === 2;
    });
    assert.equal(await field(page).inputValue(), "Half a thou");
    await ana.close();
    assert.deepEqual(
      server.shop.received.map(({ text }) => text),
      ["Hello", "Are you there?"],
    );
  } finally {
    rmSync(profile, { recursive: true, force: true });
  }
});

test("written offline, sent once when the network is back", async () => {
  const page = await visit();
  await openChat(page);
  await context.setOffline(true);
  await say(page, "One");
  await say(page, "Two");
  await page.getByText("2 messages will be sent").waitFor();
  await context.setOffline(false);
  await sent(page, "Two");
  assert.deepEqual(
    server.shop.received.map(({ text }) => text),
    ["One", "Two"],
  );
  assert.equal(await messages(page).count(), 2);
});

test("written while the server is down, sent once when it is up again", async () => {
  const page = await visit();
  await openChat(page);
  await say(page, "One");
  await sent(page, "One");
  await server.stop();
  await say(page, "Two");
  await shows(page, "Two", "Will be sent when you are back online");
  await server.start();
  await sent(page, "Two");
  assert.deepEqual(
    server.shop.received.map(({ text }) => text),
    ["One", "Two"],
  );
});

test("the keyboard alone is enough, focus stays within, Escape gives it back", async () => {
  const page = await visit();
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
  const one = await visit();
  const two = await visit("/shop/kettle");
  await openChat(two);
  await say(two, "Hello");
  await sent(two, "Hello");
  await openChat(one);
  await sent(one, "Hello");
  await say(one, "From the other tab");
  await sent(two, "From the other tab");
  server.shop.staffSays("Hi Ana");
  await shows(one, "Theo", "Hi Ana");
  await shows(two, "Theo", "Hi Ana");
  assert.equal(await messages(one).count(), 3);
  assert.equal(await messages(two).count(), 3);
  assert.equal(server.shop.sessions.length, 1);
  const posted = server.shop.asked.filter(({ path }) => path.endsWith("/messages"));
  assert.equal(posted.length, 2);
});

test("without a WebSocket the answer comes all the same", async () => {
  server.shop.offersSockets = false;
  const page = await visit();
  await openChat(page);
  await say(page, "Hello");
  await sent(page, "Hello");
  await page.waitForRequest(/wait_ms=25000/);
  server.shop.staffSays("Hi Ana");
  await shows(page, "Theo", "Hi Ana");
});

test("the limit is said before sending", async () => {
  server.shop.textChars = 20;
  const page = await visit();
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
  const page = await visit();
  await openChat(page);
  server.shop.answerNext(/messages/, problem(422, "text-invalid", { limit_chars: 4_000 }));
  await say(page, "Refused");
  await shows(page, "Refused", "Not sent: it is longer than 4,000 characters");
  await page.getByRole("button", { name: "Edit" }).click();
  assert.equal(await field(page).inputValue(), "Refused");
  assert.equal(await messages(page).count(), 0);
  await field(page).press("Enter");
  await sent(page, "Refused");
});

test("what arrives while the panel is closed stands on the button until it is opened", async () => {
  const page = await visit();
  await openChat(page);
  await say(page, "Hello");
  await sent(page, "Hello");
  await closeChat(page);
  server.shop.staffSays("Hi Ana");
  server.shop.staffSays("How can we help?");
  await page.getByRole("button", { name: "Chat with us, 2 unread messages" }).waitFor();
  await page.getByRole("status").filter({ hasText: "New message from Theo" }).waitFor();
  await openChat(page);
  await closeChat(page);
  await page.getByRole("button", { name: "Chat with us", exact: true }).waitFor();
});

test("nobody there is said so, and markup in a message is only text", async () => {
  server.shop.online = false;
  const page = await visit();
  await openChat(page);
  await page.getByText("We will answer as soon as we can").waitFor();
  await say(page, `<img src=x onerror="document.title='hit'">`);
  server.shop.staffSays("<b>bold</b>\u202e");
  await shows(page, "<b>bold</b>");
  assert.equal(await page.locator("shopbell-chat img, shopbell-chat b").count(), 0);
  assert.match(await page.title(), /^Juniper/);
});

test("a wrong key and a missing one show nothing and say on the console what to mend", async () => {
  server.pages.set("/wrong", `<script src="/widget.js" data-key="pk_wrong" defer></script><p>Page`);
  server.pages.set("/missing", `<script src="/widget.js" defer></script><p>Page`);
  for (const [path, advice] of [
    ["/wrong", /data-key/],
    ["/missing", /data-key/],
  ]) {
    const page = await context.newPage();
    const warned = page.waitForEvent("console", (message) => message.type() === "warning");
    await page.goto(server.origin + path);
    assert.match((await warned).text(), advice);
    assert.equal(await launcher(page).count(), 0);
  }
});

test("a page that styles every element does not reach the widget, nor the widget the page", async () => {
  const hostile = `<!doctype html><html lang=en><title>Hostile</title><p id=own>Own</p>
    <script src="/widget.js" data-key="{{key}}" defer></script>`;
  server.pages.set("/hostile", hostile);
  const page = await visit("/hostile");
  const before = await page.evaluate(() => document.body.childElementCount);
  await page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`body * { all: unset !important; display: none !important; opacity: 0 !important }
      html { font-size: 5px } button { background: red !important }`);
    document.adoptedStyleSheets = [sheet];
  });
  const box = await launcher(page).boundingBox();
  assert.equal(box?.width, 56);
  await openChat(page);
  await say(page, "Hello");
  await sent(page, "Hello");
  assert.deepEqual(await page.evaluate(() => [...document.body.children].map(({ localName }) => localName)), [
    "p",
    "script",
    "shopbell-chat",
  ]);
  assert.equal(before, 3);
  assert.equal(await page.evaluate(() => document.documentElement.getAttributeNames().join()), "lang");
  assert.deepEqual(complaints, []);
});

test("a browser that blocks the storage chats, and says what will be lost", async () => {
  await context.addInitScript(() => {
    Object.defineProperty(window, "localStorage", {
      get() {
        throw new DOMException("blocked", "SecurityError");
      },
    });
  });
  const page = await visit();
  await openChat(page);
  await page.getByText("It will be gone when you close this page").waitFor();
  await say(page, "Hello");
  await sent(page, "Hello");
});

for (const colorScheme of ["light", "dark"]) {
  test(`axe finds nothing wrong in any state (${colorScheme})`, async () => {
    await context.close();
    context = await newContext({ colorScheme, reducedMotion: "reduce" });
    const page = await visit();
    await launcher(page).waitFor();
    await passesAxe(page, "closed");
    await openChat(page);
    await passesAxe(page, "empty");
    await say(page, "Hello");
    await sent(page, "Hello");
    server.shop.staffSays("Hi Ana");
    await shows(page, "Theo", "Hi Ana");
    server.shop.answerNext(/messages/, problem(422, "malformed"));
    await say(page, "Refused");
    await shows(page, "Refused", "Not sent");
    await field(page).fill("x".repeat(4_001));
    await passesAxe(page, "talking, refused, too long");
    await context.setOffline(true);
    await page.getByText("No connection").waitFor();
    await field(page).fill("");
    await passesAxe(page, "offline");
  });
}

test("nothing overflows on a small phone, with text twice as large, or right to left", async () => {
  for (const [size, direction] of [
    [16, "ltr"],
    [32, "ltr"],
    [32, "rtl"],
  ]) {
    const narrow = await newContext({ viewport: { width: 320, height: 568 }, reducedMotion: "reduce" });
    const page = await visit("/shop/", narrow);
    const devtools = await narrow.newCDPSession(page);
    await devtools.send("Page.setFontSizes", { fontSizes: { standard: size, fixed: size } });
    await page.evaluate((dir) => (document.documentElement.dir = dir), direction);
    await openChat(page);
    await say(page, `A_very_long_word_without_any_place_to_break_${"x".repeat(120)}`);
    await sent(page, "A_very_long_word");
    const panel = page.getByRole("dialog");
    const cut = await panel.evaluate((box) =>
      [box, ...box.querySelectorAll("*")]
        .filter(
          (part) => part.scrollWidth > part.clientWidth + 1 && getComputedStyle(part).display !== "inline",
        )
        .filter((part) => !part.closest(".unseen, svg"))
        .map((part) => part.className || part.localName),
    );
    assert.deepEqual(cut, [], `${size}px ${direction}`);
    for (const button of await panel.getByRole("button").all()) {
      const { width, height, left, right } = await button.evaluate((target) => {
        const { left, right } = target.getBoundingClientRect();
        return { width: target.offsetWidth, height: target.offsetHeight, left, right };
      });
      assert.ok(width >= 44 && height >= 44, `a target is at least 44 px, this one ${width} by ${height}`);
      assert.ok(left >= 0 && right <= 320, `a button is on the screen, this one from ${left} to ${right}`);
    }
    await narrow.close();
  }
});

async function newContext(options = {}) {
  const made = await browser.newContext({
    viewport: { width: 1000, height: 760 },
    locale: "en-GB",
    ...options,
  });
  await made.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
      if (!blockedURI.endsWith("favicon.ico")) console.error(`policy: ${violatedDirective} ${blockedURI}`);
    });
  });
  return made;
}

async function visit(path = "/shop/", within = context) {
  const page = await within.newPage();
  page.on("console", (message) => {
    if (message.text().startsWith("policy:")) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(server.origin + path);
  await launcher(page).waitFor();
  return page;
}

function launcher(page) {
  return page.getByRole("button", { name: /^Chat with us/ });
}

function field(page) {
  return page.getByRole("textbox", { name: "Your message" });
}

function messages(page) {
  return page.locator("shopbell-chat .message");
}

async function openChat(page) {
  await page.bringToFront();
  await launcher(page).click();
  await page.getByRole("dialog", { name: "Chat with Juniper & Clay" }).waitFor();
}

async function closeChat(page) {
  await page.getByRole("button", { name: "Close the chat" }).click();
}

async function say(page, text) {
  await field(page).fill(text);
  await field(page).press("Enter");
}

/** One message of the list holds all of `parts`. */
async function shows(page, ...parts) {
  let row = messages(page);
  for (const part of parts) row = row.filter({ hasText: part });
  await row.first().waitFor();
}

/** One's own message stands there with its tick. */
async function sent(page, text) {
  const row = page.locator("shopbell-chat .message[data-state=sent]").filter({ hasText: text });
  await row.getByText("Sent", { exact: true }).first().waitFor();
}

/** The accessible name of what has the focus. */
function focused(page) {
  return page.evaluate(() => {
    const within = document.activeElement?.shadowRoot?.activeElement ?? document.activeElement;
    return within?.getAttribute("aria-label");
  });
}

async function passesAxe(page, state) {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() =>
    window.axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }),
  );
  const found = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`,
  );
  assert.deepEqual(found, [], state);
}
