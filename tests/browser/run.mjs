// The README's first command, as a machine runs it: the demo starts, a customer writes, a person answers from a
// terminal, the answer is in the browser, and the demo stops when it is told to.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Customer } from "./customer.mjs";
import { lines, next } from "./lines.mjs";
import { Staff } from "./staff.mjs";

const root = join(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "shopbell-run-"));
const demo = spawn(join(root, "scripts/run"), ["--headless", "--listen", "127.0.0.1:0", "--data", join(folder, "demo")], {
  stdio: ["ignore", "pipe", "inherit"],
});
const gone = new Promise((resolve) => demo.once("exit", (code, signal) => resolve({ code, signal })));
try {
  const line = await next(lines(demo.stdout), (text) => text.startsWith("{"));
  assert.ok(line, "scripts/run --headless ended without saying where the shop is");
  const said = JSON.parse(line);
  const shop = { address: said.server, profile: (name) => join(folder, name) };

  const theo = await Staff.signIn(shop, said.staff.find(({ name }) => name === "Theo").email, said.server, said.password);
  const all = [...(await theo.does("list")), ...(await theo.does("list", "--filter", "closed"))];
  assert.equal(all.length, 40, "the demo has forty conversations");

  const ana = await Customer.arrive(join(folder, "browser"), said.server);
  await ana.writes("Can I order by phone?");
  await ana.sent("Can I order by phone?");
  const [row] = await theo.does("list");
  assert.equal(row.preview, "Can I order by phone?");
  assert.equal((await theo.does("send", row.short, "You can!")).state, "done");
  await ana.sees("You can!");
  await ana.closeBrowser();

  demo.kill("SIGTERM");
  assert.deepEqual(await gone, { code: 0, signal: null }, "the demo stops cleanly");
} finally {
  demo.kill("SIGKILL");
  await gone;
  rmSync(folder, { recursive: true, force: true });
}
console.log("run: 1 passed, 0 failed");
process.exit(0);
