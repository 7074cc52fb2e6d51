// The conversation as this browser knows it, and every change to it, as pure functions. Messages are merged
// by id, so that a feed read twice, by two tabs, or from the start again, shows each message once.

export interface Conversation {
  session: Session | null;
  /** The `n` to ask for events after. */
  next: number;
  /** Rises with each new session and each restored server: `n` starts again then. */
  era: number;
  /** By era, then by `n`. */
  messages: Message[];
  /** Whether older messages were let go to stay within MESSAGES_KEPT. */
  trimmed: boolean;
}

export interface Shop {
  name: string;
  online: boolean;
  text_chars: number;
}

export interface Session {
  id: string;
  token: string;
  epoch: string;
}

/** A message that the server has. */
export interface Message {
  id: string;
  from: "customer" | "staff" | "shop";
  name?: string;
  text: string;
  /** Milliseconds since 1970-01-01 UTC. */
  at: number;
  n: number;
  era: number;
}

/** One's own message that the server has not confirmed. */
export interface Unsent {
  id: string;
  text: string;
  at: number;
  /** Why the server will not have it; retried only when the customer asks. */
  refused?: Refusal;
}

export type Refusal = "too-long" | "other";

export interface EventPage {
  epoch: string;
  events: { n: number; message: Omit<Message, "n" | "era"> }[];
  next: number;
  more: boolean;
}

/** A row of the message list. */
export interface Line {
  id: string;
  from: Message["from"];
  name?: string;
  text: string;
  at: number;
  state: "received" | "sent" | "waiting" | Refusal;
}

export const MESSAGES_KEPT = 200;

export const EMPTY: Conversation = { session: null, next: 0, era: 0, messages: [], trimmed: false };

export function sessionBegan(was: Conversation, session: Session): Conversation {
  return { ...was, session, next: 0, era: was.era + 1 };
}

/** The server does not know `token` any more; a session begun since then stays. */
export function sessionEnded(was: Conversation, token: string): Conversation {
  return was.session?.token === token ? { ...was, session: null } : was;
}

export function eventsCame(was: Conversation, page: EventPage): Conversation {
  const fresh = page.events.map(({ n, message }) => ({ ...message, n, era: was.era }));
  return { ...merged(was, fresh), next: Math.max(was.next, page.next) };
}

export function messagePosted(was: Conversation, { id, text, at }: Unsent, n: number): Conversation {
  if (was.messages.some((message) => message.id === id && message.era === was.era)) return was;
  return merged(was, [{ id, from: "customer", text, at, n, era: was.era }]);
}

/**
 * The server was restored from a copy. It may have lost the end of the conversation: everything is read again
 * from the start, and one's own messages are sent again under their old ids, which the server tells apart.
 */
export function serverRestored(was: Conversation, session: Session): { now: Conversation; resend: Unsent[] } {
  const lost = (message: Message) => message.from === "customer" && message.era === was.era;
  return {
    now: {
      ...was,
      session,
      next: 0,
      era: was.era + 1,
      messages: was.messages.filter((message) => !lost(message)),
    },
    resend: was.messages.filter(lost).map(({ id, text, at }) => ({ id, text, at })),
  };
}

/** The rows to show: what the server has, then what it has not yet, in the order in which it was written. */
export function linesOf(conversation: Conversation, unsent: readonly Unsent[]): Line[] {
  const stored = conversation.messages.map(({ id, from, name, text, at }): Line => {
    return {
      id,
      from,
      text,
      at,
      state: from === "customer" ? "sent" : "received",
      ...(name ? { name } : {}),
    };
  });
  const waiting = unsent.map(({ id, text, at, refused }): Line => {
    return { id, from: "customer", text, at, state: refused ?? "waiting" };
  });
  return [...stored, ...waiting];
}

/** How many messages from the shop stand after the one with the id `read`. */
export function countUnread({ messages }: Conversation, read: string): number {
  const from = messages.findIndex((message) => message.id === read) + 1;
  return messages.slice(from).filter((message) => message.from !== "customer").length;
}

/** The id that `countUnread` takes once everything has been seen. */
export function newestReceived({ messages }: Conversation): string {
  return messages.filter((message) => message.from !== "customer").at(-1)?.id ?? "";
}

function merged(was: Conversation, fresh: Message[]): Conversation {
  const byId = new Map(was.messages.map((message) => [message.id, message]));
  for (const message of fresh) byId.set(message.id, message);
  const messages = [...byId.values()].sort((a, b) => a.era - b.era || a.n - b.n);
  const over = messages.length > MESSAGES_KEPT;
  return { ...was, messages: messages.slice(-MESSAGES_KEPT), trimmed: was.trimmed || over };
}
