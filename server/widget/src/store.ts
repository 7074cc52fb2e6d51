// What survives a reload, in localStorage, and in memory where that is blocked or full. Each unsent message
// has a key of its own, so that a tab that writes one never overwrites another tab's; the conversation is one
// value, read again before each change, and changed only by the tab that leads.
import { EMPTY, type Conversation, type Shop, type Unsent } from "./conversation.ts";
import type { KeyValues } from "./env.ts";
import { toJson } from "./json.ts";

/** Part of every key. A later format takes another number and leaves this one's values alone. */
const FORMAT = 1;

export class Store {
  readonly prefix: string;
  onChange: () => void = () => {};
  #conversation: Conversation = EMPTY;
  #shop: Shop | null = null;
  #unsent: Unsent[] = [];
  #read = "";
  readonly #values: Values;

  constructor(storage: KeyValues | null, shopKey: string) {
    this.prefix = `shopbell:${FORMAT}:${shopKey}:`;
    this.#values = new Values(storage);
    this.#load();
  }

  get conversation(): Conversation {
    return this.#conversation;
  }

  /** As the server last described it. */
  get shop(): Shop | null {
    return this.#shop;
  }

  /** In the order in which they were written. */
  get unsent(): readonly Unsent[] {
    return this.#unsent;
  }

  /** The id of the newest message from the shop that the customer has seen. */
  get read(): string {
    return this.#read;
  }

  get draft(): string {
    return this.#values.get(this.#key("draft")) ?? "";
  }

  /** False while something could only be kept in memory. */
  get isDurable(): boolean {
    return this.#values.isDurable;
  }

  change(transition: (was: Conversation) => Conversation): void {
    this.#load();
    const was = this.#conversation;
    this.#conversation = transition(was);
    if (this.#conversation === was) return;
    this.#set("conversation", this.#conversation);
    const sent = idsOf(this.#conversation);
    for (const { id } of this.#unsent) {
      if (sent.has(id)) this.#values.remove(this.#key(`unsent:${id}`));
    }
    this.reload();
  }

  setShop(shop: Shop): void {
    this.#set("shop", shop);
    this.reload();
  }

  putUnsent(message: Unsent): void {
    this.#set(`unsent:${message.id}`, message);
    this.reload();
  }

  dropUnsent(id: string): void {
    this.#values.remove(this.#key(`unsent:${id}`));
    this.reload();
  }

  markRead(id: string): void {
    if (id === this.#read) return;
    this.#values.set(this.#key("read"), id);
    this.reload();
  }

  saveDraft(text: string): void {
    const wasDurable = this.isDurable;
    if (text) this.#values.set(this.#key("draft"), text);
    else this.#values.remove(this.#key("draft"));
    if (this.isDurable !== wasDurable) this.onChange();
  }

  /** Another tab changed something. */
  reload(): void {
    this.#load();
    this.onChange();
  }

  #load(): void {
    // What an older script stored lacks what it did not know.
    this.#conversation = { ...EMPTY, ...parsed(this.#values.get(this.#key("conversation")), isConversation) };
    this.#shop = parsed(this.#values.get(this.#key("shop")), isShop);
    this.#read = this.#values.get(this.#key("read")) ?? "";
    // A crash, or a storage that lets nothing be removed, may leave what was sent among the unsent.
    const sent = idsOf(this.#conversation);
    this.#unsent = this.#values
      .keys(this.#key("unsent:"))
      .sort()
      .map((key) => parsed(this.#values.get(key), isUnsent))
      .filter((message) => message !== null && !sent.has(message.id)) as Unsent[];
  }

  #set(name: string, value: Conversation | Shop | Unsent): void {
    this.#values.set(this.#key(name), toJson(value));
  }

  #key(name: string): string {
    return this.prefix + name;
  }
}

/** localStorage, with what it would not take laid over it in memory. */
class Values {
  readonly #memory = new Map<string, string>();
  readonly #storage: KeyValues | null;

  constructor(storage: KeyValues | null) {
    this.#storage = storage;
  }

  get isDurable(): boolean {
    return this.#memory.size === 0;
  }

  get(key: string): string | null {
    return this.#memory.get(key) ?? this.#try((storage) => storage.getItem(key)) ?? null;
  }

  set(key: string, value: string): void {
    const stored = this.#try((storage) => {
      storage.setItem(key, value);
      return true;
    });
    if (stored) this.#memory.delete(key);
    else this.#memory.set(key, value);
  }

  remove(key: string): void {
    this.#memory.delete(key);
    this.#try((storage) => storage.removeItem(key));
  }

  keys(prefix: string): string[] {
    const found = new Set(this.#memory.keys());
    this.#try((storage) => {
      for (let index = 0; index < storage.length; index += 1) found.add(storage.key(index) ?? "");
    });
    return [...found].filter((key) => key.startsWith(prefix));
  }

  #try<T>(use: (storage: KeyValues) => T): T | undefined {
    try {
      return this.#storage ? use(this.#storage) : undefined;
    } catch {
      return undefined;
    }
  }
}

function idsOf({ messages }: Conversation): Set<string> {
  return new Set(messages.map((message) => message.id));
}

function parsed<T>(json: string | null, isRight: (value: T) => boolean): T | null {
  try {
    const value = JSON.parse(json ?? "null");
    return value && isRight(value) ? value : null;
  } catch {
    return null;
  }
}

function isConversation(value: Conversation): boolean {
  return Array.isArray(value.messages) && typeof value.next === "number" && typeof value.era === "number";
}

function isShop(value: Shop): boolean {
  return typeof value.name === "string" && typeof value.text_chars === "number";
}

function isUnsent(value: Unsent): boolean {
  return typeof value.id === "string" && typeof value.text === "string" && typeof value.at === "number";
}
