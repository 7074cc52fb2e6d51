// Waiting longer after each failure, never in step with other visitors' browsers.
import type { Env } from "./env.ts";

export const RETRY_FIRST_MS = 1_000;
export const RETRY_LONGEST_MS = 60_000;
/** What a server may ask for by Retry-After; a larger number is taken for a mistake. */
export const RETRY_AFTER_LONGEST_MS = 3_600_000;

/** Between half and the whole of a delay that doubles with each attempt; `random` is in [0, 1). */
export function retryDelay(attempt: number, random: number): number {
  const whole_ms = Math.min(RETRY_LONGEST_MS, RETRY_FIRST_MS * 2 ** attempt);
  return whole_ms / 2 + (random * whole_ms) / 2;
}

export class Retry {
  #attempt = 0;
  #cancel: (() => void) | null = null;
  #notBefore_ms = 0;
  readonly #env: Env;
  readonly #run: () => void;

  constructor(env: Env, run: () => void) {
    this.#env = env;
    this.#run = run;
  }

  /** Whether the server's own delay is still running: nothing may be sent before its end. */
  get mustWait(): boolean {
    return this.#env.now() < this.#notBefore_ms;
  }

  /** Runs again later, and not before `asked_ms` when the server asked for that. */
  failed(asked_ms: number): void {
    const asked = Math.min(asked_ms, RETRY_AFTER_LONGEST_MS);
    const delay_ms = Math.max(asked, retryDelay(this.#attempt, this.#env.randomBytes(1)[0]! / 256));
    this.#attempt += 1;
    this.#notBefore_ms = this.#env.now() + asked;
    this.stop();
    this.#cancel = this.#env.after(delay_ms, () => {
      this.#cancel = null;
      this.#run();
    });
  }

  succeeded(): void {
    this.#attempt = 0;
    this.stop();
  }

  /** There is reason to hope (the network is back, somebody looks): runs now, unless the server said when. */
  hurry(): void {
    if (this.mustWait) return;
    this.succeeded();
    this.#run();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
  }
}
