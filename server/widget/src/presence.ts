// Tells the shop that the customer's page is being looked at, and when it is left. Best effort: nothing waits
// for it and nothing is said when it fails.
import type { Api } from "./api.ts";
import type { Env } from "./env.ts";
import type { Store } from "./store.ts";

export const HERE_EVERY_MS = 15_000;

export class Presence {
  #cancel: (() => void) | null = null;
  readonly #env: Env;
  readonly #store: Store;
  readonly #api: Api;

  constructor(env: Env, store: Store, api: Api) {
    this.#env = env;
    this.#store = store;
    this.#api = api;
  }

  /** Looks again whether there is a session and somebody who looks at the page. */
  update(): void {
    const isHere = this.#env.isVisible() && this.#store.conversation.session !== null;
    if (isHere && !this.#cancel) this.#beat();
    if (!isHere) this.#stop();
  }

  /** The page goes away. A page out of sight says nothing: another one may be in sight. */
  leave(): void {
    if (this.#cancel) this.#report("left");
    this.#stop();
  }

  #beat(): void {
    this.#report("here");
    this.#cancel = this.#env.after(HERE_EVERY_MS, () => {
      this.#cancel = null;
      this.update();
    });
  }

  #report(state: "here" | "left"): void {
    const session = this.#store.conversation.session;
    if (session) this.#api.presence(session.token, state);
  }

  #stop(): void {
    this.#cancel?.();
    this.#cancel = null;
  }
}
