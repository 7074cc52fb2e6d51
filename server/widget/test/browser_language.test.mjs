// The languages in a real chromium: only the one that is needed is loaded, and a failure leaves English.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { chromium } from "playwright-core";
import { LAUNCH } from "./chromium.mjs";
import { serve } from "./fake_server.mjs";

let browser;
let server;

before(async () => {
  browser = await chromium.launch(LAUNCH);
});

after(() => browser.close());

beforeEach(async () => {
  server = await serve();
});

afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  await server.stop();
});

test("Ana, whose browser is Polish, reads Polish, and no other language is loaded", async () => {
  server.pages.set("/bez", page(""));
  const { ana, loaded, complaints } = await visit("/bez", "pl-PL");
  await ana.getByRole("button", { name: "Napisz do nas" }).click();
  await ana.getByRole("dialog", { name: "Czat: Juniper & Clay" }).waitFor();
  await ana.getByRole("textbox", { name: "Twoja wiadomość" }).fill("Dzień dobry");
  await ana.keyboard.press("Enter");
  await ana.getByText("Wysłano").waitFor();
  server.shop.staffSays("Dzień dobry, Ana");
  await ana.getByText("Dzień dobry, Ana").waitFor();
  const spoken = await ana.locator("shopbell-chat [lang]").getAttribute("lang");
  assert.equal(spoken, "pl");
  assert.deepEqual(loaded, ["/widget/pl.json"]);
  assert.deepEqual(complaints, []);
});

test("the page's language comes before the browser's, and the script's before the page's", async () => {
  server.pages.set("/french", page('lang="fr"'));
  server.pages.set("/chinese", page('lang="fr"', 'lang="zh-TW"'));
  const french = await visit("/french", "pl-PL");
  await french.ana.getByRole("button", { name: "Discuter avec nous" }).waitFor();
  assert.deepEqual(french.loaded, ["/widget/fr.json"]);
  const chinese = await visit("/chinese", "pl-PL");
  await chinese.ana.getByRole("button", { name: "與我們聊聊" }).waitFor();
  assert.deepEqual(chinese.loaded, ["/widget/zh-Hant.json"]);
  assert.deepEqual([...french.complaints, ...chinese.complaints], []);
});

test("English is part of the script", async () => {
  server.pages.set("/english", page('lang="en"'));
  const { ana, loaded } = await visit("/english", "pl-PL");
  await ana.getByRole("button", { name: "Chat with us" }).waitFor();
  assert.deepEqual(loaded, []);
});

test("where the words cannot be loaded the chat speaks English and works", async () => {
  server.pages.set("/french", page('lang="fr"'));
  const { ana } = await visit("/french", "fr-FR", (context) =>
    context.route("**/widget/*.json", (route) => route.abort()),
  );
  await ana.getByRole("button", { name: "Chat with us" }).click();
  await ana.getByRole("textbox", { name: "Your message" }).fill("Hello");
  await ana.keyboard.press("Enter");
  await ana.getByText("Sent", { exact: true }).waitFor();
});

test("times and dates are written as the language writes them", async () => {
  server.pages.set("/chinese", page('lang="zh-Hant"'));
  const { ana } = await visit("/chinese", "en-GB");
  await ana.getByRole("button", { name: "與我們聊聊" }).click();
  await ana.getByRole("textbox", { name: "您的訊息" }).fill("你好");
  await ana.keyboard.press("Enter");
  await ana.getByText("已送出").waitFor();
  assert.match(await ana.locator("shopbell-chat time").innerText(), /[上下]午/);
});

function page(root, script = "") {
  return `<!doctype html><html ${root}><title>Juniper</title>
    <script src="/widget.js" data-key="{{key}}" ${script} defer></script>`;
}

async function visit(path, locale, prepare = async () => {}) {
  const context = await browser.newContext({ locale });
  await prepare(context);
  const ana = await context.newPage();
  const loaded = [];
  const complaints = [];
  ana.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.startsWith("/widget/")) loaded.push(pathname);
  });
  ana.on("pageerror", (error) => complaints.push(error.message));
  ana.on("console", (message) => {
    if (/Content Security Policy|TrustedHTML/.test(message.text())) complaints.push(message.text());
  });
  await ana.goto(server.origin + path);
  return { ana, loaded, complaints };
}
