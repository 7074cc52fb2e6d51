// Ana in a real browser, on the shop's own pages.
import { chromium } from "playwright-core";
import { LAUNCH } from "../../server/widget/test/chromium.mjs";

/** What staff see: Ana gave no name, and is the first who wrote. */
export const ANA = "Visitor 1";

/** A customer whose browser keeps its profile in a folder, so that it can be closed and opened again. */
export class Customer {
  static async arrive(folder, address) {
    const customer = new Customer();
    Object.assign(customer, { folder, address });
    await customer.openBrowser();
    return customer;
  }

  async openBrowser() {
    this.browser = await chromium.launchPersistentContext(this.folder, { ...LAUNCH, locale: "en-GB" });
    this.page = this.browser.pages()[0] ?? (await this.browser.newPage());
    await this.visit("/shop/");
  }

  async closeBrowser() {
    await this.browser.close();
  }

  async visit(path) {
    await this.goTo(this.address + path);
    await this.openChat();
  }

  /**
   * Where the page could not be had, chromium loads it again by itself whenever it likes, also in the middle of a
   * navigation that a test asks for, which then counts as interrupted and is asked again.
   */
  async goTo(url, attempts = 5) {
    try {
      await this.page.goto(url);
    } catch (error) {
      if (attempts <= 1 || !/interrupted by another navigation|ERR_ABORTED/.test(error.message)) throw error;
      await this.page.waitForLoadState().catch(() => {});
      await this.goTo(url, attempts - 1);
    }
  }

  async openChat() {
    await this.page.getByRole("button", { name: /^Chat with us/ }).click();
    await this.page.getByRole("dialog").waitFor();
  }

  async reload() {
    await this.page.reload();
    await this.openChat();
  }

  async writes(text) {
    const field = this.page.getByRole("textbox", { name: "Your message" });
    await field.fill(text);
    await field.press("Enter");
  }

  /** Waits until the shop has this message of hers. */
  async sent(text) {
    const row = this.page.locator("shopbell-chat .message[data-state=sent]").filter({ hasText: text });
    await row.first().waitFor();
  }

  /** Waits until this text stands in her chat. */
  async sees(text) {
    await this.page.locator("shopbell-chat .message").filter({ hasText: text }).first().waitFor();
  }

  /** How often a text stands in her chat. */
  count(text) {
    return this.page.locator("shopbell-chat .message").filter({ hasText: text }).count();
  }
}
