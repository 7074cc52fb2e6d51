// The world as the widget's logic sees it. Nothing else in src/ reads a clock, makes randomness, or touches
// the network, the storage or the locks, so that tests run the same code on a world that they turn by hand.

export interface Env {
  /** Milliseconds since 1970-01-01 UTC. */
  now(): number;
  randomBytes(count: number): Uint8Array;
  /** Runs once after `delay_ms`; the answer cancels it. */
  after(delay_ms: number, run: () => void): () => void;
  fetch(url: string, request: Request): Promise<Reply>;
  /** Null where the browser refuses to open one at all. */
  socket(url: string): Socket | null;
  /** Null where the browser blocks it. */
  storage: KeyValues | null;
  /** Null outside secure contexts and in old browsers. */
  locks: Locks | null;
  isOnline(): boolean;
  isVisible(): boolean;
  /** The host page, without its query and fragment: they may hold secrets. */
  page(): { url: string; title: string };
  /** BCP 47. */
  language: string;
}

export interface Request {
  method: "GET" | "POST";
  headers: Record<string, string>;
  body?: string;
  /** Lets the request outlive the page. */
  keepalive?: boolean;
  signal?: AbortSignal;
  /** `default` lets the browser keep the answer as its headers allow; else it is never kept. */
  cache?: "default";
}

export interface Reply {
  status: number;
  headers: { get(name: string): string | null };
  json(): Promise<unknown>;
}

export interface Socket {
  onopen: (() => void) | null;
  onmessage: ((message: { data: unknown }) => void) | null;
  onclose: (() => void) | null;
  send(text: string): void;
  close(): void;
}

export type KeyValues = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;

export interface Locks {
  request(
    name: string,
    options: { steal?: boolean; signal?: AbortSignal },
    held: () => Promise<void>,
  ): Promise<void>;
}

const TITLE_LIMIT_UNITS = 200;
const URL_LIMIT_UNITS = 2_000;

// As they are when the script runs: what the page lays over them later is not for the chat.
const { fetch, WebSocket } = window;

export function browserEnv(language: string): Env {
  return {
    now: () => Date.now(),
    randomBytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
    after(delay_ms, run) {
      const timer = setTimeout(run, delay_ms);
      return () => clearTimeout(timer);
    },
    fetch: (url, request) => fetch(url, { mode: "cors", credentials: "omit", cache: "no-store", ...request }),
    socket(url) {
      try {
        return new WebSocket(url) as Socket;
      } catch {
        return null;
      }
    },
    storage: usableStorage(),
    locks: (navigator.locks as Locks | undefined) ?? null,
    isOnline: () => navigator.onLine,
    isVisible: () => document.visibilityState === "visible",
    page: () => ({
      url: (location.origin + location.pathname).slice(0, URL_LIMIT_UNITS),
      title: document.title.slice(0, TITLE_LIMIT_UNITS),
    }),
    language,
  };
}

/** Merely naming localStorage throws where the visitor blocks it. */
function usableStorage(): KeyValues | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}
