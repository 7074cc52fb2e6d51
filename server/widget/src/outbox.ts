// Sends what the customer wrote: one at a time, in order, under the same id until the server has answered.
// The session begins with the first message. A message that the server refuses steps aside and holds nothing
// up. A restored server is told one's own messages again, before anything new.
import type { Api, Failure } from "./api.ts";
import {
  messagePosted,
  nextToResend,
  resendDropped,
  sessionBegan,
  sessionEnded,
  type Session,
  type Unsent,
} from "./conversation.ts";
import type { Env } from "./env.ts";
import { Retry } from "./retry.ts";
import type { Store } from "./store.ts";

/** What a session begins with, besides the page. */
export interface Visitor {
  key: string;
  name?: string;
  language?: string;
}

/** The server does not know the session that it has just given. */
const LOST_AGAIN: Failure = { ok: false, kind: "later", problem: "", wait_ms: 0 };

export class Outbox {
  /** A session has begun: answers can be waited for. */
  onSession: () => void = () => {};
  /** The server does not know the session: nothing more will be heard under it. */
  onLost: () => void = () => {};
  #isRunning = false;
  #isStopped = true;
  /** Sessions that ended since the server last took a message. */
  #losses = 0;
  readonly #retry: Retry;
  readonly #store: Store;
  readonly #api: Api;
  readonly #visitor: Visitor;

  constructor(env: Env, store: Store, api: Api, visitor: Visitor) {
    this.#retry = new Retry(env, () => void this.#run());
    this.#store = store;
    this.#api = api;
    this.#visitor = visitor;
  }

  start(): void {
    this.#isStopped = false;
    this.hurry();
  }

  /** Lets go. A request under way is left to end: its answer is as true for the tab that goes on. */
  stop(): void {
    this.#isStopped = true;
    this.#retry.stop();
  }

  hurry(): void {
    if (!this.#isStopped) this.#retry.hurry();
  }

  /** The session ended. It is asked for again, at once the first time, then less and less often. */
  lost(): void {
    this.#losses += 1;
    if (this.#losses === 1) this.hurry();
    else if (!this.#isStopped) this.#retry.failed(0);
  }

  async #run(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    let failure: Failure | null = null;
    let hasBegun = false;
    while (!failure && !this.#isStopped) {
      const { conversation, unsent } = this.#store;
      const { session, lost } = conversation;
      const message = nextToResend(conversation) ?? unsent.find(({ refused }) => !refused);
      if (session && message) failure = await this.#post(session, message);
      else if (!lost && !message) break;
      else if (hasBegun) failure = LOST_AGAIN;
      else failure = await this.#begin(lost);
      hasBegun ||= !session;
    }
    this.#isRunning = false;
    if (failure && !this.#isStopped) this.#retry.failed(failure.wait_ms);
  }

  async #begin(lost: Session | null): Promise<Failure | null> {
    const answer = await this.#api.beginSession(this.#visitor, lost);
    if (!answer.ok) return answer;
    this.#store.change((was) => sessionBegan(was, answer.value));
    this.onSession();
    return null;
  }

  async #post(session: Session, message: Unsent): Promise<Failure | null> {
    const answer = await this.#api.post(session.token, message.id, message.text);
    if (answer.ok) {
      this.#losses = 0;
      this.#retry.succeeded();
      this.#store.change((was) =>
        was.session?.token === session.token ? messagePosted(was, message, answer.value.n) : was,
      );
      return null;
    }
    if (answer.kind === "expired") {
      // Somebody heard of it before.
      if (this.#store.conversation.session?.token !== session.token) return null;
      this.#store.change((was) => sessionEnded(was, session.token));
      this.onLost();
      this.#losses += 1;
      return this.#losses > 1 ? answer : null;
    }
    if (answer.kind === "refused") {
      if (this.#store.conversation.resend.includes(message.id)) {
        // It was taken once; what the server knows it as now, it does not say.
        this.#store.change((was) => resendDropped(was, message.id));
        return null;
      }
      const isLength = answer.problem === "text-invalid" || answer.problem === "too-large";
      this.#store.putUnsent({ ...message, refused: isLength ? "too-long" : "other" });
      return null;
    }
    return answer;
  }
}
