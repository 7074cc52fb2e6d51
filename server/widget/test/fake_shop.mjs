// A working fake of the server's side of docs/protocol.md, "Web chat", in memory and without a network: the
// unit tests call `handle` directly, the browser tests through fake_server.mjs.

/**
 * @typedef {{ method: string, path: string, headers: Record<string, string | undefined>, body?: string }} Asked
 * @typedef {{ status: number, headers?: Record<string, string>, body?: unknown }} Answered
 * @typedef {{ id: string, from: string, name?: string, text: string, at: number, edited?: true, deleted?: true }} Message
 * @typedef {{ place: number, message: Message }} Event its `n` is its place in the list
 * @typedef {{ id: string, token: string, asked: any, events: Event[], presence: string[], sockets: Set<Line> }} Session
 * @typedef {{ send(frame: string): void, close(): void }} Line
 */

export const KEY = "pk_juniper";
const PAGE_EVENTS = 100;
const STARTED_MS = Date.UTC(2026, 10, 25, 9, 0);

export class FakeShop {
  name = "Juniper & Clay";
  online = true;
  textChars = 4_000;
  epoch = "epoch-1";
  offersSockets = true;
  /** False: a long poll is answered at once, with nothing. */
  waits = true;
  /** False: as a server that does not know of edits, and gives no places. */
  saysPlaces = true;
  /** False: as a server that gives a new session for each that is asked for again. */
  takesBack = true;
  /** @param {string} state */
  onPresence = (state) => void state;
  /** @type {Asked[]} */
  asked = [];
  /** @type {Session[]} */
  sessions = [];
  /** Answers given instead of the right one. @type {{ path: RegExp, answer: Answered | "lost" }[]} */
  instead = [];
  #clock_ms = STARTED_MS;
  #ids = 0;
  /** @type {Set<() => void>} */
  #waiting = new Set();
  #after;

  /** @param {(delay_ms: number, run: () => void) => void} after */
  constructor(after = (delay_ms, run) => void setTimeout(run, delay_ms)) {
    this.#after = after;
  }

  /** All that customers wrote, in the order in which it was taken. */
  get received() {
    return this.sessions.flatMap((session) => this.standing(session)).filter(({ from }) => from === "customer");
  }

  /**
   * The next request whose path matches is answered so. "lost": carried out, but its answer never arrives.
   * @param {RegExp} path @param {Answered | "lost"} answer
   */
  answerNext(path, answer) {
    this.instead.push({ path, answer });
  }

  /** @param {string} text @param {string} name */
  staffSays(text, name = "Theo") {
    this.#add(this.#last(), { id: `staff-${(this.#ids += 1)}`, from: "staff", name, text, at: this.#now() });
  }

  /** What the newest message of the shop's says becomes `text`, or nothing at all. @param {string | null} text */
  staffRevises(text) {
    const session = this.#last();
    const message = this.standing(session).findLast(({ from }) => from === "staff");
    if (!message) throw new Error("nobody of the shop has written yet");
    /** @type {Message} */
    const revised = text === null ? { ...message, text: "", deleted: true } : { ...message, text, edited: true };
    session.events.push({ place: placeOf(session, message.id), message: revised });
    this.#poke(session);
  }

  /** The messages of a session as they stand now. @param {Session} session @returns {Message[]} */
  standing({ events }) {
    return [...new Map(events.map(({ message }) => [message.id, message])).values()];
  }

  /** The database comes back from a copy that lacks the newest `lost` events. @param {number} lost */
  restore(lost) {
    this.#beginEpoch();
    for (const { events } of this.sessions) events.splice(events.length - lost, lost);
    this.#poke(this.#last());
  }

  /** The database comes back from a copy that is older than all sessions. */
  restoreFromBefore() {
    this.#beginEpoch();
    this.forgetSessions();
  }

  forgetSessions() {
    const forgotten = this.sessions;
    this.sessions = [];
    for (const { sockets } of forgotten) for (const socket of [...sockets]) socket.close();
  }

  /** @param {Asked} asked @returns {Promise<Answered | "lost">} */
  async handle(asked) {
    this.asked.push(asked);
    const index = this.instead.findIndex(({ path }) => path.test(asked.path));
    const [planned] = index < 0 ? [] : this.instead.splice(index, 1);
    if (planned && planned.answer !== "lost") return planned.answer;
    const right = await this.#answer(asked);
    return planned ? "lost" : right;
  }

  /** A WebSocket at /chat/v1/live. The answer takes its frames. @param {Line} line */
  connect(line) {
    /** @type {Session | undefined} */
    let session;
    return {
      /** @param {string} frame */
      frame: (frame) => {
        const { type, token } = JSON.parse(frame);
        session = this.sessions.find((known) => type === "hello" && known.token === token);
        if (!session) return line.close();
        session.sockets.add(line);
        line.send(JSON.stringify({ type: "ready" }));
      },
      closed: () => void session?.sockets.delete(line),
    };
  }

  /** @param {Asked} asked @returns {Promise<Answered>} */
  async #answer({ method, path, headers, body }) {
    const url = new URL(path, "http://fake");
    const route = `${method} ${url.pathname.replace("/chat/v1", "")}`;
    const sent = body ? JSON.parse(body) : {};
    if (route === "GET /shop") return this.#describe(url.searchParams.get("key"));
    if (route === "POST /sessions") return sent.key === KEY ? this.#begin(sent) : this.#describe(sent.key);
    const session = this.sessions.find(({ token }) => headers["authorization"] === `Bearer ${token}`);
    if (!session) return problem(401, "session-expired");
    if (route === "GET /events") return this.#events(session, url.searchParams);
    if (route === "POST /messages") return this.#post(session, sent);
    if (route === "POST /presence") {
      session.presence.push(sent.state);
      this.onPresence(sent.state);
      return { status: 204 };
    }
    return problem(404, "not-found");
  }

  /** @param {string | null} key @returns {Answered} */
  #describe(key) {
    if (key !== KEY) return problem(404, "unknown-shop-key");
    const { name, epoch, online, textChars } = this;
    return { status: 200, body: { name, epoch, online, limits: { text_chars: textChars } } };
  }

  /** @param {any} asked @returns {Answered} */
  #begin(asked) {
    const { session, token } = (this.takesBack && asked.again) || {};
    const known = this.sessions.find(({ id }) => id === session);
    const isHers = session !== undefined && (!known || known.token === token);
    const id = isHers ? session : `session-${(this.#ids += 1)}`;
    const began = { id, token: isHers ? token : `token-of-${id}`, asked };
    if (!isHers || !known) this.sessions.push({ ...began, events: [], presence: [], sockets: new Set() });
    return { status: 201, body: { session: id, token: began.token, epoch: this.epoch } };
  }

  /** @param {Session} session @param {URLSearchParams} query @returns {Promise<Answered>} */
  async #events(session, query) {
    const after = Number(query.get("after"));
    const wait_ms = Number(query.get("wait_ms"));
    if (this.waits && wait_ms > 0 && session.events.length <= after) await this.#news(wait_ms);
    const numbered = session.events.map(({ place, message }, index) => {
      return { n: index + 1, ...(this.saysPlaces ? { place } : {}), message };
    });
    const fresh = numbered.slice(after);
    const events = fresh.slice(0, PAGE_EVENTS);
    const next = events.at(-1)?.n ?? after;
    return { status: 200, body: { epoch: this.epoch, events, next, more: fresh.length > events.length } };
  }

  /** @param {Session} session @param {any} sent @returns {Answered} */
  #post(session, { id, text }) {
    const known = placeOf(session, id);
    if (known > 0) return { status: 200, body: { id, n: known } };
    if (this.received.some((message) => message.id === id)) return problem(422, "malformed");
    const length = [...text].length;
    if (length === 0 || length > this.textChars) {
      return problem(422, "text-invalid", { limit_chars: this.textChars });
    }
    this.#add(session, { id, from: "customer", text, at: this.#now() });
    return { status: 200, body: { id, n: session.events.length } };
  }

  /** @param {Session} session @param {Message} message */
  #add(session, message) {
    session.events.push({ place: session.events.length + 1, message });
    this.#poke(session);
  }

  #beginEpoch() {
    this.epoch = `${this.epoch}'`;
  }

  /** @param {Session} session */
  #poke(session) {
    for (const socket of session.sockets) socket.send(JSON.stringify({ type: "poke" }));
    for (const resume of this.#waiting) resume();
    this.#waiting.clear();
  }

  /** @param {number} wait_ms @returns {Promise<void>} */
  #news(wait_ms) {
    return new Promise((resume) => {
      this.#waiting.add(resume);
      this.#after(wait_ms, resume);
    });
  }

  #last() {
    const session = this.sessions.at(-1);
    if (!session) throw new Error("no customer has written yet");
    return session;
  }

  #now() {
    return (this.#clock_ms += 1_000);
  }
}

/** Where a message stands; 0 for nowhere. @param {Session} session @param {string} id */
function placeOf({ events }, id) {
  return events.find(({ message }) => message.id === id)?.place ?? 0;
}

/** @param {number} status @param {string} kind @param {object} [members] @returns {Answered} */
export function problem(status, kind, members = {}) {
  const body = {
    type: `https://shopbell.dev/problems/${kind}`,
    title: kind,
    status,
    detail: kind,
    ...members,
  };
  return { status, headers: { "content-type": "application/problem+json" }, body };
}
