// The conversation as this browser knows it, and every change to it, as pure functions. Messages are merged
// by id, so that a feed read twice, by two tabs, or from the start again, shows each message once.

export interface Conversation {
  session: Session | null;
  /** One that the server says it does not know: to be asked for again. Then there is no `session`. */
  lost: Session | null;
  /** The `n` to ask for events after. */
  next: number;
  /** Rises with each new session and each restored server: `n` starts again then. */
  era: number;
  /** The era in which the session began: what is from then on is told to a restored server again. */
  begun: number;
  /** By era, then by place. */
  messages: Message[];
  /** The ids of one's own messages that a restored server is still to be told. They go on being shown as sent. */
  resend: string[];
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
  edited?: boolean;
  /** Its words are gone, its place is kept. */
  deleted?: boolean;
  /** Where it stands within its era; `n` for a server that does not say. */
  place?: number;
  /** Of the newest event that brought it. */
  n: number;
  era: number;
  /** The era that `n` is of, where the message keeps its place of an earlier one. */
  since?: number;
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
  events: { n: number; place: number; message: Said }[];
  next: number;
  more: boolean;
}

type Said = Omit<Message, "n" | "era" | "place" | "since">;

/** A row of the message list. */
export interface Line {
  id: string;
  from: Message["from"];
  name?: string;
  text: string;
  at: number;
  edited?: boolean;
  deleted?: boolean;
  state: "received" | "sent" | "waiting" | Refusal;
}

export const MESSAGES_KEPT = 200;

export const EMPTY: Conversation = {
  session: null,
  lost: null,
  next: 0,
  era: 0,
  begun: 0,
  messages: [],
  resend: [],
  trimmed: false,
};

/** The answer to a request for a session, the first one or the lost one. Only the first answer counts. */
export function sessionBegan(was: Conversation, session: Session): Conversation {
  if (was.session) return was;
  if (was.lost) return serverRestored(was, session);
  const era = was.era + 1;
  return { ...was, session, next: 0, era, begun: era };
}

/** The server does not know `token` any more; a session begun since then stays. */
export function sessionEnded(was: Conversation, token: string): Conversation {
  return was.session?.token === token ? { ...was, session: null, lost: was.session } : was;
}

export function eventsCame(was: Conversation, page: EventPage): Conversation {
  const fresh = page.events.map(({ n, place, message }) => ({ ...message, n, place, era: was.era }));
  return { ...merged(was, fresh), next: Math.max(was.next, page.next) };
}

export function messagePosted(was: Conversation, { id, text, at }: Unsent, n: number): Conversation {
  if (was.messages.some((message) => message.id === id)) return resendDropped(was, id);
  return merged(was, [{ id, from: "customer", text, at, n, place: n, era: was.era }]);
}

/**
 * The server was restored from a copy. It may have lost the end of the conversation: everything is read again
 * from the start, and one's own messages are sent again under their old ids, which the server tells apart.
 * What was shown goes on being shown, in its place: also what the shop wrote and the server has lost.
 */
export function serverRestored(was: Conversation, session: Session): Conversation {
  if (was.session?.token === session.token && was.session.epoch === session.epoch) return was;
  const own = was.messages.filter(({ from, era }) => from === "customer" && era >= was.begun);
  return { ...was, session, lost: null, next: 0, era: was.era + 1, resend: own.map(({ id }) => id) };
}

/** One's own message that a restored server is to be told next. */
export function nextToResend({ messages, resend }: Conversation): Message | undefined {
  return resend.length > 0 ? messages.find(({ id }) => resend.includes(id)) : undefined;
}

/** The server has that message, or will not have it. */
export function resendDropped(was: Conversation, id: string): Conversation {
  if (!was.resend.includes(id)) return was;
  return { ...was, resend: was.resend.filter((other) => other !== id) };
}

/** The rows to show: what the server has, then what it has not yet, in the order in which it was written. */
export function linesOf(conversation: Conversation, unsent: readonly Unsent[]): Line[] {
  const stored = conversation.messages.map(({ id, from, name, text, at, edited, deleted }): Line => {
    return {
      id,
      from,
      text,
      at,
      state: from === "customer" ? "sent" : "received",
      ...(name ? { name } : {}),
      ...(edited ? { edited } : {}),
      ...(deleted ? { deleted } : {}),
    };
  });
  const waiting = unsent.map(({ id, text, at, refused }): Line => {
    return { id, from: "customer", text, at, state: refused ?? "waiting" };
  });
  return [...stored, ...waiting];
}

/** How many messages from the shop stand after the one with the id `read` and still say something. */
export function countUnread({ messages }: Conversation, read: string): number {
  const from = messages.findIndex((message) => message.id === read) + 1;
  return messages.slice(from).filter((message) => message.from !== "customer" && !message.deleted).length;
}

/** The id that `countUnread` takes once everything has been seen. */
export function newestReceived({ messages }: Conversation): string {
  return messages.filter((message) => message.from !== "customer").at(-1)?.id ?? "";
}

function merged(was: Conversation, fresh: Message[]): Conversation {
  const byId = new Map(was.messages.map((message) => [message.id, message]));
  const [oldest] = was.messages;
  for (const message of fresh) {
    // Read again after a restore, and let go before it.
    const isBeyond = was.trimmed && oldest!.era < message.era && message.at < oldest!.at;
    const known = byId.get(message.id);
    if (known || !isBeyond) byId.set(message.id, known ? newer(known, message) : message);
  }
  const messages = [...byId.values()].sort((a, b) => a.era - b.era || placeOf(a) - placeOf(b));
  const over = messages.length > MESSAGES_KEPT;
  return { ...was, messages: messages.slice(-MESSAGES_KEPT), trimmed: was.trimmed || over };
}

/** What stands of a message that is known and comes again. */
function newer(known: Message, fresh: Message): Message {
  // Words that were taken back stay away, also when a restored server brings them again.
  if (known.deleted) return known;
  const { era, place, at } = known;
  const heard = known.since ?? era;
  if (heard === fresh.era && fresh.n < known.n) return known;
  if (era === fresh.era) return fresh;
  // From a restored server: it stays as it was shown, unless it was changed since.
  if (!fresh.edited && !fresh.deleted) return known;
  return { ...fresh, era, at, since: fresh.era, place: place ?? known.n };
}

function placeOf({ place, n }: Message): number {
  return place ?? n;
}
