// The widget without its looks: puts the parts together, and answers what is to be shown. The view calls its
// methods and reads `view()` whenever it is told that something changed.
import { Api } from "./api.ts";
import { Connection } from "./connection.ts";
import { countUnread, linesOf, newestReceived, type Line, type Shop } from "./conversation.ts";
import type { Env } from "./env.ts";
import { contend, type Leadership } from "./leadership.ts";
import { Outbox, type Visitor } from "./outbox.ts";
import { Presence } from "./presence.ts";
import { Retry } from "./retry.ts";
import { Store } from "./store.ts";
import { countScalars, cut, newMessageId, wellFormed } from "./text.ts";

export interface View {
  /** Null until the shop was reached once: then there is nothing to show. */
  shop: Shop | null;
  lines: Line[];
  unread: number;
  /** The newest message from the shop, or "". */
  newest: string;
  waiting: number;
  isOffline: boolean;
  isDurable: boolean;
  isTrimmed: boolean;
}

export interface ChatConfig {
  /** The server's, without a path. */
  origin: string;
  key: string;
  name?: string;
}

export const NAME_LIMIT_CHARS = 80;

export class Chat {
  onChange: () => void = () => {};
  /** The page's configuration is wrong: what to tell whoever embeds the widget. The chat is over. */
  onMisconfigured: (advice: string) => void = () => {};
  #isRefused = false;
  #isReached = true;
  /** Whether `shop.online` was heard on this page. What was stored says nothing about now. */
  #isShopFresh = false;
  readonly #env: Env;
  readonly #config: ChatConfig;
  readonly #store: Store;
  readonly #api: Api;
  readonly #outbox: Outbox;
  readonly #connection: Connection;
  readonly #presence: Presence;
  readonly #leadership: Leadership;
  readonly #shopRetry: Retry;

  constructor(env: Env, config: ChatConfig) {
    this.#env = env;
    this.#config = config;
    this.#store = new Store(env.storage, config.key);
    this.#api = new Api(env, config.origin);
    this.#outbox = new Outbox(env, this.#store, this.#api, visitor(config, env));
    this.#connection = new Connection(env, this.#store, this.#api);
    this.#presence = new Presence(env, this.#store, this.#api);
    this.#leadership = contend(env, this.#store.prefix, (isLeading) => this.#lead(isLeading));
    this.#shopRetry = new Retry(env, () => void this.refreshShop());
    this.#store.onChange = () => {
      if (!this.#isRefused) this.#presence.update();
      this.onChange();
    };
    this.#api.onReach = (isReached) => this.#reach(isReached);
    this.#outbox.onSession = () => this.#connection.start();
    this.#outbox.onLost = () => this.#connection.stop();
    this.#connection.onLost = () => this.#outbox.lost();
    this.#connection.onRestored = () => this.#outbox.hurry();
  }

  /** Nothing is sent or listened for before the shop is known to take messages from this page. */
  start(): void {
    void this.refreshShop();
  }

  view(): View {
    const { shop, conversation, unsent } = this.#store;
    const isOffline = !this.#env.isOnline() || !this.#isReached;
    const isOnlineKnown = this.#isShopFresh && !isOffline;
    return {
      shop: shop && !this.#isRefused ? { ...shop, online: shop.online && isOnlineKnown } : null,
      lines: linesOf(conversation, unsent),
      unread: countUnread(conversation, this.#store.read),
      newest: newestReceived(conversation),
      waiting: unsent.filter(({ refused }) => !refused).length,
      isOffline,
      isDurable: this.#store.isDurable,
      isTrimmed: conversation.trimmed,
    };
  }

  /** How many characters more fit; below zero it cannot be sent. */
  charactersLeft(text: string): number {
    return (this.#store.shop?.text_chars ?? 0) - countScalars(wellFormed(text).trim());
  }

  /** Whether it was taken; then it is kept until the server has it. */
  send(text: string): boolean {
    const message = wellFormed(text).trim();
    if (!message || this.charactersLeft(message) < 0) return false;
    const last = this.#store.unsent.at(-1)?.id;
    const id = newMessageId(this.#env.now(), this.#env.randomBytes, last);
    this.#store.putUnsent({ id, text: message, at: this.#env.now() });
    this.#leadership.claim();
    this.#outbox.hurry();
    return true;
  }

  /** Sends a refused message again as it is. */
  retry(id: string): void {
    const message = this.#store.unsent.find((unsent) => unsent.id === id);
    if (!message) return;
    this.#store.putUnsent({ id, text: message.text, at: message.at });
    this.#leadership.claim();
    this.#outbox.hurry();
  }

  /** The refused message's text is in the customer's hands again. */
  discard(id: string): void {
    this.#store.dropUnsent(id);
  }

  get draft(): string {
    return this.#store.draft;
  }

  saveDraft(text: string): void {
    this.#store.saveDraft(wellFormed(text));
  }

  markRead(): void {
    this.#store.markRead(newestReceived(this.#store.conversation));
  }

  async refreshShop(): Promise<void> {
    const answer = await this.#api.shop(this.#config.key);
    if (answer.ok) {
      this.#shopRetry.succeeded();
      this.#isShopFresh = true;
      this.#store.setShop(answer.value);
      this.attend();
    } else if (answer.kind === "forbidden") {
      this.#refuse("this page's origin is not one of the shop's. Add it to the origins of its web chat.");
    } else if (answer.kind === "unknown-shop" || answer.kind === "refused") {
      this.#refuse("no shop has this key. Check data-key of the script tag and the server in its src.");
    } else {
      this.#shopRetry.failed(answer.wait_ms);
      this.attend();
    }
  }

  /** The page is looked at, or might be reachable again. */
  attend(): void {
    if (!this.view().shop) return;
    this.#presence.update();
    if (!this.#env.isVisible()) return;
    this.#leadership.claim();
    this.#outbox.hurry();
    this.#connection.hurry();
  }

  hidden(): void {
    this.#presence.update();
  }

  networkChanged(): void {
    this.onChange();
    if (!this.#env.isOnline()) return;
    if (this.#isShopFresh) this.#connection.reconnect();
    else this.#shopRetry.hurry();
    this.#outbox.hurry();
  }

  /** The page goes away, perhaps to come back. */
  leave(): void {
    this.#presence.leave();
    this.#leadership.resign();
  }

  /** Another tab changed the storage; null: all of it. */
  stored(key: string | null): void {
    if (key !== null && !key.startsWith(this.#store.prefix)) return;
    this.#leadership.stored(key);
    this.#store.reload();
    this.#outbox.hurry();
  }

  #lead(isLeading: boolean): void {
    if (isLeading) {
      this.#outbox.start();
      this.#connection.start();
    } else {
      this.#outbox.stop();
      this.#connection.stop();
    }
  }

  #reach(isReached: boolean): void {
    if (this.#isReached === isReached) return;
    this.#isReached = isReached;
    this.onChange();
  }

  #refuse(advice: string): void {
    this.#isRefused = true;
    this.leave();
    this.onChange();
    this.onMisconfigured(advice);
  }
}

function visitor({ key, name }: ChatConfig, env: Env): Visitor {
  return { key, language: env.language, ...(name ? { name: cut(name, NAME_LIMIT_CHARS) } : {}) };
}
