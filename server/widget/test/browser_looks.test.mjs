// What is seen and heard: axe in every state, both schemes, right to left, large text, small screens.
import assert from "node:assert/strict";
import { test } from "node:test";
import { problem } from "./fake_shop.mjs";
import {
  Ana,
  closeChat,
  field,
  launcher,
  messages,
  openChat,
  panel,
  passesAxe,
  say,
  sent,
  setTextSize,
  shows,
} from "./visitor.mjs";

const ana = new Ana();
const PHONE = { viewport: { width: 320, height: 568 }, hasTouch: true, isMobile: true };

const LOOKS = {
  light: {},
  dark: { options: { colorScheme: "dark" } },
  "right to left": { direction: "rtl" },
  "text twice as large": { textSize_px: 32 },
  "a phone, right to left, text twice as large": { options: PHONE, direction: "rtl", textSize_px: 32 },
  "forced colours": { options: { forcedColors: "active" } },
};

for (const [name, { options, direction = "ltr", textSize_px = 16 }] of Object.entries(LOOKS)) {
  test(`axe finds nothing wrong in any state (${name})`, async () => {
    const context = await ana.newContext({ reducedMotion: "reduce", ...options });
    const page = await ana.visit("/shop/", context);
    await setTextSize(page, textSize_px);
    await page.evaluate((dir) => (document.documentElement.dir = dir), direction);
    await passesAxe(page, "closed");
    await openChat(page);
    await passesAxe(page, "empty");
    await say(page, "Hello");
    await sent(page, "Hello");
    ana.shop.staffSays("Hi Ana");
    await shows(page, "Theo", "Hi Ana");
    await say(page, "هل الغلاية متوفرة؟");
    await sent(page, "الغلاية");
    await passesAxe(page, "talking");
    ana.shop.answerNext(/messages/, problem(422, "malformed"));
    await say(page, "Refused");
    await shows(page, "Refused", "Not sent");
    await passesAxe(page, "refused");
    await field(page).fill("x".repeat(4_001));
    await page.getByText("1 character too many").first().waitFor();
    await passesAxe(page, "too long");
    await field(page).fill("");
    ana.shop.answerNext(/messages/, problem(503, "busy", { retry_after_ms: 3_600_000 }));
    await say(page, "On its way");
    await shows(page, "On its way", "Sending…");
    await passesAxe(page, "sending");
    await context.setOffline(true);
    await page.getByText("No connection").waitFor();
    await passesAxe(page, "offline, one waiting");
    await context.setOffline(false);
    for (let line = 0; line < 30; line += 1) ana.shop.staffSays(`Line ${line}`);
    await shows(page, "Line 29");
    await page.getByRole("log").evaluate((log) => (log.scrollTop = 0));
    ana.shop.staffSays("Below the fold");
    await page.getByRole("button", { name: "1 new message" }).waitFor();
    await passesAxe(page, "a new message below");
    await closeChat(page);
    ana.shop.staffSays("While it is closed");
    await page.getByRole("button", { name: "Chat with us, 1 unread message" }).waitFor();
    await passesAxe(page, "unread");
    assert.deepEqual(ana.complaints, []);
  });
}

test("axe finds nothing wrong where nobody is there, nothing is stored, and old messages were let go", async () => {
  ana.shop.online = false;
  await ana.context.addInitScript(() => {
    Object.defineProperty(window, "localStorage", { value: null });
  });
  const page = await ana.visit("/shop/kettle");
  await openChat(page);
  await page.getByText("We will answer as soon as we can").waitFor();
  await passesAxe(page, "nobody there");
  await say(page, "Hello");
  await sent(page, "Hello");
  for (let line = 0; line < 220; line += 1) ana.shop.staffSays(`Line ${line}`);
  await page.getByText("Older messages are no longer shown here").waitFor();
  await page.getByText("It will be gone when you close this page").waitFor();
  await passesAxe(page, "not kept, trimmed");
});

for (const [kind, answer] of [
  ["key", problem(404, "unknown-shop-key")],
  ["origin", problem(403, "origin-not-allowed")],
]) {
  test(`a page with a wrong ${kind} shows nothing, not even to axe, also where it worked before`, async () => {
    const page = await ana.visit();
    await passesAxe(page, "before");
    ana.shop.answerNext(/shop\?/, answer);
    const warned = page.waitForEvent("console", (message) => message.text().startsWith("Shopbell chat"));
    await page.reload();
    await warned;
    assert.equal(await launcher(page).isVisible(), false);
    assert.equal(await panel(page).isVisible(), false);
    await passesAxe(page, `wrong ${kind}`);
    assert.equal(ana.shop.sessions.length, 0);
  });
}

for (const [text, direction] of [
  [16, "ltr"],
  [32, "ltr"],
  [32, "rtl"],
]) {
  test(`on a phone of 320 px nothing is cut and every target is large (text ${text} px, ${direction})`, async () => {
    const context = await ana.newContext({ ...PHONE, reducedMotion: "reduce" });
    const page = await ana.visit("/shop/", context);
    await setTextSize(page, text);
    await page.evaluate((dir) => (document.documentElement.dir = dir), direction);
    await openChat(page);
    await say(page, `A_very_long_word_without_any_place_to_break_${"x".repeat(120)}`);
    await sent(page, "A_very_long_word");
    ana.shop.answerNext(/messages/, problem(422, "malformed"));
    await say(page, "Refused");
    await shows(page, "Refused", "Not sent");
    await context.setOffline(true);
    await page.getByText("No connection").waitFor();
    await field(page).fill("x".repeat(4_001));
    assert.deepEqual(await cutParts(page), []);
    for (const button of await panel(page).getByRole("button").all()) {
      const { width, height, left, right } = await button.evaluate((target) => {
        const { left, right } = target.getBoundingClientRect();
        return { width: target.offsetWidth, height: target.offsetHeight, left, right };
      });
      assert.ok(width >= 44 && height >= 44, `a target is at least 44 px, this one ${width} by ${height}`);
      assert.ok(left >= 0 && right <= 320, `a button is on the screen, this one from ${left} to ${right}`);
    }
    assert.ok((await page.getByRole("log").boundingBox()).height >= 60, "some of the messages stay in sight");
  });
}

/** The parts of the open panel whose content is wider than they are. */
function cutParts(page) {
  return panel(page).evaluate((box) =>
    [box, ...box.querySelectorAll("*")]
      .filter((part) => part.scrollWidth > part.clientWidth + 1 && getComputedStyle(part).display !== "inline")
      .filter((part) => !part.closest(".unseen, svg"))
      .map((part) => part.className || part.localName),
  );
}

test("when the keyboard of a phone comes up, the field and the head stay in what is left", async () => {
  const context = await ana.newContext({ ...PHONE, reducedMotion: "reduce" });
  await context.addInitScript(() => {
    // Headless, no keyboard comes up: what the browser would say of one is said here.
    const seen = Object.assign(new EventTarget(), { height: 568, offsetTop: 0, scale: 1 });
    Object.defineProperty(window, "visualViewport", { value: seen });
    window.changeViewport = (now) => {
      Object.assign(seen, now);
      seen.dispatchEvent(new Event("resize"));
    };
  });
  const page = await ana.visit("/shop/", context);
  await openChat(page);
  await page.evaluate(() => window.changeViewport({ height: 300, offsetTop: 120 }));
  const box = await panel(page).boundingBox();
  assert.deepEqual([box.y, box.height], [120, 300]);
  const send = await page.getByRole("button", { name: "Send" }).boundingBox();
  assert.ok(send.y + send.height <= 420);
  // Two fingers make the page larger: the panel stays the whole screen of the page, to be looked at in parts.
  await page.evaluate(() => window.changeViewport({ height: 284, offsetTop: 50, scale: 2 }));
  const zoomed = await panel(page).boundingBox();
  assert.deepEqual([zoomed.y, zoomed.height], [0, 568]);
});

test("each text has its own direction, whatever the page's is", async () => {
  for (const direction of ["ltr", "rtl"]) {
    const context = await ana.newContext();
    const page = await ana.visit("/shop/", context);
    await page.evaluate((dir) => (document.documentElement.dir = dir), direction);
    await openChat(page);
    await say(page, "هل الغلاية متوفرة؟");
    await say(page, "Is the kettle there?");
    await sent(page, "kettle");
    ana.shop.staffSays("نعم!", "ليلى");
    await shows(page, "نعم!");
    const directions = await page.locator("shopbell-chat .text").evaluateAll((texts) =>
      texts.map((text) => getComputedStyle(text).direction),
    );
    assert.deepEqual(directions, ["rtl", "ltr", "rtl"]);
    const width = await page.evaluate(() => innerWidth);
    const { x } = await panel(page).boundingBox();
    assert.equal(x < width / 2, direction === "rtl", "the panel stands in the corner where lines end");
    const [own, theirs] = await Promise.all(
      [messages(page).first(), messages(page).last()].map((row) => row.boundingBox()),
    );
    assert.equal(own.x > theirs.x, direction === "ltr");
    await context.close();
  }
});

test("the newest message stays in sight while the field grows", async () => {
  const page = await ana.visit();
  await openChat(page);
  await say(page, "Hello");
  await sent(page, "Hello");
  for (let line = 0; line < 20; line += 1) ana.shop.staffSays(`Line ${line}`);
  await shows(page, "Line 19");
  for (let line = 0; line < 6; line += 1) await field(page).press("Shift+Enter");
  await page.waitForFunction(() => {
    const log = document.querySelector("shopbell-chat").shadowRoot.querySelector(".log");
    return log.scrollHeight - log.scrollTop - log.clientHeight < 2;
  });
});

test("who wants little motion gets none", async () => {
  for (const [reducedMotion, moves] of [
    ["no-preference", true],
    ["reduce", false],
  ]) {
    const context = await ana.newContext({ reducedMotion });
    const page = await ana.visit("/shop/", context);
    await openChat(page);
    const animation = await panel(page).evaluate((box) => getComputedStyle(box).animationName);
    assert.equal(animation !== "none", moves);
    await context.close();
  }
});

test("with forced colours every button and message keeps an edge", async () => {
  const context = await ana.newContext({ forcedColors: "active" });
  const page = await ana.visit("/shop/", context);
  const edge = (part) => part.evaluate((box) => getComputedStyle(box).borderTopStyle);
  assert.equal(await edge(launcher(page)), "solid");
  await openChat(page);
  await say(page, "Hello");
  await sent(page, "Hello");
  for (const part of [page.getByRole("button", { name: "Send" }), field(page), page.locator("shopbell-chat .text")]) {
    assert.equal(await edge(part), "solid");
  }
});

test("the chat is not printed", async () => {
  const page = await ana.visit();
  await page.emulateMedia({ media: "print" });
  assert.equal(await launcher(page).isVisible(), false);
});
