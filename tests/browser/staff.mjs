// A person of the staff at a terminal: `shopbell inbox` as processes of their own, over a profile folder.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { lines, next } from "./lines.mjs";
import { PASSWORD, SHOPBELL } from "./shop.mjs";

/** One person with one profile. */
export class Staff {
  static async signIn(shop, email, address = shop.address, password = PASSWORD) {
    const staff = new Staff();
    staff.folder = shop.profile(email);
    const done = await staff.run(["login", "--server", address, "--email", email], { input: password });
    assert.equal(done.code, 0, done.errors);
    return staff;
  }

  /** Runs one command to its end: `{code, signal, said, errors}`; `said` is its JSON. */
  async run(words, { input = "", killAfterMs } = {}) {
    const child = spawn(SHOPBELL, ["inbox", "--profile", this.folder, "--json", ...words]);
    let timer;
    if (killAfterMs !== undefined) timer = setTimeout(() => child.kill("SIGKILL"), killAfterMs);
    let said = "";
    let errors = "";
    child.stdout.on("data", (chunk) => (said += chunk));
    child.stderr.on("data", (chunk) => (errors += chunk));
    child.stdin.on("error", () => {}); // it ended without reading
    child.stdin.end(input);
    const [code, signal] = await new Promise((resolve) => child.once("close", (...ended) => resolve(ended)));
    clearTimeout(timer);
    return { code, signal, said: said.trim() ? JSON.parse(said) : undefined, errors };
  }

  /** Runs one command that must succeed, and answers its JSON. */
  async does(...words) {
    const done = await this.run(words);
    assert.equal(done.code, 0, `${words.join(" ")}: ${done.errors}`);
    return done.said;
  }

  /** The conversation with `name`, as the list shows it. */
  async row(name, ...flags) {
    return (await this.does("list", ...flags)).find((row) => row.name === name);
  }

  /** Starts `watch`, which shows what comes and takes what is typed. */
  async watch() {
    const watch = new Watch();
    watch.process = spawn(SHOPBELL, ["inbox", "--profile", this.folder, "--json", "watch"], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    watch.process.stdin.on("error", () => {});
    watch.lines = lines(watch.process.stdout);
    return watch;
  }
}

/** A running `watch`. */
class Watch {
  type(line) {
    this.process.stdin.write(`${line}\n`);
  }

  /** The next event that is `wanted`, of those from now on or already said. */
  async event(wanted) {
    const line = await next(this.lines, (text) => wanted(JSON.parse(text)));
    assert.ok(line, "the watch ended without what was waited for");
    return JSON.parse(line);
  }

  /** Waits until a message with this text, in this state if one is given, was shown. */
  message(text, state) {
    return this.event(
      ({ event, message }) =>
        event === "message" && message.text === text && (state === undefined || message.state === state),
    );
  }

  online(online) {
    return this.event((said) => said.event === "status" && said.online === online);
  }

  async kill() {
    const gone = new Promise((resolve) => this.process.once("close", resolve));
    this.process.kill("SIGKILL");
    await gone;
  }

  async quit() {
    const gone = new Promise((resolve) => this.process.once("close", resolve));
    this.type("/quit");
    return gone;
  }
}
