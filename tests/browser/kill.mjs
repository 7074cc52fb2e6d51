// E2: `kill -9` of the server or of a staff process at random moments of E1, again and again.
//   node tests/browser/kill.mjs --rounds 20 [--seed 7]
// Each round Ana asks and Theo answers while something is killed. Afterwards: her question stands once with everybody,
// what Theo's process said it kept arrived exactly once, what it did not keep can be typed again, and every database
// is whole. The moments follow from the seed; what the machine does in them does not.
import assert from "node:assert/strict";
import { setTimeout as after } from "node:timers/promises";
import { ANA, Customer } from "./customer.mjs";
import { asked, checkDatabases, generator, playRounds } from "./rounds.mjs";
import { MINA, Shop, THEO } from "./shop.mjs";
import { Staff } from "./staff.mjs";

/** The longest that a kill waits, in ms: a round's whole work takes about as long. */
const LATEST_KILL_MS = 900;
/** The same for a staff process, which is done after some 20 ms. */
const LATEST_STAFF_KILL_MS = 30;

const task = asked("kill");
const random = generator(task.seed);
const shop = await Shop.open();
const mina = await Staff.signIn(shop, MINA);
const theo = await Staff.signIn(shop, THEO);
const ana = await Customer.arrive(shop.profile("browser"), shop.address);
const kills = { server: 0, staff: 0 };
try {
  await ana.writes("Hello from Ana (0)");
  await ana.sent("Hello from Ana (0)");
  const { id } = await theo.row(ANA);
  await playRounds(task, shop, (round) => playRound(round, id));
  await shop.stop();
  checkDatabases([shop.data, theo.folder, mina.folder]);
} finally {
  await ana.closeBrowser();
  await shop.close();
}
console.log(`kill: ${kills.server} kills of the server, ${kills.staff} of a staff process; nothing lost, nothing twice`);
console.log(`kill: ${task.rounds} passed, 0 failed`);
process.exit(0);

async function playRound(round, id) {
  const question = `Question from Ana (${round})`;
  const answer = `Answer from Theo (${round})`;
  const victim = ["server", "staff", "both"][random(3)];

  // Everything at once: she writes, he answers, something dies.
  const sending = theo.run(["send", id, answer], victim === "server" ? {} : { killAfterMs: random(LATEST_STAFF_KILL_MS) });
  await ana.writes(question);
  if (victim !== "staff") {
    await after(random(LATEST_KILL_MS));
    await shop.kill();
    kills.server += 1;
    if (random(2)) await ana.reload().catch(() => {}); // the page cannot be had while the server is down
    await shop.serve();
    if (!(await pageIsUp())) await ana.visit("/shop/");
  }
  const sent = await sending;
  if (sent.signal === "SIGKILL") kills.staff += 1;
  else assert.ok(sent.code === 0, `send: ${sent.errors}`);
  checkDatabases([shop.data, theo.folder, mina.folder]);

  // What the process said it kept is kept; what it did not keep, he types again.
  const kept = (await theo.does("show", id, "--offline")).rows.some((row) => row.text === answer);
  if (sent.code === 0) assert.ok(kept, "a reply that was said to be kept is gone");
  if (!kept) await theo.does("send", id, answer);
  assert.equal((await theo.does("sync")).waiting, 0);

  await ana.sent(question);
  await ana.sees(answer);
  await ana.reload();
  await ana.sees(answer);
  for (const text of [question, answer]) {
    assert.equal(await ana.count(text), 1, `${text}: not once in the browser`);
    for (const staff of [theo, mina]) {
      const { rows } = await staff.does("show", id);
      assert.equal(rows.filter((row) => row.text === text).length, 1, `${text}: not once with staff`);
    }
  }
  const [own] = (await theo.does("show", id)).rows.filter((row) => row.text === answer);
  assert.equal(own.state, "sent");
}

async function pageIsUp() {
  return ana.page.locator("shopbell-chat").count().then((count) => count > 0, () => false);
}
