// A browser that tests turn by hand: a clock, a network to FakeShop, a storage and locks that the tabs share.
import type { Env, KeyValues, Locks, Reply, Request, Socket } from "../src/env.ts";
import { Chat } from "../src/chat.ts";
import { FakeShop, KEY, problem } from "./fake_shop.mjs";

export { KEY, problem };

const MORNING_MS = Date.UTC(2026, 10, 25, 9, 0);

export class World {
  readonly shop = new FakeShop((delay_ms, run) => void this.after(delay_ms, run));
  /** Null: blocked. */
  storage: FakeStorage | null = new FakeStorage();
  hasLocks = true;
  isOnline = true;
  tabs: Tab[] = [];
  now_ms = MORNING_MS;
  readonly locks = new FakeLocks();
  #timers: { at_ms: number; run: () => void }[] = [];
  #random: () => number;

  constructor(seed = 1) {
    this.#random = randomFrom(seed);
  }

  /** Ana opens a page of the shop in a tab of her browser, and looks at it. */
  async open(name = "Ana"): Promise<Tab> {
    for (const other of this.tabs) await other.hide();
    const tab = new Tab(this, name);
    this.tabs.push(tab);
    tab.chat.start();
    await settle();
    return tab;
  }

  /** Lets time pass, timer by timer. */
  async pass(duration_ms: number): Promise<void> {
    const until_ms = this.now_ms + duration_ms;
    for (;;) {
      const next = this.#timers.filter(({ at_ms }) => at_ms <= until_ms).sort((a, b) => a.at_ms - b.at_ms)[0];
      if (!next) break;
      this.#timers.splice(this.#timers.indexOf(next), 1);
      this.now_ms = Math.max(this.now_ms, next.at_ms);
      next.run();
      await settle();
    }
    this.now_ms = until_ms;
  }

  async setOnline(isOnline: boolean): Promise<void> {
    this.isOnline = isOnline;
    for (const tab of this.tabs) {
      if (!isOnline) tab.dropSockets();
      tab.chat.networkChanged();
    }
    await settle();
  }

  env(tab: Tab): Env {
    return {
      now: () => this.now_ms,
      randomBytes: (count) => Uint8Array.from({ length: count }, () => Math.floor(this.random() * 256)),
      after: (delay_ms, run) => this.after(delay_ms, () => tab.isClosed || run()),
      fetch: (url, request) => this.#fetch(tab, url, request),
      socket: () => tab.openSocket(),
      storage: this.storage && this.storage.seenBy(tab),
      locks: this.hasLocks ? this.locks.seenBy(tab) : null,
      isOnline: () => this.isOnline,
      isVisible: () => tab.isVisible,
      page: () => ({ url: "https://juniper.example/kettle", title: "The quiet kettle" }),
      language: "en-GB",
    };
  }

  random(): number {
    return this.#random();
  }

  after(delay_ms: number, run: () => void): () => void {
    const timer = { at_ms: this.now_ms + delay_ms, run };
    this.#timers.push(timer);
    return () => {
      const index = this.#timers.indexOf(timer);
      if (index >= 0) this.#timers.splice(index, 1);
    };
  }

  async #fetch(tab: Tab, url: string, { method, headers, body, signal }: Request): Promise<Reply> {
    if (!this.isOnline) throw new TypeError("Failed to fetch");
    const lower = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
    );
    const asked = {
      method,
      path: new URL(url).pathname + new URL(url).search,
      headers: lower,
      ...(body ? { body } : {}),
    };
    const gone = new Promise<"lost">((lose) => signal?.addEventListener("abort", () => lose("lost")));
    const answered = await Promise.race([this.shop.handle(asked), gone]);
    if (tab.isClosed) await new Promise(() => {});
    if (answered === "lost" || !this.isOnline) throw new TypeError("Failed to fetch");
    const { status, headers: sent = {} } = answered;
    return {
      status,
      headers: { get: (name) => sent[name.toLowerCase()] ?? null },
      json: async () => answered.body,
    };
  }
}

export class Tab {
  readonly chat: Chat;
  isVisible = true;
  isClosed = false;
  /** What the page's author was told on the console. */
  readonly advice: string[] = [];
  readonly #world: World;
  readonly #sockets = new Set<Socket>();

  constructor(world: World, name: string) {
    this.#world = world;
    this.chat = new Chat(world.env(this), { origin: "https://chat.example", key: KEY, name });
    this.chat.onMisconfigured = (advice) => this.advice.push(advice);
  }

  async send(text: string): Promise<void> {
    this.chat.send(text);
    await settle();
  }

  /** What the panel shows, as "who: text (state)". */
  get shown(): string[] {
    return this.chat.view().lines.map(({ from, name, text, state, edited, deleted }) => {
      if (from === "customer") return `You: ${text} (${state})`;
      return `${name}: ${deleted ? "(deleted)" : edited ? `${text} (edited)` : text}`;
    });
  }

  async look(): Promise<void> {
    this.isVisible = true;
    this.chat.attend();
    await settle();
  }

  async hide(): Promise<void> {
    this.isVisible = false;
    this.chat.hidden();
    await settle();
  }

  /** The tab is closed, or another page of the shop opened in it. */
  async close(): Promise<void> {
    this.chat.leave();
    await this.crash();
  }

  /** The tab ends without a word. */
  async crash(): Promise<void> {
    this.isClosed = true;
    this.dropSockets();
    this.#world.locks.tabGone(this);
    this.#world.tabs.splice(this.#world.tabs.indexOf(this), 1);
    await settle();
  }

  async reload(): Promise<Tab> {
    await this.close();
    return this.#world.open();
  }

  openSocket(): Socket {
    const shop = this.#world.shop;
    const socket: Socket = {
      onopen: null,
      onmessage: null,
      onclose: null,
      send: (frame) => server.frame(frame),
      close: () => {
        if (!this.#sockets.delete(socket)) return;
        server.closed();
        if (!this.isClosed) socket.onclose?.();
      },
    };
    const server = shop.connect({
      send: (data) => void (this.isClosed || socket.onmessage?.({ data })),
      close: () => socket.close(),
    });
    this.#sockets.add(socket);
    queueMicrotask(() => {
      if (!this.#world.isOnline || !shop.offersSockets) socket.close();
      else socket.onopen?.();
    });
    return socket;
  }

  dropSockets(): void {
    for (const socket of this.#sockets) socket.close();
  }
}

/** One localStorage; a change by one tab is told to the others. */
export class FakeStorage {
  readonly values = new Map<string, string>();
  isFull = false;
  readonly #tabs = new Set<Tab>();

  seenBy(tab: Tab): KeyValues {
    this.#tabs.add(tab);
    const { values } = this;
    const storage = this;
    return {
      get length() {
        return values.size;
      },
      key: (index) => [...values.keys()][index] ?? null,
      getItem: (key) => values.get(key) ?? null,
      setItem(key, value) {
        if (storage.isFull) throw new DOMException("full", "QuotaExceededError");
        values.set(key, value);
        storage.#tell(tab, key);
      },
      removeItem(key) {
        values.delete(key);
        storage.#tell(tab, key);
      },
    };
  }

  #tell(from: Tab, key: string): void {
    for (const tab of this.#tabs) {
      if (tab !== from && !tab.isClosed) queueMicrotask(() => tab.isClosed || tab.chat.stored(key));
    }
  }
}

interface Held {
  tab: Tab;
  run: () => void;
  lose: () => void;
}

/** navigator.locks for one name: first come, first served, and `steal`. */
export class FakeLocks {
  /** As where the visitor blocks cookies: every request is refused. */
  isBlocked = false;
  #holder: Held | null = null;
  #queue: Held[] = [];

  /** The tab that holds the lock. */
  get holder(): Tab | null {
    return this.#holder?.tab ?? null;
  }

  seenBy(tab: Tab): Locks {
    return {
      request: (_name, { steal, signal }, held) =>
        new Promise((resolve, reject) => {
          if (this.isBlocked) return reject(new DOMException("blocked", "SecurityError"));
          const request: Held = {
            tab,
            lose: () => reject(new DOMException("stolen", "AbortError")),
            run: () => {
              this.#holder = request;
              void held().then(() => {
                resolve();
                if (this.#holder === request) this.#next();
              });
            },
          };
          signal?.addEventListener("abort", () => {
            this.#queue = this.#queue.filter((queued) => queued !== request);
            if (this.#holder !== request) request.lose();
          });
          if (steal) {
            this.#holder?.lose();
            request.run();
          } else if (this.#holder) this.#queue.push(request);
          else request.run();
        }),
    };
  }

  tabGone(tab: Tab): void {
    this.#queue = this.#queue.filter((queued) => queued.tab !== tab);
    if (this.#holder?.tab === tab) this.#next();
  }

  #next(): void {
    this.#holder = null;
    this.#queue.shift()?.run();
  }
}

/** Until everything that needs no time has happened. */
export async function settle(): Promise<void> {
  await new Promise((resume) => setImmediate(resume));
}

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
