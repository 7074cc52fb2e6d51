// Which of this browser's tabs sends and listens. The tab being looked at takes over, since a tab in the
// background may be asleep and would hold on for ever. Two leaders for a moment do no harm: the server knows
// each message by its id, and the store merges by id.
import type { Env, KeyValues, Locks } from "./env.ts";

export interface Leadership {
  /** This tab is being looked at. */
  claim(): void;
  /** This page is going away. */
  resign(): void;
  /** Another tab changed the value of `key` in the storage. */
  stored(key: string | null): void;
}

/** `onChange` hears only changes; every tab starts as a follower. */
export function contend(env: Env, name: string, onChange: (isLeading: boolean) => void): Leadership {
  if (env.locks) return new ByLock(env.locks, name, onChange);
  return new ByStorage(env, name, onChange);
}

class ByLock implements Leadership {
  #isLeading = false;
  /** Ends what holds the lock or waits for it. */
  #end: () => void = () => {};
  readonly #locks: Locks;
  readonly #name: string;
  readonly #onChange: (isLeading: boolean) => void;

  constructor(locks: Locks, name: string, onChange: (isLeading: boolean) => void) {
    this.#locks = locks;
    this.#name = name;
    this.#onChange = onChange;
  }

  claim(): void {
    if (!this.#isLeading) this.#request(true);
  }

  resign(): void {
    this.#end();
    this.#end = () => {};
    this.#lead(false);
  }

  stored(): void {}

  #request(steal: boolean): void {
    this.#end();
    const waiting = new AbortController();
    let release = () => {};
    let isEnded = false;
    let wasHeld = false;
    this.#end = () => {
      isEnded = true;
      waiting.abort();
      release();
    };
    // The specification does not allow a signal beside `steal`, which never waits.
    const options = steal ? { steal } : { signal: waiting.signal };
    const held = this.#locks.request(this.#name, options, () => {
      if (isEnded) return Promise.resolve();
      wasHeld = true;
      this.#lead(true);
      return new Promise<void>((end) => (release = end));
    });
    held.then(
      () => {},
      () => {
        if (isEnded) return;
        // Blocked together with the storage: then no other tab shares the conversation.
        if (!wasHeld) return this.#lead(true);
        // Another tab took it: queue behind that one.
        this.#lead(false);
        this.#request(false);
      },
    );
  }

  #lead(isLeading: boolean): void {
    if (this.#isLeading === isLeading) return;
    this.#isLeading = isLeading;
    this.#onChange(isLeading);
  }
}

/** Without locks, the tab named in the storage leads. When it goes it takes its name away. */
class ByStorage implements Leadership {
  #isLeading = false;
  readonly #own: string;
  readonly #env: Env;
  readonly #key: string;
  readonly #onChange: (isLeading: boolean) => void;

  constructor(env: Env, name: string, onChange: (isLeading: boolean) => void) {
    this.#env = env;
    this.#key = `${name}leader`;
    this.#own = [...env.randomBytes(8)].join(".");
    this.#onChange = onChange;
  }

  claim(): void {
    this.#access((storage) => storage.setItem(this.#key, this.#own));
    this.#lead(true);
  }

  resign(): void {
    this.#access((storage) => {
      if (storage.getItem(this.#key) === this.#own) storage.removeItem(this.#key);
    });
    this.#lead(false);
  }

  stored(key: string | null): void {
    if (key !== this.#key) return;
    const leader = this.#access((storage) => storage.getItem(this.#key));
    if (leader) this.#lead(leader === this.#own);
    else if (this.#env.isVisible()) this.claim();
  }

  #access(use: (storage: KeyValues) => string | null | void): string | null {
    try {
      return (this.#env.storage && use(this.#env.storage)) || null;
    } catch {
      return null;
    }
  }

  #lead(isLeading: boolean): void {
    if (this.#isLeading === isLeading) return;
    this.#isLeading = isLeading;
    this.#onChange(isLeading);
  }
}
