// The wire: docs/protocol.md, "Web chat". Answers are checked for their shape; failures are sorted by what
// the widget does about them.
import type { EventPage, Session, Shop } from "./conversation.ts";
import type { Env, Reply, Socket } from "./env.ts";
import { toJson } from "./json.ts";

export type Answer<T> = { ok: true; value: T } | Failure;

export interface Failure {
  ok: false;
  /**
   * `unreachable`: no answer. `expired`: the token is unknown. `unknown-shop`, `forbidden`: the page's
   * configuration is wrong. `refused`: the server will never take this request. `later`: everything else.
   */
  kind: "unreachable" | "expired" | "unknown-shop" | "forbidden" | "refused" | "later";
  /** The problem document's kind, or "". */
  problem: string;
  /** What the server asked to wait, or 0. */
  wait_ms: number;
}

const REQUEST_TIMEOUT_MS = 20_000;
const KINDS: { [status: number]: Failure["kind"] } = {
  400: "refused",
  401: "expired",
  403: "forbidden",
  404: "unknown-shop",
  413: "refused",
  422: "refused",
};

export class Api {
  /** Told after each request whether the server answers. */
  onReach: (isReached: boolean) => void = () => {};
  readonly #env: Env;
  readonly #origin: string;

  constructor(env: Env, origin: string) {
    this.#env = env;
    this.#origin = origin;
  }

  shop(key: string): Promise<Answer<Shop>> {
    return this.#ask("GET", `shop?key=${encodeURIComponent(key)}`, readShop);
  }

  /** `lost`: one that the server had and does not know any more, to be made again. */
  beginSession(
    body: { key: string; name?: string; language?: string },
    lost: Session | null,
  ): Promise<Answer<Session>> {
    const again = lost ? { again: { session: lost.id, token: lost.token } } : {};
    return this.#ask("POST", "sessions", readSession, { body: { ...body, ...again, page: this.#env.page() } });
  }

  events(token: string, after: number, wait_ms: number): Promise<Answer<EventPage>> {
    return this.#ask("GET", `events?after=${after}&wait_ms=${wait_ms}`, readEventPage, { token, wait_ms });
  }

  post(token: string, id: string, text: string): Promise<Answer<{ n: number }>> {
    return this.#ask("POST", "messages", readPosted, {
      token,
      body: { id, text, client_ts: this.#env.now() },
    });
  }

  presence(token: string, state: "here" | "left"): void {
    const body = { state, page: this.#env.page() };
    void this.#ask("POST", "presence", () => true, { token, body, keepalive: state === "left" });
  }

  socket(): Socket | null {
    return this.#env.socket(`${this.#origin.replace(/^http/, "ws")}/chat/v1/live`);
  }

  async #ask<T>(
    method: "GET" | "POST",
    path: string,
    read: (body: any) => T | null,
    extra: { token?: string; body?: unknown; wait_ms?: number; keepalive?: boolean } = {},
  ): Promise<Answer<T>> {
    const timeout = new AbortController();
    const cancel = this.#env.after(REQUEST_TIMEOUT_MS + (extra.wait_ms ?? 0), () => timeout.abort());
    const headers: Record<string, string> = {};
    if (extra.token) headers["Authorization"] = `Bearer ${extra.token}`;
    if (extra.body) headers["Content-Type"] = "application/json";
    try {
      const reply = await this.#env.fetch(`${this.#origin}/chat/v1/${path}`, {
        method,
        headers,
        signal: timeout.signal,
        ...(extra.body ? { body: toJson(extra.body) } : {}),
        ...(extra.keepalive ? { keepalive: true } : {}),
      });
      const body: any = reply.status === 204 ? {} : await reply.json().catch(() => null);
      this.onReach(reply.status < 500);
      if (reply.status >= 300) return failure(reply, body);
      const value: T | null = body && read(body);
      return value ? { ok: true, value } : { ok: false, kind: "later", problem: "", wait_ms: 0 };
    } catch {
      this.onReach(false);
      return { ok: false, kind: "unreachable", problem: "", wait_ms: 0 };
    } finally {
      cancel();
    }
  }
}

function failure(reply: Reply, body: any): Failure {
  const asked_ms = Number(body?.retry_after_ms) || Number(reply.headers.get("Retry-After")) * 1_000 || 0;
  return {
    ok: false,
    kind: KINDS[reply.status] ?? "later",
    problem: String(body?.type ?? "").replace(/^.*\//, ""),
    wait_ms: Math.max(0, asked_ms),
  };
}

function readShop(body: any): Shop | null {
  const text_chars = body.limits?.text_chars;
  if (typeof body.name !== "string" || typeof text_chars !== "number") return null;
  return { name: body.name, online: body.online === true, text_chars };
}

function readSession(body: any): Session | null {
  if (typeof body.session !== "string" || typeof body.token !== "string") return null;
  return { id: body.session, token: body.token, epoch: String(body.epoch) };
}

function readEventPage(body: any): EventPage | null {
  if (!Array.isArray(body.events) || typeof body.next !== "number") return null;
  const events: EventPage["events"] = [];
  for (const { n, place, message } of body.events) {
    if (typeof n !== "number" || typeof message?.id !== "string" || typeof message.text !== "string")
      return null;
    const { id, from, name, text, at, edited, deleted } = message;
    events.push({
      n,
      place: typeof place === "number" ? place : n,
      message: {
        id,
        from,
        text: deleted ? "" : text,
        at: Number(at),
        ...(typeof name === "string" ? { name } : {}),
        ...(edited ? { edited: true } : {}),
        ...(deleted ? { deleted: true } : {}),
      },
    });
  }
  return { epoch: String(body.epoch), events, next: body.next, more: body.more === true };
}

function readPosted(body: any): { n: number } | null {
  return typeof body.n === "number" ? { n: body.n } : null;
}
