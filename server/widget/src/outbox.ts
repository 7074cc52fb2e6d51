// Sends what the customer wrote: one at a time, in order, under the same id until the server has answered.
// The session begins with the first message. A message that the server refuses steps aside and holds nothing
// up.
import type { Api, Failure } from "./api.ts";
import { messagePosted, sessionBegan, sessionEnded, type Session, type Unsent } from "./conversation.ts";
import type { Env } from "./env.ts";
import { Retry } from "./retry.ts";
import type { Store } from "./store.ts";

/** What a session begins with, besides the page. */
export interface Visitor {
  key: string;
  name?: string;
  language?: string;
}

export class Outbox {
  /** A session has begun: answers can be waited for. */
  onSession: () => void = () => {};
  #isRunning = false;
  #isStopped = true;
  #expired = 0;
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

  async #run(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    let failure: Failure | null = null;
    while (!failure && !this.#isStopped) {
      const message = this.#store.unsent.find(({ refused }) => !refused);
      if (!message) break;
      const session = this.#store.conversation.session;
      failure = session ? await this.#post(session, message) : await this.#begin();
    }
    this.#isRunning = false;
    if (failure && !this.#isStopped) this.#retry.failed(failure.wait_ms);
  }

  async #begin(): Promise<Failure | null> {
    const answer = await this.#api.beginSession(this.#visitor);
    if (!answer.ok) return answer;
    this.#store.change((was) => (was.session ? was : sessionBegan(was, answer.value)));
    this.onSession();
    return null;
  }

  async #post(session: Session, message: Unsent): Promise<Failure | null> {
    const answer = await this.#api.post(session.token, message.id, message.text);
    if (answer.ok) {
      this.#expired = 0;
      this.#retry.succeeded();
      this.#store.change((was) =>
        was.session?.token === session.token ? messagePosted(was, message, answer.value.n) : was,
      );
      return null;
    }
    if (answer.kind === "expired") {
      this.#store.change((was) => sessionEnded(was, session.token));
      // A new session at once; a server that does not know that one either is asked less and less often.
      this.#expired += 1;
      return this.#expired > 1 ? answer : null;
    }
    if (answer.kind === "refused") {
      const isLength = answer.problem === "text-invalid" || answer.problem === "too-large";
      this.#store.putUnsent({ ...message, refused: isLength ? "too-long" : "other" });
      return null;
    }
    return answer;
  }
}
