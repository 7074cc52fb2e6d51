// Ana's browser, for the browser tests: the built widget in a real chromium, on pages of the fake server.
import axe from "axe-core";
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach } from "node:test";
import { chromium } from "playwright-core";
import { LAUNCH } from "./chromium.mjs";
import { serve } from "./fake_server.mjs";

/** Of one test file: fresh for each of its tests, but for the browser. */
export class Ana {
  browser;
  server;
  context;
  /** What the pages complained of: violations of their policy, and errors that nobody caught. */
  complaints = [];

  constructor() {
    before(async () => {
      this.browser = await chromium.launch(LAUNCH);
    });
    after(() => this.browser.close());
    beforeEach(async () => {
      this.server = await serve();
      this.complaints = [];
      this.context = await this.newContext();
    });
    afterEach(async () => {
      for (const context of this.browser.contexts()) await context.close();
      await this.server.stop();
    });
  }

  get shop() {
    return this.server.shop;
  }

  /** Another browser of hers, with nothing stored. */
  async newContext(options = {}) {
    const made = await this.browser.newContext({
      viewport: { width: 1000, height: 760 },
      locale: "en-GB",
      ...options,
    });
    await this.watch(made);
    return made;
  }

  /** Its pages' complaints are heard. */
  async watch(context) {
    await context.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
        console.error(`policy: ${violatedDirective} ${blockedURI}`);
      });
    });
    context.on("page", (page) => {
      page.on("console", (message) => {
        if (message.text().startsWith("policy:")) this.complaints.push(message.text());
      });
      page.on("pageerror", (error) => this.complaints.push(error.message));
    });
  }

  /** Opens a page of the shop, and waits until the chat's button is there. */
  async visit(path = "/shop/", context = this.context) {
    const page = await context.newPage();
    await page.goto(new URL(path, this.server.origin).href);
    await launcher(page).waitFor();
    return page;
  }

  /** All that reached the shop, in order. */
  get received() {
    return this.shop.received.map(({ text }) => text);
  }
}

export function launcher(page) {
  return page.getByRole("button", { name: /^Chat with us/ });
}

export function panel(page) {
  return page.getByRole("dialog", { name: /^Chat with / });
}

export function field(page) {
  return page.getByRole("textbox", { name: "Your message" });
}

export function messages(page) {
  return page.locator("shopbell-chat .message");
}

export async function openChat(page) {
  await page.bringToFront();
  await launcher(page).click();
  await panel(page).waitFor();
}

export async function closeChat(page) {
  await page.getByRole("button", { name: "Close the chat" }).click();
}

export async function say(page, text) {
  await field(page).fill(text);
  await field(page).press("Enter");
}

/** One message of the list holds all of `parts`. */
export async function shows(page, ...parts) {
  let row = messages(page);
  for (const part of parts) row = row.filter({ hasText: part });
  await row.first().waitFor();
}

/** One's own message stands there with its tick. */
export async function sent(page, text) {
  const row = page.locator("shopbell-chat .message[data-state=sent]").filter({ hasText: text });
  await row.getByText("Sent", { exact: true }).first().waitFor();
}

/** The accessible name of what has the focus. */
export function focused(page) {
  return page.evaluate(() => {
    const within = document.activeElement?.shadowRoot?.activeElement ?? document.activeElement;
    return within?.getAttribute("aria-label");
  });
}

/** As when she sets the size of text in the browser's settings; 16 is what browsers come with. */
export async function setTextSize(page, size_px) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Page.setFontSizes", { fontSizes: { standard: size_px, fixed: size_px } });
}

export async function passesAxe(page, state) {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() =>
    window.axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }),
  );
  const found = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`,
  );
  assert.deepEqual(found, [], state);
}
