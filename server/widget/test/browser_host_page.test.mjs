// Pages that are strict, and pages that are rude: the chat looks and works the same, and leaves them alone.
import assert from "node:assert/strict";
import { test } from "node:test";
import { POLICY } from "./fake_server.mjs";
import { Ana, closeChat, field, focused, launcher, messages, openChat, panel, say, sent, shows } from "./visitor.mjs";

const ana = new Ana();

/** A page of the shop with the widget, under `policy`; `more` goes before the widget's script. */
function put(path, { more = "", script = `src="/widget.js"`, policy = POLICY } = {}) {
  const text = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Page</title>
    <meta name="viewport" content="width=device-width"><main><h1>Page</h1></main>${more}
    <script ${script} data-key="{{key}}" data-name="Ana" defer></script>`;
  ana.server.pages.set(path, { text, headers: { "content-security-policy": policy } });
}

/** A script of the page's own, which its policy lets run. */
function putScript(path, run) {
  ana.server.pages.set(path, { text: `(${run})();`, headers: { "content-type": "text/javascript" } });
  return `<script src="${path}"></script>`;
}

async function chats(page, words = "Hello") {
  if (!(await panel(page).isVisible())) await openChat(page);
  await say(page, words);
  await sent(page, words);
  ana.shop.staffSays(`Theo read: ${words}`);
  await shows(page, "Theo", `Theo read: ${words}`);
}

test("nothing violates the strictest policies that let the script run", async () => {
  const elsewhere = ana.server.origin.replace("localhost", "chat.localhost");
  const nothing = "default-src 'none'; img-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'";
  const policies = {
    "/no-styles": { policy: POLICY.replace("style-src 'self'", "style-src 'none'") },
    "/nonce": {
      policy: POLICY.replace("script-src 'self'", "script-src 'nonce-r4nd0m' 'strict-dynamic'"),
      script: `src="/widget.js" nonce="r4nd0m"`,
    },
    "/elsewhere": {
      policy: `${nothing}; script-src ${elsewhere}; connect-src ${elsewhere} ${elsewhere.replace("http", "ws")}`,
      script: `src="${elsewhere}/widget.js"`,
    },
  };
  for (const [path, page] of Object.entries(policies)) put(path, page);
  for (const path of ["/shop/", ...Object.keys(policies)]) {
    const context = await ana.newContext();
    const page = await ana.visit(path, context);
    const socket = page.waitForEvent("websocket");
    await chats(page, `Hello from ${path}`);
    await socket;
    assert.equal((await page.getByRole("button", { name: "Send" }).boundingBox())?.width, 44);
    await context.close();
  }
  assert.deepEqual(ana.complaints, []);
});

test("a page that forbids what the test forbids is heard: the complaints are not deaf", async () => {
  put("/shut", { more: `<p style="color: red">Styled</p>` });
  await ana.visit("/shut");
  assert.equal(ana.complaints.length, 1);
});

const RUDE_STYLE = `
  *, *::before, *::after { all: unset !important; display: none !important; animation: none !important }
  * { --text: red; --surface: red; --accent: red; --shadow: none; --visible-height: 9px }
  html {
    display: block !important; font: italic bold 60px/4 fantasy !important; letter-spacing: 1em !important;
    word-spacing: 3em !important; text-transform: uppercase !important; text-indent: 5em !important;
    text-align: right !important; color: red !important; visibility: hidden !important; cursor: none !important;
    pointer-events: none !important; user-select: none !important; white-space: nowrap !important;
    writing-mode: vertical-rl !important; -webkit-text-fill-color: red !important; opacity: 0.5 !important;
    text-shadow: 0 0 9px red !important; list-style: square !important; quotes: none !important; zoom: 1
  }
  body {
    display: grid !important; gap: 40px !important; transform: translate(90px, 90px) scale(0.5) !important;
    filter: blur(9px) !important; overflow: hidden !important; contain: strict !important; opacity: 0 !important;
    position: relative !important; z-index: -1 !important; will-change: transform !important
  }
  shopbell-chat, body > :last-child, body shopbell-chat[class], html body shopbell-chat:not(#a#b#c) {
    display: none !important; position: absolute !important; inset: -9999px !important; opacity: 0 !important;
    visibility: hidden !important; transform: scale(0) !important; clip-path: inset(50%) !important;
    font-size: 0 !important; width: 0 !important; pointer-events: none !important;
    content-visibility: hidden !important; animation: away 1s infinite !important; transition: all 99s !important; z-index: -1 !important;
    --text: red !important; --accent: red !important; --surface: red !important
  }
  @keyframes away { from, to { opacity: 0; display: none; translate: -9999px } }
  .wall { all: unset !important; display: block !important; position: fixed !important; inset: 0 !important;
    z-index: 2147483647 !important; background: black !important }
`;

test("the page's styles do not reach the widget: each of its computed styles stays what it was", async () => {
  put("/calm");
  put("/rude", { more: `<link rel="stylesheet" href="/rude.css">` });
  ana.server.pages.set("/rude.css", { text: RUDE_STYLE, headers: { "content-type": "text/css" } });
  const seen = [];
  for (const path of ["/calm", "/rude"]) {
    const context = await ana.newContext({ reducedMotion: "reduce" });
    const page = await ana.visit(path, context);
    await page.evaluate(() => {
      const wall = document.createElement("div");
      wall.className = "wall";
      document.querySelector("shopbell-chat").style.cssText = "display: none !important; opacity: 0 !important";
      document.documentElement.append(wall);
    });
    const closed = await styles(page);
    await chats(page);
    await closeChat(page);
    ana.shop.staffSays("One more");
    await page.getByRole("button", { name: "Chat with us, 1 unread message" }).waitFor();
    await openChat(page);
    await page.mouse.move(0, 0);
    seen.push([...closed, ...(await styles(page))]);
    await context.close();
  }
  const [calm, rude] = seen;
  assert.ok(calm.length > 10_000);
  assert.deepEqual(
    rude.filter((style, index) => style !== calm[index]),
    [],
  );
});

/** All computed styles and places of all parts of the widget, a line each. */
function styles(page) {
  return page.evaluate(() =>
    [...document.querySelector("shopbell-chat").shadowRoot.querySelectorAll("*")].flatMap((part) => {
      const computed = getComputedStyle(part);
      const { x, y, width, height } = part.getBoundingClientRect();
      const name = `${part.localName}.${part.getAttribute("class")}`;
      return [
        `${name} at ${x} ${y} ${width} ${height}`,
        ...[...computed]
          .filter((property) => !property.startsWith("--"))
          .map((property) => `${name} ${property}: ${computed.getPropertyValue(property)}`),
      ];
    }),
  );
}

test("a page that is zoomed by its style keeps the whole panel within the window", async () => {
  put("/zoomed", { more: `<link rel="stylesheet" href="/zoomed.css">` });
  ana.server.pages.set("/zoomed.css", { text: "html { zoom: 1.6 }", headers: { "content-type": "text/css" } });
  const page = await ana.visit("/zoomed");
  await chats(page);
  const { left, top, right, bottom } = await panel(page).evaluate((box) => box.getBoundingClientRect().toJSON());
  const window = await page.evaluate(() => [innerWidth, innerHeight]);
  assert.ok(left >= 0 && top >= 0 && right <= window[0] && bottom <= window[1], `${left} ${top} ${right} ${bottom}`);
});

test("the widget touches nothing of the page but the end of its body", async () => {
  put("/own");
  const page = await ana.visit("/own");
  await chats(page);
  assert.deepEqual(
    await page.evaluate(() => [...document.body.children].map(({ localName }) => localName)),
    ["main", "script", "shopbell-chat"],
  );
  assert.equal(await page.evaluate(() => document.documentElement.getAttributeNames().join()), "lang");
  assert.equal(await page.evaluate(() => document.body.getAttributeNames().join()), "");
  const height = () => page.evaluate(() => document.documentElement.scrollHeight);
  const before = await height();
  await page.evaluate(() => document.querySelector("shopbell-chat").remove());
  assert.equal(await height(), before);
  assert.deepEqual(ana.complaints, []);
});

test("a page whose old libraries changed arrays, strings and objects loses nothing", async () => {
  const libraries = putScript("/libraries.js", () => {
    const asJson = JSON.stringify;
    for (const made of [Array, String, Number]) {
      Object.defineProperty(made.prototype, "toJSON", {
        configurable: true,
        value() {
          return `"${String(this)}"`;
        },
      });
    }
    Object.prototype.extend = function () {};
    Object.prototype.foo = "foo";
    Array.prototype.each = function () {};
    Array.prototype.last = Array.prototype.first = function () {};
    Array.from = (items) => (typeof items === "string" ? [items] : [].slice.call(items));
    String.prototype.strip = function () {};
    Function.prototype.bind = function (self, ...first) {
      return (...rest) => this.apply(self, [...first, ...rest]);
    };
    window.$ = window.$$ = () => null;
    window.name = asJson({ a: 1 });
    window.onerror = () => true;
    console.warn = () => {
      throw new Error("no console here");
    };
  });
  put("/old", { more: libraries });
  const page = await ana.visit("/old");
  await chats(page, `An "old" shop`);
  assert.match(ana.shop.received[0].id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  await page.reload();
  await openChat(page);
  await sent(page, `An "old" shop`);
  await shows(page, "Theo", `An "old" shop`);
  assert.equal(await messages(page).count(), 2);
  assert.equal(ana.shop.sessions.length, 1);
  assert.deepEqual(ana.complaints, []);
});

test("a page that wraps fetch is worked with, and one that breaks it only means no connection", async () => {
  const wrapped = putScript("/wrapped.js", () => {
    const real = window.fetch;
    window.fetch = function (...args) {
      return real.apply(this, [new Request(...args)]).then((reply) => reply.clone());
    };
  });
  put("/wrapped", { more: wrapped });
  const page = await ana.visit("/wrapped");
  await chats(page);
  await page.evaluate(() => {
    window.fetch = window.WebSocket = () => {
      throw new Error("broken later");
    };
  });
  await chats(page, "Laid over later");
  await page.close();

  const broken = putScript("/broken.js", () => {
    window.fetch = (url) => (String(url).includes("/shop?") ? Promise.resolve({}) : null);
  });
  put("/broken", { more: broken });
  const other = await ana.context.newPage();
  await other.goto(`${ana.server.origin}/broken`);
  await launcher(other).waitFor(); // the shop as it was stored
  await openChat(other);
  await other.getByText("No connection").waitFor();
  await say(other, "Kept");
  await shows(other, "Kept", "Will be sent when you are back online");
  assert.deepEqual(ana.complaints, []);
});

test("what is typed in the chat is none of the page's shortcuts, and its focus is not taken away", async () => {
  const shortcuts = putScript("/shortcuts.js", () => {
    window.heard = [];
    const own = () => document.querySelector("#search");
    const hear = (event) => {
      if (event.target === own()) return;
      window.heard.push(`${event.type} ${event.key ?? ""}`);
      if (event.key !== "/") return;
      event.preventDefault();
      own().focus();
    };
    for (const type of ["keydown", "keypress", "keyup"]) document.addEventListener(type, hear, true);
    for (const type of ["keydown", "keypress", "keyup", "beforeinput", "input", "copy", "cut", "paste"]) {
      document.addEventListener(type, hear);
      window.addEventListener(type, hear);
    }
    // As a box of the page holds the focus.
    document.addEventListener("focusin", (event) => event.target === own() || own()?.focus());
    window.addEventListener("wheel", (event) => event.preventDefault(), { passive: false });
  });
  put("/shortcuts", { more: `${shortcuts}<input id="search" aria-label="Search">` });
  const page = await ana.visit("/shortcuts");
  await openChat(page);
  assert.equal(await focused(page), "Your message");
  await page.keyboard.type("either/or?");
  await page.keyboard.press("Control+A");
  await page.keyboard.press("Control+X");
  await page.keyboard.press("Control+V");
  assert.equal(await field(page).inputValue(), "either/or?");
  assert.deepEqual(await page.evaluate(() => window.heard), []);
  await page.keyboard.press("Enter");
  await sent(page, "either/or?");
  for (let line = 0; line < 20; line += 1) ana.shop.staffSays(`Line ${line}`);
  await shows(page, "Line 19");
  const log = page.getByRole("log");
  const end = await log.evaluate((box) => box.scrollTop);
  await log.hover();
  await page.mouse.wheel(0, -200);
  await page.waitForFunction((from) => {
    const { shadowRoot } = document.querySelector("shopbell-chat");
    return shadowRoot.querySelector(".log").scrollTop < from;
  }, end);
  await page.keyboard.press("Escape");
  await panel(page).waitFor({ state: "hidden" });
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press("/");
  assert.deepEqual((await page.evaluate(() => window.heard)).slice(0, 1), ["keydown /"]);
});

test("a browser without popovers shows the chat all the same, above the page", async () => {
  await ana.context.addInitScript(() => delete HTMLElement.prototype.showPopover);
  put("/walled", { more: `<link rel="stylesheet" href="/wall.css"><div class="wall"></div>` });
  const wall = ".wall { position: fixed; inset: 0; z-index: 2147483647; background: black }";
  ana.server.pages.set("/wall.css", { text: wall, headers: { "content-type": "text/css" } });
  const page = await ana.visit("/walled");
  await chats(page);
});

test("a page that goes on by exchanging its body keeps the conversation open", async () => {
  put("/turning");
  const page = await ana.visit("/turning");
  await chats(page);
  await page.evaluate(() => {
    const next = document.createElement("body");
    next.append(document.createElement("main"));
    document.body.replaceWith(next);
  });
  await shows(page, "Hello");
  await say(page, "Still here");
  await sent(page, "Still here");
  assert.equal(await messages(page).count(), 3);
  await page.evaluate(() => document.querySelector("shopbell-chat").remove());
  await page.evaluate(() => new Promise((later) => setTimeout(later)));
  assert.equal(await page.locator("shopbell-chat").count(), 0);
});

test("the theme is the system's until the page says one, and may change", async () => {
  put("/themed", { script: `src="/widget.js" data-theme="dark"` });
  const page = await ana.visit("/themed");
  await openChat(page);
  const [light, dark] = ["rgb(255, 255, 255)", "rgb(18, 19, 23)"];
  const chat = page.locator("shopbell-chat");
  const theme = (value) => chat.evaluate((element, to) => element.setAttribute("theme", to), value);
  const becomes = (colour) =>
    panel(page).evaluate(
      (box, wanted) =>
        new Promise((is) => {
          const look = () => (getComputedStyle(box).backgroundColor === wanted ? is() : requestAnimationFrame(look));
          look();
        }),
      colour,
    );
  await becomes(dark);
  await theme("light");
  await becomes(light);
  await page.emulateMedia({ colorScheme: "dark" });
  await theme("");
  await becomes(dark);
  await page.emulateMedia({ colorScheme: "light" });
  await becomes(light);
});
