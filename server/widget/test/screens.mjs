// Takes the pictures in docs/screens: `node test/screens.mjs`, or `scripts/screens`. Nearly the same pictures for
// the same widget: the time, the zone and the shop are fixed.
import { mkdirSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { LAUNCH } from "./chromium.mjs";
import { serve } from "./fake_server.mjs";
import { closeChat, field, launcher, openChat, say, sent, setTextSize, shows } from "./visitor.mjs";

const FOLDER = new URL("../../../docs/screens/", import.meta.url);
const LIMIT_BYTES = 60_000;
const AT = new Date("2026-11-25T09:04:00Z");
const DESKTOP = { viewport: { width: 740, height: 540 } };
const PHONE = { viewport: { width: 360, height: 640 }, isMobile: true, hasTouch: true };

const SCREENS = {
  "shop-closed": { take: closedWithUnread },
  "chat-empty": { take: openChat },
  "chat-light": { take: talk },
  "chat-dark": { options: { colorScheme: "dark" }, take: talk },
  "chat-rtl": { direction: "rtl", take: talkInArabic },
  "chat-large-text": { textSize_px: 32, take: talk },
  "chat-offline": { take: writeOffline },
  "chat-refused": { take: isRefused },
  "chat-forced-colours": { options: { forcedColors: "active" }, take: talk },
  "phone-light": { options: PHONE, take: talk },
  "phone-dark": { options: { ...PHONE, colorScheme: "dark" }, take: talk },
  "phone-large-text": { options: PHONE, textSize_px: 32, take: talk },
  "phone-offline": { options: PHONE, take: writeOffline },
  "phone-shop": { options: PHONE, path: "/shop/kettle", take: async () => {} },
};

async function talk(page, shop) {
  await openChat(page);
  await say(page, "Does the quiet kettle work on an induction hob?");
  await sent(page, "induction");
  shop.staffSays("It does, and on gas. It keeps its hum on both.");
  await shows(page, "on gas");
  await say(page, "Lovely. Could it be here by Friday?");
  await sent(page, "Friday");
  shop.staffSays("If you order today, yes.");
  await shows(page, "order today");
}

async function talkInArabic(page, shop) {
  await openChat(page);
  await say(page, "هل تعمل الغلاية على موقد الحث؟");
  await sent(page, "الغلاية");
  shop.staffSays("نعم، وعلى الغاز أيضًا.", "ليلى");
  await shows(page, "نعم");
  await page.context().setOffline(true);
  await page.getByText("No connection").waitFor();
  await say(page, "Thank you! شكرًا");
  await shows(page, "Thank you", "Will be sent");
}

async function closedWithUnread(page, shop) {
  await talk(page, shop);
  await closeChat(page);
  shop.staffSays("Shall I keep one for you?");
  await page.getByRole("button", { name: /1 unread/ }).waitFor();
}

async function writeOffline(page, shop) {
  await talk(page, shop);
  await page.context().setOffline(true);
  await page.getByText("No connection").waitFor();
  await say(page, "Then I take two.");
  await shows(page, "Then I take two.", "Will be sent");
}

async function isRefused(page, shop) {
  await talk(page, shop);
  shop.answerNext(/messages/, { status: 422, body: { type: "https://shopbell.dev/problems/malformed" } });
  await say(page, "Then I take two.");
  await shows(page, "Then I take two.", "Not sent");
  await field(page).fill("x".repeat(3_950));
}

mkdirSync(FOLDER, { recursive: true });
const browser = await chromium.launch(LAUNCH);
let isOver = false;
for (const [name, { options, direction = "ltr", textSize_px = 16, path = "/shop/", take }] of Object.entries(SCREENS)) {
  const server = await serve();
  const context = await browser.newContext({
    ...DESKTOP,
    locale: "en-GB",
    timezoneId: "UTC",
    reducedMotion: "reduce",
    ...options,
  });
  const page = await context.newPage();
  await page.clock.setFixedTime(AT);
  await page.goto(server.origin + path);
  await setTextSize(page, textSize_px);
  await page.evaluate((dir) => (document.documentElement.dir = dir), direction);
  await launcher(page).waitFor();
  await take(page, server.shop);
  const file = fileURLToPath(new URL(`${name}.png`, FOLDER));
  await page.screenshot({ path: file, caret: "hide" });
  const { size } = statSync(file);
  console.log(`${name}.png: ${size} bytes`);
  isOver ||= size > LIMIT_BYTES;
  await context.close();
  await server.stop();
}
await browser.close();
if (isOver) {
  console.error(`A picture is over ${LIMIT_BYTES} bytes: make its window smaller.`);
  process.exitCode = 1;
}
