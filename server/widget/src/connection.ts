// Hears what is new. A WebSocket only says "look"; what is new comes by GET, after the last `n` seen. Where
// no WebSocket can be had, a long poll takes its place, and the WebSocket is tried again now and then.
import type { Answer, Api } from "./api.ts";
import { eventsCame, serverRestored, sessionEnded, type EventPage, type Session } from "./conversation.ts";
import type { Env, Socket } from "./env.ts";
import { toJson } from "./json.ts";
import { Retry } from "./retry.ts";
import type { Store } from "./store.ts";

/** Sockets that close before they are ready, until a long poll is used instead. */
export const SOCKET_FAILURES_LIMIT = 2;
/** Long polls until a socket is tried again: about five minutes. */
export const POLLS_BEFORE_SOCKET = 12;
export const POLL_WAIT_MS = 25_000;
/** Between long polls that brought nothing, should the server not wait. */
export const POLL_PAUSE_MS = 1_000;
/** A socket can die without a sign: looked behind it this often. */
export const CHECK_EVERY_MS = 60_000;
const SOCKET_READY_TIMEOUT_MS = 10_000;
/** Guards against a server that always says "more". */
const PAGES_LIMIT = 100;

export class Connection {
  /** The server does not know the session any more. */
  onLost: () => void = () => {};
  /** The server was restored and is to be told the customer's messages again. */
  onRestored: () => void = () => {};
  /** One from `start` to `stop`; what was begun under another has no say any more. */
  #run: object | null = null;
  #isFetching = false;
  #fetchAgain = false;
  #socket: Socket | null = null;
  #socketFailures = 0;
  #isPolling = false;
  #cancelCheck: () => void = () => {};
  readonly #retry: Retry;
  readonly #env: Env;
  readonly #store: Store;
  readonly #api: Api;

  constructor(env: Env, store: Store, api: Api) {
    this.#env = env;
    this.#store = store;
    this.#api = api;
    this.#retry = new Retry(env, () => this.#listen());
  }

  /** Without a session there is nothing to hear: to be called again once it has begun. */
  start(): void {
    if (this.#run || !this.#store.conversation.session) return;
    this.#run = {};
    this.#isPolling = false;
    void this.#fetch();
    this.#checkLater();
    this.#listen();
  }

  stop(): void {
    this.#run = null;
    this.#retry.stop();
    this.#cancelCheck();
    this.#closeSocket();
  }

  /** Somebody looks: what is new is read now, and a broken connection made anew. */
  hurry(): void {
    if (!this.#run || this.#retry.mustWait) return;
    void this.#fetch();
    if (!this.#socket && !this.#isPolling) this.#retry.hurry();
  }

  /** The network changed: a socket over the old one would stay silent for ever. */
  reconnect(): void {
    this.#closeSocket();
    this.hurry();
  }

  #listen(): void {
    if (!this.#run || this.#socket || this.#isPolling) return;
    if (this.#socketFailures < SOCKET_FAILURES_LIMIT) this.#openSocket();
    else void this.#poll(this.#run);
  }

  #openSocket(): void {
    const token = this.#store.conversation.session?.token;
    const socket = token ? this.#api.socket() : null;
    if (!socket) {
      this.#socketFailures += 1;
      return this.#retry.failed(0);
    }
    this.#socket = socket;
    let isReady = false;
    const giveUp = this.#env.after(SOCKET_READY_TIMEOUT_MS, () => socket.close());
    socket.onopen = () => socket.send(toJson({ type: "hello", token }));
    socket.onmessage = () => {
      giveUp();
      isReady = true;
      this.#socketFailures = 0;
      this.#retry.succeeded();
      void this.#fetch();
    };
    socket.onclose = () => {
      giveUp();
      if (this.#socket !== socket) return;
      this.#socket = null;
      if (!isReady) this.#socketFailures += 1;
      void this.#fetch();
      this.#retry.failed(0);
    };
  }

  #closeSocket(): void {
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  async #poll(run: object): Promise<void> {
    this.#isPolling = true;
    for (let polls = 0; polls < POLLS_BEFORE_SOCKET; polls += 1) {
      const session = this.#store.conversation.session;
      if (!session) return;
      const answer = await this.#api.events(session.token, this.#store.conversation.next, POLL_WAIT_MS);
      if (this.#run !== run) return;
      const goesOn = this.#take(session, answer);
      if (this.#run !== run) return;
      if (!goesOn) {
        this.#isPolling = false;
        // Nothing answers at all: that says nothing against sockets.
        this.#socketFailures = 0;
        return this.#retry.failed(answer.ok ? 0 : answer.wait_ms);
      }
      this.#retry.succeeded();
      if (answer.ok && answer.value.events.length === 0) await this.#pause();
      if (this.#run !== run) return;
    }
    this.#isPolling = false;
    this.#socketFailures = 0;
    this.#listen();
  }

  #pause(): Promise<void> {
    return new Promise((resume) => void this.#env.after(POLL_PAUSE_MS, resume));
  }

  #checkLater(): void {
    this.#cancelCheck = this.#env.after(CHECK_EVERY_MS, () => {
      if (this.#env.isVisible() && !this.#isPolling) this.hurry();
      this.#checkLater();
    });
  }

  /** Reads to the end of what is new. Asked while it reads, it reads once more. */
  async #fetch(): Promise<void> {
    this.#fetchAgain = true;
    if (this.#isFetching) return;
    this.#isFetching = true;
    for (let page = 0; this.#fetchAgain && this.#run && page < PAGES_LIMIT; page += 1) {
      const session = this.#store.conversation.session;
      if (!session) break;
      this.#fetchAgain = false;
      const answer = await this.#api.events(session.token, this.#store.conversation.next, 0);
      if (!this.#take(session, answer)) break;
      if (answer.ok && answer.value.more) this.#fetchAgain = true;
    }
    this.#isFetching = false;
  }

  /** Whether it makes sense to go on asking. An answer to another session's question is dropped. */
  #take(asked: Session, answer: Answer<EventPage>): boolean {
    const session = this.#store.conversation.session;
    if (session?.token !== asked.token) return true;
    if (!answer.ok) {
      if (answer.kind === "expired") this.#lose(session);
      return false;
    }
    const page = answer.value;
    if (page.epoch !== session.epoch) this.#restart({ ...session, epoch: page.epoch });
    else if (page.events.length > 0) this.#store.change((was) => eventsCame(was, page));
    return true;
  }

  #lose(session: Session): void {
    this.stop();
    this.#store.change((was) => sessionEnded(was, session.token));
    this.onLost();
  }

  #restart(session: Session): void {
    this.#store.change((was) => serverRestored(was, session));
    void this.#fetch();
    this.onRestored();
  }
}
