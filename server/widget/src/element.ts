// <shopbell-chat>: the button and the panel, in a shadow root that the host page's styles do not reach.
import type { Chat, View } from "./chat.ts";
import { Composer } from "./composer.ts";
import { element, icon, set, setText } from "./dom.ts";
import { trapTab } from "./focus.ts";
import { isolate } from "./isolation.ts";
import { MessageList } from "./message_list.ts";
import style from "./style.css";
import { isDark, onSystemTheme } from "./theme.ts";
import { LANGUAGE, say } from "./words.ts";

const BUBBLE = "M4 5h16v11H10l-5 4v-4H4z";
const CROSS = "M6 6l12 12M18 6L6 18";
const BADGE_UP_TO = 99;
/** While the panel is open, whether somebody is there is asked this often. */
const REFRESH_EVERY_MS = 60_000;

export class ShopbellChat extends HTMLElement {
  static readonly observedAttributes = ["theme"];
  #chat: Chat | null = null;
  #body: HTMLElement | null = null;
  readonly #widget = element("div", { class: "widget", lang: LANGUAGE });

  /** Once, before the element is put into the page. */
  set chat(chat: Chat) {
    this.#chat = chat;
  }

  connectedCallback(): void {
    if (!this.#chat) return;
    if (!this.shadowRoot) this.#build(this.#chat);
    this.#body = document.body;
    this.#rise();
  }

  /** Some pages go to the next one by exchanging their body; the conversation goes along. */
  disconnectedCallback(): void {
    setTimeout(() => {
      if (!this.isConnected && document.body !== this.#body) document.body.append(this);
    });
  }

  attributeChangedCallback(): void {
    this.#colour();
  }

  #build(chat: Chat): void {
    const root = this.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(style);
    root.adoptedStyleSheets = [sheet];
    root.append(this.#widget);
    new Panel(chat, root, this.#widget);
    this.#colour();
    onSystemTheme(() => this.#colour());
  }

  /** To the browser's top layer, where there is one: above everything, and not moved when the body is. */
  #rise(): void {
    if (!this.#widget.showPopover) return;
    set(this.#widget, { popover: "manual" });
    this.#widget.showPopover();
  }

  #colour(): void {
    set(this.#widget, { "data-dark": isDark(this.getAttribute("theme")) });
  }
}

class Panel {
  readonly #launcher = element("button", { class: "launcher", "aria-haspopup": "dialog" }, icon(BUBBLE));
  readonly #badge = element("span", { class: "badge", "aria-hidden": "true" });
  readonly #panel: HTMLElement;
  readonly #title = element("bdi");
  readonly #there = element("p", { class: "there" });
  readonly #offline = element("p", { class: "bar", role: "status" });
  readonly #notKept = element("p", { class: "bar" });
  readonly #announcer = element("div", { class: "unseen", role: "status" });
  readonly #list = new MessageList();
  readonly #composer: Composer;
  readonly #chat: Chat;
  readonly #root: ShadowRoot;
  #isOpen = false;
  #newest: string | null = null;
  #refresh: ReturnType<typeof setInterval> | undefined;

  constructor(chat: Chat, root: ShadowRoot, widget: HTMLElement) {
    this.#chat = chat;
    this.#root = root;
    this.#composer = new Composer(chat);
    const close = element(
      "button",
      { type: "button", class: "close", "aria-label": say("close") },
      icon(CROSS),
    );
    this.#panel = element(
      "section",
      { class: "panel", role: "dialog", "aria-modal": "true", hidden: true },
      element("div", { class: "top" }, element("div", {}, element("h2", {}, this.#title), this.#there), close),
      this.#offline,
      this.#notKept,
      this.#list.box,
      this.#composer.form,
    );
    this.#launcher.append(this.#badge);
    widget.append(this.#announcer, this.#launcher, this.#panel);

    this.#launcher.addEventListener("click", () => this.#open());
    close.addEventListener("click", () => this.#close());
    isolate(widget, (event) => this.#key(event));
    this.#composer.onSent = () => this.#list.scrollToEnd();
    this.#list.onRetry = (id) => {
      chat.retry(id);
      this.#composer.field.focus();
    };
    this.#list.onEdit = ({ id, text }) => {
      this.#composer.take(text);
      chat.discard(id);
    };
    document.addEventListener("visibilitychange", () => this.#show());
    window.visualViewport?.addEventListener("resize", () => this.#fit());
    window.visualViewport?.addEventListener("scroll", () => this.#fit());
    chat.onChange = () => this.#show();
    this.#show();
  }

  #open(): void {
    this.#isOpen = true;
    this.#show();
    this.#fit();
    this.#composer.update();
    this.#list.scrollToEnd();
    this.#composer.field.focus();
    void this.#chat.refreshShop();
    this.#refresh = setInterval(() => {
      if (document.visibilityState === "visible") void this.#chat.refreshShop();
    }, REFRESH_EVERY_MS);
  }

  #close(): void {
    this.#isOpen = false;
    clearInterval(this.#refresh);
    this.#show();
    this.#launcher.focus();
  }

  #key(event: KeyboardEvent): void {
    if (!this.#isOpen) return;
    if (event.key === "Escape" && !event.isComposing) this.#close();
    else if (this.#root.activeElement === this.#composer.field) this.#composer.key(event);
    trapTab(event, this.#panel, this.#root);
  }

  #show(): void {
    const view = this.#chat.view();
    const shop = view.shop;
    set(this.#launcher, { hidden: !shop || this.#isOpen });
    set(this.#panel, { hidden: !shop || !this.#isOpen });
    if (!shop) return;

    if (this.#isOpen && document.visibilityState === "visible" && view.unread > 0) this.#chat.markRead();
    const unread = this.#isOpen ? 0 : view.unread;
    set(this.#launcher, {
      "aria-label": unread ? say("launcher-unread", { count: unread }) : say("launcher"),
    });
    set(this.#badge, { hidden: unread === 0 });
    setText(this.#badge, unread > BADGE_UP_TO ? `${BADGE_UP_TO}+` : String(unread));

    set(this.#panel, { "aria-label": say("panel", { shop: shop.name }) });
    setText(this.#title, shop.name);
    set(this.#there, { "data-online": shop.online });
    setText(this.#there, shop.online ? say("somebody-there") : say("nobody-there"));
    setText(this.#offline, offlineText(view));
    setText(this.#notKept, view.isDurable || view.lines.length === 0 ? "" : say("not-kept"));
    this.#list.show({ ...view, shopName: shop.name, limit: shop.text_chars });
    if (this.#isOpen) this.#composer.update();
    this.#announceArrival(view, shop.name);
  }

  /** An open panel's log speaks for itself. */
  #announceArrival(view: View, shopName: string): void {
    const isNews = this.#newest !== null && view.newest !== this.#newest && view.unread > 0;
    this.#newest = view.newest;
    if (!isNews || this.#isOpen) return;
    const line = view.lines.find(({ id }) => id === view.newest);
    setText(this.#announcer, "");
    setText(this.#announcer, say("message-arrived", { who: line?.name || shopName }));
  }

  /** On a phone the panel fills what the on-screen keyboard leaves, however far the customer has zoomed in. */
  #fit(): void {
    const seen = window.visualViewport;
    if (!seen) return;
    const isZoomed = seen.scale > 1;
    this.#panel.style.setProperty("--visible-height", `${Math.round(seen.height * seen.scale)}px`);
    this.#panel.style.setProperty("--visible-top", isZoomed ? "0px" : `${seen.offsetTop}px`);
  }
}

function offlineText(view: View): string {
  if (!view.isOffline) return "";
  return view.waiting ? say("offline-waiting", { count: view.waiting }) : say("offline");
}
