// A shop on the real server: its own data folder, Mina who owns it, Theo who answers, Lea who may not see customers.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lines, next } from "./lines.mjs";

export const SHOPBELL = join(import.meta.dirname, "../../target/debug/shopbell");
export const PASSWORD = "a-long-enough-password";
export const THEO = "theo@juniper.example";
export const MINA = "mina@juniper.example";
export const LEA = "lea@juniper.example";

/** A shop that is set up and serves; `program` may be a server with further channels. */
export class Shop {
  static async open({ program = [SHOPBELL, "serve"] } = {}) {
    const shop = new Shop();
    shop.folder = mkdtempSync(join(tmpdir(), "shopbell-"));
    shop.program = program;
    const added = shop.admin("shop", "add", "--name", "Juniper & Clay", "--origin", "http://juniper.example");
    shop.key = /pk_[a-z0-9]+/.exec(added)[0];
    shop.admin("staff", "add", "--name", "Mina", "--email", MINA, "--owner");
    shop.admin("staff", "add", "--name", "Theo", "--email", THEO, "--permission", "chat", "--permission", "customers");
    shop.admin("staff", "add", "--name", "Lea", "--email", LEA, "--permission", "chat");
    await shop.serve();
    return shop;
  }

  get data() {
    return join(this.folder, "server");
  }

  admin(...words) {
    return execFileSync(SHOPBELL, ["admin", "--data", this.data, ...words], { input: PASSWORD, encoding: "utf8" });
  }

  /** Starts the server, on the port that it had before; the demo shop's pages are on. */
  async serve() {
    const [command, ...words] = this.program;
    const listen = this.address ? this.address.replace("http://", "") : "127.0.0.1:0";
    this.process = spawn(command, [...words, "--data", this.data, "--listen", listen, "--demo-shop", this.key], {
      stdio: ["pipe", "pipe", "pipe"],
      env: { ...process.env, SHOPBELL_LOG: "warn" },
    });
    this.errors = "";
    this.process.stderr.on("data", (chunk) => (this.errors += chunk));
    this.process.stdin.on("error", () => {}); // it was killed
    this.lines = lines(this.process.stdout);
    const said = await next(this.lines, (line) => line.includes("http://"));
    assert.ok(said, `the server did not start: ${this.errors}`);
    this.address = /http:\/\/\S+/.exec(said)[0];
  }

  /** `kill -9`, and waits until it is gone. */
  async kill() {
    const gone = new Promise((resolve) => this.process.once("exit", resolve));
    this.process.kill("SIGKILL");
    await gone;
  }

  /** Asks it to stop; it finishes what it accepted. Answers its exit code. */
  async stop() {
    const gone = new Promise((resolve) => this.process.once("exit", resolve));
    this.process.kill("SIGTERM");
    return gone;
  }

  profile(name) {
    const folder = join(this.folder, name);
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  async close() {
    if (this.process.exitCode === null && this.process.signalCode === null) await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
