// The providers of the recording channels (tests/src/bin/recording_server.rs): they live on when the server is killed.
import { createServer } from "node:net";
import { setTimeout as after } from "node:timers/promises";
import { lines, next } from "./lines.mjs";

/** What a provider does with a delivery. */
export const TAKE = "take";
/** It has the message, and the answer is lost. */
export const TAKE_SILENTLY = "take silently";
/** It does not have the message, and the answer is lost as well. */
export const DROP = "drop";

/** Both providers. `arrived` is what customers see, `calls` every delivery that was asked for. */
export class Providers {
  static async open() {
    const providers = new Providers();
    providers.arrived = [];
    providers.calls = [];
    providers.next = () => ({ act: TAKE, beforeMs: 0, afterMs: 0 });
    providers.server = createServer((socket) => {
      socket.on("error", () => {}); // the server was killed
      void providers.answer(socket);
    });
    await new Promise((resolve) => providers.server.listen(0, "127.0.0.1", resolve));
    providers.address = `127.0.0.1:${providers.server.address().port}`;
    return providers;
  }

  async answer(socket) {
    const line = await next(lines(socket), () => true);
    if (line === undefined) return;
    const call = JSON.parse(line);
    this.calls.push(call);
    const { act, beforeMs, afterMs } = this.next(call);
    await after(beforeMs);
    if (act !== DROP) this.take(call);
    await after(afterMs);
    if (act !== TAKE) return void socket.destroy();
    call.answered = true; // or the server is gone, and then nobody knows
    socket.end("taken\n");
  }

  take(call) {
    const isKnown = this.arrived.some(({ message }) => message === call.message);
    if (!(call.kind === "dedupes" && isKnown)) this.arrived.push(call);
  }

  close() {
    this.server.close();
  }
}
