// E2 with the recording channels: `kill -9` of the server while providers take messages and lose answers.
//   node tests/browser/kill-channels.mjs --rounds 20 [--seed 7]
// Each round a customer of each channel writes and Theo answers twice while the server is killed. Afterwards: what the
// customer wrote stands once; what arrived, arrived once and in order; a provider that dedupes has all of it; of the
// other's, what is called sent has arrived, and what nobody can know "may not have arrived" and is never tried again.
import assert from "node:assert/strict";
import { join } from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { next } from "./lines.mjs";
import { DROP, Providers, TAKE, TAKE_SILENTLY } from "./providers.mjs";
import { asked, checkDatabases, generator, playRounds } from "./rounds.mjs";
import { Shop, THEO } from "./shop.mjs";
import { Staff } from "./staff.mjs";

const SERVER = join(import.meta.dirname, "../../target/debug/recording-server");
/** The customers, by the kind of their channel. */
const CUSTOMERS = { dedupes: "Ben", forgets: "Cleo" };
/** The longest that a kill waits, in ms: most of a round's deliveries are done by then. */
const LATEST_KILL_MS = 250;
/** The longest that a provider takes before it has a message, and again before it answers, in ms. */
const LATEST_STEP_MS = 40;
/** How long until the state of a reply is looked at again, in ms. */
const LOOK_AGAIN_MS = 100;

const task = asked("kill-channels");
const random = generator(task.seed);
const providers = await Providers.open();
const shop = await Shop.open({ program: [SERVER, "--provider", providers.address] });
const theo = await Staff.signIn(shop, THEO);
const counts = { kills: 0, sent: 0, unknown: 0, asked: 0 };
try {
  const conversations = {};
  for (const [kind, name] of Object.entries(CUSTOMERS)) {
    await write(kind, `hello ${kind}`);
    conversations[kind] = (await theo.row(name)).id;
  }
  await playRounds(task, shop, (round) => playRound(round, conversations));
  assert.equal(await shop.stop(), 0, "the server stops cleanly");
  checkDatabases([shop.data, theo.folder]);
} finally {
  providers.close();
  await shop.close();
}
counts.asked = providers.calls.length;
console.log(
  `kill-channels: ${counts.kills} kills; of ${counts.sent + counts.unknown} replies ${counts.sent} were sent and ` +
    `${counts.unknown} may not have arrived; the providers were asked ${counts.asked} times; none arrived twice`,
);
console.log(`kill-channels: ${task.rounds} passed, 0 failed`);
process.exit(0);

async function playRound(round, conversations) {
  const acts = { dedupes: plan(), forgets: plan() };
  providers.next = ({ kind }) => acts[kind].shift() ?? { act: TAKE, beforeMs: 0, afterMs: 0 };
  const replies = {};
  for (const [kind, id] of Object.entries(conversations)) {
    replies[kind] = [`First of Theo (${round}, ${kind})`, `Second of Theo (${round}, ${kind})`];
    for (const text of replies[kind]) await theo.does("send", id, text, "--offline");
  }

  // Everything at once: customers write, replies go out, the server dies, once or twice.
  const questions = Object.keys(conversations).map((kind) => write(kind, `Question (${round}, ${kind})`));
  const syncing = theo.run(["sync"]);
  for (let kills = 1 + random(2); kills > 0; kills -= 1) {
    await after(random(LATEST_KILL_MS));
    await shop.kill();
    counts.kills += 1;
    await shop.serve();
  }
  await syncing;
  await Promise.all(questions);
  assert.equal((await theo.does("sync")).waiting, 0);

  for (const [kind, id] of Object.entries(conversations)) {
    const rows = await settled(id, replies[kind]);
    const texts = rows.map((row) => row.text);
    assert.equal(texts.filter((text) => text === `Question (${round}, ${kind})`).length, 1, "the question stands once");
    const arrived = providers.arrived.filter((call) => call.text.includes(`(${round}, ${kind})`)).map((call) => call.text);
    const inOrder = replies[kind].filter((text) => arrived.includes(text));
    assert.deepEqual(arrived, inOrder, `${kind}: in order, none twice`);
    for (const text of replies[kind]) {
      const { state } = rows.find((row) => row.text === text);
      counts[state] += 1;
      if (state === "sent") assert.ok(arrived.includes(text), `${text}: called sent, and it did not arrive`);
      if (kind === "dedupes") assert.equal(state, "sent", `${text}: can be asked for again`);
      else assertAskedOnce(text, state);
    }
  }
}

/** A provider that does not dedupe is asked once; when its answer was lost, nobody says that the message was sent. */
function assertAskedOnce(text, state) {
  const calls = providers.calls.filter((call) => call.text === text);
  assert.ok(calls.length <= 1, "a provider that does not dedupe is asked once");
  if (calls.some(({ answered }) => !answered)) assert.equal(state, "unknown", `${text}: its answer was lost`);
}

/** What a provider does in a round: its first deliveries are slow, and some lose their answers. */
function plan() {
  const act = () => [TAKE, TAKE, TAKE_SILENTLY, DROP][random(4)];
  return Array.from({ length: 2 }, () => ({
    act: act(),
    beforeMs: random(LATEST_STEP_MS),
    afterMs: random(LATEST_STEP_MS),
  }));
}

/** The conversation's rows once none of these replies is under way any more. */
async function settled(id, texts) {
  for (;;) {
    await theo.does("sync");
    const { rows } = await theo.does("show", id);
    const own = rows.filter((row) => texts.includes(row.text));
    assert.equal(own.length, texts.length, "a reply is gone or stands twice");
    if (own.every(({ state }) => state === "sent" || state === "unknown")) return rows;
    await after(LOOK_AGAIN_MS);
  }
}

/** A customer writes; as a webhook does, it is tried again until the server says that it has it. */
async function write(kind, text) {
  const line = JSON.stringify({ kind, event: text, customer: CUSTOMERS[kind], text });
  for (;;) {
    const { lines, process } = shop;
    process.stdin.write(`${line}\n`);
    const said = await next(lines, (answer) => answer.startsWith("{") && JSON.parse(answer).received === text);
    if (said) return;
    await after(LOOK_AGAIN_MS);
  }
}
