// The script of the shop's page: finds its own tag, puts one <shopbell-chat> at the end of the page, and
// touches nothing else of it.
import { Chat } from "./chat.ts";
import { ShopbellChat } from "./element.ts";
import { browserEnv } from "./env.ts";
import { learn } from "./language.ts";

const TAG = "shopbell-chat";
/** The page comes first: the chat starts when the browser is idle, or after this long. */
const START_WITHIN_MS = 2_000;

const script = document.currentScript as HTMLScriptElement | null;

if (!script?.dataset["key"]) warn("the script tag needs data-key, the shop's public key.");
else if (!window.customElements.get(TAG)) whenIdle(() => void embed(script, script.dataset["key"]!));

async function embed(tag: HTMLScriptElement, key: string): Promise<void> {
  const { name, theme } = tag.dataset;
  const { origin } = new URL(tag.src);
  const env = browserEnv(tag.lang || navigator.language);
  const chat = new Chat(env, { origin, key, ...(name ? { name } : {}) });
  chat.onMisconfigured = warn;
  window.customElements.define(TAG, ShopbellChat);
  listen(chat);
  chat.start();
  const page = document.documentElement.lang;
  await learn(env, origin, { script: tag.lang, page, browser: navigator.languages });
  const widget = document.createElement(TAG) as ShopbellChat;
  widget.chat = chat;
  if (theme) widget.setAttribute("theme", theme);
  document.body.append(widget);
}

function listen(chat: Chat): void {
  window.addEventListener("online", () => chat.networkChanged());
  window.addEventListener("offline", () => chat.networkChanged());
  window.addEventListener("focus", () => chat.attend());
  window.addEventListener("pagehide", () => chat.leave());
  window.addEventListener("pageshow", ({ persisted }) => {
    if (persisted) chat.stored(null);
    chat.attend();
  });
  window.addEventListener("storage", ({ key }) => chat.stored(key));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") chat.attend();
    else chat.hidden();
  });
}

function whenIdle(run: () => void): void {
  if (!document.body) document.addEventListener("DOMContentLoaded", () => whenIdle(run));
  else if (window.requestIdleCallback) window.requestIdleCallback(run, { timeout: START_WITHIN_MS });
  else setTimeout(run, 0);
}

function warn(advice: string): void {
  console.warn(`Shopbell chat: not shown: ${advice}`);
}
