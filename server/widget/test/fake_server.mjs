// FakeShop behind a real port, with the demo shop's pages and the built widget, under the strictest policy
// that the widget promises to work under. `node test/fake_server.mjs` serves it for a look by hand.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { pathToFileURL } from "node:url";
import { WebSocketServer } from "ws";
import { FakeShop, KEY } from "./fake_shop.mjs";

export const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self' ws:",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join("; ");

const FILES = {
  "/favicon.ico": ["../demo/icon.svg", "image/svg+xml"],
  "/widget.js": ["../dist/widget.js", "text/javascript"],
  "/widget/fr.json": ["../dist/words/fr.json", "application/json"],
  "/widget/pl.json": ["../dist/words/pl.json", "application/json"],
  "/widget/zh-Hant.json": ["../dist/words/zh-Hant.json", "application/json"],
  "/shop/": ["../demo/index.html", "text/html"],
  "/shop/kettle": ["../demo/kettle.html", "text/html"],
  "/shop/shop.css": ["../demo/shop.css", "text/css"],
};

/**
 * Answers `{ origin, shop, pages, start(), stop() }`. `pages` maps further paths to HTML, or to `{ text, headers }`
 * where they differ from the usual ones.
 */
export async function serve(port = 0) {
  const shop = new FakeShop();
  const pages = new Map();
  const http = createServer((request, response) => answer(shop, pages, request, response));
  const sockets = new WebSocketServer({ noServer: true });
  http.on("upgrade", (request, socket, head) => {
    if (!shop.offersSockets) return socket.destroy();
    sockets.handleUpgrade(request, socket, head, (line) => {
      const { frame, closed } = shop.connect({
        send: (text) => line.send(text),
        close: () => line.close(4401),
      });
      line.on("message", (data) => frame(String(data)));
      line.on("close", closed);
    });
  });
  const listen = (at) =>
    new Promise((resume) => http.listen(at, "localhost", () => resume(http.address().port)));
  const listening = await listen(port);
  return {
    shop,
    pages,
    origin: `http://localhost:${listening}`,
    /** After `stop`: the same port, and the shop as it was. */
    start: () => listen(listening),
    async stop() {
      for (const line of sockets.clients) line.terminate();
      http.closeAllConnections();
      await new Promise((resume) => http.close(resume));
    },
  };
}

async function answer(shop, pages, request, response) {
  const url = new URL(request.url ?? "/", "http://fake");
  if (url.pathname.startsWith("/chat/v1/")) return answerChat(shop, request, response);
  const [file, type = "text/html"] = FILES[url.pathname] ?? [];
  const page = pages.get(url.pathname);
  if (!page && !file) return void response.writeHead(404).end();
  const { text, headers } = page?.text ? page : { text: page, headers: {} };
  response.writeHead(200, {
    "content-type": `${type}; charset=utf-8`,
    "content-security-policy": POLICY,
    "cache-control": "no-cache",
    ...headers,
  });
  response.end((text ?? readFileSync(new URL(file, import.meta.url), "utf8")).replaceAll("{{key}}", KEY));
}

async function answerChat(shop, request, response) {
  let body = "";
  for await (const chunk of request) body += chunk;
  const { method, url, headers } = request;
  const sharing = { "access-control-allow-origin": headers.origin ?? "*" };
  if (method === "OPTIONS") {
    const allowed = { "access-control-allow-headers": "Authorization, Content-Type" };
    return void response.writeHead(204, { ...sharing, ...allowed }).end();
  }
  const answered = await shop.handle({ method, path: url, headers, body });
  if (answered === "lost") return void response.destroy();
  response.writeHead(answered.status, { "content-type": "application/json", ...sharing, ...answered.headers });
  response.end(answered.body === undefined ? undefined : JSON.stringify(answered.body));
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { origin, shop } = await serve(Number(process.env.PORT ?? 8099));
  console.log(`${origin}/shop/  (what is typed here answers the newest customer)`);
  process.stdin.on("data", (typed) => shop.sessions.length > 0 && shop.staffSays(String(typed).trim()));
}
